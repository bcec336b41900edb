"""What files bring: whose it is, where it goes, what is refused, and that the same file twice changes nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark import ingest, tracking
from benchmark.imports import FileRefused
from benchmark.models import (
    FetchRun,
    OwnInsight,
    Post,
    PostReading,
    Profile,
    ProfileDay,
    ProfileReading,
    TrackedProfile,
    Trigger,
)
from benchmark.networks.base import Kind
from benchmark.networks.parsing import LARGEST_COUNT
from benchmark.tracking import TrackingRefused
from tests.factories.accounts import UserFactory, WorkspaceFactory
from tests.factories.rows import NOON, TrackedProfileFactory
from tests.imports.drawing import table

COUNTED = datetime(2026, 2, 20, tzinfo=UTC)

NASA = table("""
    id | published_at         | kind  | text       | reactions | comments | shares
    1  | 2026-02-01T10:00:00Z | photo | One #Mars  | 100       | 20       | 3
    2  | 2026-02-01T12:00:00Z | link  | Two        |           | 4        | 0
    3  | 2026-02-10T09:00:00Z | video | Three      | 50        | 5        | 5
""")


@pytest.fixture
def bring(workspace):
    """Import posts as a door would."""

    def bring(file=NASA, **how):
        how = {"network": "facebook", "profile": "nasa", "source": "nasa.csv", "counted_at": COUNTED, **how}
        how = {"by": tracking.By.command(), "now": NOON, **how}
        return tracking.import_posts(how.pop("workspace", workspace), file, **how)

    return bring


@pytest.fixture
def bring_followers(workspace):
    def bring_followers(file, **how):
        how = {"network": "facebook", "source": "followers.csv", "by": tracking.By.command(), "now": NOON, **how}
        return tracking.import_followers(how.pop("workspace", workspace), file, **how)

    return bring_followers


def refusal(act, *arguments, **how) -> tuple[str, str]:
    try:
        act(*arguments, **how)
    except (FileRefused, TrackingRefused) as refused:
        return refused.code, refused.sentence
    raise AssertionError("nothing was refused")


def everything() -> list[list[dict[str, Any]]]:
    """All rows that a file can touch, except the ledger."""
    tables = (Profile, Post, PostReading, ProfileDay, ProfileReading, OwnInsight, TrackedProfile)
    return [[*model.objects.order_by("pk").values()] for model in tables]


# --- posts -----------------------------------------------------------------------------------------------------------


def test_a_file_follows_its_profile_and_becomes_posts_days_and_a_history(bring, workspace):
    imported = bring()

    (tracked,) = imported.tracked
    profile = tracked.profile
    assert (tracked.slot, tracked.role, tracked.brand.name) == (1, "competitor", "nasa")
    assert (profile.workspace, profile.external_id, profile.handle) == (workspace, "file:nasa", "nasa")
    assert (profile.url, profile.due_at, profile.lacks) == ("https://www.facebook.com/nasa", None, [])
    assert (profile.history_from, profile.history_to, profile.read_at) == (date(2026, 2, 1), COUNTED, COUNTED)
    one = profile.posts.get(external_id="1")
    assert (one.kind, one.text, one.hashtags, one.reactions, one.read_at) == (
        Kind.PHOTO,
        "One #Mars",
        ["Mars"],
        100,
        COUNTED,
    )
    assert profile.posts.get(external_id="2").reactions is None
    assert [*profile.days.order_by("day").values_list("day", "posts", "engagements", "engagements_known")] == [
        (date(2026, 2, 1), 2, 123, 1),
        (date(2026, 2, 10), 1, 60, 1),
    ]


def test_days_hold_the_sum_of_the_largest_counts_that_a_file_may_have(bring):
    bring(
        table(f"""
            id | published_at | reactions       | comments
            1  | 2026-02-01   | {LARGEST_COUNT} | {LARGEST_COUNT}
            2  | 2026-02-01   | {LARGEST_COUNT} | {LARGEST_COUNT}
        """)
    )

    assert ProfileDay.objects.get().engagements == 4 * LARGEST_COUNT


def test_a_reading_is_kept_for_the_checkpoint_that_a_post_had_reached_when_it_was_counted(bring):
    bring()

    assert [*PostReading.objects.order_by("post__external_id").values_list("post__external_id", "checkpoint")] == [
        ("1", 14 * 24),
        ("2", 14 * 24),
        ("3", 7 * 24),
    ]


def test_the_same_file_again_changes_nothing_but_the_ledger(bring):
    bring()
    before = everything()

    again = bring(now=NOON + timedelta(days=1))

    assert everything() == before
    assert (again.run.seen, again.run.new, again.run.changed) == (3, 0, 0)
    assert FetchRun.objects.count() == 2


def test_a_later_file_adds_posts_brings_counts_up_to_date_and_extends_the_history(bring):
    bring()

    imported = bring(
        table("""
            id | published_at         | kind  | text  | reactions | comments | shares
            3  | 2026-02-10T09:00:00Z | video | Three | 55        | 5        | 5
            4  | 2026-02-21T09:00:00Z | video | Four  | 10        | 1        | 0
        """),
        counted_at=NOON,
    )

    profile = Profile.objects.get()
    assert (imported.run.new, imported.run.changed) == (1, 1)
    assert profile.posts.get(external_id="3").reactions == 55
    assert (profile.history_from, profile.history_to) == (date(2026, 2, 1), NOON)


def test_a_file_that_was_counted_earlier_never_replaces_newer_counts(bring):
    bring()

    bring(
        table("""
            id | published_at         | reactions | comments | shares
            0  | 2026-01-15T09:00:00Z | 7         | 0        | 0
            3  | 2026-02-10T09:00:00Z | 40        | 5        | 5
        """),
        counted_at=COUNTED - timedelta(days=5),
    )

    profile = Profile.objects.get()
    assert profile.posts.get(external_id="3").reactions == 50
    assert (profile.history_from, profile.history_to) == (date(2026, 1, 15), COUNTED)


def test_where_two_files_leave_a_hole_the_history_is_that_of_the_later_one(bring):
    bring()
    later = table("""
        id | published_at | reactions | comments | shares
        9  | 2026-02-25   | 7         | 0        | 0
    """)

    bring(later, counted_at=NOON)
    assert Profile.objects.get().history_from == date(2026, 2, 25)

    bring(counted_at=COUNTED)
    assert Profile.objects.get().history_from == date(2026, 2, 25)


def test_complete_from_says_since_when_the_file_has_every_post(bring):
    bring(complete_from=date(2026, 1, 20))

    assert Profile.objects.get().history_from == date(2026, 1, 20)


def test_a_column_that_a_file_does_not_have_takes_nothing_away(bring):
    bring()

    bring(
        table("""
            id | published_at         | reactions
            1  | 2026-02-01T10:00:00Z | 110
        """),
        counted_at=NOON,
    )

    one = Post.objects.get(external_id="1")
    assert (one.reactions, one.comments, one.shares, one.text, one.kind, one.hashtags) == (
        110,
        20,
        3,
        "One #Mars",
        "photo",
        ["Mars"],
    )
    assert Profile.objects.get().lacks == []


def test_parts_that_no_file_has_brought_are_declared_until_one_brings_them(bring):
    bring(
        table("""
            id | published_at         | reactions | comments
            1  | 2026-02-01T10:00:00Z | 100       | 20
        """)
    )

    assert Profile.objects.get().lacks == ["shares"]
    assert ProfileDay.objects.get().engagements == 120

    bring()
    assert Profile.objects.get().lacks == []
    assert ProfileDay.objects.get(day=date(2026, 2, 1)).engagements == 123


def test_reach_and_impressions_belong_to_the_workspace_that_owns_the_account(bring, workspace):
    file = table("""
        id | published_at         | reactions | comments | shares | reach | impressions
        1  | 2026-02-01T10:00:00Z | 100       | 20       | 3      | 5000  | 7000
        2  | 2026-02-02T10:00:00Z | 100       | 20       | 3      |       |
    """)

    bring(file, own=True)
    bring(file)  # it is followed as an own account already
    bring(
        table("""
            id | published_at         | reactions | comments | shares | reach
            1  | 2026-02-01T10:00:00Z | 100       | 20       | 3      | 4000
        """),
        counted_at=COUNTED - timedelta(days=1),
    )

    insight = OwnInsight.objects.get()
    assert (insight.workspace, insight.reach, insight.impressions, insight.read_at) == (workspace, 5000, 7000, COUNTED)
    assert refusal(bring, file, profile="rival") == (
        "insights_only_for_own",
        "Only owners know reach and impressions. Import for an own account, or leave those columns out.",
    )


def test_what_a_file_brings_is_the_workspaces_own(bring):
    bring()
    other = WorkspaceFactory.create()

    bring(workspace=other)

    assert Profile.objects.count() == 2
    assert Profile.objects.visible_to(other).get().workspace == other
    assert FetchRun.objects.visible_to(other).get().workspace == other


# --- refusals --------------------------------------------------------------------------------------------------------

BAD = table("""
    id | published_at         | reactions | comments | shares
    1  | 2026-02-01T10:00:00Z | 100       | 20       | 3
    2  | someday              | 100       | 20       | 3
    3  | 2026-02-03T10:00:00Z | many      | 20       | 3
    4  | 2026-02-25T10:00:00Z | 1         | 2        | 3
""")


def test_one_bad_row_refuses_the_file_and_the_ledger_lists_every_bad_row(bring):
    user = UserFactory.create()

    with pytest.raises(FileRefused) as refused:
        bring(BAD, by=tracking.By.person(user))

    assert [problem.line for problem in refused.value.problems] == [3, 4, 5]
    assert refused.value.sentence.startswith("3 rows are wrong, so nothing was imported. Mend the file, or ")
    assert everything() == [[]] * 7
    run = FetchRun.objects.get()
    assert (run.kind, run.outcome, run.code, run.refused, run.user, run.source) == (
        "import",
        "refused",
        "bad_rows",
        3,
        user,
        "nasa.csv",
    )
    assert run.problems[1] == {"line": 4, "reason": "reactions “many” is not a whole number"}
    assert "2026-02-25 10:00 UTC, after the counting at 2026-02-20 00:00 UTC" in run.problems[2]["reason"]


@pytest.mark.parametrize(
    ("trigger", "remedy"),
    [
        (Trigger.PERSON, "import it again and tick “Leave wrong rows out, and import the others”."),
        (Trigger.API_KEY, "send skip_bad_rows=true to import the other rows."),
        (Trigger.COMMAND, "import the other rows with --skip-bad-rows."),
    ],
)
def test_how_bad_rows_are_left_out_is_said_in_the_words_of_the_door(bring, trigger, remedy):
    code, sentence = refusal(bring, BAD, by=tracking.By(trigger))

    assert (code, sentence) == ("bad_rows", f"3 rows are wrong, so nothing was imported. Mend the file, or {remedy}")
    assert FetchRun.objects.get().sentence == sentence


def test_bad_rows_can_be_left_out(bring):
    imported = bring(BAD, skip_bad_rows=True)

    assert [problem.line for problem in imported.left_out] == [3, 4, 5]
    assert [*Post.objects.values_list("external_id", flat=True)] == ["1"]
    run = FetchRun.objects.get()
    assert (run.outcome, run.refused, len(run.problems), run.seen) == ("done", 3, 3, 1)
    assert run.source == "nasa.csv (plain_posts)"


def test_a_file_without_a_good_row_is_refused_all_the_same(bring):
    bad = table("""
        id | published_at | views
        1  | someday      | 1
    """)

    assert refusal(bring, bad, skip_bad_rows=True) == (
        "bad_rows",
        "No row of this file is good: nothing was imported.",
    )


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"counted_at": NOON + timedelta(hours=1)}, "counted_in_the_future"),
        ({"complete_from": date(2026, 2, 21)}, "complete_after_counting"),
        ({"profile": "two words"}, "handle_not_recognised"),
        ({"profile": "https://youtube.com/@nasa"}, "wrong_network"),
        ({"file": b"id,published_at,views\n"}, "file_empty"),
        ({"file": b"a,b\n1,2\n"}, "format_unknown"),
        ({"file": b"profile,time,followers\nnasa,2026-01-01,1\n"}, "wrong_content"),
        ({"format": "plain_followers"}, "format_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused_and_stands_in_the_ledger(bring, how, code):
    given, sentence = refusal(bring, **how)

    assert given == code
    assert sentence.endswith(".")
    assert [*FetchRun.objects.values_list("outcome", "code")] == [("refused", code)]
    assert everything() == [[]] * 7


def test_an_unknown_network_is_refused(bring):
    assert refusal(bring, network="friendster")[0] == "unknown_network"


def test_the_limit_of_twenty_holds_for_files_too(bring, workspace):
    for number in range(20):
        bring(profile=f"rival{number}")

    assert refusal(bring) == (
        "competitor_limit_reached",
        "All 20 places for competitors on Facebook are taken. Remove one, and its place is free again.",
    )
    assert Profile.objects.count() == 20
    bring(profile="rival7")  # one that has its place
    bring(own=True)  # and one that needs none


def test_a_competitor_does_not_become_an_own_account_by_a_file(bring):
    bring()

    assert refusal(bring, own=True)[0] == "already_tracked"


def test_importing_brings_a_removed_profile_back(bring):
    (tracked,) = bring().tracked
    tracking.remove(tracked, now=NOON)

    (again,) = bring().tracked

    assert (again.pk, again.slot, again.removed_at) == (tracked.pk, 1, None)


# --- ids and handles -------------------------------------------------------------------------------------------------


def page(page_id: str, post: int = 1) -> bytes:
    return table(f"""
        status_id       | status_type | status_published    | num_reactions | num_comments | num_shares
        {page_id}_{post} | link        | 2016-03-01 10:00:00 | 1             | 2            | 3
    """)


def test_a_profile_is_known_by_its_id_as_soon_as_a_file_carries_one(bring):
    bring()

    bring(page("777"))

    profile = Profile.objects.get()
    assert (profile.external_id, profile.handle, profile.posts.count()) == ("777", "nasa", 4)
    assert bring(profile="777").tracked[0].profile == profile  # the id is a reference too


def test_a_file_of_another_page_than_the_handles_is_refused(bring):
    bring(page("777"))

    assert refusal(bring, page("888")) == (
        "file_of_another_profile",
        "This file's posts belong to the profile 888, but nasa is the profile 777 here. Check the file.",
    )
    assert refusal(bring, page("777"), profile="esa") == (
        "file_of_another_profile",
        "This file's posts belong to the profile 777, which is nasa here. Import it for nasa.",
    )


def test_a_file_meets_the_profile_that_is_fetched_already(bring, follow):
    fetched = follow("anna.example.org")
    before = Profile.objects.filter(pk=fetched.profile_id).values().get()

    (tracked,) = bring(network="bluesky", profile="@anna.example.org").tracked
    (again,) = bring(network="bluesky", profile="anna.example.org").tracked

    assert again.pk == tracked.pk == fetched.pk
    assert tracked.profile == fetched.profile
    assert tracked.file_profile.posts.count() == 3
    assert (tracked.file_profile.external_id, tracked.file_profile.name) == ("did:plc:annaexampleorg", "Anna")
    assert Profile.objects.filter(pk=fetched.profile_id).values().get() == before
    assert TrackedProfile.objects.count() == 1


def test_a_profile_that_is_fetched_later_meets_its_file(bring, follow, workspace):
    (filed,) = bring(network="bluesky", profile="anna.example.org").tracked

    tracked = follow("anna.example.org")

    assert (tracked.pk, tracked.slot, tracked.brand) == (filed.pk, 1, filed.brand)
    assert tracked.profile.workspace is None
    assert (tracked.file_profile, tracked.file_profile.external_id) == (filed.profile, "did:plc:annaexampleorg")
    assert tracked.profile.due_at == NOON
    assert tracking.slots_in_use(workspace)["bluesky"] == 1


def test_meeting_needs_no_free_place(bring, follow, workspace):
    bring(network="bluesky", profile="anna.example.org")
    for _ in range(19):
        TrackedProfileFactory.create(workspace=workspace)

    assert follow("anna.example.org").slot == 1


def test_a_file_known_as_a_competitors_is_not_added_as_an_own_account(bring, follow):
    bring(network="bluesky", profile="anna.example.org")

    assert refusal(follow, "anna.example.org", role="own")[0] == "already_tracked"


def test_a_renamed_profile_keeps_its_file(bring, follow, outside):
    fetched = follow("anna.example.org")
    bring(network="bluesky", profile="anna.example.org")
    Profile.objects.filter(pk=fetched.profile_id).update(handle="anna.example.net")

    (tracked,) = bring(network="bluesky", profile="anna.example.net").tracked

    assert tracked.pk == fetched.pk
    assert Profile.objects.count() == 2


def test_a_file_of_a_network_that_cannot_be_fetched_is_not_fetched(bring, files_only):
    known = bring(network=files_only).tracked[0]
    assert refusal(tracking.fetch_now, known, now=NOON)[0] == "network_not_fetchable"


def test_a_file_alone_is_not_fetched(bring):
    known = bring(network="bluesky", profile="anna.example.org").tracked[0]
    assert refusal(tracking.fetch_now, known, now=NOON) == (
        "known_from_a_file",
        "anna.example.org (Bluesky) is known from a file only. Add its handle on Bluesky to have it fetched.",
    )


# --- followers -------------------------------------------------------------------------------------------------------

FOLLOWERS = table("""
    profile | time             | followers | following
    nasa    | 2026-02-01       | 1000      | 5
    @NASA   | 2026-02-02T12:00 | 1010      |
    esa     | 2026-02-01       | 400       | 7
""")


def test_followers_of_many_profiles_follow_each_and_become_readings_and_days(bring_followers):
    imported = bring_followers(FOLLOWERS)

    assert [(tracked.profile.handle, tracked.slot) for tracked in imported.tracked] == [("esa", 1), ("nasa", 2)]
    nasa = Profile.objects.get(handle="nasa")
    assert [*nasa.readings.order_by("read_at").values_list("followers", "following")] == [(1000, 5), (1010, None)]
    assert (nasa.followers, nasa.read_at, nasa.history_from) == (1010, datetime(2026, 2, 2, 12, tzinfo=UTC), None)
    assert [*nasa.days.order_by("day").values_list("day", "followers")] == [
        (date(2026, 2, 1), 1000),
        (date(2026, 2, 2), 1010),
    ]


def test_the_same_followers_again_change_nothing_but_the_ledger(bring_followers):
    bring_followers(FOLLOWERS)
    before = everything()

    again = bring_followers(FOLLOWERS, now=NOON + timedelta(days=1))

    assert everything() == before
    assert (again.run.seen, again.run.new, again.run.changed) == (3, 0, 0)


def test_a_corrected_reading_is_corrected_and_keeps_what_the_file_does_not_say(bring_followers):
    bring_followers(FOLLOWERS)

    again = bring_followers(
        table("""
            profile | time       | followers
            nasa    | 2026-02-01 | 1001
            nasa    | 2026-02-05 | 1100
        """)
    )

    nasa = Profile.objects.get(handle="nasa")
    assert (again.run.new, again.run.changed, again.run.profile) == (1, 1, nasa)
    assert [*nasa.readings.order_by("read_at").values_list("followers", "following")] == [
        (1001, 5),
        (1010, None),
        (1100, None),
    ]
    assert nasa.followers == 1100


def test_followers_of_a_fetched_profile_stand_beside_what_was_fetched(bring_followers, follow):
    fetched = follow("anna.example.org")

    (tracked,) = bring_followers(
        table("""
            profile          | time       | followers
            anna.example.org | 2026-01-01 | 900
        """),
        network="bluesky",
    ).tracked

    assert (tracked.pk, tracked.file_profile.followers) == (fetched.pk, 900)
    assert fetched.profile.readings.count() == 1


def test_followers_of_nobody_and_of_tomorrow_are_bad_rows(bring_followers):
    bad = table("""
        profile                   | time       | followers
        two words                 | 2026-02-01 | 1
        https://youtube.com/@nasa | 2026-02-01 | 1
        nasa                      | 2026-03-02 | 1
        esa                       | 2026-02-01 | 1
    """)

    with pytest.raises(FileRefused) as refused:
        bring_followers(bad)
    assert [problem.line for problem in refused.value.problems] == [2, 3, 4]
    assert not Profile.objects.exists()

    imported = bring_followers(bad, skip_bad_rows=True)
    assert [tracked.profile.handle for tracked in imported.tracked] == ["esa"]


def test_followers_of_more_profiles_than_there_are_places_for_are_refused_as_a_whole(bring_followers):
    rows = "\n".join(f"rival{number} | 2026-02-01 | 1" for number in range(21))

    assert refusal(bring_followers, table("profile | time | followers\n" + rows))[0] == "competitor_limit_reached"
    assert not TrackedProfile.objects.exists()
    assert FetchRun.objects.get().outcome == "refused"
    assert len(bring_followers(table("profile | time | followers\n" + rows), own=True).tracked) == 21


# --- crashes and costs -----------------------------------------------------------------------------------------------


def test_a_crash_in_the_middle_stores_nothing_and_its_run_is_closed_as_interrupted(bring):
    def crash(_done: int, _total: int) -> None:
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        bring(on_progress=crash)

    assert everything() == [[]] * 7
    FetchRun.objects.update(seen=1)  # as it had been told to those who watched
    ingest.close_interrupted_runs(now=NOON + timedelta(hours=2))
    run = FetchRun.objects.get()
    assert (run.outcome, run.code, run.seen) == ("abandoned", "interrupted", 0)
    assert run.sentence == "The import was interrupted, and nothing was stored. Import the file again."


def test_twice_the_rows_cost_the_same_queries(bring, django_assert_max_num_queries):
    def days(count: int) -> bytes:
        rows = [f"{number} | 2026-01-{number:02} | 1 | 1 | 1" for number in range(1, count + 1)]
        return table("\n".join(["id | published_at | reactions | comments | shares", *rows]))

    with CaptureQueriesContext(connection) as few:
        bring(days(10), profile="rival")
    with django_assert_max_num_queries(len(few)):
        bring(days(20))


def test_the_places_of_all_networks_are_one_query(workspace, django_assert_num_queries):
    TrackedProfileFactory.create(workspace=workspace)

    with django_assert_num_queries(1):
        assert tracking.slots_in_use(workspace)["bluesky"] == 1
