"""Whatever is drawn, the columns of numpy say what a loop over the posts says."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Workspace
from benchmark.models import Post, PostReading, ProfileReading, checkpoint_at
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, follow, moment, profile, report, values_of

pytestmark = pytest.mark.django_db

START, END, DAYS = moment("2025-03-01T00:00"), moment("2025-04-01T00:00"), 31
BEFORE = START - timedelta(days=DAYS)
PARTS = ("reactions", "comments", "shares", "quotes")


@dataclass(frozen=True)
class Drawn:
    """A post as a network showed it, last and at its checkpoints."""

    at: datetime
    read_after: timedelta
    counts: dict[str, int | None]
    checkpoints: frozenset[int]

    @property
    def mature(self) -> bool:
        return self.read_after >= timedelta(days=3)

    def engagements(self, share: float = 1.0) -> float | None:
        counts = [count for name in PARTS if (count := self.counts[name]) is not None]
        return sum(int(count * share) for count in counts) if len(counts) == len(PARTS) else None


COUNT = st.one_of(st.none(), st.integers(0, 5000), st.integers(0, 5000))
POSTS = st.lists(
    st.builds(
        Drawn,
        at=st.datetimes(datetime(2025, 1, 20), datetime(2025, 4, 10)).map(lambda at: at.replace(tzinfo=START.tzinfo)),  # noqa: DTZ001
        read_after=st.sampled_from([timedelta(hours=5), timedelta(days=3), timedelta(days=20)]),
        counts=st.fixed_dictionaries(dict.fromkeys(PARTS, COUNT)),
        checkpoints=st.sets(st.sampled_from([24, 72, 168]), min_size=1).map(frozenset),
    ),
    max_size=30,
)
READINGS = st.lists(
    st.tuples(st.integers(0, 90), st.integers(1, 10**6)), min_size=1, max_size=8, unique_by=lambda reading: reading[0]
)


def followers_at(at: datetime, readings: list[tuple[datetime, int]]) -> float:
    """Linear between readings, and the nearest one outside."""
    earlier = [reading for reading in readings if reading[0] <= at]
    later = [reading for reading in readings if reading[0] > at]
    if not earlier or not later:
        return (earlier[-1:] or later[:1])[0][1]
    (left, few), (right, many) = earlier[-1], later[0]
    return few + (many - few) * ((at - left) / (right - left))


def middle(figures: list[float], statistic) -> float | None:
    return statistic(figures) if figures else None


def at_checkpoint(post: Drawn, hours: int) -> float | None:
    return post.engagements(hours / 1000)


def stored(workspace: Workspace, posts: list[Drawn], readings: list[tuple[datetime, int]]):
    found = profile(history_from=date(2024, 1, 1), history_to=NOW)
    follow(workspace, found)
    rows = Post.objects.bulk_create(
        Post(
            profile=found,
            external_id=str(number),
            published_at=post.at,
            kind="text",
            first_read_at=post.at,
            read_at=post.at + post.read_after,
            **post.counts,
        )
        for number, post in enumerate(posts)
    )
    PostReading.objects.bulk_create(
        PostReading(
            post=row,
            checkpoint=hours,
            read_at=post.at + timedelta(hours=hours),
            **{name: None if count is None else int(count * hours / 1000) for name, count in post.counts.items()},
        )
        for row, post in zip(rows, posts, strict=True)
        for hours in post.checkpoints
    )
    ProfileReading.objects.bulk_create(
        ProfileReading(profile=found, read_at=at, followers=count) for at, count in readings
    )
    return found


def expected_change(posts: list[Drawn], statistic) -> tuple[float, str] | None:
    """Mature posts of both periods, at the oldest checkpoint that all of them have, else as last read."""
    now = [post for post in posts if START <= post.at < END and post.mature]
    before = [post for post in posts if BEFORE <= post.at < START and post.mature]
    common = frozenset.intersection(*(post.checkpoints for post in now + before)) if now + before else frozenset()
    hours = max(common, default=None)

    def figure(some: list[Drawn]) -> float | None:
        counts = [post.engagements() if hours is None else at_checkpoint(post, hours) for post in some]
        return middle([count for count in counts if count is not None], statistic)

    current, previous = figure(now), figure(before)
    if current is None or previous is None:
        return None
    return current - previous, "mixed_age" if hours is None else "same_age"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(POSTS, READINGS), min_size=1, max_size=3))
def test_figures_are_those_of_a_loop_over_the_posts(db, drawn):
    workspace = WorkspaceFactory.create()
    courses = [sorted((moment("2025-01-25") + timedelta(days=day), count) for day, count in days) for _, days in drawn]
    profiles = [stored(workspace, posts, course) for (posts, _), course in zip(drawn, courses, strict=True)]

    found = report(workspace)

    for one, (posts, _), course in zip(profiles, drawn, courses, strict=True):
        values = values_of(found, one)
        current = [post for post in posts if START <= post.at < END]
        known = [post.engagements() for post in current if post.engagements() is not None]
        settled = [post for post in current if post.mature and post.engagements() is not None]
        figures = [post.engagements() for post in settled]
        rates = [post.engagements() / followers_at(post.at, course) * 100 for post in settled]

        assert values["posts"].value == len(current)
        assert values["engagements"].value == (sum(known) if known or not current else None)
        assert values["engagements"].n == len(known)
        for name in PARTS:
            counts = [post.counts[name] for post in current if post.counts[name] is not None]
            assert values[name].value == (sum(counts) if counts or not current else None)
        for key, expectation in {
            "engagements_per_post": middle(figures, statistics.fmean),
            "engagements_per_post_median": middle(figures, statistics.median),
            "engagement_rate": middle(rates, statistics.median) if len(rates) >= 5 else None,
            "engagement_rate_mean": middle(rates, statistics.fmean) if len(rates) >= 5 else None,
        }.items():
            assert values[key].value == (None if expectation is None else pytest.approx(expectation, rel=1e-9))
            assert (values[key].reason is None) == (expectation is not None)
            assert values[key].n == len(settled)
        for key, statistic in (
            ("engagements_per_post", statistics.fmean),
            ("engagements_per_post_median", statistics.median),
        ):
            change, expected = values[key].change, expected_change(posts, statistic)
            assert (change is None) == (values[key].value is None or expected is None)
            if change is not None and expected is not None:
                assert change.value == pytest.approx(expected[0], rel=1e-9, abs=1e-9)
                assert change.basis == expected[1]


def test_the_drawn_checkpoints_are_ones_that_readings_have():
    assert [checkpoint_at(timedelta(hours=hours)) for hours in (24, 72, 168)] == [24, 72, 168]
