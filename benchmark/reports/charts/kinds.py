"""The kinds of posts: what each profile publishes, as shares of its posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import altair as alt
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benchmark.reports.charts.parts import ROW_STEP, Chart, Table, finished, own_in_bold, when
from benchmark.reports.charts.theme import LIGHT, Spec
from benchmark.reports.charts.words import kind_name, left_out, names_of, period_name
from benchmark.reports.figures import percent, short
from benchmark.reports.value import Report, Row

SEGMENT_WITH_NAME = 42  # pixels from which a kind's name fits into its part of a bar


def kinds(report: Report) -> Chart | None:
    """What each profile publishes, as shares of its posts."""
    rows = [(row, row.kinds) for row in report.rows if row.kinds and sum(row.kinds.values())]
    if not rows:
        return None
    names = names_of(report.rows)
    totals: Counter[str] = Counter()
    for __, found in rows:
        totals.update(found)
    order = [kind for kind, n in totals.most_common() if n]
    posts = sum(totals.values())
    return Chart(
        key="kinds",
        title=_("%(share)s %% of all posts are of the kind “%(kind)s”")
        % {"share": percent(totals[order[0]] / posts * 100), "kind": kind_name(order[0])},
        subtitle=" · ".join(
            (_("Share of posts by kind, percent"), period_name(report.period),
             ngettext("%(n)s post", "%(n)s posts", posts) % {"n": short(posts)})
        ),
        caption=left_out(len(report.rows) - len(rows)),
        spec=_kinds_spec([(row, names[row.profile.tracked_id], found) for row, found in rows], names, order),
        table=Table(
            head=(_("Profile"), *(kind_name(kind) for kind in order)),
            rows=tuple(
                (names[row.profile.tracked_id], *(str(found.get(kind, 0)) for kind in order)) for row, found in rows
            ),
        ),
    )  # fmt: skip


def _kinds_spec(rows: Sequence[tuple[Row, str, dict[str, int]]], names: dict[int, str], order: Sequence[str]) -> Spec:
    segments = [segment for __, name, found in rows for segment in _segments(name, found, order)]
    base = alt.Chart(alt.InlineData(values=segments))
    bold = own_in_bold([row for row, *__ in rows], names)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, **bold))
    x: Spec = {"scale": alt.Scale(domain=[0, 100]), "title": None, "axis": alt.Axis(tickCount=4, grid=False)}
    labels = [kind_name(kind) for kind in order]
    colours = [LIGHT.get(kind, LIGHT["other_kind"]) if kind != "other" else LIGHT["other_kind"] for kind in order]
    fill = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=labels, range=colours),
        legend=alt.Legend(orient="top", title=None, columns=3, symbolType="square"),
    )
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("kind:N", title=_("Kind")),
        alt.Tooltip("posts:Q", title=_("Posts")),
        alt.Tooltip("share:Q", title="%", format=".1f"),
    ]
    bar = base.mark_bar(height={"band": 0.78})
    bar = bar.encode(y=y, x=alt.X("from:Q", **x), x2=alt.X2("to:Q"), color=fill, tooltip=tooltip)
    fits = f"(datum.to - datum.from) / 100 * width > {SEGMENT_WITH_NAME}"
    label = base.mark_text().encode(
        y=y,
        x=alt.X("middle:Q", **x),
        text=alt.Text("kind:N"),
        opacity=alt.OpacityValue(**when(fits, 1, 0)),
    )
    return finished(alt.layer(bar, label), height=ROW_STEP * len(rows))


def _segments(name: str, found: dict[str, int], order: Sequence[str]) -> list[Spec]:
    """The bar of one profile, cut into its kinds in one order for all."""
    total = sum(found.values())
    edges = [0.0]
    for kind in order:
        edges.append(edges[-1] + found.get(kind, 0) / total * 100)
    return [
        {
            "name": name,
            "kind": kind_name(kind),
            "posts": found[kind],
            "share": to - start,
            "from": start,
            "to": to,
            "middle": (start + to) / 2,
        }
        for kind, (start, to) in zip(order, pairwise(edges), strict=True)
        if found.get(kind)
    ]
