"""Reading errors and jumps in real follower counts of four networks: what a reader of the table would mark, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from benchmark import reports, tracking
from benchmark.models import TrackedProfile
from benchmark.reports import periods
from tests.factories.accounts import WorkspaceFactory
from tests.real.plain import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
NOW = datetime(2026, 7, 15, 8, tzinfo=UTC)
JULY = {"start": "2026-07-01", "end": "2026-07-14"}

# Found by reading the table: every day on which a profile gained or lost a twentieth or more. No count came back.
JUMPS = {
    "facebook": {
        ("Jennie", date(2026, 7, 13), 3017, 4623),
        ("Mii", date(2026, 7, 12), 306, 374),
        ("Mii", date(2026, 7, 13), 374, 2119),
        ("Oum", date(2026, 7, 9), 186, 206),
    },
    "instagram": set(),
    "tiktok": {("Farm", date(2026, 7, 14), 1340, 1682)},
    "x": set(),
}
# On the second day several profiles on X rose by nearly the same number at once, most of them by 17.
TOGETHER = {
    "x": {
        ("Jan", 447, 464),
        ("Kartun", 551, 568),
        ("Mickey", 578, 595),
        ("Mirai Mirai", 641, 658),
        ("Pear", 536, 555),
        ("Pixels", 814, 834),
        ("Sai", 786, 798),
    }
}


@pytest.fixture(params=JUMPS)
def network(request):
    return request.param


@pytest.fixture
def table(shared_data):
    return shared_data / "data" / "idol_followers_4networks_2026" / "follower_history.csv"


def test_the_list_above_is_what_the_table_holds(table, network):
    days: dict[str, list[tuple[date, int]]] = {}
    for row in rows_of(table):
        if row["Platform"].lower() == network:
            days.setdefault(row["Idol_Name"], []).append((date.fromisoformat(row["Date"]), int(row["Follower_Count"])))

    large = {
        (name, day, before, after)
        for name, read in days.items()
        for (_, before), (day, after) in zip(sorted(read), sorted(read)[1:], strict=False)
        if abs(after / before - 1) >= 0.05
    }

    assert large == JUMPS[network]


def test_each_of_them_is_marked_and_nothing_else_and_nothing_is_taken_away(table, network):
    workspace = WorkspaceFactory.create()
    how = {"network": network, "own": True, "source": table.name, "by": tracking.By.command(), "now": NOW}
    tracking.import_followers(workspace, table.read_bytes(), **how)
    names = dict(TrackedProfile.objects.values_list("profile_id", "profile__name"))
    period = periods.parse(**JULY, now=NOW)

    lines = reports.series(workspace, network, "followers", "day", period, now=NOW).lines
    report = reports.benchmark(workspace, network, period, now=NOW)

    marked = [(names[line.profile.id], mark) for line in lines for mark in line.marks]
    jumps = {(name, mark.at.date(), mark.before, mark.after) for name, mark in marked if mark.kind == "jump"}
    assert jumps == JUMPS[network]
    together = {(name, mark.before, mark.after) for name, mark in marked if mark.kind == "common_step"}
    assert together >= TOGETHER.get(network, set())
    assert {mark.at.date() for _, mark in marked if mark.kind == "common_step"} <= {date(2026, 7, 2)}
    assert {mark.kind for _, mark in marked} <= {"jump", "common_step"}

    told = {caution.code: caution for caution in report.warnings if caution.code.startswith("follower_")}
    assert set(told) == {f"follower_{mark.kind}" for _, mark in marked}
    if jumps:
        assert told["follower_jump"].n == len(jumps)
        assert min(jumps)[0] in told["follower_jump"].sentence
    ends = {names[line.profile.id]: line.points[-1].value or 0 for line in lines}
    assert all(ends[name] >= after for name, _, _, after in jumps)  # the count after a jump is shown as it was read
