"""`manage.py bench`: what is promised about speed, measured side by side in a database of its own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from benchmark.management.base import PlainCommand

SIZES = (100_000, 1_000_000)
PROFILES = 5_000


class Command(PlainCommand):
    help = "Measure reports and storing beside bare engines, in a database that is made for it and dropped again."
    example = "manage.py bench --posts 100000 --posts 1000000"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--posts", type=int, action="append", help=f"stored posts {SIZES}; may be given twice")
        parser.add_argument("--profiles", type=int, default=PROFILES, help=f"among how many profiles ({PROFILES})")
        parser.add_argument("--rounds", type=int, default=30, help="how often everybody answers (30)")
        parser.add_argument("--only", choices=("report", "store"), help="one of the two")

    def handle(self, *_args: Any, posts: list[int] | None, profiles: int, rounds: int, only: str, **_o: Any) -> None:
        try:
            from bench import ingest, report, rows, store
        except ImportError as missing:
            raise CommandError(
                f"{missing.name} is missing: `make setup-dev` installs what the bench needs."
            ) from missing
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            for number in posts or SIZES:
                if only == "store":
                    rows.empty()
                    rows.fill(posts=number, profiles=profiles, now=timezone.now())
                else:
                    self.say(report.measure(posts=number, profiles=profiles, rounds=rounds))
                if only != "report":
                    self.say_store(number, store.measure(2 * rounds), ingest.measure(), ingest.write_together())
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)

    def say(self, cost: Any) -> None:
        """One table for each size."""
        self.stdout.write(
            f"\nA benchmark of 21 profiles over two periods of 90 days ({cost.answered:,} posts)"
            f" among {cost.posts:,} posts of {cost.profiles:,} profiles\n"
        )
        for contestant, milliseconds in cost.milliseconds.items():
            self.stdout.write(f"  {contestant:<20} {milliseconds:8.1f} ms  {cost.times(contestant):5.2f} x DuckDB")

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
