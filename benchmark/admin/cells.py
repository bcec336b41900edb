"""What a list shows of a row: small pieces of HTML, each from one template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse

from benchmark.models import Avatar, Profile
from benchmark.networks import NETWORKS


def has_avatar(profile: str = "profile_id") -> Exists:
    """Whether the profile of a row has a picture, for `annotate`."""
    return Exists(Avatar.objects.filter(profile=OuterRef(profile)))


def profile_cell(profile: Profile, *, has_avatar: bool) -> str:
    """Picture, name and handle."""
    return cell("profile", profile=profile, avatar_url=avatar_url(profile) if has_avatar else None)


def avatar_url(profile: Profile) -> str:
    return reverse("admin:profile_picture", args=[profile.pk])


def network_cell(key: str) -> str:
    network = NETWORKS.get(key)
    return network.label if network else key


def freshness_cell(read_at: datetime | None, *, now: datetime) -> str:
    return cell("freshness", read_at=read_at, now=now)


def cell(template: str, **context: Any) -> str:
    return render_to_string(f"admin/cells/{template}.html", context)
