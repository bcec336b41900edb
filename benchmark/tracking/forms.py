"""What people fill in to bring a file: the admin and the pages ask the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benchmark.imports import FORMATS
from benchmark.imports.times import zone_named
from benchmark.models import Role
from benchmark.networks import network_choices
from benchmark.tracking.files import LEAVE_OUT
from benchmark.tracking.previewing import Wanted

ACCEPTED = ".csv,.tsv,.txt,.gz,.xlsx"
WHOSE = [(Role.COMPETITOR, _("A competitor's")), (Role.OWN, _("Our own"))]


def networks() -> list[tuple[str, Any]]:
    return [("", _("Choose a network")), *network_choices()]


class FileForm(forms.Form):
    """A file, and whose it is. Everything else is read off it, and asked where it does not say."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or a spreadsheet (.xlsx), also gzipped; up to 100 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    whose = forms.ChoiceField(label=_("Whose"), choices=WHOSE, initial=Role.COMPETITOR, widget=forms.RadioSelect)
    network = forms.ChoiceField(choices=networks, required=False, widget=forms.HiddenInput)

    @property
    def wanted(self) -> Wanted:
        """What is known of the import so far."""
        given = self.cleaned_data
        return Wanted(network=given["network"], own=given["whose"] == Role.OWN)


class WantedForm(forms.Form):
    """How a file that was read is to be imported."""

    network = forms.ChoiceField(label=_("Network"), choices=networks, required=False)
    whose = forms.ChoiceField(label=_("Whose"), choices=WHOSE, widget=forms.RadioSelect)
    profile = forms.CharField(
        label=_("Profile"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    rows_of = forms.CharField(
        label=_("Rows of"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"list": "named", "autocomplete": "off"}),
        help_text=_("What the file calls this profile, where it knows neither its handle nor its address."),
    )
    zone = forms.CharField(
        label=_("Clock"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"list": "clocks", "autocomplete": "off", "placeholder": "UTC"}),
        help_text=_("The time zone of the times in the file, such as Europe/Berlin: it does not say which."),
    )
    counted_at = forms.DateTimeField(
        label=_("Counted at, in UTC"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("When the counts were read. Empty: now."),
    )
    complete_from = forms.DateField(
        label=_("Complete from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The first day from which the file has every post. Empty: the day of its first post."),
    )
    skip_bad_rows = forms.BooleanField(label=_(LEAVE_OUT), required=False)

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone and zone_named(zone) is None:
            raise ValidationError(_("There is no such time zone. Europe/Berlin would be one."))
        return zone

    def clean_counted_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["counted_at"]
        return moment and moment.replace(tzinfo=UTC)

    @classmethod
    def showing(cls, wanted: Wanted, **more: Any) -> WantedForm:
        """The form as somebody has left it."""
        names = ("network", "profile", "rows_of", "zone", "counted_at", "complete_from", "skip_bad_rows")
        known = {name: getattr(wanted, name) for name in names}
        return cls(initial=known | {"whose": Role.OWN if wanted.own else Role.COMPETITOR}, **more)

    @property
    def wanted(self) -> Wanted:
        """What somebody has said."""
        given = dict(self.cleaned_data)
        return Wanted(own=given.pop("whose") == Role.OWN, **given)

    @property
    def clocks(self) -> list[str]:
        """The time zones to choose from, without those that only programs use."""
        return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def format_names() -> list[str]:
    """The tools whose files are recognised."""
    return sorted({gettext(each.label) for each in FORMATS.values()})
