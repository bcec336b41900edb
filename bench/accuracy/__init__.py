"""What is promised about being right, measured on published sets: `manage.py bench --only accuracy`.

A table is a module of this folder with a `TITLE` and a function `lines`, which is given the folder of the published
sets and yields its lines as they are measured. `TABLES` names them in the order of printing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.accuracy import age, intervals, reach, shrinkage

Lines = Callable[[Path], Iterator[str]]

TABLES: Mapping[str, tuple[str, Lines]] = {
    "intervals": (intervals.TITLE, intervals.lines),
    "shrinkage": (shrinkage.TITLE, shrinkage.lines),
    "age": (age.TITLE, age.lines),
    "reach": (reach.TITLE, reach.lines),
}
