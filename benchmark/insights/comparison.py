"""What sentences are made from."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec

from benchmark.comparison import Against, Standing, apart
from benchmark.metrics import METRICS, Metric, Statistic, Unit
from benchmark.metrics.contrasts import Contrast
from benchmark.metrics.figures import Figures

# What leads a page, the most telling first; the first that at least two rows have is taken.
HEADLINES = (
    "engagement_rate",
    "engagements_per_post_median",
    "views_per_post_median",
    "follower_growth_rate",
    "followers",
    "posts_per_week",
)

NO_BREAK = "\N{NO-BREAK SPACE}"  # a figure and its unit stay on one line

LEADS, WE_STAND, WATCH, CONTENT, TRY = "leads", "we_stand", "watch", "content", "try"


class Evidence(msgspec.Struct, frozen=True):
    """One figure that a finding rests on: whose it is (None: of all rows together), of what, and how sure."""

    tracked_id: int | None
    metric: str
    value: float
    low: float | None
    high: float | None
    n: int


class Sentence(msgspec.Struct, frozen=True):
    """One finding: what it is about, its code, its text, the rows that it names, and the figures that it rests on.

    `about` is `leads`, `we_stand`, `watch` (what changed), `content` (what goes with stronger posts) or `try`.
    """

    about: str
    code: str
    text: str
    metric: str | None = None
    tracked_ids: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Who a row is."""

    tracked_id: int
    name: str
    own: bool


@dataclass(frozen=True)
class Comparison:
    """All that sentences are made from. `write` puts a figure the way the page does (figure, unit).

    `rate` is the definition of the engagement rate that the reader has chosen, `verdicts` how own rows stand against
    competitors by metric, `contrasts` what goes with stronger posts, by the clock of `zone`.
    """

    rows: Sequence[Named]
    figures: Mapping[str, Figures]
    standings: Mapping[str, Standing]
    write: Callable[[float, str], str]
    rate: str = HEADLINES[0]
    verdicts: Mapping[str, Mapping[int, Sequence[Against]]] = field(default_factory=dict)
    contrasts: Sequence[Contrast] = ()
    zone: str = "UTC"

    @property
    def headlines(self) -> tuple[str, ...]:
        """What may lead, with the rate that was chosen."""
        return (self.rate, *HEADLINES[1:])

    @cached_property
    def headline(self) -> str | None:
        """The metric to speak of: the first with two ranked rows, else the first with one."""
        alone = None
        for key in self.headlines:
            ranked = len(self.ranked(key))
            if ranked > 1:
                return key
            if ranked and alone is None:
                alone = key
        return alone

    def ranked(self, key: str) -> list[int]:
        """The rows of the league with the most rows."""
        known = self.known(key)
        if not known:
            return []
        leagues = self.figures[key].leagues
        largest, _rows = Counter(leagues[row] for row in known).most_common(1)[0]
        return [row for row in known if leagues[row] == largest]

    def known(self, key: str) -> list[int]:
        """The rows that have a figure of this period; a follower count of another time is none."""
        if key not in self.standings:
            return []
        known = [row for row, value in enumerate(self.standings[key].values) if not math.isnan(value)]
        if METRICS[key].over_posts is not Statistic.AT_END:
            return known
        bases = self.figures[key].bases
        return [row for row in known if bases[row] != "backfilled"]

    def comparable(self, key: str, row: int) -> bool:
        """Whether some competitor's figure rests on the same basis as the row's."""
        known, leagues = self.known(key), self.figures[key].leagues
        return row in known and any(not self.rows[other].own and leagues[other] == leagues[row] for other in known)

    def written(self, key: str, value: float) -> str:
        unit = METRICS[key].unit
        text = self.write(value, unit.value)
        return f"{text}{NO_BREAK}%" if unit is Unit.PERCENT else text

    def ends(self, key: str, row: int) -> tuple[float, float]:
        return float(self.figures[key].low[row]), float(self.figures[key].high[row])

    def evidence(self, key: str, *rows: int) -> tuple[Evidence, ...]:
        """These rows' figures, as far as they are known."""
        figures = self.figures[key]
        return tuple(
            Evidence(
                tracked_id=self.rows[row].tracked_id,
                metric=key,
                value=float(figures.value[row]),
                low=_known(figures.low[row]),
                high=_known(figures.high[row]),
                n=int(figures.n[row]),
            )
            for row in rows
            if not math.isnan(figures.value[row])
        )

    def overlap(self, key: str, one: int, other: int) -> bool:
        """Whether two rows' figures are equal or their intervals meet, so that neither can be called ahead."""
        values = self.standings[key].values
        if values[one] == values[other]:
            return True  # also where there are no intervals
        ends = (*self.ends(key, one), *self.ends(key, other))
        if any(math.isnan(end) for end in ends):
            return METRICS[key].at_least > 0  # a few posts have no interval: nothing can be told apart
        return ends[0] <= ends[3] and ends[2] <= ends[1]


def _known(end: float) -> float | None:
    return None if math.isnan(end) else float(end)


def verdict(metric: Metric, value: float, ends: tuple[float, float], middle: float) -> str:
    """A figure against the competitors' median: `ahead`, `behind`, `level`, or `near` where the interval reaches it.

    Every door takes its words from here, so that no card claims what a sentence leaves open. An end is NaN where there
    is no interval: a rate over a few posts then tells nothing apart, while a count is what it is.
    """
    if value == middle:
        return "level"
    if metric.at_least > 0 and not apart(*ends, middle):
        return "near"
    return "ahead" if value > middle else "behind"


def named(key: str) -> str:
    """A metric's name within a sentence."""
    label = str(METRICS[key].label)
    return label[:1].lower() + label[1:]
