"""From the bytes of a file to its text: compressed or not, in whatever encoding people's programs write."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

from charset_normalizer import from_bytes

from benchmark.imports.base import FileRefused
from benchmark.sentences import Sentence, gettext_noop

LARGEST = 100 * 1024 * 1024  # unpacked; far above any export, far below what hurts a worker
GZIP = b"\x1f\x8b"
NOT_TEXT = {
    b"PK\x03\x04": gettext_noop("an archive"),
    b"%PDF": gettext_noop("a PDF"),
    b"\xd0\xcf\x11\xe0": gettext_noop("an old or locked spreadsheet"),
}
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# The encodings that spreadsheets and databases of the last thirty years wrote, the likelier ones first.
CANDIDATES = [
    "cp1252", "cp1251", "koi8_r", "cp1250", "cp1254", "cp1253", "cp1255", "cp1256", "cp932", "gb18030", "big5",
    "cp949",
]  # fmt: skip
OUTSIDE_ASCII = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
SAMPLE = 64 * 1024


def content_of(file: bytes | BinaryIO) -> bytes:
    """The bytes of a file, unpacked."""
    return unpacked(taken(file))


def taken(file: bytes | BinaryIO) -> bytes:
    """The bytes of a file, which must not be too many."""
    content = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise too_large()
    return content


def unpacked(content: bytes) -> bytes:
    """What a gzipped file holds, which must not be too much either; another file as it is."""
    if not content.startswith(GZIP):
        return content
    parts: list[bytes] = []
    left = LARGEST
    while content.startswith(GZIP):  # a gzipped file may be several, one after the other
        engine = zlib.decompressobj(wbits=31)
        try:
            parts.append(engine.decompress(content, left + 1))
        except zlib.error as error:
            raise damaged() from error
        left -= len(parts[-1])
        if left < 0:
            raise too_large()
        if not engine.eof:
            raise damaged()
        content = engine.unused_data
    return b"".join(parts)


def decoded(content: bytes) -> tuple[str, str]:
    """The text that the bytes mean, and the name of the encoding that says so."""
    for mark, what in NOT_TEXT.items():
        if content.startswith(mark):
            form = gettext_noop(
                "This file is %(what)s, not text. Save it as CSV or as a spreadsheet (.xlsx) and import that."
            )
            raise FileRefused("file_not_text", form, what=Sentence(what))
    encoding = encoding_of(content)
    # Damaged places of a UTF-8 file become lone surrogates, which make their rows bad ones, each with its line.
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return content.decode(encoding, errors), encoding


def encoding_of(content: bytes) -> str:
    """What a mark or the bytes themselves say; only where neither does, the likeliest guess."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    wide = wide_encoding(content[:SAMPLE])
    if wide is not None:
        return wide
    return "utf-8" if is_utf8(content) else guessed(content)


def wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without its mark: Latin letters and separators leave every other byte empty."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < len(sample):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def is_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8, a few damaged places aside: cut characters must not make another encoding of it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogateescape")
        lost = sum("\udc80" <= char <= "\udcff" for char in text)
        return lost * 5 <= sum(char > "\x7f" for char in text)
    return True


def guessed(content: bytes) -> str:
    """The likeliest of the older encodings, judged by the lines on which they differ."""
    lines = b"\n".join(match[0] for match in OUTSIDE_ASCII.finditer(content))[:SAMPLE]
    matches = from_bytes(lines, cp_isolation=CANDIDATES)
    # Short texts read well in several encodings: where the signs are equal, the likelier one is meant.
    ranked = [
        (round(match.chaos, 1), -round(match.coherence, 1), CANDIDATES.index(encoding), encoding)
        for match in matches
        for encoding in match.could_be_from_charset
    ]
    return min(ranked)[-1] if ranked else CANDIDATES[0]


def too_large() -> FileRefused:
    form = gettext_noop("This file holds more than %(megabytes)s MB. Split it and import the parts.")
    return FileRefused("file_too_large", form, megabytes=str(LARGEST // 1024**2))


def damaged() -> FileRefused:
    form = gettext_noop("This gzipped file is damaged or cut short. Pack or download it again.")
    return FileRefused("file_damaged", form)
