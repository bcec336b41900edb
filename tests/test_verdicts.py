"""Who is ahead of whom, and how sure that is."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from benchmark.comparison import WRONG, Verdict, verdicts
from benchmark.metrics import METRICS
from benchmark.metrics.figures import Figures
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import drawn, follow, profile, report

RATE, POSTS, PAUSE, KIND = (METRICS[key] for key in ("engagement_rate", "posts", "longest_pause", "video_posts_share"))
AHEAD, BEHIND, CLOSE, FEW, LEVEL = (
    Verdict.AHEAD, Verdict.BEHIND, Verdict.TOO_CLOSE, Verdict.NOT_ENOUGH_POSTS, Verdict.LEVEL,
)  # fmt: skip


def figures(*rows, leagues=None):
    """Rows of (low, value, high); a number alone has no interval."""
    triples = [row if isinstance(row, tuple) else (math.nan, row, math.nan) for row in rows]
    low, value, high = (np.array(column, dtype=np.float64) for column in zip(*triples, strict=True))
    nothing = np.full(len(rows), math.nan)
    return Figures(
        value=value,
        n=np.full(len(rows), 20),
        low=low,
        high=high,
        change=nothing,
        percent=nothing,
        change_bases=["all"] * len(rows),
        leagues=leagues or ["measured"] * len(rows),
    )


def against(metric, found):
    """How the first row stands against the others."""
    own = [True] + [False] * (len(found.value) - 1)
    return verdicts([metric], [found], own)[0][0]


def test_the_chance_comes_from_both_intervals():
    # The side of each interval that looks towards the other: 3 below our 10, and 4 above their 5.
    found = against(RATE, figures((7, 10, 12), (4.5, 5, 9)))

    assert found[0].chance == pytest.approx(norm.cdf(5 / 5 * 1.959964), rel=1e-3)
    assert found[0].verdict is AHEAD  # just: two-sided 5 %


def test_of_many_differences_only_those_are_called_that_stand_out_from_so_many():
    sure, nearly = (9.9, 10, 10.1), (7, 10, 12)
    alone = against(RATE, figures(nearly, (4.5, 5, 9)))
    among = against(RATE, figures(nearly, (4.5, 5, 9), *[(7, 10, 12)] * 9))

    assert [each.verdict for each in alone] == [AHEAD]
    assert [each.verdict for each in among] == [CLOSE] * 10
    assert among[0].chance == alone[0].chance
    # With the ten of them called wrongly once in 20 x 10, the largest difference is still seen.
    assert against(RATE, figures(sure, (0.9, 1, 1.1), *[(7, 10, 12)] * 9))[0].verdict is AHEAD


def test_half_the_differences_may_pass_at_half_the_limit():
    # Two-sided chances of 0.02, 0.02 and 0.9 and 0.9: the second of four may be wrong in 0.05 x 2 / 4 = 0.025.
    width = 1.959964
    rows = [(10.0 - 1 * width, 10.0, 10.0 + 1 * width)]
    for chance in (0.02, 0.02, 0.9, 0.9):
        apart = norm.isf(chance / 2)
        rows.append((10 - apart, 10 - apart, 10 - apart))

    assert WRONG == 0.05
    assert [each.verdict for each in against(RATE, figures(*rows))] == [AHEAD, AHEAD, CLOSE, CLOSE]


def test_a_rate_without_an_interval_has_too_few_posts_for_a_verdict():
    found = against(RATE, figures((7, 10, 12), 5))
    assert [(each.verdict, each.chance) for each in found] == [(FEW, None)]
    assert against(RATE, figures(10, (4, 5, 6)))[0].verdict is FEW


def test_counts_are_what_they_are_unless_the_network_rounds_them():
    assert [each.verdict for each in against(POSTS, figures(10, 9, 11, 10))] == [AHEAD, BEHIND, LEVEL]
    followers = METRICS["followers"]
    rounded = figures((1230, 1230, 1239), (1230, 1230.5, 1239), (1240, 1240, 1249))
    assert [each.verdict for each in against(followers, rounded)] == [CLOSE, BEHIND]


def test_where_less_is_better_the_smaller_one_is_ahead():
    assert [each.verdict for each in against(PAUSE, figures(3, 5, 2))] == [AHEAD, BEHIND]


def test_where_neither_is_better_nobody_is_ahead():
    assert against(KIND, figures(30, 50)) == []


def test_other_bases_and_missing_figures_are_left_out():
    leagues = ["measured", "measured", "backfilled", "measured"]
    found = against(RATE, figures((7, 10, 12), (1, 2, 3), (1, 2, 3), math.nan, leagues=leagues))

    assert [each.row for each in found] == [1]
    assert against(RATE, replace(figures((1, 1, 1), (1, 2, 3)), value=np.array([math.nan, 2]))) == []


def test_two_equal_figures_without_spread_are_too_close():
    assert against(RATE, figures((5, 5, 5), (5, 5, 5)))[0].verdict is CLOSE


def test_samples_of_one_page_are_rarely_told_apart():
    """Of two brands that are one, at most every twentieth pair may be called different."""
    from benchmark.metrics import intervals

    posts = np.random.default_rng(5).lognormal(4, 1.2, size=(2, 600, 30))
    ordered = np.sort(posts, axis=-1)
    low, high = intervals.median_intervals(ordered, np.full((2, 600), 30))
    medians = np.median(posts, axis=-1)
    called = [
        against(RATE, figures(*zip(low[:, pair], medians[:, pair], high[:, pair], strict=True)))[0].verdict
        for pair in range(600)
    ]

    assert called.count(CLOSE) >= 0.95 * 600


# --- in a report -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_report_says_how_an_own_account_stands_against_each_competitor():
    workspace = WorkspaceFactory.create()
    ours, weak, few = profile(), profile(), profile()
    tracked = [follow(workspace, ours, own=True), follow(workspace, weak), follow(workspace, few)]
    for of, days, reactions in ((ours, 20, 90), (weak, 20, 10), (few, 5, 10)):
        lines = (f"2025-03-{day:02} {reactions + day} 0 0 0 1000\n" for day in range(1, days + 1))
        drawn("posted reactions comments shares quotes followers\n" + "".join(lines), of=of)

    found = report(workspace)
    (position,) = found.summary["engagement_rate"].own

    assert [(each.tracked_id, each.verdict) for each in position.against] == [
        (tracked[1].pk, "ahead"),
        (tracked[2].pk, "not_enough_posts"),
    ]
    assert (position.against[0].chance or 0) > 0.99
    (posts,) = found.summary["posts"].own
    assert [(each.verdict, each.chance) for each in posts.against] == [("level", None), ("ahead", None)]


@pytest.mark.django_db
def test_a_report_draws_profiles_with_few_posts_to_the_middle():
    workspace = WorkspaceFactory.create()
    followed = []
    for place in range(5):
        of = profile()
        followed.append(follow(workspace, of, own=place == 0))
        lines = (f"2025-03-{day:02} {10 * 2**place * (1 + day % 2)} 0 0 0 1000\n" for day in range(1, 7))
        drawn("posted reactions comments shares quotes followers\n" + "".join(lines), of=of)

    shrunken = report(workspace).summary["engagement_rate"].shrunken

    assert [each.tracked_id for each in shrunken] == [each.pk for each in reversed(followed)]
    assert [each.rank for each in shrunken] == [1, 2, 3, 4, 5]
    assert all(0.5 < each.weight < 1 for each in shrunken)
    # The geometric mean of 16 and 32 %, drawn down towards that of the middle profile, 4 and 8 %.
    assert math.sqrt(4 * 8) < shrunken[0].value < math.sqrt(16 * 32)
    assert report(workspace).summary["engagements_per_post"].shrunken == ()
