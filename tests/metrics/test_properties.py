"""Whatever is drawn: the right metrics move, the others do not, and what is hidden never becomes zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmark.metrics import METRICS
from benchmark.metrics.derived import PARTS_OF_A_DAY, WEEKDAYS
from benchmark.networks.base import COUNTS
from tests.metrics.frames import END, NETWORK, SPAN, START, Drawn, DrawnRow, Figure, figures_of, frame_of

FEW = settings(max_examples=20, deadline=None, report_multiple_bugs=False)

# --- what every metric is made of ------------------------------------------------------------------------------------

GROWTH = {"follower_growth", "follower_growth_per_day", "follower_growth_rate", "follower_growth_weekly"}
OF_FOLLOWERS = {"followers", "share_of_audience", *GROWTH}
OF_MOMENTS = {
    "posts", "posts_per_week", "share_of_posts", "active_days", "longest_pause", "posting_spread",
    *(f"posts_on_{day}_share" for day in WEEKDAYS),
    *(f"posts_in_the_{part}_share" for part in PARTS_OF_A_DAY),
}  # fmt: skip
OF_KINDS = {
    f"{kind}_posts_share" for kind in ("text", "photo", "album", "video", "live", "audio", "link", "poll", "quote")
}
OF_WORDS = {"hashtags_per_post", "posts_with_hashtags_share", "posts_with_links_share", "text_length"}

SUMS = {*COUNTS, "engagements", "weighted_engagements"}
MEANS = {f"{name}_per_post" for name in (*COUNTS, "engagements")}
MEDIANS = {f"{name}_median" for name in MEANS} | {"reach_per_post_median"}
RATES = {
    "engagement_rate", "engagement_rate_mean", "engagement_rate_of_sums", "engagement_rate_per_day",
    "engagements_per_1000_followers", "applause_rate", "conversation_rate", "amplification_rate", "view_rate",
    "reach_rate",
}  # fmt: skip
QUOTIENTS_OF_MATURE = {
    "engagement_rate_by_views", "engagement_rate_by_reach", "comments_per_100_reactions", "shares_per_100_reactions",
    "size_adjusted_index",
}  # fmt: skip
QUOTIENTS = {"share_of_voice", "popsters_er_view", *QUOTIENTS_OF_MATURE}
OVER_ALL_POSTS = {
    "engagements_per_day", "weighted_engagements_per_post", "engagements_per_post_all_posts",
    "engagement_rate_mean_all_posts", "rival_iq_engagement_rate_per_post", "quintly_interaction_rate",
    "crowdtangle_interaction_rate", "orlo_average_engagement_rate", "popsters_er_day", "fanpage_karma_engagement",
    "fanpage_karma_post_interaction",
}  # fmt: skip

OF_MATURE_POSTS = MEANS | MEDIANS | RATES | QUOTIENTS_OF_MATURE
IN_PROPORTION = SUMS | MEANS | MEDIANS | RATES | OVER_ALL_POSTS
STANDING = {"share_of_voice", "share_of_posts", "share_of_audience", "size_adjusted_index"}
EVERYTHING = OF_FOLLOWERS | OF_MOMENTS | OF_KINDS | OF_WORDS | IN_PROPORTION | QUOTIENTS


def test_every_metric_has_its_place_among_these():
    assert METRICS.keys() == EVERYTHING


# --- drawing ---------------------------------------------------------------------------------------------------------

DAYS = (END - START).days + 1
BEGINS, BEFORE = SPAN.begins, SPAN.previous_begins


def minutes_from(begin: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 1440 - 1).map(lambda minutes: begin + timedelta(minutes=minutes))


COUNT = st.one_of(st.none(), st.integers(0, 3000), st.integers(0, 3000), st.just(0))
AGE = st.sampled_from([timedelta(hours=5), *[timedelta(days=20)] * 3])
KIND = st.sampled_from(["text", "photo", "album", "video", "live", "audio", "link", "poll", "quote", "other"])


def drawn_posts(at: st.SearchStrategy[datetime], count: st.SearchStrategy[int | None]) -> st.SearchStrategy[Drawn]:
    return st.builds(
        Drawn,
        at=at,
        counts=st.fixed_dictionaries(dict.fromkeys(COUNTS, count)),
        reach=st.one_of(st.none(), st.integers(0, 9000)),
        kind=KIND,
        hashtags=st.integers(0, 5),
        length=st.integers(0, 280),
        links=st.booleans(),
        read_after=AGE,
    )


SEVERAL_DAYS = [BEFORE + timedelta(days=day) for day in range(-3, 2 * DAYS + 4, 3)]
READINGS = st.lists(st.integers(0, 10**6), min_size=len(SEVERAL_DAYS), max_size=len(SEVERAL_DAYS)).map(
    lambda counts: dict(zip(SEVERAL_DAYS, counts, strict=True))
)
ANY_POST = drawn_posts(minutes_from(BEFORE, 2 * DAYS), COUNT)
ROW = st.builds(DrawnRow, st.lists(ANY_POST, max_size=20), READINGS)
ROWS = st.lists(ROW, min_size=1, max_size=5)
FULL_POST = drawn_posts(minutes_from(BEGINS, DAYS), st.integers(1, 3000)).map(
    lambda post: replace(post, reach=post.reach or 1, read_after=timedelta(days=20))
)


# --- comparing -------------------------------------------------------------------------------------------------------


def about(number: float | None) -> object:
    """Equal but for what adding up in another order does to the last digits."""
    return None if number is None else pytest.approx(number, rel=2e-9, abs=1e-12)


def differing(
    ones: Mapping[str, Figure], others: Mapping[str, Figure], keys: Collection[str], *, times: float = 1.0
) -> list[str]:
    """What is not the same, or not so many times as large."""
    found = []
    for key in sorted(keys):
        one, other = ones[key], others[key]
        wanted = [None if number is None else number * times for number in (one.value, one.low, one.high)]
        same = [other.value, other.low, other.high] == [about(number) for number in wanted]
        if not same or (one.n, one.reason) != (other.n, other.reason):
            found.append(f"{key}: {one} became {other}")
    return found


def with_row(rows: Sequence[DrawnRow], at: int, row: DrawnRow) -> list[DrawnRow]:
    return [row if place == at else other for place, other in enumerate(rows)]


# --- rows ------------------------------------------------------------------------------------------------------------


@FEW
@given(rows=ROWS, data=st.data())
def test_rows_in_another_order_have_the_same_answers(rows, data):
    order = data.draw(st.permutations(range(len(rows))))

    answers = figures_of(rows)
    permuted = figures_of([rows[place] for place in order])

    assert [differing(answers[place], row, EVERYTHING) for place, row in zip(order, permuted, strict=True)] == [
        [] for _ in rows
    ]


# --- scale -----------------------------------------------------------------------------------------------------------


@FEW
@given(rows=ROWS, times=st.sampled_from([2, 3, 10, 1000]))
def test_counts_times_as_large_make_sums_means_and_rates_so_and_leave_the_rest(rows, times):
    def scaled(post: Drawn) -> Drawn:
        counts = {name: None if count is None else count * times for name, count in post.counts.items()}
        return replace(post, counts=counts, reach=None if post.reach is None else post.reach * times)

    answers = figures_of(rows)
    larger = figures_of([row.having(*map(scaled, row.posts)) for row in rows])

    for one, other in zip(answers, larger, strict=True):
        assert differing(one, other, IN_PROPORTION, times=times) == []
        assert differing(one, other, EVERYTHING - IN_PROPORTION) == []


# --- one post more ---------------------------------------------------------------------------------------------------


@FEW
@given(rows=ROWS, post=FULL_POST, data=st.data())
def test_a_post_more_adds_to_sums_and_leaves_followers_and_the_other_profiles_alone(rows, post, data):
    at = data.draw(st.integers(0, len(rows) - 1))

    before = figures_of(rows)
    after = figures_of(with_row(rows, at, rows[at].having(*rows[at].posts, post)))

    assert differing(before[at], after[at], OF_FOLLOWERS) == []
    for place, other in enumerate(rows):
        if place != at:
            assert differing(before[place], after[place], EVERYTHING - STANDING) == [], other
    assert after[at]["posts"].value == (before[at]["posts"].value or 0) + 1
    for name in COUNTS:
        assert after[at][name].value == (before[at][name].value or 0) + (post.counts[name] or 0)
        assert after[at][f"{name}_per_post"].n == before[at][f"{name}_per_post"].n + 1
    brought = sum(post.counts[part] or 0 for part in NETWORK.engagement_parts)
    assert after[at]["engagements"].value == (before[at]["engagements"].value or 0) + brought


@FEW
@given(rows=ROWS, post=FULL_POST, data=st.data())
def test_a_young_post_moves_no_figure_of_posts_that_have_settled(rows, post, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    assume(any(each.reach is not None for each in rows[at].posts))  # else it would be what tells that reach is measured
    young = replace(post, read_after=timedelta(hours=5))

    before = figures_of(rows)
    after = figures_of(with_row(rows, at, rows[at].having(*rows[at].posts, young)))

    for place in range(len(rows)):
        assert differing(before[place], after[place], OF_MATURE_POSTS) == []
    assert after[at]["engagements_per_post_all_posts"].n == before[at]["engagements_per_post_all_posts"].n + 1


@FEW
@given(rows=ROWS, post=FULL_POST, data=st.data())
def test_a_post_of_the_days_before_moves_no_figure(rows, post, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    assume(any(each.reach is not None for each in rows[at].posts))
    earlier = replace(post, at=post.at - timedelta(days=DAYS))

    before = figures_of(rows)
    after = figures_of(with_row(rows, at, rows[at].having(*rows[at].posts, earlier)))

    assert [differing(*pair, EVERYTHING) for pair in zip(before, after, strict=True)] == [[] for _ in rows]


@FEW
@given(rows=ROWS, at_moment=minutes_from(BEGINS, DAYS), data=st.data())
def test_a_post_that_hides_everything_moves_only_what_is_made_of_moments_and_kinds(rows, at_moment, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    assume(any(each.at >= BEGINS for each in rows[at].posts))  # without any, sums over nothing are zero
    silent = Drawn(at=at_moment, counts={}, hashtags=None, length=None, links=None)

    before = figures_of(rows)
    after = figures_of(with_row(rows, at, rows[at].having(*rows[at].posts, silent)))

    for place in range(len(rows)):
        assert differing(before[place], after[place], EVERYTHING - OF_MOMENTS - OF_KINDS) == []


# --- hidden counts ---------------------------------------------------------------------------------------------------


def takes(name: str, *, reach_is_measured: bool) -> set[str]:
    """The metrics that a count goes into: by itself, as a part of the engagements, or as views instead of reach."""
    of = {name}
    if name in NETWORK.engagement_parts:
        of |= {"engagements", "weighted_engagements"}
    if name == "views" and not reach_is_measured:
        of |= {"reach"}
    return {key for key, metric in METRICS.items() if of.intersection(metric.each.names) and key not in OF_MOMENTS}


@FEW
@given(rows=ROWS, name=st.sampled_from(COUNTS), measured=st.booleans(), data=st.data())
def test_a_post_that_hides_a_count_takes_no_part_in_what_is_made_of_it(rows, name, measured, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    assume(rows[at].posts)
    post, *others = [each if measured else replace(each, reach=None) for each in rows[at].posts]
    assume(not measured or any(each.reach is not None for each in others))
    hiding = replace(post, counts={**post.counts, name: None})
    taken = takes(name, reach_is_measured=measured)

    shown, hidden, without = (
        figures_of(with_row(rows, at, rows[at].having(*others, *more))) for more in ([post], [hiding], [])
    )

    for place in range(len(rows)):
        assert differing(shown[place], hidden[place], EVERYTHING - taken) == []
        of_nothing = {key for key in taken if not hidden[place][key].n}
        assert differing(without[place], hidden[place], taken - of_nothing - STANDING) == []


@FEW
@given(rows=ROWS, name=st.sampled_from(COUNTS), data=st.data())
def test_a_count_that_is_hidden_everywhere_is_no_zero_in_any_metric(rows, name, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    assume(any(post.at >= BEGINS for post in rows[at].posts))
    hidden = [replace(post, counts={**post.counts, name: None}, reach=None) for post in rows[at].posts]

    answers = figures_of(with_row(rows, at, rows[at].having(*hidden)))

    told = {key: answers[at][key] for key in takes(name, reach_is_measured=False)}
    assert {key: figure.value for key, figure in told.items() if figure.value is not None} == {}
    assert {key for key, figure in told.items() if not figure.reason or figure.n} == set()
    if name in NETWORK.engagement_parts:
        assert {row["share_of_voice"].value for row in answers} == {None}


# --- a period in two parts -------------------------------------------------------------------------------------------

ADD_UP = SUMS | {"posts", "follower_growth", "engagements_per_1000_followers"}
BY_DAYS = {
    "posts_per_week", "active_days", "follower_growth_per_day", "engagements_per_day", "engagement_rate_per_day",
    "fanpage_karma_engagement",
}  # fmt: skip
BY_POSTS = {
    *MEANS, *OF_KINDS, *(OF_WORDS - {"text_length"}), "engagement_rate_mean", "engagement_rate_mean_all_posts",
    "engagements_per_post_all_posts", "weighted_engagements_per_post", "popsters_er_view",
    *(key for key in OF_MOMENTS if key.endswith("_share")),
}  # fmt: skip
IN_BETWEEN = {
    *MEDIANS, "text_length", "engagement_rate", "engagement_rate_by_views", "engagement_rate_by_reach", "applause_rate",
    "conversation_rate", "amplification_rate", "view_rate", "reach_rate", "engagement_rate_of_sums",
    "comments_per_100_reactions", "shares_per_100_reactions", "rival_iq_engagement_rate_per_post",
    "fanpage_karma_post_interaction",
}  # fmt: skip


@FEW
@given(rows=ROWS, first_days=st.integers(1, DAYS - 1))
def test_figures_of_a_period_follow_from_those_of_its_two_parts(rows, first_days):
    frame, last = frame_of(rows), START + timedelta(days=first_days - 1)
    whole = figures_of(frame)
    parts = figures_of(frame.only(START, last)), figures_of(frame.only(last + timedelta(days=1), END))
    days = (first_days, DAYS - first_days)

    for row, one, other in zip(whole, *parts, strict=True):
        for key, both in row.items():
            halves = (one[key], other[key])
            if key in BY_POSTS | IN_BETWEEN | SUMS:
                assert both.n == sum(half.n for half in halves), key
            known = [half for half in halves if half.value is not None]
            if both.value is None:
                assert not any(half.n for half in known) or key in OF_FOLLOWERS | WITH_RULES_OF_THEIR_OWN, key
            elif key in SUMS or len(known) == 2:
                hold_up(key, both.value, [half.value or 0.0 for half in halves], days, [half.n for half in halves])


# They need followers at ends that the parts do not share, other rows, or whole weeks.
WITH_RULES_OF_THEIR_OWN = STANDING | {
    "quintly_interaction_rate", "crowdtangle_interaction_rate", "orlo_average_engagement_rate", "popsters_er_day",
    "posting_spread",
}  # fmt: skip


def hold_up(key: str, whole: float, parts: Sequence[float], days: Sequence[int], n: Sequence[int]) -> None:
    """Hold a figure of a period up against those of its two parts, which are rounded to ten digits."""
    one, other = parts
    least, most = min(parts), max(parts)
    lost = 1e-9 * max(abs(one), abs(other), abs(whole))
    if key in ADD_UP:
        assert whole == pytest.approx(one + other, abs=lost), key
    elif key in BY_DAYS:
        assert whole * sum(days) == pytest.approx(one * days[0] + other * days[1], abs=lost * sum(days)), key
    elif key in BY_POSTS:
        assert whole * sum(n) == pytest.approx(one * n[0] + other * n[1], abs=lost * sum(n)), key
    elif key in IN_BETWEEN:
        assert least - lost <= whole <= most + lost, key
    elif key == "followers":
        assert whole == other
    elif key == "longest_pause":
        assert most <= whole <= one + other
    elif key in {"follower_growth_rate", "follower_growth_weekly"}:
        if least > -99:  # of what is left of hundreds of percent a week, ten digits say too little
            weeks = [length / 7 if key.endswith("weekly") else 1.0 for length in (*days, sum(days))]
            times = [(1 + rate / 100) ** length for rate, length in zip((*parts, whole), weeks, strict=True)]
            assert times[2] == pytest.approx(times[0] * times[1], rel=1e-6), key
    else:
        assert key in WITH_RULES_OF_THEIR_OWN, key


@FEW
@given(rows=ROWS)
def test_shares_of_all_rows_add_up_to_a_hundred_or_nobody_has_one(rows):
    answers = figures_of(rows)

    for key in ("share_of_voice", "share_of_posts", "share_of_audience"):
        known = [value for row in answers if (value := row[key].value) is not None]
        assert not known or (len(known) == len(rows) and sum(known) == about(100)), key
