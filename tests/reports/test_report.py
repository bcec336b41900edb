"""One Report for every door: what it holds, in which order, and at what cost."""

import json
import math
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark import reports
from benchmark.exports import csv, plain
from benchmark.models import Role, State
from benchmark.reports import periods
from benchmark.reports.value import to_json
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, moment, profile, reading, readings, report, values_of
from tests.factories.rows import AvatarFactory, BrandFactory, OwnInsightFactory, PostReadingFactory

pytestmark = pytest.mark.django_db

FIVE = """
    posted      reactions  comments  shares  quotes  followers
    2025-03-01         {}         0       0       0       1000
    2025-03-05         {}         0       0       0       1000
    2025-03-09         {}         0       0       0       1000
    2025-03-13         {}         0       0       0       1000
    2025-03-17         {}         0       0       0       1000
    """


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def with_rate(workspace, percent, *, own=False, **fields):
    """A followed profile whose five posts have this engagement rate."""
    found = profile(**fields)
    tracked = follow(workspace, found, own=own)
    drawn(FIVE.format(*[percent * 10] * 5), of=found)
    return tracked


def test_rows_stand_own_first_then_by_slot(workspace):
    later = with_rate(workspace, 1)
    ours = with_rate(workspace, 2, own=True)
    paused = with_rate(workspace, 3)
    paused.paused_at = NOW
    paused.save()
    removed = with_rate(workspace, 4)
    removed.slot, removed.removed_at = None, NOW
    removed.save()
    with_rate(WorkspaceFactory.create(), 5)

    found = report(workspace)

    assert [row.profile.tracked_id for row in found.rows] == [ours.pk, later.pk, paused.pk]
    assert [row.role for row in found.rows] == ["own", "competitor", "competitor"]
    assert [each.state for each in found.freshness] == ["ok", "ok", "paused"]


def test_a_row_says_who_it_is(workspace):
    known = profile(handle="anna.demo.invalid", name="Anna", url="https://example.org/anna", pretend=True)
    brand = BrandFactory.create(workspace=workspace, name="Anna & Co", colour="#0a6cff", industry="retail")
    tracked = follow(workspace, known, brand=brand)
    AvatarFactory.create(profile=known)

    found = report(workspace)

    row = found.rows[0]
    assert (row.profile.id, row.profile.tracked_id, row.profile.handle) == (known.pk, tracked.pk, "anna.demo.invalid")
    assert (row.profile.name, row.profile.url, row.profile.pretend) == ("Anna", "https://example.org/anna", True)
    assert row.profile.avatar_url == f"/avatars/{known.pk}.webp"
    assert (row.brand.name, row.brand.colour, row.brand.industry) == ("Anna & Co", "#0a6cff", "retail")
    assert "pretend_data" in [caution.code for caution in found.warnings]


def test_own_positions_stand_against_the_competitors_median(workspace):
    ours = with_rate(workspace, 3, own=True)
    also_ours = with_rate(workspace, 1, own=True)
    for percent in (2, 2, 6):
        with_rate(workspace, percent)

    found = report(workspace)

    summary = found.summary["engagement_rate"]
    assert (summary.median, summary.n, summary.basis) == (2, 3, "measured")
    assert summary.mean == 3.333333333
    assert [(own.tracked_id, own.rank, own.of, own.difference, own.times) for own in summary.own] == [
        (ours.pk, 2, 5, 1, 1.5),
        (also_ours.pk, 5, 5, -1, 0.5),
    ]


def test_metrics_are_the_ones_asked_for_in_that_order(workspace):
    with_rate(workspace, 1)

    found = report(workspace, metrics=["posts", "engagement_rate", "posts"])

    assert [metric.key for metric in found.metrics] == ["posts", "engagement_rate"]
    assert list(found.rows[0].values) == ["posts", "engagement_rate"]
    assert set(found.summary) == {"posts", "engagement_rate"}


def test_an_unknown_metric_is_refused(workspace):
    with pytest.raises(reports.MetricRefused, match="charisma") as refusal:
        report(workspace, metrics=["charisma"])

    assert (refusal.value.code, refusal.value.field) == ("metric_unknown", "metrics")


def test_an_empty_workspace_has_an_answer(workspace):
    found = report(workspace)

    assert (found.rows, found.top_posts, found.freshness, found.warnings) == ((), (), (), ())
    assert [sentence.code for sentence in found.sentences] == ["nobody_followed"]
    assert json.loads(to_json(found))["rows"] == []


# --- top posts -------------------------------------------------------------------------------------------------------


def test_top_posts_are_the_best_of_all_and_the_best_five_of_each(workspace):
    loud, quiet = profile(), profile()
    for each in (loud, quiet):
        follow(workspace, each)
    heads = "posted reactions comments shares quotes followers\n"
    drawn(heads + "".join(f"2025-03-{day:02} {1000 + day} 0 0 0 1000\n" for day in range(1, 15)), of=loud)
    drawn(heads + "".join(f"2025-03-{day:02} {day} 0 0 0 1000\n" for day in range(1, 8)), of=quiet)

    found = report(workspace)

    counts = [post.engagements for post in found.top_posts]
    assert counts == [*range(1014, 1004, -1), 7, 6, 5, 4, 3]
    assert found.top_posts[0].rate == 101.4


def test_equal_posts_stand_newest_first_then_by_id(workspace):
    one = profile()
    follow(workspace, one)
    posts = drawn(
        """
        posted            reactions  comments  shares  quotes
        2025-03-01                5         0       0       0
        2025-03-02                5         0       0       0
        2025-03-02                5         0       0       0
        2025-02-20              999         0       0       0
        2025-03-03                -         0       0       0
        """,
        of=one,
    )

    found = report(workspace)

    assert [post.id for post in found.top_posts] == [posts[1].pk, posts[2].pk, posts[0].pk]


def test_a_top_post_says_when_it_is_young(workspace):
    one = profile()
    follow(workspace, one)
    drawn("posted read reactions comments shares quotes\n2025-03-30 2025-03-31 5 1 0 0", of=one)

    post = report(workspace).top_posts[0]

    assert post.provisional
    assert (post.reactions, post.views, post.kind) == (5, None, "text")
    assert (post.published_at, post.read_at) == (moment("2025-03-30"), moment("2025-03-31"))


def test_kinds_are_counted_for_posts_of_the_period(workspace):
    one = profile()
    follow(workspace, one)
    heads = "posted kind reactions comments shares quotes\n"
    drawn(heads + "2025-03-01 photo 1 0 0 0\n2025-03-02 video 1 0 0 0\n2025-03-03 video 1 0 0 0", of=one)
    drawn(heads + "2025-02-01 link 1 0 0 0", of=one)

    assert report(workspace).rows[0].kinds == {"video": 2, "photo": 1}


# --- freshness and warnings ------------------------------------------------------------------------------------------


def test_failures_stand_beside_their_rows_with_a_remedy(workspace):
    with_rate(
        workspace, 1, state=State.NEEDS_ATTENTION, state_code="credential_refused", state_sentence="Renew the key."
    )
    with_rate(workspace, 1, read_at=None, history_from=None, history_to=None)

    found = report(workspace)

    attention, waiting = found.freshness
    assert (attention.state, attention.code) == ("needs_attention", "credential_refused")
    assert (attention.sentence, attention.remedy) == ("Renew the key.", "needs_attention")
    assert (waiting.state, waiting.remedy) == ("waiting", None)
    assert [caution.code for caution in found.warnings] == ["not_read_yet"]


def test_backfilled_rates_are_named(workspace):
    one = profile()
    brand = follow(workspace, one).brand
    drawn("posted reactions comments shares quotes\n" + "2025-03-10 1 0 0 0\n" * 5, of=one)
    reading(one, NOW, 100)

    found = report(workspace)

    assert [(caution.code, caution.metric) for caution in found.warnings] == [("backfilled", "engagement_rate")]
    assert found.warnings[0].sentence.startswith(f"{brand.name}: ")


def test_sentences_call_a_row_by_its_brand_and_by_its_handle_where_a_brand_has_several(workspace):
    harbour = with_rate(workspace, 1).brand
    fjord = BrandFactory.create(workspace=workspace, name="Fjord")
    for handle, rate in (("north.example.org", 2), ("south.example.org", 3)):
        tracked = with_rate(workspace, rate, handle=handle)
        tracked.brand = fjord
        tracked.save()

    text = report(workspace).sentences[0].text

    assert "Fjord (@south.example.org) (3.00" in text
    assert "Fjord (@north.example.org) (2.00" in text
    assert harbour.name not in text


# --- the same object for every door ----------------------------------------------------------------------------------


def test_json_and_csv_hold_the_figures_of_the_report(workspace):
    tracked = with_rate(workspace, 2, handle="=HYPERLINK(1)")
    with_rate(workspace, 4, own=True)
    readings("at followers\n2025-03-31T23:00 990", of=tracked.profile)

    found = report(workspace)

    answer = json.loads(to_json(found))
    assert answer["period"] == {
        "start": "2025-03-01",
        "end": "2025-03-31",
        "days": 31,
        "key": "2025-03-01..2025-03-31",
        "previous_start": "2025-01-29",
        "previous_end": "2025-02-28",
    }
    row = next(row for row in answer["rows"] if row["role"] == Role.COMPETITOR)
    values = values_of(found, tracked)
    assert row["values"]["engagement_rate"]["value"] == values["engagement_rate"].value == 2
    heads, *lines = [line.split(",") for line in csv.benchmark(found).split("\r\n")[:-1]]
    line = dict(zip(heads, lines[1], strict=True))
    assert line["handle"] == "'=HYPERLINK(1)"
    for key, value in values.items():
        assert line[key] == ("" if value.value is None else str(value.value))
        assert line[f"{key}_reason"] == (value.reason or "")
        assert line[f"{key}_rank"] == ("" if value.rank is None else str(value.rank))
    assert line["follower_growth"] == "-10"


def test_json_has_null_for_what_is_not_a_number():
    from benchmark.metrics import Value

    assert to_json(Value(value=math.nan, low=math.inf)).startswith(b'{"value":null,"low":null')  # type: ignore[arg-type]


def test_a_report_is_plain_text_too(workspace):
    anna = with_rate(workspace, 2, handle="anna.example.org").brand

    text = plain.benchmark(report(workspace))

    assert f"{anna.name} is the only profile with a figure for engagement rate: 2.00" in text
    assert "anna.example.org" in text
    assert "2.00 (1.)" in text


def test_the_command_prints_the_same_object(workspace, capsys, time_machine):
    time_machine.move_to(NOW, tick=False)
    with_rate(workspace, 2)

    call_command(
        "report", network="bluesky", workspace=workspace.slug, start="2025-03-01", end="2025-03-31", format="json"
    )

    assert capsys.readouterr().out == to_json(report(workspace)).decode() + "\n"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"workspace": "nobody"}, "There is no workspace"),
        ({"network": "orkut"}, "There is no network"),
        (
            {"network": "pinterest"},
            "Pinterest publishes nothing about other people's accounts, so nobody can be compared",
        ),
        ({"period": "1y"}, "is not a period"),
        ({"metrics": "charisma"}, "There is no metric"),
    ],
)
def test_the_command_refuses_with_a_sentence(workspace, asked, sentence):
    given = {"network": "bluesky", "workspace": workspace.slug, "format": "table"} | asked

    with pytest.raises(CommandError, match=sentence):
        call_command("report", **given)


# --- cost ------------------------------------------------------------------------------------------------------------


def test_twice_the_rows_cost_the_same_queries(workspace):
    def fill(rows):
        for _ in range(rows):
            tracked = with_rate(workspace, 2)
            for post in drawn(FIVE.replace("2025-03", "2025-02").format(*[20] * 5), of=tracked.profile):
                PostReadingFactory.create(post=post)
                OwnInsightFactory.create(workspace=workspace, post=post)
            for post in tracked.profile.posts.filter(published_at__gte=moment("2025-03-01")):
                PostReadingFactory.create(post=post)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            report(workspace)
        return len(captured)

    with_rate(workspace, 1, own=True)
    fill(2)
    few = queries()
    fill(4)

    assert queries() == few <= 15


def test_the_period_before_is_as_long(workspace):
    period = periods.parse("90d", now=NOW)

    assert period.start - period.previous_start == timedelta(days=90)
