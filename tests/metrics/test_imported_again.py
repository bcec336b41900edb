"""In whatever order, how often and in how many parts a file is imported, its figures are the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmark import reports, tracking
from benchmark.metrics import METRICS
from benchmark.reports import periods
from benchmark.reports.value import Value
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, moment

pytestmark = pytest.mark.django_db

FEW = settings(
    max_examples=8,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADS = ["id", "published_at", "kind", "text", "reactions", "comments", "shares"]
COUNT = st.one_of(st.just(""), st.integers(0, 5000).map(str))
MOMENT = st.integers(0, 58 * 24 * 4).map(lambda quarters: moment("2025-02-01") + timedelta(minutes=15 * quarters))
LINE = st.tuples(MOMENT, st.sampled_from(["photo", "video", "link"]), st.sampled_from(["", "Bread #rye", "Rolls"]))
POSTS = st.lists(st.tuples(LINE, COUNT, COUNT, COUNT), min_size=2, max_size=25).map(
    lambda posts: [
        [f"post-{number:02}", at.isoformat(), kind, text, *counts]
        for number, ((at, kind, text), *counts) in enumerate(posts)
    ]
)
FOLLOWERS = (
    b"profile,time,followers\nrye,2025-01-20,900\nrye,2025-02-28,1000\nrye,2025-03-20,1234\nrye,2025-04-02,1200\n"
)


def figures_after(*files: Sequence[Sequence[str]]) -> tuple[dict[str, Value], dict[str, int] | None, list[str]]:
    """All metrics, the kinds and the best posts of March in a new workspace, once these files have been imported."""
    workspace = WorkspaceFactory.create()
    said: dict[str, Any] = {"network": "facebook", "by": tracking.By.command(), "now": NOW}
    tracking.import_followers(workspace, FOLLOWERS, source="followers.csv", **said)
    for lines in files:
        file = io.StringIO()
        csv.writer(file).writerows([HEADS, *lines])
        content = file.getvalue().encode()
        of_whom: dict[str, Any] = {
            "profile": "rye",
            "complete_from": date(2025, 1, 1),
            "counted_at": moment("2025-04-05"),
        }
        tracking.import_posts(workspace, content, source="posts.csv", **of_whom, **said)
    period = periods.parse(start="2025-03-01", end="2025-03-28", now=NOW)
    report = reports.benchmark(workspace, "facebook", period, metrics=[*METRICS], now=NOW)
    (row,) = report.rows
    return row.values, row.kinds, [post.external_id for post in report.top_posts]


@FEW
@given(posts=POSTS, data=st.data())
def test_the_order_of_lines_does_not_matter(db, posts, data):
    assert figures_after(data.draw(st.permutations(posts))) == figures_after(posts)


@FEW
@given(posts=POSTS)
def test_a_file_imported_twice_changes_nothing(db, posts):
    assert figures_after(posts, posts) == figures_after(posts)


@FEW
@given(posts=POSTS, data=st.data())
def test_two_files_that_overlap_say_what_one_says(db, posts, data):
    begin = data.draw(st.integers(0, len(posts) - 1))
    end = data.draw(st.integers(begin, len(posts)))

    assert figures_after(posts[:end] or posts, posts[begin:]) == figures_after(posts)
