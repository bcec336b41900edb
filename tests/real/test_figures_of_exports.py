"""Real data through the product's own import and API: every figure is that of a computation by hand, to the last digit.

Whole sets are sent in where they are small; of the large ones, some accounts. Rates need followers, and many sets have
none: there, accounts get readings that are drawn, so that real posts meet all metrics, and one of several gets none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import ApiKey, Scope, Workspace
from benchmark.metrics import METRICS
from tests.factories.accounts import WorkspaceFactory
from tests.real.by_hand import NETWORKS, Account, Told, figures, ten_digits
from tests.real.sets import LATER, SETS, Compared, Days, draw_followers, plain_accounts
from tests.real.tables import FOLLOWERS, POSTS

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

MOST_SHOWN = 30  # lines of what differs

Row = Mapping[str, Any]


@pytest.fixture(autouse=True)
def _after_everything_was_counted() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@dataclass(frozen=True)
class Door:
    """The product's API, by a key of one workspace."""

    client: Client
    headers: Mapping[str, str]

    @classmethod
    def of(cls, workspace: Workspace) -> Door:
        _, token = ApiKey.objects.issue(workspace=workspace, name="figures", scope=Scope.WRITE)
        return cls(Client(), {"Authorization": f"Bearer {token}"})

    def send(self, name: str, content: bytes, network: str, said: Mapping[str, str]) -> None:
        """Import a file."""
        sent = {"file": SimpleUploadedFile(name, content), "network": network, **said}
        answer = self.client.post("/api/v1/imports/", sent, headers=self.headers)
        assert answer.status_code == 201, f"{name}: {answer.content.decode()[:500]}"

    def ask(self, network: str, days: Days) -> list[Row]:
        """Every metric of every account, with the digits as they are printed."""
        asked = {"start": days[0], "end": days[1], "metrics": ",".join(METRICS)}
        answer = self.client.get(f"/api/v1/benchmarks/{network}/", asked, headers=self.headers)
        assert answer.status_code == 200, answer.content.decode()[:500]
        rows: list[Row] = json.loads(answer.content, parse_float=Decimal, parse_int=Decimal)["rows"]
        return rows


def called(of: Compared, row: Row) -> str:
    """By what name the set knows a profile."""
    name: str = row["profile"]["name" if of.name.startswith("idol") else "handle"]
    return name.casefold().removeprefix("@")


def differences(told: Told, value: Mapping[str, Any]) -> list[str]:
    """In what an answer differs from what was computed by hand."""
    if (value["value"] is None) == (value["reason"] is None):
        return [f"value {value['value']} with the reason {value['reason']}"]
    pairs = {"value": (value["value"], told.value)}
    if told.value is not None:
        change = value["change"] or {}
        pairs["n"] = (value["n"], Decimal(told.n))
        pairs["change"] = (change.get("value"), told.change)
        pairs["change in percent"] = (change.get("percent"), told.percent)
    pairs |= {end: (value[end], by_hand) for end in ("low", "high") if (by_hand := getattr(told, end)) is not None}
    rounded = {what: (ours, ten_digits(by_hand)) for what, (ours, by_hand) in pairs.items()}
    return [f"{what}: ours {ours}, by hand {by_hand}" for what, (ours, by_hand) in rounded.items() if ours != by_hand]


def kinds(account: Account, first: date, last: date) -> dict[str, int] | None:
    return Counter(post.kind for post in account.between(first, last)) if account.knows(first, last) else None


def folders(paths: Iterable[str]) -> set[str]:
    return {path.partition("/")[0] for path in paths}


@pytest.mark.parametrize("of", SETS, ids=lambda of: of.name)
def test_every_figure_is_that_of_a_computation_by_hand(shared_data, of):
    folder = shared_data / "data"
    accounts = plain_accounts(folder, of)
    door = Door.of(WorkspaceFactory.create())
    for file in of.files:
        path = folder / file.table.path
        door.send(path.name, path.read_bytes(), of.network, file.said)
    if of.drawn_followers:
        door.send("followers.csv", draw_followers(accounts, of.days[0]), of.network, {})

    wrong = []
    for days in of.days:
        first, last = map(date.fromisoformat, days)
        by_hand = figures(accounts, NETWORKS[of.network], first, last)
        rows = {called(of, row): row for row in door.ask(of.network, days)}
        assert rows.keys() == by_hand.keys()
        for name, row in rows.items():
            assert row["kinds"] == kinds(accounts[name], first, last)
            assert row["values"].keys() == METRICS.keys()
            for key, value in row["values"].items():
                told = by_hand[name].get(key, Told(None, 0))
                wrong += [f"{of.name}, {days[0]}, {name}, {key}, {each}" for each in differences(told, value)]
        assert any(told.value is not None for row in by_hand.values() for told in row.values())
    assert wrong[:MOST_SHOWN] == []


def test_no_folder_that_imports_is_forgotten():
    importable = [table.path for table in POSTS] + [table.path for table in FOLLOWERS]
    compared = [file.table.path for of in SETS for file in of.files]

    assert folders(compared) == folders(importable) | {"facebook_pages_2016"}
