"""What every metric means, by small drawn examples. These tests are also the printed reference."""

from datetime import date, timedelta

import pytest

from benchmark.metrics import BASES, CHANGE_BASES, DEFAULT, METRICS, REASONS
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, moment, profile, reading, readings, report, values_of
from tests.factories.rows import OwnInsightFactory, PostReadingFactory

pytestmark = pytest.mark.django_db

PROMISED = {
    "posts", "posts_per_week", "engagements", "engagements_per_post", "engagements_per_post_median", "engagement_rate",
    "engagement_rate_mean", "engagement_rate_by_views", "followers", "follower_growth", "follower_growth_rate",
    "follower_growth_weekly", "reach_per_post_median", "share_of_voice", "share_of_posts",
    *(f"{name}{ending}" for name in COUNTS for ending in ("", "_per_post", "_per_post_median")),
}  # fmt: skip


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


@pytest.fixture
def one(workspace):
    """A followed profile on Bluesky without posts yet."""
    found = profile()
    follow(workspace, found)
    return found


def only(workspace, of, network="bluesky", **asked):
    return values_of(report(workspace, network, **asked), of)


def test_the_promised_keys_are_the_default_metrics():
    assert {metric.key for metric in DEFAULT} == PROMISED
    assert set(METRICS) >= PROMISED


def test_every_definition_says_what_it_answers_and_how():
    for metric in METRICS.values():
        assert str(metric.label)
        assert str(metric.answers).endswith(("?", "."))
        assert str(metric.definition).endswith(".")


# --- engagement rates ------------------------------------------------------------------------------------------------


def test_the_rate_is_the_median_of_engagements_by_followers_when_posted(workspace, one):
    drawn(
        """
        posted      reactions  comments  shares  quotes  followers
        2025-03-01         10         1       0       0       1000
        2025-03-05         20         2       0       0       2000
        2025-03-09         30         0       3       2       1000
        2025-03-13         40         0       0       4       1000
        2025-03-17        500         0       0       0       1000
        """,
        of=one,
    )

    values = only(workspace, one)

    assert values["engagement_rate"].value == 3.5
    assert values["engagement_rate"].n == 5
    assert values["engagement_rate"].basis == "measured"
    assert values["engagement_rate_mean"].value == round((1.1 + 1.1 + 3.5 + 4.4 + 50) / 5, 10)


def test_a_post_with_a_hidden_count_takes_no_part_in_the_rate(workspace, one):
    posts = """
        posted      reactions  comments  shares  quotes  followers
        2025-03-01         10         1       0       0       1000
        2025-03-02         20         2       0       0       1000
        2025-03-03         30         -       3       0       1000
        2025-03-04         20         2       0       0       1000
        2025-03-05         20         2       0       0       1000
        2025-03-06         10         1       0       0       1000
        """
    drawn(posts, of=one)

    found = report(workspace)
    values = values_of(found, one)

    assert values["engagement_rate_mean"].value == pytest.approx((1.1 + 2.2 + 2.2 + 2.2 + 1.1) / 5, rel=1e-9)
    assert values["engagement_rate_mean"].n == 5
    assert (values["engagements"].value, values["engagements"].n) == (11 + 22 + 22 + 22 + 11, 5)
    assert (values["reactions"].value, values["reactions"].n) == (110, 6)
    assert (values["comments"].value, values["comments"].n) == (8, 5)
    assert values["posts"].value == 6
    assert [(each.code, each.n) for each in found.warnings] == [("hidden_parts", 1)]


def test_fewer_than_five_mature_posts_give_no_rate_but_a_reason(workspace, one):
    drawn(
        """
        posted      reactions  comments  shares  quotes  followers
        2025-03-01         10         1       0       0       1000
        2025-03-02         20         2       0       0       1000
        2025-03-03         30         3       0       0       1000
        2025-03-04         40         4       0       0       1000
        """,
        of=one,
    )

    values = only(workspace, one)

    assert (values["engagement_rate"].value, values["engagement_rate"].reason) == (None, "not_enough_posts")
    assert values["engagement_rate"].n == 4
    assert values["engagements_per_post"].value == 27.5
    assert values["engagements_per_post_median"].value == 27.5


def test_without_followers_there_is_no_rate(workspace):
    nobody, unknown, hidden = profile(), profile(), profile()
    for each in (nobody, unknown, hidden):
        follow(workspace, each)
        drawn("posted reactions comments shares quotes\n" + "2025-03-10 1 1 1 1\n" * 5, of=each)
    reading(nobody, moment("2025-03-01"), 0)
    reading(hidden, moment("2025-03-01"), None)

    found = report(workspace)

    assert values_of(found, nobody)["engagement_rate"].reason == "zero_followers"
    assert values_of(found, unknown)["engagement_rate"].reason == "followers_not_known"
    assert values_of(found, hidden)["engagement_rate"].reason == "followers_not_known"


def test_followers_when_posted_are_linear_between_readings_and_the_first_one_before(workspace, one):
    readings(
        """
        at                followers
        2025-03-10T12:00       1000
        2025-03-20T12:00       2000
        """,
        of=one,
    )
    drawn(
        """
        posted      reactions  comments  shares  quotes
        2025-03-01        100         0       0       0
        2025-03-10        100         0       0       0
        2025-03-12        120         0       0       0
        2025-03-15        150         0       0       0
        2025-03-26        200         0       0       0
        """,
        of=one,
    )

    values = only(workspace, one)

    assert values["engagement_rate"].value == 10
    assert values["engagement_rate_mean"].value == 10
    assert values["engagement_rate"].basis == "backfilled"


def test_a_follower_count_stands_for_a_week_after_its_last_reading(workspace, one):
    reading(one, moment("2025-03-01T00:00"), 1000)
    drawn("posted reactions comments shares quotes\n" + "2025-03-08T00:00 10 0 0 0\n" * 5, of=one)
    other = profile()
    follow(workspace, other)
    reading(other, moment("2025-03-01T00:00"), 1000)
    drawn("posted reactions comments shares quotes\n" + "2025-03-08T00:01 10 0 0 0\n" * 5, of=other)

    found = report(workspace)

    assert values_of(found, one)["engagement_rate"].basis == "measured"
    assert values_of(found, other)["engagement_rate"].basis == "backfilled"
    assert values_of(found, other)["engagement_rate"].rank == 1  # in a league of its own
    assert values_of(found, one)["engagement_rate"].rank == 1


def test_the_other_ways_of_counting_a_rate_are_there_when_asked_for(workspace, one):
    drawn(
        """
        posted      reactions  comments  shares  quotes  followers
        2025-03-01         10         0       0       0       1000
        2025-03-05         40         0       0       0       2000
        2025-03-09         30         0       0       0       1000
        2025-03-13         40         0       0       0       1000
        2025-03-17         50         0       0       0       1000
        """,
        of=one,
    )
    keys = ["engagement_rate_of_sums", "engagement_rate_per_day", "engagements_per_1000_followers"]

    values = only(workspace, one, metrics=keys)

    assert list(values) == keys
    assert values["engagement_rate_of_sums"].value == pytest.approx(170 / 6000 * 100, rel=1e-9)
    assert values["engagement_rate_of_sums"].low is None  # of fewer than nine posts no interval is made
    assert values["engagement_rate_per_day"].value == pytest.approx((1 + 2 + 3 + 4 + 5) / 31, rel=1e-9)
    assert values["engagements_per_1000_followers"].value == 150


# --- age -------------------------------------------------------------------------------------------------------------


def test_a_young_post_counts_but_takes_no_part_in_rates_and_averages(workspace, one):
    drawn(
        """
        posted      read              reactions  comments  shares  quotes  followers
        2025-03-01  2025-03-04T12:00         10         0       0       0       1000
        2025-03-02  2025-03-05T12:00         10         0       0       0       1000
        2025-03-03  2025-03-06T12:00         10         0       0       0       1000
        2025-03-04  2025-03-07T12:00         10         0       0       0       1000
        2025-03-05  2025-03-08T12:00         10         0       0       0       1000
        2025-03-06  2025-03-09T11:59        999         0       0       0       1000
        """,
        of=one,
    )

    found = report(workspace)
    values = values_of(found, one)

    assert (values["posts"].value, values["reactions"].value) == (6, 1049)
    assert (values["reactions_per_post"].value, values["reactions_per_post"].n) == (10, 5)
    assert values["engagement_rate"].value == 1
    assert [(each.code, each.n) for each in found.warnings] == [("provisional_posts", 1)]


def at_checkpoint(post, hours, reactions):
    PostReadingFactory.create(
        post=post, checkpoint=hours, reactions=reactions, read_at=post.published_at + timedelta(hours=hours)
    )


PAIR_OF_PERIODS = """
    posted      reactions  comments  shares  quotes
    2025-02-10        100         0       0       0
    2025-02-20        300         0       0       0
    2025-03-10        400         0       0       0
    2025-03-20        600         0       0       0
    """


def test_change_compares_posts_at_the_oldest_age_that_all_have(workspace, one):
    posts = drawn(PAIR_OF_PERIODS, of=one)
    for post, after_a_day, after_a_week in zip(posts, (10, 30, 40, 60), (50, 150, 100, 300), strict=True):
        at_checkpoint(post, 24, after_a_day)
        at_checkpoint(post, 168, after_a_week)
    at_checkpoint(posts[0], 336, 99)

    value = only(workspace, one)["engagements_per_post"]

    assert value.value == 500
    assert (value.change.value, value.change.basis) == (200 - 100, "same_age")
    assert value.change.percent == 100


def test_change_looks_for_an_older_common_age_where_one_in_between_is_missing(workspace, one):
    posts = drawn(PAIR_OF_PERIODS + "2025-03-15 500 0 0 0\n", of=one)
    for post in posts:
        at_checkpoint(post, 24, 10)
        at_checkpoint(post, 48, 20)
        if post != posts[-1]:
            at_checkpoint(post, 168, 50)

    value = only(workspace, one)["engagements_per_post"]

    assert (value.change.value, value.change.basis) == (0, "same_age")


def test_change_says_where_ages_are_mixed(workspace, one):
    posts = drawn(PAIR_OF_PERIODS, of=one)
    for post in posts[1:]:
        at_checkpoint(post, 24, 1)

    values = only(workspace, one)

    change = values["engagements_per_post"].change
    assert (change.value, change.percent, change.basis) == (300, 150, "mixed_age")
    assert values["posts"].change.basis == "all"
    assert (values["engagements"].change.value, values["engagements"].change.basis) == (600, "latest")


def test_the_same_rates_in_another_order_are_no_change(workspace, one):
    drawn(
        """
        posted      reactions  comments  shares  quotes  followers
        2025-02-10          1         0       0       0       1000
        2025-02-11          2         0       0       0       1000
        2025-02-12          3         0       0       0       1000
        2025-02-13          4         0       0       0       1000
        2025-02-14          8         0       0       0       1000
        2025-03-10          8         0       0       0       1000
        2025-03-11          4         0       0       0       1000
        2025-03-12          3         0       0       0       1000
        2025-03-13          2         0       0       0       1000
        2025-03-14          1         0       0       0       1000
        """,
        of=one,
    )

    rate = only(workspace, one)["engagement_rate_mean"]

    assert (rate.value, rate.change.value, rate.change.percent) == (0.36, 0, 0)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2025-02-10T10:00  2025-03-10T10:00", "2025-03-31T10:00  2025-03-31T12:00"),
        ("2025-02-10T10:00  2025-02-10T12:00", "2025-03-20T10:00  2025-03-31T12:00"),
    ],
)
def test_sums_change_at_mixed_age_while_a_post_of_either_period_is_young(workspace, one, earlier, later):
    drawn(
        f"""
        posted            read              reactions  comments  shares  quotes
        {earlier}        100         0       0       0
        {later}         50         0       0       0
        """,
        of=one,
    )

    change = only(workspace, one)["engagements"].change

    assert (change.value, change.percent, change.basis) == (-50, -50, "mixed_age")


def test_without_a_whole_previous_period_there_is_no_change(workspace):
    late = profile(history_from=date(2025, 2, 27))
    follow(workspace, late)
    drawn(PAIR_OF_PERIODS, of=late)

    values = only(workspace, late)

    assert values["posts"].value == 2
    assert values["posts"].change is None
    assert values["engagements_per_post"].change is None


# --- history ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"history_from": date(2025, 3, 1), "history_to": moment("2025-03-31T00:00")}, None),
        ({"history_from": date(2025, 3, 2)}, "history_starts_later"),
        ({"history_to": moment("2025-03-30T23:59")}, "history_ends_earlier"),
        ({"history_from": None, "history_to": None}, "not_read_yet"),
    ],
)
def test_posts_are_only_compared_inside_a_history(workspace, known, reason):
    found = profile(**known)
    follow(workspace, found)
    drawn(PAIR_OF_PERIODS, of=found)

    answer = report(workspace)
    values = values_of(answer, found)

    assert values["posts"].value == (None if reason else 2)
    for key in ("posts", "posts_per_week", "engagements", "reactions", "engagements_per_post", "share_of_posts"):
        assert values[key].reason == reason
        assert (values[key].value is None) == (reason is not None)
    assert (answer.rows[0].kinds is None) == (reason is not None)


def test_a_day_inside_without_posts_is_zero(workspace, one):
    values = only(workspace, one)

    assert (values["posts"].value, values["posts_per_week"].value, values["engagements"].value) == (0, 0, 0)
    assert values["engagements_per_post"].reason == "not_enough_posts"


def test_days_are_utc_days(workspace, one):
    drawn(
        """
        posted            reactions  comments  shares  quotes
        2025-02-28T23:59          1         0       0       0
        2025-03-01T00:00          1         0       0       0
        2025-03-31T23:59          1         0       0       0
        2025-04-01T00:00          1         0       0       0
        """,
        of=one,
    )

    values = only(workspace, one)

    assert values["posts"].value == 2
    assert values["posts_per_week"].value == pytest.approx(2 / 31 * 7, rel=1e-9)


def test_a_deleted_post_that_was_seen_stays_in(workspace, one):
    drawn("posted reactions comments shares quotes\n2025-03-10 7 0 0 0", of=one, gone_at=NOW, text="", url="")

    found = report(workspace)

    assert values_of(found, one)["reactions"].value == 7
    assert found.top_posts[0].gone


# --- what is not known -----------------------------------------------------------------------------------------------


def test_what_a_network_does_not_publish_is_not_zero(workspace, one):
    drawn("posted reactions comments shares quotes\n2025-03-10 7 0 0 0", of=one)

    values = only(workspace, one)

    for key in ("views", "views_per_post", "views_per_post_median", "engagement_rate_by_views"):
        assert (values[key].value, values[key].reason, values[key].basis) == (None, "not_published", None)
    assert values["reach_per_post_median"].reason == "not_available"
    assert values["comments"].value == 0


def test_a_count_hidden_on_every_post_is_hidden(workspace, one):
    drawn("posted reactions comments shares quotes\n2025-03-10 7 - 0 0\n2025-03-11 7 - 0 0", of=one)

    values = only(workspace, one)

    assert (values["comments"].value, values["comments"].reason) == (None, "hidden")
    assert (values["engagements"].value, values["engagements"].reason) == (None, "hidden")
    assert values["reactions"].value == 14


def test_counts_that_may_be_kept_no_longer_are_left_out(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    drawn(
        """
        posted      read              reactions  comments  views
        2025-03-10  2025-05-02T11:59        100        10   1000
        2025-03-11  2025-05-02T12:01        100        10   1000
        """,
        of=channel,
    )
    gone = profile("youtube")
    follow(workspace, gone)
    drawn("posted read reactions comments views\n2025-03-10 2025-04-30 100 10 1000", of=gone)

    found = report(workspace, "youtube")

    assert (values_of(found, channel)["views"].value, values_of(found, channel)["views"].n) == (1000, 1)
    assert values_of(found, channel)["posts"].value == 2
    assert values_of(found, gone)["views"].reason == "kept_no_longer"
    assert values_of(found, gone)["engagement_rate"].reason == "followers_not_known"
    assert values_of(found, gone)["engagements_per_post"].reason == "kept_no_longer"
    assert ("kept_no_longer", 2) in [(each.code, each.n) for each in found.warnings]


# --- files -----------------------------------------------------------------------------------------------------------


def page(workspace, **fields):
    return profile("facebook", workspace=workspace, **fields)


def test_a_file_without_a_part_adds_up_the_others_and_is_ranked_among_its_like(workspace):
    whole, fewer = page(workspace), page(workspace, lacks=["shares"])
    for each in (whole, fewer):
        follow(workspace, each)
    drawn("posted reactions comments shares\n2025-03-10 7 2 1\n2025-03-11 7 2 1", of=whole)
    drawn("posted reactions comments\n2025-03-10 5 1\n2025-03-11 5 1", of=fewer)

    found = report(workspace, "facebook")

    complete, partial = values_of(found, whole)["engagements"], values_of(found, fewer)["engagements"]
    assert (complete.value, complete.basis, complete.rank, complete.of) == (20, "measured", 1, 1)
    assert (partial.value, partial.basis, partial.rank, partial.of) == (12, "fewer_parts", 1, 1)
    assert values_of(found, fewer)["shares"].reason == "not_in_file"
    assert values_of(found, fewer)["reactions"].rank == 2
    assert [each.code for each in found.warnings] == ["fewer_parts"]


def test_a_file_stands_behind_a_fetched_profile(workspace):
    fetched = profile(history_from=date(2025, 3, 15))
    file = profile(workspace=workspace, history_from=date(2025, 1, 1), history_to=moment("2025-03-20"))
    follow(workspace, fetched, file_profile=file)
    drawn("posted reactions comments shares quotes\n2025-03-16 100 0 0 0", of=fetched, external_id="both")
    drawn("posted reactions comments shares quotes\n2025-03-16 1 0 0 0", of=file, external_id="both")
    drawn("posted reactions comments shares quotes\n2025-03-02 30 0 0 0", of=file, external_id="older")
    reading(file, moment("2025-03-01"), 500)
    reading(fetched, moment("2025-03-31"), 800)

    found = report(workspace)
    values = values_of(found, fetched)

    assert (values["posts"].value, values["reactions"].value) == (2, 130)
    assert values["posts"].change is not None
    assert values["followers"].value == 800
    assert [post.external_id for post in found.top_posts] == ["both", "older"]


def test_a_gap_between_a_file_and_what_was_fetched_is_no_history(workspace):
    fetched = profile(history_from=date(2025, 3, 15))
    file = profile(workspace=workspace, history_from=date(2025, 1, 1), history_to=moment("2025-03-10"))
    follow(workspace, fetched, file_profile=file)

    assert only(workspace, fetched)["posts"].reason == "history_starts_later"


# --- followers -------------------------------------------------------------------------------------------------------


def test_growth_is_linear_between_readings_and_holds_for_a_day_beyond(workspace, one):
    readings(
        """
        at                followers
        2025-02-27T00:00        970
        2025-03-03T00:00       1010
        2025-03-31T06:00       1200
        """,
        of=one,
    )

    values = only(workspace, one)

    assert values["followers"].value == 1200
    assert values["follower_growth"].value == 1200 - 990
    assert values["follower_growth_rate"].value == pytest.approx(210 / 990 * 100, rel=1e-9)
    assert values["follower_growth_weekly"].value == pytest.approx(((1200 / 990) ** (7 / 31) - 1) * 100, rel=1e-9)
    assert values["follower_growth"].low is None


def test_a_few_followers_among_millions_are_told_to_the_last_digit(workspace, one):
    readings("at followers\n2025-03-01T00:00 39470110\n2025-04-01T00:00 39470117", of=one)

    values = only(workspace, one)

    assert values["follower_growth_rate"].value == 0.00001773493917  # 7 ÷ 39470110 * 100 = 0.000017734939172…
    assert values["follower_growth_weekly"].value == 0.000004004663409  # ((1 + 7 ÷ 39470110) ^ (7 ÷ 31) - 1) * 100


def test_a_part_of_a_follower_among_millions_is_told_to_the_last_digit(workspace, one):
    # A third of the way from the first reading to the second, the period begins; it ends with the last.
    readings("at followers\n2025-02-28T00:00 14000000\n2025-03-03T00:00 14000001\n2025-04-01T00:00 14000001", of=one)

    assert only(workspace, one)["follower_growth"].value == 0.6666666667


def test_who_loses_every_follower_loses_a_hundred_percent_a_week(workspace, one):
    readings("at followers\n2025-03-01T00:00 500\n2025-04-01T00:00 0", of=one)

    values = only(workspace, one)

    assert (values["follower_growth_rate"].value, values["follower_growth_weekly"].value) == (-100, -100)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("at followers\n2025-02-20 900\n2025-03-04 1000\n2025-03-31 1100", "readings_too_far_apart"),
        ("at followers\n2025-03-05 900\n2025-03-31 1100", "followers_not_read_then"),
        ("at followers\n2025-03-01T00:00 900\n2025-03-30 1100", "followers_not_read_then"),
        ("at followers\n2025-03-01T00:00 0\n2025-03-31T12:00 1100", "zero_followers"),
    ],
)
def test_growth_without_readings_near_both_ends_has_a_reason(workspace, one, table, reason):
    readings(table, of=one)

    assert only(workspace, one)["follower_growth_rate"].reason == reason


def test_followers_before_the_first_reading_are_marked(workspace, one):
    reading(one, moment("2025-05-01"), 700)

    value = only(workspace, one)["followers"]

    assert (value.value, value.basis, value.change) == (700, "backfilled", None)


def test_followers_between_readings_that_are_far_apart_are_marked(workspace, one):
    readings("at followers\n2025-03-20T00:00 900\n2025-04-09T00:00 1100", of=one)

    value = only(workspace, one)["followers"]  # at the end of March, twelve of twenty days on

    assert (value.value, value.basis) == (900 + 200 * 12 / 20, "backfilled")


def test_followers_change_by_their_growth(workspace, one):
    readings("at followers\n2025-03-01T00:00 900\n2025-04-01T00:00 990", of=one)

    value = only(workspace, one)["followers"]

    assert (value.value, value.change.value, value.change.percent, value.change.basis) == (990, 90, 10, "all")


def test_growth_on_a_network_that_rounds_carries_what_rounding_hides(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    readings("at followers\n2025-03-01T00:00 123000\n2025-04-01T00:00 124000", of=channel)

    values = only(workspace, channel, "youtube")

    growth = values["follower_growth"]
    assert (growth.low, growth.value, growth.high) == (124000 - 123999, 1000, 124999 - 123000)
    assert (values["followers"].low, values["followers"].high) == (124000, 124999)


def test_followers_between_two_readings_carry_what_rounding_hides_too(workspace):
    channel = profile("youtube")
    follow(workspace, channel)
    readings("at followers\n2025-03-31T00:00 1230000\n2025-04-02T00:00 1240000", of=channel)

    value = only(workspace, channel, "youtube")["followers"]

    assert (value.value, value.low, value.high) == (1235000, 1235000, (1239999 + 1249999) / 2)


# --- shares ----------------------------------------------------------------------------------------------------------


def test_shares_are_parts_of_all_rows_own_included(workspace):
    ours, theirs = profile(), profile()
    follow(workspace, ours, own=True)
    follow(workspace, theirs)
    drawn("posted reactions comments shares quotes\n2025-03-10 30 0 0 0", of=ours)
    drawn(
        "posted reactions comments shares quotes\n2025-03-10 50 0 0 0\n2025-03-11 20 0 0 0\n2025-03-12 0 0 0 0",
        of=theirs,
    )

    found = report(workspace)

    assert values_of(found, ours)["share_of_voice"].value == 30
    assert values_of(found, theirs)["share_of_voice"].value == 70
    assert values_of(found, ours)["share_of_posts"].value == 25


def test_a_share_needs_every_row(workspace):
    complete, unread = profile(), profile(history_from=None)
    for each in (complete, unread):
        follow(workspace, each)
    drawn("posted reactions comments shares quotes\n2025-03-10 30 0 0 0", of=complete)

    found = report(workspace)

    assert values_of(found, complete)["share_of_voice"].reason == "another_row_lacks_it"
    assert values_of(found, unread)["share_of_voice"].reason == "not_read_yet"


def test_nothing_can_be_shared_where_nobody_published(workspace, one):
    assert only(workspace, one)["share_of_posts"].reason == "nothing_to_share"


# --- reach -----------------------------------------------------------------------------------------------------------


def test_reach_is_measured_for_us_and_published_views_for_others_and_never_ranked_together(workspace):
    ours, theirs = profile("youtube"), profile("youtube")
    follow(workspace, ours, own=True)
    follow(workspace, theirs)
    for post in drawn("posted read reactions comments views\n2025-03-20 2025-05-20 1 1 900", of=ours):
        OwnInsightFactory.create(workspace=workspace, post=post, reach=400, saves=3)
    drawn("posted read reactions comments views\n2025-03-20 2025-05-20 1 1 700", of=theirs)

    found = report(workspace, "youtube")

    own, other = values_of(found, ours)["reach_per_post_median"], values_of(found, theirs)["reach_per_post_median"]
    assert (own.value, own.basis, own.rank, own.of) == (400, "measured", 1, 1)
    assert (other.value, other.basis, other.rank, other.of) == (700, "published_views", 1, 1)
    assert values_of(found, ours)["saves"].value == 3
    assert values_of(found, theirs)["saves"].reason == "not_published"


def test_views_that_only_a_file_knows_are_no_published_views(workspace):
    theirs = profile("facebook", workspace=workspace)
    follow(workspace, theirs)
    drawn("posted read reactions comments shares views\n2025-03-20 2025-05-20 1 1 1 700", of=theirs)

    found = values_of(report(workspace, "facebook"), theirs)

    assert found["views_per_post_median"].value == 700
    assert found["reach_per_post_median"].value is None


def test_what_another_workspace_knows_of_its_posts_stays_there(workspace):
    theirs = WorkspaceFactory.create()
    shared = profile()
    follow(workspace, shared, own=True)
    follow(theirs, shared, own=True)
    for post in drawn("posted reactions comments shares quotes\n2025-03-10 30 0 0 0", of=shared):
        OwnInsightFactory.create(workspace=theirs, post=post, reach=400, saves=9)

    mine, other = report(workspace), report(theirs)

    assert values_of(mine, shared)["reach_per_post_median"].reason == "not_available"
    assert values_of(mine, shared)["saves"].value is None
    assert values_of(other, shared)["reach_per_post_median"].value == 400


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_code_that_an_answer_may_carry_has_its_sentence():
    for words in (BASES, REASONS, CHANGE_BASES):
        for sentence in words.values():
            assert str(sentence).endswith(".")


def test_a_network_offers_the_metrics_whose_counts_it_publishes():
    offered = {metric.key for metric in METRICS.values() if metric.offered_by(NETWORKS["facebook"])}

    assert {"shares", "engagement_rate", "reach_per_post_median"} <= offered
    assert not {"views", "quotes_per_post", "saves"} & offered
