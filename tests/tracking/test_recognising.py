"""What people paste, and on which network it is."""

import pytest

from benchmark.networks import NETWORKS
from benchmark.tracking import TrackingRefused, recognise

WITH_SUCH_HANDLES = " or ".join(network.label for network in NETWORKS.values() if network.recognise("@nasa"))


@pytest.mark.parametrize(
    ("text", "network", "reference"),
    [
        ("https://bsky.app/profile/anna.example.org", "bluesky", "anna.example.org"),
        ("anna.bsky.social", "bluesky", "anna.bsky.social"),
        ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", "bluesky", "did:plc:ewvi7nxzyoun6zhxrhs64oiz"),
        ("@anna@mastodon.example", "mastodon", "anna@mastodon.example"),
        ("https://mastodon.example/@anna", "mastodon", "anna@mastodon.example"),
        ("https://www.youtube.com/@NASA/videos", "youtube", "nasa"),
        ("m.facebook.com/NASA?ref=x", "facebook", "nasa"),
    ],
)
def test_the_network_is_known_by_the_address_or_by_a_handle_that_only_one_has(text, network, reference):
    found, as_reference = recognise(text)

    assert (found.key, as_reference) == (network, reference)


@pytest.mark.parametrize(
    "text", ["anna.example.org", " @Anna.Example.org ", "https://bsky.app/profile/anna.example.org/"]
)
def test_on_a_network_that_was_named_every_spelling_is_one_reference(text):
    assert recognise(text, "bluesky")[1] == "anna.example.org"


@pytest.mark.parametrize(
    ("text", "network", "code", "sentence", "field"),
    [
        ("  ", "bluesky", "handle_missing", "Give a handle, or paste the profile's address.", "handle"),
        (
            "https://www.youtube.com/@nasa",
            "bluesky",
            "wrong_network",
            "“https://www.youtube.com/@nasa” is an address on YouTube, not on Bluesky. Add it under YouTube.",
            "network",
        ),
        (
            "two words",
            "bluesky",
            "handle_not_recognised",
            None,
            "handle",
        ),
        (
            "https://bsky.app/search",
            "bluesky",
            "handle_not_recognised",
            None,
            "handle",
        ),
        (
            "@nasa",
            None,
            "network_ambiguous",
            f"“@nasa” could be on {WITH_SUCH_HANDLES}. Choose the network, or paste the profile's address.",
            "network",
        ),
        (
            "two words",
            None,
            "handle_not_recognised",
            "“two words” is no handle on any network. Choose the network, or paste the profile's address.",
            "handle",
        ),
        (
            "anna",
            "friendster",
            "unknown_network",
            f"There is no network “friendster”. Known are: {', '.join(NETWORKS)}.",
            "network",
        ),
    ],
)
def test_what_cannot_be_recognised_is_refused_with_its_own_sentence(text, network, code, sentence, field):
    with pytest.raises(TrackingRefused) as refused:
        recognise(text, network)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert sentence in {None, refused.value.sentence}


def test_a_name_that_several_networks_may_have_is_refused_with_their_names():
    with pytest.raises(TrackingRefused) as refused:
        recognise("@nasa")

    labels = [network.label for network in NETWORKS.values() if network.recognise("@nasa")]
    assert {"Facebook", "YouTube"} <= set(labels)
    assert (refused.value.code, refused.value.field, refused.value.sentence) == (
        "network_ambiguous",
        "network",
        f"“@nasa” could be on {' or '.join(labels)}. Choose the network, or paste the profile's address.",
    )


def test_a_long_text_is_shown_short():
    with pytest.raises(TrackingRefused) as refused:
        recognise("word " * 100, "bluesky")

    assert len(refused.value.sentence) < 200


@pytest.mark.parametrize(
    ("text", "network", "field"),
    [
        ("https://www.pinterest.com/bakery/", None, "handle"),
        ("https://www.pinterest.com/bakery/", "bluesky", "handle"),
        ("pin.it/4AbCdEf", "mastodon", "handle"),
        ("bakery", "pinterest", "network"),
        ("https://bsky.app/profile/anna.example.org", "pinterest", "network"),
    ],
)
def test_of_a_network_that_gives_nothing_it_is_said_why(text, network, field):
    with pytest.raises(TrackingRefused) as refused:
        recognise(text, network)

    assert (refused.value.code, refused.value.field) == ("network_gives_nothing", field)
    assert refused.value.sentence.startswith("Pinterest publishes nothing about other people's accounts")


def test_a_company_may_carry_the_name_of_a_silent_network_elsewhere():
    assert recognise("pinterest.com", "bluesky")[1] == "pinterest.com"
