"""The same figures with and without the posts that may carry them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from benchmark.metrics import METRICS
from benchmark.metrics.frame import Span, read
from benchmark.metrics.sensitivity import variants
from benchmark.networks import NETWORKS
from benchmark.reports.build import chosen, row_brand, row_profile
from benchmark.reports.followed import followed
from benchmark.reports.value import Period, Point, Sensitivity, SensitivityRow, Variant
from benchmark.reports.values import infos, numbers

if TYPE_CHECKING:
    from accounts.models import Workspace

USUAL = ("engagement_rate", "engagement_rate_mean", "engagements_per_post")

TOLD = {
    "as_it_is": (_("As it is"), _("The figure of the comparison.")),
    "without_top_posts": (
        _("Without the top posts"),
        _("Without the twentieth part of each profile's posts that brought most, and one post at least."),
    ),
    "with_young_posts": (_("With young posts"), _("Posts that still move count, too, with what they have so far.")),
    "hidden_as_nothing": (
        _("Hidden counts as none"),
        _("Where a part of the engagements is hidden it counts as zero: what the figure is at least."),
    ),
}


def sensitivity(
    workspace: Workspace, network_key: str, period: Period, *, metrics: Sequence[str] | None = None, now: datetime
) -> Sensitivity:
    """The metrics (the usual rates unless others are asked for) of every row in each variant, side by side."""
    network = NETWORKS[network_key]
    usual = [key for key in USUAL if METRICS[key].offered_by(network)]
    wanted = chosen(metrics or usual)
    rows = followed(workspace.pk, network.key)
    span = Span(start=period.start, end=period.end, previous_start=period.start)
    frame = read(network, [row.subject for row in rows], span=span, now=now, workspace_id=workspace.pk)
    found = variants(frame, wanted)
    points = {
        metric.key: {
            key: [
                Point(*point)
                for point in zip(
                    numbers(figures[metric.key].value, metric.unit.is_whole),
                    figures[metric.key].n.tolist(),
                    figures[metric.key].reasons,
                    strict=True,
                )
            ]
            for key, figures in found.items()
        }
        for metric in wanted
    }
    return Sensitivity(
        network=network.key,
        period=period,
        metrics=infos(wanted),
        variants=tuple(Variant(key, str(label), str(definition)) for key, (label, definition) in TOLD.items()),
        rows=tuple(
            SensitivityRow(
                row_profile(row),
                row_brand(row),
                row.role,
                {key: {variant: each[place] for variant, each in of.items()} for key, of in points.items()},
            )
            for place, row in enumerate(rows)
        ),
        as_of=now,
    )
