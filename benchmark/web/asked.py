"""What a reader asked of the comparison in the address, and the addresses that ask for something else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict

from benchmark.metrics import DEFAULT, METRICS, OF_FOLLOWERS_ALONE, RATES, opening, rates_of
from benchmark.networks.base import Network

PERIODS = ("7d", "30d", "90d", "12m")


@dataclass(frozen=True, slots=True)
class Asked:
    """Period, definition of the rate, columns and order, as the address has them."""

    query: QueryDict
    rate: str
    columns: tuple[str, ...]
    sort: str

    @classmethod
    def of(cls, query: QueryDict, *, network: Network) -> Asked:
        """What is not understood falls back to the default; the period is read, and refused, elsewhere."""
        rate = query.get("rate", "")
        rate = rate if rate in rates_of(network) else RATES[0]
        chosen = tuple(key for key in dict.fromkeys(query.getlist("metrics")) if key in METRICS)
        default = tuple(rate if key in RATES else key for key in opening(network))
        return cls(query=query, rate=rate, columns=chosen or default, sort=query.get("sort", ""))

    def without_posts(self) -> Asked:
        """The same where nobody's posts can be had: about followers, unless the reader chose the columns."""
        return self if self.query.getlist("metrics") else replace(self, columns=OF_FOLLOWERS_ALONE)

    @property
    def metrics(self) -> list[str]:
        """The metrics of the report: the default ones, and what the reader chose beside them."""
        return list(dict.fromkeys([*(metric.key for metric in DEFAULT), *self.columns]))

    @property
    def period(self) -> str:
        return self.query.get("period", "")

    @property
    def start(self) -> str:
        return self.query.get("start", "")

    @property
    def end(self) -> str:
        return self.query.get("end", "")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form of this page has to send again, so that nothing but its own question changes."""
        return [(name, str(self.query[name])) for name in ("period", "start", "end", "rate") if self.query.get(name)]

    def link(self, **changed: str) -> str:
        """The query of the same page with something changed; an empty value takes it out."""
        query = self.query.copy()
        for name, value in changed.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"?{query.urlencode()}"

    def in_period(self, key: str) -> str:
        return self.link(period=key, start="", end="")
