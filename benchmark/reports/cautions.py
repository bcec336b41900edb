"""What a reader should know before drawing a conclusion, and how fresh each row is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from benchmark.metrics import REASONS, REASONS_OF_SEVERAL
from benchmark.metrics.columns import Bools
from benchmark.metrics.figures import Figures
from benchmark.metrics.frame import Frame
from benchmark.metrics.reasons import ESTIMATED
from benchmark.metrics.steps import COMMON, ERROR, JUMP, PURGE, Mark
from benchmark.models import State
from benchmark.reach import METRIC, Learnt
from benchmark.reports.figures import full, signed
from benchmark.reports.followed import Followed
from benchmark.reports.value import Caution, Freshness

REMEDIES = {State.TRY_LATER, State.NEEDS_ATTENTION, State.GONE}
STEPS: dict[str, Any] = {
    PURGE: gettext_lazy("Followers of many profiles fell on one day, as when a network removes accounts: %(steps)s."),
    COMMON: gettext_lazy("Followers of many profiles rose on one day, as when a network counts anew: %(steps)s."),
    ERROR: gettext_lazy(
        "A follower count looks misread, because it was back within days: %(steps)s. Growth counts it as it was read."
    ),
    JUMP: gettext_lazy(
        "Followers jumped further than the profile's other days explain: %(steps)s. Growth counts it as it was read."
    ),
}
OF_HISTORY = ("not_read_yet", "history_starts_later", "history_ends_earlier")


def cautions(
    frame: Frame,
    followed: Sequence[Followed],
    figures: Mapping[str, Figures],
    marked: Sequence[Mark] = (),
    learnt: Learnt | None = None,
) -> tuple[Caution, ...]:
    """The report's warnings, the weightiest first. `marked` are the steps in follower counts."""
    return (
        tuple(found for look in (_history, _young, _hidden, _dropped, _fewer_parts) for found in look(frame, followed))
        + tuple(_estimated(followed, figures, learnt))
        + tuple(_backfilled(followed, figures))
        + tuple(_steps(followed, marked))
        + tuple(_pretend(followed))
    )


def freshness(followed: Sequence[Followed]) -> tuple[Freshness, ...]:
    """How far each row's figures reach, and the remedy where reading it fails."""
    return tuple(
        Freshness(
            tracked_id=each.tracked_id,
            profile_id=each.profile_id,
            read_at=each.read_at,
            history_from=each.history_from,
            history_to=each.history_to,
            state=each.standing,
            code=each.state_code,
            sentence=each.state_sentence,
            remedy=each.state if each.state in REMEDIES else None,
        )
        for each in followed
    )


def _history(frame: Frame, followed: Sequence[Followed]) -> Iterator[Caution]:
    for code in OF_HISTORY:
        rows = [row for row, reason in enumerate(frame.reasons) if reason == code]
        if rows:
            sentence = _("%(names)s: no figures over posts. %(why)s") % {
                "names": _names(followed, rows),
                "why": (REASONS if len(rows) == 1 else REASONS_OF_SEVERAL)[code],
            }
            yield _caution(code, sentence, followed, rows, n=len(rows))


def _young(frame: Frame, followed: Sequence[Followed]) -> Iterator[Caution]:
    young = frame.posts.current & ~frame.posts.mature
    n, rows = _where(frame, young)
    if n:
        days = frame.network.maturity.days
        sentence = ngettext(
            "%(n)d post was younger than %(days)d days when last read: left out of rates and figures per post.",
            "%(n)d posts were younger than %(days)d days when last read: left out of rates and figures per post.",
            n,
        ) % {"n": n, "days": days}
        yield _caution("provisional_posts", sentence, followed, rows, n=n)


def _hidden(frame: Frame, followed: Sequence[Followed]) -> Iterator[Caution]:
    if not frame.network.engagement_parts:
        return  # nothing is hidden where there is nothing
    posts = frame.posts
    n, rows = _where(frame, posts.current & np.isnan(posts.columns["engagements"]) & ~posts.dropped)
    if n:
        sentence = ngettext(
            "On %(n)d post a part of the engagements is hidden; it is missing from sums and rates.",
            "On %(n)d posts a part of the engagements is hidden; they are missing from sums and rates.",
            n,
        ) % {"n": n}
        yield _caution("hidden_parts", sentence, followed, rows, n=n, metric="engagements")


def _dropped(frame: Frame, followed: Sequence[Followed]) -> Iterator[Caution]:
    n, rows = _where(frame, frame.posts.current & frame.posts.dropped)
    if n:
        sentence = ngettext(
            "The counts of %(n)d post may be kept no longer; it is missing from sums and rates.",
            "The counts of %(n)d posts may be kept no longer; they are missing from sums and rates.",
            n,
        ) % {"n": n}
        yield _caution("kept_no_longer", sentence, followed, rows, n=n, metric="engagements")


def _fewer_parts(frame: Frame, followed: Sequence[Followed]) -> Iterator[Caution]:
    n, rows = _where(frame, frame.posts.current & frame.posts.lacks.any(axis=1))
    if n:
        parts = {part for row in rows for source in frame.subjects[row].sources for part in source.lacks}
        sentence = _("%(names)s: the imported file lacks %(parts)s, so engagements are the sum of the others.") % {
            "names": _names(followed, rows),
            "parts": ", ".join(sorted(parts)),
        }
        yield _caution("fewer_parts", sentence, followed, rows, n=n, metric="engagements")


def _estimated(
    followed: Sequence[Followed], figures: Mapping[str, Figures], learnt: Learnt | None
) -> Iterator[Caution]:
    """Which rows' reach is estimated, how far off the estimate was, on how many posts, and when that was found."""
    bases = figures[METRIC].bases if METRIC in figures else []
    rows = [row for row, basis in enumerate(bases) if basis == ESTIMATED]
    if not rows or learnt is None or learnt.error is None:
        return
    words = {
        "names": _names(followed, rows),
        "posts": f"{learnt.posts:,}",
        "day": f"{learnt.fitted_at:%Y-%m-%d}",
        "tried": f"{learnt.tried:,}",
        "error": f"{learnt.error:.0f}",
    }
    sentence = _(
        "%(names)s: reach is estimated, by a fit to %(posts)s of your own posts made on %(day)s. On %(tried)s of your"
        " posts that it had not seen, half of the estimates were more than %(error)s %% off; how much further off they"
        " are for other accounts cannot be known."
    )
    yield _caution("estimated_reach", sentence % words, followed, rows, n=len(rows), metric=METRIC)
    if learnt.drifts:
        late = {"recent": f"{learnt.recent:,}", "off": f"{learnt.recent_error or 0:.0f}"}
        sentence = _("Reach is changing: on your latest %(recent)s posts the estimates were %(off)s %% off.") % late
        yield _caution("reach_drifts", sentence, followed, rows, n=len(rows), metric=METRIC)


def _backfilled(followed: Sequence[Followed], figures: Mapping[str, Figures]) -> Iterator[Caution]:
    bases = figures["engagement_rate"].bases if "engagement_rate" in figures else []
    rows = [row for row, basis in enumerate(bases) if basis == "backfilled"]
    if rows:
        sentence = _(
            "%(names)s: some posts are older than the first follower reading, so that the rate divides by that one."
        ) % {"names": _names(followed, rows)}
        yield _caution("backfilled", sentence, followed, rows, n=len(rows), metric="engagement_rate")


def _steps(followed: Sequence[Followed], marked: Sequence[Mark]) -> Iterator[Caution]:
    for kind, form in STEPS.items():
        found = [mark for mark in marked if mark.kind == kind]
        if found:
            rows = list(dict.fromkeys(mark.row for mark in found))
            sentence = form % {"steps": _listed([_step(followed, mark) for mark in found], "; ")}
            yield _caution(f"follower_{kind}", sentence, followed, rows, n=len(found), metric="follower_growth")


def _step(followed: Sequence[Followed], mark: Mark) -> str:
    return _("%(name)s on %(day)s from %(before)s to %(after)s (%(change)s %%)") % {
        "name": followed[mark.row].label,
        "day": date_format(mark.day),
        "before": full(mark.before),
        "after": full(mark.after),
        "change": signed(mark.change, "percent"),
    }


def _pretend(followed: Sequence[Followed]) -> Iterator[Caution]:
    rows = [row for row, each in enumerate(followed) if each.pretend]
    if rows:
        yield _caution(
            "pretend_data", _("These are invented accounts with invented figures."), followed, rows, n=len(rows)
        )


def _where(frame: Frame, posts: Bools) -> tuple[int, list[int]]:
    """How many posts of rows with figures these are, and of which rows."""
    posts = posts & ~frame.unknown[frame.posts.row]
    return int(posts.sum()), np.unique(frame.posts.row[posts]).tolist()


def _names(followed: Sequence[Followed], rows: Sequence[int]) -> str:
    return _listed([followed[row].label for row in rows], ", ")


def _listed(names: Sequence[str], separator: str, most: int = 3) -> str:
    """The first few, and how many more there are."""
    listed = separator.join(names[:most])
    if len(names) <= most:
        return listed
    return _("%(names)s and %(more)d more") % {"names": listed, "more": len(names) - most}


def _caution(
    code: str, sentence: str, followed: Sequence[Followed], rows: Sequence[int], *, n: int, metric: str | None = None
) -> Caution:
    return Caution(code, sentence, metric, tuple(followed[row].tracked_id for row in rows), n)
