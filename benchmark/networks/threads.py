"""Threads, as its profile discovery shows it: how many follow a profile. Posts of others come without any count.

A profile has no id there: it is known by its user name alone, and one that is renamed is another one.
"""

from datetime import timedelta
from urllib.parse import quote

import msgspec

from benchmark.networks.base import Get, Network, ProfileRecord, Window
from benchmark.networks.instagram import NAME
from benchmark.networks.keys import KeyNeed, KeyPart, Quota, in_query
from benchmark.networks.meta import TOKEN, Errors, allowance, no_such_profile
from benchmark.networks.parsing import UserName, count, name_or, plain, web_address
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://graph.threads.net"
LOOKUP = f"{BASE}/v1.0/profile_lookup"
FIELDS = "username,name,profile_picture_url,biography,is_verified,follower_count"

HOSTS = ("threads.net", "threads.com")

# First parts of addresses that are pages of Threads' own.
PAGES = frozenset({
    "about", "activity", "custom_feed", "custom_feeds", "download", "embed", "explore", "feed", "feeds", "following",
    "for_you", "help", "home", "insights", "intent", "legal", "liked", "login", "logout", "messages", "notifications",
    "post", "privacy", "saved", "search", "settings", "share", "signup", "t", "terms", "topic", "topics",
})  # fmt: skip

NOT_SHOWN = no_such_profile("Threads shows no public profile of this name with at least 100 followers.")


class Profile(msgspec.Struct):
    username: UserName
    name: str | None = None
    profile_picture_url: str | None = None
    biography: str | None = None
    is_verified: bool | None = None
    follower_count: int | None = None


def recognise(text: str) -> str | None:
    """The user name in what was pasted; None where there is none."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on(*HOSTS):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    first = link.segment(0)
    if first.startswith("@"):
        return first
    alone = link.host.removeprefix("www.") in HOSTS and len(link.segments) == 1
    return first if alone and first.lower() not in PAGES else ""


def recognises_url(text: str) -> bool:
    """Whether an address is one of Threads'."""
    link = address(text)
    return link is not None and link.is_on(*HOSTS)


def profile_url(handle: str) -> str:
    """The profile's page for people."""
    return f"https://www.threads.com/@{quote(handle)}"


def parse_profile(profile: Profile) -> ProfileRecord:
    """A profile as Threads shows it. Its sums of likes and views are of the last days only, so they are left alone."""
    handle = profile.username.lower()
    return ProfileRecord(
        external_id=handle,
        handle=handle,
        name=name_or(profile.name, handle),
        url=profile_url(handle),
        description=plain(profile.biography),
        avatar_url=web_address(profile.profile_picture_url),
        followers=count(profile.follower_count),
        verified=profile.is_verified,
    )


def find(get: Get, handle: str) -> ProfileRecord:
    """Look a profile up by its user name."""
    return parse_profile(get(LOOKUP, {"username": handle, "fields": FIELDS}).decode(Profile))


THREADS = Network(
    key="threads",
    label="Threads",
    publishes=frozenset({"followers"}),
    not_published_because=gettext_noop("Threads shows what a post has brought to its author only."),
    engagement_parts=(),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@zuck"),
    profile_url=profile_url,
    known_by_name_only=True,
    base_url=BASE,
    find=find,
    profile=find,
    lists_posts=False,
    windows=(Window(calls=100, seconds=900, each="key"),),
    quota=Quota(units=1000, zone="UTC", unit="look-ups"),
    key_need=KeyNeed(
        parts=(KeyPart(TOKEN, "THREADS_ACCESS_TOKEN", "Access token"),),
        sign=in_query(access_token=TOKEN),
        how=gettext_noop(
            "Make a Meta app with the Threads use case, let Meta review threads_profile_discovery for it, and take a"
            " long-lived token with that and threads_basic."
        ),
    ),
    explain=Errors(
        label="Threads",
        permissions="The token may look up Meta's own profiles only. Let Meta review threads_profile_discovery for its"
        " app.",
        own={(100, None): NOT_SHOWN, (110, None): NOT_SHOWN},
    ),
    allowance=allowance,
    # Not one of the four that every token may look up, so that a test of the key tells whether the review is done.
    sample="zuck",
)
