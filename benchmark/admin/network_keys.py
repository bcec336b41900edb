"""What a workspace, or the whole installation, opens networks with. A secret is never shown again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import OPENED_IN, AddsByForm, OfWorkspace, clothes, operators, owners
from accounts.admin_site import seat_of
from accounts.forms import NetworkKeyForm, part_fields
from accounts.models import Credential, CredentialState
from accounts.vault import UnreadableSecretError, fingerprint
from benchmark import ingest
from benchmark.ingest.keys import left_of
from benchmark.networks import NETWORKS
from benchmark.networks.http import utcnow
from benchmark.networks.keys import KeyNeed


class NewNetworkKeyForm(NetworkKeyForm):
    prefix = ""

    def __init__(self, data: Any = None, *, network: str | None, for_everybody: bool) -> None:
        super().__init__(data, network=network)
        if self.need is not None:
            first = self.fields[self.need.parts[0].name]
            first.help_text = f"{self.label}: {_(self.need.how)}"
        if for_everybody and self.need is not None:
            self.fields["for_everybody"] = forms.BooleanField(
                label=_("For every workspace of this installation"), required=False
            )


class NetworkKeyChangeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Its name, and another key in the place of the one that nobody gets to see."""

    need: KeyNeed | None = None  # set by `change_form_for`

    class Meta:
        model = Credential
        fields = ("name",)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        parts = [part.name for part in self.need.parts] if self.need else []
        if self.need is None or not any(cleaned.get(part) for part in parts):
            return cleaned
        entered = {part: cleaned[part] for part in parts if cleaned.get(part)}
        try:
            secret = self.need.pack({**self._kept(self.need), **entered})
        except KeyError as missing:
            self.add_error(str(missing.args[0]), _("Enter all parts of the key."))
            return cleaned
        kept = Credential.objects.filter(
            network=self.instance.network,
            workspace=self.instance.workspace,
            fingerprint=fingerprint(self.instance.network, secret),
        )
        if kept.exclude(pk=self.instance.pk).exists():
            self.add_error(parts[0], _("This key is kept already."))
        return cleaned | {"another": secret}

    def _kept(self, need: KeyNeed) -> dict[str, str]:
        """The parts that are kept; none where they cannot be opened any more."""
        with suppress(UnreadableSecretError, ValueError):
            return need.unpack(self.instance.reveal())
        return {}

    def save(self, commit: bool = True) -> Credential:
        if secret := self.cleaned_data.get("another"):
            self.instance.replace_secret(secret)
        credential: Credential = super().save(commit)
        return credential


def change_form_for(need: KeyNeed) -> type[NetworkKeyChangeForm]:
    """The form with a field for each part of such a key, all of them empty."""
    fields = part_fields(need, required=False)
    for field in fields.values():
        field.help_text = _("Empty: what is kept stays. It is never shown.")
        field.widget.attrs["class"] = " ".join(clothes(field.widget))
    return type("NetworkKeyChangeForm", (NetworkKeyChangeForm,), {**fields, "need": need})


@admin.register(Credential)
class NetworkKeyAdmin(OfWorkspace, AddsByForm):
    """Keys of networks: the workspace's, and for whoever runs the installation also those that all may use."""

    who = staticmethod(owners)
    may = frozenset({"add", "change", "delete"})
    form = NetworkKeyChangeForm
    readonly_fields = ("on", "whose", "how_it_stands", "left", "created_at")
    list_display = ("on", "title", "whose", "how_it_stands", "created_at")
    list_display_links = ("on", "title")
    list_select_related = ("workspace",)
    search_fields = ("name",)
    actions = ("try_keys",)
    add_title = gettext_lazy("New network key")
    add_button = gettext_lazy("Keep the key")

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            return Credential.objects.none()
        shared = Q(workspace=None) if operators(seat) else Q(pk=None)
        return Credential.objects.filter(Q(workspace=seat.workspace) | shared)

    def get_fields(self, request: HttpRequest, obj: Credential | None = None) -> Any:
        parts = [part.name for part in need.parts] if obj and (need := _need(obj)) else []
        return ("on", "whose", "name", *parts, "how_it_stands", "left", "created_at")

    def get_form(self, request: HttpRequest, obj: Credential | None = None, **kwargs: Any) -> Any:
        need = _need(obj) if obj else None
        return super().get_form(request, obj, **kwargs, **({"form": change_form_for(need)} if need else {}))

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

    @admin.display(description=gettext_lazy("Left of its budget"))
    def left(self, credential: Credential) -> str:
        network = NETWORKS.get(credential.network)
        keys = [(network, credential.fingerprint)] if network else []
        return " ".join(left_of(keys, now=utcnow())) or _("Nothing is counted here.")

    def has_try_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request, "change")

    @admin.action(description=gettext_lazy("Test these keys"), permissions=["try"])
    def try_keys(self, request: HttpRequest, credentials: QuerySet[Credential]) -> None:
        for credential in credentials:
            trial = ingest.try_key(credential, door=ingest.door(), clock=utcnow)
            said = messages.success if trial.works else messages.error
            said(request, f"{self.on(credential)}, {self.title(credential)}: {trial}")

    def add_form(self, request: HttpRequest) -> forms.Form:
        seat = seat_of(request)
        shared = bool(seat and operators(seat))
        return NewNetworkKeyForm(request.POST or None, network=request.GET.get("network"), for_everybody=shared)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """First the network, then what it asks for."""
        chosen = request.POST.get("network")
        if (
            chosen
            and set(request.POST) <= {"network", OPENED_IN, "csrfmiddlewaretoken"}
            and self.allowed(request, "add")
        ):
            return redirect(f"{request.path}?{urlencode({'network': chosen})}")
        return super().add_view(request, form_url, extra_context)

    def add(self, request: HttpRequest, form: NewNetworkKeyForm) -> HttpResponse:
        shared = form.cleaned_data.get("for_everybody", False)
        credential = Credential.objects.keep(workspace=None if shared else self.workspace(request), **form.key)
        self.log_addition(request, credential, [{"added": {}}])
        messages.success(request, _("The key for %(network)s is kept, encrypted.") % {"network": self.on(credential)})
        return redirect("admin:accounts_credential_changelist")


def _need(credential: Credential) -> KeyNeed | None:
    network = NETWORKS.get(credential.network)
    return network.key_need if network else None
