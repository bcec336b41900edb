"""The local LinkedIn server keeps to the reference, and Yardstick reads it through the real door."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater, cannot_be_fetched
from benchmark.networks.http import Door
from tests.servers.linkedin import DrawnOrganisation, LinkedInServer

LINKEDIN = NETWORKS["linkedin"]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def bakery(**changes):
    given: dict[str, Any] = {
        "id": 79988552,
        "vanity_name": "bread-&-butter",
        "name": "Bread & Butter",
        "followers": 219_145,
    }
    return DrawnOrganisation(**(given | changes))


def ask(server, do, **parts):
    assert LINKEDIN.key_need is not None
    key = LINKEDIN.key_need.pack({"access_token": "a-token"} | parts)
    with Door(base_urls={"linkedin": server.url}) as door:
        return do(door.open(LINKEDIN, key=key, clock=lambda: NOW))


@pytest.mark.parametrize("reference", ["bread-&-butter", "79988552"])
def test_an_organisation_is_found_by_its_name_and_by_its_number(reference):
    with LinkedInServer([bakery(), bakery(id=1, vanity_name="other")]) as server:
        found = ask(server, lambda get: LINKEDIN.find(get, reference))
        again = ask(server, lambda get: LINKEDIN.profile(get, found.external_id))

    assert found == again
    assert (found.external_id, found.handle, found.name, found.followers) == (
        "79988552",
        "bread-&-butter",
        "Bread & Butter",
        219_145,
    )
    assert server.calls_left == 500 - 4


def test_a_renamed_organisation_is_followed_by_its_number_and_its_old_name_is_somebody_elses():
    with LinkedInServer([bakery(vanity_name="toast"), bakery(id=2, vanity_name="bread-&-butter")]) as server:
        assert ask(server, lambda get: LINKEDIN.profile(get, "79988552")).handle == "toast"
        assert ask(server, lambda get: LINKEDIN.find(get, "bread-&-butter")).external_id == "2"


def test_what_is_sent_keeps_to_the_reference(shared_data):
    reference = json.loads((shared_data / "specs/linkedin/fields.json").read_text())
    with LinkedInServer([bakery()]) as server:
        ask(server, lambda get: (LINKEDIN.find(get, "bread-&-butter"), LINKEDIN.profile(get, "79988552")))

    by_name, size, by_number, _ = server.asked
    paths = [reference["endpoints"][name]["path"] for name in ("organization_by_vanity_name", "organizations_lookup")]
    assert [f"/rest{path}" for path in paths] == [by_name.path, by_number.path]
    assert by_name.params == {"q": "vanityName", "vanityName": "bread-&-butter"}
    assert by_number.query == "ids=List(79988552)"
    assert size.path == "/rest/networkSizes/urn%3Ali%3Aorganization%3A79988552"
    assert size.params == reference["endpoints"]["network_size"]["query"]
    for asked in server.asked:
        assert asked.headers.keys() >= {name.lower() for name in reference["headers"]}


def test_unknown_names_and_numbers_are_gone():
    with LinkedInServer([bakery()]) as server:
        for reference in ("nobody", "404"):
            with pytest.raises(Gone):
                ask(server, lambda get, reference=reference: LINKEDIN.find(get, reference))


def test_wrong_and_expired_tokens_and_ended_versions_need_attention_and_are_told_apart():
    def refusal(server, **parts):
        with pytest.raises(NeedsAttention) as refused:
            ask(server, lambda get: LINKEDIN.find(get, "bread-&-butter"), **parts)
        return refused.value.code

    with LinkedInServer([bakery()]) as server:
        assert refusal(server, access_token="wrong") == "credential_refused"
        server.versions = {"202704"}
        assert refusal(server) == "credential_version_ended"
        assert ask(server, lambda get: LINKEDIN.find(get, "bread-&-butter"), version="202704").followers == 219_145
        server.token_expired = True
        assert refusal(server) == "credential_expired"


def test_a_used_up_day_needs_a_new_one():
    with LinkedInServer([bakery()], calls=1) as server, pytest.raises(TryLater) as used_up:
        ask(server, lambda get: LINKEDIN.find(get, "bread-&-butter"))
    assert (used_up.value.code, used_up.value.after) == ("quota_used_up", timedelta(hours=12))


def test_posts_of_others_are_not_to_be_had():
    assert not LINKEDIN.lists_posts
    assert LINKEDIN.posts is cannot_be_fetched
