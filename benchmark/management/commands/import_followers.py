from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from benchmark import tracking
from benchmark.management.base import PlainCommand
from benchmark.management.importing import Bar, add_shared_arguments, opened, preview, tell
from benchmark.management.refusing import in_plain_words, workspace_of


class Command(PlainCommand):
    help = "Import a file of follower counts, and follow the profiles that were not followed (docs/imports.md)."
    example = "manage.py import_followers followers.csv --network facebook --workspace acme"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_shared_arguments(parser)
        parser.add_argument("--profile", metavar="HANDLE", help="whose followers (default: all that it names)")

    def handle(
        self, *_args: Any, file: Path, workspace: str, skip_bad_rows: bool, as_json: bool, **options: Any
    ) -> None:
        if options["preview"]:
            with in_plain_words():
                preview(file, options, self.stdout, as_json=as_json)
            return
        with in_plain_words(), opened(file) as content, Bar() as bar:
            imported = tracking.import_followers(
                workspace_of(workspace),
                content,
                network=options["network"],
                profile=options["profile"],
                source=file.name,
                own=options["own"],
                format=options["format"],
                rows_of=options["rows_of"],
                zone=options["zone"],
                skip_bad_rows=skip_bad_rows,
                by=tracking.By.command(),
                now=timezone.now(),
                on_progress=bar,
            )
        tell(imported, self.stdout, as_json=as_json)
