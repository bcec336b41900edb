"""A metric's definition as a formula, read off its declaration, so that the two cannot part."""

from __future__ import annotations

from benchmark.metrics.base import Audience, Column, Metric, Ratio, Statistic

OF_FOLLOWERS = {
    Statistic.AT_END: "followers at the end",
    Statistic.SHARE_AT_END: "followers at the end ÷ sum over rows * 100",
    Statistic.GROWTH: "followers at the end - followers before",
    Statistic.GROWTH_PER_DAY: "(followers at the end - followers before) ÷ days",
    Statistic.GROWTH_RATE: "(followers at the end ÷ followers before - 1) * 100",
    Statistic.GROWTH_WEEKLY: "((followers at the end ÷ followers before) ^ (7 ÷ days) - 1) * 100",
}
OF_RHYTHM = {
    Statistic.ACTIVE_DAYS: "days with posts ÷ days * 100",
    Statistic.LONGEST_PAUSE: "most days in a row without posts",
    Statistic.SPREAD: "standard deviation(posts by week) ÷ mean(posts by week)",
}
OVER_POSTS = {
    Statistic.SUM: "sum({})",
    Statistic.PER_WEEK: "sum({}) ÷ days * 7",
    Statistic.SHARE: "sum({}) ÷ sum over rows * 100",
    Statistic.TOTAL: "sum({})",
    Statistic.PER_DAY: "sum({}) ÷ days",
    Statistic.MEAN: "mean({})",
    Statistic.MEDIAN: "median({})",
    Statistic.MEAN_OF_DAYS: "mean over days with posts(mean({}))",
    Statistic.FOR_SIZE: "mean({}) ÷ exp(a + b * log(followers at the end)) * 100, a and b by least squares over rows",
}
AUDIENCES = {
    Audience.AT_END: "followers at the end",
    Audience.MEAN_OF_ENDS: "((followers before + followers at the end) ÷ 2)",
    Audience.AVERAGE: "mean(followers at the end of each day)",
}


def formula(metric: Metric) -> str:
    """`median(engagements ÷ followers when posted * 100) over mature posts`, and the like."""
    if metric.over_posts in OF_FOLLOWERS:
        return OF_FOLLOWERS[metric.over_posts]
    if metric.over_posts in OF_RHYTHM:
        return OF_RHYTHM[metric.over_posts]
    each = metric.each
    if metric.over_posts is Statistic.RATIO_OF_SUMS and isinstance(each, Ratio):
        found = f"sum({_words(each.above)}) ÷ sum({_words(each.below)}) * {each.times:g}"
    else:
        found = OVER_POSTS[metric.over_posts].format(_taken(each))
    if metric.audience:
        found += f" ÷ {AUDIENCES[metric.audience]} * 100"
    return f"{found}, over {'mature' if metric.needs_mature_posts else 'all'} posts"


def _taken(each: Column | Ratio) -> str:
    taken = _words(each.name) if isinstance(each, Column) else f"{_words(each.above)} ÷ {_words(each.below)}"
    return taken if each.times == 1 else f"{taken} * {each.times:g}"


def _words(name: str) -> str:
    return name.replace("_", " ")
