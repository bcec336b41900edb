"""Real posts of 47 Pages: what the product says equals a computation with nothing but `csv` and `statistics`.

The pages are imported as a person would import them, in as many workspaces as the limit of 20 competitors asks for.
"""

from __future__ import annotations

import csv
import gzip
import io
import statistics
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Workspace
from benchmark import reports, tracking
from benchmark.imports import FileRefused
from benchmark.reports import periods
from benchmark.reports.value import Report, Row
from tests.factories.accounts import WorkspaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

COUNTED_AT = datetime(2016, 6, 26, tzinfo=UTC)
FIRST, LAST, DAYS = date(2016, 3, 1), date(2016, 5, 31), 92
COMPLETE_FROM = {"starbucks": date(2016, 2, 24)}  # five posts in four months: the first one says little
EMPTY = {"oreo", "discoverychannel"}
LATE = {"chelseafc", "espn", "fcbarcelona", "monsterenergy", "redbull"}
NAMES = {"status": "text"}  # the set's word, and ours
LIMIT = 20

PARTS = ("reactions", "comments", "shares")


# --- the independent computation -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Status:
    id: str
    published: datetime
    kind: str
    reactions: int
    comments: int
    shares: int

    @property
    def engagements(self) -> int:
        return self.reactions + self.comments + self.shares


def statuses(path: Path) -> list[Status]:
    """The posts of a page from March to May, each once, in UTC."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        rows = {row["status_id"]: row for row in csv.DictReader(lines)}
    found = [
        Status(
            id=row["status_id"],
            published=datetime.fromisoformat(row["status_published"]).replace(tzinfo=UTC) + timedelta(hours=5),
            kind=NAMES.get(row["status_type"], row["status_type"]),
            reactions=int(row["num_reactions"]),
            comments=int(row["num_comments"]),
            shares=int(row["num_shares"]),
        )
        for row in rows.values()
    ]
    return [post for post in found if FIRST <= post.published.date() <= LAST]


def expected(posts: list[Status]) -> dict[str, float]:
    """Counts, sums, means and medians."""
    figures: dict[str, float] = {"posts": len(posts), "posts_per_week": len(posts) * 7 / DAYS}
    for name in (*PARTS, "engagements"):
        counts = [getattr(post, name) for post in posts]
        figures[name] = sum(counts)
        figures[f"{name}_per_post"] = statistics.fmean(counts)
        figures[f"{name}_per_post_median"] = statistics.median(counts)
    return figures


def drawn_followers(page: str) -> list[tuple[datetime, int]]:
    """Readings at odd moments, far apart and close together, another course for each page."""
    start = 200_000 + 1_000 * sum(map(ord, page))
    moments = "2016-02-20T07:30 2016-03-09T18:00 2016-03-10T03:15 2016-04-30T00:00 2016-05-28T23:59 2016-06-25T00:00"
    return [
        (datetime.fromisoformat(moment).replace(tzinfo=UTC), start + 7_919 * step * step)
        for step, moment in enumerate(moments.split())
    ]


def rates(posts: list[Status], readings: list[tuple[datetime, int]]) -> list[float]:
    """Engagements by followers when posted, linear between readings, in percent."""
    moments = [moment for moment, _ in readings]
    found = []
    for post in posts:
        after = bisect_right(moments, post.published)
        (earlier, few), (later, many) = readings[after - 1], readings[after]
        followers = few + (many - few) * ((post.published - earlier) / (later - earlier))
        found.append(post.engagements / followers * 100)
    return found


def digits(figure: float | None) -> str:
    return "nothing" if figure is None else f"{figure:.10g}"


# --- through the product ---------------------------------------------------------------------------------------------


def files(shared_data: Path) -> dict[str, Path]:
    folder = shared_data / "data" / "facebook_pages_2016"
    return {path.name.partition("_facebook")[0]: path for path in sorted(folder.iterdir())}


def of_workspace(shared_data: Path, number: int) -> dict[str, Path]:
    """The pages of one of the workspaces."""
    pages = {page: path for page, path in files(shared_data).items() if page not in EMPTY}
    return dict(list(pages.items())[number * LIMIT : (number + 1) * LIMIT])


def imported(pages: dict[str, Path]) -> Workspace:
    workspace = WorkspaceFactory.create()
    for page, path in pages.items():
        tracking.import_posts(
            workspace,
            path.read_bytes(),
            network="facebook",
            profile=page,
            source=path.name,
            counted_at=COUNTED_AT,
            complete_from=COMPLETE_FROM.get(page),
            by=tracking.By.command(),
            now=COUNTED_AT,
        )
    return workspace


def import_followers(workspace, pages):
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["profile", "time", "followers"])
    writer.writerows([page, at.isoformat(), count] for page in pages for at, count in drawn_followers(page))
    tracking.import_followers(
        workspace,
        file.getvalue().encode(),
        network="facebook",
        source="followers.csv",
        by=tracking.By.command(),
        now=COUNTED_AT,
    )


def report_of(workspace) -> Report:
    period = periods.parse(start=FIRST, end=LAST, now=COUNTED_AT)
    return reports.benchmark(workspace, "facebook", period, now=COUNTED_AT)


def assert_the_same(row: Row, posts: list[Status]) -> None:
    """Posts, sums, means, medians, posts per week and the mix by kind, to ten digits."""
    figures = expected(posts)
    assert {key: digits(row.values[key].value) for key in figures} == {key: digits(figures[key]) for key in figures}
    assert row.kinds == Counter(post.kind for post in posts)
    assert all(row.values[key].n == len(posts) for key in figures)


def assert_the_same_five(report: Report, row: Row, posts: list[Status]) -> None:
    best = sorted(posts, key=lambda post: (-post.engagements, -post.published.timestamp()))[:5]
    ours = [post for post in report.top_posts if post.profile_id == row.profile.id][:5]
    assert [(post.external_id, post.engagements) for post in ours] == [(post.id, post.engagements) for post in best]


def assert_the_same_rates(row: Row, posts: list[Status]) -> None:
    found = rates(posts, drawn_followers(row.profile.handle))
    median, mean = row.values["engagement_rate"], row.values["engagement_rate_mean"]
    assert (digits(median.value), median.n) == (digits(statistics.median(found)), len(found))
    assert digits(mean.value) == digits(statistics.fmean(found))
    assert median.basis == "measured"
    if len(found) >= 9:
        assert median.low is not None
        assert median.high is not None
        assert median.low <= (median.value or 0) <= median.high


def assert_left_out(row: Row) -> None:
    """A page that begins later has no figures over posts, and says why."""
    for key in ("posts", "posts_per_week", "engagements", "reactions_per_post", "engagement_rate"):
        assert (row.values[key].value, row.values[key].reason) == (None, "history_starts_later")
    assert row.kinds is None


@pytest.mark.parametrize("number", range(3))
def test_every_page_has_the_figures_of_an_independent_computation(shared_data, number):
    pages = of_workspace(shared_data, number)
    workspace = imported(pages)
    import_followers(workspace, pages)

    report = report_of(workspace)

    assert {row.profile.handle for row in report.rows} == set(pages)
    for row in report.rows:
        if row.profile.handle in LATE:
            assert_left_out(row)
            continue
        posts = statuses(pages[row.profile.handle])
        assert_the_same(row, posts)
        assert_the_same_five(report, row, posts)
        assert_the_same_rates(row, posts)
    everybody = [post for row in report.rows if row.kinds for post in statuses(pages[row.profile.handle])]
    assert report.top_posts[0].engagements == max(post.engagements for post in everybody)


def test_the_three_workspaces_hold_all_pages_and_the_late_ones_are_known(shared_data):
    pages = [page for number in range(3) for page in of_workspace(shared_data, number)]

    assert sorted(pages) == sorted(set(files(shared_data)) - EMPTY)
    assert set(pages) >= LATE


@pytest.mark.parametrize("page", sorted(EMPTY))
def test_a_file_without_posts_is_refused_with_a_sentence(shared_data, page):
    with pytest.raises(FileRefused, match=r"\w+ \w+") as refusal:
        imported({page: files(shared_data)[page]})

    assert refusal.value.code


def test_without_followers_there_are_no_rates_but_a_reason(shared_data):
    pages = {page: path for page, path in files(shared_data).items() if page in {"nasa", "natgeo"}}

    report = report_of(imported(pages))

    for row in report.rows:
        assert row.values["engagement_rate"].reason == "followers_not_known"
        assert row.values["followers"].reason == "followers_not_known"
        assert row.values["views"].reason == "not_published"
        assert row.values["reach_per_post_median"].reason == "not_available"


def test_published_figures_stand_beside_the_mean_rate_of_pages_with_followers(shared_data):
    pages = {"nasa": files(shared_data)["nasa"]}
    workspace = imported(pages)
    import_followers(workspace, pages)

    report = report_of(workspace)

    assert report.rows[0].values["engagement_rate_mean"].value
    published = [figure for figure in report.industry if figure.kind == "published"]
    rates = [figure for figure in published if "rate" in figure.metric]
    assert {figure.metric for figure in rates} == {"engagement_rate_mean"}
    assert ("all", 2024, 0.046) in [(figure.industry, figure.year, figure.value) for figure in rates]
