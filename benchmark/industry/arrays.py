"""Columns of figures in PostgreSQL's binary form of an array, without a Python object for each figure."""

from __future__ import annotations

import struct

import numpy as np
from psycopg import adapters
from psycopg.adapt import Dumper
from psycopg.pq import Format

from benchmark.metrics.columns import Floats

FLOAT8 = adapters.types["float8"]
HEAD = struct.Struct(">iiIii")  # dimensions, are there nulls, the elements' type, how many, the first one's index
ELEMENT = np.dtype([("length", ">i4"), ("figure", ">f8")])


def packed(figures: Floats) -> bytes:
    """The figures as `float8[]`."""
    elements = np.empty(len(figures), dtype=ELEMENT)
    elements["length"], elements["figure"] = ELEMENT["figure"].itemsize, figures
    return HEAD.pack(1, 0, FLOAT8.oid, len(figures), 1) + elements.tobytes()


def unpacked(array: bytes) -> Floats:
    """The figures of what `array_send` gives; none of them is null."""
    figures: Floats = np.frombuffer(array, dtype=ELEMENT, offset=HEAD.size)["figure"].astype(np.float64)
    return figures


class ColumnDumper(Dumper):
    """Lets a cursor take such a column as it is."""

    format = Format.BINARY
    oid = FLOAT8.array_oid

    def dump(self, obj: Floats) -> bytes:
        return packed(obj)
