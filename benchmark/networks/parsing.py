"""Values out of answers, made safe for rows: a value that cannot be true becomes "not published", never a crash."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from html.parser import HTMLParser
from itertools import islice
from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T")

# A moment that a network vouches for: with its zone, or the answer is not understood.
Moment = Annotated[datetime, msgspec.Meta(tz=True)]

# An id and a short name as rows and addresses can hold them: one word, not empty, not endless.
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"\A[^\s\x00-\x1f\x7f]+\Z")]
LocalId = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\A[^\s/?#\x00-\x1f\x7f]+\Z")]
UserName = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"\A[^\s/@?#\x00-\x1f\x7f]+\Z")]

WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f<>\"]{1,490}", re.IGNORECASE)
LONGEST_NAME = 255

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A hundred times what anything has been given; the sum of nine million such counts still fits into a row of a day.
LARGEST_COUNT = 10**12


def count(value: int | None) -> int | None:
    """A count as the network gave it; None where it gave none or an impossible one."""
    return value if value is not None and 0 <= value <= LARGEST_COUNT else None


def utc(moment: datetime) -> datetime:
    """The moment in UTC, not before 1970: older ones are mistakes of the author's clock."""
    try:
        return max(moment.astimezone(UTC), EPOCH)
    except OverflowError:
        return EPOCH if moment.year < EPOCH.year else moment.replace(tzinfo=UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """A moment that an author's program wrote; None where it is not one."""
    try:
        return utc(msgspec.convert(text, Moment, strict=False))
    except msgspec.ValidationError:
        return None


def until_midnight(moment: datetime, zone: tzinfo = UTC) -> timedelta:
    """How long until the day ends in a zone, as the day of a quota does."""
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC) - moment


def since_1970(seconds: float | None) -> datetime | None:
    """A moment that a network gives as seconds since 1970; None where it is none."""
    try:
        return None if seconds is None or seconds < 0 else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def plain(text: str | None) -> str:
    """The text as a row can hold it: without the null character, never None."""
    return (text or "").replace("\x00", "").strip()


def name_or(text: str | None, otherwise: str) -> str:
    """A name on one line and of a length that people can read; `otherwise` where there is none."""
    return " ".join(plain(text).split())[:LONGEST_NAME] or otherwise


def web_address(text: str | None) -> str | None:
    """The text where it is an address of the web; None for anything else that must never become a link."""
    return text if text and WEB_ADDRESS.fullmatch(text) else None


def hashtags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags once each, as first written, without their sign; case tells nothing apart."""
    cleaned = (plain(tag).lstrip("#\uff03") for tag in tags)
    once = {tag.casefold(): tag for tag in reversed([tag for tag in cleaned if 0 < len(tag) <= LONGEST_NAME])}
    return tuple(reversed(once.values()))


def in_batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in their order, at most `size` at a time."""
    rest = iter(values)
    while batch := tuple(islice(rest, size)):
        yield batch


class _Words(HTMLParser):
    """Collects the words of a post; paragraphs and line breaks become new lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's signature)
        if tag in {"br", "li"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"p", "blockquote", "ul", "ol", "pre"}:
            self.words.append("\n\n")


def text_of_html(html: str | None) -> str:
    """What a reader sees of a post that came as HTML, without a tag."""
    words = _Words()
    words.feed(html or "")
    words.close()
    lines = "".join(words.words).split("\n")
    return plain("\n".join(line.strip() for line in lines)).replace("\n\n\n", "\n\n")
