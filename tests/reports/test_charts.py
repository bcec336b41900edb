"""Charts: the finding in the title, what is drawn and what is left out, and the same figures as a table."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import altair as alt
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from benchmark.industry.value import Spread
from benchmark.reports import charts
from benchmark.reports.charts import Chart
from benchmark.reports.value import Row
from tests.factories.reports import figure, report, row, series, value

Lines = list[tuple[Row, list[float | None]]]

OURS = row("Harbour", "own")
COHORT = figure(
    "engagement_rate",
    1.0,
    kind="cohort",
    follower_tier="1k-10k",
    period_start=date(2025, 5, 1),
    spread=Spread(p10=0.1, p25=0.5, p50=1.0, p75=2.0, p90=5.0, mean=1.7),
)
FJORD, PIER, MILL, DALE = (row(name) for name in ("Fjord", "Pier", "Mill", "Dale"))


def made(make: Callable[..., Chart | None], *given, **how) -> Chart:
    """The chart of something that can be drawn."""
    chart = make(*given, **how)
    assert chart is not None
    return chart


def data(spec, holder):
    """The rows that a specification, or one of its layers, draws."""
    given = holder.get("data") or spec["data"]
    return spec["datasets"][given["name"]]


def values(spec, mark):
    """The rows of every layer that draws with this mark."""
    return [data(spec, layer) for layer in spec["layer"] if layer["mark"]["type"] == mark]


def lines(chart):
    """What a chart over time draws one by one, by name."""
    return {entry["name"]: entry for entry in data(chart.spec, chart.spec)}


# --- rates ------------------------------------------------------------------------------------------------------------


def test_rates_stand_with_their_intervals_the_highest_first():
    chart = made(
        charts.rates,
        report(
            row("Fjord", engagement_rate=value(1.5, low=1, high=2)),
            row("Pier", engagement_rate=value(3, low=2, high=5)),
        ),
        metric="engagement_rate",
    )
    assert chart.table.rows == (("Pier", "3.00", "2.00", "5.00", "20"), ("Fjord", "1.50", "1.00", "2.00", "20"))
    (dots,) = values(chart.spec, "point")
    assert [(dot["name"], dot["low"], dot["value"], dot["high"]) for dot in dots] == [
        ("Pier", 2, 3, 5),
        ("Fjord", 1, 1.5, 2),
    ]


def test_the_title_says_who_is_first_and_where_we_stand():
    chart = made(
        charts.rates,
        report(
            row("Harbour", "own", engagement_rate=value(1, rank=2, of=2)),
            row("Pier", engagement_rate=value(3, rank=1, of=2)),
        ),
        metric="engagement_rate",
    )
    assert chart.title == "Pier has the highest engagement rate; Harbour is number 2 of 2"


def test_the_title_names_nobody_first_where_the_intervals_meet():
    chart = made(
        charts.rates,
        report(
            row("Pier", engagement_rate=value(3, low=2, high=4, rank=1, of=2)),
            row("Fjord", engagement_rate=value(2.5, low=1, high=3.5, rank=2, of=2)),
        ),
        metric="engagement_rate",
    )
    assert chart.title == "Too close to call: Pier and Fjord have the highest engagement rate"


def test_figures_of_another_basis_are_hollow_and_take_no_part_in_the_title():
    of = report(
        row("Harbour", "own", engagement_rate=value(1, rank=2, of=2)),
        row("Pier", engagement_rate=value(3, rank=1, of=2)),
        row("Fjord", engagement_rate=value(9, rank=1, of=1, basis="backfilled")),
    )
    chart = made(charts.rates, of, metric="engagement_rate")
    (dots,) = values(chart.spec, "point")
    assert {dot["name"]: dot["measured"] for dot in dots} == {"Harbour": True, "Pier": True, "Fjord": False}
    assert chart.title == "Pier has the highest engagement rate; Harbour is number 2 of 2"
    assert chart.caption.startswith("Hollow: the follower count is of another time")


def test_a_profile_without_a_rate_is_counted_not_drawn_as_zero():
    chart = made(
        charts.rates,
        report(row("Fjord", engagement_rate=1.5), row("Pier", engagement_rate=value())),
        metric="engagement_rate",
    )
    (dots,) = values(chart.spec, "point")
    assert [dot["name"] for dot in dots] == ["Fjord"]
    assert "1 profile has no figure" in chart.subtitle


def test_an_industry_figure_is_dashed_beside_its_own_metric_only_and_names_its_source():
    of = report(
        row("Fjord", engagement_rate=1.5, engagement_rate_mean=2), industry=(figure("engagement_rate_mean", 0.06),)
    )
    beside = made(charts.rates, of, metric="engagement_rate_mean")
    elsewhere = made(charts.rates, of, metric="engagement_rate")
    assert beside.caption == "Dashed: Retail, median, 0.060 %. Source: A yearly report (2025)."
    assert values(beside.spec, "rule")[0] == [{"value": 0.06, "name": "Retail, median"}]
    assert elsewhere.caption == ""
    assert len(values(elsewhere.spec, "rule")) == 1


def test_a_cohort_with_quartiles_is_a_band():
    chart = made(charts.rates, report(row("Fjord", engagement_rate=1.5), industry=(COHORT,)), metric="engagement_rate")
    assert values(chart.spec, "rect") == [[{"from": 0.5, "to": 2.0}]]
    assert values(chart.spec, "rule")[0] == [{"value": 1.0, "name": "Retail, 1,000 to 10,000 followers, median"}]
    assert chart.caption.endswith("Source: 150 profiles of this installation, May 2025.")


def test_means_and_percentiles_that_somebody_published_are_no_lines():
    others = tuple(figure("engagement_rate", 1, over_profiles=over) for over in ("mean", "p25", "p75"))
    chart = made(charts.rates, report(row("Fjord", engagement_rate=1.5), industry=others), metric="engagement_rate")
    assert chart.caption == ""
    assert values(chart.spec, "rect") == []


def test_there_is_no_chart_of_nothing():
    assert charts.rates(report(row("Fjord", engagement_rate=value())), metric="engagement_rate") is None
    assert grown((FJORD, [None, None])) is None
    assert charts.activity(series("posts", [(FJORD, [None, None])])) is None
    assert charts.kinds(report(row("Fjord", kinds={}), row("Pier"))) is None


# --- growth -----------------------------------------------------------------------------------------------------------


def grown(*lines, **rates):
    """The chart of these courses, beside a report that holds these rates of growth by name."""
    rows = [replace(line, values={"follower_growth_rate": value(rates.get(line.brand.name))}) for line, __ in lines]
    return charts.growth(series("followers", list(lines)), report(*rows))


def test_followers_are_indexed_to_their_first_known_day_and_gaps_stay_gaps():
    chart = made(grown, (OURS, [None, 200, None, 210]), (FJORD, [1000, 990, 1005, 1010]), Fjord=1.0)
    assert lines(chart)["Harbour"]["value"] == [None, 100, None, 105]
    assert lines(chart)["Fjord"]["value"] == [100, 99, 100.5, 101]
    assert chart.caption == "1 profile was first read later: its first known day is 100."


def test_who_grew_fastest_is_told_by_the_reports_own_figure():
    courses = ((OURS, [None, 200, None, 210]), (FJORD, [1000, 1010]), (PIER, [1000, 1005]))
    chart = made(grown, *courses, Fjord=1.0, Pier=0.5)
    assert chart.title == "Fjord grew fastest: +1.00 %"
    assert chart.table.rows == (
        ("Harbour", "200", "210", "\N{EN DASH}"),
        ("Fjord", "1.00k", "1.01k", "1.00"),
        ("Pier", "1.00k", "1.00k", "0.50"),
    )


def test_a_tie_is_told_as_one():
    chart = made(grown, (OURS, [100, 103]), (FJORD, [200, 206]), (PIER, [100, 101]), Harbour=3.0, Fjord=3.0, Pier=1.0)
    assert chart.title == "Harbour and 1 more lead in growth: +3.00 %"


def test_where_everybody_shrank_nobody_grew_fastest():
    chart = made(grown, (OURS, [200, 190]), (FJORD, [1000, 990]), Harbour=-5.0, Fjord=-1.0)
    assert chart.title == "Nobody grew; Fjord lost least: \N{MINUS SIGN}1.00 %"


def test_without_a_figure_of_growth_the_title_claims_none():
    assert made(grown, (OURS, [None, 200, 210])).title == "Followers since they were first read"


def test_a_profile_whose_followers_are_not_known_is_named_as_left_out():
    chart = made(grown, (OURS, [100, 110]), (FJORD, [None, None]), (PIER, [0, 10]), Harbour=10.0)
    assert list(lines(chart)) == ["Harbour"]
    assert chart.caption == "2 profiles are not drawn: they have no figures for these days."


def test_beyond_eight_lines_only_our_own_is_named_at_its_end():
    many = [(row(f"Rival {number}"), [100, 100 + number]) for number in range(9)]
    chart = made(grown, (OURS, [100, 104]), *many)
    assert [name for name, line in lines(chart).items() if line["place"] is not None] == ["Harbour"]


@given(some.lists(some.floats(0, 1000), max_size=12), some.floats(1, 50))
def test_names_at_the_ends_never_cover_each_other_and_keep_their_order(ends, gap):
    places = charts.moved_apart(ends, gap=gap, low=0, high=1000)
    in_order = [place for _, place in sorted(zip(ends, places, strict=True))]
    assert in_order == sorted(in_order)
    assert all(after - before >= gap * 0.999 for before, after in pairwise(in_order))


# --- activity ---------------------------------------------------------------------------------------------------------


def test_a_few_competitors_are_drawn_one_by_one():
    chart = made(charts.activity, series("posts", [(OURS, [1, 2]), (FJORD, [3, 4]), (PIER, [0, 1])]))
    assert list(lines(chart)) == ["Harbour", "Fjord", "Pier"]
    assert chart.title == "Harbour has 3 posts; the competitors' median is 4"


def test_many_competitors_become_their_middle_half():
    of: Lines = [(OURS, [9, 9]), (FJORD, [1, 0]), (PIER, [2, 0]), (MILL, [3, None]), (DALE, [5, None])]
    chart = made(charts.activity, series("posts", of))
    assert list(lines(chart)) == ["Harbour"]
    ((first, second),) = values(chart.spec, "area")
    assert (first["low"], first["median"], first["high"]) == (1.75, 2.5, 3.5)
    assert second["median"] == 0
    assert len(chart.table.rows) == 5


def test_competitors_alone_are_drawn_without_a_line_of_ours():
    of: Lines = [(OURS, [None, None]), (FJORD, [1, 2]), (PIER, [1, 2]), (MILL, [1, 2]), (DALE, [1, 2])]
    chart = made(charts.activity, series("posts", of))
    assert lines(chart) == {}
    assert chart.title == "Fjord has the most posts: 3"
    assert len(values(chart.spec, "area")) == 1


def test_weeks_that_the_period_cuts_are_left_out():
    of = series("posts", [(OURS, [7, 7, 2])], interval="week", first=date(2026, 3, 2))
    cut = replace(of.buckets[2], end=of.buckets[2].start)
    chart = made(charts.activity, replace(of, buckets=(*of.buckets[:2], cut)))
    assert lines(chart)["Harbour"]["value"] == [7, 7]
    assert chart.subtitle.startswith("Posts per week")


def test_a_profile_alone_is_told_without_a_superlative():
    alone = row("Harbour", "own", engagement_rate=value(1, rank=1, of=1))
    assert made(charts.rates, report(alone), metric="engagement_rate").title == "Harbour: engagement rate 1.00 %"
    assert made(grown, (OURS, [100, 104]), Harbour=4.0).title == "Harbour: +4.00 % followers"
    assert made(charts.activity, series("posts", [(OURS, [1, 2])])).title == "Harbour: 3 posts"


def test_an_axis_of_few_days_names_each_once():
    short, long = (made(charts.activity, series("posts", [(OURS, [1] * days)])) for days in (3, 30))
    named = [
        {len(layer["encoding"]["x"]["axis"].get("values", ())) for layer in of.spec["layer"]} for of in (short, long)
    ]
    assert named == [{3}, {0}]


def test_an_axis_of_few_posts_names_whole_numbers_only():
    few = made(charts.activity, series("posts", [(OURS, [0, 2, 1])]))
    many = made(charts.activity, series("posts", [(OURS, [0, 200, 1])]))
    axes = [[layer["encoding"]["y"]["axis"] for layer in chart.spec["layer"]] for chart in (few, many)]
    assert all(axis["values"] == [0, 1, 2] for axis in axes[0])
    assert all("values" not in axis for axis in axes[1])


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_kinds_are_shares_of_each_profiles_posts_in_one_order():
    chart = made(charts.kinds, report(row("Fjord", kinds={"photo": 3, "text": 1}), row("Pier", kinds={"text": 2})))
    (bars,) = values(chart.spec, "bar")
    assert [(bar["name"], bar["kind"], bar["from"], bar["to"]) for bar in bars] == [
        ("Fjord", "Photo", 0, 75),
        ("Fjord", "Text", 75, 100),
        ("Pier", "Text", 0, 100),
    ]
    assert chart.table.head == ("Profile", "Photo", "Text")
    assert chart.title == "50.0 % of all posts are of the kind “Photo”"


# --- the theme --------------------------------------------------------------------------------------------------------


def test_every_chart_keeps_to_vega_lites_schema():
    of = report(
        row("Harbour", "own", engagement_rate=value(2, low=1, high=3), kinds={"photo": 1}),
        row("Pier", engagement_rate=value(1, basis="backfilled"), kinds={"text": 2}),
        industry=(COHORT,),
    )
    over_time: Lines = [(OURS, [1, 2]), (FJORD, [None, 2]), (PIER, [1, 2]), (MILL, [1, 2]), (DALE, [3, 2])]
    drawn = [
        made(charts.rates, of, metric="engagement_rate"),
        made(charts.kinds, of),
        made(grown, *over_time),
        made(charts.activity, series("posts", over_time)),
    ]
    for chart in drawn:
        assert alt.LayerChart.from_dict(chart.spec, validate=True).to_dict(validate=True)["layer"]


def texts(chart: Chart) -> list[str]:
    """What stands in the drawn chart. A process that has drawn must never fork, so another one draws."""
    spec = json.dumps(chart.spec | {"width": 400})
    draw = "import sys, vl_convert; sys.stdout.write(vl_convert.vegalite_to_svg(sys.stdin.read()))"
    drawn = subprocess.run([sys.executable, "-c", draw], input=spec, capture_output=True, text=True, check=True)
    return re.findall(r">([^<>]+)</text>", drawn.stdout)


@pytest.mark.parametrize(
    ("language", "day", "value"), [("en", "1 Mar", "101.5"), ("de", "1 Mär", "101,5"), ("fr", "1 Mar", "101,5")]
)
def test_a_drawn_chart_names_months_and_writes_numbers_as_its_reader_does(language, day, value):
    with override(language):
        chart = made(charts.growth, series("followers", [(OURS, [100, 102])], first=date(2026, 3, 1)), report(OURS))
    assert {day, value} <= set(texts(chart))


def test_every_colour_has_one_role_and_one_counterpart_on_a_dark_ground():
    assert len(set(charts.LIGHT.values())) == len(charts.LIGHT)
    assert set(charts.LIGHT) == set(charts.DARK)


def test_in_dark_no_colour_of_the_light_theme_is_left():
    chart = made(charts.kinds, report(row("Fjord", kinds={"photo": 3, "text": 1, "other": 1})))
    dark = str(charts.recolour(chart.spec))
    assert not [colour for colour in charts.LIGHT.values() if colour in dark]


def test_brands_with_several_profiles_are_told_apart_by_handle():
    rows = [row("Harbour"), row("Pier"), row("Harbour", handle="second.example.org")]
    assert list(charts.names_of(rows).values()) == [
        "Harbour (@harbour.example.org)",
        "Pier",
        "Harbour (@second.example.org)",
    ]
