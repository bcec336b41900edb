"""Figures of whole industries, each with its definition."""

from __future__ import annotations

from django.db import models

from benchmark.networks import network_choices


class IndustryFigure(models.Model):
    """A published figure, or one computed from this installation's own cohort of profiles.

    A figure may be drawn only beside a metric of the same definition: `metric` names it, and `parts`, `denominator`,
    `over_posts` and `over_profiles` say it in full. Percentiles of a cohort are rows of their own (`p25`, `p75`).
    """

    source = models.CharField(max_length=255)
    source_url = models.URLField(max_length=500, blank=True)
    year = models.PositiveSmallIntegerField()
    network = models.CharField(max_length=32, choices=network_choices)
    industry = models.CharField(max_length=64)  # "all", or a key of INDUSTRIES
    follower_tier = models.CharField(max_length=32, blank=True)
    metric = models.CharField(max_length=64)
    parts = models.CharField(max_length=255)
    denominator = models.CharField(max_length=64)
    over_posts = models.CharField(max_length=16)
    over_profiles = models.CharField(max_length=16)
    value = models.FloatField()
    unit = models.CharField(max_length=16, default="percent")
    profiles = models.PositiveIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)  # null: published by somebody else

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "year", "network", "industry", "follower_tier", "metric", "over_profiles"],
                name="one_figure_per_definition",
            ),
        ]
        indexes = [models.Index(fields=["network", "metric"], name="figures_for_reports")]

    def __str__(self) -> str:
        return f"{self.source}: {self.metric} {self.value} ({self.network}, {self.industry})"
