"""Every metric of docs/metrics.md, computed post by post with decimals of fifty digits.

It shares no line with the product: neither its modules nor numpy. What files brought stands in `Account`.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal, localcontext
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from math import comb

COUNTS = ("reactions", "comments", "shares", "quotes", "saves", "views")
WEIGHTS = {"reactions": 1, "comments": 2, "shares": 3, "quotes": 3}
KINDS = ("text", "photo", "album", "video", "live", "audio", "link", "poll", "quote")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS_OF_A_DAY = ("night", "morning", "afternoon", "evening")
CHECKPOINTS = (1, 3, 6, 12, 24, 48, 72, 168, 336, 672, 1344)  # in hours; readings count until halfway to the next

DAY, WEEK = timedelta(days=1), timedelta(days=7)
HUNDRED = Decimal(100)
TEN_DIGITS = Context(prec=10)
NOTHING = Decimal("1e-30")

Number = Decimal | None
Numbers = dict[str, Number]
Course = list[tuple[datetime, Number]]


@dataclass(frozen=True)
class Network:
    """What a network shows of other people's posts, what engagements are there, and when a post is mature."""

    parts: tuple[str, ...]
    shows: frozenset[str]
    maturity: timedelta
    digits: int | None = None  # to which it rounds followers down


def network(parts: str, *, more: str = "", days: int = 3, digits: int | None = None) -> Network:
    return Network(tuple(parts.split()), frozenset(f"{parts} {more}".split()), timedelta(days=days), digits)


NETWORKS = {
    "bluesky": network("reactions comments shares quotes", more="saves"),
    "facebook": network("reactions comments shares"),
    "instagram": network("reactions comments", more="views", days=7),
    "telegram": network(""),
    "tiktok": network("reactions comments shares", more="saves views", days=7),
    "x": network("reactions comments shares quotes", more="saves views"),
    "youtube": network("reactions comments", more="views", days=14, digits=3),
}


@dataclass
class Post:
    """A post as last read, and its counts at the checkpoints of its age."""

    at: datetime
    kind: str
    text: str
    tags: int
    read: datetime
    counts: dict[str, int | None]
    reach: int | None = None
    at_age: dict[int, dict[str, int | None]] = field(default_factory=dict)


@dataclass
class Account:
    """What the files of one account say. `columns` are the counts for which any of them has a column."""

    posts: dict[str, Post] = field(default_factory=dict)
    readings: dict[datetime, int] = field(default_factory=dict)
    columns: set[str] = field(default_factory=set)
    since: date | None = None  # the first day from which its posts are known
    until: datetime | None = None

    def saw(self, id_: str, post: Post) -> None:
        """Take a reading of a post in; readings come in the order of time."""
        if known := self.posts.get(id_):
            assert known.read <= post.read
            post.text, post.tags = (post.text, post.tags) if post.text else (known.text, known.tags)
            post.counts, post.at_age = known.counts | post.counts, known.at_age
        self.posts[id_] = post
        if hours := checkpoint(post.read - post.at):
            post.at_age.setdefault(hours, dict(post.counts))

    @cached_property
    def course(self) -> Course:
        """The follower readings in the order of time."""
        return [(at, Decimal(count)) for at, count in sorted(self.readings.items())]

    def knows(self, start: date, end: date) -> bool:
        """Whether all posts of these days are known."""
        if self.since is None or self.until is None:
            return False
        return self.since <= start and self.until >= midnight(end)

    def between(self, start: date, end: date) -> list[Post]:
        return [post for post in self.posts.values() if start <= post.at.date() <= end]


@dataclass(frozen=True)
class Told:
    """A figure with what stands beside it."""

    value: Number
    n: int
    low: Number = None
    high: Number = None
    change: Number = None
    percent: Number = None


def ten_digits(number: Number) -> Number:
    """As an answer shows it."""
    return None if number is None else TEN_DIGITS.plus(number)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def checkpoint(age: timedelta) -> int | None:
    """The last checkpoint passed, until halfway to the next."""
    hours = age / timedelta(hours=1)
    for at, after in pairwise(CHECKPOINTS):
        if at <= hours < (at + after) / 2:
            return at
    return None


# --- words -----------------------------------------------------------------------------------------------------------


def is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def hashtags(text: str) -> int:
    """How many different hashtags a text has; a number alone is none, nor is what hangs on a word."""
    found = set()
    for place, sign in enumerate(text):
        before = text[place - 1] if place else " "
        if sign != "#" or is_word(before) or before in "&/#":
            continue
        end = place + 1
        while end < len(text) and is_word(text[end]):
            end += 1
        tag = text[place + 1 : end]
        if not all(letter.isdecimal() for letter in tag):
            found.add(tag.casefold())
    return len(found)


def has_link(text: str) -> bool:
    small = text.lower()
    for beginning in ("http://", "https://", "www."):
        for part in small.split(beginning)[1:]:
            if part[:1].isascii() and part[:1].isalnum():
                return True
    return False


# --- followers -------------------------------------------------------------------------------------------------------


def between(course: Course, place: int, moment: datetime) -> Number:
    """On the line between the reading at a place and the one before it."""
    (earlier, few), (later, many) = course[place - 1], course[place]
    assert few is not None
    assert many is not None
    return few + (many - few) * micros(moment - earlier) / micros(later - earlier)


def micros(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1))


def when(course: Course, moment: datetime) -> Number:
    """Followers at a moment: linear between readings, and the nearest one outside."""
    if not course:
        return None
    place = bisect_right(course, moment, key=lambda reading: reading[0])
    if place in {0, len(course)}:
        return course[min(place, len(course) - 1)][1]
    return between(course, place, moment)


def edge(course: Course, moment: datetime) -> Number:
    """Followers at an end of a period: between readings at most seven days apart, or a day from the first or last."""
    place = bisect_left(course, moment, key=lambda reading: reading[0])
    if place < len(course) and course[place][0] == moment:
        return course[place][1]
    if place == 0:
        return course[0][1] if course and course[0][0] - moment <= DAY else None
    if place == len(course):
        return course[-1][1] if moment - course[-1][0] <= DAY else None
    return between(course, place, moment) if course[place][0] - course[place - 1][0] <= WEEK else None


def highest(count: Decimal, digits: int | None) -> Decimal:
    """The largest number that is rounded down to this one."""
    if digits is None or count < 10**digits:
        return count
    step = 10 ** (len(str(int(count))) - digits)
    return count + step - 1 if count % step == 0 else count


# --- one account over some days --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """What decides about the numbers of an account's posts in a whole comparison."""

    account: Account
    network: Network
    measured: bool  # its owner's reach is known
    worded: bool  # its texts are known

    @classmethod
    def of(cls, account: Account, on: Network, start: date, end: date) -> Frame:
        posts = account.between(start, end)
        return cls(
            account,
            on,
            measured=any(post.reach is not None for post in posts),
            worded=any(post.text or post.tags for post in posts),
        )

    def numbers(self, post: Post, hours: int | None = None) -> Numbers:
        """What a post brings into metrics: as last read, or at a checkpoint."""
        counts = dict.fromkeys(COUNTS) | post.counts
        if hours is not None:
            counts |= {name: post.at_age[hours].get(name) for name in self.network.shows}
        found: Numbers = {name: None if count is None else Decimal(count) for name, count in counts.items()}
        parts = {part: found[part] for part in self.network.parts if part in self.account.columns}
        known = {part: count for part, count in parts.items() if count is not None}
        whole = bool(parts) and len(known) == len(parts)
        found["engagements"] = sum(known.values(), Decimal()) if whole else None
        weighted = (count * WEIGHTS[part] for part, count in known.items())
        found["weighted"] = sum(weighted, Decimal()) if whole else None
        found["measured_reach"] = None if post.reach is None else Decimal(post.reach)
        views = found["views"] if "views" in self.network.shows else None
        found["reach"] = found["measured_reach"] if self.measured else views
        found["followers"] = when(self.account.course, post.at)
        found["followers_that_day"] = when(self.account.course, midnight(post.at.date() + DAY))
        found["day"] = Decimal(post.at.date().toordinal())
        return found | (self.words(post) if self.worded else {})

    def words(self, post: Post) -> Numbers:
        return {
            "hashtags": Decimal(post.tags),
            "text_length": Decimal(len(post.text)),
            "with_hashtags": Decimal(post.tags > 0),
            "with_links": Decimal(post.kind == "link" or has_link(post.text)),
        }


def each(posts: Iterable[Numbers], above: str, below: str = "", times: int = 1) -> list[Decimal]:
    """One figure of every post that has it: a number, or one by another that is above nothing."""
    if not below:
        return [number * times for post in posts if (number := post.get(above)) is not None]
    pairs = [(number, by) for post in posts if (number := post.get(above)) is not None and (by := post.get(below))]
    return [number / by * times for number, by in pairs]


def mean(figures: list[Decimal], at_least: int = 1) -> Told:
    enough = len(figures) >= at_least
    return Told(sum(figures, Decimal()) / len(figures) if enough else None, len(figures))


def median(figures: list[Decimal], at_least: int = 1) -> Told:
    """The middle one, with the ends of its interval: it needs no more than the order of the figures."""
    n = len(figures)
    if n < at_least:
        return Told(None, n)
    below = left_out(n)
    ordered = sorted(figures)
    ends = (None, None) if n < 9 else (ordered[below], ordered[n - 1 - below])
    return Told(statistics.median(figures), n, *ends)


@lru_cache
def left_out(n: int) -> int:
    """Of how many figures at most 2.5 % of all samples would have the median among the smallest."""
    samples = k = 0
    while samples * 40 <= 2**n:
        samples += comb(n, k)
        k += 1
    return max(k - 2, 0)


def total(figures: list[Decimal], by: Decimal | int = 1, *, at_least: int = 1) -> Told:
    return Told(sum(figures, Decimal()) / by if len(figures) >= at_least else None, len(figures))


def ratio_of_sums(posts: list[Numbers], above: str, below: str, at_least: int) -> Told:
    pairs = [(post[above], post[below]) for post in posts]
    known = [(number, by) for number, by in pairs if number is not None and by is not None]
    whole = sum((by for _, by in known), Decimal())
    enough = len(known) >= at_least and whole > 0
    return Told(sum((number for number, _ in known), Decimal()) / whole * 100 if enough else None, len(known))


def of_mature_posts(posts: list[Numbers], days: int) -> dict[str, Told]:
    """What is made of posts that have settled."""
    found = {}
    for name in (*COUNTS, "engagements"):
        found[f"{name}_per_post"] = mean(each(posts, name))
        found[f"{name}_per_post_median"] = median(each(posts, name))
    rates = each(posts, "engagements", "followers", 100)
    percent = {
        "engagement_rate_by_views": ("engagements", "views"),
        "engagement_rate_by_reach": ("engagements", "measured_reach"),
        "applause_rate": ("reactions", "followers"),
        "conversation_rate": ("comments", "followers"),
        "amplification_rate": ("shares", "followers"),
        "view_rate": ("views", "followers"),
        "reach_rate": ("measured_reach", "followers"),
    }
    return found | {
        "engagement_rate": median(rates, 5),
        "engagement_rate_mean": mean(rates, 5),
        "engagement_rate_per_day": total(rates, days, at_least=5),
        "engagements_per_1000_followers": total([rate * 10 for rate in rates], at_least=5),
        "engagement_rate_of_sums": ratio_of_sums(posts, "engagements", "followers", 5),
        "comments_per_100_reactions": ratio_of_sums(posts, "comments", "reactions", 5),
        "shares_per_100_reactions": ratio_of_sums(posts, "shares", "reactions", 5),
        "reach_per_post_median": median(each(posts, "reach")),
        "size_adjusted_index": mean(each(posts, "engagements"), 5),  # held against the sizes of all later
        **{key: median(each(posts, above, below, 100), 5) for key, (above, below) in percent.items()},
    }


def of_all_posts(posts: list[Numbers], days: int, on: Network) -> dict[str, Told]:
    """What counts the young ones too."""
    found = {name: summed(posts, name, shown=name in on.shows) for name in COUNTS}
    engagements = summed(posts, "engagements", shown=bool(on.parts))
    weighted = summed(posts, "weighted", shown=bool(on.parts))
    per_post = mean(each(posts, "engagements"))
    rates = each(posts, "engagements", "followers", 100)
    daily = each(posts, "engagements", "followers_that_day", 100)
    per_day = Told(None if engagements.value is None else engagements.value / days, engagements.n)
    number = Told(Decimal(len(posts)), len(posts))
    return found | {
        "posts": number,
        "posts_per_week": Told(Decimal(len(posts)) * 7 / days, len(posts)),
        "share_of_posts": number,  # held against the others' later
        "share_of_voice": engagements,
        "engagements": engagements,
        "engagements_per_day": per_day,
        "weighted_engagements": weighted,
        "weighted_engagements_per_post": mean(each(posts, "weighted")),
        "hashtags_per_post": mean(each(posts, "hashtags")),
        "posts_with_hashtags_share": mean(each(posts, "with_hashtags", times=100)),
        "posts_with_links_share": mean(each(posts, "with_links", times=100)),
        "text_length": replace(median(each(posts, "text_length")), low=None, high=None),
        "engagement_rate_mean_all_posts": mean(rates),
        "engagements_per_post_all_posts": per_post,
        "rival_iq_engagement_rate_per_post": ratio_of_sums(posts, "engagements", "followers", 1),
        "quintly_interaction_rate": per_post,  # divided by followers later
        "crowdtangle_interaction_rate": per_post,
        "orlo_average_engagement_rate": per_post,
        "popsters_er_day": per_day,
        "popsters_er_view": mean(each(posts, "engagements", "views", 100)),
        "fanpage_karma_engagement": total(daily, days),
        "fanpage_karma_post_interaction": Told(mean(days_alike(posts)).value, len(daily)),
    }


def summed(posts: list[Numbers], name: str, *, shown: bool) -> Told:
    """A sum; none where posts are there and hide it, and none over no posts of what is never shown."""
    known = each(posts, name)
    nothing = Decimal() if shown and not posts else None
    return Told(sum(known, Decimal()) if known else nothing, len(known))


def days_alike(posts: list[Numbers]) -> list[Decimal]:
    """The mean of each day's posts, by followers of that day."""
    rates = sorted(
        (post["day"], number / by * 100)
        for post in posts
        if (number := post["engagements"]) is not None and (by := post["followers_that_day"])
    )
    by_day = ([rate for _, rate in day] for _, day in groupby(rates, key=lambda rate: rate[0]))
    return [sum(day, Decimal()) / len(day) for day in by_day]


def of_moments(posts: list[Post], start: date, days: int) -> dict[str, Told]:
    """What is made of the times and kinds of posts alone."""
    by_day = [0] * days
    for post in posts:
        by_day[(post.at.date() - start).days] += 1
    quiet = [len(list(run)) for nothing, run in groupby(by_day, key=lambda n: n == 0) if nothing]
    shares = {f"posts_on_{day}_share": [post.at.weekday() == at for post in posts] for at, day in enumerate(WEEKDAYS)}
    for at, part in enumerate(PARTS_OF_A_DAY):
        shares[f"posts_in_the_{part}_share"] = [post.at.hour // 6 == at for post in posts]
    shares |= {f"{kind}_posts_share": [post.kind == kind for post in posts] for kind in KINDS}
    return {
        "active_days": Told(HUNDRED * sum(n > 0 for n in by_day) / days, len(posts)),
        "longest_pause": Told(Decimal(max(quiet, default=0)), len(posts)),
        "posting_spread": Told(spread(by_day), len(posts)),
        **{key: mean([HUNDRED * there for there in share]) for key, share in shares.items()},
    }


def spread(by_day: list[int]) -> Number:
    """The standard deviation of whole weeks, counted back from the end, by their mean."""
    weeks = len(by_day) // 7
    by_week = [Decimal(sum(by_day[len(by_day) - 7 * back :][:7])) for back in range(1, weeks + 1)]
    if weeks < 4 or not any(by_week):
        return None
    return statistics.variance(by_week).sqrt() / (sum(by_week, Decimal()) / weeks)


def of_followers(before: Number, end: Number, days: int) -> dict[str, Number]:
    """How followers grew between the two ends of a period."""
    if before is None or end is None:
        return {}
    found: dict[str, Number] = {"follower_growth": end - before, "follower_growth_per_day": (end - before) / days}
    if before == 0:
        return found
    weekly = (end / before) ** (Decimal(7) / days) - 1
    return found | {
        "follower_growth_rate": (end - before) / before * 100,
        "follower_growth_weekly": weekly * 100,
    }


GROWTH = ("follower_growth", "follower_growth_per_day", "follower_growth_rate", "follower_growth_weekly")


# --- one comparison --------------------------------------------------------------------------------------------------


@dataclass
class Period:
    """One account's figures over some days, and the followers that they are divided by."""

    told: dict[str, Told]
    before: Number
    end: Number
    average: Number
    at_end: Number  # however far away it was read

    def divided(self) -> dict[str, Told]:
        """Other tools' rates, for a hundred followers of their choice."""
        of_ends = None if self.before is None or self.end is None else (self.before + self.end) / 2
        by = {
            "quintly_interaction_rate": of_ends,
            "crowdtangle_interaction_rate": self.average,
            "orlo_average_engagement_rate": self.at_end,
            "popsters_er_day": self.at_end,
        }
        return {
            key: replace(told, value=told.value / followers * 100 if told.value is not None and followers else None)
            for key, followers in by.items()
            if (told := self.told.get(key))
        }


def period(frame: Frame, start: date, end: date, *, hours: int | None = None, strict: bool = False) -> Period:
    """Figures over some days; mature posts at a checkpoint where one is given.

    `strict`: followers have to be known near the end, as of the days that others are compared with.
    """
    account, on, days = frame.account, frame.network, (end - start).days + 1
    posts = account.between(start, end)
    told: dict[str, Told] = {}
    if account.knows(start, end):
        latest = [frame.numbers(post) for post in posts]
        mature = [frame.numbers(post, hours) for post in posts if post.read - post.at >= on.maturity]
        told = of_all_posts(latest, days, on) | of_mature_posts(mature, days) | of_moments(posts, start, days)
    begins, ends = midnight(start), midnight(end + DAY)
    before, after = edge(account.course, begins), edge(account.course, ends)
    by_day = [when(account.course, begins + DAY * day) for day in range(1, days + 1)]
    lenient = when(account.course, ends) if after is None else after
    found = Period(
        told=told,
        before=before,
        end=after,
        average=mean([count for count in by_day if count is not None]).value,
        at_end=after if strict else lenient,
    )
    n = sum(begins <= at <= ends for at, _ in account.course)
    growing = of_followers(before, after, days)
    found.told |= found.divided() | {key: Told(growing.get(key), n) for key in GROWTH}
    found.told["followers"] = Told(found.at_end, n)
    found.told["share_of_audience"] = Told(after, n)
    if on.digits is not None and not strict:
        found.told |= rounding(found, account.course, begins, ends, on.digits)
    return found


def rounding(found: Period, course: Course, begins: datetime, ends: datetime, digits: int) -> dict[str, Told]:
    """Between what ends the figures lie where the network rounds followers down."""
    top: Course = [(at, highest(count, digits)) for at, count in course if count is not None]
    days = (ends - begins) // DAY
    least = of_followers(edge(top, begins), found.end, days)
    most = of_followers(found.before, edge(top, ends), days)
    told = {
        key: replace(found.told[key], low=least.get(key), high=most.get(key))
        for key in GROWTH
        if found.told[key].value is not None
    }
    if found.at_end is None:
        return told
    high = edge(top, ends) if found.end is not None else highest(found.at_end, digits)
    return told | {"followers": replace(found.told["followers"], low=found.at_end, high=high)}


def common_age(frame: Frame, days: Iterable[tuple[date, date]]) -> int | None:
    """The oldest checkpoint at which every mature post of these days was read."""
    ages = [
        post.at_age.keys()
        for start, end in days
        for post in frame.account.between(start, end)
        if post.read - post.at >= frame.network.maturity
    ]
    return max(frozenset.intersection(*map(frozenset, ages)), default=None) if ages else None


def compared(rows: Mapping[str, Period]) -> dict[str, dict[str, Told]]:
    """Every account's figures, with shares of all and what is usual for its size."""
    found = {handle: dict(row.told) for handle, row in rows.items()}
    for key in ("share_of_voice", "share_of_posts", "share_of_audience"):
        values = [told[key].value if key in told else None for told in found.values()]
        whole = sum((value for value in values if value is not None), Decimal())
        shared = None not in values and whole > 0
        for told in found.values():
            if key in told:
                value = told[key].value
                told[key] = replace(told[key], value=value / whole * 100 if shared and value is not None else None)
    usual = line([(row.at_end, found[handle].get("size_adjusted_index")) for handle, row in rows.items()])
    for handle, row in rows.items():
        if index := found[handle].get("size_adjusted_index"):
            value = index.value / usual(row.at_end) * 100 if usual and row.at_end and index.value else None
            found[handle]["size_adjusted_index"] = replace(index, value=value)
    return found


def line(rows: list[tuple[Number, Told | None]]) -> Callable[[Decimal], Decimal] | None:
    """What is usual for so many followers: the least-squares line through the logarithms of five rows or more."""
    points = [(size.ln(), told.value.ln()) for size, told in rows if size and told and told.value]
    if len(points) < 5 or len({size for size, _ in points}) == 1:
        return None
    middle = sum((size for size, _ in points), Decimal()) / len(points)
    height = sum((brought for _, brought in points), Decimal()) / len(points)
    slope = sum(((size - middle) * brought for size, brought in points), Decimal()) / sum(
        ((size - middle) ** 2 for size, _ in points), Decimal()
    )
    return lambda followers: (height + slope * (followers.ln() - middle)).exp()


def figures(accounts: Mapping[str, Account], on: Network, start: date, end: date) -> dict[str, dict[str, Told]]:
    """All metrics of all accounts over the days from the first to the last, with their changes."""
    days = (end - start).days + 1
    earlier = (start - days * DAY, start - DAY)
    now: dict[str, Period] = {}
    again: dict[str, Period] = {}
    then: dict[str, Period] = {}
    with localcontext(prec=50):
        for handle, account in accounts.items():
            frame = Frame.of(account, on, earlier[0], end)
            both = account.knows(start, end) and account.knows(*earlier)
            hours = common_age(frame, [earlier, (start, end)]) if both else None
            now[handle] = period(frame, start, end)
            again[handle] = period(frame, start, end, hours=hours)
            then[handle] = period(frame, *earlier, hours=hours, strict=True)
        shown, later, before = compared(now), compared(again), compared(then)
        for handle, told in later.items():
            told["followers"] = replace(told["followers"], value=again[handle].end)
        return {
            handle: {key: with_change(one, later[handle][key], before[handle].get(key)) for key, one in told.items()}
            for handle, told in shown.items()
        }


def with_change(shown: Told, later: Told, before: Told | None) -> Told:
    """A figure with how it moved since the days before, in its own unit and in percent."""
    if shown.value is None or later.value is None or before is None or before.value is None:
        return shown
    change = later.value - before.value
    if abs(change) < NOTHING:  # thirds and the like, cut off after fifty digits
        change = Decimal()
    return replace(shown, change=change, percent=change / abs(before.value) * 100 if before.value else None)
