"""Real files of Facebook pages through the whole import, where they are to be had."""

import csv
import gzip
import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from benchmark import tracking
from benchmark.imports import FileRefused
from benchmark.models import PostReading, Profile, ProfileDay
from tests.factories.rows import NOON

COUNTED = datetime(2016, 6, 26, tzinfo=UTC)
OWN_CLOCK = timedelta(hours=5)


@pytest.fixture
def bring(workspace, shared_data):
    def bring(name, **how):
        path = shared_data / "data" / "facebook_pages_2016" / name
        how = {"network": "facebook", "profile": name.partition("_")[0], "counted_at": COUNTED, **how}
        with path.open("rb") as file:
            return tracking.import_posts(workspace, file, source=name, by=tracking.By.command(), now=NOON, **how)

    return bring


@pytest.fixture
def rows_of(shared_data):
    def rows_of(name):
        content = (shared_data / "data" / "facebook_pages_2016" / name).read_bytes()
        plain = gzip.decompress(content) if name.endswith(".gz") else content
        rows = csv.DictReader(io.StringIO(plain.decode(), newline=""))
        return {row["status_id"]: row for row in rows}  # 25 files hold one post twice, with the same counts

    return rows_of


@pytest.mark.parametrize("name", ["nasa_facebook_statuses.csv", "time_facebook_statuses.csv.gz"])
def test_every_post_of_a_real_page_is_stored_with_its_counts_and_its_day(bring, rows_of, name):
    expected = rows_of(name)

    (tracked,) = bring(name).tracked

    profile = tracked.profile
    moments = {id_: datetime.fromisoformat(row["status_published"]) + OWN_CLOCK for id_, row in expected.items()}
    stored = profile.posts.values_list("external_id", "reactions", "comments", "shares", "published_at")
    assert {row[0]: row[1:] for row in stored} == {
        id_: (
            int(row["num_reactions"]),
            int(row["num_comments"]),
            int(row["num_shares"]),
            moments[id_].replace(tzinfo=UTC),
        )
        for id_, row in expected.items()
    }
    assert dict(profile.days.values_list("day", "posts")) == Counter(moment.date() for moment in moments.values())
    assert profile.history_from == min(moments.values()).date()
    assert profile.external_id == next(iter(expected)).partition("_")[0]
    engagements = sum(
        int(row[f"num_{part}"]) for row in expected.values() for part in ("reactions", "comments", "shares")
    )
    assert sum(profile.days.values_list("engagements", flat=True)) == engagements


def test_the_same_real_file_again_changes_nothing(bring):
    first = bring("starbucks_facebook_statuses.csv", complete_from=date(2016, 2, 24))
    before = [[*model.objects.order_by("pk").values()] for model in (Profile, PostReading, ProfileDay)]

    again = bring("starbucks_facebook_statuses.csv", complete_from=date(2016, 2, 24))

    assert first.run.new == 5
    assert (again.run.new, again.run.changed) == (0, 0)
    assert [[*model.objects.order_by("pk").values()] for model in (Profile, PostReading, ProfileDay)] == before
    assert Profile.objects.get().history_from == date(2016, 2, 24)


@pytest.mark.parametrize("name", ["oreo_facebook_statuses.csv", "discoverychannel_facebook_statuses.csv"])
def test_a_real_file_without_rows_is_refused_with_its_sentence(bring, name):
    with pytest.raises(FileRefused) as refused:
        bring(name)

    assert refused.value.sentence == "This file has a header and no rows: there is nothing to import."
    assert not Profile.objects.exists()
