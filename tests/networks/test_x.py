"""X's answers, kept by client libraries or quoted in public, become these records."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks.base import Answer, Gone, Kind, NeedsAttention, NetworkError, TryLater, UnexpectedAnswer
from benchmark.networks.keys import Question
from benchmark.networks.x import LARGEST_HELPING, X, cost, spent
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer, in_turn

HOST = "api.x.com"
API = f"https://{HOST}/2"
PROBLEM = f"{API}/problems/"
USER_FIELDS = {"user.fields": "created_at,description,profile_image_url,protected,public_metrics,verified"}
POST_FIELDS = {
    "tweet.fields": "attachments,created_at,entities,note_tweet,public_metrics,referenced_tweets",
    "expansions": "attachments.media_keys",
    "media.fields": "type",
}

# What is asked, and what becomes of the answer.
ERRORS: dict[str, tuple[str, type[NetworkError], str]] = {
    "error_protected_timeline": ("posts", NeedsAttention, "profile_private"),
    "error_rate_limited": ("find", TryLater, "rate_limited"),
    "error_unauthorized": ("find", NeedsAttention, "credential_refused"),
    "error_usage_capped": ("posts", TryLater, "quota_used_up"),
    "error_user_not_found": ("find", Gone, "profile_not_found"),
    "error_user_suspended": ("find", Gone, "profile_suspended"),
    # Asked without the moment of publishing, which Yardstick always asks for.
    "rec_user_posts_default_fields": ("posts", UnexpectedAnswer, "unexpected_answer"),
    "post_with_media": ("refresh", UnexpectedAnswer, "unexpected_answer"),
    "post_metrics_today": ("refresh", UnexpectedAnswer, "unexpected_answer"),
}

# Id, moment, first words, reactions, comments, shares, quotes: of 2021, without saves and views.
USER_POSTS = [
    ("1364275610764201984", "2021-02-23T18:07:07Z", "If you're newly approved for the Academi", 37, 2, 10, 1),
    ("1362876655061073928", "2021-02-19T21:28:10Z", "From our living rooms to yours 🐱‍💻🛋️Our ", 58, 7, 21, 1),
    ("1362439338978467841", "2021-02-18T16:30:25Z", "“To quote my creator Jerome Gangneux, I ", 9, 2, 0, 0),
    ("1362439338169016324", "2021-02-18T16:30:25Z", "“In the 20th century, managers managed h", 8, 2, 1, 0),
    ("1362439336910675970", "2021-02-18T16:30:25Z", "Meet one of the useful Twitter bots out ", 74, 9, 16, 3),
]


def recorded(shared_data: Path, case: str) -> Answer:
    return answer_in(shared_data / "specs/x/examples" / f"{case}.json", host=HOST)


def ask(what: str, get: Playback) -> Any:
    asks = {
        "find": lambda: X.find(get, "bakery"),
        "profile": lambda: X.profile(get, "7001"),
        "profiles": lambda: X.profiles(get, ["7001", "7002"]),
        "posts": lambda: list(X.posts(get, "7001")),
        "refresh": lambda: X.refresh(get, ["1", "2"]),
    }
    return asks[what]()


@pytest.mark.parametrize("case", ERRORS)
def test_a_recorded_refusal_becomes_an_error_by_remedy(shared_data, case):
    what, kind, code = ERRORS[case]

    with pytest.raises(kind) as caught:
        ask(what, Playback("x", lambda *_: recorded(shared_data, case)))

    assert type(caught.value) is kind
    assert caught.value.code == code


def test_a_recorded_profile_becomes_its_record(shared_data):
    get = in_turn("x", [recorded(shared_data, "user_by_username")])

    found = X.find(get, "twitterdev")

    assert get.asked == [(f"{API}/users/by/username/twitterdev", USER_FIELDS)]
    assert (found.external_id, found.handle, found.name) == ("2244994945", "twitterdev", "Twitter Dev")
    assert (found.url, found.avatar_url, found.verified) == ("https://x.com/twitterdev", None, True)
    assert found.description.startswith("The voice of the #TwitterDev team")
    assert (found.followers, found.following, found.posts) == (514_020, 2038, 3639)
    assert found.created_at == datetime(2013, 12, 14, 4, 35, 55, tzinfo=UTC)


def test_recorded_profiles_without_metrics_publish_no_counts(shared_data):
    one = X.find(in_turn("x", [recorded(shared_data, "rec_user_by_username")]), "twitter")
    many = X.profiles(in_turn("x", [recorded(shared_data, "rec_users_by")]), ["783214", "2244994945"])

    found = [(user.external_id, user.handle, user.name) for user in (one, *many)]
    assert found == [
        ("783214", "twitter", "Twitter"),
        ("783214", "twitter", "Twitter"),
        ("2244994945", "twitterdev", "Twitter Dev"),
    ]
    assert {(user.followers, user.following, user.posts, user.verified) for user in (one, *many)} == {(None,) * 4}


def test_a_recorded_list_becomes_records(shared_data):
    get = in_turn("x", [recorded(shared_data, "user_posts"), recorded(shared_data, "user_posts_empty")])

    pages = list(X.posts(get, "2244994945"))

    assert get.asked[0] == (
        f"{API}/users/2244994945/tweets",
        {"max_results": 20, "exclude": "retweets,replies", **POST_FIELDS},
    )
    assert get.asked[1][1]["pagination_token"] == "7140dibdnow9c7btw3w3itbygz8uu5pbs45oy6erjc2ls"
    posts = pages[0].posts
    found = [
        (post.external_id, post.published_at, post.text[:40], post.reactions, post.comments, post.shares, post.quotes)
        for post in posts
    ]
    assert found == [(key, datetime.fromisoformat(moment), *rest) for key, moment, *rest in USER_POSTS]
    assert {(post.saves, post.views, post.kind, post.hashtags) for post in posts} == {(None, None, Kind.TEXT, ())}
    assert posts[0].url == "https://x.com/i/web/status/1364275610764201984"
    assert (pages[0].read_at, pages[0].reads_down_to) == (ARRIVED, datetime(2021, 2, 18, 16, 30, 25, tzinfo=UTC))
    assert (pages[1].posts, pages[1].reads_down_to) == ((), None)


def test_every_recorded_answer_has_its_expectation(shared_data):
    files = {file.stem for file in (shared_data / "specs/x/examples").glob("*.json")}

    others = {"user_by_username", "rec_user_by_username", "rec_users_by", "user_posts", "user_posts_empty"}
    assert files == {*ERRORS} | others


# --- what no recording shows ------------------------------------------------------------------------------------------


def drawn_post(key="1", **changes):
    metrics = {"like_count": 12, "reply_count": 0, "retweet_count": 3, "quote_count": 1}
    metrics |= {"bookmark_count": 4, "impression_count": 900}
    return {"id": key, "text": "Bread", "created_at": "2026-11-01T10:00:00.000Z", "public_metrics": metrics} | changes


def refreshed(post, **includes):
    body = {"data": [post], **({"includes": includes} if includes else {})}
    return X.refresh(in_turn("x", [drawn_answer(body)]), [post["id"]])[0].posts


def test_old_and_new_names_of_a_count_are_read_alike_and_zero_stays_zero():
    def shares(**metrics):
        return refreshed(drawn_post(public_metrics=metrics))[0].shares

    assert (shares(retweet_count=3), shares(repost_count=3)) == (3, 3)
    assert shares(repost_count=0, retweet_count=9) == 0
    assert shares(like_count=1) is None


def test_no_showings_of_a_post_from_before_they_were_counted_are_unknown():
    def views(created_at, shown):
        return refreshed(drawn_post(created_at=created_at, public_metrics={"impression_count": shown}))[0].views

    assert views("2022-11-30T23:59:59Z", 0) is None
    assert views("2022-11-30T23:59:59Z", 7) == 7
    assert views("2022-12-01T00:00:00Z", 0) == 0


NEW_FIELDS = {
    "post.fields": "attachments,created_at,entities,note_post,public_metrics",
    "expansions": "attachments.media_keys",
    "media.fields": "type",
}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"data": [{"id": "1", "text": "Bread"}]}),  # what it does not know X leaves out
        (400, {"title": "Invalid Request", "type": PROBLEM + "invalid-request", "status": 400}),
    ],
)
def test_where_x_does_not_know_the_old_names_it_is_asked_by_the_new_ones(status, body):
    def answers(_, params):
        if "tweet.fields" in params:
            return drawn_answer(body, status=status)
        following = {} if "pagination_token" in params else {"next_token": "more"}
        return drawn_answer({"data": [drawn_post(str(len(get.asked)))], "meta": following})

    get = Playback("x", answers)

    listed = [post.external_id for page in X.posts(get, "7001") for post in page.posts]
    again = X.refresh(get, ["1"])[0].posts

    assert (listed, [post.external_id for post in again]) == (["2", "3"], ["5"])
    names = [{name: value for name, value in params.items() if "." in name or "exp" in name} for _, params in get.asked]
    assert names == [POST_FIELDS, NEW_FIELDS, NEW_FIELDS, POST_FIELDS, NEW_FIELDS]


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("https://x.com/miller/status/1460323743339741184", Kind.QUOTE),
        ("https://twitter.com/miller/status/1460323743339741184?s=20", Kind.QUOTE),
        ("https://x.com/bakery/status/1460323743339741184/photo/1", Kind.TEXT),
        ("https://x.com/miller", Kind.TEXT),
        ("https://miller.example/status/1", Kind.LINK),
    ],
)
def test_a_link_to_a_post_is_a_quote_also_where_nothing_else_says_so(link, kind):
    entities = {"urls": [{"url": "https://t.co/1", "expanded_url": link}]}

    assert refreshed(drawn_post(entities=entities))[0].kind is kind


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["photo"], Kind.PHOTO),
        (["photo", "photo"], Kind.ALBUM),
        (["video", "photo"], Kind.ALBUM),
        (["video"], Kind.VIDEO),
        (["animated_gif"], Kind.VIDEO),
        (["hologram"], Kind.OTHER),
    ],
)
def test_the_kind_of_a_post_comes_from_its_media(types, kind):
    media = [{"media_key": f"3_{number}", "type": name} for number, name in enumerate(types)]
    post = drawn_post(attachments={"media_keys": [one["media_key"] for one in media]})

    assert refreshed(post, media=media)[0].kind is kind


def test_reposts_and_replies_are_left_out():
    for reference in ("retweeted", "replied_to"):
        assert refreshed(drawn_post(referenced_tweets=[{"type": reference, "id": "5"}])) == ()
        assert refreshed(drawn_post(referenced_posts=[{"type": reference, "id": "5"}])) == ()


def test_a_list_that_holds_nothing_but_replies_for_long_is_read_to_its_end():
    def answers(_, params):
        place = int(params.get("pagination_token", 0))
        following = {"next_token": str(place + params["max_results"])}
        if place + params["max_results"] >= 800:
            return drawn_answer({"data": [drawn_post()], "meta": {"result_count": 1}})
        return drawn_answer({"meta": {"result_count": 0, **following}})

    get = Playback("x", answers)

    pages = list(X.posts(get, "7001"))

    assert [post.external_id for page in pages for post in page.posts] == ["1"]
    assert [params["max_results"] for _, params in get.asked] == [20, *[LARGEST_HELPING] * 8]


def test_a_hundred_known_posts_are_read_again_in_one_call():
    get = in_turn("x", [drawn_answer({})] * 2)

    X.refresh(get, [str(number) for number in range(101)])

    assert [params["ids"].count(",") + 1 for _, params in get.asked] == [100, 1]
    assert get.asked[0][0] == f"{API}/tweets"
    assert {name: get.asked[0][1][name] for name in POST_FIELDS} == POST_FIELDS


def test_many_profiles_are_read_again_in_one_call_and_unknown_ones_left_out():
    unknown = {"type": PROBLEM + "resource-not-found", "title": "Not Found Error", "detail": "x"}
    get = in_turn("x", [drawn_answer({"data": [{"id": "7001", "username": "bakery"}], "errors": [unknown]})])

    found = X.profiles(get, ["7001", "7002"])

    assert get.asked == [(f"{API}/users", {"ids": "7001,7002", **USER_FIELDS})]
    assert [user.external_id for user in found] == ["7001"]


def test_where_none_of_many_is_known_none_comes_back():
    unknown = {"type": PROBLEM + "resource-not-found", "title": "Not Found Error"}

    assert X.profiles(in_turn("x", [drawn_answer({"errors": [unknown]})]), ["1", "2"]) == []
    assert X.refresh(in_turn("x", [drawn_answer({"errors": [unknown]})]), ["1", "2"])[0].posts == ()


@pytest.mark.parametrize("what", ["profiles", "refresh"])
def test_what_x_failed_to_look_up_is_not_taken_for_gone(what):
    trouble = {"type": PROBLEM + "internal-error", "title": "Internal Error", "detail": "x"}

    with pytest.raises(TryLater) as caught:
        ask(what, in_turn("x", [drawn_answer({"data": [], "errors": [trouble]})]))
    assert caught.value.code == "network_unavailable"


def test_an_id_is_looked_up_by_itself():
    get = in_turn("x", [drawn_answer({"data": {"id": "783214", "username": "X"}})])

    assert X.find(get, "i/user/783214").handle == "x"
    assert get.asked == [(f"{API}/users/783214", USER_FIELDS)]


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (402, {"title": "CreditsDepleted", "type": PROBLEM + "credits"}, TryLater, "quota_used_up"),
        (402, b"", TryLater, "quota_used_up"),
        (429, {"title": "UsageCapExceeded", "type": PROBLEM + "usage-capped"}, TryLater, "quota_used_up"),
        (429, {"title": "Too Many Requests", "type": "about:blank"}, TryLater, "rate_limited"),
        (429, b"<html>", TryLater, "rate_limited"),
        (401, b"<html>", NeedsAttention, "credential_refused"),
        (403, {"type": PROBLEM + "client-forbidden"}, NeedsAttention, "credential_refused"),
        (403, b"<html>blocked</html>", NeedsAttention, "access_refused"),
        (400, {"type": PROBLEM + "invalid-request"}, UnexpectedAnswer, "unexpected_answer"),
        (503, {"title": "Service Unavailable", "type": "about:blank"}, TryLater, "network_unavailable"),
        (200, {"errors": [{"type": PROBLEM + "strange"}]}, UnexpectedAnswer, "unexpected_answer"),
        (200, {}, UnexpectedAnswer, "unexpected_answer"),
    ],
)  # fmt: skip
def test_a_refusal_is_sorted_by_its_remedy(status, body, kind, code):
    with pytest.raises(kind) as caught:
        X.find(in_turn("x", [drawn_answer(body, status=status)]), "bakery")
    assert type(caught.value) is kind
    assert caught.value.code == code


def test_used_up_credits_are_looked_for_again_the_same_day():
    with pytest.raises(TryLater) as caught:
        X.find(in_turn("x", [drawn_answer({"title": "CreditsDepleted"}, status=402)]), "bakery")
    assert caught.value.after == timedelta(hours=6)


# --- what a call costs, in tenths of a cent ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "params", "most"),
    [
        ("/users/by/username/bakery", USER_FIELDS, 10),
        ("/users/by/username/tweets", USER_FIELDS, 10),  # somebody is called so
        ("/users/7001", USER_FIELDS, 10),
        ("/users", {"ids": "1,2,3", **USER_FIELDS}, 30),
        ("/users/7001/tweets", {"max_results": "20", **POST_FIELDS}, 100),
        ("/users/7001/tweets", {"max_results": 100, **POST_FIELDS}, 500),
        ("/users/7001/tweets", {}, 50),
        ("/users/7001/tweets", {"max_results": "5", "expansions": "author_id"}, 75),
        ("/tweets", {"ids": "1,2,3,4", **POST_FIELDS}, 20),
        ("/tweets", {"ids": "1", **POST_FIELDS}, 5),
    ],
)
def test_a_call_may_cost_as_much_as_it_can_bring(path, params, most):
    assert cost(Question(API + path, params)) == most


@pytest.mark.parametrize(
    ("path", "params", "body", "price"),
    [
        ("/users/7001", {}, b'{"data": {"id": "7001"}}', 10),
        ("/users/by/username/tweets", {}, b'{"data": {"id": "7001"}}', 10),
        ("/users", {"ids": "1,2,3"}, b'{"data": [{"id": "1"}, {"id": "2"}], "errors": [{}]}', 20),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}, {}, {}], "includes": {"media": [{}]}}', 15),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}], "includes": {"users": [{}]}}', 15),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}], "includes": {"tweets": [{}, {}]}}', 15),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}], "includes": {"posts": [{}, {}]}}', 15),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"meta": {"result_count": 0}}', 0),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"errors": [{"title": "Authorization Error"}]}', 0),
        ("/users/7001", {}, b'{"title": "Unauthorized", "status": 401}', 0),
        ("/users/7001", {}, b"<html>502 Bad Gateway</html>", 0),
        ("/users/7001", {}, b"", 0),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}, {', 100),
        ("/users/7001/tweets", {"max_results": "20"}, b'{"data": [{}], "includes": [1]}', 100),
    ],
)  # fmt: skip
def test_an_answer_costs_what_it_brought(path, params, body, price):
    assert spent(Question(API + path, params), body) == price


def test_nothing_that_is_asked_brings_more_than_is_paid_for_in_advance():
    def answers(url, _):
        one, many = {"id": "1", "username": "a"}, [drawn_post()]
        return drawn_answer({"data": many if url.endswith("tweets") else [one] if url.endswith("users") else one})

    get = Playback("x", answers)
    for what in ("find", "profile", "profiles", "posts", "refresh"):
        ask(what, get)

    assert {expansion for _, params in get.asked for expansion in str(params.get("expansions", "")).split(",")} == {
        "",
        "attachments.media_keys",  # media are free
    }


def test_the_limit_is_ten_dollars_a_month_where_the_operator_sets_no_other():
    assert X.quota is not None
    assert X.quota.units / X.quota.shown_per / 100 == 10
    assert (X.quota.monthly, X.quota.zone, X.quota.unit) == (True, "UTC", "cents")
