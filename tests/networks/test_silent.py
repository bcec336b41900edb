"""Networks that give nothing are declared like the others, and known by their addresses in every country."""

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.silent import GIVE_NOTHING, silent_at

each_silent = pytest.mark.parametrize("silent", GIVE_NOTHING.values(), ids=str)


@each_silent
def test_a_declaration_agrees_with_itself(silent):
    assert GIVE_NOTHING[silent.key] is silent
    assert silent.key not in NETWORKS
    assert silent.sentence.startswith(str(silent))
    assert silent.sentence.endswith(".")


@each_silent
def test_its_addresses_are_no_other_networks(silent):
    for site in silent.sites:
        url = f"https://www.{site}/bakery/"
        assert silent_at(url) is silent
        for network in NETWORKS.values():
            assert network.recognise(url) is None
            assert not network.recognises_url(url)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.pinterest.com/bakery/",
        "https://pinterest.com/bakery/bread-board/?invite_code=1",
        "http://www.pinterest.de/bakery",
        "de.pinterest.com/bakery/_created/",
        "https://www.pinterest.co.uk/pin/99360735500167749/",
        "https://pin.it/4AbCdEf",
        " www.Pinterest.com/Bakery ",
    ],
)
def test_what_people_paste_is_pinterests(text):
    assert silent_at(text) is GIVE_NOTHING["pinterest"]


@pytest.mark.parametrize(
    "text", ["bakery", "@pinterest", "https://notpinterest.com/bakery", "https://pinterest.com.evil.example/x", ""]
)
def test_what_is_no_address_of_pinterests_is_left_to_others(text):
    assert silent_at(text) is None
