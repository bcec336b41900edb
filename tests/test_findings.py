"""What goes with stronger posts: found within profiles, told with its figures, and turned into something to try."""

import pytest
from django.db import connection

from accounts.models import Workspace
from benchmark.insights import MOST
from benchmark.metrics.contrasts import FEWEST_PROFILES
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import follow, moment, profile, reading, report
from tests.factories.rows import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create(timezone="Europe/Berlin")


def publishing(workspace: Workspace, *lots, own=False):
    """A profile with a thousand followers. Each lot: how many posts, reactions of each, and what they are like."""
    of = profile()
    tracked = follow(workspace, of, own=own)
    reading(of, moment("2025-02-28T00:00"), 1000)
    reading(of, moment("2025-04-01T00:00"), 1000)
    for posts, reactions, fields in lots:
        times = {"published_at": moment(fields.pop("at", "2025-03-11T10:00")), "read_at": moment("2025-05-01")}
        for _ in range(posts):
            counts = {"reactions": reactions, "comments": 0, "shares": 0, "quotes": 0}
            PostFactory.create(profile=of, **counts, **times, **{"kind": "text", "hashtags": [], **fields})
    return tracked


def findings(workspace, about):
    return [sentence for sentence in report(workspace).sentences if sentence.about == about]


def plain(sentence):
    return sentence.text.replace("\N{NO-BREAK SPACE}", " ")


def videos(reactions):
    """Five texts of 10 reactions, and five videos."""
    return (5, 10, {}), (5, reactions, {"kind": "video"})


def test_a_kind_that_brings_more_within_the_same_profile_is_told_with_its_figures(workspace):
    # Twice as much, three times as much, …, up to nine times: the middle of eight is 5.5.
    for times in range(2, 10):
        publishing(workspace, *videos(10 * times))

    (found,) = findings(workspace, "content")[:1]

    # In 95 of 100 cases the middle lies between the smallest and the largest of eight.
    assert plain(found) == (
        "Video posts bring 5.50 times what other posts of the same profile bring (2 to 9), in 8 of 8 profiles."
    )
    assert (found.code, found.metric) == ("kind_video", "engagement_rate")
    (evidence,) = found.evidence
    assert (evidence.value, evidence.low, evidence.high, evidence.n) == pytest.approx((5.5, 2, 9, 8))


def test_strong_profiles_that_like_videos_prove_nothing_about_videos(workspace):
    # Whoever has many reactions has videos, and videos bring no more than texts there.
    for reactions in (100, 200, 300, 400, 500, 600, 700, 800):
        publishing(workspace, (5, reactions, {}), (6, reactions, {"kind": "video"}))
    for reactions in (1, 2, 3, 4):
        publishing(workspace, (11, reactions, {}))

    assert findings(workspace, "content") == []


def test_a_difference_that_only_some_profiles_share_is_not_told(workspace):
    for times in (4, 4, 4, 4, 4, 0.25, 0.25, 0.25):
        publishing(workspace, *videos(int(40 * times)), own=False)

    assert findings(workspace, "content") == []


def test_fewer_than_six_profiles_say_nothing_about_a_kind(workspace):
    for _ in range(FEWEST_PROFILES - 1):
        publishing(workspace, *videos(50))

    assert findings(workspace, "content") == []


def test_weekdays_and_hours_are_those_of_the_workspace(workspace):
    # 23:30 on a Sunday in UTC is Monday, half past midnight, in Berlin; 10 o'clock on a Tuesday is 11 there.
    for times in range(2, 10):
        publishing(workspace, (5, 10, {}), (5, 10 * times, {"at": "2025-03-09T23:30"}))

    told = {sentence.code for sentence in findings(workspace, "content")}

    assert told <= {"weekday_monday", "weekday_tuesday", "hours_night", "hours_morning"}
    assert told & {"weekday_monday", "hours_night"}
    text = plain(findings(workspace, "content")[0])
    assert "Mondays" in text or "between 0 and 6 o'clock (Europe/Berlin)" in text


def test_hashtags_are_compared_too(workspace):
    for times in range(2, 10):
        publishing(workspace, (5, 10, {}), (5, 10 * times, {"hashtags": ["rye"]}))

    assert plain(findings(workspace, "content")[0]).startswith("Posts with hashtags bring 5.50 times what other posts")


def test_what_we_do_more_rarely_than_others_is_worth_a_try(workspace):
    ours = publishing(workspace, (15, 10, {}), (5, 40, {"kind": "video"}), own=True)
    for times in range(2, 9):
        publishing(workspace, *videos(10 * times))

    (found,) = findings(workspace, "try")

    assert plain(found).startswith("Worth a try: Video posts are 25.0 % of what ")
    assert "publishes, and 50.0 % with the middle competitor. What goes together need not be the cause." in plain(found)
    assert found.tracked_ids == (ours.pk,)


def test_what_we_do_often_already_is_not_worth_a_try(workspace):
    publishing(workspace, (5, 10, {}), (15, 40, {"kind": "video"}), own=True)
    for times in range(2, 9):
        publishing(workspace, *videos(10 * times))

    assert findings(workspace, "try") == []


def test_there_are_never_more_than_seven_findings_and_they_repeat_themselves(workspace):
    publishing(workspace, (15, 10, {}), (5, 40, {"kind": "video", "hashtags": ["rye"]}), own=True)
    for times in range(2, 12):
        publishing(
            workspace,
            (5, 10, {}),
            (5, 10 * times, {"kind": "video", "hashtags": ["rye"], "at": "2025-03-09T23:30"}),
        )

    found = report(workspace).sentences

    assert 3 <= len(found) <= MOST
    assert [sentence.about for sentence in found[:2]] == ["leads", "we_stand"]
    assert found == report(workspace).sentences


def test_the_place_counts_the_competitors_one_by_one(workspace):
    def steady(reactions, own=False):
        return publishing(workspace, *[(1, reactions + step, {}) for step in range(20)], own=own)

    steady(100, own=True)
    for reactions in (10, 20, 101, 300):
        steady(reactions)
    publishing(workspace, (5, 50, {}))

    (found,) = findings(workspace, "we_stand")

    assert plain(found).endswith(
        "Competitor by competitor: ahead of 2, behind 1, too close to call with 1, 1 with too few posts."
    )


def test_posts_with_hashtags_are_found_by_their_index(workspace):
    publishing(workspace, (5, 10, {"hashtags": ["rye"]}))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM benchmark_post WHERE profile_id = ANY('{1,2}'::bigint[])"
            " AND published_at >= now() AND NOT (hashtags = '{}'::varchar[])"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "posts_with_hashtags" in plan
