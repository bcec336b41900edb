"""Real exports and series through the whole import, on each network that is declared."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmark import tracking
from benchmark.models import OwnInsight, Post, Profile, ProfileReading
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON
from tests.real.plain import count, los_angeles, rows_of, sheet_of, utc

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

LATER = datetime(2026, 12, 1, tzinfo=UTC)  # after everything that was counted


@dataclass(frozen=True, kw_only=True)
class Export:
    """An export of one account: for whom it is imported, and the independent figures that rows must have afterwards."""

    path: str
    network: str
    profile: str
    sums: Mapping[str, str]
    insights: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, Any] = field(default_factory=dict)
    only: tuple[str, str] = ("", "")  # a column, and the value that rows must have in it


META = {"comments": "Comments", "shares": "Shares"}
EXPORTS = [
    Export(
        path="reach_meta_oigetit_2025/facebook_posts_Jan-14-2025_Apr-14-2025.csv",
        network="facebook",
        profile="OigetitSouthAfricaFacebook",
        sums=META | {"reactions": "Reactions"},
        insights={"reach": "Reach"},
        how={"own": True},
    ),
    Export(
        path="reach_restaurant_3networks_2025/facebook_videos_repaired.csv",
        network="facebook",
        profile="vintagerest",
        sums=META | {"reactions": "Reactions"},
        insights={"reach": "Reach"},
        how={"own": True},
    ),
    Export(
        path="reach_youtube_kenjee_2022/Aggregated_Metrics_By_Video.csv",
        network="youtube",
        profile="@KenJee_ds",
        sums={"reactions": "Likes", "views": "Views"},
        insights={"impressions": "Im\u00adpres\u00adsions"},
        how={"own": True},
    ),
    Export(
        path="reach_meta_oigetit_2025/instagram_posts_Mar-18-2025_Apr-14-2025.csv",
        network="instagram",
        profile="oigetit_sa",
        sums=META | {"reactions": "Likes"},
        insights={"reach": "Reach", "saves": "Saves"},
        how={"own": True},
    ),
    Export(
        path="reach_restaurant_3networks_2025/instagram_posts_repaired.csv",
        network="instagram",
        profile="vintagerest.bg",
        sums=META | {"reactions": "Likes"},
        insights={"reach": "Reach", "saves": "Saves"},
        how={"own": True, "skip_bad_rows": True},
        only=("Account username", "vintagerest.bg"),
    ),
    Export(
        path="instagram_governments_br/govba.csv.gz",
        network="instagram",
        profile="govba",
        sums={"reactions": "Likes per post", "comments": "Comments per post"},
    ),
    Export(
        path="instagram_governments_br/govrj.xlsx",
        network="instagram",
        profile="govrj",
        sums={"reactions": "Likes per post", "comments": "Comments per post"},
        how={"rows_of": "Governo do Rio de Janeiro"},
        only=("Profile", "Governo do Rio de Janeiro"),
    ),
    Export(
        path="export_formats/x_account_content_posts.csv",
        network="x",
        profile="somebody",
        sums={"reactions": "Likes", "comments": "Replies", "shares": "Reposts", "views": "Impressions"},
        insights={"impressions": "Impressions", "saves": "Bookmarks"},
        how={"own": True},
    ),
    Export(
        path="twitter_ratio_2017/BarackObama.csv",
        network="x",
        profile="barackobama",
        sums={"reactions": "favorites", "comments": "replies", "shares": "retweets"},
    ),
    Export(
        path="reach_restaurant_3networks_2025/tiktok_videos.csv",
        network="tiktok",
        profile="@vintagerest.bg",
        sums={"reactions": "Likes", "comments": "Comments", "shares": "Shares", "views": "Video views"},
        insights={"saves": "Add to Favorites"},
        how={"own": True},
    ),
    Export(
        path="telegram_channels_2025/posts.csv.gz",
        network="telegram",
        profile="simulative_official",
        sums={},
        how={"rows_of": "Simulative"},
        only=("channel_name", "Simulative"),
    ),
]


def plain(path, *, encoding="utf-8-sig"):
    if path.suffix == ".xlsx":
        return sheet_of(path)
    return rows_of(path, encoding="latin-1" if "BarackObama" in path.name else encoding)


@pytest.mark.parametrize(
    "export", [each for each in EXPORTS if each.network in NETWORKS], ids=lambda each: f"{each.network}:{each.path}"
)
def test_a_real_export_becomes_the_posts_and_insights_that_its_columns_add_up_to(shared_data, export):
    path = shared_data / "data" / export.path
    column, value = export.only
    rows = [row for row in plain(path) if (row[column] == value if column else row.get("Video") != "Total")]
    workspace = WorkspaceFactory.create()

    def bring():
        with path.open("rb") as file:
            return tracking.import_posts(
                workspace,
                file,
                network=export.network,
                profile=export.profile,
                source=path.name,
                by=tracking.By.command(),
                now=LATER,
                **export.how,
            )

    imported = bring()

    (tracked,) = imported.tracked
    posts = Post.objects.filter(profile=tracked.profile)
    assert posts.count() == imported.run.new == len(rows)
    for name, column in export.sums.items():
        known = [number for row in rows if (number := count(row[column])) is not None]
        stored = [number for number in posts.values_list(name, flat=True) if number is not None]
        assert (sum(stored), len(stored), statistics.median(stored)) == (
            sum(known),
            len(known),
            statistics.median(known),
        )
    insights = OwnInsight.objects.filter(workspace=workspace)
    for name, column in export.insights.items():
        known = [number for row in rows if (number := count(row[column])) is not None]
        stored = [number for number in insights.values_list(name, flat=True) if number is not None]
        assert (sum(stored), len(stored)) == (sum(known), len(known))
    if not export.insights:
        assert not insights.exists()
    again = bring()
    assert (again.run.new, again.run.changed) == (0, 0)


def test_a_real_export_of_two_columns_of_views_stores_the_reach_of_each_post(shared_data):
    path = shared_data / "data" / "reach_meta_oigetit_2025" / "facebook_posts_Mar-18-2025_Apr-14-2025_views_twice.csv"
    expected = {row["Post ID"]: (los_angeles(row["Publish time"]), int(row["Reach"])) for row in rows_of(path)}

    tracking.import_posts(
        WorkspaceFactory.create(),
        path.read_bytes(),
        network="facebook",
        profile="oigetit",
        own=True,
        source=path.name,
        by=tracking.By.command(),
        now=LATER,
    )

    assert {
        insight.post.external_id: (insight.post.published_at, insight.reach)
        for insight in OwnInsight.objects.select_related("post")
    } == expected


def test_real_posts_of_six_pages_in_one_file_follow_each_page(shared_data):
    path = shared_data / "data" / "facebook_fact_check_2016" / "facebook-fact-check.csv"
    rows = rows_of(path)

    imported = tracking.import_posts(
        WorkspaceFactory.create(),
        path.read_bytes(),
        network="facebook",
        counted_at=datetime(2016, 10, 11, tzinfo=UTC),
        source=path.name,
        by=tracking.By.command(),
        now=NOON,
    )

    assert {tracked.profile.name: tracked.profile.posts.count() for tracked in imported.tracked} == {
        page: sum(row["Page"] == page for row in rows) for page in {row["Page"] for row in rows}
    }
    assert Post.objects.filter(shares=None).count() == sum(not row["share_count"] for row in rows) == 58


# --- followers -------------------------------------------------------------------------------------------------------


def readings() -> dict[str, list[tuple[datetime, int | None]]]:
    found = ProfileReading.objects.order_by("read_at").values_list("profile__name", "read_at", "followers")
    series: dict[str, list[tuple[datetime, int | None]]] = {}
    for name, moment, followers in found:
        series.setdefault(name, []).append((moment, followers))
    return series


@pytest.mark.parametrize("network", [each for each in ("facebook", "instagram", "tiktok", "x") if each in NETWORKS])
def test_real_followers_on_one_of_four_networks_become_the_series_that_the_table_holds(shared_data, network):
    path = shared_data / "data" / "idol_followers_4networks_2026" / "follower_history.csv"
    expected: dict[str, list[tuple[datetime, int]]] = {}
    for row in rows_of(path):
        if row["Platform"].lower() == network:
            moment = utc(f"{row['Date']} {row['Timestamp']}")
            expected.setdefault(row["Idol_Name"], []).append((moment, int(row["Follower_Count"])))

    imported = tracking.import_followers(
        WorkspaceFactory.create(),
        path.read_bytes(),
        network=network,
        own=True,  # thirty of them: more than there are places for competitors
        source=path.name,
        by=tracking.By.command(),
        now=LATER,
    )

    assert (len(imported.tracked), imported.run.new, imported.others) == (30, 420, 3 * 420)
    assert readings() == {name: sorted(series) for name, series in expected.items()}


@dataclass(frozen=True, kw_only=True)
class Series:
    """A series of one profile: the column and the word by which the file knows it."""

    path: str
    network: str
    profile: str
    followers: str
    column: str = ""
    word: str | None = None


SERIES = [
    Series(path="bluesky_followers_cgdev/followers.csv", network="bluesky", profile="cgdev.org", followers="followers"),
    Series(
        path="instagram_hourly_followers_2026/followers.csv",
        network="instagram",
        profile="lulaoficial",
        followers="followers",
        column="username",
    ),
    Series(
        path="telegram_channels_2025/subscribers.csv.gz",
        network="telegram",
        profile="karpovcourses",
        followers="subs_cnt",
        column="channel_name",
        word="karpov.courses",
    ),
    Series(
        path="youtube_tech_channels_2026/daily_snapshots.csv",
        network="youtube",
        profile="UCJy0lX8ThZ7lCtst7JnegWQ",
        followers="subscribers",
        column="channel_id",
    ),
]


@pytest.mark.parametrize(
    "series", [each for each in SERIES if each.network in NETWORKS], ids=lambda each: f"{each.network}:{each.path}"
)
def test_a_real_series_of_followers_becomes_readings(shared_data, series):
    path = shared_data / "data" / series.path
    rows = [row for row in rows_of(path) if not series.column or row[series.column] == (series.word or series.profile)]

    imported = tracking.import_followers(
        WorkspaceFactory.create(),
        path.read_bytes(),
        network=series.network,
        profile=series.profile,
        rows_of=series.word,
        source=path.name,
        by=tracking.By.command(),
        now=LATER,
    )

    stored = [*Profile.objects.get().readings.order_by("read_at").values_list("followers", flat=True)]
    assert (stored, imported.run.new) == ([int(row[series.followers]) for row in rows], len(rows))
    moments = [*ProfileReading.objects.order_by("read_at").values_list("read_at", flat=True)]
    days = [*imported.tracked[0].profile.days.order_by("day").values_list("day", flat=True)]
    assert (days[0], days[-1]) == (moments[0].date(), moments[-1].date())
    assert Profile.objects.get().read_at == moments[-1]
