"""How a page of a workspace is rendered: its times are shown in the workspace's zone. A day stays a UTC day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from accounts.models import Membership, Workspace


def in_zone_of(workspace: Workspace) -> timezone.override:
    """What is told inside is told in the zone that the workspace has chosen."""
    return timezone.override(ZoneInfo(workspace.timezone))


@gzip_page
def page(
    request: HttpRequest, membership: Membership, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The template, with the times in the zone that the workspace has chosen; packed for browsers that unpack."""
    with in_zone_of(membership.workspace):
        return render(request, template, dict(context), status=status)
