"""How figures and times are written in templates. No sums, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from benchmark.moments import ago
from benchmark.reports import figures
from benchmark.sentences import Sentence, Told
from benchmark.web import words

register = template.Library()

register.simple_tag(ago)
register.filter("state_name", words.state_name)
register.filter("action_name", words.action_name)
register.filter("remedy_name", words.remedy_name)
register.filter("reason_name", words.reason_name)


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
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """What stands in a table under a key that a variable holds; empty where nothing does."""
    return table.get(key, "")


@register.filter
def svg(number: float) -> str:
    """A coordinate: with a point for its decimals, whatever the reader's language."""
    return f"{number:g}"
