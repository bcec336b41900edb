"""`manage.py bench`: what is promised about speed, freshness and being right, measured side by side."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from bench import accuracy, replay
from benchmark.management.base import PlainCommand
from benchmark.schedule import HOUR

SIZES = (100_000, 1_000_000)
PROFILES = 5_000
PARTS = ("report", "store", "replay", "accuracy")
WITHOUT_A_DATABASE = {"replay", "accuracy"}


class Command(PlainCommand):
    help = (
        "Measure reports and storing beside bare engines, in a database that is made for it and dropped again,"
        " our schedule beside fixed polling on published series, and how right our figures are on published sets,"
        " which need none."
    )
    example = "manage.py bench --posts 100000 --posts 1000000"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--posts", type=int, action="append", help=f"stored posts {SIZES}; may be given twice")
        parser.add_argument("--profiles", type=int, default=PROFILES, help=f"among how many profiles ({PROFILES})")
        parser.add_argument("--rounds", type=int, default=30, help="how often everybody answers (30)")
        parser.add_argument("--only", choices=PARTS, help="one of them")
        parser.add_argument(
            "--table", choices=tuple(accuracy.TABLES), action="append", help="of accuracy, one of its tables"
        )

    def handle(self, *_args: Any, posts: list[int] | None, only: str, **options: Any) -> None:
        if only not in WITHOUT_A_DATABASE:
            self.measure_speed(posts or SIZES, profiles=options["profiles"], rounds=options["rounds"], only=only)
        if only in {"replay", None}:
            self.measure_freshness()
        if only in {"accuracy", None}:
            self.measure_accuracy(options["table"] or accuracy.TABLES)

    def measure_speed(self, sizes: Iterable[int], *, profiles: int, rounds: int, only: str | None) -> None:
        """Reports and storing, in a database of their own."""
        try:
            from bench import cohorts, ingest, report, rows, store
        except ImportError as missing:
            raise CommandError(
                f"{missing.name} is missing: `make setup-dev` installs what the bench needs."
            ) from missing
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            for number in sizes:
                if only in {"cohorts", None}:
                    self.say_cohorts(cohorts.measure(posts=number, rounds=rounds))
                if only == "store":
                    rows.empty()
                    rows.fill(posts=number, profiles=profiles, now=timezone.now())
                elif only in {"report", None}:
                    self.say(report.measure(posts=number, profiles=profiles, rounds=rounds))
                if only in {"store", None}:
                    self.say_store(number, store.measure(2 * rounds), ingest.measure(), ingest.write_together())
                    self.say_requests(ingest.count_requests())
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def measure_freshness(self) -> None:
        """When to fetch, on published series; without a database."""
        folder = replay.data_folder()
        if folder is None:
            self.stdout.write(
                "\nThe published series are not here, so nothing is replayed:"
                " set SHARED_DATA to the folder whose `data` holds them.\n"
            )
            return
        sets = replay.load(folder)
        for name, series in sets.items():
            self.say_curve(name, series)
        self.say_together(sets)

    def measure_accuracy(self, tables: Iterable[str]) -> None:
        """How right the figures are, on published sets; without a database."""
        folder = replay.data_folder()
        if folder is None:
            self.stdout.write("\nThe published sets are not here, so no accuracy is measured: set SHARED_DATA.\n")
            return
        for title, lines in (accuracy.TABLES[table] for table in tables):
            self.stdout.write(f"\n{title}")
            for line in lines(folder):
                self.stdout.write(line)

    def say(self, cost: Any) -> None:
        """One table for each size."""
        self.stdout.write(
            f"\nA benchmark of 21 profiles over two periods of 90 days ({cost.answered:,} posts)"
            f" among {cost.posts:,} posts of {cost.profiles:,} profiles\n"
        )
        for contestant, milliseconds in cost.milliseconds.items():
            self.stdout.write(f"  {contestant:<20} {milliseconds:8.1f} ms  {cost.times(contestant):5.2f} x DuckDB")

    def say_cohorts(self, cost: Any) -> None:
        self.stdout.write(
            f"\nThe cohorts of {cost.profiles:,} profiles over a month ({cost.posts:,} posts): {cost.metrics} metrics,"
            f" {cost.distributions:,} distributions\n"
            f"  rebuild {cost.rebuild:8.1f} ms  {cost.ratio:5.2f} x DuckDB's bare scan of the month"
            f" ({cost.scan:.1f} ms)\n"
        )

    def say_requests(self, rounds: list[Any]) -> None:
        for counted in rounds:
            old = f" with {counted.old} old posts due each" if counted.old else ""
            self.stdout.write(
                f"  a round over {counted.profiles} {counted.network} profiles{old} takes {counted.together} requests"
                f" asked for together, {counted.alone} one by one: {counted.together / counted.profiles:.2f} and"
                f" {counted.alone / counted.profiles:.2f} per profile and visit"
            )
        self.stdout.write()

    def say_store(self, stored: int, pages: list[Any], visits: list[Any], together: Any) -> None:
        self.stdout.write(f"\nStoring a page of 100 posts where {stored:,} are stored\n")
        for cost in pages:
            self.stdout.write(
                f"  {cost.page:<20} {cost.storing:8.1f} ms  {cost.ratio:5.2f} x the bare statements of posts and"
                f" readings ({cost.upsert_ratio:.2f} x that of the posts alone); {cost.whole_ratio:.2f} x with parsing"
                " and a run of the ledger per page"
            )
        for cost in visits:
            self.stdout.write(
                f"  {cost.visit:<20} {cost.whole:8.1f} ms  {cost.ratio:5.2f} x the bare statements of its"
                f" {cost.pages} page{'s' * (cost.pages > 1)}"
            )
        self.stdout.write(
            f"  {together.writers} writers on one profile stored {together.pages} pages in {together.seconds:.1f} s:"
            f" {together.deadlocks} deadlocks\n"
        )

    def say_curve(self, name: str, series: Sequence[replay.Series]) -> None:
        """One table for each set, line by line as it is measured."""
        self.stdout.write(
            f"\n{name}: {len(series)} series of {series[0].of}, a step of {series[0].step / HOUR:g} h,"
            " error of what is shown just before each step\n"
            "  fixed polling          error    ours           in hindsight   from any start   ours"
        )
        for point in replay.curve(series):
            self.stdout.write(
                f"  every {point.every:2} {point.fixed.requests:7,.0f} x {point.fixed.error:9.4%}"
                f" {point.ours.error:9.4%} {point.ratio:4.2f} x {point.least_ratio:9.2f} x"
                f" {point.from_any_start.error:11.4%} {point.ours_beside_any_start.error:10.4%}"
                f" {point.ratio_to_any_start:.2f} x"
            )

    def say_together(self, sets: Mapping[str, Sequence[replay.Series]]) -> None:
        """All sets as one installation that has one budget."""
        self.stdout.write(
            "\nAll sets out of one budget\n"
            "  fixed polling                                            error    all wait alike     ours"
        )
        for point in replay.curve_together(sets):
            self.stdout.write(
                f"  every {point.every:2} {point.part:<32} {point.fixed.requests:6,.0f} x {point.fixed.error:8.4%}"
                f" {point.all_alike.requests:7,.0f} x {point.all_alike.error / point.fixed.error:5.2f} x"
                f" {point.ours.requests:7,.0f} x {point.ours.error / point.fixed.error:5.2f} x"
            )
