"""The admin's house: who may enter it, as what, and in which workspace they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from accounts import workspaces
from accounts.models import Membership, Role, User, Workspace
from accounts.models.workspace import WorkspaceQuerySet

View = Callable[..., HttpResponseBase]

SWITCHES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits in the admin: who they are, and in which workspace. None: there is no workspace yet."""

    user: User
    workspace: Workspace | None
    role: str

    @property
    def can_edit(self) -> bool:
        """What the workspace follows, imports and saves: everybody who may enter."""
        return self.workspace is not None

    @property
    def can_manage(self) -> bool:
        """People, keys and the workspace itself: its owners, and whoever runs the installation."""
        return self.workspace is not None and (self.role == Role.OWNER or self.user.is_superuser)


def open_to(user: User) -> WorkspaceQuerySet:
    """The workspaces that somebody may enter in the admin, the last used one first, then their own, then by name."""
    mine = Membership.objects.filter(workspace=OuterRef("pk"), user=user)
    open_ones = Workspace.objects.all() if user.is_superuser else Workspace.objects.filter(Exists(mine.editing()))
    last_used = Case(When(pk=user.last_workspace_id or 0, then=0), default=1)
    return open_ones.annotate(role=mine.values("role")[:1]).order_by(last_used, Exists(mine).desc(), "name", "pk")


def seat_of(request: HttpRequest) -> Seat | None:
    """Where who asks sits; None for strangers, viewers and people who were turned off. Asked once per request."""
    if not hasattr(request, "admin_seat"):
        request.admin_seat = _seat(request.user)  # type: ignore[attr-defined]
    seat: Seat | None = request.admin_seat  # type: ignore[attr-defined]
    return seat


def seat_or_403(request: HttpRequest) -> Seat:
    """Where who asks sits. Behind a permission somebody always does."""
    seat = seat_of(request)
    if seat is None:
        raise PermissionDenied
    return seat


def _seat(user: Any) -> Seat | None:
    if not isinstance(user, User) or not user.is_active:
        return None
    workspace = open_to(user).first()
    if workspace is None and not user.is_superuser:
        return None
    return Seat(user, workspace, role=getattr(workspace, "role", None) or "")


class YardstickAdminSite(UnfoldAdminSite):
    """Unfold's admin, in one workspace at a time."""

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")  # what may be deleted at all is deleted one by one

    def has_permission(self, request: HttpRequest) -> bool:
        return seat_of(request) is not None

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """A page for those who may enter. Strangers are led to our sign-in; whoever is known and may not gets a 403."""
        guarded: View = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        answer.csrf_exempt = getattr(guarded, "csrf_exempt", False)  # type: ignore[attr-defined]
        return answer

    def get_urls(self) -> list[Any]:
        own = [path("workspace/<slug:slug>/", self.admin_view(require_POST(self.switch)), name="switch")]
        # Nothing here has a page on the site, and the shortcut would look up any row of any table.
        return own + [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def switch(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Sit down in another workspace."""
        seat = seat_or_403(request)
        workspace = get_object_or_404(open_to(seat.user), slug=slug)
        workspaces.remember(seat.user, workspace)
        messages.success(request, _("You are now in %(workspace)s.") % {"workspace": workspace.name})
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Where everybody changes theirs."""
        return redirect("account_change_password")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "seat": seat_of(request)}


# --- what the frame of every page shows (named in settings.UNFOLD) ---------------------------------------------------


def current_name(request: HttpRequest) -> str:
    """The workspace under the product's name."""
    seat = seat_of(request)
    return seat.workspace.name if seat and seat.workspace else ""


def switches(request: HttpRequest) -> list[dict[str, Any]]:
    """The workspaces to switch to; the current one comes first."""
    seat = seat_of(request)
    if seat is None or seat.workspace is None:
        return []
    return [
        {
            "title": workspace.name,
            "link": reverse("admin:switch", args=[workspace.slug]),
            "icon": "check" if workspace == seat.workspace else "",
        }
        for workspace in open_to(seat.user)[:SWITCHES_SHOWN]
    ]
