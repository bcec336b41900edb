"""Who leads, and where we stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from benchmark.comparison import Verdict
from benchmark.insights.comparison import LEADS, WE_STAND, Comparison, Sentence, named, verdict
from benchmark.metrics import METRICS, REASONS, REASONS_OF_SEVERAL

FEWEST_AGAINST = 3  # with fewer competitors the place says it all


def nobody_followed() -> Sentence:
    return Sentence(LEADS, "nobody_followed", _("Nobody is followed here yet. Add your own account and a competitor."))


# --- who leads -------------------------------------------------------------------------------------------------------


def who_leads(comparison: Comparison) -> Sentence:
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
            "metric": named(key),
            "first": comparison.rows[first].name,
            "one": comparison.written(key, values[first]),
            "second": comparison.rows[second].name,
            "other": comparison.written(key, values[second]),
        },
        key,
        (comparison.rows[first].tracked_id, comparison.rows[second].tracked_id),
        comparison.evidence(key, first, second),
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
        "metric": named(key),
        "value": comparison.written(key, comparison.standings[key].values[row]),
    }
    evidence = comparison.evidence(key, row)
    return Sentence(LEADS, "only_one", text, key, (comparison.rows[row].tracked_id,), evidence)


def where_we_stand(comparison: Comparison) -> Sentence:
    own = [row for row, who in enumerate(comparison.rows) if who.own]
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
    who = comparison.rows[row]
    text = _("%(name)s has no figure to stand on yet. %(why)s") % {"name": who.name, "why": REASONS[reason]}
    return Sentence(WE_STAND, reason, text, comparison.rate, (who.tracked_id,))


def _our_place(comparison: Comparison, key: str, row: int) -> Sentence:
    standing, who = comparison.standings[key], comparison.rows[row]
    evidence = comparison.evidence(key, row)
    given = {
        "name": who.name,
        "rank": standing.ranks[row],
        "of": standing.of[row],
        "metric": named(key),
        "value": comparison.written(key, standing.values[row]),
    }
    if not comparison.comparable(key, row):
        text = _("%(name)s stands at %(value)s in %(metric)s; no competitor can be compared with it.") % given
        return Sentence(WE_STAND, "nobody_to_compare", text, key, (who.tracked_id,), evidence)
    if standing.middle is None or comparison.figures[key].leagues[row] != standing.league:
        text = _("%(name)s is number %(rank)d of %(of)d in %(metric)s among figures of the same basis: %(value)s.")
        return Sentence(WE_STAND, "of_another_basis", text % given, key, (who.tracked_id,), evidence)
    given["middle"] = comparison.written(key, standing.middle)
    code, remark = _verdict(comparison, key, row, standing.middle)
    text = _("%(name)s is number %(rank)d of %(of)d in %(metric)s: %(value)s, the competitors' median is %(middle)s.")
    parts = [text % given, remark, _against_each(comparison, key, row)]
    return Sentence(WE_STAND, code, " ".join(filter(None, parts)), key, (who.tracked_id,), evidence)


def _verdict(comparison: Comparison, key: str, row: int, middle: float) -> tuple[str, str]:
    """The code of where we stand, and what is said of it where the figures leave it open."""
    found = verdict(METRICS[key], comparison.standings[key].values[row], comparison.ends(key, row), middle)
    if found == "near":
        return "near_the_median", _("That is too close to call.")
    return ("near_the_median" if found == "level" else found), ""


def _against_each(comparison: Comparison, key: str, row: int) -> str:
    """How many competitors we are ahead of, behind, and too close to; where there are enough to count."""
    against = comparison.verdicts.get(key, {}).get(row, ())
    if len(against) < FEWEST_AGAINST or not METRICS[key].sampled:
        return ""
    counts = Counter(each.verdict for each in against)
    words = {
        Verdict.AHEAD: _("ahead of %(n)d"),
        Verdict.BEHIND: _("behind %(n)d"),
        Verdict.TOO_CLOSE: _("too close to call with %(n)d"),
        Verdict.NOT_ENOUGH_POSTS: _("%(n)d with too few posts"),
    }
    told = [form % {"n": counts[each]} for each, form in words.items() if counts[each]]
    return _("Competitor by competitor: %(told)s.") % {"told": ", ".join(told)}
