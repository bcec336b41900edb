"""Networks in trouble: how a visit ends in the ledger, when the next one comes, and that it brings everything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from benchmark.demo import life
from benchmark.demo.cast import cast
from benchmark.demo.life import What
from benchmark.demo.world import Fault
from tests.resilience.installation import Installation, soon
from tests.resilience.lives import VISITS

pytestmark = [pytest.mark.processes, pytest.mark.worker]

NOW = VISITS[0]
HARBELOW = cast("bluesky")["harbelow"]
POSTS = "getAuthorFeed"


@dataclass(frozen=True)
class Harbelow:
    """The one profile that is followed, as its rows say it stands."""

    installation: Installation

    def visit(self, at: datetime) -> dict[str, Any]:
        """Tick at this moment, and return the profile's last run once the worker has nothing more to do."""
        self.installation.set_clock(at)
        self.installation.tick()
        assert soon(self.installation.worker_is_idle)
        assert soon(lambda: not self.row["lease"])
        return self.runs[-1]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.installation.rows("SELECT * FROM benchmark_profile WHERE external_id LIKE '%%harbelow%%'")
        return row

    @property
    def runs(self) -> list[dict[str, Any]]:
        return self.installation.rows("SELECT * FROM benchmark_fetchrun ORDER BY id")

    def posts(self, *, gone: bool = False) -> list[tuple[datetime, int, int]]:
        """When each post was published, and its counts."""
        rows = self.installation.rows(
            "SELECT * FROM benchmark_post WHERE (gone_at IS NOT NULL) = %(gone)s ORDER BY published_at", gone=gone
        )
        return [(row["published_at"], row["reactions"], row["shares"]) for row in rows]


def shown(at: datetime) -> list[tuple[datetime, int, int]]:
    """The posts that Harbelow's list shows at this moment, oldest first, with their counts."""
    own = [deed for deed in life.deeds(HARBELOW, at) if deed.what is What.POST]
    return [(deed.at, deed.counts(at).reactions, deed.counts(at).shares) for deed in reversed(own)]


@pytest.fixture
def harbelow(installation: Installation) -> Harbelow:
    """Harbelow alone is followed: the others are paused."""
    installation.rows(
        """UPDATE benchmark_trackedprofile SET paused_at = now() FROM benchmark_profile profile
            WHERE profile.id = profile_id AND profile.external_id NOT LIKE '%%harbelow%%'"""
    )
    return Harbelow(installation)


@pytest.mark.parametrize(
    ("fault", "code", "minutes"),
    [
        (Fault(times=3, match=POSTS, skip=1, status=503), "network_unavailable", 2),
        (Fault(times=3, match=POSTS, cut=0.5), "network_unavailable", 2),
        (Fault(times=3, match="getProfile", hang_up=True), "network_unavailable", 2),
        (Fault(match=POSTS, skip=1, status=429, headers={"Retry-After": "600"}), "rate_limited", 10),
        (Fault(match="getProfile", status=503, headers={"Retry-After": "30"}), "network_unavailable", 2),
        (Fault(match=POSTS, status=200, body='{"feed": ['), "unexpected_answer", 2),
    ],
    ids=["5xx", "cut short", "hung up", "429 for ten minutes", "503 for half a minute", "nonsense"],
)
def test_trouble_ends_in_the_ledger_and_the_next_visit_brings_everything(
    harbelow: Harbelow, fault: Fault, code: str, minutes: int
):
    harbelow.installation.world.faults.append(fault)

    run = harbelow.visit(NOW)
    row = harbelow.row

    assert (run["outcome"], run["code"], run["finished_at"]) == ("try_later", code, NOW)
    assert (row["state"], row["state_code"], row["history_to"]) == ("try_later", code, None)
    assert row["due_at"] == NOW + timedelta(minutes=minutes)
    assert row["state_sentence"] == run["sentence"] != ""
    assert run["seen"] == len(harbelow.posts())  # what was read before is stored

    harbelow.visit(row["due_at"] - timedelta(seconds=1))
    assert len(harbelow.runs) == 1  # not before its time
    run = harbelow.visit(row["due_at"])

    assert (run["outcome"], harbelow.row["state"], harbelow.row["state_code"]) == ("done", "ok", "")
    assert harbelow.row["history_to"] == row["due_at"]
    assert harbelow.posts() == shown(row["due_at"])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(match=POSTS, status=502),
        Fault(match=POSTS, cut=0.3),
        Fault(match=POSTS, status=429, headers={"Retry-After": "1"}),
    ],
    ids=["5xx", "cut short", "429 for a second"],
)
def test_one_stumble_is_no_trouble(harbelow: Harbelow, fault: Fault):
    harbelow.installation.world.faults.append(fault)

    assert harbelow.visit(NOW)["outcome"] == "done"
    assert harbelow.posts() == shown(NOW)


def test_trouble_that_lasts_is_asked_ever_more_seldom(harbelow: Harbelow):
    harbelow.installation.world.faults.append(Fault(times=100, match="getProfile", status=500))
    waits = []
    moment = NOW
    for _ in range(4):
        harbelow.visit(moment)
        waits.append(harbelow.row["due_at"] - moment)
        moment = harbelow.row["due_at"]

    assert waits == [timedelta(minutes=minutes) for minutes in (2, 4, 8, 16)]
    assert [run["outcome"] for run in harbelow.runs] == ["try_later"] * 4


def test_a_renamed_profile_is_known_by_its_id_and_whoever_takes_its_handle_is_somebody_else(harbelow: Harbelow):
    harbelow.visit(NOW)
    world = harbelow.installation.world
    world.rename("bluesky", "harbelow", "harbourside")
    world.rename("bluesky", "brindlemoor", "harbelow")
    followers = harbelow.row["followers"]

    run = harbelow.visit(VISITS[1])

    assert (run["outcome"], harbelow.row["handle"]) == ("done", "harbourside.demo.invalid")
    assert harbelow.row["followers"] == life.followers(HARBELOW, VISITS[1]) != followers
    assert harbelow.posts() == shown(VISITS[1])


@pytest.mark.parametrize(
    ("state", "outcome", "code"),
    [
        ("deleted", "gone", "profile_not_found"),
        ("suspended", "gone", "profile_suspended"),
        ("deactivated", "gone", "profile_deactivated"),
        ("hidden", "needs_attention", "profile_hidden_from_logged_out"),
    ],
)
def test_a_profile_that_goes_away_keeps_its_history_and_comes_back(
    harbelow: Harbelow, state: str, outcome: str, code: str
):
    harbelow.visit(NOW)
    before = harbelow.posts()
    harbelow.installation.world.put("bluesky", "harbelow", state)

    run = harbelow.visit(VISITS[1])
    row = harbelow.row
    assert (run["outcome"], run["code"], row["state"], row["state_code"]) == (outcome, code, outcome, code)
    assert row["due_at"] - VISITS[1] == (timedelta(days=7) if outcome == "gone" else timedelta(days=1))
    assert harbelow.posts() == before
    assert harbelow.posts(gone=True) == []

    harbelow.installation.world.put("bluesky", "harbelow", "")
    run = harbelow.visit(row["due_at"])
    assert (run["outcome"], harbelow.row["state"]) == ("done", "ok")
    assert harbelow.posts() == shown(row["due_at"])
