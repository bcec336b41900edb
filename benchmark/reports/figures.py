"""How figures are written: three significant digits, `12.4k`, rates with two decimals from 1 to 10 %.

Pure: text out of numbers. Decimal marks follow the reader's language.
"""

from __future__ import annotations

import math

from django.utils.formats import number_format

NOT_AVAILABLE = "–"  # noqa: RUF001  # an en dash
MINUS = "−"  # noqa: RUF001  # the sign, not the hyphen
STEPS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def short(value: float | None, unit: str = "count") -> str:
    """A figure for a table cell, without its unit."""
    if value is None:
        return NOT_AVAILABLE
    return percent(value) if unit == "percent" else amount(value)


def estimated(value: float | None, low: float | None, high: float | None, unit: str = "count") -> str:
    """An estimate for a table cell, never without its range."""
    return f"≈ {short(value, unit)} ({short(low, unit)} – {short(high, unit)})"  # noqa: RUF001 - from-to


def percent(value: float) -> str:
    """`0.015`, `4.27`, `12.4`, `124`: two decimals from 1 to 10 %, two significant digits below, three above."""
    size = abs(value)
    if size == 0:
        return number_format(0)
    if size >= 9.995:
        return _written(value, _decimals_for(size, digits=3))
    if size >= 0.995:
        return _written(value, 2)
    return _written(value, min(_decimals_for(size, digits=2), 6))


def amount(value: float) -> str:
    """`845`, `84.5`, `12.4k`, `1.24M`: whole below a thousand where the number is whole."""
    size = abs(value)
    for step, letter in STEPS:
        # 999,600 is 1.00M, not 1000k.
        if size >= step * 0.9995:
            return _written(value / step, _decimals_for(size / step, digits=3)) + letter
    if float(value).is_integer():
        return _written(value, 0)
    return _written(value, _decimals_for(size, digits=3) if size >= 0.01 else 4)


def full(value: float | None, unit: str = "count") -> str:
    """The figure with every digit that a reader may want to copy, and its unit."""
    if value is None:
        return NOT_AVAILABLE
    size = abs(value)
    text = number_format(int(size), force_grouping=True) if float(size).is_integer() else _grouped(size)
    return f"{MINUS if value < 0 else ''}{text}{' %' if unit == 'percent' else ''}"


def with_unit(value: float | None, unit: str = "count") -> str:
    """A figure for a sentence: percentages with their sign."""
    return f"{short(value, unit)}\N{NO-BREAK SPACE}%" if value is not None and unit == "percent" else short(value, unit)


def signed(value: float, unit: str = "count") -> str:
    """A difference, its sign always written."""
    text = short(abs(value), unit)
    if value == 0:
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def _grouped(value: float) -> str:
    decimals = max(0, min(10, 9 - math.floor(math.log10(value))))
    written = number_format(round(value, decimals), decimal_pos=decimals, force_grouping=True)
    return written.rstrip("0").rstrip(".,") if decimals else written


def _written(value: float, decimals: int) -> str:
    return number_format(f"{value:.{decimals}f}").replace("-", MINUS)


def _decimals_for(size: float, *, digits: int) -> int:
    """How many decimals leave this many significant digits, after rounding has had its say."""
    if size == 0:
        return 0
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    rounded = round(size, decimals)
    return max(0, digits - 1 - math.floor(math.log10(rounded))) if rounded else decimals
