"""Own accounts and competitors: adding, changing, removing. Every rule is `tracking`'s."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from benchmark import ingest, tracking
from benchmark.api.authentication import key_of
from benchmark.api.errors import ErrorSerializer
from benchmark.api.rows import OfWorkspace
from benchmark.api.serializers import (
    BulkSerializer,
    ChangedTrackedProfileSerializer,
    LineResultSerializer,
    NewTrackedProfileSerializer,
    TrackedProfileSerializer,
)
from benchmark.models import Role, TrackedProfile

REFUSALS = dict.fromkeys((400, 404, 409, 422, 503), ErrorSerializer)


class TrackedProfileFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which of them: of one network or brand. A brand is a number: its choices would tell which ids others have."""

    brand = django_filters.NumberFilter(field_name="brand_id")

    class Meta:
        model = TrackedProfile
        fields = ("network",)


class TrackedProfileViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """The profiles of one role that the workspace follows."""

    role: Role
    serializer_class = TrackedProfileSerializer
    filterset_class = TrackedProfileFilter
    queryset = TrackedProfile.objects.none()

    def get_queryset(self) -> QuerySet[TrackedProfile]:
        if self.describes_itself:
            return TrackedProfile.objects.none()
        rows = TrackedProfile.objects.of(self.workspace).filter(role=self.role)
        if self.action == "list":
            rows = rows.current()
        return rows.select_related("profile", "brand")

    def answer(self, tracked: TrackedProfile, status_code: int = status.HTTP_200_OK) -> Response:
        """The row as it stands now."""
        fresh = self.get_queryset().get(pk=tracked.pk)
        return Response(TrackedProfileSerializer(fresh).data, status=status_code)

    @extend_schema(request=NewTrackedProfileSerializer, responses={201: TrackedProfileSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Look the profile up, and follow it. Its posts come in as soon as a worker is free."""
        asked = NewTrackedProfileSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        wanted: dict[str, Any] = asked.validated_data
        tracked = tracking.track(
            self.workspace,
            wanted.get("network"),
            wanted.get("url") or wanted["handle"],
            role=self.role,
            by=tracking.By.key(key_of(request)),
            brand=wanted.get("brand"),
            industry=wanted.get("industry", ""),
            group=wanted.get("group", ""),
            door=ingest.door(),
            now=timezone.now(),
        )
        return self.answer(tracked, status.HTTP_201_CREATED)

    @extend_schema(request=ChangedTrackedProfileSerializer, responses={200: TrackedProfileSerializer, **REFUSALS})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Pause, resume, or move to another brand."""
        tracked = self.get_object()
        asked = ChangedTrackedProfileSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        if "brand" in wanted:
            tracking.move_to_brand(tracked, wanted["brand"])
        if "paused" in wanted:
            change = tracking.pause if wanted["paused"] else tracking.resume
            change(tracked, now=timezone.now())
        return self.answer(tracked)

    @extend_schema(responses={204: None, **REFUSALS})
    def destroy(self, request: Request, pk: str) -> Response:
        """Stop following it. Its slot is free; its history stays and comes back with it."""
        tracking.remove(self.get_object(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={202: TrackedProfileSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def fetch(self, request: Request, pk: str) -> Response:
        """Read it now instead of when it is due."""
        tracked = self.get_object()
        tracking.fetch_now(tracked, now=timezone.now())
        return self.answer(tracked, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={200: TrackedProfileSerializer, **REFUSALS})
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, pk: str) -> Response:
        """Follow a removed one again, with the history that it has."""
        tracked = self.get_object()
        tracking.bring_back(tracked, now=timezone.now())
        return self.answer(tracked)


class CompetitorViewSet(TrackedProfileViewSet):
    """Competitors: at most 20 per network."""

    role = Role.COMPETITOR

    @extend_schema(request=BulkSerializer, responses={200: LineResultSerializer(many=True), **REFUSALS})
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Request) -> Response:
        """Many at once, one handle or address per line; each line has its own result."""
        asked = BulkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        results: Any = tracking.track_many(
            self.workspace,
            wanted.get("network"),
            wanted["lines"],
            role=Role(wanted["role"]),
            by=tracking.By.key(key_of(request)),
            door=ingest.door(),
            now=timezone.now(),
        )
        return Response(LineResultSerializer(results, many=True).data)


class OwnAccountViewSet(TrackedProfileViewSet):
    """The team's own accounts, without a limit."""

    role = Role.OWN
