"""From a file with reach to an estimate: an owner imports what only they know, and a worker learns from it.

The competitor's reach then stands on the page, in JSON and in CSV, each time with its range.
"""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from benchmark.models import ReachModel
from tasks.work import fit_reach
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.imports.drawing import csv_of
from tests.journeys.doors import Doors
from tests.reach.drawing import between
from tests.servers.worker import running_worker, soon
from tests.web.reading import read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes, pytest.mark.worker]

METRIC = "reach_per_post_median"
RIVALS = (40, 100, 250)  # reactions of the competitor's posts


def posts(reactions, *, now, **columns):
    """A file of posts, six hours apart, the last of them ten days old."""
    last = datetime.combine((now - timedelta(days=10)).date(), datetime.min.time(), tzinfo=UTC)
    lines = [
        [str(number), f"{last - timedelta(hours=6) * number:%Y-%m-%dT%H:%M:%SZ}", "photo", str(count), "0", "0"]
        for number, count in enumerate(reactions)
    ]
    lines = [[*line, *(str(column[number]) for column in columns.values())] for number, line in enumerate(lines)]
    return csv_of(["id", "published_at", "kind", "reactions", "comments", "shares", *columns], *lines)


def test_reach_of_own_posts_in_a_file_becomes_an_estimate_for_a_competitor_at_every_door(child_env, tmp_path):
    workspace, now = WorkspaceFactory.create(name="Harbour"), timezone.now()
    reactions = between(n=50).astype(int).tolist()
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_bytes(posts(reactions, now=now, reach=[3 * count for count in reactions]))
    theirs.write_bytes(posts(RIVALS, now=now))

    with running_worker(child_env, tmp_path):
        since = f"{now - timedelta(days=40):%Y-%m-%d}"
        whole = ("--network", "facebook", "--workspace", "harbour", "--complete-from", since)
        call_command("import_posts", str(ours), "--profile", "harbour", "--own", *whole)
        call_command("import_posts", str(theirs), "--profile", "rival", *whole)
        fit_reach.delay()
        assert soon(ReachModel.objects.filter(error__isnull=False).exists)

    doors = Doors(workspace)
    answer = doors.json("facebook", "30d")
    rows = {row["profile"]["handle"]: row["values"][METRIC] for row in answer["rows"]}
    found = rows["rival"]
    assert rows["harbour"]["basis"] == "measured"
    assert (found["basis"], found["reason"], found["n"]) == ("estimated", None, 3)
    assert found["value"] == pytest.approx(300, rel=0.05)  # three people for each of the middle post's 100 reactions
    assert found["low"] <= found["value"] <= found["high"]
    assert [caution["metric"] for caution in answer["warnings"] if caution["code"] == "estimated_reach"] == [METRIC]

    client = Client()
    client.force_login(owner_of(workspace))
    here = f"/w/{workspace.slug}/compare/facebook/"
    page = read(client.get(here, {"period": "30d", "metrics": METRIC}))
    estimates = {cell.text for cell in page.all("data", class_="figure") if "≈" in cell.text}
    assert estimates == {f"≈ {found['value']} ({found['low']} – {found['high']})"}  # noqa: RUF001
    assert "reach is estimated, by a fit to 50 of your own posts" in page.text

    file = client.get(f"{here}export.csv", {"period": "30d"}).content.decode()
    (line,) = [line for line in csv.DictReader(StringIO(file, newline="")) if line["handle"] == "rival"]
    kept = [line[METRIC], *(line[f"{METRIC}_{name}"] for name in ("low", "high", "basis"))]
    assert kept == [str(found["value"]), str(found["low"]), str(found["high"]), "estimated"]
