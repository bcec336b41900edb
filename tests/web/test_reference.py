"""The pages of definitions hold what the declarations say, and nothing beside it."""

import pytest

from benchmark.metrics import BASES, METRICS, REASONS
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS
from benchmark.networks.silent import GIVE_NOTHING
from tests.web.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(workspace, browser):
    return lambda name: read(browser("viewer").get(f"/w/{workspace.slug}/{name}/"))


def test_every_metric_stands_under_its_key_with_its_definition(page):
    metrics = page("metrics")
    for metric in METRICS.values():
        assert str(metric.definition) in metrics.one("div", id=metric.key).text


def test_every_basis_and_every_reason_is_told(page):
    told = page("metrics").text
    assert [
        sentence for sentence in (*BASES.values(), *REASONS.values()) if " ".join(str(sentence).split()) not in told
    ] == []


def test_the_table_of_networks_says_what_each_publishes(page):
    rows = page("networks").one("tbody").all("tr")
    networks = sorted(NETWORKS.values(), key=lambda network: network.label.casefold())
    assert [row.one("th").text for row in rows] == [network.label for network in networks]
    for row, network in zip(rows, networks, strict=True):
        said = [cell.one("span", class_="visually-hidden").text for cell in row.all("td")]
        wanted = ("followers", "following", "posts", *COUNTS)
        assert [words != "not published" for words in said] == [count in network.publishes for count in wanted]


def test_the_page_of_networks_names_those_that_give_nothing(page):
    told = page("networks").text
    assert [silent.label for silent in GIVE_NOTHING.values() if silent.sentence not in told] == []


def test_a_network_that_tells_no_ids_says_that_a_new_owner_is_not_noticed(page):
    told = page("networks")
    for network in NETWORKS.values():
        of_it = told.one("section", aria_labelledby=f"network-{network.key}").text
        assert (f"{network.label} tells no id of a profile, only its name" in of_it) is network.known_by_name_only


def test_a_network_without_engagements_says_so(page):
    told = page("networks")
    for network in NETWORKS.values():
        of_it = told.one("section", aria_labelledby=f"network-{network.key}").text
        only_watched = network.lists_posts and not network.engagement_parts
        assert ("Nothing here counts as engagement; views are compared." in of_it) is only_watched
