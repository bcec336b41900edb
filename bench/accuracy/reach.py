"""How far estimated reach is off, and how many posts its 80 % ranges hold, on published sets with a known reach.

Every estimate is of a post that its fit has not seen, and is made by the product's own code: inside the posts that it
knows, a fit tries its shapes, weighs them and makes its range. Of five parts, each is estimated by a fit of the others,
parts of whole accounts where there are many; where an order in time is known, what came later is estimated by fits of
what came before it as well. Of accounts with five posts or more, the median is looked at too. Files of formats that the
product imports are read by its own readers, and of each post only what its network shows to everybody is taken. A post
that is refused, being unlike all that the fit has seen, is counted, and takes no part in error and coverage.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmark import imports
from benchmark.imports import PostRow
from benchmark.metrics.columns import Bools, Floats, Ints, micros
from benchmark.metrics.frame import KINDS
from benchmark.models import TriedOn
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Kind
from benchmark.reach.estimating import middle
from benchmark.reach.estimator import Estimates, Estimator, fitted
from benchmark.reach.posts import Measured, Seen
from benchmark.reach.trial import ACCOUNTS, PARTS, POSTS_OF_EACH, percent_off

TITLE = "Reach, estimated from what everybody can see: posts that the fit has not seen"
AT_ONCE = 2_000  # posts of 21 profiles in 90 days, each of which publishes about once a day
TIMES = 3  # so often are the parts drawn; error and coverage are the means
HEADS = (
    "  set                                              posts   error   aim  in range    refused   medians in range"
    "   past to next  in range"
)


@dataclass(frozen=True, slots=True)
class Set:
    """A published set on a network. `aim` is the error under which it should stay, in percent."""

    name: str
    network: str
    posts: Measured
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Errors and parts inside the range in percent; None where there are not many accounts, or no order in time."""

    posts: int
    error: float
    inside: float
    refused: float
    medians_inside: float | None
    next_error: float | None
    next_inside: float | None


def lines(folder: Path) -> Iterator[str]:
    """The table, line by line as it is measured."""
    yield HEADS
    for each in sets(folder):
        yield line_of(each, measure(each))
    yield "  sets that nobody looked at while the method was made"
    for each in sets(folder, UNSEEN):
        yield line_of(each, measure(each))
    yield f"  estimating {AT_ONCE:,} posts takes {milliseconds(next(sets(folder))):.1f} ms"


def milliseconds(each: Set, posts: int = AT_ONCE) -> float:
    """How long a report waits for the estimates of so many posts, in the median of some tries."""
    fit = fitted(each.posts, NETWORKS[each.network])
    if fit is None:
        raise ValueError(f"Too few posts of {each.network} to fit.")
    asked = each.posts.seen.where(np.arange(posts) % len(each.posts))
    tries = []
    for _ in range(25):
        begun = perf_counter()
        fit.estimator(asked)
        tries.append(perf_counter() - begun)
    return float(np.median(tries)) * 1_000


def line_of(each: Set, found: Result) -> str:
    aim = "" if each.aim is None else f"{each.aim:.0f} %"
    later = "" if found.next_error is None else f"{found.next_error:12.1f} % {found.next_inside or 0:8.0f} %"
    medians = "" if found.medians_inside is None else f"{found.medians_inside:.0f} %"
    return (
        f"  {each.name:<48} {found.posts:5} {found.error:6.1f} % {aim:>5} {found.inside:7.0f} % {found.refused:8.1f} %"
        f" {medians:>18} {later}"
    ).rstrip()


def measure(each: Set, times: int = TIMES) -> Result:
    """Estimate every post by fits that have not seen it."""
    posts, network = each.posts.different(), NETWORKS[each.network]
    rounds = [_round(posts, each.network, seed) for seed in range(times)]
    later = fitted(posts, network, TriedOn.TIME) if posts.published is not None else None
    coverage = None if later is None else later.trial.coverage()
    return Result(
        posts=len(posts),
        error=float(np.mean([percent_off(each.misses) for each in rounds])),
        inside=_percent([each.inside for each in rounds]),
        refused=_percent([each.refused for each in rounds]),
        medians_inside=_percent([each.medians for each in rounds]) if len(rounds[0].medians) else None,
        next_error=None if later is None else later.trial.error(),
        next_inside=None if coverage is None else coverage * 100,
    )


@dataclass(frozen=True, slots=True)
class _Round:
    """Every post estimated once. `misses` are logarithms of true ÷ estimated; the others say yes or no, one by one."""

    misses: Floats
    inside: Bools
    refused: Bools
    medians: Bools  # whether an account's is inside its range


def _round(posts: Measured, network: str, seed: int) -> _Round:
    of_accounts = len(np.unique(posts.profile)) >= ACCOUNTS
    part = _drawn(posts.profile if of_accounts else np.arange(len(posts)), seed)
    tried_on = TriedOn.ACCOUNTS if of_accounts else TriedOn.PARTS
    rounds = []
    for number in range(PARTS):
        asked, fit = posts.where(part == number), fitted(posts.where(part != number), NETWORKS[network], tried_on)
        if fit is None:
            raise ValueError(f"Too few posts of {network} to fit.")
        found = fit.estimator(asked.seen)
        known, true = ~np.isnan(found.reach), np.maximum(asked.reach, 1)
        inside = (found.low <= true) & (true <= found.high)
        medians = _medians_inside(asked.profile, true, found, fit.estimator) if of_accounts else []
        rounds.append(_Round(np.log(true / found.reach)[known], inside[known], ~known, np.array(medians, dtype=bool)))
    return _Round(*(np.concatenate([getattr(each, name) for each in rounds]) for name in _Round.__slots__))


def _medians_inside(profile: Ints, true: Floats, found: Estimates, estimator: Estimator) -> list[bool]:
    """For every account with enough estimated posts, whether the median of its reach is inside the range told of it."""
    inside = []
    for each in np.unique(profile):
        theirs = (profile == each) & ~np.isnan(found.reach)
        if theirs.sum() >= POSTS_OF_EACH:
            _value, low, high = middle(found.where(theirs), estimator)
            inside.append(low <= float(np.median(true[theirs])) <= high)
    return inside


def _percent(rounds: Sequence[Bools]) -> float:
    """The mean of the parts that say yes."""
    return float(np.mean([each.mean() for each in rounds])) * 100


def _drawn(groups: Ints, seed: int) -> Ints:
    """Five parts with equally many groups in each."""
    names, of = np.unique(groups, return_inverse=True)
    parts: Ints = (np.random.default_rng(seed).permutation(len(names)) % PARTS)[of]
    return parts


# --- the sets --------------------------------------------------------------------------------------------------------


Read = Callable[[Path], Iterator["Set"]]


def sets(folder: Path, which: Sequence[Read] | None = None) -> Iterator[Set]:
    """Every set with its aim, in the order of printing."""
    for read in SETS if which is None else which:
        yield from read(folder)


def cosmetics(folder: Path) -> Iterator[Set]:
    """A page's posts, the newest first; of their time only the order is taken."""
    kinds = {"Photo": Kind.PHOTO, "Status": Kind.TEXT, "Link": Kind.LINK, "Video": Kind.VIDEO}
    rows = _rows(folder / "reach_facebook_cosmetics_2014" / "dataset_Facebook.csv", delimiter=";")
    names = {"reactions": "like", "comments": "comment", "shares": "share"}
    seen = Seen(
        counts={ours: _numbers(rows, theirs, blank=0.0) for ours, theirs in names.items()},
        kind=_places(kinds[row["Type"]] for row in rows),
        followers=_numbers(rows, "Page total likes"),
    )
    reach, order = _numbers(rows, "Lifetime Post Total Reach"), np.arange(len(rows))[::-1]
    posts = Measured(seen, reach, profile=np.zeros(len(rows), dtype=np.int64), published=order)
    yield Set("reach_facebook_cosmetics_2014", "facebook", posts, aim=25)


def creator(folder: Path) -> Iterator[Set]:
    """One account's posts without dates; impressions stand for reach. Shares and saves are its owner's secret."""
    rows = _rows(folder / "reach_instagram_creator_119" / "Instagram data.csv")
    nobody = np.full(len(rows), np.nan)
    counts = {"reactions": _numbers(rows, "Likes"), "comments": _numbers(rows, "Comments")}
    seen = Seen(counts, kind=_places([Kind.OTHER] * len(rows)), followers=nobody)
    posts = Measured(seen, _numbers(rows, "Impressions"), profile=np.zeros(len(rows), dtype=np.int64))
    yield Set("reach_instagram_creator_119", "instagram", posts, aim=15)


def brands_on_x(folder: Path) -> Iterator[Set]:
    """Posts of many accounts, each estimated by other accounts' posts; views stand for reach."""
    path = folder / "reach_x_brand_posts_2024" / "posts.csv"
    followers = {row["id"]: float(row["followers"]) for row in _rows(path)}
    posts = _imported([path], reach=lambda row: row.post.views, followers=followers)
    yield Set("reach_x_brand_posts_2024, accounts never seen", "x", posts, aim=40)


def restaurant(folder: Path) -> Iterator[Set]:
    """Exports of one restaurant's owner."""
    here = folder / "reach_restaurant_3networks_2025"
    yield Set(
        "reach_restaurant_3networks_2025, Instagram", "instagram", _imported([here / "instagram_posts_repaired.csv"])
    )
    yield Set(
        "reach_restaurant_3networks_2025, Facebook", "facebook", _imported([here / "facebook_videos_repaired.csv"])
    )


def news_page(folder: Path) -> Iterator[Set]:
    """Exports of a very small page's owner: most posts move nobody."""
    here = folder / "reach_meta_oigetit_2025"
    yield Set("reach_meta_oigetit_2025, Facebook", "facebook", _imported(sorted(here.glob("facebook_posts_*.csv"))))
    yield Set("reach_meta_oigetit_2025, Instagram", "instagram", _imported(sorted(here.glob("instagram_posts_*.csv"))))


def owner_of_a_channel(folder: Path) -> Iterator[Set]:
    """What one channel's owner published; how often its pictures were shown stands for reach."""
    path = folder / "reach_youtube_kenjee_2022" / "Aggregated_Metrics_By_Video.csv"
    yield Set("reach_youtube_kenjee_2022", "youtube", _imported([path], reach=lambda row: row.impressions))


def videos_of_a_restaurant(folder: Path) -> Iterator[Set]:
    """The restaurant's third network; views stand for reach."""
    path = folder / "reach_restaurant_3networks_2025" / "tiktok_videos.csv"
    yield Set("reach_restaurant_3networks_2025, TikTok", "tiktok", _imported([path], reach=lambda row: row.post.views))


def channels(folder: Path) -> Iterator[Set]:
    """The five latest settled videos of many channels, each estimated by others; views stand for reach."""
    here = folder / "youtube_tech_channels_2026"
    subscribers = {
        row["channel_id"]: float(row["subscribers"]) for row in reversed(_rows(here / "daily_snapshots.csv"))
    }
    latest: dict[str, list[PostRow]] = defaultdict(list)
    for row in sorted(_read([here / "videos_2026-01.csv"]), key=lambda row: row.post.published_at, reverse=True):
        settled = row.counted_at is not None and row.counted_at - row.post.published_at >= NETWORKS["youtube"].maturity
        if row.owner is not None and row.owner.id in subscribers and settled and len(latest[row.owner.id]) < 5:
            latest[row.owner.id].append(row)
    rows = [row for of_one in latest.values() for row in of_one]
    followers = {row.post.external_id: subscribers[channel] for channel, of_one in latest.items() for row in of_one}
    posts = _measured(rows, reach=lambda row: row.post.views or None, followers=followers)
    yield Set("youtube_tech_channels_2026, channels never seen", "youtube", posts)


SETS: Sequence[Read] = (cosmetics, creator, brands_on_x, restaurant, news_page)
UNSEEN: Sequence[Read] = (owner_of_a_channel, videos_of_a_restaurant, channels)


def _imported(
    paths: Iterable[Path],
    *,
    reach: Callable[[PostRow], int | None] = lambda row: row.reach,
    followers: dict[str, float] | None = None,
) -> Measured:
    """The posts of files, each id once."""
    by_id = {row.post.external_id: row for row in _read(paths)}
    return _measured(by_id.values(), reach=reach, followers=followers)


def _read(paths: Iterable[Path]) -> Iterator[PostRow]:
    """The rows of files as the product's own readers read them."""
    for path in paths:
        yield from imports.read(path.read_bytes()).posts


def _measured(
    found: Iterable[PostRow], *, reach: Callable[[PostRow], int | None], followers: dict[str, float] | None
) -> Measured:
    rows = [row for row in found if reach(row) is not None]
    owners = {row.owner.key if row.owner else "": None for row in rows}
    places = {owner: place for place, owner in enumerate(owners)}
    of = [row.post for row in rows]
    seen = Seen(
        counts={name: np.array([_or_nan(getattr(post, name)) for post in of]) for name in COUNTS},
        kind=_places(post.kind for post in of),
        followers=np.array([(followers or {}).get(post.external_id, np.nan) for post in of]),
    )
    return Measured(
        seen,
        reach=np.array([_or_nan(reach(row)) for row in rows]),
        profile=np.array([places[row.owner.key if row.owner else ""] for row in rows]),
        published=np.array([micros(post.published_at) for post in of]),
    )


def _rows(path: Path, *, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def _numbers(rows: Iterable[dict[str, str]], name: str, *, blank: float = np.nan) -> Floats:
    return np.array([float(row[name]) if row[name].strip() else blank for row in rows])


def _places(kinds: Iterable[str]) -> Ints:
    return np.array([KINDS.index(kind) for kind in kinds])


def _or_nan(number: int | None) -> float:
    return np.nan if number is None else float(number)
