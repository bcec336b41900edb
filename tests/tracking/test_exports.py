"""Exports of other tools through the whole import: owners' insights, many profiles in one file, times of counting."""

from datetime import UTC, date, datetime

import pytest

from benchmark import tracking
from benchmark.imports import FileRefused
from benchmark.models import FetchRun, OwnInsight, Post, Profile, TrackedProfile
from benchmark.tracking import TrackingRefused
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON
from tests.imports.drawing import table

COUNTED = datetime(2026, 2, 20, tzinfo=UTC)


@pytest.fixture
def bring(workspace):
    """Import posts as a door would."""

    def bring(file, **how):
        how = {"network": "facebook", "source": "export.csv", "counted_at": COUNTED, **how}
        how = {"by": tracking.By.command(), "now": NOON, **how}
        return tracking.import_posts(how.pop("workspace", workspace), file, **how)

    return bring


@pytest.fixture
def bring_followers(workspace):
    def bring_followers(file, **how):
        how = {"network": "facebook", "source": "followers.csv", "by": tracking.By.command(), "now": NOON, **how}
        return tracking.import_followers(workspace, file, **how)

    return bring_followers


def refusal(act, *arguments, **how) -> tuple[str, str]:
    try:
        act(*arguments, **how)
    except (FileRefused, TrackingRefused) as refused:
        return refused.code, refused.sentence
    raise AssertionError("nothing was refused")


# --- what only an owner knows ----------------------------------------------------------------------------------------

PLAIN = table("""
    id | published_at         | reactions | comments | shares | saves | reach | impressions
    1  | 2026-02-01T10:00:00Z | 100       | 20       | 3      | 9     | 5000  | 7000
    2  | 2026-02-02T10:00:00Z | 100       | 20       | 3      |       |       |
    3  | 2026-02-03T10:00:00Z | 100       | 20       | 3      | 0     |       |
""")


def insights() -> list[tuple[str, int | None, int | None, int | None]]:
    found = OwnInsight.objects.order_by("post__external_id")
    return [*found.values_list("post__external_id", "reach", "impressions", "saves")]


def test_reach_impressions_and_saves_of_an_own_account_become_insights_of_its_workspace(bring, workspace):
    bring(PLAIN, profile="harbour", own=True)

    assert insights() == [("1", 5000, 7000, 9), ("3", None, None, 0)]
    assert {insight.workspace for insight in OwnInsight.objects.all()} == {workspace}
    assert Post.objects.get(external_id="1").saves is None  # Facebook shows them to nobody else


def test_saves_that_a_network_shows_to_everybody_are_counts_of_the_post_and_no_secret(bring):
    file = table("""
        id | published_at         | reactions | saves
        1  | 2026-02-01T10:00:00Z | 100       | 9
    """)

    bring(file, network="bluesky", profile="rival.example.org")
    bring(file, network="bluesky", profile="ours.example.org", own=True)

    assert [*Post.objects.values_list("saves", flat=True)] == [9, 9]
    assert [insight.post.profile.handle for insight in OwnInsight.objects.all()] == ["ours.example.org"]


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("reach", "Only owners know reach. Import for an own account, or leave those columns out."),
        ("impressions", "Only owners know impressions. Import for an own account, or leave those columns out."),
        ("saves", "Only owners know saves. Import for an own account, or leave those columns out."),
    ],
)
def test_a_competitors_file_with_what_only_owners_know_is_refused(bring, column, sentence):
    file = table(f"""
        id | published_at         | reactions | {column}
        1  | 2026-02-01T10:00:00Z | 100       | 9
    """)

    assert refusal(bring, file, profile="rival") == ("insights_only_for_own", sentence)
    assert not Profile.objects.exists()


def test_a_competitors_file_with_such_columns_left_blank_is_fine(bring):
    bring(
        table("""
            id | published_at         | reactions | reach | saves
            1  | 2026-02-01T10:00:00Z | 100       |       |
        """),
        profile="rival",
    )

    assert (Post.objects.count(), OwnInsight.objects.count()) == (1, 0)


def test_a_later_file_without_a_column_takes_no_insight_away(bring):
    bring(PLAIN, profile="harbour", own=True)

    bring(
        table("""
            id | published_at         | reactions | reach
            1  | 2026-02-01T10:00:00Z | 110       | 5500
        """),
        profile="harbour",
        counted_at=NOON,
    )

    assert insights() == [("1", 5500, 7000, 9), ("3", None, None, 0)]


def test_two_workspaces_that_own_the_same_account_keep_their_insights_apart(bring):
    other = WorkspaceFactory.create()

    bring(PLAIN, profile="harbour", own=True)
    bring(PLAIN, profile="harbour", own=True, workspace=other)

    assert OwnInsight.objects.filter(workspace=other).count() == 2
    assert {insight.post.profile.workspace for insight in OwnInsight.objects.filter(workspace=other)} == {other}


META = table("""
    Post ID | Page ID | Page name | Title | Publish time     | Post type | Date     | Views | Reach | Reactions | Comments | Shares
    9001    | 777     | Harbour   | Tide  | 01/31/2026 17:00 | Photos    | Lifetime | 90    | 60    | 7         | 2        | 1
    9002    | 777     | Harbour   | Ebb   | 02/01/2026 12:00 | Reels     | Lifetime | 80    | 50    | 6         | 1        | 0
""")  # noqa: E501


def test_an_export_of_meta_is_imported_for_an_own_page(bring):
    (tracked,) = bring(META, profile="harbour", own=True).tracked

    profile = tracked.profile
    assert (profile.external_id, profile.handle, profile.name) == ("777", "harbour", "Harbour")
    assert insights() == [("9001", 60, None, None), ("9002", 50, None, None)]
    assert profile.posts.get(external_id="9001").published_at == datetime(2026, 2, 1, 1, tzinfo=UTC)
    assert profile.history_from == date(2026, 2, 1)
    assert FetchRun.objects.get().source == "export.csv (meta_facebook_posts)"


def test_the_same_export_again_changes_nothing(bring):
    bring(META, profile="harbour", own=True)
    before = [*OwnInsight.objects.values(), *Post.objects.values(), *Profile.objects.values()]

    again = bring(META, profile="harbour", own=True)

    assert (again.run.new, again.run.changed) == (0, 0)
    assert [*OwnInsight.objects.values(), *Post.objects.values(), *Profile.objects.values()] == before


def test_an_export_of_meta_for_a_competitor_is_refused_and_stores_nothing(bring):
    assert refusal(bring, META, profile="rival")[0] == "insights_only_for_own"
    assert not Profile.objects.exists()
    assert FetchRun.objects.get().outcome == "refused"


# --- many profiles in one file ---------------------------------------------------------------------------------------

PAGES = table("""
    account_id | post_id | Page    | Post URL                                  | Date Published | Post Type | share_count | reaction_count | comment_count
    777        | 1       | Harbour | https://www.facebook.com/Harbour/posts/1  | 2016-09-19     | link      | 1           | 10             | 1
    888        | 2       | Port    | https://www.facebook.com/port.inc/posts/2 | 2016-09-20     | link      | 1           | 20             | 1
    777        | 3       | Harbour | https://www.facebook.com/Harbour/posts/3  | 2016-09-21     | link      |             | 30             | 1
""")  # noqa: E501


def test_a_file_of_many_profiles_follows_each_of_them(bring):
    imported = bring(PAGES)

    assert [(tracked.profile.handle, tracked.profile.external_id, tracked.slot) for tracked in imported.tracked] == [
        ("harbour", "777", 1),
        ("port.inc", "888", 2),
    ]
    assert [*Profile.objects.order_by("handle").values_list("name", flat=True)] == ["Harbour", "Port"]
    assert (imported.run.seen, imported.run.new, imported.run.profile, imported.others) == (3, 3, None, 0)


def test_one_profile_of_a_file_of_many_is_chosen_by_its_handle(bring):
    imported = bring(PAGES, profile="https://facebook.com/Harbour")

    assert [post.external_id for post in Post.objects.order_by("external_id")] == ["1", "3"]
    assert (imported.run.profile, imported.others) == (Profile.objects.get(), 1)


def test_a_file_of_more_profiles_than_there_are_places_is_refused_as_a_whole(bring):
    rows = "\n".join(
        f"{number} | {number} | P | https://www.facebook.com/page{number}/posts/1 | 2016-09-19 | link | 1 | 1 | 1"
        for number in range(100, 121)
    )

    assert refusal(bring, PAGES.splitlines()[0] + b"\n" + table(rows))[0] == "competitor_limit_reached"
    assert not TrackedProfile.objects.exists()


MEMBERS = table("""
    video_id    | title | published_at | view_count | like_count | member_id | member_name
    GeAB3wbJab1 | Tide  | 2026-02-12   | 900        | 7          | yuni      | Yuni
    GeAB3wbJab2 | Ebb   | 2026-02-12   | 800        | 6          | huya      | Huya
""")


def test_rows_are_chosen_by_what_the_file_calls_a_profile_that_it_has_no_handle_of(bring):
    imported = bring(MEMBERS, network="youtube", profile="@yuni_ch", rows_of="Yuni")

    assert [post.external_id for post in Post.objects.all()] == ["GeAB3wbJab1"]
    assert imported.others == 1
    assert refusal(bring, MEMBERS, network="youtube")[0] == "profile_missing"
    assert refusal(bring, MEMBERS, network="youtube", profile="@yuni_ch")[0] == "file_of_many_profiles"
    assert refusal(bring, MEMBERS, network="facebook", profile="yuni")[0] == "wrong_network"


def test_a_series_that_names_nobody_is_imported_for_somebody(bring_followers):
    series = table("""
        timestamp               | followers | following | posts
        2024-11-15 00:01:00 UTC | 15        |           |
        2024-11-19 00:01:00 UTC | 1000      | 98        | 990
    """)

    bring_followers(series, network="bluesky", profile="harbour.example.org")

    readings = Profile.objects.get().readings.order_by("read_at")
    assert [*readings.values_list("followers", "following", "posts_published")] == [(15, None, None), (1000, 98, 990)]
    assert refusal(bring_followers, series, network="bluesky")[0] == "profile_missing"


def test_followers_of_one_network_are_taken_out_of_a_table_of_all(bring_followers):
    history = table("""
        Date       | Timestamp | Idol_Name | Platform  | Username                     | Follower_Count
        2026-02-01 | 12:00:00  | Alice     | Facebook  | profile.php?id=6155626151487 | 1603
        2026-02-01 | 12:00:00  | Alice     | Instagram | alice                        | 370
        2026-02-01 | 12:00:00  | Bowie     | Facebook  | bowie                        | 203
    """)

    imported = bring_followers(history)

    assert [*Profile.objects.order_by("handle").values_list("handle", "name", "followers")] == [
        ("6155626151487", "Alice", 1603),
        ("bowie", "Bowie", 203),
    ]
    assert imported.others == 1


def test_a_clock_may_be_named_where_the_file_has_none(bring):
    bring(MEMBERS, network="youtube", profile="@yuni_ch", rows_of="yuni", zone="Asia/Seoul")

    assert Post.objects.get().published_at == datetime(2026, 2, 11, 15, tzinfo=UTC)
    assert refusal(bring, META, profile="harbour", own=True, zone="Asia/Seoul")[0] == "zone_is_known"


# --- moments that a file brings along --------------------------------------------------------------------------------

TRACKED = table("""
    snapshot_utc         | channel_id               | channel_title | video_id    | published_at         | title | view_count | like_count | comment_count
    2026-01-28T00:00:00Z | UC0AFqXyYs1z2Dxx5jtQBicQ | Harbour       | YEmGXrX1bY1 | 2026-01-22T17:00:00Z | Tide  | 1912       | 127        | 22
    2026-02-28T00:00:00Z | UC0AFqXyYs1z2Dxx5jtQBicQ | Harbour       | YEmGXrX1bY2 | 2026-02-22T17:00:00Z | Ebb   | 1912       |            | 22
""")  # noqa: E501


def test_posts_are_stored_as_they_stood_when_their_own_row_was_counted(bring):
    bring(TRACKED, network="youtube", counted_at=None)

    profile = Profile.objects.get()
    assert [*Post.objects.order_by("external_id").values_list("read_at", "reactions")] == [
        (datetime(2026, 1, 28, tzinfo=UTC), 127),
        (datetime(2026, 2, 28, tzinfo=UTC), None),
    ]
    assert (profile.external_id, profile.name, profile.read_at) == (
        "UC0AFqXyYs1z2Dxx5jtQBicQ",
        "Harbour",
        datetime(2026, 2, 28, tzinfo=UTC),
    )


def test_a_file_of_chosen_posts_makes_no_history_unless_somebody_says_that_it_is_whole(bring):
    bring(TRACKED, network="youtube", counted_at=None)
    assert Profile.objects.get().history_from is None

    bring(TRACKED, network="youtube", counted_at=None, complete_from=date(2026, 1, 1))
    assert Profile.objects.get().history_from == date(2026, 1, 1)


def test_a_row_that_was_counted_tomorrow_is_a_bad_one(bring):
    with pytest.raises(FileRefused) as refused:
        bring(TRACKED.replace(b"2026-02-28T", b"2026-03-28T"), network="youtube", counted_at=None)

    assert [str(problem) for problem in refused.value.problems] == [
        "line 3: was counted at 2026-03-28 00:00 UTC, which has not come yet"
    ]


CROWD = table("""
    Page Name | User Name | Facebook Id | Followers at Posting | Post Created            | Type  | Likes | Comments | Shares | Love | Wow | Haha | Sad | Angry | Care | URL                                      | Message
    Harbour   | harbour   | 777         | 12345                | 2026-01-05 09:30:00 EST | Photo | 100   | 20       | 3      | 1    | 0   | 0    | 0   | 0     | 0    | https://www.facebook.com/777/posts/9001  | Tide
    Harbour   | harbour   | 777         | 12350                | 2026-01-06 09:30:00 EST | Link  | 50    | 10       | 2      | 1    | 0   | 0    | 0   | 0     | 0    | https://www.facebook.com/777/posts/9002  | Ebb
""")  # noqa: E501


def test_followers_at_posting_become_readings_of_the_page(bring):
    bring(CROWD)

    profile = Profile.objects.get()
    assert [*profile.readings.order_by("read_at").values_list("read_at", "followers")] == [
        (datetime(2026, 1, 5, 14, 30, tzinfo=UTC), 12_345),
        (datetime(2026, 1, 6, 14, 30, tzinfo=UTC), 12_350),
    ]
    assert (profile.followers, profile.handle, profile.external_id) == (12_350, "harbour", "777")
    assert [*profile.days.order_by("day").values_list("followers", "engagements")] == [(12_345, 124), (12_350, 63)]

    again = bring(CROWD)
    assert (again.run.new, again.run.changed, profile.readings.count()) == (0, 0, 2)


def test_posts_with_their_words_and_then_with_their_counts_are_the_same_posts(bring):
    """Two tables that share the ids of their posts bring what the other has not."""
    words = table("""
        id | published_at         | reactions | text
        1  | 2026-02-01T10:00:00Z |           | Tide
    """)
    counts = table("""
        id | published_at         | reactions | views
        1  | 2026-02-01T10:00:00Z | 60        | 4280
    """)

    bring(words, profile="harbour")
    bring(counts, profile="harbour", counted_at=NOON)

    assert [*Post.objects.values_list("text", "reactions", "views")] == [("Tide", 60, 4280)]
