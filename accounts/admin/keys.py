"""What opens a workspace to programs, and what it opens networks with. Secrets are shown once, or never."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from accounts.admin.base import AddsByForm, OfWorkspace, clothes, operators, owners
from accounts.admin_site import seat_of, seat_or_403
from accounts.forms import ApiKeyForm, NetworkKeyForm
from accounts.models import ApiKey, Credential, CredentialState, Scope
from accounts.vault import fingerprint
from benchmark.networks import NETWORKS


@admin.register(ApiKey)
class ApiKeyAdmin(OfWorkspace, AddsByForm):
    """Keys of the workspace for the REST API. They are revoked, not deleted: the ledger keeps their names."""

    who = staticmethod(owners)
    may = frozenset({"add", "revoke"})
    fields = readonly_fields = (
        "name", "begins_with", "scope", "created_by", "created_at", "expires_at", "last_used_at", "revoked_at",
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


class NewNetworkKeyForm(NetworkKeyForm):
    prefix = ""

    for_everybody = forms.BooleanField(
        label=gettext_lazy("For every workspace of this installation"),
        required=False,
    )

    def __init__(self, *args: Any, for_everybody: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_everybody:
            del self.fields["for_everybody"]


class NetworkKeyChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Its name, and another secret in the place of the one that nobody gets to see."""

    secret = forms.CharField(
        label=gettext_lazy("Another key"),
        max_length=4000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Empty: the one that is kept stays. It is never shown."),
    )

    class Meta:
        model = Credential
        fields = ("name",)

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        kept = Credential.objects.filter(
            network=self.instance.network, workspace=self.instance.workspace, fingerprint=fingerprint(secret)
        )
        if secret and kept.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This key is kept already."))
        return secret

    def save(self, commit: bool = True) -> Credential:
        if self.cleaned_data["secret"]:
            self.instance.replace_secret(self.cleaned_data["secret"])
        credential: Credential = super().save(commit)
        return credential


@admin.register(Credential)
class NetworkKeyAdmin(OfWorkspace, AddsByForm):
    """Keys of networks: the workspace's, and for whoever runs the installation also those that all may use."""

    who = staticmethod(owners)
    may = frozenset({"add", "change", "delete"})
    form = NetworkKeyChangeForm
    fields = ("on", "whose", "name", "secret", "how_it_stands", "created_at")
    readonly_fields = ("on", "whose", "how_it_stands", "created_at")
    list_display = ("on", "title", "whose", "how_it_stands", "created_at")
    list_display_links = ("on", "title")
    list_select_related = ("workspace",)
    search_fields = ("name",)
    add_title = gettext_lazy("New network key")
    add_button = gettext_lazy("Keep the key")

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            return Credential.objects.none()
        shared = Q(workspace=None) if operators(seat) else Q(pk=None)
        return Credential.objects.filter(Q(workspace=seat.workspace) | shared)

    def get_form(self, request: HttpRequest, obj: Credential | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        if "secret" in form.base_fields:
            form.base_fields["secret"].widget.attrs["class"] = " ".join(clothes(forms.PasswordInput()))
        return form

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def on(self, credential: Credential) -> str:
        network = NETWORKS.get(credential.network)
        return network.label if network else credential.network

    @admin.display(description=gettext_lazy("Name"), ordering="name")
    def title(self, credential: Credential) -> str:
        return credential.name or _("Without a name")

    @admin.display(description=gettext_lazy("Whose"), ordering="workspace")
    def whose(self, credential: Credential) -> str:
        return credential.workspace.name if credential.workspace else _("Every workspace")

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def how_it_stands(self, credential: Credential) -> str:
        works = credential.state == CredentialState.WORKING
        words = {"text": credential.get_state_display(), "kind": "ok" if works else "failing"}
        return render_to_string("admin/cells/note.html", {**words, "sentence": credential.reason})

    def add_form(self, request: HttpRequest) -> forms.Form:
        seat = seat_of(request)
        return NewNetworkKeyForm(request.POST or None, for_everybody=bool(seat and operators(seat)))

    def add(self, request: HttpRequest, form: NewNetworkKeyForm) -> HttpResponse:
        fields = dict(form.cleaned_data)
        shared = fields.pop("for_everybody", False)
        credential = Credential.objects.keep(workspace=None if shared else self.workspace(request), **fields)
        self.log_addition(request, credential, [{"added": {}}])
        messages.success(request, _("The key for %(network)s is kept, encrypted.") % {"network": self.on(credential)})
        return redirect("admin:accounts_credential_changelist")
