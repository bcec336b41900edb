"""What a fit of reach finds, how sure it says it is, and what it refuses."""

import json

import numpy as np
import pytest

from benchmark.metrics.frame import KINDS
from benchmark.models import TriedOn
from benchmark.networks import NETWORKS
from benchmark.reach.estimator import FEWEST, Estimator, fitted
from benchmark.reach.posts import Seen
from tests.reach.drawing import between, measured, seen

FACEBOOK = NETWORKS["facebook"]


def fit(posts):
    """A fit of posts that are enough for one."""
    found = fitted(posts, FACEBOOK)
    assert found is not None
    return found


def test_a_page_that_reaches_three_people_per_reaction_is_estimated_so():
    reactions = between()

    found = fit(measured(reactions, 3 * reactions))

    estimated = found.estimator(seen([20, 100, 500])).reach
    assert estimated == pytest.approx([60, 300, 1500], rel=0.05)
    assert found.trial.error() < 5


def test_what_a_kind_of_post_changes_is_learnt():
    reactions, kinds = between(n=80), ["photo", "video"] * 40
    reach = np.where(np.array(kinds) == "video", 9, 3) * reactions

    found = fit(measured(reactions, reach, kind=kinds))

    assert found.estimator(seen([100, 100], kind=["photo", "video"])).reach == pytest.approx([300, 900], rel=0.1)


def test_a_few_boosted_posts_do_not_bend_the_estimate_of_the_others():
    reactions = between(n=60)
    reach = 3 * reactions
    reach[::10] *= 20

    found = fit(measured(reactions, reach))

    assert found.estimator(seen([100])).reach == pytest.approx([300], rel=0.1)


def test_a_post_that_repeats_another_exactly_is_learnt_once():
    reactions = between(n=20)
    moments = np.arange(20)
    twice = np.concatenate([moments, moments])

    once = fit(measured(reactions, 3 * reactions, published=moments))
    both = fit(measured(np.tile(reactions, 2), np.tile(3 * reactions, 2), published=twice))

    assert len(both.posts) == len(once.posts) == 20
    assert both.estimator.packed() == once.estimator.packed()


def test_posts_that_only_look_alike_are_all_learnt():
    posts = measured([5] * 30, [40] * 30)  # thirty moments
    undated = measured([5] * 30, [40] * 30, published=None)

    assert (len(posts.different()), len(undated.different())) == (30, 1)


def test_fewer_than_twelve_posts_teach_nothing():
    reactions = between(n=FEWEST)

    assert fitted(measured(reactions, 3 * reactions), FACEBOOK) is not None
    assert fitted(measured(reactions[1:], 3 * reactions[1:]), FACEBOOK) is None


def test_a_network_that_shows_no_counts_teaches_nothing():
    reactions = between()

    assert fitted(measured(reactions, 3 * reactions), NETWORKS["linkedin"]) is None


@pytest.mark.parametrize(
    ("unlike", "outside"),
    [
        ({"followers": 3_300}, True),  # more than three times 1,000
        ({"followers": 2_900}, False),
        ({"followers": 330}, True),
        ({"kind": "video"}, True),
        ({"reactions": 3_100}, True),  # more than three times 1,000
        ({"reactions": 2_900}, False),
        ({"reactions": 2}, True),
        ({}, False),
    ],
)
def test_what_is_unlike_everything_that_was_learnt_is_refused(unlike, outside):
    reactions = between()
    found = fit(measured(reactions, 3 * reactions, followers=1_000))

    drawn = {"reactions": 100, "followers": 1_000, "kind": "photo"} | unlike
    estimates = found.estimator(seen([drawn.pop("reactions")], **drawn))

    assert estimates.outside.tolist() == [outside]
    assert np.isnan(estimates.reach).tolist() == [outside]


def test_a_post_with_a_hidden_count_or_without_known_followers_is_not_estimated():
    reactions = between()
    found = fit(measured(reactions, 3 * reactions, followers=1_000))

    estimates = found.estimator(seen([100, 100, 100], comments=[0, np.nan, 0], followers=[1_000, 1_000, np.nan]))

    assert estimates.hidden.tolist() == [False, True, True]
    assert np.isnan(estimates.reach).tolist() == [False, True, True]


def test_followers_that_our_own_posts_do_not_tell_change_nothing_for_others():
    reactions = between()
    found = fit(measured(reactions, 3 * reactions))

    assert found.estimator.signals.followers is None
    assert found.estimator(seen([100], followers=50_000)).reach == found.estimator(seen([100])).reach


def test_counts_that_the_network_shows_to_nobody_else_are_no_signals():
    reactions = between()
    posts = measured(reactions, 3 * reactions)
    posts.seen.counts["saves"] = 0.3 * reactions

    found = fit(posts)

    assert found.estimator.signals.counts == ("reactions", "comments", "shares")


def test_what_was_learnt_goes_through_json_unchanged():
    reactions, kinds = between(), ["photo", "video", "link"] * 20
    reach = reactions * np.random.default_rng(2).lognormal(1, 0.3, 60)
    found = fit(measured(reactions, reach, kind=kinds, followers=1_000)).estimator
    asked = seen([15, 150, 900], kind=["link", "video", "photo"], followers=1_500)

    kept = Estimator.unpacked(json.loads(json.dumps(found.packed())))

    assert kept(asked).reach == pytest.approx(found(asked).reach, rel=1e-6)
    assert (kept.low, kept.high, kept.signals) == (found.low, found.high, found.signals)


def test_where_own_posts_are_few_the_estimate_leans_on_what_is_published():
    """Posts of 100 reactions say nothing of posts of 200; published figures say that reach grows as engagements do."""
    found = fit(measured([100.0] * 12, [4_000.0] * 12))

    same, twice = found.estimator(seen([100, 200])).reach

    assert same == pytest.approx(4_000, rel=0.05)
    assert twice / same == pytest.approx(2, rel=0.1)


# --- how sure --------------------------------------------------------------------------------------------------------


def noisy(n, seed, *, published="in order", spread=0.5):
    """A page whose reach lies around three people per reaction, two thirds of the posts between ÷ 1.65 and x 1.65."""
    draw = np.random.default_rng(seed)
    reactions = np.exp(draw.uniform(np.log(10), np.log(1_000), n)).round()
    return measured(reactions, 3 * reactions * draw.lognormal(0, spread, n), published=published)


@pytest.mark.parametrize("published", ["in order", None])
def test_the_range_holds_eight_of_ten_posts_that_the_fit_has_not_seen(published):
    inside = []
    for seed in range(12):
        posts = noisy(160, seed, published=published)
        known, later = posts.where(np.arange(160) < 80), posts.where(np.arange(160) >= 80)
        found = fit(known).estimator(later.seen)
        there = ~np.isnan(found.reach)
        inside += ((found.low <= later.reach) & (later.reach <= found.high))[there].tolist()

    assert len(inside) > 900
    assert 0.76 < np.mean(inside) < 0.87


def test_with_an_order_in_time_the_next_posts_are_the_test_and_without_one_a_part_left_out():
    assert fit(noisy(60, 1)).trial.tried_on == TriedOn.TIME
    assert fit(noisy(60, 1, published=None)).trial.tried_on == TriedOn.PARTS


def test_the_first_half_is_only_fitted_where_there_is_an_order_in_time():
    trial = fit(noisy(60, 1)).trial

    assert len(trial.misses) == 30
    assert np.bincount(trial.part).tolist() == [6] * 5


def test_with_five_accounts_each_is_estimated_by_the_others():
    """Each account reaches another multiple of its reactions, which a fit of the others cannot know."""
    reactions = np.concatenate([between(n=12, seed=each) for each in range(6)])
    accounts = np.repeat(np.arange(6), 12)
    reach = reactions * np.array([1, 2, 4, 8, 16, 32])[accounts]

    found = fit(measured(reactions, reach, profile=accounts))

    assert found.trial.tried_on == TriedOn.ACCOUNTS
    assert found.trial.error() > 50
    assert found.estimator.high - found.estimator.low > np.log(8)


def test_the_error_is_the_median_of_what_the_estimates_are_off():
    trial = fit(noisy(60, 1)).trial

    off = [abs(1 / true_by_estimated - 1) for true_by_estimated in np.exp(trial.misses)]
    assert trial.error() == pytest.approx(np.median(off) * 100)


def test_reach_that_changes_is_noticed_and_the_range_is_made_wide_enough():
    steady, changed = noisy(100, 3, spread=0.2), noisy(100, 3, spread=0.2)
    changed.reach[80:] /= 3

    still, moved = fit(steady), fit(changed)

    assert (still.trial.drifts(), moved.trial.drifts()) == (False, True)
    late, before = moved.trial.recent() or ([], [])
    assert np.median(late) < np.median(before) - 0.5
    assert moved.estimator.low < still.estimator.low - 0.5


def test_an_unknown_kind_in_what_was_kept_is_not_taken_for_another():
    reactions = between()
    found = fit(measured(reactions, 3 * reactions, kind="album")).estimator
    kept = Estimator.unpacked(json.loads(json.dumps(found.packed())))

    assert [KINDS[kind] for kind in kept.signals.kinds] == ["album"]
    assert kept(Seen(seen([100]).counts, np.array([KINDS.index("photo")]), np.array([np.nan]))).outside.tolist() == [
        True
    ]
