"""Answers of Mastodon and of a relative, recorded locally, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmark.networks.base import (
    Answer,
    Gone,
    Kind,
    NeedsAttention,
    NetworkError,
    PostRecord,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.mastodon import MASTODON, Status, parse_status
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn

HOST = "social.example"
LENNON = f"{HOST}/117020565966271181"
TAKAHE_ALICE = f"{HOST}/647043386685944786"

LOOKUP = ProfileRecord(
    external_id=LENNON,
    handle="mastodonpy_test@social.example",
    name="John Lennon",
    url="http://localhost:3000/@mastodonpy_test",
    description="I walk funny",
    avatar_url="http://localhost:3000/system/accounts/avatars/117/020/565/966/271/181/original/5784df1febb9890a.jpg",
    followers=0,
    following=0,
    posts=0,
    created_at=datetime(2026, 8, 1, tzinfo=UTC),
)
BY_ID = ProfileRecord(
    external_id=LENNON,
    handle="mastodonpy_test@social.example",
    name="John Lennon",
    url="http://localhost:3000/@mastodonpy_test",
    description="I walk funny",
    avatar_url="http://localhost:3000/avatars/original/missing.png",
    followers=0,
    following=0,
    posts=0,
    created_at=datetime(2026, 8, 1, tzinfo=UTC),
)
RELATIVE = ProfileRecord(
    external_id=TAKAHE_ALICE,
    handle="alice@social.example",
    name="Alice Example",
    url="https://tk.test/@alice/",
    description="bio of alice link",
    avatar_url="https://tk.test/static/img/unknown-icon-128.png",
    followers=1,
    following=0,
    posts=65,
    created_at=datetime(2026, 11, 21, tzinfo=UTC),
)
PROFILES = {"lookup_found": LOOKUP, "account_by_id": BY_ID, "takahe_lookup": RELATIVE}

ERRORS: dict[str, tuple[type[NetworkError], str]] = {
    "lookup_not_found": (Gone, "profile_not_found"),
    "status_missing": (Gone, "profile_not_found"),
    "error_unauthenticated": (NeedsAttention, "server_closed"),
    "takahe_statuses_no_token": (NeedsAttention, "server_closed"),
    "error_rate_limited": (TryLater, "rate_limited"),
    "instance_v2": (UnexpectedAnswer, "unexpected_answer"),  # a server is no account
}


def toot(number: int, key: str, moment: str) -> PostRecord:
    """One of the ten recorded posts, all without an echo."""
    return PostRecord(
        external_id=f"{HOST}/{key}",
        url=f"http://localhost:3000/@mastodonpy_test/{key}",
        published_at=datetime.fromisoformat(f"2026-08-01T13:52:{moment}+00:00"),
        kind=Kind.TEXT,
        text=f"Toot number {number}!",
        reactions=0,
        comments=0,
        shares=0,
        quotes=0,
    )


def relatives_post(number: int, key: str, moment: str) -> PostRecord:
    """One of the relative's posts: it does not know quotes; only the youngest has an echo."""
    echo = 1 if number == 64 else 0
    return PostRecord(
        external_id=f"{HOST}/{key}",
        url=f"https://tk.test/@alice/posts/{key}/",
        published_at=datetime.fromisoformat(f"2026-11-21T19:00:19.{moment}+00:00"),
        kind=Kind.TEXT,
        text=f"post {number} about #topic{number % 5}",
        hashtags=(f"topic{number % 5}",),
        reactions=echo,
        comments=echo,
        shares=echo,
    )


YOUNGER = (
    toot(9, "117020580518794573", "34.108"),
    toot(8, "117020580511453871", "33.996"),
    toot(7, "117020580503743669", "33.877"),
    toot(6, "117020580496489811", "33.768"),
    toot(5, "117020580489281910", "33.658"),
)
OLDER = (
    toot(4, "117020580481736214", "33.543"),
    toot(3, "117020580474454464", "33.432"),
    toot(2, "117020580467310235", "33.322"),
    toot(1, "117020580459855703", "33.209"),
    toot(0, "117020580452511285", "33.097"),
)
PINNED = PostRecord(
    external_id=f"{HOST}/117020569296803689",
    url="http://localhost:3000/@mastodonpy_test/117020569296803689",
    published_at=datetime(2026, 8, 1, 13, 49, 42, 878000, tzinfo=UTC),
    kind=Kind.TEXT,
    text="Toot!",
    reactions=0,
    comments=0,
    shares=0,
    quotes=0,
)
LISTS = {
    "statuses_page1": (LENNON, YOUNGER, "117020580489281910"),
    "statuses_page2": (LENNON, OLDER, "117020580452511285"),
    "statuses_prev_min_id": (LENNON, YOUNGER, "117020580489281910"),
    "statuses_pinned": (LENNON, (PINNED,), None),
    "takahe_statuses_page1": (
        TAKAHE_ALICE,
        (
            relatives_post(64, "647043614227286504", "120"),
            relatives_post(63, "647043614186626408", "112"),
            relatives_post(62, "647043614153979896", "103"),
            relatives_post(61, "647043614118348920", "094"),
            relatives_post(60, "647043614084595768", "086"),
        ),
        "647043614084595768",
    ),
    "takahe_statuses_page2": (
        TAKAHE_ALICE,
        (
            relatives_post(59, "647043614045709792", "077"),
            relatives_post(58, "647043614011409816", "069"),
            relatives_post(57, "647043613974718424", "060"),
            relatives_post(56, "647043613935955032", "052"),
            relatives_post(55, "647043613901574880", "043"),
        ),
        "647043613901574880",
    ),
}

# The whole server's list: eight posts of three people. Asked as if it were one person's, only that person's count.
TIMELINE = {
    "117020566092212359": [
        "Toot, finally!",
        "the best editor? why, of course it is the KDE Advanced Text Editor, Kate",
    ],
    "117020565693913441": [
        "you can't say that on television",
        "it's cool guy too",
        "on the internet, nobody knows you're a plane",
        "@mastodonpy_test beep beep I'm a jeep",
        "nice",
        "I have never stolen a ham in my life.",
    ],
    "117020565966271181": [],
}


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/mastodon/examples" / f"{case}.json", host=HOST)


@pytest.mark.parametrize("case", PROFILES)
def test_a_recorded_account_becomes_its_record(shared_data, case):
    get = in_turn("mastodon", [recorded(shared_data, case)])

    assert MASTODON.profile(get, PROFILES[case].external_id) == PROFILES[case]
    assert get.asked == [(f"https://{HOST}/api/v1/accounts/{PROFILES[case].external_id.partition('/')[2]}", {})]


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        MASTODON.profile(in_turn("mastodon", [recorded(shared_data, case)]), LENNON)

    assert type(caught.value) is kind
    assert caught.value.code == code


@pytest.mark.parametrize("case", LISTS)
def test_a_recorded_list_becomes_its_posts_and_says_how_it_goes_on(shared_data, case):
    external_id, posts, below = LISTS[case]
    get = in_turn("mastodon", [recorded(shared_data, case), drawn_answer([])])

    pages = list(MASTODON.posts(get, external_id))

    assert pages[0].posts == posts
    assert pages[0].reads_down_to == posts[-1].published_at
    assert [question.get("max_id") for _, question in get.asked] == [None] + ([below] if below else [])


@pytest.mark.parametrize("account", TIMELINE)
def test_a_list_never_lends_a_person_the_posts_of_others(shared_data, account):
    get = in_turn("mastodon", [recorded(shared_data, "public_timeline"), drawn_answer([])])

    page = next(iter(MASTODON.posts(get, f"{HOST}/{account}")))

    assert [post.text for post in page.posts] == TIMELINE[account]
    assert [post.text for post in page.posts if post.kind is not Kind.TEXT] == [
        text for text in TIMELINE[account] if text == "nice"
    ]


def test_the_recorded_limit_says_when_it_ends(shared_data):
    assert MASTODON.allowance(recorded(shared_data, "error_rate_limited")).pause == timedelta(minutes=5)


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/mastodon/examples").glob("*.json")}

    assert files == {*PROFILES, *ERRORS, *LISTS, "public_timeline"}


# --- what no recording shows ------------------------------------------------------------------------------------------

ACCOUNT = {"id": "1", "username": "Anna", "acct": "Anna", "display_name": "Anna's Bakery", "followers_count": 3}


def drawn_status(**changes):
    status = {"id": "9", "account": {"id": "1"}, "created_at": "2026-03-01T10:00:00.000Z", "content": "<p>hello</p>"}
    return status | {"url": f"https://{HOST}/@anna/9"} | changes


def record_of(**changes):
    return parse_status(drawn_answer(drawn_status(**changes)).decode(Status), f"{HOST}/1")


def test_a_suspended_account_is_gone_and_not_fallen_to_zero():
    body = ACCOUNT | {"suspended": True, "followers_count": 0}

    with pytest.raises(Gone) as caught:
        MASTODON.profile(in_turn("mastodon", [drawn_answer(body)]), f"{HOST}/1")
    assert caught.value.code == "profile_suspended"


def test_an_account_that_moved_says_where_it_went():
    body = ACCOUNT | {"moved": ACCOUNT | {"acct": "Anna@other.example"}}

    record = MASTODON.profile(in_turn("mastodon", [drawn_answer(body)]), f"{HOST}/1")

    assert record.moved_to == "anna@other.example"


def test_a_locked_account_is_read_like_any_other():
    record = MASTODON.profile(in_turn("mastodon", [drawn_answer(ACCOUNT | {"locked": True})]), f"{HOST}/1")

    assert (record.handle, record.followers) == ("anna@social.example", 3)


def test_boosts_and_replies_are_no_posts_of_their_own():
    assert record_of(reblog=drawn_status()) is None
    assert record_of(in_reply_to_id="8", in_reply_to_account_id="1") is None


def test_quotes_are_counted_only_where_the_server_knows_them():
    assert record_of(quotes_count=2).quotes == 2
    assert record_of(quotes_count=None).quotes is None
    assert record_of().quotes is None


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        ({}, Kind.TEXT),
        ({"media_attachments": [{"type": "image"}]}, Kind.PHOTO),
        ({"media_attachments": [{"type": "image"}, {"type": "image"}]}, Kind.ALBUM),
        ({"media_attachments": [{"type": "gifv"}]}, Kind.VIDEO),
        ({"media_attachments": [{"type": "video"}]}, Kind.VIDEO),
        ({"media_attachments": [{"type": "audio"}]}, Kind.AUDIO),
        ({"media_attachments": [{"type": "unknown"}]}, Kind.OTHER),
        ({"poll": {"id": "1"}}, Kind.POLL),
        ({"quote": {"state": "accepted"}}, Kind.QUOTE),
        ({"card": {"url": "https://example.org"}}, Kind.LINK),
        ({"card": None, "poll": None, "quote": None}, Kind.TEXT),
    ],
)
def test_what_a_post_shows_is_its_kind(shown, kind):
    assert record_of(**shown).kind is kind


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two</p><p>three</p>", "one\ntwo\n\nthree"),
        ('<p><span class="invisible">https://</span><span>example.org/a</span></p>', "https://example.org/a"),
        ("<p>bread &amp; butter &lt;3</p>", "bread & butter <3"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
        (None, ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html, text):
    assert record_of(content=html).text == text


def test_a_warning_stands_before_the_text():
    assert record_of(spoiler_text="About food", content="<p>Bread!</p>").text == "About food\n\nBread!"


def test_a_server_without_links_is_asked_for_what_lies_below():
    get = in_turn("mastodon", [drawn_answer([drawn_status()]), drawn_answer([])])

    list(MASTODON.posts(get, f"{HOST}/1"))

    assert get.asked[1][1]["max_id"] == "9"


def test_a_link_to_another_host_leads_nowhere_else():
    evil = {"link": '<https://evil.example/api/v1/accounts/1/statuses?max_id=5>; rel="next"'}
    get = in_turn("mastodon", [drawn_answer([drawn_status()], headers=evil), drawn_answer([])])

    list(MASTODON.posts(get, f"{HOST}/1"))

    assert [url for url, _ in get.asked] == [f"https://{HOST}/api/v1/accounts/1/statuses"] * 2
    assert get.asked[1][1]["max_id"] == "5"


def test_a_domain_that_points_elsewhere_is_followed_to_the_server():
    links = [{"rel": "self", "type": "application/activity+json", "href": "https://social.example/users/anna"}]

    def answers(url, params):
        if "webfinger" in url:
            return drawn_answer({"subject": "acct:anna@bakery.example", "links": links})
        if url.startswith("https://bakery.example/"):
            return drawn_answer(b"<html>a shop</html>", status=404)
        return drawn_answer(ACCOUNT)

    get = Playback("mastodon", answers)

    assert MASTODON.find(get, "anna@bakery.example").external_id == f"{HOST}/1"
    assert get.asked == [
        ("https://bakery.example/api/v1/accounts/lookup", {"acct": "anna"}),
        ("https://bakery.example/.well-known/webfinger", {"resource": "acct:anna@bakery.example"}),
        ("https://social.example/api/v1/accounts/lookup", {"acct": "anna@bakery.example"}),
    ]


def test_a_link_with_odd_parameters_is_only_a_question():
    odd = {"link": f'<https://{HOST}/api/v1/accounts/1/statuses?self=1&max_id=5&url=2>; rel="next"'}
    get = in_turn("mastodon", [drawn_answer([drawn_status()], headers=odd), drawn_answer([])])

    list(MASTODON.posts(get, f"{HOST}/1"))

    assert get.asked[1][1]["max_id"] == "5"


def test_a_server_that_is_down_is_not_asked_twice():
    get = in_turn("mastodon", [drawn_answer({}, status=503)])

    with pytest.raises(TryLater):
        MASTODON.find(get, "anna@social.example")
    assert len(get.asked) == 1


def test_an_unknown_name_stays_unknown_where_the_domain_points_nowhere():
    get = in_turn("mastodon", [drawn_answer({"error": "Record not found"}, status=404)] * 2)

    with pytest.raises(Gone) as caught:
        MASTODON.find(get, "nobody@social.example")
    assert caught.value.code == "profile_not_found"


def test_a_suspended_account_is_not_looked_for_elsewhere():
    get = in_turn("mastodon", [drawn_answer(ACCOUNT | {"suspended": True})])

    with pytest.raises(Gone):
        MASTODON.find(get, "anna@social.example")
    assert len(get.asked) == 1


def test_known_posts_are_read_again_and_missing_ones_left_out():
    answers = [drawn_answer(drawn_status(favourites_count=4)), drawn_answer({"error": "Record not found"}, status=404)]

    pages = MASTODON.refresh(in_turn("mastodon", answers), [f"{HOST}/9", f"{HOST}/10"])

    assert [(post.external_id, post.reactions) for page in pages for post in page.posts] == [(f"{HOST}/9", 4)]
    assert pages[0].read_at == ARRIVED


def test_an_id_of_another_network_is_no_account():
    with pytest.raises(Gone):
        MASTODON.profile(in_turn("mastodon", []), "did:plc:abc")
