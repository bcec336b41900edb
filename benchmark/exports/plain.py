"""The Report as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from benchmark.metrics import REASONS, opening
from benchmark.metrics.reasons import ESTIMATED
from benchmark.networks import NETWORKS
from benchmark.reports.figures import estimated, short
from benchmark.reports.value import MetricInfo, Report, Row, Value


def benchmark(report: Report) -> str:
    """Findings, the table, and what to know about it."""
    period, first = report.period, opening(NETWORKS[report.network])
    parts = [
        f"{report.network}, {period.start} – {period.end} ({period.days} days)",  # noqa: RUF001 - from-to
        "\n".join(f"- {sentence.text}" for sentence in report.sentences),
        _table(report) if report.rows else "",
        _reasons(report),
        "\n".join(f"> {gap.sentence}" for gap in report.gaps if gap.metric in first),
        "\n".join(f"! {caution.sentence}" for caution in report.warnings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(report: Report) -> str:
    chosen = _columns(report) or list(report.metrics)
    heads = [_("Profile"), "", *(_head(metric) for metric in chosen)]
    lines = [
        [row.profile.shown_handle, _("own") if row.role == "own" else "", *(_cell(row, metric) for metric in chosen)]
        for row in report.rows
    ]
    return aligned([heads, *lines])


def _columns(report: Report) -> list[MetricInfo]:
    first = opening(NETWORKS[report.network])
    return [metric for metric in report.metrics if metric.key in first]


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Columns side by side: words to the left, figures to the right."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(_sized(line, widths))
        )
        for line in lines
    )


def _sized(line: Sequence[str], widths: Sequence[int]) -> list[tuple[str, int]]:
    return list(zip(line, widths, strict=True))


def _head(metric: MetricInfo) -> str:
    return f"{metric.label} %" if metric.unit == "percent" else metric.label


def _cell(row: Row, metric: MetricInfo) -> str:
    value = row.values[metric.key]
    if value.basis == ESTIMATED:
        return estimated(value.value, value.low, value.high, metric.unit)
    return f"{short(value.value, metric.unit)}{_place(value)}"


def _place(value: Value) -> str:
    return f" ({value.rank}.)" if value.rank else ""


def _reasons(report: Report) -> str:
    """Why figures are missing, once for each reason."""
    codes = dict.fromkeys(row.values[metric.key].reason for row in report.rows for metric in _columns(report))
    return "\n".join(f"– {REASONS[code]}" for code in codes if code)  # noqa: RUF001 - what the table shows
