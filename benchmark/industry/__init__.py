"""What an industry is like: published figures, and the cohorts of this installation."""

from benchmark.industry.beside import Found, Member, ask_beside
from benchmark.industry.cohorts import recompute_cohorts
from benchmark.industry.gaps import Account, gap_of
from benchmark.industry.listing import KINDS, figures_of, industries
from benchmark.industry.tiers import tier_of
from benchmark.industry.value import Figure, Gap, Industry, ListedFigure

__all__ = [
    "KINDS",
    "Account",
    "Figure",
    "Found",
    "Gap",
    "Industry",
    "ListedFigure",
    "Member",
    "ask_beside",
    "figures_of",
    "gap_of",
    "industries",
    "recompute_cohorts",
    "tier_of",
]
