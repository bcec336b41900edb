"""What stands at the side of every page: only what somebody may open."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Credential, Invitation, Membership, User, Workspace
from benchmark.models import (
    Brand,
    CohortFigure,
    Competitor,
    FetchRun,
    IndustryFigure,
    OwnAccount,
    Profile,
    ReachModel,
    Upload,
)

GROUPS: tuple[tuple[Any, tuple[tuple[type[Any], Any, str], ...]], ...] = (
    (
        _("Followed"),
        (
            (Competitor, _("Competitors"), "groups"),
            (OwnAccount, _("Own accounts"), "verified_user"),
            (Brand, _("Brands"), "storefront"),
            (Upload, _("Files"), "upload_file"),
            (FetchRun, _("Ledger"), "receipt_long"),
        ),
    ),
    (
        _("Workspace"),
        (
            (Membership, _("Members"), "group"),
            (Invitation, _("Invitations"), "mail"),
            (ApiKey, _("API keys"), "key"),
            (Credential, _("Network keys"), "lock"),
            (ReachModel, _("Estimated reach"), "radar"),
            (Workspace, _("Workspace"), "settings"),
        ),
    ),
    (
        _("Installation"),
        (
            (User, _("People"), "person"),
            (Profile, _("Profiles"), "travel_explore"),
            (IndustryFigure, _("Industry figures"), "bar_chart"),
            (CohortFigure, _("Cohorts"), "stacked_bar_chart"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with the lists that this person may open."""
    home = {"title": _("Dashboard"), "icon": "home", "link": reverse("admin:index")}
    groups = [
        {
            "title": title,
            "items": [
                {"title": name, "icon": icon, "link": address_of(model)}
                for model, name, icon in parts
                if admin.site.get_model_admin(model).has_view_permission(request)
            ],
        }
        for title, parts in GROUPS
    ]
    return [{"title": None, "items": [home]}, *(group for group in groups if group["items"])]


def address_of(model: type[Any]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def logo(request: HttpRequest) -> str:
    return static("yardstick/mark.svg")


def style(request: HttpRequest) -> str:
    return static("yardstick/admin.css")
