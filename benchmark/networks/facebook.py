"""Facebook Pages: known by their exported files only, because reading other people's Pages takes Meta's review."""

import re
from datetime import timedelta
from urllib.parse import quote

from benchmark.networks.base import Network
from benchmark.networks.pasted import Address, address, looks_like_address, tidy

HOSTS = ("facebook.com", "fb.com", "fb.me", "fb.watch")

NAME = re.compile(r"[\w.-]{1,80}")
PAGE_ID = re.compile(r"\d{4,25}")
NAME_WITH_ID = re.compile(r".+-(\d{9,25})")

# First parts of addresses that are no Pages.
OTHERS = frozenset({
    "events", "groups", "watch", "share", "sharer", "photo", "photo.php", "photos", "permalink.php",
    "story.php", "reel", "reels", "stories", "hashtag", "marketplace", "gaming", "login", "login.php", "help",
    "policies", "business", "ads", "settings", "messages", "notifications", "friends", "search", "posts",
    "videos", "video.php", "home.php", "privacy",
})  # fmt: skip


def recognise(text: str) -> str | None:
    """The Page's name or number in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("facebook.com", "fb.com"):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    first, second = link.segment(0), link.segment(1)
    if first == "profile.php":
        return link.query.get("id", "")
    if first == "pg":
        return second
    if first in {"pages", "people", "p"}:
        last = link.segments[-1]
        return last if PAGE_ID.fullmatch(last) else _id_behind(last)
    if first.lower() in OTHERS:
        return ""
    return _id_behind(first) or first


def _id_behind(name: str) -> str:
    found = NAME_WITH_ID.fullmatch(name)
    return found[1] if found else ""


def recognises_url(text: str) -> bool:
    """Whether an address is one of Facebook's."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The Page for people."""
    return f"https://www.facebook.com/{quote(handle)}"


FACEBOOK = Network(
    key="facebook",
    label="Facebook",
    publishes=frozenset({"followers", "reactions", "comments", "shares"}),
    not_published_because="Facebook shows reach, views and saves to a Page's own team only.",
    engagement_parts=("reactions", "comments", "shares"),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint="nasa",
    profile_url=profile_url,
    fetchable=False,
)
