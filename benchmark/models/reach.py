"""What was learnt of reach from a workspace's own posts. Belongs to that workspace and never leaves it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from benchmark.networks import network_choices


class TriedOn(models.TextChoices):
    """On which posts, unknown to the fit, its error was found."""

    TIME = "time", "the posts that came next"
    ACCOUNTS = "accounts", "the posts of an account left out"
    PARTS = "parts", "a fifth of the posts, left out"


class ReachModel(models.Model):
    """A fit of reach on one network by the posts of one workspace, with how it did on posts it had not seen.

    Without `parameters` there were too few posts to fit: then `posts` says how many. They are plain numbers and words,
    so that reading them can do nothing but read. `error` and `recent_error` are medians of |estimated - true| ÷ true in
    percent, `coverage` is the percentage of posts inside the 80 % range that posts before them gave.
    """

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="reach_models")
    network = models.CharField(max_length=32, choices=network_choices)
    fitted_at = models.DateTimeField()
    posts = models.PositiveIntegerField()
    profiles = models.PositiveIntegerField(default=0)
    method = models.CharField(max_length=255, blank=True)
    tried_on = models.CharField(max_length=16, choices=TriedOn, blank=True)
    tried = models.PositiveIntegerField(default=0)
    error = models.FloatField(null=True, blank=True)
    coverage = models.FloatField(null=True, blank=True)
    recent = models.PositiveIntegerField(default=0)
    recent_error = models.FloatField(null=True, blank=True)
    drifts = models.BooleanField(default=False)
    followers_from = models.PositiveBigIntegerField(null=True, blank=True)
    followers_to = models.PositiveBigIntegerField(null=True, blank=True)
    engagements_from = models.PositiveBigIntegerField(null=True, blank=True)
    engagements_to = models.PositiveBigIntegerField(null=True, blank=True)
    kinds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    parameters = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "reach model"
        verbose_name_plural = "reach models"
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network"], name="one_reach_model_per_workspace_and_network"),
            models.CheckConstraint(
                condition=models.Q(parameters={}) | models.Q(error__isnull=False),
                name="an_estimate_has_an_error",
            ),
        ]

    def __str__(self) -> str:
        return f"Reach on {self.get_network_display()}, fitted {self.fitted_at:%Y-%m-%d} to {self.posts} posts"
