"""What people fill in to follow somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from accounts.admin.base import SWITCHED
from accounts.models import Workspace
from benchmark.models import Brand, Role, industry_choices
from benchmark.networks import network_choices
from benchmark.tracking import Found, TrackingRefused

ANY_NETWORK = ("", gettext_lazy("Recognise it by the address"))


def networks() -> list[tuple[str, Any]]:
    return [ANY_NETWORK, *network_choices()]


def industries() -> list[tuple[str, Any]]:
    return [("", gettext_lazy("Not said")), *industry_choices()]


class IntoWorkspace(forms.Form):
    """A form that remembers for which workspace it was opened: another window may have switched since."""

    workspace = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["workspace"] = workspace.slug
        self.into = workspace

    def clean_workspace(self) -> str:
        slug: str = self.cleaned_data["workspace"]
        if slug != self.into.slug:
            raise ValidationError(SWITCHED % {"workspace": self.into.name})
        return slug

    def refuse(self, refusal: TrackingRefused) -> None:
        """Put a refusal beside the field that has to change, and keep everything else as it was given."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.sentence)


class FollowForm(IntoWorkspace):
    """A profile to look up, and, once it has been found, the brand it belongs to."""

    network = forms.ChoiceField(label=gettext_lazy("Network"), choices=networks, required=False)
    handle = forms.CharField(
        label=gettext_lazy("Handle or address"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    looked_up = forms.CharField(required=False, widget=forms.HiddenInput)
    brand = forms.CharField(
        label=gettext_lazy("Brand"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"list": "brands", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "The company it belongs to. Choose one that you have, and its profiles stand together. "
            "Empty: the name of the profile."
        ),
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=industries, required=False)
    group = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Any word of your own, such as a region."),
    )

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role

    def brands(self) -> list[str]:
        """The names to choose from."""
        return list(Brand.objects.of(self.into).filter(role=self.role).values_list("name", flat=True))

    @property
    def asked(self) -> str:
        """What was asked for, in one word, so that a form knows whether it shows what it is about to save."""
        return f"{self.cleaned_data['network']} {self.cleaned_data['handle']}"

    @property
    def shows_what_was_asked(self) -> bool:
        return bool(self.cleaned_data["looked_up"] == self.asked)

    def show(self, found: Found) -> None:
        """Hold what was found, so that a second click saves it; a brand that was given stays."""
        brand = self.data.get("brand") or found.record.name or found.record.handle
        self.data = {name: self.data.get(name, "") for name in self.fields} | {"looked_up": self.asked, "brand": brand}


class FollowManyForm(IntoWorkspace):
    """Many handles or addresses at once."""

    network = forms.ChoiceField(label=gettext_lazy("Network"), choices=networks, required=False)
    lines = forms.CharField(
        label=gettext_lazy("One handle or address per line"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=industries, required=False)
    group = forms.CharField(label=gettext_lazy("Group"), max_length=64, required=False)
