"""Telegram, as its Bot API shows public channels and groups to any bot: who they are and how many follow them."""

import re
from contextlib import suppress
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

import msgspec

from benchmark.networks.allowance import Allowance
from benchmark.networks.base import (
    Answer,
    Get,
    Gone,
    NeedsAttention,
    Network,
    NetworkError,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
    Window,
    with_at,
)
from benchmark.networks.keys import KeyNeed, KeyPart, in_path
from benchmark.networks.parsing import count, name_or, plain
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.telegram.org"
# The bot's token stands in the path. It is put there where the request leaves, so that no address ever shows it.
CHAT = f"{BASE}/bot:token/getChat"
MEMBERS = f"{BASE}/bot:token/getChatMemberCount"

HOSTS = ("t.me", "telegram.me", "telegram.dog")
NAME = re.compile(r"[a-z][a-z0-9_]{3,31}", re.IGNORECASE)
CHANNEL_ID = re.compile(r"-100\d{1,13}", re.ASCII)

# First parts of addresses that are pages or commands of Telegram's own.
PAGES = frozenset({
    "addemoji", "addlist", "addstickers", "addtheme", "auction", "boost", "call", "confirmphone", "contact", "giftcode",
    "invoice", "joinchat", "login", "proxy", "setlanguage", "share", "socks", "stickers", "telegrampassport",
})  # fmt: skip

# Groups of the old kind and people have no public numbers.
PUBLIC = frozenset({"channel", "supergroup"})

DAY = 24 * 60 * 60

ChatId = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class Chat(msgspec.Struct):
    id: ChatId
    type: str
    title: str | None = None
    username: str | None = None
    active_usernames: list[str] = []
    description: str | None = None


class ChatAnswer(msgspec.Struct):
    result: Chat


class MembersAnswer(msgspec.Struct):
    result: int


class Parameters(msgspec.Struct):
    retry_after: int | None = None


class Refusal(msgspec.Struct):
    description: str = ""
    parameters: Parameters = msgspec.field(default_factory=Parameters)


def recognise(text: str) -> str | None:
    """The channel's name in what was pasted, or its id, which begins with -100; None where there is none."""
    name = tidy(text)
    link = _link(name)
    if link and link.is_on(*HOSTS):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix("@")
    return name.lower() if CHANNEL_ID.fullmatch(name) or NAME.fullmatch(name) else None


def _link(text: str) -> Address | None:
    """The text as a web address; `tg://resolve?domain=bakery` is one for Telegram's app."""
    scheme, separator, rest = tidy(text).partition("://")
    if not separator or scheme.lower() != "tg":
        return address(text)
    link = address(f"{HOSTS[0]}/{rest}")
    named = link.query.get("domain", "") if link and link.segments == ("resolve",) else ""
    return address(f"{HOSTS[0]}/{named}")


def _name_in(link: Address) -> str:
    first, second = link.segment(0), link.segment(1)
    below = link.host.removesuffix(".t.me")
    if below not in {link.host, "www"}:
        return below
    if first == "c":
        return f"-100{second}"
    if first == "s":
        return second
    return "" if first.lower() in PAGES else first


def recognises_url(text: str) -> bool:
    """Whether an address is one of Telegram's."""
    link = _link(text)
    return link is not None and link.is_on(*HOSTS, "telegram.org")


def profile_url(handle: str) -> str:
    """The channel for people."""
    path = f"c/{handle.removeprefix('-100')}" if CHANNEL_ID.fullmatch(handle) else handle
    return f"https://t.me/{quote(path)}"


def parse_chat(chat: Chat, members: int) -> ProfileRecord:
    """A channel or public group as Telegram shows it. Its picture stays away: the way to it leads over the token."""
    number = str(chat.id)
    names = (name.lower() for name in (chat.username or "", *chat.active_usernames) if NAME.fullmatch(name))
    handle = next(names, number)
    return ProfileRecord(
        external_id=number,
        handle=handle,
        name=name_or(chat.title, handle),
        url=profile_url(handle),
        description=plain(chat.description),
        followers=count(members),
    )


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the status says it all."""
    if answer.status in {401, 404}:  # 404: no bot has a token of this form
        return NeedsAttention(
            "credential_refused", gettext_noop("Telegram refuses the bot's token. Check it, or make a new one.")
        )
    if answer.status == 403:
        return NeedsAttention(
            "profile_private", gettext_noop("This Telegram channel is private, or has shut the bot out.")
        )
    if answer.status == 429:
        sentence = gettext_noop("Telegram asks us to ask more slowly.")
        return TryLater("rate_limited", sentence, after=allowance(answer).pause)
    if answer.status == 400 and "chat not found" in answer.decode(Refusal).description:
        return Gone("profile_not_found", gettext_noop("Telegram shows this bot no public channel of this name."))
    return None


def allowance(answer: Answer) -> Allowance:
    """How long Telegram wants no calls, by the body of its refusal; it never says how many are left."""
    seconds = None
    if answer.status == 429:
        with suppress(UnexpectedAnswer):  # a proxy's page
            seconds = answer.decode(Refusal).parameters.retry_after
    pause = None if seconds is None else timedelta(seconds=min(max(seconds, 0), DAY))
    return Allowance(said_at=answer.received_at, pause=pause)


def find(get: Get, reference: str) -> ProfileRecord:
    """Look a channel up by what `recognise` gave, then count those who follow it."""
    chat_id = reference if CHANNEL_ID.fullmatch(reference) else f"@{reference}"
    chat = get(CHAT, {"chat_id": chat_id}).decode(ChatAnswer).result
    if chat.type not in PUBLIC:
        sentence = gettext_noop(
            "This name is a person's or a small group's on Telegram. Only channels and public groups are counted."
        )
        raise NeedsAttention("profile_not_a_channel", sentence)
    return parse_chat(chat, get(MEMBERS, {"chat_id": str(chat.id)}).decode(MembersAnswer).result)


TELEGRAM = Network(
    key="telegram",
    label="Telegram",
    publishes=frozenset({"followers"}),
    not_published_because=gettext_noop(
        "Telegram shows bots the posts of those channels only that have made them administrators."
    ),
    engagement_parts=(),
    maturity=timedelta(days=3),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("@channel"),
    shown_handle=lambda handle: handle if CHANNEL_ID.fullmatch(handle) else with_at(handle),
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    # By its id, which stays when the name changes. A bot knows only the ids of channels that it has met by name.
    profile=find,
    lists_posts=False,
    windows=(Window(calls=30, seconds=1, each="key"),),
    key_need=KeyNeed(
        parts=(KeyPart("token", "TELEGRAM_BOT_TOKEN", "Bot token"),),
        sign=in_path("token"),
        how=gettext_noop("Write to @BotFather on Telegram, make a bot and enter its token; it is free."),
    ),
    explain=explain,
    allowance=allowance,
    sample="telegram",
)
