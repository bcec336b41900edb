"""The first page: the way into an empty workspace, a card per network, and the demo's progress."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import Role as Member
from benchmark.models import Role, State
from tests.factories.comparisons import followed
from tests.web.reading import read

pytestmark = pytest.mark.django_db

TOO_FEW = "Too few posts that are old enough to be compared."


@pytest.fixture
def follow(workspace):
    return partial(followed, workspace, now=timezone.now())


@pytest.fixture
def overview(workspace, browser):
    def overview(role=Member.OWNER):
        return read(browser(role).get(f"/w/{workspace.slug}/"))

    return overview


def test_an_empty_workspace_shows_three_steps_and_the_first_to_take(overview, workspace):
    steps = overview().one("section", class_="steps")
    assert steps.one("h2").text == "Three steps to your first comparison"
    assert [step.one("h3").text for step in steps.all("li")] == ["Add your own account", "Add competitors", "Compare"]
    (first,) = steps.all("a", class_="primary")
    assert first.attributes["href"] == f"/w/{workspace.slug}/competitors/?role=own"


def test_a_step_that_was_taken_is_marked_and_the_next_one_is_offered(overview, follow):
    follow("Harbour", role=Role.OWN)
    steps = overview().one("section", class_="steps")
    assert [step.one("h3").text for step in steps.all("li", class_="done")] == ["Add your own account done"]
    assert [link.text for link in steps.all("a", class_="primary")] == ["Add competitors"]


def test_a_viewer_is_told_whom_to_ask(overview):
    steps = overview(Member.VIEWER).one("section", class_="steps")
    assert steps.all("a") == []
    assert "Ask an editor or an owner" in steps.text


def test_a_card_holds_our_rate_against_the_competitors_median(overview, follow):
    follow("Harbour", *[20] * 12, role=Role.OWN)
    follow("Pier", *[40] * 12)
    page = overview()
    card = page.one("article", class_="glance")
    assert page.all("section", class_="steps") == []
    assert card.one("p", class_="glance-figure").text == "2.00 %"
    assert "number 2 of 2" in card.text
    assert "below the competitors' median of 4.00 %" in card.text
    assert "1 of 20" in card.one("header").text


def test_a_card_leaves_open_what_the_interval_leaves_open(overview, follow):
    follow("Harbour", 10, 20, 20, 20, 30, role=Role.OWN)  # five posts have no interval
    follow("Pier", 30, 40, 40, 40, 50)
    card = overview().one("article", class_="glance")
    assert "The competitors' median is 4.00 %: too close to call." in card.text
    assert card.all("span", class_="behind") == []


def test_a_card_without_a_figure_says_why(overview, follow):
    follow("Harbour", role=Role.OWN)
    follow("Pier", 30, 40, 40, 40, 50)
    card = overview().one("article", class_="glance")
    missing = card.one("p", class_="glance-figure").one("span", class_="missing")
    assert missing.one("span", class_="visually-hidden").text == missing.attributes["title"] == TOO_FEW
    assert "The competitors' median is 4.00 %." in card.text


def test_failures_stand_on_the_card_with_their_remedy(overview, follow):
    pier = follow("Pier", state=State.NEEDS_ATTENTION, state_sentence="The key was refused.")
    (failure,) = overview().all("p", class_="failure")
    assert failure.text.startswith("Pier: The key was refused.")
    assert "Somebody has to do this" in failure.text
    assert failure.one("a").attributes["href"].endswith(f"/competitors/?network=bluesky#tracked-{pier.pk}")


def test_only_profiles_that_will_be_read_are_said_to_wait(overview, follow):
    follow("New", read_at=None, history_from=None, history_to=None)
    follow("Gone", read_at=None, state=State.GONE, state_sentence="Bluesky knows no such profile.")
    assert "1 profile waits for its first reading." in overview().one("article", class_="glance").text


def test_there_is_a_card_for_each_followed_network_in_the_order_of_their_declarations(overview, follow):
    follow("Pier")
    follow("Fjord", network="mastodon", external_id="example.org/1")
    assert [card.one("h2").text for card in overview().all("article", class_="glance")] == ["Bluesky", "Mastodon"]


def test_the_demos_replay_is_shown_until_it_is_done(overview, follow, workspace, browser):
    row = follow("Anna", pretend=True, handle="anna.demo.invalid", history_to=timezone.now() - timedelta(days=45))
    row.paused_at = timezone.now() - timedelta(days=90)
    row.save()
    progress = overview().one("div", class_="progress")
    bar = progress.one("progress").attributes
    assert 0 < int(bar["value"]) < int(bar["max"])
    assert progress.attributes["hx-get"] == f"/w/{workspace.slug}/progress/"

    row.paused_at = None
    row.save()
    done = browser().get(f"/w/{workspace.slug}/progress/")
    assert (done.content.strip(), done.headers["HX-Refresh"]) == (b"", "true")
    assert overview().all("div", class_="progress") == []


def test_growth_takes_the_rates_place_where_a_network_shows_nobodys_posts(overview, follow):
    for name, role, before in (("Harbour", Role.OWN, 800), ("Pier", Role.COMPETITOR, 1_000)):
        tracked = follow(name, role=role, network="telegram", external_id=f"-100{before}")
        tracked.profile.readings.filter(read_at__lt=timezone.now() - timedelta(days=26)).update(followers=before)

    page = overview()

    card = page.one("article", class_="glance")
    assert "Follower growth rate" in card.text
    assert card.one("p", class_="glance-figure").text == "25.0 %"
    assert "Engagement rate" not in page.one("main").text
