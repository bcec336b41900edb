"""What an industry is like: published figures, and the cohorts of this installation."""

from benchmark.industry.beside import ask_beside
from benchmark.industry.cohorts import recompute_cohorts
from benchmark.industry.tiers import tier_of
from benchmark.industry.value import Figure

__all__ = ["Figure", "ask_beside", "recompute_cohorts", "tier_of"]
