"""The ledger and the first page: what happened, what to do about it, and whether anything runs."""

import re
from datetime import timedelta

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from accounts.models import Credential
from accounts.vault import fingerprint
from benchmark.ingest.keys import window_of
from benchmark.models import Role, Spend, State
from benchmark.networks import NETWORKS
from benchmark.networks.allowance import Allowance
from benchmark.networks.windows import Windows
from tasks import pulse
from tests.admin.looking import listed, text, url
from tests.factories.accounts import WorkspaceFactory, member
from tests.factories.rows import FetchRunFactory, ProfileFactory, TrackedProfileFactory


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def competitor(workspace):
    return TrackedProfileFactory.create(workspace=workspace, profile__name="Acme", profile__handle="acme.example.org")


def failed(now, *, minutes=5, **fields):
    then = now - timedelta(minutes=minutes)
    return FetchRunFactory.create(started_at=then, finished_at=then, **fields)


# --- the ledger ------------------------------------------------------------------------------------------------------


def test_a_run_says_what_it_did_and_what_helps(sit, workspace, competitor, now):
    run = failed(
        now, profile=competitor.profile, outcome="needs_attention", sentence="YouTube asks for a key.", seen=40
    )
    browser = sit("editor")

    for page in (browser.get(url("fetchrun")), browser.get(url("fetchrun", "change", run.pk))):
        for shown in ("Acme", "@acme.example.org", "YouTube asks for a key.", "Somebody has to do this", "40"):
            assert shown in text(page)


def test_an_import_names_who_asked_and_every_row_that_was_left_out(sit, workspace, now):
    anna = member(workspace, "editor", email="anna@example.org")
    run = failed(
        now, profile=None, workspace=workspace, kind="import", user=anna, trigger="person", source="posts.csv (plain)",
        outcome="refused", sentence="2 rows are wrong.", problems=[{"line": 7, "reason": "no time"}],
    )  # fmt: skip

    page = text(sit("owner").get(url("fetchrun", "change", run.pk)))

    for shown in ("posts.csv (plain)", "anna@example.org", "2 rows are wrong.", "7 no time", "Correct the file"):
        assert shown in page


def test_the_ledger_cannot_be_written(sit, workspace, competitor):
    run = FetchRunFactory.create(profile=competitor.profile)

    answer = sit("operator").post(url("fetchrun", "change", run.pk), {"seen": "1000", "outcome": "gone"})

    run.refresh_from_db()
    assert answer.status_code == 403
    assert (run.seen, run.outcome) == (0, "done")


def test_the_ledger_narrows_down_to_what_went_wrong(sit, workspace, competitor):
    FetchRunFactory.create(profile=competitor.profile)
    gone = FetchRunFactory.create(profile=competitor.profile, outcome="gone")

    assert listed(sit("editor").get(url("fetchrun"), {"outcome__exact": "gone"})) == [gone]


# --- the dashboard ---------------------------------------------------------------------------------------------------


def test_the_dashboard_counts_who_is_followed(sit, workspace):
    for _place in range(7):
        TrackedProfileFactory.create(workspace=workspace)
    TrackedProfileFactory.create(workspace=workspace, role=Role.OWN)
    TrackedProfileFactory.create(workspace=workspace, profile__network="mastodon", profile__state=State.GONE)
    TrackedProfileFactory.create()

    page = sit("editor").get("/admin/")

    counts = {one.network.key: (one.competitors, one.own, one.needing) for one in page.context["followed"]}
    assert (counts["bluesky"], counts["mastodon"], counts["youtube"]) == ((7, 1, 0), (1, 0, 1), (0, 0, 0))
    assert "Bluesky 7 7/20 1 own" in text(page)
    assert "1 needs attention" in text(page)


def test_the_same_trouble_is_told_once_with_its_remedy(sit, workspace, competitor, now):
    for minutes in (125, 65, 5):
        failed(now, minutes=minutes, profile=competitor.profile, outcome="try_later", code="busy", sentence="Busy.")
    failed(now, minutes=60 * 25, profile=competitor.profile, outcome="gone", code="gone", sentence="Long ago.")
    failed(now, profile=competitor.profile, outcome="done")
    failed(now, profile=ProfileFactory.create(name="Foreign"), outcome="gone", sentence="Not ours.")

    page = sit("editor").get("/admin/")

    assert [(failure.run.sentence, failure.times) for failure in page.context["failures"]] == [("Busy.", 3)]
    assert "Acme (Bluesky) 5 minutes ago · 3 times Busy. Nothing to do: it is tried again by itself." in text(page)
    assert "Not ours." not in text(page)


def test_what_is_due_is_counted_for_the_workspace_and_for_operators_everywhere(sit, workspace, competitor, now):
    late = now - timedelta(hours=1)
    TrackedProfileFactory.create(workspace=workspace, profile__due_at=late)
    TrackedProfileFactory.create(workspace=workspace, profile__due_at=late, paused_at=now)
    TrackedProfileFactory.create(profile__due_at=late)

    pages = {who: sit(who).get("/admin/").context for who in ("editor", "operator")}

    assert {who: (page["due"], page["overdue_everywhere"]) for who, page in pages.items()} == {
        "editor": (1, None),
        "operator": (1, 2),
    }


def test_a_quota_is_shown_to_whose_key_it_is(sit, workspace, now, monkeypatch):
    monkeypatch.setitem(settings.NETWORK_KEYS, "youtube", "of the environment")
    own = Credential.objects.keep(network="youtube", workspace=workspace, secret="ours", name="Team key")
    theirs = Credential.objects.keep(network="youtube", workspace=WorkspaceFactory.create(), secret="theirs")
    quota = NETWORKS["youtube"].quota
    assert quota is not None
    today = window_of(quota, now)
    for key, used in (
        (own.fingerprint, 2_500),
        (theirs.fingerprint, 1),
        (fingerprint("youtube", "of the environment"), 42),
    ):
        Spend.objects.create(network="youtube", fingerprint=key, window=today, used=used, limit=10_000)

    pages = {who: sit(who).get("/admin/") for who in ("editor", "operator")}

    spent = {who: sorted(one.used for one in page.context["spent"]) for who, page in pages.items()}
    assert spent == {"editor": [2_500], "operator": [42, 2_500]}
    assert "YouTube Team key 25 % 2,500 / 10,000" in text(pages["editor"])
    assert all(key.fingerprint not in pages["operator"].content.decode() for key in (own, theirs))


def test_what_networks_say_is_left_is_shown_to_whose_key_it_is(sit, workspace, now, monkeypatch):
    monkeypatch.setitem(settings.NETWORK_KEYS, "twitch", "of the environment")
    own = Credential.objects.keep(network="twitch", workspace=workspace, secret="ours", name="Team key")
    theirs = Credential.objects.keep(network="twitch", workspace=WorkspaceFactory.create(), secret="theirs")
    windows = Windows(settings.REDIS_URL)
    shared = fingerprint("twitch", "of the environment")
    for key, left in ((own.fingerprint, 700), (theirs.fingerprint, 600), (shared, 500)):
        windows.note(Allowance(said_at=now, left=left, limit=800), "twitch", NETWORKS["twitch"].host, key)
    windows.end()

    shown = {who: text(sit(who).get("/admin/")) for who in ("editor", "operator")}

    assert {who: re.findall(r"(\d+) of 800 calls are left", page) for who, page in shown.items()} == {
        "editor": ["700"],
        "operator": ["700", "500"],
    }
    assert "Twitch said just now: 700 of 800 calls are left. Team key" in shown["editor"]
    assert "700 of 800 calls are left." in text(sit("owner").get(url("credential", "change", own.pk)))


@pytest.mark.parametrize(
    ("workers", "says"),
    [
        (2, "Workers 2 running"),
        (0, "Workers None answers Nothing is fetched until one runs. Tell whoever runs this installation."),
        (None, "Workers None answers The broker cannot be reached."),
    ],
)
def test_the_dashboard_says_whether_workers_run(sit, workspace, monkeypatch, workers, says):
    monkeypatch.setattr(pulse, "ask", lambda: (workers, 0))

    assert says in text(sit("editor").get("/admin/"))


@pytest.mark.worker
def test_asking_for_workers_where_there_are_none_takes_less_than_two_seconds(db, now):

    felt = pulse.pulse(now=now)

    assert (felt.workers, felt.waiting, felt.schedule_runs) == (0, 0, False)


@pytest.mark.worker
def test_a_broker_that_is_away_is_said_and_not_raised(db, now, monkeypatch):
    monkeypatch.setattr(pulse, "app", Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False))

    assert pulse.ask() == (None, None)


def test_the_first_page_says_what_reading_a_profile_costs_a_day(sit, workspace, now):
    followed = [TrackedProfileFactory.create(workspace=workspace).profile for _ in range(2)]
    stranger = TrackedProfileFactory.create().profile
    for profile, days, requests in ((followed[0], 4, 30), (followed[0], 1, 6), (followed[1], 2, 12), (stranger, 1, 99)):
        FetchRunFactory.create(profile=profile, started_at=now - timedelta(days=days), requests=requests)

    shown = {one.network.key: one.requests for one in sit("owner").get("/admin/").context["followed"]}

    assert shown["bluesky"] == pytest.approx((30 + 6 + 12) / 2 / 4, rel=1e-3)
    assert shown["mastodon"] is None
