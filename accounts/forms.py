from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import admission
from accounts.models import Role, Scope, User, Workspace
from accounts.models.workspace import NAME_LENGTH, known_timezone
from benchmark.networks import NETWORKS
from benchmark.networks.keys import KeyNeed, can_be_sent

WORDS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "oldpassword": _("Password until now"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("The same again"),
}


class InOurWords:
    """One of allauth's forms with our labels, and without the placeholders that only repeat them."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class LoginForm(InOurWords, allauth.LoginForm):
    pass


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):
    pass


class ChangeEmailForm(InOurWords, allauth.AddEmailForm):
    pass


class ChangePasswordForm(InOurWords, allauth.ChangePasswordForm):
    pass


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth.ResetPasswordKeyForm):
    pass


class SignupForm(InOurWords, allauth.SignupForm):
    """A new person. Somebody invited signs up with the address the invitation was sent to, and no other."""

    field_order = ("email", "name", "password1", "password2")

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = admission.opened(context.request)
        if self.invitation is not None:
            self.fields["email"].disabled = True
            self.initial["email"] = self.invitation.email

    def signup(self, _request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if self.workspace.memberships.filter(user__email=email).exists():
            raise ValidationError(_("This person is a member already."))
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, help_text=_("What will use it, for example “notebook”.")
    )
    scope = forms.ChoiceField(label=_("May"), choices=Scope.choices, initial=Scope.READ)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last UTC day it works. Empty: it never expires."),
    )

    def clean_last_day(self) -> date | None:
        last_day: date | None = self.cleaned_data["last_day"]
        if last_day is not None and last_day < timezone.now().date():
            raise ValidationError(_("This day has passed."))
        return last_day

    @property
    def expires_at(self) -> datetime | None:
        last_day: date | None = self.cleaned_data["last_day"]
        return None if last_day is None else datetime.combine(last_day + timedelta(days=1), time.min, UTC)


def networks_with_keys() -> list[tuple[str, str]]:
    """The networks that ask for a key, for a choice."""
    return [(network.key, network.label) for network in NETWORKS.values() if network.key_need is not None]


def sendable(value: str) -> None:
    """Refuse what no request can carry, which is a slip in copying. Raises `ValidationError`."""
    if not can_be_sent(value):
        raise ValidationError(_("This holds letters that no key has and that cannot be sent. Copy it anew."))


def part_fields(need: KeyNeed, *, required: bool = True) -> dict[str, forms.CharField]:
    """One field for each part of a key. What is secret is never shown again, not even in a form that is refused."""
    quiet = {"autocomplete": "off", "spellcheck": "false"}
    return {
        part.name: forms.CharField(
            label=_(part.label),
            max_length=4000,
            required=required and not part.optional,
            validators=[sendable],
            widget=forms.PasswordInput(attrs=quiet) if part.secret else forms.TextInput(attrs=quiet),
            help_text="" if not part.optional else _("May be left empty."),
        )
        for part in need.parts
    }


class NetworkKeyForm(forms.Form):
    """A key for one network: a choice of networks first, then a field for each part that the chosen one asks for."""

    prefix = "network"

    network = forms.ChoiceField(label=_("Network"), choices=networks_with_keys)

    def __init__(self, data: Any = None, *, network: str | None = None) -> None:
        super().__init__(data)
        chosen = NETWORKS.get((data or {}).get(self.add_prefix("network"), "") or network or "")
        self.need = chosen.key_need if chosen else None
        if chosen is None or self.need is None:
            return
        self.fields["network"].initial = chosen.key
        self.fields["network"].widget = forms.HiddenInput()
        self.fields.update(part_fields(self.need))
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=NAME_LENGTH, required=False, help_text=_("To tell keys apart.")
        )

    @property
    def label(self) -> str:
        """The chosen network's name; empty before one is chosen."""
        chosen = NETWORKS.get(self["network"].value() or "")
        return chosen.label if chosen and self.need else ""

    @property
    def key(self) -> dict[str, str]:
        """The network, the key as it is stored, and its name."""
        need = NETWORKS[self.cleaned_data["network"]].key_need
        secret = need.pack(self.cleaned_data) if need else ""
        return {"network": self.cleaned_data["network"], "secret": secret, "name": self.cleaned_data.get("name", "")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.need is None and "network" in cleaned:  # pragma: no cover - every choice has a need
            raise ValidationError(_("This network asks for no key."))
        return cleaned


class WorkspaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        initial="UTC",
        validators=[known_timezone],
        help_text=_("Times are shown in this zone, for example Europe/Berlin. A day stays a UTC day everywhere."),
    )
