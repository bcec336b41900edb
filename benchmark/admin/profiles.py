"""Profiles as the workers see them, for whoever runs the installation; and their pictures, for who follows them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from accounts.admin.base import OfInstallation
from accounts.admin_site import seat_of
from benchmark.admin import filters
from benchmark.admin.cells import cell, freshness_cell, has_avatar, network_cell, profile_cell
from benchmark.models import Avatar, Profile

AN_HOUR = 60 * 60


@admin.register(Profile)
class ProfileAdmin(OfInstallation):
    """Looked at, never written: what stands in a profile is what its network said."""

    fields = readonly_fields = (
        "who_it_is", "on", "url", "pretend", "followers_cell", "followed_by", "history_from", "history_to", "read_at",
        "due_at", "lease_until", "how_it_stands", "state_since",
    )  # fmt: skip
    list_display = ("who_it_is", "on", "followers_cell", "followed_by", "freshness", "due_at", "how_it_stands")
    list_filter = (filters.ByNetwork, ("state", ChoicesDropdownFilter), "pretend")
    search_fields = ("name", "handle")
    ordering = ("network", "name", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        followers = Count("tracked", filter=Q(tracked__removed_at=None))
        return super().get_queryset(request).annotate(count=followers, has_avatar=has_avatar("pk"))

    @admin.display(description=gettext_lazy("Profile"), ordering="name")
    def who_it_is(self, profile: Any) -> str:
        return profile_cell(profile, has_avatar=profile.has_avatar)

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def on(self, profile: Profile) -> str:
        return network_cell(profile.network)

    @admin.display(description=gettext_lazy("Followers"), ordering="followers")
    def followers_cell(self, profile: Profile) -> str:
        return cell("followers", followers=profile.followers)

    @admin.display(description=gettext_lazy("Workspaces that follow it"), ordering="count")
    def followed_by(self, profile: Any) -> int:
        return int(profile.count)

    @admin.display(description=gettext_lazy("Read"), ordering="read_at")
    def freshness(self, profile: Profile) -> str:
        return freshness_cell(profile.read_at, now=timezone.now())

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def how_it_stands(self, profile: Profile) -> str:
        state = "file" if profile.workspace_id is not None else profile.state
        return cell("standing", standing=state, sentence=profile.state_sentence)

    def get_urls(self) -> list[Any]:
        picture = self.admin_site.admin_view(self.picture_view, cacheable=True)
        return [path("<int:pk>/picture.webp", picture, name="profile_picture"), *super().get_urls()]

    def picture_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The picture of a profile that the workspace follows or followed, or of any for whoever runs it all."""
        picture = get_object_or_404(Avatar, pk=pk, profile__in=self.pictured(request))
        return cached(HttpResponse(bytes(picture.image), content_type="image/webp"))

    def pictured(self, request: HttpRequest) -> QuerySet[Profile]:
        seat = seat_of(request)
        if seat is not None and seat.user.is_superuser:
            return Profile.objects.all()
        return Profile.objects.visible_to(self.workspace(request))


def cached(response: HttpResponse) -> HttpResponse:
    """Kept by this person's browser alone, so that a list does not ask for its pictures again and again."""
    patch_cache_control(response, private=True, max_age=AN_HOUR)
    return response
