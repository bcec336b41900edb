"""The list of formats: what each declares, and that one more is one file."""

import sys
from textwrap import dedent

import pytest

from benchmark.imports import FORMATS, Holds, formats
from benchmark.imports.reading import read_file
from benchmark.imports.times import zone_named
from tests.imports.drawing import table

KEYS = {
    "bluesky", "facebook", "instagram", "linkedin", "mastodon", "ok", "reddit", "telegram", "threads", "tiktok",
    "twitch", "vk", "x", "youtube",
}  # fmt: skip


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
def test_a_format_declares_what_readers_and_people_need(format_):
    assert format_.key == format_.key.lower()
    assert format_.needs <= format_.words
    assert set(format_.fields.values()) <= format_.words
    assert all(name == name.lower() for names in format_.columns.values() for name in names)
    assert all(word == word.casefold() for word in format_.blank)
    assert format_.network is None or format_.network in KEYS
    assert zone_named(format_.zone) is not None
    assert all(note.endswith(".") for note in format_.notes)


def test_the_plain_formats_stand_first():
    assert [*FORMATS][:2] == ["plain_posts", "plain_followers"]


def test_one_more_format_is_one_more_file(tmp_path, monkeypatch):
    (tmp_path / "ledger_of_harbours.py").write_text(
        dedent("""
            from benchmark.imports.base import FollowersRow, Format, Holds, Owner, same_reading

            HARBOURS = Format(
                key="harbours",
                label="Ledger of harbours",
                holds=Holds.FOLLOWERS,
                needs=frozenset({"harbour", "day", "ships"}),
                parse=lambda row: FollowersRow(
                    line=row.line,
                    owner=Owner(key=row.needed("harbour"), handle=row.needed("harbour")),
                    read_at=row.moment("day"),
                    followers=row.count("ships") or 0,
                ),
                same=same_reading,
            )
        """)
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    name = f"{formats.__name__}.ledger_of_harbours"
    try:
        known = formats.in_order()
    finally:
        sys.modules.pop(name, None)

    parsed = read_file(table("harbour | day | ships\nVarna | 2026-03-01 | 12"), known)

    assert len(known) == len(FORMATS) + 1
    assert (parsed.format.label, parsed.format.holds) == ("Ledger of harbours", Holds.FOLLOWERS)
    assert [(row.owner and row.owner.handle, row.followers) for row in parsed.followers] == [("Varna", 12)]
