"""What every network promises, checked for each declared one by itself: declare a network, and it is tested."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from benchmark.networks import NETWORKS, base, network_choices
from benchmark.networks.base import (
    COUNTS,
    NeedsAttention,
    Network,
    NetworkError,
    Page,
    Remedy,
    TryLater,
    cannot_be_fetched,
    is_pretend,
)
from tests.marks import marked_in, said_unmarked
from tests.networks.recorded import ARRIVED, answers_in, drawn_answer, in_turn

SOURCES = sorted(Path(base.__file__).parent.glob("*.py"))
PAYLOADS = Path(__file__).parents[1] / "payloads"
PROFILE_COUNTS = {"followers", "following", "posts"}

each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=str)
each_payload = pytest.mark.parametrize(
    "file",
    sorted(file for file in PAYLOADS.glob("*/*.json") if file.name != "pasted.json"),
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)

# Every shape in which people paste a profile, by network and by the reference that all of them mean; and addresses of
# the network that name no profile. A network brings its own, in `payloads/<key>/pasted.json`.
TOLD = {key: json.loads((PAYLOADS / key / "pasted.json").read_text()) for key in NETWORKS}
PASTED: dict[str, dict[str, list[str]]] = {key: told["profiles"] for key, told in TOLD.items()}
NO_PROFILE: dict[str, list[str]] = {key: told["no_profile"] for key, told in TOLD.items()}

# Nothing of these names a profile on any network.
MEANINGLESS = [
    "",
    "   ",
    "@",
    "https://",
    "https://[::1",
    "http://exa mple/@x",
    "ftp://bsky.app/profile/a.b",
    "a" * 5000 + "/",
]

ALL_PASTED = [
    (key, text, reference)
    for key, profiles in PASTED.items()
    for reference, texts in profiles.items()
    for text in texts
]


@each_network
def test_a_declaration_agrees_with_itself(network: Network):
    assert NETWORKS[network.key] is network
    assert (network.key, network.label) in network_choices()
    assert network.publishes <= {*COUNTS, *PROFILE_COUNTS}
    assert "followers" in network.publishes
    assert set(network.engagement_parts) <= network.publishes & {"reactions", "comments", "shares", "quotes"}
    assert network.hidden_on_some_posts <= network.publishes
    assert network.not_published_because.endswith(".")
    assert network.maturity in {timedelta(days=3), timedelta(days=7), timedelta(days=14)}
    assert all(age > network.maturity for age in network.expires.values()), "a post can be compared before it goes"
    assert network.views_are_published is ("views" in network.publishes)
    assert str(network) == network.label


@each_network
def test_limits_are_ones_that_can_be_kept(network: Network):
    assert all(window.calls > 0 and 0 < window.seconds <= 900 for window in network.windows)
    assert all(window.each in {"host", "key"} for window in network.windows)
    if network.quota:
        assert ZoneInfo(network.quota.zone).key == network.quota.zone
        assert network.key_need is not None
    if network.fetchable and network.lists_posts:
        assert network.page_size > 0
    if network.profiles_size:
        assert network.profiles is not cannot_be_fetched
    if network.key_need:
        assert network.key_need.how.endswith(".")
        assert len({part.setting for part in network.key_need.parts}) == len(network.key_need.parts)
        assert network.recognise(network.sample)
    if network.base_url:
        assert network.base_url.startswith("https://")
        assert not network.base_url.endswith("/")


@each_network
def test_a_network_that_can_be_fetched_says_how(network: Network):
    if network.fetchable:
        assert cannot_be_fetched not in (network.find, network.profile)
        assert (network.posts is not cannot_be_fetched) is network.lists_posts
        assert (network.refresh is not cannot_be_fetched) is (network.refresh_size > 0)


def test_a_network_known_by_its_files_only_says_so_when_asked(files_only: str):
    network = NETWORKS[files_only]
    for ask in (network.find, network.profile, network.posts, network.refresh, network.profiles):
        with pytest.raises(NeedsAttention) as caught:
            ask(in_turn(network.key, []), "bakery")
        assert caught.value.code == "network_not_fetchable"


@pytest.mark.parametrize(("key", "text", "reference"), ALL_PASTED)
def test_what_people_paste_means_one_profile(key, text, reference):
    assert NETWORKS[key].recognise(text) == reference


@each_network
def test_a_reference_and_its_page_are_recognised_again(network: Network):
    assert PASTED[network.key]
    for reference in PASTED[network.key]:
        assert network.recognise(reference) == reference
        if "/" not in reference:
            assert network.recognise(network.profile_url(reference)) == reference
            assert network.recognises_url(network.profile_url(reference))


@each_network
def test_the_hint_is_an_example_that_works_and_a_handle_as_the_network_writes_it(network: Network):
    reference = network.recognise(network.handle_hint)

    assert reference
    assert network.shown_handle(reference) == network.handle_hint


@each_payload
def test_a_handle_is_shown_so_that_it_is_recognised_again(file: Path):
    network = NETWORKS[file.parent.name]
    becomes = json.loads(file.read_text())["becomes"]
    for profile in [*becomes.get("profiles", []), *([becomes["profile"]] if "profile" in becomes else [])]:
        assert network.recognise(network.shown_handle(profile["handle"])) == profile["handle"]


@pytest.mark.parametrize(
    ("key", "handle", "shown"),
    [
        ("bluesky", "anna.bsky.social", "@anna.bsky.social"),
        ("bluesky", "did:plc:abc", "did:plc:abc"),
        ("mastodon", "anna@social.example", "@anna@social.example"),
        ("reddit", "r/tea", "r/tea"),
        ("reddit", "u/anna", "u/anna"),
        ("telegram", "-1001234567890", "-1001234567890"),
        ("twitch", "bakery", "bakery"),
        ("youtube", "bakery", "@bakery"),
        ("youtube", "UCbakerybakerybakery0000", "UCbakerybakerybakery0000"),
    ],
)
def test_a_handle_is_shown_as_its_network_writes_it(key, handle, shown):
    assert NETWORKS[key].shown_handle(handle) == shown


@each_network
def test_an_address_of_another_network_is_left_to_it(network: Network):
    for other in NETWORKS.values():
        urls = [text for text in NO_PROFILE[other.key] if other is not MASTODON]
        urls += [other.profile_url(reference) for reference in PASTED[other.key] if "/" not in reference]
        for url in urls:
            assert other.recognises_url(url), url
            if other is not network:
                assert network.recognise(url) is None, url
                assert not network.recognises_url(url), url


@pytest.mark.parametrize("text", MEANINGLESS)
@each_network
def test_nothing_is_read_into_what_means_nothing(network: Network, text):
    assert network.recognise(text) is None
    assert not network.recognises_url(text)


@pytest.mark.parametrize(("key", "text"), [(key, text) for key, texts in NO_PROFILE.items() for text in texts])
def test_an_address_without_a_profile_names_none(key, text):
    assert NETWORKS[key].recognise(text) is None


@pytest.mark.parametrize(
    ("name", "pretend"),
    [
        ("anna.demo.invalid", True),
        ("did:web:anna.demo.invalid", True),
        ("anna@demo.invalid", True),
        ("@Anna@DEMO.invalid", True),
        ("demo.invalid/42", True),
        ("anna.bsky.social", False),
        ("demo.invalid.example", False),
        ("notdemo.invalid", False),
        ("anna@social.example", False),
    ],
)
def test_only_the_reserved_names_are_pretend(name, pretend):
    assert is_pretend(name) is pretend


# --- own small answers ------------------------------------------------------------------------------------------------


@each_network
def test_a_fetchable_network_has_answers_of_every_sort(network: Network):
    files = (file for file in (PAYLOADS / network.key).glob("*.json") if file.name != "pasted.json")
    payloads = [json.loads(file.read_text()) for file in files]

    outcomes = {next(iter(payload["becomes"])) for payload in payloads}
    every_sort = {"profile", "error"} | ({"posts"} if network.lists_posts else set())
    every_sort |= {"profiles"} if network.profiles_size else set()
    assert outcomes == (every_sort if network.fetchable else set())


@each_payload
def test_an_answer_becomes_exactly_what_it_says(file: Path):
    payload = json.loads(file.read_text())
    network = NETWORKS[file.parent.name]
    get = in_turn(network.key, answers_in(file, host="social.example"))

    assert outcome(network, get, payload["asks"]) == payload["becomes"]


@each_network
def test_every_error_has_a_remedy_and_a_sentence(network: Network):
    for status in (400, 401, 403, 404, 410, 418, 422, 429, 500, 501, 503):
        with pytest.raises(NetworkError) as caught:
            in_turn(network.key, [drawn_answer({"error": {}}, status=status)])("https://social.example/")
        assert caught.value.remedy in Remedy
        assert isinstance(caught.value, TryLater) is (caught.value.remedy is Remedy.TRY_LATER)
        assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("body", [b"<html>Too much</html>", b"{}", b"[]", b""], ids=["a page", "{}", "[]", "nothing"])
@pytest.mark.parametrize(
    ("status", "code"), [(429, "rate_limited"), (503, "network_unavailable"), (502, "network_unavailable")]
)
@each_network
def test_a_proxys_words_are_not_taken_for_the_networks(network: Network, status, code, body):
    with pytest.raises(TryLater) as caught:
        in_turn(network.key, [drawn_answer(body, status=status)])("https://social.example/")

    assert caught.value.code == code


@each_payload
def test_a_count_is_there_exactly_where_the_network_publishes_it(file: Path):
    network = NETWORKS[file.parent.name]
    for post in json.loads(file.read_text())["becomes"].get("posts", []):
        known = {name for name in COUNTS if post[name] is not None}
        assert known <= network.publishes
        assert network.publishes & set(COUNTS) - network.hidden_on_some_posts <= known


def outcome(network: Network, get: Any, asks: dict[str, Any]) -> dict[str, Any]:
    """What an answer becomes, in plain values."""
    ((what, of),) = asks.items()
    try:
        if what in {"profile", "find"}:
            return {"profile": plain(getattr(network, what)(get, of))}
        if what == "profiles":
            return {"profiles": [plain(profile) for profile in network.profiles(get, of)]}
        pages = network.refresh(get, of) if what == "refresh" else [next(iter(network.posts(get, of)))]
        return {"posts": [plain(post) for page in pages for post in arrived(page).posts]}
    except NetworkError as error:
        return {"error": error.code, "remedy": error.remedy.value}


def arrived(page: Page) -> Page:
    assert page.read_at == ARRIVED
    return page


def plain(record: Any) -> Any:
    return json.loads(msgspec.json.encode(record))


MASTODON = NETWORKS["mastodon"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_every_refusal_is_marked_for_translation(source: Path):
    assert said_unmarked(source) == []


@each_network
def test_what_a_network_declares_to_people_is_marked_for_translation(network: Network):
    declared = {network.not_published_because, network.handle_hint}
    declared |= {network.key_need.how} if network.key_need else set()

    assert declared - marked_in(SOURCES) == set()
    assert [sentence for sentence in declared if "%" in sentence] == []  # templates would look for another sentence
