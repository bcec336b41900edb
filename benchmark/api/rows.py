"""Rows to read: brands, profiles and their readings, posts, and the ledger. Lists begin at the key's workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.utils.choices import CallableChoiceIterator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import Workspace
from benchmark.api.authentication import workspace_of
from benchmark.api.pagination import ByPublication, ByReading
from benchmark.api.parameters import OF_EVERY_LIST, refuse_unknown
from benchmark.api.serializers import (
    BrandSerializer,
    FetchRunSerializer,
    PostSerializer,
    ProfileSerializer,
    ReadingSerializer,
)
from benchmark.metrics.common_steps import marks_of
from benchmark.metrics.expectations import expected_of
from benchmark.metrics.steps import Mark
from benchmark.models import Brand, FetchRun, Post, Profile, ProfileReading
from benchmark.networks import network_choices
from benchmark.tracking.slots import stand_in_line


class OfWorkspace(viewsets.GenericViewSet[Any]):
    """Knows the workspace of the key; subclasses begin their rows there, so that another team's ids are 404."""

    lookup_value_regex = r"\d{1,18}"

    @property
    def workspace(self) -> Workspace:
        return workspace_of(self.request)

    @property
    def describes_itself(self) -> bool:
        """Whether only the OpenAPI document is being made, with nobody asking."""
        return bool(getattr(self, "swagger_fake_view", False))

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        return context if self.describes_itself else context | {"workspace": self.workspace}


class BrandViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    mixins.UpdateModelMixin,
    mixins.DestroyModelMixin,
    OfWorkspace,
):
    """Companies of the workspace. One that still has profiles, removed ones included, cannot be deleted."""

    serializer_class = BrandSerializer
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    filterset_fields = ("role", "industry", "group")
    queryset = Brand.objects.none()

    def get_queryset(self) -> QuerySet[Brand]:
        return Brand.objects.none() if self.describes_itself else Brand.objects.filter(workspace=self.workspace)

    @transaction.atomic
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        stand_in_line(self.workspace)  # two requests at once do not make one name twice
        return super().create(request, *args, **kwargs)

    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        stand_in_line(self.workspace)
        return super().partial_update(request, *args, **kwargs)

    def perform_create(self, serializer: BaseSerializer[Brand]) -> None:
        serializer.save(workspace=self.workspace)


class ReadingFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which readings: from and before a moment."""

    read_from = django_filters.IsoDateTimeFilter(field_name="read_at", lookup_expr="gte")
    read_before = django_filters.IsoDateTimeFilter(field_name="read_at", lookup_expr="lt")


READ = [OpenApiParameter(name, OpenApiTypes.DATETIME) for name in ReadingFilter.base_filters]


class ProfileViewSet(mixins.RetrieveModelMixin, OfWorkspace):
    """A profile that the workspace follows or has followed, with its follower history."""

    serializer_class = ProfileSerializer
    queryset = Profile.objects.none()

    def get_queryset(self) -> QuerySet[Profile]:
        return Profile.objects.none() if self.describes_itself else Profile.objects.visible_to(self.workspace)

    @extend_schema(
        responses=ReadingSerializer(many=True), operation_id="profiles_followers_list", filters=True, parameters=READ
    )
    @action(detail=True, pagination_class=ByReading)
    def followers(self, request: Request, pk: str) -> Response:
        """Every reading of followers, the latest first. A step that ordinary growth does not explain carries a mark."""
        profile = get_object_or_404(self.get_queryset(), pk=pk)
        refuse_unknown(request, (*ReadingFilter.base_filters, *OF_EVERY_LIST))
        wanted = ReadingFilter(request.query_params, ProfileReading.objects.filter(profile=profile))
        if not wanted.is_valid():
            raise ValidationError(wanted.errors)
        page: list[ProfileReading] = self.paginate_queryset(wanted.qs) or []
        context = {"marks": marked_readings(profile, page)}
        return self.get_paginated_response(ReadingSerializer(page, many=True, context=context).data)


def marked_readings(profile: Profile, readings: Sequence[ProfileReading]) -> dict[datetime, Mark]:
    """The marks of these readings by their moment; a reading error is on every reading until it was taken back."""
    if not readings:
        return {}
    moments = [reading.read_at for reading in readings]
    marks = marks_of(profile, min(moments), max(moments))
    return {
        moment: mark
        for mark in marks
        for moment in moments
        if moment == mark.at or (mark.until and mark.at < moment < mark.until)
    }


class PostFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which posts: of one network, profile or kind, published from and before a moment."""

    network = django_filters.ChoiceFilter(
        field_name="profile__network", choices=CallableChoiceIterator(network_choices)
    )
    profile = django_filters.NumberFilter(field_name="profile_id")
    published_from = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="gte")
    published_before = django_filters.IsoDateTimeFilter(field_name="published_at", lookup_expr="lt")

    class Meta:
        model = Post
        fields = ("kind",)


class PostViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Posts of the profiles that the workspace follows or has followed."""

    serializer_class = PostSerializer
    pagination_class = ByPublication
    filterset_class = PostFilter
    queryset = Post.objects.none()

    def get_queryset(self) -> QuerySet[Post]:
        if self.describes_itself:
            return Post.objects.none()
        return Post.objects.filter(profile__in=Profile.objects.visible_to(self.workspace).values("pk"))

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Post]:
        """Knows what the young ones among the posts that are shown will come to."""
        shown = args[0] if args else ()
        posts = [shown] if isinstance(shown, Post) else list(shown)
        kwargs["context"] = self.get_serializer_context() | {"expected": expected_of(posts)}
        return super().get_serializer(*args, **kwargs)


class FetchRunFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which runs. A profile is a number: its choices would tell which ids others have."""

    profile = django_filters.NumberFilter(field_name="profile_id")

    class Meta:
        model = FetchRun
        fields = ("kind", "network", "outcome")


class FetchRunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """The ledger: when a profile was read, by whom it was asked for, what came of it."""

    serializer_class = FetchRunSerializer
    filterset_class = FetchRunFilter
    queryset = FetchRun.objects.none()

    def get_queryset(self) -> QuerySet[FetchRun]:
        return FetchRun.objects.none() if self.describes_itself else FetchRun.objects.visible_to(self.workspace)
