"""`manage.py fit_reach`: learn reach from workspaces' own posts now, and say how well that does."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Workspace
from benchmark import reach
from benchmark.exports.plain import aligned
from benchmark.management.base import PlainCommand
from benchmark.management.refusing import workspace_of
from benchmark.models import ReachModel
from benchmark.networks import NETWORKS

HEADS = ("workspace", "network", "posts", "error", "tried on", "in 80 % range", "latest", "drifts")
SHOWN = (
    "posts", "profiles", "method", "tried_on", "tried", "error", "coverage", "recent", "recent_error", "drifts",
    "followers_from", "followers_to", "engagements_from", "engagements_to", "kinds",
)  # fmt: skip


class Command(PlainCommand):
    help = (
        "Learn how reach follows from public counts, of each workspace from its own posts with a known reach, and print"
        " how far off that is on posts it has not seen. A worker does the same once a day and after an import."
    )
    example = "manage.py fit_reach --workspace acme --network facebook --format json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="the workspace's address (default: every workspace)")
        parser.add_argument("--network", help="one of the networks (default: where the reach of own posts is known)")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(
        self,
        *_args: Any,
        workspace: str | None,
        network: str | None,
        format: str,  # noqa: A002 (the option's name)
        **_options: Any,
    ) -> None:
        if network is not None and network not in NETWORKS:
            raise CommandError(f"There is no network “{network}”. Yardstick knows {', '.join(NETWORKS)}.")
        workspaces = [workspace_of(workspace)] if workspace else [*Workspace.objects.order_by("slug")]
        found = [
            reach.fit(each.pk, key, now=timezone.now())
            for each in workspaces
            for key in reach.known_to(each.pk)
            if network in {None, key}
        ]
        self.stdout.write(as_json(found) if format == "json" else as_table(found))


def as_json(models: Sequence[ReachModel]) -> str:
    """Everything that is known of each fit but its parameters."""
    plain = [
        {
            "workspace": model.workspace.slug,
            "network": model.network,
            "fitted_at": model.fitted_at.isoformat(),
            **{name: getattr(model, name) for name in SHOWN},
        }
        for model in models
    ]
    return json.dumps(plain, indent=2)


def as_table(models: Sequence[ReachModel]) -> str:
    """One line for each fit."""
    if not models:
        return "No reach of own posts is known. Import a file with a column of reach for an own account first."
    lines = [
        (
            model.workspace.slug, model.network, f"{model.posts:,}", percent(model.error), model.get_tried_on_display(),
            percent(model.coverage), percent(model.recent_error), "yes" if model.drifts else "no",
        )
        if model.error is not None
        else (model.workspace.slug, model.network, f"{model.posts:,}", "too few posts", "", "", "", "")
        for model in models
    ]  # fmt: skip
    return aligned([HEADS, *lines])


def percent(share: float | None) -> str:
    """A percentage as a table shows it."""
    return "" if share is None else f"{share:.0f} %"
