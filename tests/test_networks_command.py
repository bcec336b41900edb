"""What each network gives, on the command line and in the docs, out of the declarations."""

import json
from io import StringIO

from django.core.management import call_command

from benchmark.environment import BASE_DIR
from benchmark.networks import NETWORKS


def said(*options: str) -> str:
    out = StringIO()
    call_command("networks", *options, stdout=out)
    return out.getvalue()


def test_the_page_in_the_docs_is_what_the_command_prints():
    page = (BASE_DIR / "docs" / "networks.md").read_text()
    assert page == said(), "Write it anew: manage.py networks --format markdown > docs/networks.md"


def test_every_network_has_a_line_and_a_section():
    page = said()
    for network in NETWORKS.values():
        assert f"\n| {network.label} | " in page
        assert f"\n## {network.label}\n" in page


def test_a_network_that_tells_no_ids_says_that_a_new_owner_is_not_noticed():
    sections = {section.partition("\n")[0]: section for section in said().split("\n## ")[1:]}
    warned = {network.key for network in NETWORKS.values() if "tells no id" in sections[network.label]}

    assert warned == {network.key for network in NETWORKS.values() if network.known_by_name_only}
    assert warned == {"threads", "tiktok"}


def test_the_json_says_what_is_declared():
    networks = json.loads(said("--format", "json"))
    assert {network["key"] for network in networks} == set(NETWORKS)
    assert all(set(network["publishes"]) == NETWORKS[network["key"]].publishes for network in networks)
