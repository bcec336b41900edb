"""The comparison as a table: order, marks, intervals and changes of drawn reports."""

from benchmark.reports.figures import MINUS, NOT_AVAILABLE
from benchmark.web.table import Interval, Order, table_of
from tests.factories.reports import change, figure, report, row, value


def names(table):
    return [line.row.brand.name for line in table.rows]


def cell(table, name, key="engagement_rate"):
    line = next(line for line in table.rows if line.row.brand.name == name)
    return next(cell for cell in line.cells if cell.head.key == key)


def rates(**of):
    return report(*(row(name, engagement_rate=figure) for name, figure in of.items()))


def shown(of, sort="", columns=("engagement_rate",)):
    return table_of(of, columns=columns, sort=sort)


def test_rows_stand_by_the_first_column_the_largest_first_unless_something_else_is_asked_for():
    assert names(shown(rates(Ada=1, Bo=3, Cy=2))) == ["Bo", "Cy", "Ada"]
    assert names(shown(rates(Ada=1, Bo=3, Cy=2), sort="engagement_rate")) == ["Ada", "Cy", "Bo"]
    assert names(shown(rates(Cy=2, Ada=1, Bo=3), sort="name")) == ["Ada", "Bo", "Cy"]
    assert names(shown(rates(Ada=1, Bo=3, Cy=2), sort="no-such-column")) == ["Bo", "Cy", "Ada"]


def test_a_row_without_a_figure_comes_last_in_both_directions():
    of = rates(Ada=value(), Bo=3, Cy=2)
    assert names(shown(of)) == ["Bo", "Cy", "Ada"]
    assert names(shown(of, sort="engagement_rate")) == ["Cy", "Bo", "Ada"]


def test_equal_figures_stand_by_name():
    assert names(shown(rates(Cy=2, Ada=2, Bo=2))) == ["Ada", "Bo", "Cy"]


def test_a_click_on_a_head_asks_for_the_largest_first_and_a_second_one_turns_round():
    assert Order("followers", descending=True).turned_to("posts") == "-posts"
    assert Order("posts", descending=True).turned_to("posts") == "posts"
    assert Order("posts", descending=False).turned_to("posts") == "-posts"
    assert Order("posts", descending=True).turned_to("name") == "name"
    assert Order("name", descending=False).turned_to("name") == "-name"


def test_the_sorted_column_says_so():
    table = shown(rates(Ada=1), sort="engagement_rate")
    assert [(head.key, head.direction) for head in table.heads] == [("engagement_rate", "ascending")]
    assert table.name_head.direction == ""


def test_a_missing_figure_is_a_dash_that_tells_its_reason():
    missing = cell(shown(rates(Ada=value(reason="not_enough_posts"), Bo=1)), "Ada")
    assert (missing.text, missing.missing, missing.interval) == (NOT_AVAILABLE, True, None)
    assert missing.told == "Too few posts that are old enough to be compared."


def test_a_figure_tells_its_interval_rank_posts_and_basis():
    told = cell(shown(rates(Ada=value(2.0, low=1.5, high=2.5, rank=2, of=7, n=31))), "Ada").told
    assert told == "2 %, 1.50 to 2.50, number 2 of 7, n = 31, As the network, or the file, stated it."


def test_intervals_stand_on_their_columns_common_scale_from_zero():
    table = shown(rates(Ada=value(2, low=1, high=3), Bo=value(4, low=3, high=8)))
    assert cell(table, "Ada").interval == Interval(low=12.5, high=37.5, at=25)
    assert cell(table, "Bo").interval == Interval(low=37.5, high=100, at=50)


def test_a_scale_reaches_below_zero_where_figures_do():
    table = shown(
        report(row("Ada", follower_growth_rate=value(-1, low=-2, high=0)), row("Bo", follower_growth_rate=2)),
        columns=("follower_growth_rate",),
    )
    assert cell(table, "Ada", "follower_growth_rate").interval == Interval(low=0, high=50, at=25)


def test_only_marks_that_are_used_are_explained():
    table = shown(rates(Ada=value(2, basis="backfilled"), Bo=value(1)))
    assert [mark for mark, _meaning in table.marks] == ["b"]
    assert cell(table, "Ada").mark == "b"
    assert cell(table, "Bo").mark == ""


def test_a_change_of_a_percentage_is_in_points_and_of_a_count_in_percent():
    table = shown(
        report(
            row("Ada", engagement_rate=value(2, change=change(-0.5, -20)), posts=value(12, change=change(2, 20, "all")))
        ),
        columns=("engagement_rate", "posts"),
    )
    rate, posts = (cell(table, "Ada", key).change for key in ("engagement_rate", "posts"))
    assert (rate.text, rate.arrow, rate.judgement) == (f"{MINUS}0.50 points", "↓", "behind")
    assert (posts.text, posts.arrow, posts.judgement) == ("+20.0 %", "↑", "ahead")
    assert rate.told == f"{MINUS}0.50 against the period before, Posts of both periods compared at the same age."


def test_a_change_from_nothing_is_shown_in_the_metrics_own_unit():
    posts = cell(
        shown(report(row("Ada", posts=value(3, change=change(3, None, "all")))), columns=("posts",)), "Ada", "posts"
    )
    assert posts.change.text == "+3"


def test_columns_that_the_report_has_not_are_left_out():
    assert [head.key for head in shown(rates(Ada=1), columns=("views", "engagement_rate")).heads] == ["engagement_rate"]


def test_at_the_foot_stand_the_competitors_median_and_the_industry_of_the_same_definition():
    rows = [row(name, engagement_rate=at, engagement_rate_mean=at) for name, at in (("Ada", 1), ("Bo", 3), ("Cy", 2))]
    of = report(*rows, industry=(figure("engagement_rate_mean", 0.06),))
    foot = shown(of, columns=("engagement_rate", "engagement_rate_mean")).foot
    assert [(line.name, [text for __, text in line.texts]) for line in foot] == [
        ("Competitors' median", ["2.00", "2.00"]),
        ("Retail, median", ["", "0.060"]),
    ]
    assert foot[1].source == "A yearly report (2025)"


def test_figures_of_one_source_share_a_line_at_the_foot():
    industry = (
        figure("engagement_rate_mean", 0.06),
        figure("posts", 4, unit="count"),
        figure("posts", 9, unit="count", over_profiles="p75"),
        figure("posts", 5, unit="count", year=2026),
    )
    of = report(row("Ada", engagement_rate_mean=1, posts=2), industry=industry)
    foot = shown(of, columns=("engagement_rate_mean", "posts")).foot
    assert [(line.source, [text for __, text in line.texts]) for line in foot] == [
        ("A yearly report (2025)", ["0.060", "4"]),
        ("A yearly report (2026)", ["", "5"]),
    ]


def test_a_median_of_one_is_none_and_a_rank_of_one_neither():
    alone = shown(report(row("Ada", engagement_rate=value(1, rank=1, of=1))))
    assert (alone.foot, cell(alone, "Ada").rank) == ((), "")
