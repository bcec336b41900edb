"""Which format a file has, on which line a row begins, in which encoding a file is, and what is refused as a whole."""

import gzip
import io
import random
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmark import imports
from benchmark.imports import FileRefused, Holds, encodings, reading
from tests.imports.drawing import csv_of, drawn, reasons_of, table

POSTS = table("""
    id | published_at | reactions | text
    1  | 2026-03-01   | 10        | Good morning
""")


def refusal(file, **how) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        imports.read(file, **how)
    return refused.value.code, refused.value.sentence


# --- formats ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_format_is_known_by_its_columns_in_any_order_and_delimiter(delimiter):
    parsed = imports.read(csv_of(["Views", " PUBLISHED_AT ", "ID"], ["5", "2026-03-01", "1"], delimiter=delimiter))

    assert parsed.format is imports.FORMATS["plain_posts"]
    assert parsed.posts[0].post.views == 5


def test_columns_that_are_not_known_are_named_and_left_out():
    parsed = drawn("""
        id | published_at | reactions | mood
        1  | 2026-03-01   | 10        | fine
    """)

    assert parsed.ignored == ("mood",)


def test_soft_hyphens_and_blank_lines_around_a_header_do_not_hide_it():
    file = "\n\nid,publi\u00adshed_at,reactions\n\n1,2026-03-01,4\n".encode()

    parsed = imports.read(file)

    assert [(row.line, row.post.reactions) for row in parsed.posts] == [(5, 4)]


def test_a_damaged_letter_in_the_name_of_a_column_shows_as_one_and_harms_nobody():
    file = csv_of(["id", "published_at", "reactions", "Stra~e", "Größe"], ["1", "2026-03-01", "1", "größer", "süß"])

    parsed = imports.read(file.replace(b"~", b"\xff"))

    assert (parsed.encoding, parsed.ignored) == ("utf-8", ("Stra�e", "Größe"))


def test_columns_that_fit_no_format_are_named_beside_those_that_would():
    code, sentence = refusal(csv_of(["Datum", "Gefällt mir"], ["1", "2"]))

    assert code == "format_unknown"
    assert "“Datum”, “Gefällt mir”" in sentence
    assert "It has no column for the id or link of a post and none for the time of publishing" in sentence
    assert "posts need id, published_at and a count such as reactions" in sentence


def test_posts_without_any_count_are_no_known_format():
    assert refusal(csv_of(["id", "published_at"], ["1", "2026-03-01"]))[0] == "format_unknown"


def test_a_format_that_was_named_is_the_only_one_tried():
    assert refusal(POSTS, format="plain_followers")[0] == "format_unknown"
    assert refusal(POSTS, format="crystal_ball") == (
        "format_unknown",
        f"There is no format “crystal_ball”. Known are {', '.join(['auto', *imports.FORMATS])}.",
    )


def test_followers_where_posts_are_asked_for_are_refused():
    followers = csv_of(["profile", "time", "followers"], ["nasa", "2026-03-01", "1"])

    assert refusal(followers, holding=Holds.POSTS) == ("wrong_content", "This file holds followers, not posts.")


def test_a_column_that_is_there_twice_refuses_the_file():
    assert refusal(csv_of(["id", "published_at", "views", "views"], ["1", "2026-03-01", "1", "2"])) == (
        "column_twice",
        "The column “views” is there twice. Remove or rename one of them.",
    )


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "This file is empty: there is nothing to import."),
        (b"\xef\xbb\xbf\r\n \r\n", "This file is empty: there is nothing to import."),
        (b"id,published_at,views\r\n", "This file has a header and no rows: there is nothing to import."),
        (b"id,published_at,views\r\n,,\r\n\r\n", "This file has a header and no rows: there is nothing to import."),
    ],
)
def test_a_file_without_rows_is_refused(file, sentence):
    assert refusal(file) == ("file_empty", sentence)


# --- lines -----------------------------------------------------------------------------------------------------------


def test_a_row_begins_on_the_line_that_an_editor_shows():
    file = (
        "id,published_at,reactions,text\r\n"
        '1,2026-03-01,1,"over\r\nthree\nlines"\r\n'
        "\r\n"
        "2,someday,1,on the sixth\r\n"
        '3,2026-03-01,x,"a separator of another kind\u2028 is no line"\r\n'
        "4,2026-03-01,y,on the eighth"
    ).encode()

    assert [line for line, _ in reasons_of(imports.read(file))] == [6, 7, 8]


def test_every_bad_row_is_listed_and_the_good_ones_are_kept():
    file = (
        b"id,published_at,reactions,text\n"
        b"1,2026-03-01,1,good\n"
        b"2,2026-03-01\n"
        b'3,2026-03-01,1,"half "quoted"\n'
        b"4,2026-03-01,1,good,too long\n"
        b"5,2026-03-01,1,good\n"
        b'6,2026-03-01,1,"never closed\n'
    )

    parsed = imports.read(file)

    assert [row.post.external_id for row in parsed.posts] == ["1", "5"]
    assert [line for line, _ in reasons_of(parsed)] == [3, 4, 5, 7]
    assert reasons_of(parsed)[0][1] == "has 2 columns where the header has 4"
    assert "is not well-formed CSV" in reasons_of(parsed)[1][1]


# --- encodings -------------------------------------------------------------------------------------------------------

WORDS = {
    "cp1252": "Informações sobre a vacinação no município, é hoje à tarde",
    "cp1251": "Сегодня прекрасный день, чтобы рассказать наши новости",
    "koi8_r": "Сегодня прекрасный день, чтобы рассказать наши новости",
    "cp1250": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "cp932": "今日はとても良い天気なので、公園を散歩しました",
    "gb18030": "今天天气很好、我们一起去公园散步吧",
    "big5": "今天天氣很好、我們一起去公園散步吧",
    "cp949": "안녕하세요 여러분, 오늘은 날씨가 아주 좋습니다",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", *WORDS])
def test_an_encoding_is_recognised(encoding):
    text = WORDS.get(encoding, "Grüße, Привет, 今日は")
    rows = [[str(number), "2026-03-01", "1", text] for number in range(8)]

    parsed = imports.read(csv_of(["id", "published_at", "reactions", "text"], *rows, encoding=encoding))

    assert {row.post.text for row in parsed.posts} == {text}
    assert parsed.encoding.replace("_", "-") == encoding.replace("_", "-")


@pytest.mark.parametrize("text", ["café", "Grüße aus München", "“Great”"])
def test_a_few_letters_of_a_western_system_are_enough(text):
    header, row = ["id", "published_at", "views", "text"], ["1", "2026-03-01", "1", text]

    parsed = imports.read(csv_of(header, row, encoding="cp1252"))

    assert parsed.posts[0].post.text == text


def test_a_cut_letter_is_a_bad_row_and_does_not_make_another_encoding_of_the_file():
    good = [["1", "2026-03-01", "1", "Привет, друзья"]]
    cut = csv_of(["id", "published_at", "reactions", "text"], *good) + "2,2026-03-01,1,Привет".encode()[:-1]

    parsed = imports.read(cut)

    assert parsed.encoding == "utf-8"
    assert parsed.posts[0].post.text == "Привет, друзья"
    assert reasons_of(parsed) == [(3, "holds bytes that are no UTF-8 text")]


# --- packed, large and foreign files ---------------------------------------------------------------------------------


def test_a_gzipped_file_is_unpacked_and_so_are_several_in_one():
    half = len(POSTS) // 2

    assert imports.read(gzip.compress(POSTS)).rows == 1
    assert imports.read(gzip.compress(POSTS[:half]) + gzip.compress(POSTS[half:])).rows == 1
    assert imports.read(io.BytesIO(gzip.compress(POSTS))).rows == 1


@pytest.mark.parametrize("damaged", [gzip.compress(POSTS)[:-6], gzip.compress(POSTS)[:15] + b"\xff\xff" * 20])
def test_a_damaged_archive_is_refused(damaged):
    assert refusal(damaged) == (
        "file_damaged",
        "This gzipped file is damaged or cut short. Pack or download it again.",
    )


def test_a_file_that_is_no_text_is_refused_by_what_it_is():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("posts.csv", POSTS)

    assert refusal(archive.getvalue())[1].startswith("This file is an archive, not text.")
    assert refusal(b"%PDF-1.7")[0] == "file_not_text"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + random.Random(5).randbytes(500),
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + random.Random(6).randbytes(5_000),
        b"\x7fELF" + bytes(range(256)) * 3,
        b"SQLite format 3\x00" + b"\x00" * 80 + random.Random(7).randbytes(300),
    ],
    ids=["an image", "a photo", "a program", "a database"],
)
def test_of_a_file_that_is_no_text_no_columns_are_shown(content):
    assert refusal(content) == (
        "file_not_text",
        "This file is not text. Save it as CSV or as a spreadsheet (.xlsx) and import that.",
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'[\n  {"id": "1", "likes": 2}\n]', "JSON"),
        (b'\xef\xbb\xbf {"data": [1, 2, 3]', "JSON"),
        (b"<!doctype html><html><title>Sign in</title></html>", "HTML"),
    ],
)
def test_a_text_that_is_no_table_is_refused_by_what_it_is(content, kind):
    code, sentence = refusal(content)

    assert code == "format_unknown"
    assert sentence.startswith(f"This file is {kind}, not a table. Save it as CSV or as a spreadsheet (.xlsx).")


def test_a_small_archive_of_a_huge_file_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(encodings, "LARGEST", 10_000)

    assert refusal(gzip.compress(b"0" * 10_000_000))[0] == "file_too_large"
    assert refusal(b"0" * 10_001)[0] == "file_too_large"
    assert refusal(io.BytesIO(b"0" * 10_001))[0] == "file_too_large"


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    rows = [[str(number), "2026-03-01", "1"] for number in range(3)]

    assert refusal(csv_of(["id", "published_at", "views"], *rows))[0] == "file_too_large"


scribbles = st.text(max_size=200).map(lambda text: b"id,published_at,views\n" + text.encode("utf-8", "replace"))


@given(st.binary(max_size=400) | scribbles)
@example(b"\xff\xfe\x00")
@example(b"\x1f\x8b")
@example(b"id,published_at,views\n\x00,\x00,\x00")
def test_no_bytes_crash_the_reader(file):
    try:
        parsed = imports.read(file)
    except FileRefused as refused:
        outcome = refused.sentence.endswith(".")
    else:
        outcome = parsed.rows + len(parsed.problems) > 0
    assert outcome
