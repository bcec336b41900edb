"""Findings in plain sentences: who leads, where we stand, what changed, what stands out, and what to try."""

from __future__ import annotations

from django.utils.translation import gettext as _

from benchmark.insights.changes import changes
from benchmark.insights.comparison import HEADLINES, NO_BREAK, WATCH, Comparison, Evidence, Named, Sentence, verdict
from benchmark.insights.content import stronger_posts
from benchmark.insights.standing import nobody_followed, where_we_stand, who_leads

__all__ = ["HEADLINES", "NO_BREAK", "Comparison", "Evidence", "Named", "Sentence", "sentences", "verdict"]

MOST = 7


def sentences(comparison: Comparison) -> tuple[Sentence, ...]:
    """Three to seven findings, none of which claims more than the figures hold; what matters most comes first."""
    if not comparison.rows:
        return (nobody_followed(),)
    ranked = sorted([*changes(comparison), *stronger_posts(comparison)], key=lambda found: (-found[0], found[1].code))
    nothing = Sentence(WATCH, "nothing_stands_out", _("No change stands out from its uncertainty in this period."))
    found = [sentence for _size, sentence in ranked] or [nothing]
    return (who_leads(comparison), where_we_stand(comparison), *found)[:MOST]
