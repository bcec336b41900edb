"""What opens a workspace to programs. A token is shown once."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from accounts.admin.base import AddsByForm, OfWorkspace, owners
from accounts.admin_site import seat_or_403
from accounts.forms import ApiKeyForm
from accounts.models import ApiKey, Scope


@admin.register(ApiKey)
class ApiKeyAdmin(OfWorkspace, AddsByForm):
    """Keys of the workspace for the REST API. They are revoked, not deleted: the ledger keeps their names."""

    who = staticmethod(owners)
    may = frozenset({"add", "revoke"})
    fields = readonly_fields = (
        "name", "begins_with", "scope", "maker", "created_at", "expires_at", "last_used_at", "revoked_at",
    )  # fmt: skip
    list_display = ("name", "begins_with", "scope", "how_it_stands", "last_used_at", "expires_at")
    list_filter = (("scope", ChoicesDropdownFilter),)
    list_select_related = ("created_by",)
    search_fields = ("name", "prefix")
    actions = ("revoke",)
    add_title = gettext_lazy("New API key")
    add_button = gettext_lazy("Make the key")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request, "revoke")

    @admin.display(description=gettext_lazy("Begins with"), ordering="prefix")
    def begins_with(self, key: ApiKey) -> str:
        return f"ys_{key.prefix}_…"

    @admin.display(description=gettext_lazy("Created by"))
    def maker(self, key: ApiKey) -> str:
        return str(key.created_by or "–")  # noqa: RUF001 (an en dash)

    @admin.display(description=gettext_lazy("State"))
    def how_it_stands(self, key: ApiKey) -> str:
        expired = key.expires_at is not None and key.expires_at <= timezone.now()
        text, kind = (_("Works"), "ok") if not expired else (_("Expired"), "quiet")
        if key.revoked_at is not None:
            text, kind = _("Revoked"), "quiet"
        return render_to_string("admin/cells/note.html", {"text": text, "kind": kind})

    def add_form(self, request: HttpRequest) -> forms.Form:
        return ApiKeyForm(request.POST or None)

    def add(self, request: HttpRequest, form: ApiKeyForm) -> HttpResponse:
        """Make the key; the answer shows its token, this once."""
        seat = seat_or_403(request)
        key, token = ApiKey.objects.issue(
            workspace=self.workspace(request),
            name=form.cleaned_data["name"],
            scope=Scope(form.cleaned_data["scope"]),
            expires_at=form.expires_at,
            created_by=seat.user,
        )
        self.log_addition(request, key, [{"added": {}}])
        title = _("The key “%(name)s”") % {"name": key.name}
        note = _("Copy it now: only its digest is kept, and it is not shown again.")
        return self.page(request, "admin/shown_once.html", title=title, secret=token, note=note)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        for key in keys.filter(revoked_at=None):
            self.log_change(request, key, _("Revoked."))
            messages.success(request, _("The key “%(name)s” no longer works.") % {"name": key.name})
        ApiKey.objects.filter(pk__in=[key.pk for key in keys]).revoke(now=timezone.now())
