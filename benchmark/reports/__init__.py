"""The one answer that every door renders: how a workspace's accounts compare, on one network, over one period."""

from benchmark.reports.build import MetricRefused, benchmark, metric_infos
from benchmark.reports.sensitivity import sensitivity
from benchmark.reports.series import series

__all__ = ["MetricRefused", "benchmark", "metric_infos", "sensitivity", "series"]
