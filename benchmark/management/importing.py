"""What the two commands that import files share."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _

from benchmark import imports
from benchmark.imports.preview import Recognised, told_problems
from benchmark.management.progress import Progress
from benchmark.networks import NETWORKS
from benchmark.tracking import Imported


def add_shared_arguments(parser: ArgumentParser) -> None:
    """The arguments that both commands take."""
    formats = ", ".join([imports.AUTO, *imports.FORMATS])
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV or .xlsx, gzipped or not")
    parser.add_argument("--network", required=True, choices=[*NETWORKS], metavar="N", help=", ".join(NETWORKS))
    parser.add_argument("--workspace", required=True, metavar="SLUG", help="whose it will be")
    parser.add_argument("--rows-of", metavar="NAME", help="what the file calls the profile, if it has no handle")
    parser.add_argument("--zone", metavar="ZONE", help="the clock of times without one, such as Europe/Berlin")
    parser.add_argument("--own", action="store_true", help="an account of our own, if it is not followed yet")
    parser.add_argument("--format", default=imports.AUTO, metavar="FORMAT", help=f"the file's: {formats}")
    parser.add_argument("--skip-bad-rows", action="store_true", help="import the other rows, and list the bad ones")
    parser.add_argument("--preview", action="store_true", help="say what it is and would bring, and store nothing")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")


def opened(path: Path) -> BinaryIO:
    """The file, for reading. Raises `CommandError` where it cannot be had."""
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


class Bar(ExitStack):
    """A progress bar that appears when the number of rows is known."""

    bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        if self.bar is None:
            self.bar = self.enter_context(Progress(total, what="rows"))
        self.bar.step(done - self.bar.done)


def tell(imported: Imported, out: OutputWrapper, *, as_json: bool) -> None:
    """Print what came of a file."""
    out.write(json.dumps(as_data(imported), ensure_ascii=False) if as_json else "\n".join(in_words(imported)))


def in_words(imported: Imported) -> list[str]:
    """What came of a file, a line for each thing that somebody would want to know."""
    run, file = imported.run, imported.file
    who = ", ".join(str(tracked.profile) for tracked in imported.tracked)
    words = [
        f"{rows(run.seen)} for {who}: {run.new:,} new, {run.changed:,} changed.",
        f"Read as {_(file.format.label)} in {file.encoding}.",
    ]
    if file.duplicates:
        count = "counts" if file.duplicates == 1 else "count"
        words.append(f"{rows(file.duplicates)} said again what another row says, and {count} once.")
    words += [warning.told(_) for warning in file.warnings]
    if imported.others:
        words.append(f"{rows(imported.others)} of other profiles: not asked for.")
    if file.ignored:
        words.append(f"Columns that were left out: {', '.join(file.ignored)}.")
    if imported.left_out:
        words.append(f"{rows(len(imported.left_out))} {'was' if len(imported.left_out) == 1 else 'were'} left out:")
        words += [problem.told(_) for problem in imported.left_out]
    return words


def preview(path: Path, options: dict[str, Any], out: OutputWrapper, *, as_json: bool) -> None:
    """Print what a file is and would bring. Raises `FileRefused` where it cannot be imported."""
    with opened(path) as content:
        seen = imports.preview(content, path.name, options["format"], zone=options["zone"])
    if seen.refusal is not None:
        raise seen.refusal
    shown = seen.as_data(_)
    out.write(json.dumps(shown, ensure_ascii=False) if as_json else "\n".join(preview_in_words(seen)))


def preview_in_words(seen: imports.Preview) -> list[str]:
    """What a file would bring, a line for each thing that somebody would want to know."""
    clock = f"Times without a zone are those of {seen.zone}"
    words = [
        f"{seen.name}: {seen.format and _(seen.format.label)}, in {seen.encoding}.",
        f"{rows(seen.rows)} from {seen.begins:%Y-%m-%d %H:%M} to {seen.ends:%Y-%m-%d %H:%M} UTC."
        if seen.begins and seen.ends
        else rows(seen.rows) + ".",
        f"{clock}." if seen.zone_known else f"{clock}: the file does not say which. Name another with --zone.",
        f"Columns that were recognised: {', '.join(map(column, seen.columns))}.",
    ]
    if seen.ignored:
        words.append(f"Columns that are left out: {', '.join(seen.ignored)}.")
    if seen.profiles:
        words.append(f"Profiles: {', '.join(f'{each.name} ({rows(each.rows)})' for each in seen.profiles)}.")
    words += [note.told(_) for note in seen.notes]
    if seen.problems:
        wrong = "row is" if len(seen.problems) == 1 else "rows are"
        words.append(f"{len(seen.problems):,} {wrong} wrong, which refuses the whole file without --skip-bad-rows:")
    return [*words, *(problem.told(_) for problem in seen.problems)]


def column(recognised: Recognised) -> str:
    """A column of the file, with what it means where its name does not say so."""
    return f"{recognised.column} ({_(recognised.label)})" if recognised.label else recognised.column


def rows(count: int) -> str:
    """So many rows."""
    return f"{count:,} row{'' if count == 1 else 's'}"


def as_data(imported: Imported) -> dict[str, Any]:
    """The same for programs."""
    run, file = imported.run, imported.file
    return {
        "run": run.pk,
        "format": file.format.key,
        "encoding": file.encoding,
        "profiles": [
            {"id": tracked.profile_id, "tracked_id": tracked.pk, "handle": tracked.profile.handle, "role": tracked.role}
            for tracked in imported.tracked
        ],
        "seen": run.seen,
        "new": run.new,
        "changed": run.changed,
        "duplicates": file.duplicates,
        "zone": file.zone,
        "ignored_columns": [*file.ignored],
        "warnings": [warning.told(_) for warning in file.warnings],
        "of_others": imported.others,
        "left_out": told_problems(imported.left_out, _),
    }
