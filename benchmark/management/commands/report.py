"""`manage.py report`: the benchmark of a workspace on one network, as a table, JSON or CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Workspace
from benchmark import reports
from benchmark.exports import csv, plain
from benchmark.management.base import PlainCommand
from benchmark.networks import NETWORKS
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.reports.periods import DEFAULT, NAMED, PeriodRefused, parse
from benchmark.reports.value import Report, to_json


class Command(PlainCommand):
    help = "Print how a workspace's accounts compare with its competitors on one network."
    example = "manage.py report --network bluesky --workspace demo --period 30d --format json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--network", required=True, help=f"one of {', '.join(NETWORKS)}")
        parser.add_argument("--workspace", required=True, metavar="SLUG", help="the workspace's address")
        parser.add_argument("--period", help=f"{', '.join(NAMED)}, or two days: 2025-03-01..2025-05-31 ({DEFAULT})")
        parser.add_argument("--start", default="", metavar="DAY", help="first day, instead of --period")
        parser.add_argument("--end", default="", metavar="DAY", help="last day; both are part of the period")
        parser.add_argument(
            "--metrics", metavar="KEYS", help="keys of metrics with commas; the default ones if left out"
        )
        parser.add_argument(
            "--overperformance", action="store_true", help="with the posts that did far better or worse than usual"
        )
        parser.add_argument("--format", choices=tuple(FORMATS), default="table")

    def handle(self, *_args: Any, **options: Any) -> None:
        report = self.report(**options)
        self.stdout.write(FORMATS[options["format"]](report), ending="")

    def report(self, *, network: str, workspace: str, metrics: str | None, **options: Any) -> Report:
        """What was asked for. Raises `CommandError` with a sentence where it cannot be had."""
        if network in GIVE_NOTHING:
            raise CommandError(GIVE_NOTHING[network].sentence)
        if network not in NETWORKS:
            raise CommandError(f"There is no network “{network}”. Yardstick knows {', '.join(NETWORKS)}.")
        found = Workspace.objects.filter(slug=workspace).first()
        if found is None:
            raise CommandError(f"There is no workspace “{workspace}”. Its slug stands in its address: /w/<slug>/")
        now = timezone.now()
        try:
            period = parse(options["period"], start=options["start"], end=options["end"], now=now)
            keys = metrics.split(",") if metrics else None
            with_posts: bool = options["overperformance"]
            return reports.benchmark(found, network, period, metrics=keys, overperformance=with_posts, now=now)
        except (PeriodRefused, reports.MetricRefused) as refused:
            raise CommandError(refused.sentence) from refused


def as_json(report: Report) -> str:
    """The bytes of the REST answer, and an end of line."""
    return to_json(report).decode() + "\n"


FORMATS = {"table": plain.benchmark, "json": as_json, "csv": csv.benchmark}
