"""What a figure says exactly, so that it stands beside a metric that says the same and beside no other.

Both sides are brought to four words: what is counted, what that is divided by, the statistic over a profile's posts,
and the unit. Which metrics there are is read from their declarations: a new one finds its figures by itself.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.metrics import METRICS, Metric
from benchmark.metrics.base import FOLLOWERS, Column, Ratio
from benchmark.networks import NETWORKS
from benchmark.networks.base import Network

NOT_STATED = "not_stated"
ENGAGEMENTS = "engagements"

# Denominators of the family "by follower", and what is to be said about them beside ours.
BY_FOLLOWER: dict[str, Any] = {
    FOLLOWERS: "",
    "followers": gettext_lazy(
        "The source does not say when its followers were counted; here they are those when the post was made."
    ),
    "followers_now": gettext_lazy(
        "The source divides by followers at the end of its period; here they are those when the post was made."
    ),
}

# What a metric says beside its definition. Whatever else it declares, and whatever will be, is part of it.
NO_DEFINITION = {
    "key", "label", "answers", "definition", "source", "known_as", "group", "better", "at_least", "version", "default",
}  # fmt: skip
COMPARED = {"each", "over_posts", "unit"}


class Definition(NamedTuple):
    counted: str
    below: str
    over_posts: str
    unit: str


def definition_of(metric: Metric) -> Definition | None:
    """A metric's definition; None where it says more than a published figure could agree with."""
    if _says_more(metric):
        return None
    each = metric.each
    if isinstance(each, Column):
        return Definition(each.name, "", metric.over_posts.value, metric.unit.value)
    return Definition(each.above, each.below, metric.over_posts.value, metric.unit.value)


def definition_in(parts: str, denominator: str, over_posts: str, unit: str) -> Definition:
    """A published figure's, as far as it is told: several parts, or interactions without a name, are engagements."""
    counted = ENGAGEMENTS if "+" in parts or parts == "interactions" else parts
    return Definition(counted, FOLLOWERS if denominator in BY_FOLLOWER else denominator, over_posts, unit)


def metrics_of(definition: Definition) -> tuple[Metric, ...]:
    """The metrics of exactly this definition."""
    return _by_definition(tuple(METRICS)).get(definition, ())


def denominator_of(metric: Metric) -> str:
    """What a metric divides by; empty where it does not divide."""
    return metric.each.below if isinstance(metric.each, Ratio) else ""


def parts_of(metric: Metric, network: Network) -> str:
    """What a metric counts on a network, in the words of published figures."""
    return "+".join(network.engagement_parts) if metric.uses_engagements else metric.each.names[0]


def differences(network: Network, metric: Metric, *, parts: str, denominator: str) -> tuple[str, ...]:
    """In what a figure of the same definition still departs from the metric, in sentences."""
    found = []
    if metric.uses_engagements and set(parts.split("+")) != set(network.engagement_parts):
        ours = ", ".join(network.engagement_parts)
        found.append(_("The source counts “%(theirs)s”; here it is %(ours)s.") % {"theirs": parts, "ours": ours})
    if sentence := BY_FOLLOWER.get(denominator):
        found.append(str(sentence))
    return tuple(found)


def why_beside_none(network: str, definition: Definition, post_format: str) -> str:
    """Why a published figure stands beside no metric, in one sentence; empty where it does."""
    if network not in NETWORKS:
        return _("It takes several networks together, so it stands beside no metric here.")
    if post_format:
        return _("It is about one format of posts, so it stands beside no metric here.")
    if NOT_STATED in definition:
        return _("Its source does not say how it was made, so it stands beside no metric here.")
    offered = [metric for metric in metrics_of(definition) if metric.offered_by(NETWORKS[network])]
    return "" if offered else _("No metric here has its definition, so it stands beside none.")


def _says_more(metric: Metric) -> bool:
    if not isinstance(metric.each, Column | Ratio):
        return True  # type: ignore[unreachable]  # until there is another sort
    others = [field for field in fields(metric) if field.name not in NO_DEFINITION | COMPARED]
    return any(getattr(metric, field.name) != _left_out(field) for field in others)


def _left_out(field: Field[Any]) -> object:
    """What a metric says that does not mention it."""
    return field.default if field.default_factory is MISSING else field.default_factory()


@lru_cache(maxsize=2)
def _by_definition(keys: tuple[str, ...]) -> dict[Definition, tuple[Metric, ...]]:
    found: dict[Definition, tuple[Metric, ...]] = {}
    for key in keys:
        definition = definition_of(METRICS[key])
        if definition is not None:
            found[definition] = (*found.get(definition, ()), METRICS[key])
    return found
