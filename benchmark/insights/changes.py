"""What changed since the period before."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.comparison import apart
from benchmark.insights.comparison import WATCH, Comparison, Sentence
from benchmark.metrics import Unit

Ranked = tuple[float, Sentence]  # how much a finding matters: as the log of how many times more or less


def changes(comparison: Comparison) -> Iterator[Ranked]:
    """What changed since the period before, and who grows fastest."""
    for look in (_changed_rate, _fastest_growth, _changed_frequency):
        yield from look(comparison)


def _changed_rate(comparison: Comparison) -> Iterator[Ranked]:
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
    who = comparison.rows[row]
    given = {
        "name": who.name,
        "points": comparison.write(abs(float(figures.change[row])), Unit.PERCENT.value),
        "percent": comparison.write(abs(changes[row]), Unit.PERCENT.value),
        "value": comparison.written(key, comparison.standings[key].values[row]),
    }
    code, evidence = "rate_rose" if rose else "rate_fell", comparison.evidence(key, row)
    yield (
        size(before[row], float(figures.value[row])),
        Sentence(WATCH, code, text % given, key, (who.tracked_id,), evidence),
    )


def _fastest_growth(comparison: Comparison) -> Iterator[Ranked]:
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
    own = next((ours for ours, who in enumerate(comparison.rows) if who.own and standing.known(ours)), None)
    who = comparison.rows[row]
    given = {"name": who.name, "value": comparison.written(key, standing.values[row])}
    text = _("The audience of %(name)s grows fastest: %(value)s more followers in this period.") % given
    if own is not None and own != row:
        ours = {"name": comparison.rows[own].name, "value": comparison.written(key, standing.values[own])}
        text += " " + _("%(name)s: %(value)s.") % ours
    rows = [row] if own is None or own == row else [row, own]
    yield (
        size(100, 100 + standing.values[row]),
        Sentence(WATCH, "grows_fastest", text, key, (who.tracked_id,), comparison.evidence(key, *rows)),
    )


def _changed_frequency(comparison: Comparison) -> Iterator[Ranked]:
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
    posts, who = round(float(figures.value[row])), comparison.rows[row]
    before = round(float(figures.value[row] - figures.change[row]))
    text = ngettext(
        "%(name)s published %(posts)d post, after %(before)d in the period before.",
        "%(name)s published %(posts)d posts, after %(before)d in the period before.",
        posts,
    ) % {"name": who.name, "posts": posts, "before": before}
    code, evidence = "publishes_more" if changes[row] > 0 else "publishes_less", comparison.evidence("posts", row)
    yield size(before, posts), Sentence(WATCH, code, text, "posts", (who.tracked_id,), evidence)


def size(before: float, now: float) -> float:
    """How much a change matters: twice as much and half as much matter alike; from or to nothing as ten times."""
    return abs(math.log(now / before)) if now > 0 and before > 0 else math.log(10)
