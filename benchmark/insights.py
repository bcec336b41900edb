"""Findings in plain sentences: who leads, where we stand, and what to watch."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.comparison import Standing, apart
from benchmark.metrics import METRICS, REASONS, REASONS_OF_SEVERAL, Metric, Statistic, Unit
from benchmark.metrics.figures import Figures

# What leads a page, the most telling first; the first that at least two rows have is taken.
HEADLINES = (
    "engagement_rate",
    "engagements_per_post_median",
    "views_per_post_median",
    "follower_growth_rate",
    "followers",
    "posts_per_week",
)

NO_BREAK = "\N{NO-BREAK SPACE}"  # a figure and its unit stay on one line

LEADS, WE_STAND, WATCH = "leads", "we_stand", "watch"


class Sentence(msgspec.Struct, frozen=True):
    """One finding: what it is about (`leads`, `we_stand`, `watch`), its code, its text, and the rows that it names."""

    about: str
    code: str
    text: str
    metric: str | None = None
    tracked_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Who a row is."""

    tracked_id: int
    name: str
    own: bool


@dataclass(frozen=True)
class Comparison:
    """All that sentences are made from. `write` puts a figure the way the page does (figure, unit).

    `rate` is the definition of the engagement rate that the reader has chosen.
    """

    rows: Sequence[Named]
    figures: Mapping[str, Figures]
    standings: Mapping[str, Standing]
    write: Callable[[float, str], str]
    rate: str = HEADLINES[0]

    @property
    def headlines(self) -> tuple[str, ...]:
        """What may lead, with the rate that was chosen."""
        return (self.rate, *HEADLINES[1:])

    @cached_property
    def headline(self) -> str | None:
        """The metric to speak of: the first with two ranked rows, else the first with one."""
        alone = None
        for key in self.headlines:
            ranked = len(self.ranked(key))
            if ranked > 1:
                return key
            if ranked and alone is None:
                alone = key
        return alone

    def ranked(self, key: str) -> list[int]:
        """The rows of the league with the most rows."""
        known = self.known(key)
        if not known:
            return []
        leagues = self.figures[key].leagues
        largest, _rows = Counter(leagues[row] for row in known).most_common(1)[0]
        return [row for row in known if leagues[row] == largest]

    def known(self, key: str) -> list[int]:
        """The rows that have a figure of this period; a follower count of another time is none."""
        if key not in self.standings:
            return []
        known = [row for row, value in enumerate(self.standings[key].values) if not math.isnan(value)]
        if METRICS[key].over_posts is not Statistic.AT_END:
            return known
        bases = self.figures[key].bases
        return [row for row in known if bases[row] != "backfilled"]

    def comparable(self, key: str, row: int) -> bool:
        """Whether some competitor's figure rests on the same basis as the row's."""
        known, leagues = self.known(key), self.figures[key].leagues
        return row in known and any(not self.rows[other].own and leagues[other] == leagues[row] for other in known)

    def written(self, key: str, value: float) -> str:
        unit = METRICS[key].unit
        text = self.write(value, unit.value)
        return f"{text}{NO_BREAK}%" if unit is Unit.PERCENT else text

    def ends(self, key: str, row: int) -> tuple[float, float]:
        return float(self.figures[key].low[row]), float(self.figures[key].high[row])

    def overlap(self, key: str, one: int, other: int) -> bool:
        """Whether two rows' figures are equal or their intervals meet, so that neither can be called ahead."""
        values = self.standings[key].values
        if values[one] == values[other]:
            return True  # also where there are no intervals
        ends = (*self.ends(key, one), *self.ends(key, other))
        if any(math.isnan(end) for end in ends):
            return METRICS[key].at_least > 0  # a few posts have no interval: nothing can be told apart
        return ends[0] <= ends[3] and ends[2] <= ends[1]


def verdict(metric: Metric, value: float, ends: tuple[float, float], middle: float) -> str:
    """A figure against the competitors' median: `ahead`, `behind`, `level`, or `near` where the interval reaches it.

    Every door takes its words from here, so that no card claims what a sentence leaves open. An end is NaN where there
    is no interval: a rate over a few posts then tells nothing apart, while a count is what it is.
    """
    if value == middle:
        return "level"
    if metric.at_least > 0 and not apart(*ends, middle):
        return "near"
    return "ahead" if value > middle else "behind"


def sentences(comparison: Comparison) -> tuple[Sentence, ...]:
    """Three findings, none of which claims more than the figures hold."""
    if not comparison.rows:
        return (_nobody_followed(),)
    return (_who_leads(comparison), _where_we_stand(comparison), _what_to_watch(comparison))


def _nobody_followed() -> Sentence:
    return Sentence(LEADS, "nobody_followed", _("Nobody is followed here yet. Add your own account and a competitor."))


# --- who leads -------------------------------------------------------------------------------------------------------


def _who_leads(comparison: Comparison) -> Sentence:
    key = comparison.headline
    if key is None:
        return _nothing_to_compare(comparison)
    best = sorted(comparison.ranked(key), key=lambda row: comparison.standings[key].ranks[row] or 0)
    if len(best) == 1:
        return _only_one(comparison, key, best[0])
    first, second = best[0], best[1]
    too_close = comparison.overlap(key, first, second)
    text = (
        _("Too close to call in %(metric)s: %(first)s (%(one)s) and %(second)s (%(other)s) cannot be told apart.")
        if too_close
        else _("%(first)s leads in %(metric)s with %(one)s, ahead of %(second)s with %(other)s.")
    )
    values = comparison.standings[key].values
    return Sentence(
        LEADS,
        "too_close_to_call" if too_close else "leads",
        text
        % {
            "metric": _metric(key),
            "first": comparison.rows[first].name,
            "one": comparison.written(key, values[first]),
            "second": comparison.rows[second].name,
            "other": comparison.written(key, values[second]),
        },
        key,
        (comparison.rows[first].tracked_id, comparison.rows[second].tracked_id),
    )


def _nothing_to_compare(comparison: Comparison) -> Sentence:
    """Why the period says nothing: the reason that most rows have."""
    known = (comparison.figures[key].reasons for key in comparison.headlines if key in comparison.figures)
    reasons = next((of_one for of_one in known if set(of_one) - {None, "not_published"}), [])
    counted = Counter(reason for reason in reasons if reason)
    usual = next((reason for reason, __ in counted.most_common(1)), "not_enough_posts")
    text = _("No profile can be compared in this period. %(why)s") % {
        "why": REASONS_OF_SEVERAL.get(usual, REASONS[usual])
    }
    return Sentence(LEADS, "nothing_to_compare", text)


def _only_one(comparison: Comparison, key: str, row: int) -> Sentence:
    text = _("%(name)s is the only profile with a figure for %(metric)s: %(value)s.") % {
        "name": comparison.rows[row].name,
        "metric": _metric(key),
        "value": comparison.written(key, comparison.standings[key].values[row]),
    }
    return Sentence(LEADS, "only_one", text, key, (comparison.rows[row].tracked_id,))


# --- where we stand --------------------------------------------------------------------------------------------------


def _where_we_stand(comparison: Comparison) -> Sentence:
    own = [row for row, named in enumerate(comparison.rows) if named.own]
    if not own:
        return Sentence(WE_STAND, "no_own_account", _("Add your own account to see where you stand."))
    key = _where_we_can_be_seen(comparison, own)
    if key is None:
        return _no_figure(comparison, own[0])
    known = [row for row in comparison.known(key) if row in own]
    ranks = comparison.standings[key].ranks
    best = min(known, key=lambda row: (not comparison.comparable(key, row), ranks[row] or 0))
    return _our_place(comparison, key, best)


def _where_we_can_be_seen(comparison: Comparison, own: Sequence[int]) -> str | None:
    """The first metric with somebody to hold us against, else the first in which we have a figure at all."""
    known = [key for key in comparison.headlines if not set(own).isdisjoint(comparison.known(key))]
    beside = (key for key in known if any(comparison.comparable(key, row) for row in own))
    return next(beside, known[0] if known else None)


def _no_figure(comparison: Comparison, row: int) -> Sentence:
    reasons = comparison.figures[comparison.rate].reasons if comparison.rate in comparison.figures else []
    reason = (reasons[row] if reasons else None) or "not_enough_posts"
    named = comparison.rows[row]
    text = _("%(name)s has no figure to stand on yet. %(why)s") % {"name": named.name, "why": REASONS[reason]}
    return Sentence(WE_STAND, reason, text, comparison.rate, (named.tracked_id,))


def _our_place(comparison: Comparison, key: str, row: int) -> Sentence:
    standing, named = comparison.standings[key], comparison.rows[row]
    given = {
        "name": named.name,
        "rank": standing.ranks[row],
        "of": standing.of[row],
        "metric": _metric(key),
        "value": comparison.written(key, standing.values[row]),
    }
    if not comparison.comparable(key, row):
        text = _("%(name)s stands at %(value)s in %(metric)s; no competitor can be compared with it.") % given
        return Sentence(WE_STAND, "nobody_to_compare", text, key, (named.tracked_id,))
    if standing.middle is None or comparison.figures[key].leagues[row] != standing.league:
        text = _("%(name)s is number %(rank)d of %(of)d in %(metric)s among figures of the same basis: %(value)s.")
        return Sentence(WE_STAND, "of_another_basis", text % given, key, (named.tracked_id,))
    given["middle"] = comparison.written(key, standing.middle)
    code, remark = _verdict(comparison, key, row, standing.middle)
    text = _("%(name)s is number %(rank)d of %(of)d in %(metric)s: %(value)s, the competitors' median is %(middle)s.")
    return Sentence(WE_STAND, code, f"{text % given} {remark}".strip(), key, (named.tracked_id,))


def _verdict(comparison: Comparison, key: str, row: int, middle: float) -> tuple[str, str]:
    """The code of where we stand, and what is said of it where the figures leave it open."""
    found = verdict(METRICS[key], comparison.standings[key].values[row], comparison.ends(key, row), middle)
    if found == "near":
        return "near_the_median", _("That is too close to call.")
    return ("near_the_median" if found == "level" else found), ""


# --- what to watch ---------------------------------------------------------------------------------------------------


def _what_to_watch(comparison: Comparison) -> Sentence:
    return next(
        (found for look in (_changed_rate, _fastest_growth, _changed_frequency) for found in look(comparison)),
        Sentence(WATCH, "nothing_stands_out", _("No change stands out from its uncertainty in this period.")),
    )


def _changed_rate(comparison: Comparison) -> Iterator[Sentence]:
    """The strongest change of the engagement rate that its interval cannot explain."""
    key = comparison.rate
    figures = comparison.figures.get(key)
    if figures is None:
        return
    changes = figures.percent.tolist()
    before = (figures.value - figures.change).tolist()
    moved = [
        row
        for row, percent in enumerate(changes)
        if not math.isnan(percent) and abs(percent) >= 10 and apart(*comparison.ends(key, row), before[row])
    ]
    if not moved:
        return
    row = max(moved, key=lambda row: abs(changes[row]))
    rose = changes[row] > 0
    text = (
        _("The engagement rate of %(name)s rose by %(points)s points (%(percent)s\N{NO-BREAK SPACE}%%) to %(value)s.")
        if rose
        else _(
            "The engagement rate of %(name)s fell by %(points)s points (%(percent)s\N{NO-BREAK SPACE}%%) to %(value)s."
        )
    )
    named = comparison.rows[row]
    given = {
        "name": named.name,
        "points": comparison.write(abs(float(figures.change[row])), Unit.PERCENT.value),
        "percent": comparison.write(abs(changes[row]), Unit.PERCENT.value),
        "value": comparison.written(key, comparison.standings[key].values[row]),
    }
    yield Sentence(WATCH, "rate_rose" if rose else "rate_fell", text % given, key, (named.tracked_id,))


def _fastest_growth(comparison: Comparison) -> Iterator[Sentence]:
    """Whose audience grows fastest, where it is more than what rounding hides."""
    key = "follower_growth_rate"
    standing = comparison.standings.get(key)
    if standing is None or comparison.headline == key:  # it has been told
        return
    growing = [row for row, value in enumerate(standing.values) if value > 0 and not comparison.ends(key, row)[0] <= 0]
    if len(growing) < 2:
        return
    row, second = sorted(growing, key=lambda row: -standing.values[row])[:2]
    if comparison.written(key, standing.values[row]) == comparison.written(key, standing.values[second]):
        return
    own = next((ours for ours, named in enumerate(comparison.rows) if named.own and standing.known(ours)), None)
    named = comparison.rows[row]
    given = {"name": named.name, "value": comparison.written(key, standing.values[row])}
    text = _("The audience of %(name)s grows fastest: %(value)s more followers in this period.") % given
    if own is not None and own != row:
        ours = {"name": comparison.rows[own].name, "value": comparison.written(key, standing.values[own])}
        text += " " + _("%(name)s: %(value)s.") % ours
    yield Sentence(WATCH, "grows_fastest", text, key, (named.tracked_id,))


def _changed_frequency(comparison: Comparison) -> Iterator[Sentence]:
    """Who publishes at least half as much again, or half as much, as before."""
    figures = comparison.figures.get("posts")
    if figures is None:
        return
    changes = [
        percent if not math.isnan(percent) and abs(change) >= 5 else 0.0
        for percent, change in zip(figures.percent.tolist(), figures.change.tolist(), strict=True)
    ]
    row = max(range(len(changes)), key=lambda row: abs(changes[row]))
    if abs(changes[row]) < 50:
        return
    posts, named = round(float(figures.value[row])), comparison.rows[row]
    before = round(float(figures.value[row] - figures.change[row]))
    text = ngettext(
        "%(name)s published %(posts)d post, after %(before)d in the period before.",
        "%(name)s published %(posts)d posts, after %(before)d in the period before.",
        posts,
    ) % {"name": named.name, "posts": posts, "before": before}
    yield Sentence(
        WATCH, "publishes_more" if changes[row] > 0 else "publishes_less", text, "posts", (named.tracked_id,)
    )


def _metric(key: str) -> str:
    """A metric's name within a sentence."""
    label = str(METRICS[key].label)
    return label[:1].lower() + label[1:]
