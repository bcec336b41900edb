"""What it takes to reach the middle of an industry, and its top quarter, in posts, engagements or followers.

Only of metrics where more is better, and only where a figure can be brought to something that somebody does or wins.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.industry.beside import COHORT, PUBLISHED, Distribution, Found, industry_name
from benchmark.industry.cohorts import days_of
from benchmark.industry.percentiles import over_days
from benchmark.industry.tiers import tier_name
from benchmark.industry.value import Figure, Gap
from benchmark.metrics import Metric, Statistic, Unit
from benchmark.metrics.base import FOLLOWERS, Better, Column
from benchmark.models.figure import ALL

Write = Callable[[float, str], str]

PER_POST, PER_WEEK = "per_post", "per_week"
OF_A_POST = {Statistic.MEAN, Statistic.MEDIAN, Statistic.RATIO_OF_SUMS}

# How much more of it, in words: the form for a number, into which `more` is written.
MORE: dict[tuple[str, str], Callable[[int], str]] = {
    ("engagements", PER_POST): lambda n: ngettext(
        "%(more)s more engagement per post", "%(more)s more engagements per post", n
    ),
    ("reactions", PER_POST): lambda n: ngettext(
        "%(more)s more reaction per post", "%(more)s more reactions per post", n
    ),
    ("comments", PER_POST): lambda n: ngettext("%(more)s more comment per post", "%(more)s more comments per post", n),
    ("shares", PER_POST): lambda n: ngettext("%(more)s more share per post", "%(more)s more shares per post", n),
    ("quotes", PER_POST): lambda n: ngettext("%(more)s more quote per post", "%(more)s more quotes per post", n),
    ("saves", PER_POST): lambda n: ngettext("%(more)s more save per post", "%(more)s more saves per post", n),
    ("views", PER_POST): lambda n: ngettext("%(more)s more view per post", "%(more)s more views per post", n),
    ("posts", PER_WEEK): lambda n: ngettext("%(more)s more post per week", "%(more)s more posts per week", n),
    ("engagements", PER_WEEK): lambda n: ngettext(
        "%(more)s more engagement per week", "%(more)s more engagements per week", n
    ),
    ("followers", PER_WEEK): lambda n: ngettext(
        "%(more)s more follower won per week", "%(more)s more followers won per week", n
    ),
}


@dataclass(frozen=True, slots=True)
class Account:
    """An own account: its row, its name, and how many follow it (NaN: not known)."""

    row: int
    tracked_id: int
    name: str
    followers: float


@dataclass(frozen=True, slots=True)
class Needed:
    """How many more of something it takes to a goal; None where that is reached, or cannot be told."""

    unit: tuple[str, str]
    to_median: float | None
    to_top_quarter: float | None


@dataclass(frozen=True, slots=True)
class Goal:
    """What an account is held against, in the metric's own unit and for the report's days."""

    kind: str
    whose: Distribution | Figure
    profiles: int | None
    median: float
    top_quarter: float | None


def gap_of(
    found: Found, account: Account, metric: Metric, value: float, basis: str | None, *, days: int, write: Write
) -> Gap | None:
    """What an own account lacks in a metric; None where it is in the top quarter, or nothing stands beside it."""
    unit = unit_of(metric)
    if unit is None or metric.better is not Better.HIGHER or math.isnan(value):
        return None
    goal = _goal(found, account, metric, basis, days=days)
    if goal is None:
        return None
    more = [
        missing(metric, value, aim, followers=account.followers, days=days) for aim in (goal.median, goal.top_quarter)
    ]
    needed = Needed(unit, *more)
    if more == [None, None]:
        return None
    return Gap(
        metric=metric.key,
        tracked_id=account.tracked_id,
        unit="_".join(unit),
        value=value,
        median=_ten_digits(goal.median),
        top_quarter=None if goal.top_quarter is None else _ten_digits(goal.top_quarter),
        to_median=needed.to_median,
        to_top_quarter=needed.to_top_quarter,
        profiles=goal.profiles,
        kind=goal.kind,
        industry=goal.whose.industry,
        sentence=_sentence(account, metric, goal, needed, write),
    )


def unit_of(metric: Metric) -> tuple[str, str] | None:
    """In what a metric's gap is told: what is counted, and for what; None where there is no such thing."""
    each, over = metric.each, metric.over_posts
    if over in {Statistic.GROWTH, Statistic.GROWTH_RATE, Statistic.GROWTH_WEEKLY}:
        unit = ("followers", PER_WEEK)
    elif over is Statistic.PER_WEEK and isinstance(each, Column):
        unit = (each.name, PER_WEEK)
    elif over in OF_A_POST and (isinstance(each, Column) or each.below == FOLLOWERS):
        unit = (each.names[0], PER_POST)
    else:
        return None
    return unit if unit in MORE else None


def missing(metric: Metric, value: float, goal: float | None, *, followers: float, days: int) -> float | None:
    """How many more it takes from a figure to a goal; None where that is reached, or cannot be told."""
    if goal is None or value >= goal:
        return None
    difference = goal - value
    if metric.over_posts is Statistic.GROWTH:
        difference *= 7 / days
    elif metric.over_posts is Statistic.GROWTH_RATE:
        difference *= followers / (100 + value) * 7 / days  # of those at the beginning
    elif metric.over_posts is Statistic.GROWTH_WEEKLY:
        difference *= followers / 100
    elif not isinstance(metric.each, Column):
        difference *= followers / metric.each.times
    return _ten_digits(difference) if difference > 0 else None


def rounded_up(number: float) -> tuple[float, int]:
    """With two significant digits, three from a hundred on: never less than what it takes. And its decimals."""
    places = (3 if number >= 100 else 2) - 1 - math.floor(math.log10(number))
    step = 10.0**-places
    decimals = max(places, 0)
    return round(math.ceil(round(number / step, 6)) * step, decimals), decimals


def _goal(found: Found, account: Account, metric: Metric, basis: str | None, *, days: int) -> Goal | None:
    """The account's cohort; where it has none, a published figure that says exactly the same as the metric."""
    cohort = found.distribution(account.row, metric.key)
    if cohort is not None and cohort.basis == basis:
        return _goal_of_cohort(cohort, metric, days)
    member = found.members[account.row]
    published = [
        figure
        for figure in found.published
        if figure.metric == metric.key and figure.target and not figure.differences and not member.pretend
    ]
    for industry in (member.industry, ALL):
        for median in published:
            if median.industry == industry and median.over_profiles == "median" and not median.follower_tier:
                return _goal_of_source(median, published)
    return None


def _goal_of_cohort(cohort: Distribution, metric: Metric, days: int) -> Goal:
    month = days_of(cohort.month)

    def in_period(figure: float) -> float:
        return float(over_days(np.array(figure), metric.over_posts, days=days, instead_of=month))

    spread = cohort.spread
    return Goal(COHORT, cohort, cohort.profiles, in_period(spread.p50), in_period(spread.p75))


def _goal_of_source(median: Figure, published: list[Figure]) -> Goal:
    """A published median, and the upper quartile if the same source has it."""
    same = (median.source, median.year, median.published_industry, median.follower_tier)
    tops = [
        figure.value
        for figure in published
        if figure.over_profiles == "p75"
        and (figure.source, figure.year, figure.published_industry, figure.follower_tier) == same
    ]
    return Goal(PUBLISHED, median, median.profiles, median.value, tops[0] if tops else None)


def _in_words(whose: Distribution | Figure) -> str:
    """Whose median it is."""
    if isinstance(whose, Figure):
        words = {"industry": whose.industry_label, "publisher": whose.publisher, "year": whose.year}
        return _("%(industry)s as published by %(publisher)s for %(year)s") % words
    of = _("%(n)d profiles of all industries") % {"n": whose.profiles}
    if whose.industry != ALL:
        of = _("%(n)d profiles in %(industry)s") % {"n": whose.profiles, "industry": industry_name(whose.industry)}
    if not whose.follower_tier:
        return of
    return _("%(profiles)s with %(tier)s") % {"profiles": of, "tier": tier_name(whose.follower_tier)}


def _sentence(account: Account, metric: Metric, goal: Goal, needed: Needed, write: Write) -> str:
    """The gap as a person would say it."""

    def figure(number: float | None) -> str:
        text = "" if number is None else write(number, metric.unit.value)
        return f"{text}\N{NO-BREAK SPACE}%" if metric.unit is Unit.PERCENT else text

    words = {
        "name": account.name,
        "metric": metric.label,
        "of": _in_words(goal.whose),
        "median": figure(goal.median),
        "top": figure(goal.top_quarter),
        "to_median": _more(needed.unit, needed.to_median, write),
        "to_top": _more(needed.unit, needed.to_top_quarter, write),
        "top_number": _written(needed.to_top_quarter, write),
    }
    if needed.to_median is None:
        return _("%(name)s, %(metric)s: %(to_top)s would reach the top quarter (%(top)s) of %(of)s.") % words
    if needed.to_top_quarter is None:
        return _("%(name)s, %(metric)s: %(to_median)s would reach the median (%(median)s) of %(of)s.") % words
    return (
        _(
            "%(name)s, %(metric)s: %(to_median)s would reach the median (%(median)s) of %(of)s,"
            " %(top_number)s more the top quarter (%(top)s)."
        )
        % words
    )


def _more(unit: tuple[str, str], number: float | None, write: Write) -> str:
    if number is None:
        return ""
    return MORE[unit](1 if rounded_up(number)[0] == 1 else 2) % {"more": _written(number, write)}


def _written(number: float | None, write: Write) -> str:
    """As many digits as it was rounded to; from a thousand on, like all figures."""
    if number is None:
        return ""
    needed, decimals = rounded_up(number)
    if needed >= 1000 or needed.is_integer():
        return write(needed, "count")
    return number_format(f"{needed:.{decimals}f}")


def _ten_digits(number: float) -> float:
    return float(f"{number:.10g}")
