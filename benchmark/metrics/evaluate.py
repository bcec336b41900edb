"""The figures of every row in every metric that is asked for, with their bases, or the reasons why there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmark.metrics.ages import SameAge, ask_at_same_age
from benchmark.metrics.audience import divided
from benchmark.metrics.base import Metric, Statistic
from benchmark.metrics.derived import derive
from benchmark.metrics.explain import Explain
from benchmark.metrics.figures import Figures, finished
from benchmark.metrics.frame import Frame
from benchmark.metrics.growth import growth
from benchmark.metrics.per_post import over_all_posts, per_post
from benchmark.metrics.rhythm import rhythm
from benchmark.metrics.size import for_size
from benchmark.metrics.totals import totals


def evaluate(
    frame: Frame, metrics: Sequence[Metric], aged: Callable[[], SameAge] | None = None, *, intervals: bool = True
) -> dict[str, Figures]:
    """Each metric's figures, by its key. `aged` is what `ask_at_same_age` gave, where it was asked for already.

    Without `intervals` those over posts are left out: they cost more than all the figures.
    """
    derive(frame, metrics)
    of_mature_posts = [metric for metric in metrics if metric.needs_mature_posts]
    computed = (
        growth(frame, [metric for metric in metrics if metric.of_followers])
        | rhythm(frame, [metric for metric in metrics if metric.of_rhythm])
        | totals(frame, [metric for metric in metrics if metric.of_sums])
    )
    if of_all_posts := [metric for metric in metrics if metric.all_posts and not metric.of_sums]:
        computed |= over_all_posts(frame, of_all_posts, intervals=intervals)
    if of_mature_posts:
        computed |= per_post(frame, of_mature_posts, aged or ask_at_same_age(frame), intervals=intervals)
    for metric in metrics:
        if metric.over_posts is Statistic.FOR_SIZE:
            computed[metric.key] = for_size(frame, computed[metric.key])
        elif metric.audience:
            computed[metric.key] = divided(frame, metric.audience, computed[metric.key])
    figures = finished({metric.key: computed[metric.key] for metric in metrics}, frame.rows)
    explain = Explain(frame)
    for metric in metrics:
        explain(metric, figures[metric.key])
    return figures
