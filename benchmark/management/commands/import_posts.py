from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmark import tracking
from benchmark.management.base import PlainCommand
from benchmark.management.importing import Bar, add_shared_arguments, opened, preview, tell
from benchmark.management.refusing import in_plain_words, workspace_of


def moment(text: str) -> datetime:
    """A time; in UTC where no zone is given, a day's first minute where no time is."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a time such as 2026-03-31T18:00:00Z") from error
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def day(text: str) -> date:
    """A day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a day such as 2026-03-01") from error


class Command(PlainCommand):
    help = "Import a file of posts, and follow the profiles that were not followed (docs/imports.md)."
    example = (
        "manage.py import_posts posts.csv --network facebook --profile nasa --workspace acme "
        "--counted-at 2026-03-31T18:00:00Z"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_shared_arguments(parser)
        parser.add_argument("--profile", metavar="HANDLE", help="whose posts these are (default: all that it names)")
        parser.add_argument("--counted-at", type=moment, metavar="TIME", help="when it was counted (default: now)")
        parser.add_argument(
            "--complete-from",
            type=day,
            metavar="DATE",
            help="it has every post from this day on (default: its first)",
        )

    def handle(
        self, *_args: Any, file: Path, workspace: str, skip_bad_rows: bool, as_json: bool, **options: Any
    ) -> None:
        if options["preview"]:
            with in_plain_words():
                preview(file, options, self.stdout, as_json=as_json)
            return
        with in_plain_words(), opened(file) as content, Bar() as bar:
            imported = tracking.import_posts(
                workspace_of(workspace),
                content,
                network=options["network"],
                profile=options["profile"],
                source=file.name,
                own=options["own"],
                counted_at=options["counted_at"],
                complete_from=options["complete_from"],
                format=options["format"],
                rows_of=options["rows_of"],
                zone=options["zone"],
                skip_bad_rows=skip_bad_rows,
                by=tracking.By.command(),
                now=timezone.now(),
                on_progress=bar,
            )
        tell(imported, self.stdout, as_json=as_json)
