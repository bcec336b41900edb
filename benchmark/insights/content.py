"""What goes with stronger posts, and what to try."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benchmark.insights.changes import Ranked
from benchmark.insights.comparison import CONTENT, TRY, Comparison, Evidence, Sentence
from benchmark.metrics.contrasts import Contrast
from benchmark.networks.base import Kind

MOST = 2

KINDS = {
    Kind.TEXT: gettext_lazy("Text posts"),
    Kind.PHOTO: gettext_lazy("Photo posts"),
    Kind.ALBUM: gettext_lazy("Album posts"),
    Kind.VIDEO: gettext_lazy("Video posts"),
    Kind.LIVE: gettext_lazy("Live posts"),
    Kind.AUDIO: gettext_lazy("Audio posts"),
    Kind.LINK: gettext_lazy("Link posts"),
    Kind.POLL: gettext_lazy("Polls"),
    Kind.QUOTE: gettext_lazy("Quoting posts"),
    Kind.EVENT: gettext_lazy("Events"),
    Kind.NOTE: gettext_lazy("Notes"),
    Kind.OTHER: gettext_lazy("Posts of other kinds"),
}
WEEKDAYS = {
    "monday": gettext_lazy("Posts on Mondays"),
    "tuesday": gettext_lazy("Posts on Tuesdays"),
    "wednesday": gettext_lazy("Posts on Wednesdays"),
    "thursday": gettext_lazy("Posts on Thursdays"),
    "friday": gettext_lazy("Posts on Fridays"),
    "saturday": gettext_lazy("Posts on Saturdays"),
    "sunday": gettext_lazy("Posts on Sundays"),
}
HOURS = {
    "night": gettext_lazy("Posts between 0 and 6 o'clock (%(zone)s)"),
    "morning": gettext_lazy("Posts between 6 and 12 o'clock (%(zone)s)"),
    "afternoon": gettext_lazy("Posts between 12 and 18 o'clock (%(zone)s)"),
    "evening": gettext_lazy("Posts between 18 and 24 o'clock (%(zone)s)"),
}


def stronger_posts(comparison: Comparison) -> Iterator[Ranked]:
    """The largest differences between a profile's own posts that most profiles share, and what follows for us."""
    for contrast in comparison.contrasts[:MOST]:
        text = _(
            "%(posts)s bring %(times)s times what other posts of the same profile bring (%(low)s to %(high)s),"
            " in %(more)d of %(n)d profiles."
        ) % {
            "posts": _name(contrast, comparison.zone),
            "times": comparison.write(contrast.median, "ratio"),
            "low": comparison.write(contrast.low, "ratio"),
            "high": comparison.write(contrast.high, "ratio"),
            "more": contrast.more if contrast.median > 1 else contrast.n - contrast.more,
            "n": contrast.n,
        }
        yield contrast.size, Sentence(CONTENT, _code(contrast), text, comparison.rate, (), (_evidence(contrast),))
    yield from _to_try(comparison)


def _to_try(comparison: Comparison) -> Iterator[Ranked]:
    """What we do more rarely than the middle competitor, although it goes with stronger posts."""
    for contrast in comparison.contrasts:
        theirs = [
            share
            for share, who in zip(contrast.shares.tolist(), comparison.rows, strict=True)
            if not who.own and not np.isnan(share)
        ]
        ours = [
            (share, row)
            for row, (share, who) in enumerate(zip(contrast.shares.tolist(), comparison.rows, strict=True))
            if who.own and not np.isnan(share)
        ]
        if contrast.median < 1 or not theirs or not ours:
            continue
        middle, (share, row) = float(np.median(theirs)), min(ours)
        if share >= middle:
            continue
        who = comparison.rows[row]
        text = _(
            "Worth a try: %(posts)s are %(share)s\N{NO-BREAK SPACE}%% of what %(name)s publishes, and"
            " %(middle)s\N{NO-BREAK SPACE}%% with the middle competitor. What goes together need not be the cause."
        ) % {
            "posts": _name(contrast, comparison.zone),
            "share": comparison.write(share * 100, "percent"),
            "middle": comparison.write(middle * 100, "percent"),
            "name": who.name,
        }
        evidence = (_evidence(contrast),)
        yield contrast.size, Sentence(TRY, _code(contrast), text, comparison.rate, (who.tracked_id,), evidence)
        return


def _name(contrast: Contrast, zone: str) -> str:
    if contrast.sort == "kind":
        return str(KINDS[Kind(contrast.of)])
    if contrast.sort == "weekday":
        return str(WEEKDAYS[contrast.of])
    if contrast.sort == "hours":
        return str(HOURS[contrast.of]) % {"zone": zone}
    return _("Posts with hashtags")


def _code(contrast: Contrast) -> str:
    return f"{contrast.sort}_{contrast.of}".rstrip("_")


def _evidence(contrast: Contrast) -> Evidence:
    """The median of the profiles' ratios; `n` counts profiles."""
    return Evidence(None, f"ratio:{_code(contrast)}", contrast.median, contrast.low, contrast.high, contrast.n)
