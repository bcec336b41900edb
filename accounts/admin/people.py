"""Workspaces, who is in them, and who is invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from accounts import people
from accounts.admin.base import AddsByForm, OfInstallation, OfWorkspace, operators, owners
from accounts.admin_site import seat_of, seat_or_403
from accounts.forms import InviteForm, WorkspaceForm
from accounts.models import Invitation, Membership, User, Workspace
from accounts.views.people import NEEDS_AN_OWNER


def factor_cell(has_one: bool) -> str:
    words = {"text": _("On"), "kind": "ok"} if has_one else {"text": _("Off"), "kind": "quiet"}
    return render_to_string("admin/cells/note.html", words)


class NewWorkspaceForm(WorkspaceForm):
    owner = forms.EmailField(
        label=gettext_lazy("Owner"),
        help_text=gettext_lazy("The e-mail address of somebody who has an account here. They invite the others."),
    )

    def clean_owner(self) -> User:
        owner = User.objects.filter(email=self.cleaned_data["owner"].lower(), is_active=True).first()
        if owner is None:
            raise ValidationError(_("Nobody here has this address."))
        return owner


@admin.register(Workspace)
class WorkspaceAdmin(AddsByForm):
    """The workspace of the seat for its owners; all of them for whoever runs the installation."""

    who = staticmethod(owners)
    may = frozenset({"add", "change"})
    fields = ("name", "slug", "timezone", "created_at")
    readonly_fields = ("slug", "created_at")
    list_display = ("name", "slug", "people", "enter")
    search_fields = ("name", "slug")
    ordering = ("name", "pk")
    add_title = gettext_lazy("New workspace")
    add_button = gettext_lazy("Make the workspace")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool((seat := seat_of(request)) and operators(seat))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_add_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = seat_of(request)
        rows: QuerySet[Workspace] = super().get_queryset(request).annotate(count=Count("memberships"))
        if seat is None:
            return rows.none()
        return rows if operators(seat) else rows.filter(pk=self.workspace(request).pk)

    @admin.display(description=gettext_lazy("People"), ordering="count")
    def people(self, workspace: Workspace) -> int:
        return workspace.count  # type: ignore[attr-defined,no-any-return]

    @admin.display(description="")
    def enter(self, workspace: Workspace) -> str:
        return render_to_string("admin/cells/enter.html", {"workspace": workspace})

    def add_form(self, request: HttpRequest) -> forms.Form:
        return NewWorkspaceForm(request.POST or None)

    def add(self, request: HttpRequest, form: NewWorkspaceForm) -> HttpResponse:
        workspace = Workspace.objects.create_with_owner(**form.cleaned_data)
        self.log_addition(request, workspace, [{"added": {}}])
        messages.success(request, _("The workspace %(name)s is there.") % {"name": workspace.name})
        return redirect("admin:accounts_workspace_changelist")


class KeepsAnOwner(OfWorkspace):
    """Tells whoever would leave a workspace without an owner what to do first, instead of failing."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(request, super().delete_view, *args, **kwargs)

    def _or_told(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **kwargs)
        except people.LastOwnerError:
            messages.error(request, NEEDS_AN_OWNER)
            return redirect(request.path)
        return answer


@admin.register(Membership)
class MemberAdmin(KeepsAnOwner):
    """Who is in the workspace, and as what. Others come by invitation."""

    who = staticmethod(owners)
    may = frozenset({"change", "delete"})
    fields = ("person", "role", "joined_at")
    readonly_fields = ("person", "joined_at")
    list_display = ("person", "role", "two_steps", "joined_at")
    list_filter = (("role", ChoicesDropdownFilter),)
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")

    def get_queryset(self, request: HttpRequest) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("user"))
        return super().get_queryset(request).select_related("user").annotate(has_factor=Exists(factors))

    @admin.display(description=gettext_lazy("Person"), ordering="user__email")
    def person(self, membership: Membership) -> str:
        return render_to_string("admin/cells/person.html", {"person": membership.user})

    @admin.display(description=gettext_lazy("Two-step sign-in"), ordering="has_factor")
    def two_steps(self, membership: Any) -> str:
        return factor_cell(membership.has_factor)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        people.change_role(obj, role=form.cleaned_data["role"])

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        people.remove(obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        answer: HttpResponse = super().response_delete(request, obj_display, obj_id)
        me = self.workspace(request).memberships.filter(user=seat_or_403(request).user)
        return answer if me.exists() or request.user.is_superuser else redirect("accounts:workspaces")


@admin.register(Invitation)
class InvitationAdmin(OfWorkspace, AddsByForm):
    """Links that let somebody join. Deleting one that is open withdraws it."""

    who = staticmethod(owners)
    may = frozenset({"add", "delete"})
    fields = readonly_fields = ("email", "role", "inviter", "created_at", "expires_at", "accepted_at")
    list_display = ("email", "role", "inviter", "how_it_stands", "created_at")
    list_select_related = ("invited_by", "workspace")
    search_fields = ("email",)
    add_title = gettext_lazy("Invite somebody")
    add_button = gettext_lazy("Invite")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.accepted_at is None)

    @admin.display(description=gettext_lazy("Invited by"), ordering="invited_by__email")
    def inviter(self, invitation: Invitation) -> str:
        return str(invitation.invited_by or "–")  # noqa: RUF001 (an en dash)

    @admin.display(description=gettext_lazy("State"))
    def how_it_stands(self, invitation: Invitation) -> str:
        return render_to_string("admin/cells/note.html", standing_of(invitation, now=timezone.now()))

    def add_form(self, request: HttpRequest) -> forms.Form:
        return InviteForm(request.POST or None, workspace=self.workspace(request))

    def add(self, request: HttpRequest, form: InviteForm) -> HttpResponse:
        """Invite. Without e-mail the answer shows the link, this once."""
        seat = seat_or_403(request)
        invitation, link = people.invite(
            workspace=self.workspace(request), invited_by=seat.user, now=timezone.now(), **form.cleaned_data
        )
        self.log_addition(request, invitation, [{"added": {}}])
        if settings.SENDS_EMAIL:
            messages.success(request, _("%(email)s was sent an invitation.") % {"email": invitation.email})
            return redirect("admin:accounts_invitation_changelist")
        title = _("Hand this link to %(email)s") % {"email": invitation.email}
        note = _("It works once, for this address alone, until %(day)s. It is not shown again.") % {
            "day": f"{invitation.expires_at:%-d %B %Y}"
        }
        return self.page(request, "admin/shown_once.html", title=title, secret=link, note=note)


def standing_of(invitation: Invitation, *, now: datetime) -> dict[str, Any]:
    """How an invitation stands, in words and in how loud they are."""
    if invitation.accepted_at is not None:
        return {"text": _("Accepted"), "kind": "ok"}
    if invitation.expires_at <= now:
        return {"text": _("Too old: invite again"), "kind": "quiet"}
    return {"text": _("Waiting"), "kind": "waiting"}


@admin.register(User)
class UserAdmin(OfInstallation):
    """Everybody with an account. People are turned off, never deleted, so that the ledger keeps its names."""

    may = frozenset({"change"})
    fields = ("email", "name", "is_active", "is_superuser", "date_joined", "last_login")
    readonly_fields = ("email", "date_joined", "last_login")
    list_display = ("person", "is_active", "is_superuser", "two_steps", "teams", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email", "pk")
    actions = ("turn_off_two_steps",)

    def get_queryset(self, request: HttpRequest) -> Any:
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_factor=Exists(factors), count=Count("memberships"))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out."""
        own = ("is_active", "is_superuser") if obj is not None and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own)

    @admin.display(description=gettext_lazy("Person"), ordering="email")
    def person(self, user: User) -> str:
        return render_to_string("admin/cells/person.html", {"person": user})

    @admin.display(description=gettext_lazy("Two-step sign-in"), ordering="has_factor")
    def two_steps(self, user: Any) -> str:
        return factor_cell(user.has_factor)

    @admin.display(description=gettext_lazy("Workspaces"), ordering="count")
    def teams(self, user: User) -> int:
        return user.count  # type: ignore[attr-defined,no-any-return]

    @admin.action(description=gettext_lazy("Turn off two-step sign-in (a lost phone)"), permissions=["change"])
    def turn_off_two_steps(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            Authenticator.objects.filter(user_id=user.pk).delete()
            self.log_change(request, user, _("Turned off two-step sign-in."))
            words = _("%(person)s signs in by password alone until they set it up again.")
            messages.success(request, words % {"person": user.email})
