"""Workbooks: what their cells say as text, and what is refused."""

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from benchmark import imports
from benchmark.imports import FileRefused, encodings
from tests.imports.drawing import reasons_of

HEADER = ["id", "published_at", "reactions", "text"]


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """Sheets of rows, as a spreadsheet saves them."""
    book = Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_cells_are_read_as_the_text_that_they_show():
    file = workbook(
        [
            HEADER,
            ["a1", datetime(2026, 3, 1, 9, 30, 15), 12, "Tide"],  # noqa: DTZ001  spreadsheets know no zones
            ["a2", date(2026, 3, 2), 7.0, None],
            [1003, "2026-03-03T10:00:00+01:00", None, True],
        ]
    )

    parsed = imports.read(file)

    assert (parsed.encoding, parsed.format.key) == ("xlsx", "plain_posts")
    assert [
        (row.post.external_id, row.post.published_at, row.post.reactions, row.post.text) for row in parsed.posts
    ] == [
        ("a1", datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC), 12, "Tide"),
        ("a2", datetime(2026, 3, 2, tzinfo=UTC), 7, ""),
        ("1003", datetime(2026, 3, 3, 9, tzinfo=UTC), None, "TRUE"),
    ]


def test_an_id_with_more_digits_than_a_spreadsheet_keeps_is_a_bad_row():
    file = workbook([HEADER, [18241477156144020, "2026-03-01", 1, ""], ["18241477156144020", "2026-03-01", 1, ""]])

    parsed = imports.read(file)

    assert [row.post.external_id for row in parsed.posts] == ["18241477156144020"]
    assert reasons_of(parsed) == [(2, "id “1.82414771561440e+16” was rounded by a spreadsheet. Export it as text")]


def test_a_number_that_became_a_date_refuses_the_workbook():
    with pytest.raises(FileRefused) as refused:
        imports.read(workbook([HEADER, ["1", "2026-03-01", datetime(2026, 5, 3), ""]]))  # noqa: DTZ001

    assert refused.value.code == "numbers_became_dates"


def test_the_first_sheet_that_fits_is_read_and_lines_are_those_of_the_sheet():
    file = workbook([["About this export"], ["Made for you"]], [["Posts"], [], HEADER, [], ["1", "someday", 1, ""]])

    assert reasons_of(imports.read(file)) == [(5, "published_at “someday” is not a time such as 2026-03-01T09:30:00Z")]


def test_a_workbook_without_a_table_is_refused_as_a_csv_is():
    with pytest.raises(FileRefused) as refused:
        imports.read(workbook([]))
    assert refused.value.code == "file_empty"

    with pytest.raises(FileRefused) as refused:
        imports.read(workbook([["Datum", "Wort"], [1, 2]]))
    assert "“Datum”, “Wort”" in refused.value.sentence


def test_an_archive_that_is_no_workbook_is_refused_by_what_it_is():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("posts.csv", "id,published_at,reactions\n")

    with pytest.raises(FileRefused) as refused:
        imports.read(file.getvalue())

    assert refused.value.code == "file_not_text"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_workbook_that_was_cut_short_is_told_to_be_damaged(kept):
    good = workbook([HEADER, ["1", "2026-03-01", 1, "Tide"]])

    with pytest.raises(FileRefused) as refused:
        imports.read(good[: int(len(good) * kept)])

    assert (refused.value.code, refused.value.sentence) == (
        "file_damaged",
        "This spreadsheet or archive is damaged or cut short. Save or download it again.",
    )


def test_a_small_workbook_of_huge_sheets_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr("benchmark.imports.spreadsheets.LARGEST", 5_000)

    with pytest.raises(FileRefused) as refused:
        imports.read(workbook([HEADER, *[["1", "2026-03-01", 1, "x" * 1000]] * 100]))

    assert refused.value.code == "file_too_large"
    assert encodings.LARGEST > 5_000


def test_a_cell_far_away_does_not_make_a_sheet_wide():
    book = Workbook()
    for place, name in enumerate(HEADER, start=1):
        book.active.cell(1, place, name)
    book.active.cell(2, 1, "1"), book.active.cell(2, 2, "2026-03-01"), book.active.cell(2, 3, 5)
    book.active.cell(3, 16_000, "far")
    file = io.BytesIO()
    book.save(file)

    assert [row.post.reactions for row in imports.read(file.getvalue()).posts] == [5]


def test_no_damage_to_a_workbook_crashes_the_reader():
    good = workbook([HEADER, ["1", "2026-03-01", 1, "Tide"]])
    dice = random.Random(7)

    def outcome(file: bytes) -> str:
        try:
            return f"{imports.read(file).rows} rows"
        except FileRefused as refused:
            return refused.code

    outcomes = set()
    for _ in range(150):
        at = dice.randrange(len(good))
        cut = good[:at] if dice.random() < 0.3 else good[:at] + dice.randbytes(3) + good[at + 3 :]
        outcomes.add(outcome(cut))

    assert "file_damaged" in outcomes
    assert outcomes <= {"1 rows", "file_damaged", "file_not_text", "file_too_large", "format_unknown", "file_empty"}
