"""Three sentences that claim no more than the figures hold."""

import math
from dataclasses import replace

import numpy as np

from benchmark.comparison import compare
from benchmark.insights import Comparison, Named, sentences, verdict
from benchmark.metrics import METRICS
from benchmark.metrics.figures import Figures
from benchmark.reports.figures import short


def column(numbers):
    return np.array([math.nan if number is None else number for number in numbers], dtype=np.float64)


def drawn(bases=None, **metrics):
    """A comparison of Ours, Anna, Bella …; each metric is a list of (value, low, high[, change, percent])."""
    rows = len(next(iter(metrics.values())))
    figures, leagues = {}, {key: (bases or {}).get(key, ["measured"] * rows) for key in metrics}
    for key, lines in metrics.items():
        full = [tuple(line or (None,)) + (None,) * 5 for line in lines]
        value, low, high, change, percent = (column([line[at] for line in full]) for at in range(5))
        known = [line[0] is not None for line in full]
        figures[key] = Figures(
            value=value,
            n=np.full(rows, 20),
            low=low,
            high=high,
            change=change,
            percent=percent,
            change_bases=["same_age"] * rows,
            reasons=[None if there else "not_enough_posts" for there in known],
            bases=[basis if there else None for there, basis in zip(known, leagues[key], strict=True)],
            leagues=leagues[key],
        )
    own = [row == 0 for row in range(rows)]
    names = ["Ours", "Anna", "Bella", "Carla"][:rows]
    return Comparison(
        rows=[Named(row, name, own[row]) for row, name in enumerate(names)],
        figures=figures,
        standings={key: compare([METRICS[key]], [each], own)[0] for key, each in figures.items()},
        write=short,
    )


def said(comparison):
    """What is said, with ordinary spaces between figures and units."""
    return {
        sentence.about: (sentence.code, sentence.text.replace("\N{NO-BREAK SPACE}", " "))
        for sentence in sentences(comparison)
    }


def test_the_leader_is_named_where_the_intervals_do_not_meet():
    found = said(drawn(engagement_rate=[(2, 1.8, 2.2), (5, 4.5, 5.5), (3, 2.6, 3.4)]))

    assert found["leads"] == ("leads", "Anna leads in engagement rate with 5.00 %, ahead of Bella with 3.00 %.")
    assert found["we_stand"] == (
        "behind",
        "Ours is number 3 of 3 in engagement rate: 2.00 %, the competitors' median is 4.00 %.",
    )


def test_intervals_that_meet_are_too_close_to_call():
    found = said(drawn(engagement_rate=[(3.1, 2.5, 4.2), (5, 3.0, 5.5), (4, 2.6, 5.4)]))

    code, text = found["leads"]
    assert code == "too_close_to_call"
    assert text == "Too close to call in engagement rate: Anna (5.00 %) and Bella (4.00 %) cannot be told apart."
    assert found["we_stand"][0] == "behind"


def test_we_are_near_the_median_where_our_interval_reaches_over_it():
    code, text = said(drawn(engagement_rate=[(4, 2, 6), (3, 2, 4), (4.4, 4, 5)]))["we_stand"]

    assert code == "near_the_median"
    assert text.endswith("the competitors' median is 3.70 %. That is too close to call.")


def test_rates_without_intervals_cannot_be_told_apart():
    assert said(drawn(engagement_rate=[(1,), (5,)]))["leads"][0] == "too_close_to_call"


def test_another_metric_speaks_where_nobody_has_a_rate():
    found = said(drawn(engagement_rate=[None, None], followers=[(1000,), (12_400,)]))

    assert found["leads"] == ("leads", "Anna leads in followers with 12.4k, ahead of Ours with 1.00k.")
    assert found["we_stand"] == (
        "behind",
        "Ours is number 2 of 2 in followers: 1.00k, the competitors' median is 12.4k.",
    )


def test_a_metric_that_two_rows_have_comes_before_one_that_a_single_row_has():
    found = said(drawn(engagement_rate=[None, (5, 4, 6)], followers=[(1000,), (900,)]))

    assert found["leads"][1].startswith("Ours leads in followers")


def test_equal_figures_leave_nobody_ahead():
    found = said(drawn(followers=[(900,), (1000,), (1000,)]))

    assert found["leads"] == (
        "too_close_to_call",
        "Too close to call in followers: Anna (1.00k) and Bella (1.00k) cannot be told apart.",
    )


def test_where_nobody_shares_our_basis_the_next_metric_says_where_we_stand():
    rates = [(2, 1, 3), (5, 4, 6), (4, 3, 5)]
    found = said(
        drawn(
            {"engagement_rate": ["backfilled", "measured", "measured"]},
            engagement_rate=rates,
            followers=[(3,), (2,), (1,)],
        )
    )

    assert found["we_stand"] == (
        "ahead",
        "Ours is number 1 of 3 in followers: 3, the competitors' median is 1.50.",
    )


def test_we_stand_among_those_of_our_basis_where_most_competitors_rest_on_another():
    rates = [(2, 1, 3), (5, 4, 6), (4, 3, 5), (1, 0.5, 1.5)]
    found = said(
        drawn({"engagement_rate": ["backfilled", "measured", "measured", "backfilled"]}, engagement_rate=rates)
    )

    assert found["we_stand"] == (
        "of_another_basis",
        "Ours is number 1 of 2 in engagement rate among figures of the same basis: 2.00 %.",
    )


def test_where_everybody_is_backfilled_we_are_held_against_the_median():
    rates = [(2, 1, 3), (5, 4, 6), (4, 3, 5)]
    code, text = said(drawn({"engagement_rate": ["backfilled"] * 3}, engagement_rate=rates))["we_stand"]

    assert code == "behind"
    assert text.endswith("the competitors' median is 4.50 %.")


def test_a_verdict_is_left_open_where_the_interval_reaches_the_median_or_there_is_none():
    rate, count, none = METRICS["engagement_rate"], METRICS["followers"], (math.nan, math.nan)

    assert verdict(rate, 2, (1, 3), 2.5) == "near"
    assert verdict(rate, 2, (1, 2.4), 2.5) == "behind"
    assert verdict(rate, 2, none, 2.5) == "near"
    assert verdict(count, 2, none, 2.5) == "behind"
    assert verdict(count, 3, none, 2.5) == "ahead"
    assert verdict(rate, 2.5, none, 2.5) == "level"


def test_too_few_posts_everywhere_are_said_to_be_too_few():
    found = said(drawn(engagement_rate=[None, None]))

    assert found["leads"] == (
        "nothing_to_compare",
        "No profile can be compared in this period. Too few posts that are old enough to be compared.",
    )
    assert found["we_stand"][0] == "not_enough_posts"
    assert found["we_stand"][1].startswith("Ours has no figure to stand on yet.")
    assert found["watch"][0] == "nothing_stands_out"


def test_a_single_row_leads_nobody():
    comparison = drawn(engagement_rate=[(2, 1, 3)])

    found = said(comparison)

    assert found["leads"] == ("only_one", "Ours is the only profile with a figure for engagement rate: 2.00 %.")
    assert found["we_stand"] == (
        "nobody_to_compare",
        "Ours stands at 2.00 % in engagement rate; no competitor can be compared with it.",
    )


def test_without_an_own_account_we_are_told_to_add_one():
    drawing = drawn(engagement_rate=[(2, 1, 3), (5, 4, 6)])
    strangers = [Named(row.tracked_id, row.name, own=False) for row in drawing.rows]

    found = said(Comparison(strangers, drawing.figures, drawing.standings, short))

    assert found["we_stand"] == ("no_own_account", "Add your own account to see where you stand.")


def test_nobody_followed_is_one_sentence_with_the_next_step():
    found = sentences(Comparison([], {}, {}, short))

    assert [(each.code, each.text) for each in found] == [
        ("nobody_followed", "Nobody is followed here yet. Add your own account and a competitor.")
    ]


def test_a_change_is_worth_watching_where_the_interval_cannot_explain_it():
    found = said(drawn(engagement_rate=[(2, 1.9, 2.1, 0.05, 2.5), (4, 3.5, 4.5, 1, 33.3), (3, 1, 6, 2, 200)]))

    assert found["watch"] == (
        "rate_rose",
        "The engagement rate of Anna rose by 1.00 points (33.3 %) to 4.00 %.",
    )


def test_a_figure_and_its_unit_stay_on_one_line():
    texts = [each.text for each in sentences(drawn(engagement_rate=[(2, 1.9, 2.1, 1, 50), (4, 3.5, 4.5, 1, 33.3)]))]

    assert all("%" in text and " %" not in text for text in texts)


def test_else_the_fastest_growth_is_worth_watching():
    found = said(drawn(engagement_rate=[(1,), (2,), (3,)], follower_growth_rate=[(0.5,), (4.2,), (1,)]))

    assert found["watch"] == (
        "grows_fastest",
        "The audience of Anna grows fastest: 4.20 % more followers in this period. Ours: 0.50 %.",
    )


def test_nobody_grows_fastest_by_a_tie():
    found = said(drawn(engagement_rate=[(1,), (2,), (3,)], follower_growth_rate=[(3,), (3.0001,), (1,)]))

    assert found["watch"][0] == "nothing_stands_out"


def test_a_period_outside_of_every_history_says_which_way():
    drawing = drawn(engagement_rate=[None, None])
    drawing.figures["engagement_rate"].reasons = ["history_starts_later", "history_starts_later"]

    assert said(drawing)["leads"][1] == (
        "No profile can be compared in this period. Their posts are known only from a later day on."
    )


def test_growth_that_leads_the_page_is_not_told_twice():
    found = said(drawn(follower_growth_rate=[(0.5,), (4.2,), (1,)]))

    assert found["leads"][1].startswith("Anna leads in follower growth rate")
    assert found["watch"][0] == "nothing_stands_out"


def test_follower_counts_of_another_time_lead_nobody():
    found = said(drawn({"followers": ["backfilled"] * 2}, engagement_rate=[None, None], followers=[(9,), (8,)]))

    assert found["leads"][0] == "nothing_to_compare"
    assert found["we_stand"][0] == "not_enough_posts"


def test_growth_that_rounding_may_have_made_is_not_worth_watching():
    assert (
        said(drawn(engagement_rate=[(1,), (2,)], follower_growth_rate=[(0.5, -0.5, 1.5), (4.2, -1, 9)]))["watch"][0]
        == "nothing_stands_out"
    )


def test_else_a_change_of_pace_is_worth_watching():
    found = said(drawn(posts=[(10, None, None, 0, 0), (6, None, None, -12, -66.7), (30, None, None, 3, 11.1)]))

    assert found["watch"] == ("publishes_less", "Anna published 6 posts, after 18 in the period before.")


def test_the_sentences_speak_of_the_rate_that_was_chosen():
    given = drawn(
        engagement_rate=[(2, 1.8, 2.2), (5, 4.5, 5.5), (3, 2.6, 3.4)],
        engagement_rate_mean=[(9, 8, 10, 4, 80), (5, 4.5, 5.5), (3, 2.6, 3.4)],
    )

    found = said(replace(given, rate="engagement_rate_mean"))

    assert found["leads"] == ("leads", "Ours leads in engagement rate, mean with 9.00 %, ahead of Anna with 5.00 %.")
    assert found["we_stand"][1].startswith("Ours is number 1 of 3 in engagement rate, mean: 9.00 %")
    assert found["watch"][0] == "rate_rose"
