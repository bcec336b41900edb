"""Files as tests draw them."""

import csv
import io
import textwrap

from benchmark import imports
from benchmark.imports import FollowersRow, Owner, ParsedFile, PostRow


def csv_of(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a program writes them into a file."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def table(drawing: str) -> bytes:
    """A file out of a table drawn with bars."""
    lines = textwrap.dedent(drawing).strip("\n").splitlines()
    return csv_of(*[[cell.strip() for cell in line.split("|")] for line in lines])


def drawn(drawing: str) -> ParsedFile:
    """What a drawn file is read as."""
    return imports.read(table(drawing))


def reasons_of(parsed: ParsedFile) -> list[tuple[int, str]]:
    """The bad rows of a file."""
    return [(problem.line, str(problem.reason)) for problem in parsed.problems]


def owner(row: PostRow | FollowersRow) -> Owner:
    """Whose a row is, where the file says so."""
    assert row.owner is not None
    return row.owner
