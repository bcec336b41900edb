"""Reach where nobody tells it: estimated from what everybody can see, with a range and a back-tested error.

A workspace's own posts whose reach its owner knows are fitted by a worker (`fit`, `fit_due`), and what was learnt is
kept as a row of that workspace. A report asks for it (`ask_learnt`) and fills in what is missing (`estimate`).
"""

from benchmark.reach.estimating import METRIC, Learnt, ask_learnt, estimate
from benchmark.reach.learning import fit, fit_due, known_to

__all__ = ["METRIC", "Learnt", "ask_learnt", "estimate", "fit", "fit_due", "known_to"]
