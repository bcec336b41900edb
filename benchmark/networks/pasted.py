"""What people paste into a field: names with stray marks around them, and addresses in every shape."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

LONGEST = 2048


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a pasted web address that name a profile."""

    host: str
    segments: tuple[str, ...]
    query: Mapping[str, str]

    def is_on(self, *domains: str) -> bool:
        """Whether the address stands on one of these domains or below it (www, m, mobile and so on)."""
        return any(self.host == domain or self.host.endswith("." + domain) for domain in domains)

    def segment(self, position: int) -> str:
        """A part of the path, or nothing where the path is shorter."""
        return self.segments[position] if position < len(self.segments) else ""


def tidy(text: str) -> str:
    """The text without blanks and invisible marks around and inside: copied handles carry marks of direction."""
    visible = (letter for letter in text[:LONGEST] if unicodedata.category(letter) not in {"Cf", "Cc"})
    return "".join(visible).strip().strip("<>\"'")


def address(text: str) -> Address | None:
    """The text as a web address, with or without its scheme; None for anything else."""
    name = tidy(text)
    scheme, separator, rest = name.partition("://")
    if separator and scheme.lower() not in {"http", "https"}:
        return None
    if not separator:
        rest = name
    try:
        parts = urlsplit("//" + rest)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if "." not in host or "@" in parts.netloc or any(letter.isspace() for letter in host):
        return None
    segments = tuple(unquote(segment) for segment in parts.path.split("/") if segment)
    return Address(host, segments, dict(parse_qsl(parts.query)))


def looks_like_address(text: str) -> bool:
    """Whether the text can only be an address, so that it is no handle of any network."""
    return "/" in text
