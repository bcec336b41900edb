"""What is measured: definitions (declared once), frames of posts and readings, statistics."""

from benchmark.metrics.base import Better, Metric, Statistic, Unit
from benchmark.metrics.definitions import DEFAULT, METRICS
from benchmark.metrics.reasons import BASES, CHANGE_BASES, REASONS, REASONS_OF_SEVERAL
from benchmark.metrics.value import Change, Percentile, Value

__all__ = [
    "BASES",
    "CHANGE_BASES",
    "DEFAULT",
    "METRICS",
    "REASONS",
    "REASONS_OF_SEVERAL",
    "Better",
    "Change",
    "Metric",
    "Percentile",
    "Statistic",
    "Unit",
    "Value",
]
