"""Posts of published pages, as other tables of this folder resample them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from benchmark.metrics.columns import Floats, Ints

FEWEST = 300


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """What each post of a page brought, and in which month it was published."""

    engagements: Floats
    month: Ints


def read(folder: Path, *, fewest: int = FEWEST) -> Mapping[str, PublishedPage]:
    """The pages with so many posts, by name; a post that is listed twice counts once."""
    found = {}
    for file in sorted((folder / "facebook_pages_2016").glob("*_facebook_statuses.csv*")):
        posts = dict(_posts(file))
        if len(posts) >= fewest:
            brought, months = zip(*posts.values(), strict=True)
            page = PublishedPage(np.array(brought, dtype=np.float64), np.array(months, dtype=np.int64))
            found[file.name.partition("_facebook_statuses")[0]] = page
    return found


def _posts(file: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    open_as_text = gzip.open if file.suffix == ".gz" else open
    with open_as_text(file, "rt", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            brought = sum(int(line[name]) for name in ("num_reactions", "num_comments", "num_shares"))
            yield line["status_id"], (brought, datetime.fromisoformat(line["status_published"]).month)
