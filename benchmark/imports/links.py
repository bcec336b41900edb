"""Posts and profiles as web addresses name them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from benchmark.imports.base import BadRow, shown
from benchmark.sentences import gettext_noop

# Where the id of a post stands in the path of its address, by the last two parts of the host.
IN_PATH = {
    "instagram.com": re.compile(r"/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]+)"),
    "x.com": re.compile(r"/(?:i|i/web|\w+)/status(?:es)?/([0-9]+)"),
    "twitter.com": re.compile(r"/(?:i|i/web|\w+)/status(?:es)?/([0-9]+)"),
    "tiktok.com": re.compile(r"/@[\w.-]+/(?:video|photo)/([0-9]+)"),
    "youtube.com": re.compile(r"/(?:shorts|live|embed)/([\w-]{11})"),
    "youtu.be": re.compile(r"/([\w-]{11})"),
    "facebook.com": re.compile(r"/(?:.+/)?(?:posts|videos|reel|photos)/(?:.+[/:])?([0-9]+)"),
    "linkedin.com": re.compile(r"/feed/update/urn:li:(?:share|ugcPost|activity):([0-9]+)"),
    "threads.net": re.compile(r"/@[\w.]+/post/([\w-]+)"),
    "threads.com": re.compile(r"/@[\w.]+/post/([\w-]+)"),
}
IN_QUERY = {"facebook.com": ("story_fbid", "fbid", "v"), "youtube.com": ("v",)}
FIRST_PART = re.compile(r"/@?([\w.-]+)/")
# First parts of the addresses of posts that name no profile.
NOBODY = frozenset({
    "i", "p", "reel", "reels", "tv", "watch", "permalink.php", "story.php", "photo.php", "groups", "share", "shorts",
    "live", "embed", "feed",
})  # fmt: skip


def id_in(link: str) -> str | None:
    """The id of a post in its address; None where there is none, or the network is not one of those known here."""
    parts = parsed(link)
    if parts is None:
        return None
    host, path, query = parts
    found = IN_PATH[host].match(path) if host in IN_PATH else None
    if found:
        return found[1]
    return next((query[word][0] for word in IN_QUERY.get(host, ()) if query.get(word)), None)


def id_needed(link: str, *, column: str) -> str:
    """The id of a post in its address. Raises `BadRow` where there is none."""
    found = id_in(link)
    if found is not None:
        return found
    if not link:
        raise BadRow(gettext_noop("%(column)s is blank"), column=column)
    raise BadRow(gettext_noop("%(column)s %(value)s is no address of a post"), column=column, value=shown(link))


def handle_in(link: str) -> str | None:
    """The handle of a post's profile in the post's address; None where there is none."""
    parts = parsed(link)
    found = FIRST_PART.match(parts[1]) if parts else None
    return found[1] if found and found[1].lower() not in NOBODY else None


def parsed(link: str) -> tuple[str, str, dict[str, list[str]]] | None:
    """The host without its first names, the path and the query of an address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    host = ".".join((parts.hostname or "").split(".")[-2:])
    return host, parts.path, parse_qs(parts.query)
