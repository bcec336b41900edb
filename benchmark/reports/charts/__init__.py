"""Charts as Vega-Lite specifications, made from the Report's own numbers: each with its finding, subtitle and table.

Nothing is computed here that a reader could not read off the report; only shares of a whole and indexes are drawn from
its figures. One theme serves the page in light and dark, and print: a specification is made in the colours of
`LIGHT`, and `recolour` or the page's script turns it into those of `DARK`.
"""

from benchmark.reports.charts.activity import activity
from benchmark.reports.charts.growth import growth
from benchmark.reports.charts.kinds import kinds
from benchmark.reports.charts.lines import moved_apart
from benchmark.reports.charts.parts import Chart
from benchmark.reports.charts.rates import rates
from benchmark.reports.charts.theme import DARK, IN_DARK, LIGHT, recolour
from benchmark.reports.charts.words import kind_name, names_of

__all__ = [
    "DARK",
    "IN_DARK",
    "LIGHT",
    "Chart",
    "activity",
    "growth",
    "kind_name",
    "kinds",
    "moved_apart",
    "names_of",
    "rates",
    "recolour",
]
