"""The search for secrets finds one in whatever form it was written, and knows every network's key."""

import base64
import json
from urllib.parse import quote

import pytest

from benchmark.networks import Network
from tests.security.secrets import Places, parts_of, secrets_in, with_keys

SECRET = "not/so:secret+after=all"
FORMS = {
    "as it is": SECRET,
    "in an address": f"?key={quote(SECRET, safe='')}&page=2",
    "in JSON": json.dumps({"key": SECRET}),
    "in hexadecimal": SECRET.encode().hex(),
    **{
        f"in base64 after {n} others": base64.b64encode(b"x" * n + SECRET.encode() + b"more").decode() for n in range(4)
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found(form: str):
    places = Places({"here": f"before {FORMS[form]} after", "there": "nothing of the kind"})

    assert list(places.showing({SECRET})) == ["here"]


@pytest.mark.parametrize("network", with_keys(), ids=str)
def test_every_part_of_a_key_that_is_secret_is_looked_for(network: Network):
    assert network.key_need is not None
    ours, others = (secrets_in(network, parts_of(network, whose)) for whose in ("ours", "everybodys"))

    assert len(ours) >= sum(part.secret for part in network.key_need.parts) > 0
    assert not ours & others
