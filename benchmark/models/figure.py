"""Figures of whole industries: those that somebody published, and those of this installation's own cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from benchmark.models.brand import INDUSTRIES
from benchmark.networks import network_choices

ALL = "all"  # industries, or networks, together
TWO_NETWORKS = "instagram+facebook"

# By what a published figure is known: two rows that agree in all of it are two editions of one figure.
IDENTITY = (
    "source", "year", "edition", "network", "published_industry", "follower_tier", "post_format", "measure",
    "over_profiles",
)  # fmt: skip


def figure_networks() -> list[tuple[str, str]]:
    """What a published figure may be about: one network, two taken together, or all."""
    return [*network_choices(), (TWO_NETWORKS, "Instagram and Facebook"), (ALL, "All networks")]


def figure_industries() -> list[tuple[str, str]]:
    """Our industries, and all of them together."""
    return [(ALL, "All industries"), *INDUSTRIES.items()]


class IndustryFigureQuerySet(models.QuerySet["IndustryFigure"]):
    def current(self) -> IndustryFigureQuerySet:
        """Without those that a corrected figure has replaced."""
        return self.filter(replaced_at=None)

    def about(self, network: str) -> IndustryFigureQuerySet:
        """Those of a network, alone or taken together with others."""
        taken_together = [key for key, _label in figure_networks() if key == ALL or network in key.split("+")]
        return self.filter(network__in=taken_together)

    def replace(self, old: Iterable[IndustryFigure], new: Sequence[IndustryFigure], *, now: datetime) -> None:
        """Let corrected figures take the place of others, which stay. Call it inside a transaction."""
        self.filter(pk__in=[figure.pk for figure in old], replaced_at=None).update(replaced_at=now)
        for figure in new:
            figure.added_at = now
        self.bulk_create(new)


class IndustryFigure(models.Model):
    """A figure that somebody published, with its definition in full.

    It may stand beside a metric of the same definition only: `parts` names what is counted, `denominator` what that is
    divided by, `over_posts` the statistic over a profile's posts, `over_profiles` the one over the profiles. What a
    publisher calls the industry, the tier and the measure is kept; `industry` is ours, and empty where we have none.

    Nothing is overwritten: another edition is another row, and a corrected figure leaves the old one where it is, with
    the moment at which it was replaced.
    """

    publisher = models.CharField(max_length=64)
    source = models.CharField(max_length=255)
    source_url = models.URLField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)  # of the data; null: not said
    edition = models.CharField(max_length=64, blank=True)  # a quarter, or which version of a page
    network = models.CharField(max_length=32, choices=figure_networks)
    industry = models.CharField(max_length=64, choices=figure_industries, blank=True)
    published_industry = models.CharField(max_length=128)
    follower_tier = models.CharField(max_length=32, blank=True)
    post_format = models.CharField(max_length=32, blank=True)  # empty: posts of all formats
    measure = models.CharField(max_length=64)
    parts = models.CharField(max_length=64)
    denominator = models.CharField(max_length=32, blank=True)
    over_posts = models.CharField(max_length=16)
    over_profiles = models.CharField(max_length=16)
    value = models.FloatField()
    unit = models.CharField(max_length=32)
    profiles = models.PositiveIntegerField(null=True, blank=True)
    target = models.BooleanField(default=True)  # whether it is anything to aim at; `note` says why not
    note = models.TextField(blank=True)
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    objects = IndustryFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[*IDENTITY, "replaced_at"],
                nulls_distinct=False,
                name="one_current_figure_per_definition",
            ),
        ]
        indexes = [models.Index(fields=["network", "industry"], name="figures_for_reports")]

    def __str__(self) -> str:
        return f"{self.source}: {self.measure} {self.value} ({self.network}, {self.published_industry})"

    @property
    def identity(self) -> tuple[object, ...]:
        """By what it is known."""
        return tuple(getattr(self, name) for name in IDENTITY)


class CohortFigure(models.Model):
    """How one metric is distributed over a cohort: profiles of one network, industry and size, in one month.

    `quantiles` are the profiles' figures in ascending order, or of a large cohort so many at equal steps from the
    lowest to the highest. Only profiles whose figures have the same `basis` are counted. Rebuilt, never edited.
    """

    network = models.CharField(max_length=32, choices=network_choices)
    month = models.DateField()  # its first day
    industry = models.CharField(max_length=64, choices=figure_industries)
    follower_tier = models.CharField(max_length=32, blank=True)  # empty: of all sizes
    metric = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=32)
    profiles = models.PositiveIntegerField()
    mean = models.FloatField()
    p10 = models.FloatField()
    p25 = models.FloatField()
    p50 = models.FloatField()
    p75 = models.FloatField()
    p90 = models.FloatField()
    quantiles = ArrayField(models.FloatField())
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "month", "industry", "follower_tier", "metric"], name="one_distribution_per_cohort"
            ),
            # With fewer, a figure would tell of single profiles.
            models.CheckConstraint(condition=models.Q(profiles__gte=5), name="a_cohort_has_five_profiles"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.profiles} profiles ({self.network}, {self.industry}, {self.month:%Y-%m})"
