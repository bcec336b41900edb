"""YouTube rounds subscribers down to three digits: every metric of followers says what that hides."""

import pytest

from benchmark.metrics import METRICS
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import follow, profile, readings, report, values_of

pytestmark = pytest.mark.django_db
OF_FOLLOWERS = [key for key, metric in METRICS.items() if metric.of_followers]


def figures(network, key):
    workspace = WorkspaceFactory.create()
    channel, other = profile(network), profile(network)
    for each in (channel, other):
        follow(workspace, each)
        readings("at followers\n2025-03-01T00:00 10000\n2025-04-01T00:00 10500", of=each)
    return values_of(report(workspace, network, metrics=[key]), channel)[key]


@pytest.mark.parametrize("key", OF_FOLLOWERS)
@pytest.mark.parametrize("network", [each.key for each in NETWORKS.values() if each.significant_digits], ids=str)
def test_each_metric_of_followers_carries_the_rounding_interval(network, key):
    value = figures(network, key)
    assert value.low <= value.value <= value.high
    assert value.low < value.high


@pytest.mark.parametrize("key", OF_FOLLOWERS)
def test_exact_counts_have_none(key):
    value = figures("bluesky", key)
    assert value.value is not None
    assert (value.low, value.high) == (None, None)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("followers", 10_500, 10_599),
        ("follower_growth", 10_500 - 10_099, 10_599 - 10_000),
        ("follower_growth_rate", 3.970690167, 5.99),
        ("share_of_audience", 100 * 10_500 / (10_500 + 10_599), 100 * 10_599 / (10_500 + 10_599)),
    ],
)
def test_the_ends_are_the_counts_that_rounding_may_hide(key, low, high):
    value = figures("youtube", key)
    assert (value.low, value.high) == (pytest.approx(low, rel=1e-4), pytest.approx(high, rel=1e-4))
