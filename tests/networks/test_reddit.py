"""Reddit's answers, kept by a client library or written after its documentation, become these records."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks.base import Answer, Gone, Kind, NeedsAttention, NetworkError, TryLater, UnexpectedAnswer
from benchmark.networks.reddit import REDDIT, Listing, parse_item, parse_post
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn

HOST = "oauth.reddit.com"
COMMUNITY, PERSON = "t5_2bake:bakery", "t2_6c1xj:anna"
SPEZ = "t2_1w72:spez"

ERRORS: dict[str, tuple[str, type[NetworkError], str]] = {
    "error_403": ("posts", NeedsAttention, "profile_private"),
    "error_404": ("profile", Gone, "profile_not_found"),
    "error_quarantined_403": ("posts", NeedsAttention, "profile_private"),  # of 2016, without its reason
    "error_subreddit_private": ("profile", NeedsAttention, "profile_private"),
    "error_unauthorized": ("person", NeedsAttention, "credential_refused"),
    "error_user_suspended_about": ("person", Gone, "profile_suspended"),
}

# Id, moment, first words, reactions, comments, shares, kind.
Row = tuple[str, str, str, int, int, int | None, Kind]
SUBMITTED: list[Row] = [
    ("t3_434h6c", "2016-01-28T18:05:43Z", "Reddit in 2016\n\nHi All,", 2079, 5771, None, Kind.TEXT),
    ("t3_3xdf11", "2015-12-18T18:18:39Z", "Introducing new API terms\n\nToday we are", 63, 101, None, Kind.TEXT),
    ("t3_3tlcil", "2015-11-20T18:00:13Z", "We are updating our Privacy Policy", 4940, 2269, None, Kind.TEXT),
    ("t3_3p4shh", "2015-10-17T17:32:51Z", "CEO Steve here to answer more questions.", 2461, 5512, None, Kind.TEXT),
    ("t3_3fx2au", "2015-08-05T20:17:58Z", "Content Policy Update\n\nToday we are", 1014, 19019, None, Kind.TEXT),
]
NEW: list[Row] = [
    ("t3_48fbm9", "2016-03-01T08:37:38Z", "[Serious] Parents of Reddit, what's the", 1, 1, None, Kind.TEXT),
    ("t3_48fbgl", "2016-03-01T08:35:54Z", "What went from 100 to 0 real fucking quick?", 2, 5, None, Kind.TEXT),
    ("t3_48fbg9", "2016-03-01T08:35:48Z", "If you only can live with one thing", 2, 2, None, Kind.TEXT),
    ("t3_48fbe1", "2016-03-01T08:35:05Z", "How much of our current behavior", 0, 0, None, Kind.TEXT),
]
POPULAR: list[Row] = [
    ("t3_1skjxta", "2026-04-13T18:44:08Z", "Ulberg on Jiri showing mercy", 546, 495, 0, Kind.VIDEO),
    ("t3_1skl1i1", "2026-04-13T19:22:01Z", 'A medium rare "steak."', 714, 428, 0, Kind.VIDEO),
    ("t3_1sklidt", "2026-04-13T19:38:06Z", "How to stop a toddler", 1934, 118, 3, Kind.VIDEO),
    ("t3_1skii2f", "2026-04-13T17:54:49Z", "The Fall Of Bacchus", 2557, 43, 0, Kind.PHOTO),
    ("t3_1skke8o", "2026-04-13T18:59:56Z", "Lewis Hamilton at Coachella", 1942, 139, 1, Kind.PHOTO),
]


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/reddit/examples" / f"{case}.json", host=HOST)


def ask(what: str, get: Playback) -> Any:
    asks = {
        "profile": lambda: REDDIT.profile(get, COMMUNITY),
        "person": lambda: REDDIT.profile(get, PERSON),
        "posts": lambda: list(REDDIT.posts(get, COMMUNITY)),
    }
    return asks[what]()


def check(posts: Any, rows: list[Row]) -> None:
    found = [
        (post.external_id, post.published_at, post.reactions, post.comments, post.shares, post.kind) for post in posts
    ]
    assert found == [(key, datetime.fromisoformat(moment), *counts) for key, moment, _, *counts in rows]
    assert all(post.text.startswith(words) for post, (_, _, words, *_) in zip(posts, rows, strict=True))
    assert {(post.quotes, post.saves, post.views, post.hashtags) for post in posts} == {(None, None, None, ())}
    assert all(post.url.startswith("https://www.reddit.com/r/") for post in posts)


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    what, kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        ask(what, in_turn("reddit", [recorded(shared_data, case)]))

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_a_recorded_community_becomes_its_record(shared_data):
    get = in_turn("reddit", [recorded(shared_data, "subreddit_about")])

    found = REDDIT.find(get, "r/announcements")

    assert get.asked == [(f"https://{HOST}/r/announcements/about", {"raw_json": 1})]
    assert (found.external_id, found.handle) == ("t5_2r0ij:announcements", "r/announcements")
    assert (found.name, found.description) == ("Official Reddit announcements", "")
    assert found.url == "https://www.reddit.com/r/announcements/"
    assert str(found.avatar_url).endswith("communityIcon_yor9myhxz5x11.png")
    assert (found.followers, found.following, found.posts, found.verified) == (47_456_009, None, None, None)
    assert found.created_at == datetime(2009, 6, 17, 16, 28, 21, tzinfo=UTC)


def test_a_recorded_person_becomes_a_record(shared_data):
    get = in_turn("reddit", [recorded(shared_data, "user_about")])

    found = REDDIT.find(get, "u/pyapitestuser3")

    assert get.asked == [(f"https://{HOST}/user/pyapitestuser3/about", {"raw_json": 1})]
    assert (found.external_id, found.handle) == ("t2_6c1xj:pyapitestuser3", "u/pyapitestuser3")
    assert (found.name, found.description) == ("PyAPITestUser3", "")
    assert found.url == "https://www.reddit.com/user/pyapitestuser3/"
    assert found.avatar_url == "https://www.redditstatic.com/avatars/avatar_default_12_FFB000.png"
    assert (found.followers, found.following, found.posts, found.verified) == (0, None, None, None)
    assert found.created_at == datetime(2011, 11, 29, 7, 49, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("case", "external_id", "asked", "rows"),
    [
        ("user_submitted_new", SPEZ, ("/user/spez/submitted", {"sort": "new"}, "t3_21oo"), SUBMITTED),
        ("subreddit_new", "t5_2qh1i:askreddit", ("/r/askreddit/new", {}, "t3_48f6io"), NEW),
    ],
)
def test_a_recorded_list_becomes_records(shared_data, case, external_id, asked, rows):
    end = {"kind": "Listing", "data": {"children": [], "after": None}}
    get = in_turn("reddit", [recorded(shared_data, case), drawn_answer(end)])

    pages = list(REDDIT.posts(get, external_id))

    path, order, after = asked
    assert get.asked[0] == (f"https://{HOST}{path}", {"limit": 100, "raw_json": 1} | order)
    assert get.asked[1][1]["after"] == after
    check(pages[0].posts, rows)
    assert (pages[0].read_at, pages[0].reads_down_to) == (ARRIVED, pages[0].posts[-1].published_at)


def test_recorded_posts_of_many_communities_become_records_of_none_but_their_own(shared_data):
    things = recorded(shared_data, "popular_hot_2026").decode(Listing).data.children

    check([parse_post(thing) for thing in things], POPULAR)
    own = [parse_item(thing, "t5_2qimj:formula1") for thing in things]
    assert [post.external_id for post in own if post] == ["t3_1skke8o"]


def test_recorded_comments_are_no_posts(shared_data):
    things = recorded(shared_data, "user_overview_hot").decode(Listing).data.children

    assert len(things) == 6
    assert [parse_item(thing, SPEZ) for thing in things] == [None] * 6


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/reddit/examples").glob("*.json")}

    others = {"subreddit_about", "user_about", "subreddit_new", "user_submitted_new", "popular_hot_2026"}
    assert files == {*ERRORS} | others | {"user_overview_hot"}


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_thing(key="a", kind="t3", **changes):
    data = {"name": f"t3_{key}", "created_utc": 1_795_000_000.5, "title": "Bread", "permalink": f"/r/bakery/{key}/"}
    data |= {"subreddit_id": "t5_2bake", "author": "Anna", "author_fullname": "t2_6c1xj"}
    return {"kind": kind, "data": data | {"score": 5, "num_comments": 0, "num_crossposts": 2} | changes}


def listing(*things, after=None):
    return drawn_answer({"kind": "Listing", "data": {"children": list(things), "after": after}})


def read(*things, of=COMMUNITY):
    (page,) = REDDIT.posts(in_turn("reddit", [listing(*things)]), of)
    return page.posts


@pytest.mark.parametrize(
    ("shows", "kind"),
    [
        ({"is_self": True}, Kind.TEXT),
        ({"is_gallery": True, "domain": "reddit.com"}, Kind.ALBUM),
        ({"is_video": True}, Kind.VIDEO),
        ({"post_hint": "image"}, Kind.PHOTO),
        ({"post_hint": "rich:video"}, Kind.VIDEO),
        ({"post_hint": "link"}, Kind.LINK),
        ({"domain": "i.redd.it"}, Kind.PHOTO),
        ({"domain": "v.redd.it"}, Kind.VIDEO),
        ({"domain": "bakery.example"}, Kind.LINK),
        ({"is_self": True, "poll_data": {"options": []}}, Kind.POLL),
        ({"crosspost_parent": "t3_b", "is_video": True}, Kind.QUOTE),
    ],
)
def test_the_kind_of_a_post_is_what_it_shows(shows, kind):
    assert [post.kind for post in read(drawn_thing(**shows))] == [kind]


@pytest.mark.parametrize(
    "taken_away",
    [{"selftext": "[deleted]"}, {"selftext": "[removed]"}, {"removed_by_category": "moderator"}],
)
def test_a_post_that_was_taken_away_is_left_out(taken_away):
    assert [post.external_id for post in read(drawn_thing(**taken_away), drawn_thing("b"))] == ["t3_b"]


def test_what_is_missing_is_unknown_and_not_zero():
    (post,) = read(drawn_thing(score=None, num_crossposts=None))

    assert (post.reactions, post.comments, post.shares) == (None, 0, None)


def test_posts_of_somebody_else_are_left_out():
    things = [drawn_thing("a"), drawn_thing("b", subreddit_id="t5_other"), drawn_thing("c", author_fullname="t2_other")]
    old = [drawn_thing("d", author_fullname=None), drawn_thing("e", author_fullname=None, author="other")]

    assert [post.external_id for post in read(*things)] == ["t3_a", "t3_c"]
    assert [post.external_id for post in read(*things, *old, of=PERSON)] == ["t3_a", "t3_b", "t3_d"]


def test_a_pinned_post_says_nothing_about_how_far_the_list_was_read():
    get = in_turn("reddit", [listing(drawn_thing("a"), drawn_thing("b", stickied=True, created_utc=1_000_000_000))])

    (page,) = REDDIT.posts(get, COMMUNITY)

    assert page.reads_down_to == datetime.fromtimestamp(1_795_000_000.5, UTC)
    assert len(page.posts) == 2


def test_the_list_goes_on_after_the_last_name_and_ends_without_one():
    get = in_turn("reddit", [listing(drawn_thing("a"), after="t3_a"), listing(drawn_thing("b"))])

    pages = list(REDDIT.posts(get, COMMUNITY))

    assert [[post.external_id for post in page.posts] for page in pages] == [["t3_a"], ["t3_b"]]
    assert [params.get("after") for _, params in get.asked] == [None, "t3_a"]


def test_known_posts_are_read_again_in_batches_of_a_hundred():
    get = in_turn("reddit", [listing(drawn_thing("a"))] * 2)

    REDDIT.refresh(get, [f"t3_{number}" for number in range(101)])

    assert [(url, params["id"].count(",") + 1) for url, params in get.asked] == [
        (f"https://{HOST}/api/info", 100),
        (f"https://{HOST}/api/info", 1),
    ]


def test_a_name_that_came_to_belong_to_somebody_else_is_another_profile():
    def answers(account):
        return drawn_answer({"kind": "t2", "data": {"name": "Anna", "id": account, "created_utc": 1.0}})

    first = REDDIT.find(in_turn("reddit", [answers("6c1xj")]), "u/anna")
    then = REDDIT.profile(in_turn("reddit", [answers("9zzzz")]), first.external_id)

    assert (first.external_id, then.external_id) == (PERSON, "t2_9zzzz:anna")


def test_an_unknown_communitys_address_leads_to_a_search_and_means_that_there_is_none():
    with pytest.raises(Gone) as caught:
        REDDIT.find(in_turn("reddit", [listing()]), "r/nobody")
    assert caught.value.code == "profile_not_found"


def test_what_is_no_id_of_reddits_is_gone():
    for ask_for in (lambda get: REDDIT.profile(get, "elsewhere"), lambda get: list(REDDIT.posts(get, "t3_a:b"))):
        with pytest.raises(Gone):
            ask_for(in_turn("reddit", []))


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (403, {"reason": "private", "message": "Forbidden", "error": 403}, NeedsAttention, "profile_private"),
        (403, {"reason": "gold_only", "message": "Forbidden", "error": 403}, NeedsAttention, "profile_private"),
        (403, {"reason": "quarantined", "message": "Forbidden", "error": 403}, NeedsAttention, "profile_quarantined"),
        (403, b"<html>blocked</html>", NeedsAttention, "access_refused"),
        (404, {"reason": "banned", "message": "Not Found", "error": 404}, Gone, "profile_suspended"),
        (404, b"<html>", Gone, "profile_not_found"),
        (401, {"message": "Unauthorized", "error": 401}, NeedsAttention, "credential_refused"),
        (429, {"message": "Too Many Requests", "error": 429}, TryLater, "rate_limited"),
        (503, b"<html>all of our servers are busy</html>", TryLater, "network_unavailable"),
        (200, {"kind": "t2", "data": {"name": "anna"}}, UnexpectedAnswer, "unexpected_answer"),
    ],
)
def test_a_refusal_is_sorted_by_its_remedy(status, body, kind, code):
    with pytest.raises(kind) as caught:
        REDDIT.find(in_turn("reddit", [drawn_answer(body, status=status)]), "u/anna")
    assert type(caught.value) is kind
    assert caught.value.code == code


def test_the_page_for_people_leads_back_to_the_profile():
    for reference in ("r/bakery", "u/anna"):
        assert REDDIT.recognise(REDDIT.profile_url(reference)) == reference
        assert REDDIT.recognises_url(REDDIT.profile_url(reference))


def test_a_bare_name_is_no_reference_because_it_may_be_either():
    assert REDDIT.recognise("bakery") is None
    assert REDDIT.recognise("@bakery") is None
