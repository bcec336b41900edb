"""What is measured: definitions (declared once), frames of posts and readings, statistics."""

from benchmark.metrics.base import Better, Clock, Group, Metric, Statistic, Unit
from benchmark.metrics.definitions import DEFAULT, METRICS, by_tool, in_groups
from benchmark.metrics.opening import OF_FOLLOWERS_ALONE, RATES, opening, rates_of
from benchmark.metrics.reasons import BASES, CHANGE_BASES, REASONS, REASONS_OF_SEVERAL
from benchmark.metrics.value import Change, Percentile, Value

__all__ = [
    "BASES",
    "CHANGE_BASES",
    "DEFAULT",
    "METRICS",
    "OF_FOLLOWERS_ALONE",
    "RATES",
    "REASONS",
    "REASONS_OF_SEVERAL",
    "Better",
    "Change",
    "Clock",
    "Group",
    "Metric",
    "Percentile",
    "Statistic",
    "Unit",
    "Value",
    "by_tool",
    "in_groups",
    "opening",
    "rates_of",
]
