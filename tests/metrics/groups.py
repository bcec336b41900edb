"""Groups of figures as the engine sees them."""

import numpy as np

from benchmark.metrics import statistics


def laid_out(groups):
    """The groups as the engine sees them: one row of figures, padded."""
    figures = np.array([[float(figure) for group in groups for figure in group]])
    group = np.array([number for number, posts in enumerate(groups) for _ in posts], dtype=np.int64)
    return statistics.padded(figures, statistics.places(group, len(groups)))
