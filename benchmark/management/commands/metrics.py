"""`manage.py metrics`: what every metric means, out of the declarations."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

import msgspec

from benchmark.management.base import PlainCommand
from benchmark.metrics import Better, Clock, Metric, by_tool, in_groups
from benchmark.metrics.formula import formula
from benchmark.reports import metric_infos

BETTER = {Better.HIGHER: "more is better", Better.LOWER: "less is better", Better.NEITHER: "neither is better"}

CLOCKS = {
    Clock.PUBLISHED: "of the posts published in the period",
    Clock.RECEIVED: "of what came in during the period",
}


class Command(PlainCommand):
    help = "Show what every metric means: the question it answers, its formula, its unit and its source."
    example = "manage.py metrics --format markdown > docs/metrics.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("markdown", "json"), default="markdown")

    def handle(self, *_args: Any, format: str, **_options: Any) -> None:  # noqa: A002 (the option's name)
        if format == "json":
            self.stdout.write(msgspec.json.format(msgspec.json.encode(metric_infos()), indent=2).decode())
        else:
            self.stdout.write("\n".join(markdown()), ending="")


def markdown() -> Iterator[str]:
    """The page `docs/metrics.md`, line by line."""
    yield "# Every metric"
    yield ""
    yield "Made from the declarations in `benchmark/metrics/definitions/` by `manage.py metrics`; a test keeps it so."
    yield "What holds for all of them stands in [numbers.md](numbers.md)."
    for group, metrics in in_groups():
        yield from ("", f"## {group}", "")
        for metric in metrics:
            yield from _of(metric)
    yield from ("", "## Coming from another tool", "", "| tool | there | here |", "| --- | --- | --- |")
    for known, metric in by_tool():
        yield f"| {known.tool} | {known.name} | `{metric.key}`{f' {known.differs}' if known.differs else ''} |"
    yield ""


def _of(metric: Metric) -> Iterator[str]:
    facts = [f"`{formula(metric)}`", metric.unit.value.replace("_", " "), BETTER[metric.better]]
    facts += [f"from {metric.at_least} posts up"] if metric.at_least > 1 else []
    facts += [CLOCKS[metric.clock]] + ([] if metric.default else ["shown when asked for"])
    yield f"**{metric.label}** (`{metric.key}`): {metric.answers} {metric.definition}"
    yield f"{'; '.join(facts)}.{f' {metric.source}' if metric.source else ''}"
    yield ""
