"""The words that charts share: names of profiles, kinds, units and days, and what is said of those left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from benchmark.networks.base import Kind
from benchmark.reports.value import Line, Period, Row


def names_of(rows: Iterable[Row | Line]) -> dict[int, str]:
    """One name per row for labels: the brand's, with the handle where a brand has several profiles."""
    rows = tuple(rows)
    taken = Counter(row.brand.name for row in rows)
    return {
        row.profile.tracked_id: row.brand.name
        if taken[row.brand.name] == 1
        else f"{row.brand.name} ({row.profile.shown_handle})"
        for row in rows
    }


def kind_name(kind: str) -> str:
    """What readers call a kind of post."""
    names = {
        Kind.TEXT: pgettext("kind of post", "Text"),
        Kind.PHOTO: pgettext("kind of post", "Photo"),
        Kind.ALBUM: pgettext("kind of post", "Album"),
        Kind.VIDEO: pgettext("kind of post", "Video"),
        Kind.LIVE: pgettext("kind of post", "Live"),
        Kind.AUDIO: pgettext("kind of post", "Audio"),
        Kind.LINK: pgettext("kind of post", "Link"),
        Kind.POLL: pgettext("kind of post", "Poll"),
        Kind.QUOTE: pgettext("kind of post", "Quote"),
        Kind.EVENT: pgettext("kind of post", "Event"),
        Kind.NOTE: pgettext("kind of post", "Note"),
        Kind.OTHER: pgettext("kind of post", "Other"),
    }
    return names[Kind(kind)]


def in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]


def unit_name(unit: str) -> str:
    """A unit as a column's head names it."""
    return _("percent") if unit == "percent" else _("count")


def period_name(period: Period) -> str:
    """The days a report is about, as people write them."""
    return f"{day_name(period.start)} – {day_name(period.end)}"  # noqa: RUF001  # from, to


def day_name(day: date) -> str:
    return date_format(day, "j M Y")


def left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(n)d profile is not drawn: it has no figures for these days.",
        "%(n)d profiles are not drawn: they have no figures for these days.",
        count,
    ) % {"n": count}
