"""How figures and times are written in templates. No sums, no queries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from benchmark.reports import figures
from benchmark.sentences import Sentence, Told
from benchmark.web import words

register = template.Library()

register.filter("state_name", words.state_name)
register.filter("action_name", words.action_name)
register.filter("remedy_name", words.remedy_name)


@register.filter
def told(said: Sentence | Told) -> str:
    """A sentence or a refusal of a lower layer, in the reader's language."""
    return said.told(_)


@register.filter
def short(value: float | None, unit: str = "count") -> str:
    return figures.short(value, unit)


@register.filter
def full(value: float | None, unit: str = "count") -> str:
    return figures.full(value, unit)


@register.filter
def svg(number: float) -> str:
    """A coordinate: with a point for its decimals, whatever the reader's language."""
    return f"{number:g}"


@register.simple_tag
def ago(moment: datetime, now: datetime) -> str:
    """`2 hours ago`, in the largest unit alone."""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}
