"""Sizes, sums and medians of many groups at once equal those of each group alone."""

import math
import statistics as plain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.metrics import statistics
from tests.metrics.groups import laid_out

COUNTS = st.one_of(st.integers(0, 10**9), st.just(math.nan))
GROUPS = st.lists(st.lists(COUNTS, max_size=40), min_size=1, max_size=6)


def known(group):
    return [figure for figure in group if not math.isnan(figure)]


@given(GROUPS)
def test_sizes_sums_and_medians_are_those_of_each_group_alone(groups):
    figures = laid_out(groups)
    n = statistics.sizes(figures)

    assert n[0].tolist() == [len(known(group)) for group in groups]
    assert statistics.sums(figures)[0].tolist() == pytest.approx([sum(known(group)) for group in groups])
    medians = statistics.medians(np.sort(figures, axis=-1), n)[0]
    for group, median in zip(groups, medians, strict=True):
        if known(group):
            assert median == pytest.approx(plain.median(known(group)), rel=1e-12)
        else:
            assert math.isnan(median)
