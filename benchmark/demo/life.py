"""What an account does and what comes of it, as pure functions of the account and of time.

Asked again about the same moment, everything is the same; asked later, it has moved on: followers grow and jump when a
post goes round, counts grow towards their final value, posts are deleted. Days are the unit in which it is thought up.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache

from benchmark.demo.cast import MASTODON, Account, cast
from benchmark.demo.dice import Dice
from benchmark.demo.words import REPLIES, Saying, saying
from benchmark.networks.base import Kind

HALF_LIFE = timedelta(hours=11.5)  # with the exponent below, 95 % of the final counts after three days
EXPONENT = 0.6
WEEKDAYS = (1.15, 1.2, 1.15, 1.1, 1.0, 0.7, 0.7)  # Monday to Sunday
QUIET = 0.07  # the share of weeks in which an account hardly posts
DELETED = 0.02
LIKED = {Kind.TEXT: 0.9, Kind.PHOTO: 1.15, Kind.ALBUM: 1.3, Kind.VIDEO: 1.4, Kind.LINK: 0.6, Kind.POLL: 0.8}
JUMP_LASTS = timedelta(days=4)
FIRST_AMONG_OTHERS = 100  # numbers below are those of own posts


class What(StrEnum):
    """What stands in an account's list."""

    POST = "post"
    REPLY = "reply"
    REPOST = "repost"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people did what with a post."""

    reactions: int = 0
    comments: int = 0
    shares: int = 0
    quotes: int = 0
    saves: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Deed:
    """Something that an account did: a post, a reply (to `other`), or a repost (of `other`). There is one of each."""

    account: Account
    what: What
    at: datetime
    number: int  # its place among the deeds of its day: what ids are made of
    kind: Kind
    said: Saying
    final: Counts
    deleted_at: datetime | None = None
    other: "Deed | None" = None

    def stands(self, now: datetime) -> bool:
        """Whether the deed is there to be seen."""
        return self.at <= now and (self.deleted_at is None or now < self.deleted_at)

    def counts(self, now: datetime) -> Counts:
        """How its counts stand: always on the way to the final ones, never past them."""
        part = grown(now - self.at)
        final = self.final
        return Counts(
            round(final.reactions * part),
            round(final.comments * part),
            round(final.shares * part),
            round(final.quotes * part),
            round(final.saves * part),
        )


def grown(age: timedelta) -> float:
    """The part of its final counts that a post has at this age."""
    return 1 - math.exp(-((max(age, timedelta(0)) / HALF_LIFE) ** EXPONENT))


def opened_at(account: Account) -> datetime:
    return datetime.combine(account.opened, time(9), tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at the head of an account's page."""

    followers: int
    following: int
    posts: int  # replies too, reposts not
    deeds: int
    last: date | None


@lru_cache(maxsize=2_000)
def standing(account: Account, now: datetime) -> Standing:
    """How the account stands at this moment."""
    done = list(deeds(account, now))
    return Standing(
        followers=followers(account, now),
        following=Dice("following", account.key).whole(300),
        posts=sum(deed.what is not What.REPOST for deed in done),
        deeds=len(done),
        last=done[0].at.date() if done else None,
    )


# --- followers -------------------------------------------------------------------------------------------------------


def followers(account: Account, now: datetime) -> int:
    """How many follow the account at this moment."""
    jumps = sum(account.followers * size * jumped(now - at) for at, size in jumps_before(account, now.date()))
    return max(0, round(trend(account, now) + jumps))


def trend(account: Account, now: datetime) -> float:
    """Followers but for the jumps: a line, with a ripple that a day's reading shows and a month's does not."""
    days = max(0.0, (now - opened_at(account)) / timedelta(days=1))
    line = max(0.1, 1 + account.weekly_growth * days / 7)
    return account.followers * line * (1 + ripple(account, days))


def ripple(account: Account, days: float) -> float:
    """A small coming and going, without a step between two days."""
    whole, part = int(days), days % 1
    return swing(account, whole) * (1 - part) + swing(account, whole + 1) * part


@lru_cache(maxsize=100_000)
def swing(account: Account, day: int) -> float:
    return Dice("swing", account.network, account.key, day).between(-0.0008, 0.0008)


def jumped(age: timedelta) -> float:
    """The part of a jump that has happened: quick at first, done after a few days."""
    part = min(1.0, max(0.0, age / JUMP_LASTS))
    return 1 - (1 - part) ** 3


def jumps_before(account: Account, day: date) -> Iterator[tuple[datetime, float]]:
    """When posts went round, and what part of the first followers each of them brought."""
    for week in range((day - account.opened).days // 7 + 1):
        if round_goes := goes_round(account, week):
            yield datetime.combine(round_goes[0], time(9), tzinfo=UTC), round_goes[1] / 400


@lru_cache(maxsize=100_000)
def goes_round(account: Account, week: int) -> tuple[date, float] | None:
    """The day in this week of its life on which a post goes round, and how many times the usual it gets."""
    dice = Dice("round", account.network, account.key, week)
    if not dice.chance(account.viral):
        return None
    return account.opened + timedelta(days=7 * week + dice.whole(7)), dice.between(6, 24)


# --- deeds -----------------------------------------------------------------------------------------------------------


def deeds(account: Account, now: datetime) -> Iterator[Deed]:
    """All that stands in the account's list at this moment, newest first."""
    for days in range((now.date() - account.opened).days + 1):
        for deed in reversed(deeds_of(account, now.date() - timedelta(days=days))):
            if deed.stands(now):
                yield deed


@lru_cache(maxsize=100_000)
def deeds_of(account: Account, day: date) -> tuple[Deed, ...]:
    """What the account does on a day, oldest first."""
    return tuple(sorted([*posts_of(account, day), *among_others(account, day)], key=lambda deed: deed.at))


@lru_cache(maxsize=100_000)
def posts_of(account: Account, day: date) -> tuple[Deed, ...]:
    """The account's own posts of a day, oldest first."""
    if day < account.opened:
        return ()
    dice = Dice("day", account.network, account.key, day)
    strength = strength_of(account, day)
    number = max(dice.times(posts_expected(account, day)), 1 if strength > 1 else 0)
    hours = sorted(dice.between(7, 21) for _ in range(number))
    return tuple(
        post(account, moment(day, hour), number, strength if number == 0 else 1.0) for number, hour in enumerate(hours)
    )


def posts_expected(account: Account, day: date) -> float:
    """How many posts the account makes on such a day on average."""
    week = (day - account.opened).days // 7
    quiet = Dice("week", account.network, account.key, week).chance(QUIET)
    return account.posts_per_week / 7 * WEEKDAYS[day.weekday()] * (0.08 if quiet else 1)


def strength_of(account: Account, day: date) -> float:
    """How many times the usual the day's first post gets."""
    round_goes = goes_round(account, (day - account.opened).days // 7)
    return round_goes[1] if round_goes and round_goes[0] == day else 1.0


def moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(seconds=round(hour * 3600))


def post(account: Account, at: datetime, number: int, strength: float) -> Deed:
    """The account's own post, with what will come of it."""
    dice = Dice("post", account.network, account.key, at.date(), number)
    kind = dice.weighted(kinds_of(account))
    middling = trend(account, at) * account.engagement * LIKED[kind] * strength
    reactions = dice.around(middling, 0.55)
    return Deed(
        account=account,
        what=What.POST,
        at=at,
        number=number,
        kind=kind,
        said=saying(dice, kind, goes_round=strength > 1),
        final=Counts(
            reactions=dice.times(reactions),
            comments=dice.times(reactions * 0.09),
            shares=dice.times(reactions * 0.16),
            quotes=dice.times(reactions * 0.03),
            saves=dice.times(reactions * 0.04),
        ),
        deleted_at=at + timedelta(hours=dice.between(2, 480)) if strength == 1 and dice.chance(DELETED) else None,
    )


@cache
def kinds_of(account: Account) -> dict[Kind, float]:
    """What the account makes its posts of; polls are known on Mastodon alone."""
    return {**account.kinds, Kind.POLL: 0.6} if account.network == MASTODON else dict(account.kinds)


def among_others(account: Account, day: date) -> Iterator[Deed]:
    """What stands in the list beside the account's own posts and must not be counted among them."""
    dice = Dice("others", account.network, account.key, day)
    for number in range(dice.times(account.posts_per_week / 7 * 0.35) if day >= account.opened else 0):
        at = moment(day, dice.between(8, 20))
        other = lasting_post(dice.pick(sociable(account.network)), day - timedelta(days=1 + dice.whole(5)))
        if other is None:
            continue
        what = What.REPLY if other.account is account or dice.chance(0.6) else What.REPOST
        said = Saying(dice.pick(REPLIES), ()) if what is What.REPLY else other.said
        few = Counts(reactions=dice.times(2.5), comments=dice.times(0.4))
        yield Deed(account, what, at, FIRST_AMONG_OTHERS + number, Kind.TEXT, said, few, other=other)


@cache
def sociable(network: str) -> tuple[Account, ...]:
    """Whom accounts answer and repost."""
    return tuple(account for account in cast(network).values() if not account.state)


def lasting_post(account: Account, day: date) -> Deed | None:
    """A post of this day that its author will not delete."""
    return next((post for post in posts_of(account, day) if post.deleted_at is None), None)
