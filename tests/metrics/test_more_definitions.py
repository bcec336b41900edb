"""What the metrics mean that are shown when they are asked for, by drawn examples whose arithmetic can be redone."""

from datetime import date, timedelta

import pytest

from benchmark.metrics import METRICS, Change, Group
from benchmark.metrics.derived import PARTS_OF_A_DAY, WEEKDAYS
from benchmark.metrics.formula import formula
from benchmark.networks.base import Kind
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import drawn, follow, moment, profile, reading, readings, report, values_of
from tests.factories.rows import OwnInsightFactory, PostFactory, PostReadingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


@pytest.fixture
def one(workspace):
    """A followed profile on Bluesky without posts yet."""
    found = profile()
    follow(workspace, found)
    return found


def asked(workspace, of, *metrics, network="bluesky", **more):
    return values_of(report(workspace, network, metrics=list(metrics), **more), of)


def figures(values):
    return {key: value.value if value.reason is None else value.reason for key, value in values.items()}


# Ten days, 10 to 19 March: a Monday to a Wednesday. Followers stay a thousand, so that percents are easy.
TEN_DAYS = {"start": "2025-03-10", "end": "2025-03-19"}
FIVE_POSTS = """
    posted            reactions  comments  shares  quotes  kind
    2025-03-10T05:00         10         1       0       0  text
    2025-03-10T13:00         20         2       1       1  photo
    2025-03-12T20:00         30         0       2       0  video
    2025-03-15T06:00         40         4       3       1  video
    2025-03-19T23:00        100         3       4       2  link
    """
ENGAGEMENTS = [11, 24, 32, 48, 109]
WEIGHTED = [12, 20 + 4 + 3 + 3, 30 + 6, 40 + 8 + 9 + 3, 100 + 6 + 12 + 6]


@pytest.fixture
def five_posts(one):
    readings("at followers\n2025-03-10T00:00 1000\n2025-03-15T00:00 1000\n2025-03-20T00:00 1000\n", of=one)
    return drawn(FIVE_POSTS, of=one)


def test_there_are_metrics_of_every_group_each_with_its_question_formula_and_clock():
    assert len(METRICS) >= 60
    assert {metric.group for metric in METRICS.values()} == set(Group)
    assert len({str(metric.label) for metric in METRICS.values()}) == len(METRICS)
    for metric in METRICS.values():
        assert formula(metric)
        assert metric.clock == ("received" if "follower" in metric.key and metric.of_followers else metric.clock)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("engagement_rate", "median(engagements ÷ followers when posted * 100), over mature posts"),
        ("engagement_rate_of_sums", "sum(engagements) ÷ sum(followers when posted) * 100, over mature posts"),
        ("posts_per_week", "sum(posts) ÷ days * 7, over all posts"),
        ("follower_growth_rate", "(followers at the end ÷ followers before - 1) * 100"),
        (
            "quintly_interaction_rate",
            "mean(engagements) ÷ ((followers before + followers at the end) ÷ 2) * 100, over all posts",
        ),
        ("active_days", "days with posts ÷ days * 100"),
    ],
)
def test_a_formula_is_read_off_the_declaration(key, written):
    assert formula(METRICS[key]) == written


def test_response_is_told_by_what_people_did(workspace, one, five_posts):
    keys = ["applause_rate", "conversation_rate", "amplification_rate"]
    keys += ["comments_per_100_reactions", "shares_per_100_reactions", "engagements_per_day"]
    keys += ["weighted_engagements", "weighted_engagements_per_post"]

    values = asked(workspace, one, *keys, **TEN_DAYS)

    assert figures(values) == {
        "applause_rate": 3,  # the middle of 1, 2, 3, 4 and 10 %
        "conversation_rate": 0.2,
        "amplification_rate": 0.2,
        "comments_per_100_reactions": 5,  # 10 comments on 200 reactions
        "shares_per_100_reactions": 5,
        "engagements_per_day": sum(ENGAGEMENTS) / 10,
        "weighted_engagements": sum(WEIGHTED),
        "weighted_engagements_per_post": sum(WEIGHTED) / 5,
    }
    assert values["applause_rate"].n == 5


def test_a_ratio_of_sums_takes_posts_in_that_bring_nothing_to_divide_by(workspace, one):
    drawn(
        """
        posted      reactions  comments  shares  quotes
        2025-03-10         30         2       1       0
        2025-03-11          0         5       0       0
        2025-03-12         10         1       -       0
        2025-03-13          0         0       0       0
        2025-03-14          -         9       9       0
        2025-03-15         10         2       4       0
        """,
        of=one,
    )
    silent = profile()
    follow(workspace, silent)
    drawn("posted reactions comments shares quotes\n" + "2025-03-10 0 3 0 0\n" * 5, of=silent)

    found = report(workspace, metrics=["comments_per_100_reactions", "shares_per_100_reactions"])

    comments, shares = values_of(found, one).values()
    assert (comments.value, comments.n) == (10 / 50 * 100, 5)  # 2 + 5 + 1 + 0 + 2; not the one that hides reactions
    assert (shares.value, shares.reason, shares.n) == (None, "not_enough_posts", 4)
    assert {value.reason for value in values_of(found, silent).values()} == {"nothing_to_divide_by"}


def test_views_and_reach_are_told_for_a_hundred_followers(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    drawn(
        """
        posted      read        reactions  comments  views  followers
        2025-03-01  2025-05-20         10         0    500       1000
        2025-03-05  2025-05-20         10         0   1500       1000
        2025-03-06  2025-05-20         10         0   2000       1000
        2025-03-07  2025-05-20         10         0   2500       1000
        2025-03-08  2025-05-20         10         0   9000       1000
        """,
        of=channel,
    )

    assert asked(workspace, channel, "view_rate", network="youtube")["view_rate"].value == 200


def test_every_count_has_its_sum_its_mean_and_its_median(workspace):
    account = profile("x")
    follow(workspace, account)
    drawn(
        """
        posted      reactions  comments  shares  quotes  saves  views
        2025-03-01         10         1       0       2      4    100
        2025-03-02         20         3       2       0      -    200
        2025-03-03         60         8       4       1      6    600
        """,
        of=account,
    )
    counts = ["reactions", "comments", "shares", "quotes", "saves", "views"]

    found = figures(asked(workspace, account, *of_each(counts), network="x"))

    assert [found[name] for name in counts] == [90, 12, 6, 3, 10, 900]
    assert [found[f"{name}_per_post"] for name in counts] == [30, 4, 2, 1, 5, 300]  # two posts show their saves
    assert [found[f"{name}_per_post_median"] for name in counts] == [20, 3, 2, 1, 5, 200]


def of_each(counts):
    return [f"{name}{ending}" for name in counts for ending in ("", "_per_post", "_per_post_median")]


def test_engagements_are_told_for_a_hundred_views(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    drawn(
        """
        posted      read        reactions  comments  views
        2025-03-01  2025-05-20         10         0    500
        2025-03-02  2025-05-20         20        10    500
        2025-03-03  2025-05-20         30         0    200
        2025-03-04  2025-05-20          9         1   1000
        2025-03-05  2025-05-20         80        20   1000
        2025-03-06  2025-05-20          5         0      0
        """,
        of=channel,
    )

    rate = asked(workspace, channel, "engagement_rate_by_views", network="youtube")["engagement_rate_by_views"]

    assert (rate.value, rate.n) == (6, 5)  # the middle of 2, 6, 15, 1 and 10 %; nothing can be divided by no views


def test_engagements_are_told_for_a_hundred_people_reached(workspace):
    own = profile("facebook")
    follow(workspace, own, own=True)
    posts = drawn("posted reactions comments shares\n" + "2025-03-05 7 2 1\n" * 5, of=own)
    for post, reach in zip(posts, (100, 200, 250, 500, 1000), strict=True):
        OwnInsightFactory.create(workspace=workspace, post=post, reach=reach)

    values = asked(workspace, own, "engagement_rate_by_reach", "reach_per_post_median", network="facebook")

    assert figures(values) == {"engagement_rate_by_reach": 4, "reach_per_post_median": 250}  # of 10, 5, 4, 2 and 1 %


def test_the_reach_rate_is_what_the_owner_measured(workspace):
    own = profile("facebook")
    follow(workspace, own, own=True)
    posts = drawn("posted reactions comments shares followers\n" + "2025-03-05 1 1 1 2000\n" * 5, of=own)
    for post, reach in zip(posts, (100, 200, 300, 400, 5000), strict=True):
        OwnInsightFactory.create(workspace=workspace, post=post, reach=reach)

    assert asked(workspace, own, "reach_rate", network="facebook")["reach_rate"].value == 15


def test_activity_is_told_by_days(workspace, one, five_posts):
    values = asked(workspace, one, "active_days", "longest_pause", "follower_growth_per_day", **TEN_DAYS)

    assert figures(values) == {
        "active_days": 40,  # the 10th, 12th, 15th and 19th
        "longest_pause": 3,  # the 16th to the 18th
        "follower_growth_per_day": 0,
    }
    assert values["longest_pause"].rank == 1


def test_a_period_without_posts_is_one_long_pause(workspace, one):
    values = asked(workspace, one, "active_days", "longest_pause", "posting_spread", "text_posts_share")

    assert figures(values) == {
        "active_days": 0,
        "longest_pause": 31,
        "posting_spread": "not_enough_posts",
        "text_posts_share": "not_enough_posts",
    }


def test_unevenness_compares_the_whole_weeks_that_end_with_the_period(workspace, one):
    posts = ["2025-03-02"]  # before the four weeks that end on 31 March
    posts += ["2025-03-04"] * 2 + ["2025-03-11"] * 4 + ["2025-03-18"] * 4 + ["2025-03-25"] * 6
    drawn("posted reactions comments shares quotes\n" + "".join(f"{day} 1 0 0 0\n" for day in posts), of=one)

    value = asked(workspace, one, "posting_spread")["posting_spread"]

    assert value.value == pytest.approx((8 / 3) ** 0.5 / 4)  # of 2, 4, 4 and 6: mean 4, squares 4 + 0 + 0 + 4 over 3
    assert asked(workspace, one, "posting_spread", **TEN_DAYS)["posting_spread"].reason == "period_too_short"


def test_weekdays_hours_and_kinds_are_shares_of_the_posts(workspace, one, five_posts):
    days = [f"posts_on_{day}_share" for day in WEEKDAYS]
    hours = [f"posts_in_the_{part}_share" for part in PARTS_OF_A_DAY]
    kinds = ["text_posts_share", "photo_posts_share", "video_posts_share", "link_posts_share", "poll_posts_share"]

    values = asked(workspace, one, *days, *hours, *kinds, **TEN_DAYS)
    shares = figures(values)

    assert [shares[key] for key in days] == [40, 0, 40, 0, 0, 20, 0]  # two on a Monday, two on a Wednesday
    assert [shares[key] for key in hours] == [20, 20, 20, 40]  # 5 o'clock; 6; 13; 20 and 23
    assert [shares[key] for key in kinds] == [20, 20, 40, 20, 0]
    assert values["video_posts_share"].rank is None  # neither more nor less is better
    assert (values["video_posts_share"].n, values["video_posts_share"].low) == (5, None)


def test_every_weekday_every_part_of_a_day_and_every_kind_has_its_share(workspace, one):
    drawn(
        """
        posted            kind   reactions  comments  shares  quotes
        2025-03-10T00:00  text           0         0       0       0
        2025-03-11T05:59  photo          0         0       0       0
        2025-03-12T06:00  album          0         0       0       0
        2025-03-13T11:59  video          0         0       0       0
        2025-03-14T12:00  live           0         0       0       0
        2025-03-15T13:00  audio          0         0       0       0
        2025-03-15T17:59  link           0         0       0       0
        2025-03-16T18:00  poll           0         0       0       0
        2025-03-16T19:00  quote          0         0       0       0
        2025-03-16T23:59  event          0         0       0       0
        """,
        of=one,
    )
    days = [f"posts_on_{day}_share" for day in WEEKDAYS]
    hours = [f"posts_in_the_{part}_share" for part in PARTS_OF_A_DAY]
    kinds = [key for key in METRICS if key.endswith("_posts_share")]

    shares = figures(asked(workspace, one, *days, *hours, *kinds, **TEN_DAYS))

    assert [shares[key] for key in days] == [10, 10, 10, 10, 10, 20, 30]  # Monday to Sunday
    assert [shares[key] for key in hours] == [20, 20, 30, 30]
    assert {key: shares[key] for key in kinds} == {
        f"{kind}_posts_share": 10
        for kind in ("text", "photo", "album", "video", "live", "audio", "link", "poll", "quote")
    }


def test_followers_are_won_day_by_day(workspace, one):
    readings("at followers\n2025-03-01T00:00 1000\n2025-04-01T00:00 1310", of=one)

    assert asked(workspace, one, "follower_growth_per_day")["follower_growth_per_day"].value == 10  # 310 in 31 days


def test_every_kind_with_a_share_is_a_kind():
    kinds = {
        metric.key.removesuffix("_posts_share") for metric in METRICS.values() if metric.key.endswith("_posts_share")
    }
    assert kinds <= {kind.value for kind in Kind}


def test_texts_are_measured_where_they_are_known(workspace, one):
    for day, text, tags in (
        (1, "Bread", ["bread", "rye"]),
        (2, "See https://bakery.example/rye", []),
        (3, "Fresh rolls", ["rolls"]),
    ):
        PostFactory.create(profile=one, published_at=moment(f"2025-03-0{day}"), text=text, hashtags=tags)
    PostFactory.create(profile=one, published_at=moment("2025-03-04"), text="", gone_at=moment("2025-03-20"))
    silent = profile()
    follow(workspace, silent)
    PostFactory.create(profile=silent, published_at=moment("2025-03-04"), text="", hashtags=[])
    keys = ["hashtags_per_post", "posts_with_hashtags_share", "posts_with_links_share", "text_length"]

    found = report(workspace, metrics=keys)

    values = values_of(found, one)
    assert figures(values) == {
        "hashtags_per_post": 1,
        "posts_with_hashtags_share": pytest.approx(200 / 3),
        "posts_with_links_share": pytest.approx(100 / 3),
        "text_length": 11,
    }
    assert values["text_length"].n == 3
    assert set(figures(values_of(found, silent)).values()) == {"text_not_known"}


def test_a_share_of_the_audience_needs_everybody_s_followers(workspace, one):
    other = profile()
    follow(workspace, other)
    for each, followers in ((one, 300), (other, 100)):
        reading(each, moment("2025-04-01T00:00"), followers)

    found = report(workspace, metrics=["share_of_audience"])
    assert values_of(found, one)["share_of_audience"].value == 75

    stranger = profile()
    follow(workspace, stranger)
    found = report(workspace, metrics=["share_of_audience"])
    assert values_of(found, one)["share_of_audience"].reason == "another_row_lacks_it"
    assert values_of(found, stranger)["share_of_audience"].reason == "followers_not_known"


def on_the_line(workspace, followers, engagements):
    found = profile()
    follow(workspace, found)
    reading(found, moment("2025-04-01T00:00"), followers)
    drawn("posted reactions comments shares quotes\n" + f"2025-03-10 {engagements} 0 0 0\n" * 5, of=found)
    return found


def test_profiles_on_one_line_of_size_and_response_have_an_index_of_100(workspace):
    # Ten times the followers bring twice the engagements.
    rows = [on_the_line(workspace, 10**size, 5 * 2**size) for size in range(1, 6)]

    found = report(workspace, metrics=["size_adjusted_index"])

    assert [values_of(found, row)["size_adjusted_index"].value for row in rows] == pytest.approx([100] * 5)


def test_the_size_adjusted_index_tells_what_is_above_the_line(workspace):
    # Twice two profiles of a size: the line passes through the geometric mean of each pair, 10 and 40.
    pairs = [on_the_line(workspace, 100, 5), on_the_line(workspace, 100, 20)]
    pairs += [on_the_line(workspace, 10_000, 20), on_the_line(workspace, 10_000, 80)]
    index = ["size_adjusted_index"]
    four = values_of(report(workspace, metrics=index), pairs[0])["size_adjusted_index"]
    fifth = on_the_line(workspace, 1000, 20)  # and 20 is on it, halfway

    found = report(workspace, metrics=index)

    assert four.reason == "not_enough_profiles"
    values = [values_of(found, row)["size_adjusted_index"].value for row in (*pairs, fifth)]
    assert values == pytest.approx([50, 200, 50, 200, 100])


def test_the_size_adjusted_index_moves_by_what_posts_of_one_age_say(workspace):
    sizes = [10**size for size in range(1, 6)]
    rows = [on_the_line(workspace, followers, followers) for followers in sizes]
    for row, followers in zip(rows, sizes, strict=True):
        reading(row, moment("2025-03-01T00:00"), followers)
        drawn("posted reactions comments shares quotes\n" + "2025-02-10 1 0 0 0\n" * 5, of=row)
        for post in row.posts.all():  # after a week, all are on one line
            PostReadingFactory.create(post=post, checkpoint=168, reactions=followers)
    largest = rows[-1]
    largest.posts.update(reactions=1)

    value = values_of(report(workspace, metrics=["size_adjusted_index"]), largest)["size_adjusted_index"]

    assert value.value is not None
    assert value.value < 100
    assert value.change == Change(value=0, percent=0, basis="same_age")


# --- as other tools show it ------------------------------------------------------------------------------------------


def test_other_tools_count_posts_that_still_move(workspace, one):
    drawn(
        """
        posted      read              reactions  comments  shares  quotes  followers
        2025-03-03  2025-03-20T12:00         10         0       0       0       1000
        2025-03-30  2025-03-31T12:00         30         0       0       0       1000
        """,
        of=one,
    )
    keys = ["engagements_per_post", "engagements_per_post_all_posts", "engagement_rate_mean_all_posts"]

    values = asked(workspace, one, *keys)

    assert figures(values) == {
        "engagements_per_post": 10,
        "engagements_per_post_all_posts": 20,
        "engagement_rate_mean_all_posts": 2,
    }


def test_each_tool_divides_by_followers_of_its_own_choice(workspace, one):
    # 100 followers before the period, 200 at its end: 150 in the mean, and 150.5 at the end of an average day.
    readings("at followers\n2025-03-10T00:00 100\n2025-03-15T00:00 150\n2025-03-20T00:00 200\n", of=one)
    drawn(
        """
        posted            reactions  comments  shares  quotes
        2025-03-10T00:00         10         0       0       0
        2025-03-15T00:00         30         0       0       0
        2025-03-15T00:00         60         0       0       0
        """,
        of=one,
    )
    keys = ["rival_iq_engagement_rate_per_post", "quintly_interaction_rate", "crowdtangle_interaction_rate"]
    keys += ["orlo_average_engagement_rate", "popsters_er_day"]
    keys += ["fanpage_karma_engagement", "fanpage_karma_post_interaction"]

    values = asked(workspace, one, *keys, **TEN_DAYS)

    mean = 100 / 3
    assert figures(values) == pytest.approx(
        {
            "rival_iq_engagement_rate_per_post": 100 / (100 + 150 + 150) * 100,
            "quintly_interaction_rate": mean / 150 * 100,
            "crowdtangle_interaction_rate": mean / 155 * 100,  # the ends of ten days: 110, 120, …, 200
            "orlo_average_engagement_rate": mean / 200 * 100,
            "popsters_er_day": 100 / 10 / 200 * 100,
            "fanpage_karma_engagement": (10 / 110 + 30 / 160 + 60 / 160) / 10 * 100,
            "fanpage_karma_post_interaction": (10 / 110 + (30 / 160 + 60 / 160) / 2) / 2 * 100,
        },
        rel=1e-9,
    )


def test_without_followers_other_tools_rates_have_a_reason(workspace, one):
    drawn("posted reactions comments shares quotes\n2025-03-15 10 0 0 0\n", of=one)
    keys = ["quintly_interaction_rate", "crowdtangle_interaction_rate", "orlo_average_engagement_rate"]

    nobody = profile()
    follow(workspace, nobody)
    drawn("posted reactions comments shares quotes\n2025-03-15 10 0 0 0\n", of=nobody)
    reading(nobody, moment("2025-03-01T00:00"), 0)
    reading(nobody, moment("2025-04-01T00:00"), 0)
    found = report(workspace, metrics=keys)

    assert set(figures(values_of(found, one)).values()) == {"followers_not_known"}
    assert values_of(found, nobody)["orlo_average_engagement_rate"].reason == "zero_followers"
    assert values_of(found, nobody)["crowdtangle_interaction_rate"].reason == "zero_followers"


def test_views_are_divided_by_in_the_mean_of_posts(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    drawn(
        "posted read reactions comments views\n2025-03-01 2025-05-20 10 0 100\n2025-03-02 2025-05-20 40 0 200\n",
        of=channel,
    )

    assert asked(workspace, channel, "popsters_er_view", network="youtube")["popsters_er_view"].value == 15


def test_changes_of_what_does_not_move_rest_on_all_posts(workspace, one):
    drawn(
        """
        posted      kind   reactions  comments  shares  quotes
        2025-02-10  video          1         0       0       0
        2025-02-11  text           1         0       0       0
        2025-03-10  video          1         0       0       0
        """,
        of=one,
    )

    value = asked(workspace, one, "video_posts_share")["video_posts_share"]

    assert (value.value, value.change.value, value.change.basis) == (100, 50, "all")


def test_outside_the_history_there_is_none_of_them(workspace):
    late = profile(history_from=date(2025, 3, 15))
    follow(workspace, late)
    drawn(FIVE_POSTS, of=late)
    reading(late, moment("2025-03-01T00:00") + timedelta(days=1), 1000)
    keys = [metric.key for metric in METRICS.values() if not metric.of_followers and "views" not in metric.needs]

    values = asked(workspace, late, *keys)

    reasons = {key: value.reason for key, value in values.items() if value.reason != "history_starts_later"}
    assert reasons == {}
