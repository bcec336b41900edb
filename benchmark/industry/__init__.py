"""What an industry is like: published figures, and the cohorts of this installation."""

from benchmark.industry.beside import beside
from benchmark.industry.cohorts import recompute_cohorts
from benchmark.industry.tiers import tier_of
from benchmark.industry.value import Figure

__all__ = ["Figure", "beside", "recompute_cohorts", "tier_of"]
