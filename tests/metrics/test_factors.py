"""Maturity factors as rows: learnt from fetched posts alone, safe to repeat, and what young posts come to."""

import math
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark.metrics.expectations import expected_of
from benchmark.metrics.factors import ask_curves, rebuild_factors, settled_at, shipped_with
from benchmark.metrics.maturity import FEWEST_BY_TEMPO, WORTH_A_PRIOR, WORTH_ALL_KINDS
from benchmark.models import MaturityFactor, PostReading
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, profile, report
from tests.factories.rows import PostFactory, PostReadingFactory

pytestmark = pytest.mark.django_db
BLUESKY = NETWORKS["bluesky"]


def grew(of, *counts, kind="text", published=NOW - timedelta(days=60), **fields):
    """A post that had these reactions, and nothing else, at checkpoints: `(24, 100), (72, 200)`."""
    nothing = {"comments": 0, "shares": 0, "quotes": 0, "saves": None}
    last_hours, last = counts[-1]
    post = PostFactory.create(
        profile=of,
        kind=kind,
        published_at=published,
        read_at=published + timedelta(hours=last_hours),
        **nothing | {"reactions": last} | fields,
    )
    for hours, reactions in counts:
        PostReadingFactory.create(post=post, checkpoint=hours, **nothing | {"reactions": reactions} | fields)
    return post


def times(kind="", checkpoint=24, count="engagements", network="bluesky", *, by_tempo=False):
    """A learnt factor in plain numbers."""
    found = MaturityFactor.objects.get(
        network=network, kind=kind, checkpoint=checkpoint, count=count, by_tempo=by_tempo
    )
    return math.exp(found.middle)


def shipped(hours, network="bluesky"):
    return next(each.middle for each in shipped_with(NETWORKS[network]).factors if each.hours == hours)


def drawn_to(own, posts, towards, worth):
    """The middle of two logarithms, weighed by posts."""
    return math.exp((posts * math.log(own) + worth * towards) / (posts + worth))


def test_factors_are_learnt_from_checkpoints_and_drawn_towards_what_is_shipped():
    of = profile()
    for final in (200, 300, 400):
        grew(of, (24, 100), (72, final))

    rebuild_factors(NOW)

    assert times() == pytest.approx(drawn_to(3, 3, shipped(24), WORTH_A_PRIOR))
    found = MaturityFactor.objects.get(kind="", by_tempo=False)
    assert (found.posts, found.hours, found.computed_at) == (3, 24, NOW)


def test_a_kind_is_drawn_towards_all_kinds():
    of = profile()
    for _ in range(3):
        grew(of, (24, 100), (72, 200), kind="photo")
    grew(of, (24, 100), (72, 800), kind="video")

    rebuild_factors(NOW)

    whole = drawn_to(2, 4, shipped(24), WORTH_A_PRIOR)  # the middle of 2, 2, 2 and 8
    assert times() == pytest.approx(whole)
    assert times("photo") == pytest.approx(drawn_to(2, 3, math.log(whole), WORTH_ALL_KINDS))
    assert times("video") == pytest.approx(drawn_to(8, 1, math.log(whole), WORTH_ALL_KINDS))


def test_neither_pretend_profiles_nor_files_teach_anything():
    grew(profile(pretend=True), (24, 100), (72, 900))
    grew(profile(workspace=WorkspaceFactory.create()), (24, 100), (72, 900))

    assert rebuild_factors(NOW) == 0

    grew(profile(), (24, 100), (72, 200))
    rebuild_factors(NOW)
    assert times() == pytest.approx(drawn_to(2, 1, shipped(24), WORTH_A_PRIOR))


def test_a_post_that_was_not_read_when_settled_teaches_nothing():
    grew(profile(), (24, 100), (48, 150))

    assert rebuild_factors(NOW) == 0


def test_a_hidden_part_leaves_engagements_unknown():
    of = profile()
    grew(of, (24, 100), (72, 200))
    grew(of, (24, 100), (72, 900), comments=None)

    rebuild_factors(NOW)

    assert MaturityFactor.objects.get(kind="").posts == 1


def test_views_have_factors_of_their_own():
    of = profile("youtube")
    grew(of, (24, 100), (336, 200), views=1000, shares=None)

    rebuild_factors(NOW)

    assert settled_at(NETWORKS["youtube"]) == 336
    assert set(MaturityFactor.objects.values_list("count", flat=True)) == {"engagements", "views"}
    unchanged = drawn_to(1, 1, shipped(24, "youtube"), WORTH_A_PRIOR)
    assert times(count="views", network="youtube") == pytest.approx(unchanged)


def test_learning_again_changes_nothing_and_forgets_what_is_gone():
    of = profile()
    post = grew(of, (12, 50), (24, 100), (72, 200))
    rebuild_factors(NOW)
    before = [*MaturityFactor.objects.order_by("kind", "checkpoint").values("kind", "checkpoint", "middle", "posts")]

    rebuild_factors(NOW)

    assert before == [
        *MaturityFactor.objects.order_by("kind", "checkpoint").values("kind", "checkpoint", "middle", "posts")
    ]
    assert [each["checkpoint"] for each in before if each["kind"] == ""] == [12, 24]
    post.delete()
    assert rebuild_factors(NOW) == 0


def test_twice_the_posts_cost_the_same_queries():
    def queries():
        with CaptureQueriesContext(connection) as captured:
            rebuild_factors(NOW)
        return len(captured)

    of = profile()
    grew(of, (24, 100), (72, 200))
    few = queries()
    for _ in range(5):
        grew(of, (24, 100), (72, 200))
        grew(profile(), (24, 100), (72, 200))

    assert queries() == few <= len(NETWORKS) + 6


def test_a_kind_without_factors_takes_those_of_all_kinds_and_ages_that_nobody_has_what_is_shipped():
    of = profile()
    for _ in range(4):
        grew(of, (24, 100), (72, 200))
    rebuild_factors(NOW)

    curves = ask_curves(BLUESKY)()
    of_videos = {factor.hours: factor.middle for factor in curves.of("video", "engagements").factors}

    assert math.exp(of_videos[24]) == pytest.approx(times())
    assert of_videos[6] == shipped(6)


# --- what young posts come to ----------------------------------------------------------------------------------------


def young(of, *, hours=24, reactions=120, **fields):
    published = NOW - timedelta(hours=hours)
    counts = {"reactions": reactions, "comments": 0, "shares": 0, "quotes": 0}
    return PostFactory.create(profile=of, published_at=published, read_at=NOW, **counts | fields)


def test_a_young_post_is_told_its_final_count_with_a_range():
    of = profile()
    for number in range(1, 20):
        grew(of, (24, 100), (72, 100 + 10 * number))
    rebuild_factors(NOW)
    curve = ask_curves(BLUESKY)().of("text", "engagements")
    (at_a_day,) = (factor for factor in curve.factors if factor.hours == 24)
    post = young(of)

    told: Any
    (told,) = expected_of([post])[post.pk]

    assert (told.count, told.now, told.basis, told.settles_at_hours) == ("engagements", 120, "provisional", 72)
    assert told.value == round(120 * math.exp(at_a_day.middle))
    assert (told.low, told.high) == (round(120 * math.exp(at_a_day.low)), round(120 * math.exp(at_a_day.high)))
    assert told.low < told.value < told.high
    assert (told.posts, told.by_tempo) == (19, False)


def test_without_history_what_is_shipped_is_told_and_says_so():
    post = young(profile())

    (told,) = expected_of([post])[post.pk]

    assert told.value == round(120 * math.exp(shipped(24)))
    assert told.posts == 0


def test_an_earlier_reading_tells_the_pace_of_a_post():
    of = profile()
    for number in range(FEWEST_BY_TEMPO):
        slow = number % 2
        grew(of, (12, 100 if slow else 50), (24, 110 if slow else 100), (72, 120 if slow else 200))
    rebuild_factors(NOW)
    fast, calm = young(of), young(of)
    for post, then in ((fast, 40), (calm, 115)):
        PostReading.objects.create(
            post=post, profile=of, checkpoint=12, read_at=post.published_at + timedelta(hours=12),
            reactions=then, comments=0, shares=0, quotes=0,
        )  # fmt: skip

    told: Any = expected_of([fast, calm])

    assert told[fast.pk][0].by_tempo
    assert told[fast.pk][0].value > told[calm.pk][0].value


def test_mature_posts_and_hidden_counts_have_no_expectation():
    of = profile()
    mature, hidden = young(of, hours=73), young(of, comments=None)

    told = expected_of([mature, hidden])

    assert told.get(mature.pk, ()) == told[hidden.pk] == ()


@pytest.mark.parametrize(
    ("hours", "reactions", "reason"), [(24, 9, "too_few_yet"), (24, 0, "too_few_yet"), (0.5, 50, "too_young")]
)
def test_what_cannot_be_told_has_a_reason(hours, reactions, reason):
    post = young(profile(), hours=hours, reactions=reactions)

    (told,) = expected_of([post])[post.pk]

    assert (told.value, told.low, told.high, told.basis, told.reason) == (None, None, None, None, reason)
    assert told.now == reactions


def test_a_file_is_told_what_fetched_posts_have_taught():
    grew(profile(), (24, 100), (72, 300))
    rebuild_factors(NOW)
    post = young(profile(workspace=WorkspaceFactory.create()))

    (told,) = expected_of([post])[post.pk]

    assert told.value == round(120 * times("text"))


def test_the_report_tells_what_its_young_top_posts_will_come_to():
    workspace = WorkspaceFactory.create()
    of = profile()
    follow(workspace, of)
    drawn("posted reactions comments shares quotes\n2025-05-20 500 0 0 0", of=of)
    young(of)

    old, new = report(workspace, start="2025-05-10", end="2025-06-01").top_posts

    assert (old.engagements, old.provisional, old.expected) == (500, False, ())
    assert (new.engagements, new.provisional) == (120, True)
    assert [told.value for told in new.expected] == [round(120 * math.exp(shipped(24)))]
