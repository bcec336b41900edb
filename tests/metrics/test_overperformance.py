"""How posts did beside their account's own: the middle half of the last hundred of the kind, at the same age."""

import math
from datetime import timedelta
from statistics import fmean

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark import reports
from benchmark.metrics.factors import shipped_with
from benchmark.metrics.overperformance import FEWEST, LAST, middle_half
from benchmark.networks import NETWORKS
from benchmark.reports import periods
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, follow, profile
from tests.factories.rows import OwnInsightFactory, PostFactory, PostReadingFactory

NOTHING = {"comments": 0, "shares": 0, "quotes": 0}
BEFORE = [40, 50, 60, 70, 80, 90, 100, 110, 120, 380]  # the middle six: 60 to 110, in the mean 85


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


@pytest.fixture
def account(workspace):
    found = profile()
    follow(workspace, found)
    return found


def published(of, days_ago, reactions, *, kind="text", read=30, **fields):
    """A post of so many days ago, read when it was `read` days old, or now if that is earlier."""
    at = NOW - timedelta(days=days_ago)
    read_at = min(at + timedelta(days=read), NOW)
    return PostFactory.create(
        profile=of, published_at=at, read_at=read_at, reactions=reactions, kind=kind, **NOTHING | fields
    )


def before(of, counts=BEFORE, *, days_ago=30, **fields):
    """Posts of earlier days, the first one the oldest."""
    return [published(of, days_ago - number / 100, count, **fields) for number, count in enumerate(counts)]


def asked(workspace, *, start="2025-05-03", end="2025-06-01", now=NOW):
    period = periods.parse(start=start, end=end, now=now)
    return reports.benchmark(workspace, "bluesky", period, overperformance=True, now=now)


def top(report, post):
    return next(top for top in report.top_posts if top.id == post.pk)


def score_of(report, post):
    return top(report, post).overperformance


# --- the middle half -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (BEFORE, 85),  # ten: two from each end
        ([1, 2, 3, 4], 2.5),
        ([7], 7),
        ([1, 2, 3], 2),  # a quarter of three is none
        ([5, 100, 5, 5, 5, 5, 5, 1], 5),
    ],
)
def test_the_middle_half_leaves_out_a_quarter_at_each_end(values, expected):
    mean, n = middle_half(np.array([values], dtype=float))
    assert (mean[0], n[0]) == (expected, len(values))


def test_what_is_not_known_takes_no_part():
    nan = float("nan")
    mean, n = middle_half(np.array([[nan, 1, nan, 2, 3, 400], [nan] * 6]))
    assert (mean[0], n.tolist()) == (2.5, [4, 0])
    assert np.isnan(mean[1])


# --- mature posts ----------------------------------------------------------------------------------------------------


def test_a_post_is_held_against_the_middle_half_of_those_before_it(workspace, account):
    before(account)
    good, bad = published(account, 10, 340), published(account, 9, 17)

    found = asked(workspace)

    (over,), (under,) = found.overperforming, found.underperforming
    assert (over.id, over.actual, over.expected, over.n, over.basis) == (good.pk, 340, 85, 10, "same_kind")
    assert (over.score, over.times, over.age_hours, over.provisional) == (4, 4, None, False)
    # The second has the first before it too: of eleven the middle seven, 60 to 120.
    assert (under.id, under.expected, under.n) == (bad.pk, 90, 11)
    assert (under.score, under.times) == (0.1888888889, -5.294117647)
    assert score_of(found, good) == 4


def test_of_the_posts_before_only_the_last_hundred_count(workspace, account):
    before(account, [10_000] * 50 + [100] * LAST, days_ago=80)
    good = published(account, 10, 300)

    (over,) = asked(workspace).overperforming

    assert (over.id, over.expected, over.n) == (good.pk, 100, LAST)


def test_posts_of_other_kinds_count_where_the_kind_has_too_few(workspace, account):
    before(account, [100] * (FEWEST - 1), kind="video")
    before(account, [50] * FEWEST, kind="photo", days_ago=31)
    video, photo = published(account, 10, 600, kind="video"), published(account, 9, 500, kind="photo")

    found = {post.id: post for post in asked(workspace).overperforming}

    assert (found[photo.pk].basis, found[photo.pk].n, found[photo.pk].expected) == ("same_kind", 10, 50)
    # Nineteen posts of all kinds: four from each end, and of the eleven left six have 50 and five have 100.
    expected = float(f"{(6 * 50 + 5 * 100) / 11:.10g}")
    assert (found[video.pk].basis, found[video.pk].n, found[video.pk].expected) == ("all_kinds", 19, expected)


def test_with_too_few_posts_nothing_is_expected(workspace, account):
    before(account, [100] * (FEWEST - 1))
    post = published(account, 10, 900)

    found = asked(workspace)

    assert (found.overperforming, found.underperforming) == ((), ())
    assert (score_of(found, post), top(found, post).overperformance_reason) == (None, "not_enough_posts")


def test_where_nothing_ever_came_nothing_is_expected(workspace, account):
    before(account, [0] * FEWEST)
    post = published(account, 10, 900)

    found = asked(workspace)

    assert found.overperforming == ()
    assert (score_of(found, post), top(found, post).overperformance_reason) == (None, "nothing_expected")


def test_posts_without_known_engagements_are_neither_scored_nor_counted(workspace, account):
    before(account)
    before(account, [9_000] * 5, comments=None, days_ago=25)
    published(account, 10, 900, comments=None)
    good = published(account, 9, 340)

    (over,) = asked(workspace).overperforming

    assert (over.id, over.n, over.expected) == (good.pk, 10, 85)


def test_small_counts_are_left_out_of_the_lists(workspace, account):
    before(account, [2] * 12)
    post = published(account, 10, 19)

    found = asked(workspace)

    assert found.overperforming == ()
    assert score_of(found, post) == 9.5


def test_a_post_with_nothing_has_a_score_but_no_times(workspace, account):
    before(account)
    post = published(account, 10, 0)

    (under,) = asked(workspace).underperforming

    assert (under.id, under.actual, under.score, under.times) == (post.pk, 0, 0, None)


def test_the_lists_hold_five_each_the_farthest_first(workspace, account):
    before(account, [100] * 60)
    for number in range(8):
        published(account, 10 - number / 100, 300 + number)
        published(account, 9 - number / 100, 20 + number)

    found = asked(workspace)

    assert [post.actual for post in found.overperforming] == [307, 306, 305, 304, 303]
    assert [post.actual for post in found.underperforming] == [20, 21, 22, 23, 24]


def test_a_short_period_looks_ninety_days_back(workspace, account):
    before(account, days_ago=60)
    before(account, [9_999] * 20, days_ago=97)
    good = published(account, 3.5, 340)

    (over,) = asked(workspace, start="2025-05-26").overperforming

    assert (over.id, over.n, over.expected) == (good.pk, 10, 85)


def test_another_account_is_no_measure(workspace, account):
    other = profile()
    follow(workspace, other)
    before(other, [10] * 20)
    before(account)
    good = published(account, 10, 340)

    (over,) = asked(workspace).overperforming

    assert (over.id, over.profile_id, over.expected) == (good.pk, account.pk, 85)


def test_nobody_asked_is_not_the_same_as_none(workspace, account):
    before(account)
    published(account, 10, 340)
    period = periods.parse(start="2025-05-03", end="2025-06-01", now=NOW)

    found = reports.benchmark(workspace, "bluesky", period, now=NOW)

    assert (found.overperforming, found.underperforming) == (None, None)
    assert {(top.overperformance, top.overperformance_reason) for top in found.top_posts} == {(None, None)}


def test_without_posts_there_is_nothing_to_score(workspace, account):
    found = asked(workspace)
    assert (found.overperforming, found.underperforming) == ((), ())


# --- young posts -----------------------------------------------------------------------------------------------------


def read_at(post, hours, reactions):
    PostReadingFactory.create(post=post, checkpoint=hours, reactions=reactions, saves=None)


def test_a_young_post_is_held_against_what_the_others_had_at_its_checkpoint(workspace, account):
    for post, at_a_day in zip(before(account, [1_000] * 10), BEFORE, strict=True):
        read_at(post, 24, at_a_day)
        read_at(post, 48, 999)
    young = published(account, 1.25, 400)  # thirty hours
    read_at(young, 24, 340)

    (over,) = asked(workspace).overperforming

    assert (over.id, over.age_hours, over.provisional, over.basis) == (young.pk, 24, True, "same_kind")
    assert (over.actual, over.expected, over.score, over.n) == (340, 85, 4, 10)


def test_other_kinds_stand_in_at_the_checkpoint_too(workspace, account):
    for post in before(account, [1_000] * 10, kind="photo"):
        read_at(post, 24, 100)
    young = published(account, 1.25, 400, kind="video")
    read_at(young, 24, 340)

    (over,) = asked(workspace).overperforming

    assert (over.basis, over.expected, over.age_hours) == ("all_kinds", 100, 24)


def test_where_too_few_were_read_at_its_age_their_final_counts_are_brought_to_it(workspace, account):
    before(account)  # read when they were old, never at a day
    published(account, 1, 340)

    (over,) = asked(workspace).overperforming

    at_a_day = next(each.middle for each in shipped_with(NETWORKS["bluesky"]).factors if each.hours == 24)
    expected = float(f"{85 / math.exp(at_a_day):.10g}")
    assert (over.basis, over.age_hours, over.n, over.expected) == ("curve", None, 10, expected)
    assert over.score == float(f"{340 / (85 / math.exp(at_a_day)):.10g}")


def test_a_post_under_an_hour_is_not_judged(workspace, account):
    before(account)
    post = published(account, 0.03, 900)

    found = asked(workspace)

    assert found.overperforming == ()
    assert (score_of(found, post), top(found, post).overperformance_reason) == (None, "too_young")


# --- properties and cost ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@given(
    counts=st.lists(st.tuples(st.integers(0, 500), st.sampled_from(["text", "photo"])), min_size=1, max_size=40),
    times=st.sampled_from([1, 7]),
)
@settings(max_examples=12, deadline=None)
def test_every_score_is_the_one_that_plain_python_finds_and_scaling_changes_none(counts, times):
    workspace = WorkspaceFactory.create()
    account = profile()
    follow(workspace, account)
    posts = [
        published(account, 28 - number / 2, count * times, kind=kind) for number, (count, kind) in enumerate(counts)
    ]

    found = {top.id: top.overperformance for top in asked(workspace).top_posts}

    for number, post in enumerate(posts):
        if post.pk in found and NOW - post.published_at > timedelta(days=3):
            assert found[post.pk] == plain_score(counts[:number], counts[number])


def plain_score(earlier, post):
    """The same in words: the middle half of the posts of the kind before, or of all kinds, ten of them at least."""
    count, kind = post
    alike = [each for each, its_kind in earlier if its_kind == kind]
    usable = sorted(alike if len(alike) >= 10 else [each for each, _ in earlier])
    if len(usable) < 10:
        return None
    cut = len(usable) // 4
    expected = fmean(usable[cut : len(usable) - cut])
    return float(f"{count / expected:.10g}") if expected else None


def test_twice_the_posts_cost_the_same_queries(workspace, account):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            asked(workspace)
        return len(captured)

    def fill(of):
        for post in before(of):
            read_at(post, 24, 50)
            OwnInsightFactory.create(workspace=workspace, post=post)
        read_at(published(of, 1.25, 900), 24, 340)

    fill(account)
    few = queries()
    for _ in range(3):
        another = profile()
        follow(workspace, another)
        fill(another)

    assert queries() == few <= 17
