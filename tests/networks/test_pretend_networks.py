"""The demo's networks, asked through the real door as the real ones are."""

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Gone
from benchmark.networks.http import Door
from tests.servers.pretend import pretend_networks

ANNA = {"bluesky": "anna.demo.invalid", "mastodon": "@anna@demo.invalid"}


@pytest.fixture(scope="module")
def door():
    with pretend_networks() as pretend, Door(pretend_url=pretend.address) as door:
        yield door


@pytest.mark.parametrize("key", ANNA)
def test_anna_is_found_listed_and_read_again(door, key):
    network = NETWORKS[key]
    get = door.open(network, pretend=True)
    reference = network.recognise(ANNA[key])
    assert reference is not None

    anna = network.find(get, reference)
    pages = list(network.posts(get, anna.external_id))
    posts = [post for page in pages for post in page.posts]
    again = network.refresh(get, [post.external_id for post in posts[: network.refresh_size]])

    assert network.profile(get, anna.external_id) == anna
    assert anna.handle == reference
    assert len(posts) > network.page_size
    assert len({post.external_id for post in posts}) == len(posts)
    assert [post.published_at for post in posts] == sorted((post.published_at for post in posts), reverse=True)
    assert {post.external_id for page in again for post in page.posts} == {
        post.external_id for post in posts[: network.refresh_size]
    }
    for name in COUNTS:
        published = name in network.publishes
        assert {getattr(post, name) is not None for post in posts} == {published}, name


def test_bluesky_anna_has_the_reserved_id(door):
    get = door.open(NETWORKS["bluesky"], pretend=True)

    assert NETWORKS["bluesky"].find(get, "anna.demo.invalid").external_id == "did:web:anna.demo.invalid"


@pytest.mark.parametrize(("key", "name"), [("bluesky", "nobody.demo.invalid"), ("mastodon", "nobody@demo.invalid")])
def test_a_name_that_nobody_has_is_unknown(door, key, name):
    with pytest.raises(Gone) as caught:
        NETWORKS[key].find(door.open(NETWORKS[key], pretend=True), name)
    assert caught.value.code == "profile_not_found"
