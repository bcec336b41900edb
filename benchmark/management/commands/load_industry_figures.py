from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from benchmark.industry import published
from benchmark.management.base import PlainCommand
from benchmark.models import IndustryFigure


class Command(PlainCommand):
    help = (
        "Load published industry figures from a CSV in the form of benchmark/industry/published.csv."
        " Nothing is overwritten: a new edition is a new row, a corrected figure keeps the old one as replaced."
        " One wrong line, and nothing is loaded."
    )
    example = "manage.py load_industry_figures figures.csv --dry-run"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV in UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="say what it would bring, and store nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, **_options: Any) -> None:
        try:
            seen = published.preview(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not written in UTF-8. Save it as CSV in UTF-8.") from error
        except published.FileRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if seen.refused:
            problems = [f"line {each.line}: {each.reason}" for each in seen.refused]
            raise CommandError("\n".join([*problems, f"{len(problems)} wrong: nothing was loaded."]))
        for line in in_words(seen):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Nothing was stored.")
        else:
            self.stdout.write(f"{published.store(seen.figures, now=timezone.now())} stored.")


def in_words(seen: published.Preview) -> Iterator[str]:
    """What a file brings, a line for each figure."""
    yield f"{len(seen.new)} new, {len(seen.changed)} corrected, {seen.unchanged} unchanged."
    yield from (f"+ {name_of(figure)}: {figure.value:g}" for figure in seen.new)
    for each in seen.changed:
        differs = ", ".join(f"{name} {before!r} -> {after!r}" for name, before, after in each.differs)
        yield f"~ {name_of(each.new)}: {differs}"


def name_of(figure: IndustryFigure) -> str:
    """Which figure it is, in one line."""
    words = (
        figure.publisher,
        str(figure.year or ""),
        figure.edition,
        figure.network,
        figure.published_industry,
        figure.follower_tier,
        figure.post_format,
        figure.measure,
        figure.over_profiles,
    )
    return ", ".join(filter(None, words))
