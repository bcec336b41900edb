"""Estimated reach in a report: where it stands, with what range, beside what, and why there is none."""

from datetime import timedelta

import numpy as np
import pytest
from django.db.models import F

from benchmark import reach
from benchmark.exports import csv, plain
from benchmark.models import OwnInsight, ReachModel
from benchmark.reach.estimating import middle
from benchmark.reach.estimator import Estimates, Estimator
from benchmark.reach.signals import Signals
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, profile, report, values_of
from tests.factories.rows import OwnInsightFactory, PostFactory
from tests.reach.rows import account, own_page, posts_of

pytestmark = pytest.mark.django_db

METRIC = "reach_per_post_median"


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def learn(workspace, network="facebook"):
    return reach.fit(workspace.pk, network, now=NOW - timedelta(days=2))


def reach_of(workspace, tracked, network="facebook"):
    return values_of(report(workspace, network), tracked)[METRIC]


def cautions(workspace, network="facebook"):
    return {caution.code: caution for caution in report(workspace, network).warnings}


# --- where it stands -------------------------------------------------------------------------------------------------


def test_a_competitors_reach_is_estimated_from_our_own_posts_with_a_range(workspace):
    own_page(workspace, times=3)
    rival = account(workspace, [50, 100, 200])
    learn(workspace)

    found = reach_of(workspace, rival)

    assert found.value == pytest.approx(300, rel=0.05)  # three people for each of the 100 reactions of the middle post
    assert found.low <= found.value <= found.high
    assert (found.basis, found.reason, found.n) == ("estimated", None, 3)
    assert found.change is None


def test_our_own_measured_reach_stays_what_it_is(workspace):
    page = own_page(workspace, times=3)
    account(workspace, [50, 100, 200])
    learn(workspace)
    expected = np.median([round(3 * (post.reactions or 0)) for post in posts_of(page)])

    found = reach_of(workspace, page)

    assert (found.value, found.basis) == (expected, "measured")


def test_an_own_account_that_nobody_measured_is_estimated_too_and_not_ranked_with_competitors(workspace):
    own_page(workspace, times=3)
    unmeasured, rival = account(workspace, [100] * 5, own=True), account(workspace, [200] * 5)
    learn(workspace)

    ours, theirs = reach_of(workspace, unmeasured), reach_of(workspace, rival)

    assert (ours.basis, theirs.basis) == ("estimated", "estimated")
    assert (ours.rank, ours.of, theirs.rank, theirs.of) == (1, 1, 1, 1)


def test_estimates_are_never_ranked_with_what_was_measured_and_have_no_median_of_their_own(workspace):
    own_page(workspace, times=3)
    rivals = [account(workspace, [count] * 5) for count in (50, 100, 200)]
    learn(workspace)

    found = report(workspace, "facebook")

    assert [values_of(found, rival)[METRIC].rank for rival in rivals] == [3, 2, 1]
    assert {values_of(found, rival)[METRIC].of for rival in rivals} == {3}
    summary = found.summary[METRIC]
    assert (summary.median, summary.mean, summary.n) == (None, None, 0)
    assert [own.difference for own in summary.own] == [None]


def test_published_views_go_before_an_estimate(workspace):
    own_page(workspace, times=3, network="youtube")
    theirs = profile("youtube")
    follow(workspace, theirs)
    drawn("posted read reactions comments views\n2025-03-20 2025-05-20 100 0 700", of=theirs)
    hidden = profile("youtube")
    follow(workspace, hidden)
    drawn("posted read reactions comments views\n2025-03-20 2025-05-20 100 0 -", of=hidden)
    learn(workspace, "youtube")

    shown, unknown = (reach_of(workspace, each, "youtube") for each in (theirs, hidden))

    assert (shown.value, shown.basis) == (700, "published_views")
    assert unknown.basis is None  # nobody has counted its followers


def test_another_workspaces_posts_do_not_help_us(workspace):
    other = WorkspaceFactory.create()
    own_page(other, times=3)
    learn(other)
    rival = account(workspace, [50, 100, 200])

    assert reach_of(workspace, rival).reason == "not_available"


def test_posts_that_are_still_moving_are_left_out(workspace):
    own_page(workspace, times=3)
    rival = account(workspace, [50, 100, 200])
    for post in posts_of(rival)[:2]:
        post.read_at = post.published_at + timedelta(days=1)
        post.save()
    learn(workspace)

    assert reach_of(workspace, rival).n == 1


def test_what_a_file_knows_of_a_fetched_post_of_our_own_is_its_reach(workspace):
    fetched = account(workspace, [100], own=True)
    file = profile("facebook", workspace=workspace)
    fetched.file_profile = file
    fetched.save()
    (post,) = posts_of(fetched)
    twin = PostFactory.create(
        profile=file, external_id=post.external_id, published_at=post.published_at, read_at=NOW, reactions=90
    )
    OwnInsightFactory.create(workspace=workspace, post=twin, reach=400)

    found = reach_of(workspace, fetched)

    assert (found.value, found.basis) == (400, "measured")


# --- why there is none -----------------------------------------------------------------------------------------------


def test_without_any_reach_of_ours_nothing_is_said_about_estimates(workspace):
    account(workspace, [100] * 20, own=True)
    rival = account(workspace, [50, 100, 200])

    assert reach_of(workspace, rival).reason == "not_available"


@pytest.mark.parametrize("tried", [True, False])
def test_with_too_few_posts_of_ours_the_reason_says_so(workspace, tried):
    own_page(workspace, n=11)
    rival = account(workspace, [50, 100, 200])
    if tried:
        learn(workspace)

    assert reach_of(workspace, rival).reason == "no_reach_model"


def test_what_older_code_has_learnt_is_not_read(workspace):
    own_page(workspace, times=3)
    rival = account(workspace, [50, 100, 200])
    learn(workspace)
    ReachModel.objects.update(parameters={"version": 0, "something": "else"})

    assert reach_of(workspace, rival).reason == "no_reach_model"


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ({"followers": 3_300}, "outside_training_range"),
        ({"reactions": [5_000] * 5}, "outside_training_range"),
        ({"reactions": [100, 100, 100, 5_000, 5_000]}, "outside_training_range"),  # fewer than four of five are alike
        ({"reactions": [100, 100, 100, 100, 5_000]}, None),
    ],
)
def test_what_is_unlike_our_own_posts_is_refused(workspace, theirs, reason):
    own_page(workspace, times=3)
    rival = account(workspace, **{"reactions": [100] * 5} | theirs)
    learn(workspace)

    assert reach_of(workspace, rival).reason == reason


def test_hidden_counts_and_missing_posts_are_reasons_of_their_own(workspace):
    own_page(workspace, times=3)
    hidden, silent = account(workspace, [100] * 5), account(workspace, [])
    hidden.profile.posts.update(comments=None)
    learn(workspace)

    assert reach_of(workspace, hidden).reason == "signals_hidden"
    assert reach_of(workspace, silent).reason == "not_enough_posts"


def test_outside_a_history_that_reason_stays(workspace):
    own_page(workspace, times=3)
    unread = account(workspace, [100] * 5, history_from=None, history_to=None)
    learn(workspace)

    assert reach_of(workspace, unread).reason == "not_read_yet"


# --- what is said about it -------------------------------------------------------------------------------------------


def test_the_report_says_how_far_off_estimates_are_on_how_many_posts_and_since_when(workspace):
    own_page(workspace, times=3)
    rival = account(workspace, [50, 100, 200])
    model = learn(workspace)
    ReachModel.objects.update(error=27.4)

    caution = cautions(workspace)["estimated_reach"]

    assert caution.tracked_ids == (rival.pk,)
    assert caution.metric == METRIC
    assert f"a fit to {model.posts} of your own posts made on 2025-05-30" in caution.sentence
    assert "On 20 of your posts that it had not seen, half of the estimates were more than 27 % off" in caution.sentence
    assert "reach_drifts" not in cautions(workspace)


def test_the_report_warns_where_reach_is_changing(workspace):
    page = own_page(workspace, times=3, n=100)
    account(workspace, [50, 100, 200])
    learn(workspace)
    steady = cautions(workspace)
    OwnInsight.objects.filter(post__in=posts_of(page)[:20]).update(reach=F("reach") * 5)

    model = learn(workspace)

    assert "reach_drifts" not in steady
    assert model.drifts
    assert f"on your latest {model.recent} posts" in cautions(workspace)["reach_drifts"].sentence


def test_the_table_and_the_file_show_an_estimate_with_its_range(workspace):
    own_page(workspace, times=3)
    rival = account(workspace, [50, 100, 200])
    learn(workspace)

    found = report(workspace, "facebook", metrics=[METRIC])

    value = values_of(found, rival)[METRIC]
    assert f"≈ {value.value} ({value.low} – {value.high})" in plain.benchmark(found)  # noqa: RUF001
    line = next(line for line in csv.benchmark(found).splitlines() if rival.profile.handle in line)
    assert f",{value.value}," in line
    assert f",{value.low},{value.high},3,estimated," in line


# --- the median of several posts -------------------------------------------------------------------------------------


def test_the_median_of_several_posts_is_that_of_what_they_may_have_reached(workspace):
    """Of one post of 100 the misses make 50, 100, 100 and 400; of three alike the middle is the same."""
    misses = np.log([0.5, 1, 1, 4])
    signals = Signals("facebook", ("reactions",), ("reactions",), (1,), (), None, (10, 1_000))
    estimator = Estimator(signals, curves=(), low=np.log(0.5), high=np.log(4), misses=misses)
    no, ends = np.zeros(3, dtype=np.bool_), np.full(3, np.nan)

    alike = Estimates(np.full(3, 100.0), ends, ends, hidden=no, outside=no)
    different = Estimates(np.array([50.0, 100.0, np.nan]), ends, ends, hidden=no, outside=no)

    assert middle(alike, estimator) == pytest.approx((100, 50, 400))
    # 25, 50, 50, 200 and 50, 100, 100, 400: between 50 and 100, on the scale of multiples, as is what the range is of.
    assert middle(different, estimator) == pytest.approx((50 * 2**0.5, 50 * 2**0.5 / 2, 50 * 2**0.5 * 4))
