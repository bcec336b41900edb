"""Published figures: facts with their source, year and full definition, shipped as data."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db.models import AutoField

from benchmark.models import IndustryFigure

FILE = Path(__file__).with_name("published.csv")
DEFINITION = ["source", "year", "network", "industry", "follower_tier", "metric", "over_profiles"]


def shipped() -> list[IndustryFigure]:
    """The figures of the file, as rows that are not stored yet."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return [_figure(line) for line in csv.DictReader(lines)]


def load() -> int:
    """Store the shipped figures; a figure that is there already is brought up to date. Safe to repeat."""
    figures = shipped()
    kept = {*DEFINITION, "computed_at"}
    changing = [
        field.name
        for field in IndustryFigure._meta.concrete_fields
        if field.name not in kept and not isinstance(field, AutoField)
    ]
    IndustryFigure.objects.bulk_create(figures, update_conflicts=True, unique_fields=DEFINITION, update_fields=changing)
    return len(figures)


def load_after_migrations(**_: object) -> None:
    """A receiver of `post_migrate`, so that an installation has its figures as soon as it has its tables."""
    load()


def _figure(line: dict[str, str]) -> IndustryFigure:
    numbers = {
        "year": int(line["year"]),
        "value": float(line["value"]),
        "profiles": int(line["profiles"]) if line["profiles"] else None,
    }
    return IndustryFigure(**{**line, **numbers})
