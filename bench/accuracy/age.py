"""How well a post's final count is told while it is young, on published readings: beside taking the count as it is.

Every figure comes out of the product's own `metrics.maturity`, fitted on other accounts or on the past, never on what
it is tried on. The error is |told - true| ÷ true; "inside" is how many true counts lie in the 80 % range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.replay import day_of, rows_of, utc
from benchmark.metrics import maturity
from benchmark.metrics.columns import Bools, Floats, Ints
from benchmark.metrics.factors import shipped_with
from benchmark.metrics.maturity import WORTH_ALL_KINDS, Curve, Factor, Range
from benchmark.metrics.overperformance import FEWEST, LAST, middle_half
from benchmark.models import CHECKPOINTS
from benchmark.models.post import LAST_COUNTS_UNTIL
from benchmark.networks import NETWORKS

FOLDS = 5
SEED = 2017
LONG = 14  # days on the list that are told apart
CUT = datetime(2017, 10, 1, tzinfo=UTC)
WORTH_OF_ACCOUNT = 5  # posts of an account that weigh as much as everybody's


@dataclass(frozen=True, slots=True)
class Error:
    """One way of telling the final count, on how many posts it was tried, and how far it was off."""

    way: str
    posts: int
    median: float
    inside: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Several ways on the same posts."""

    title: str
    errors: list[Error] = field(default_factory=list)

    def add(self, way: str, told: Floats, true: Floats, inside: Bools | None = None) -> None:
        off = np.abs(told - true) / true
        part = None if inside is None else float(inside.mean())
        self.errors.append(Error(way, len(off), float(np.median(off)), part))

    def lines(self) -> Iterator[str]:
        """The table as it is printed."""
        yield ""
        yield f"  {self.title}"
        yield f"  {'':<58} {'posts':>6} {'median error':>13} {'inside':>7}"
        for error in self.errors:
            inside = "" if error.inside is None else f"{error.inside:7.1%}"
            yield f"  {error.way:<58} {error.posts:6,} {error.median:13.1%} {inside:>7}"


TITLE = "Young posts: their final counts told beforehand, of posts that no fit has seen"


def lines(folder: Path) -> Iterator[str]:
    """Every table as it is printed."""
    for table in measure(folder):
        yield from table.lines()


def measure(folder: Path) -> Iterator[Table]:
    """Every table, as it is made."""
    videos = trending(folder / "youtube_trending_gb_2017")
    yield from of_other_channels(videos)
    yield from of_the_past(videos)
    yield after_a_week(folder / "youtube_tech_channels_2026")
    channels = telegram(folder / "telegram_channels_2025")
    yield read_twice(channels)
    yield by_the_channel(channels)


# --- YouTube, day by day ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Videos:
    """Videos on each day of theirs on the list of trending ones: views, NaN where it was not there."""

    channel: Ints
    category: Ints
    first: Ints  # ordinals of days
    last: Ints
    views: Floats  # videos x days on the list, without the last, which is
    final: Floats

    def __len__(self) -> int:
        return len(self.channel)

    @property
    def hours(self) -> Floats:
        """Nobody says when a video was published: the first day on the list is taken for the first of its life."""
        return np.where(np.isnan(self.views), np.nan, 24.0 * np.arange(1, self.views.shape[1] + 1))


def trending(folder: Path) -> Videos:
    """Videos that were seen on two days at least; those of the very first day may have been there before."""
    seen: dict[str, dict[int, float]] = {}
    about: dict[str, tuple[str, str]] = {}
    for row in rows_of(folder / "GBvideos.csv.gz"):
        if row["video_id"] != "#NAME?" and int(row["views"]):
            seen.setdefault(row["video_id"], {}).setdefault(day_of(row["date"]).toordinal(), float(row["views"]))
            about[row["video_id"]] = (row["channel_title"], row["category_id"])
    begin = min(min(days) for days in seen.values())
    kept = sorted(video for video, days in seen.items() if len(days) > 1 and min(days) > begin)
    first, last = (np.array([end(seen[video]) for video in kept]) for end in (min, max))
    views = np.full((len(kept), LONG), np.nan)
    for row_of, video in enumerate(kept):
        for day, count in seen[video].items():
            if day < last[row_of] and day - first[row_of] < LONG:
                views[row_of, day - first[row_of]] = count
    channel, category = (_numbered([about[video][part] for video in kept]) for part in (0, 1))
    final = np.array([seen[video][end] for video, end in zip(kept, last.tolist(), strict=True)])
    return Videos(channel, category, first, last, views, final)


def of_other_channels(videos: Videos) -> Iterator[Table]:
    """Fitted on other channels: in five parts, each tried with what the other four have taught."""
    part = np.random.default_rng(SEED).permutation(int(videos.channel.max()) + 1)[videos.channel] % FOLDS
    splits = [(part != fold, part == fold) for fold in range(FOLDS)]
    for day in range(3):
        yield _table(videos, day, splits, "fitted on other channels")


def of_the_past(videos: Videos) -> Iterator[Table]:
    """Fitted on videos that had left the list before October, tried on those that came to it from then on."""
    cut = CUT.toordinal()
    for day in range(3):
        yield _table(videos, day, [(videos.last < cut, videos.first >= cut)], "fitted on the past")


def _table(videos: Videos, day: int, splits: Sequence[tuple[Bools, Bools]], how: str) -> Table:
    days = ("first day", "first two days", "first three days")[day]
    table = Table(f"youtube_trending_gb_2017: a video's final views from its {days} on the list, {how}")
    known = ~np.isnan(videos.views[:, : day + 1]).any(axis=1)
    trials = [Trial(videos, taught, tried & known, day) for taught, tried in splits]
    true = np.concatenate([trial.true for trial in trials])
    for way, tell in WAYS.items():
        told = [tell(trial) for trial in trials]
        factors = np.concatenate([each for each in told if each is not None], axis=1) if told[0] is not None else None
        if factors is not None:
            middle, low, high = factors * np.concatenate([trial.now for trial in trials])
            table.add(way, middle, true, (low <= true) & (true <= high) if way in OURS else None)
    return table


@dataclass(frozen=True)
class Trial:
    """Some videos that teach, others on which it is tried, and how many days are known of these."""

    videos: Videos
    taught: Bools
    tried: Bools
    day: int

    @property
    def now(self) -> Floats:
        now: Floats = self.videos.views[self.tried, self.day]
        return now

    @property
    def true(self) -> Floats:
        return self.videos.final[self.tried]

    @property
    def hours(self) -> Floats:
        hours: Floats = self.videos.hours[self.tried, self.day]
        return hours

    @cached_property
    def curve(self) -> Curve:
        return self.curve_of(self.taught)

    def curve_of(self, taught: Bools) -> Curve:
        """What these videos teach."""
        given = self.videos.hours[taught], self.videos.views[taught], self.videos.final[taught]
        return Curve(24.0 * LONG + 1, known(maturity.fit(*given)), known(maturity.fit_by_tempo(*given)))

    def same(self, factor: float) -> Floats:
        """One factor for all, without a range."""
        return np.full((3, int(self.tried.sum())), factor)


def _as_it_is(trial: Trial) -> Floats:
    return trial.same(1.0)


def _one_factor(trial: Trial) -> Floats:
    """The middle of final ÷ count over all days, whatever the age."""
    taught = trial.videos.views[trial.taught]
    return trial.same(float(np.nanmedian(trial.videos.final[trial.taught, None] / taught)))


def _line(trial: Trial) -> Floats:
    """log(final) on log(count) at that age, by least squares."""
    there = trial.taught & ~np.isnan(trial.videos.views[:, trial.day])
    slope, begin = np.polyfit(np.log(trial.videos.views[there, trial.day]), np.log(trial.videos.final[there]), 1)
    factors: Floats = trial.same(1.0) * np.exp(begin + (slope - 1) * np.log(trial.now))
    return factors


def _by_age(trial: Trial) -> Floats:
    return ends(trial.curve.at(trial.hours))


def _by_kind(trial: Trial) -> Floats:
    """The same for each category, drawn towards all."""
    factors = trial.same(np.nan)
    category = trial.videos.category[trial.tried]
    for kind in np.unique(category).tolist():
        own = {each.hours: each for each in trial.curve_of(trial.taught & (trial.videos.category == kind)).factors}
        drawn = [own.get(each.hours, each).shrunk(each, worth=WORTH_ALL_KINDS) for each in trial.curve.factors]
        there = category == kind
        factors[:, there] = ends(Curve(trial.curve.settled, tuple(drawn)).at(trial.hours[there]))
    return factors


def _by_account(trial: Trial) -> Floats | None:
    """The same with how the channel's own earlier videos differed, where the past teaches; other channels have none."""
    channel = trial.videos.channel
    if not np.isin(channel[trial.tried], channel[trial.taught]).any():
        return None
    usual = trial.curve.at(trial.videos.hours[trial.taught, trial.day]).middle
    beyond = np.log(trial.videos.final[trial.taught] / trial.videos.views[trial.taught, trial.day] / usual)
    more = [_drawn_to_none(beyond[channel[trial.taught] == each]) for each in channel[trial.tried].tolist()]
    factors: Floats = _by_age(trial) * np.exp(more)
    return factors


def _drawn_to_none(beyond: Floats) -> float:
    own = beyond[~np.isnan(beyond)]
    return float(np.median(own)) * len(own) / (len(own) + WORTH_OF_ACCOUNT) if len(own) else 0.0


def _by_tempo(trial: Trial) -> Floats | None:
    """The same with the video's own tempo since the day before."""
    if not trial.day:
        return None
    known_days = np.s_[trial.tried, : trial.day + 1]
    tempo = maturity.tempos(trial.videos.hours[known_days], trial.videos.views[known_days])[:, -1]
    return ends(trial.curve.at(trial.hours, tempo))


AGE, TEMPO = "by its age (the product, with one reading)", "by its age and tempo (the product, with two)"
OURS = frozenset({AGE, TEMPO})
WAYS: dict[str, Callable[[Trial], Floats | None]] = {
    "take it as it is": _as_it_is,
    "one factor for all ages": _one_factor,
    "tried: a line through the logarithms (Szabo and Huberman)": _line,
    "tried: by its age and category": _by_kind,
    "tried: by its age and its channel's earlier videos": _by_account,
    AGE: _by_age,
    TEMPO: _by_tempo,
}


def ends(found: Range) -> Floats:
    """The factor in the middle, and the range's ends."""
    return np.array([found.middle, found.low, found.high])


def known(factors: Sequence[Factor | None]) -> tuple[Factor, ...]:
    """The factors that there are."""
    return tuple(factor for factor in factors if factor is not None)


def _numbered(words: Sequence[str]) -> Ints:
    numbers: Ints = np.unique(words, return_inverse=True)[1]
    return numbers


# --- YouTube, ages known ---------------------------------------------------------------------------------------------

TAKEN = (datetime(2026, 1, 28, 0, 26, tzinfo=UTC), datetime(2026, 2, 4, 10, 9, tzinfo=UTC))
SHIPPED = "shipped with the product (its half-life is from this set)"


def after_a_week(folder: Path) -> Table:
    """Videos under 14 days that were read twice: what a week brings, by what is shipped and by other channels."""
    later = {row["video_id"]: float(row["view_count"]) for row in rows_of(folder / "videos_2026-02.csv")}
    young = [
        (row["channel_id"], age, float(row["view_count"]), later[row["video_id"]])
        for row in rows_of(folder / "videos_2026-01.csv")
        if row["video_id"] in later and int(row["view_count"])
        if CHECKPOINTS[0] <= (age := (TAKEN[0] - utc(row["published_at"])).total_seconds() / 3600) < CHECKPOINTS[-2]
    ]
    channel, (hours, now, true) = _numbered([row[0] for row in young]), np.array([row[1:] for row in young]).T
    table = Table("youtube_tech_channels_2026: a video's views a week later, of videos from 1 hour to 14 days old")
    table.add("take it as it is", now, true)
    part = np.random.default_rng(SEED).permutation(int(channel.max()) + 1)[channel] % FOLDS
    one, learnt = np.zeros(len(now)), np.zeros((3, len(now)))
    for fold in range(FOLDS):
        taught, tried = part != fold, part == fold
        one[tried] = np.median(true[taught] / now[taught])
        curve = Curve(1e9, known(maturity.fit(*at_checkpoints(hours[taught], now[taught]), true[taught])))
        learnt[:, tried] = ends(curve.at(np.maximum(hours[tried], curve.factors[0].hours)))
    table.add("one factor for all ages", now * one, true)
    shipped, week = shipped_with(NETWORKS["youtube"]), (TAKEN[1] - TAKEN[0]).total_seconds() / 3600
    table.add(SHIPPED, now * shipped.at(hours).middle / shipped.at(hours + week).middle, true)
    middle, low, high = now * learnt
    table.add("learnt from other channels, by age", middle, true, (low <= true) & (true <= high))
    return table


def at_checkpoints(hours: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Readings of one age each, put under the last checkpoint that they have passed: posts x checkpoints."""
    ages, laid_out = (np.full((len(hours), len(CHECKPOINTS)), np.nan) for _ in range(2))
    place = np.searchsorted(CHECKPOINTS, hours, side="right") - 1
    ages[np.arange(len(hours)), place], laid_out[np.arange(len(hours)), place] = hours, counts
    return ages, laid_out


# --- Telegram --------------------------------------------------------------------------------------------------------

OLD = 28 * 24  # hours, after which hardly anybody looks at a post any more


@dataclass(frozen=True, slots=True)
class Channels:
    """Posts of Telegram channels, each read once at some age."""

    channel: Ints
    message: Ints
    hours: Floats
    published: Ints
    views: Floats
    renamed: Bools  # of the channel that stands under two ids, so that some of its posts were read twice


def telegram(folder: Path) -> Channels:
    """Every post's one reading that is at least an hour old."""
    message = {row["id"]: (row["channel_id"], row["message_id"]) for row in rows_of(folder / "posts.csv.gz")}
    read = {row["post_id"]: row for row in rows_of(folder / "post_reactions.csv")}
    rows = []
    for post, row in read.items():
        channel, number = message[post]
        published = utc(row["post_datetime"])
        hours = (utc(row["datetime_format"]) - published).total_seconds() / 3600
        if hours >= 1 and int(row["current_views"]):
            rows.append((int(channel), int(number), hours, published.timestamp(), float(row["current_views"])))
    channel, number, hours, published, views = np.array(rows).T
    whole = [column.astype(np.int64) for column in (channel, number, published)]
    return Channels(whole[0], whole[1], hours, whole[2], views, np.isin(channel, (25, 27)))


def growth_of(channels: Channels, there: Bools) -> tuple[Curve, float]:
    """How views grow with age, though no post was read twice: beside the middle of their own channel's old posts.

    And one factor for all young posts, whatever their age.
    """
    usual = {
        channel: float(np.median(channels.views[there & (channels.channel == channel) & (channels.hours >= OLD)]))
        for channel in np.unique(channels.channel[there & (channels.hours >= OLD)]).tolist()
    }
    there = there & np.isin(channels.channel, list(usual))
    final = np.array([usual[channel] for channel in channels.channel[there].tolist()])
    hours, views = channels.hours[there], channels.views[there]
    factors = known(maturity.fit(*at_checkpoints(hours, views), final))
    one = float(np.median((final / views)[hours < OLD]))
    return Curve(LAST_COUNTS_UNTIL, tuple(factor for factor in factors if factor.hours < OLD)), one


def read_twice(channels: Channels) -> Table:
    """The renamed channel's posts that were read under both ids: all that this set has of young and final views."""
    curve, one = growth_of(channels, ~channels.renamed)
    found: dict[int, list[tuple[float, float]]] = {}
    for place in np.flatnonzero(channels.renamed).tolist():
        found.setdefault(int(channels.message[place]), []).append((channels.hours[place], channels.views[place]))
    pairs = [sorted(readings) for readings in found.values() if len(readings) == 2]
    hours, now = np.array([pair[0] for pair in pairs]).T
    true = np.array([pair[1][1] for pair in pairs])
    table = Table(
        "telegram_channels_2025: final views of the posts read twice, 7 hours to 19 days old, by other channels"
    )
    table.add("take it as it is", now, true)
    table.add("one factor for all ages", now * one, true)
    table.add("by its age", now * curve.at(hours).middle, true)
    return table


def by_the_channel(channels: Channels) -> Table:
    """What is expected of a young post by its channel's old ones before it, as the report scores posts."""
    table = Table("telegram_channels_2025: views of posts under 28 days by their channel's posts before them")
    told: list[tuple[float, float, float, float]] = []
    for channel in np.unique(channels.channel).tolist():
        curve, one = growth_of(channels, channels.channel != channel)
        own = channels.channel == channel
        for place in np.flatnonzero(own & (channels.hours < OLD)).tolist():
            before = own & (channels.hours >= OLD) & (channels.published < channels.published[place])
            latest = np.argsort(channels.published[before])[-LAST:]
            expected, n = middle_half(channels.views[before][latest][None])
            factor = float(curve.at(channels.hours[[place]]).middle[0])
            if n[0] >= FEWEST and not np.isnan(factor):
                told.append((channels.views[place], expected[0], expected[0] / one, expected[0] / factor))
    true, same, by_one, by_age = np.array(told).T
    table.add("what the old ones have now", same, true)
    table.add("the same by one factor for all ages", by_one, true)
    table.add("the same brought to the post's age (the product)", by_age, true)
    return table
