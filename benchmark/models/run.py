"""The ledger: what was asked of whom, and what came of it; and what a key has spent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q, Sum

from benchmark.models.profile import Profile
from benchmark.networks import network_choices

if TYPE_CHECKING:
    from accounts.models import Workspace


class RunKind(models.TextChoices):
    FETCH = "fetch", "Fetch"
    IMPORT = "import", "Import"


class Trigger(models.TextChoices):
    """By whom a run was asked for."""

    SCHEDULE = "schedule", "Schedule"
    PERSON = "person", "Person"
    API_KEY = "api_key", "API key"
    COMMAND = "command", "Command"


class Outcome(models.TextChoices):
    """How a run ended."""

    DONE = "done", "Done"
    TRY_LATER = "try_later", "Will be tried again"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    GONE = "gone", "Gone"
    REFUSED = "refused", "Refused"
    ABANDONED = "abandoned", "Interrupted"  # its worker died; a later run took over


class FetchRunQuerySet(models.QuerySet["FetchRun"]):
    def visible_to(self, workspace: Workspace) -> FetchRunQuerySet:
        """Runs of the profiles that the workspace follows, newest first; other teams' imports and names left out."""
        theirs = Q(workspace=workspace) | Q(workspace=None, profile__tracked__workspace=workspace)
        return self.filter(theirs).order_by("-id").distinct()

    def requests_a_day(self, profiles: models.QuerySet[Profile], *, now: datetime) -> dict[str, float]:
        """By network, how many requests a day each of these profiles has cost over the last week."""
        week = self.filter(kind=RunKind.FETCH, profile__in=profiles, started_at__gt=now - timedelta(days=7))
        rows = (
            week.order_by()
            .values("network")
            .annotate(asked=Sum("requests"), read=Count("profile", distinct=True), first=Min("started_at"))
        )
        days = {row["network"]: max((now - row["first"]) / timedelta(days=1), 1.0) for row in rows}
        return {row["network"]: row["asked"] / row["read"] / days[row["network"]] for row in rows}


class FetchRun(models.Model):
    """One run of the ledger: by whom, when, how much was asked and changed, and how it ended.

    `workspace` is set where what ran belongs to one workspace (an import); a fetch serves everybody who follows.
    """

    kind = models.CharField(max_length=8, choices=RunKind, default=RunKind.FETCH)
    network = models.CharField(max_length=32, choices=network_choices)
    profile = models.ForeignKey(Profile, models.CASCADE, null=True, blank=True, related_name="runs")
    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, null=True, blank=True, related_name="runs")
    trigger = models.CharField(max_length=16, choices=Trigger)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=255, blank=True)  # an import's file name and format
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    backfill = models.BooleanField(default=False)
    outcome = models.CharField(max_length=16, choices=Outcome, null=True, blank=True)
    code = models.CharField(max_length=64, blank=True)
    sentence = models.TextField(blank=True)
    problems = models.JSONField(default=list, blank=True)  # bad rows of a file: [{"line": 7, "reason": "…"}]

    objects = FetchRunQuerySet.as_manager()

    class Meta:
        verbose_name = "run"
        verbose_name_plural = "ledger"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, outcome=None) | Q(finished_at__isnull=False, outcome__isnull=False),
                name="a_run_that_ended_has_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["profile", "-id"], name="runs_by_profile")]

    def __str__(self) -> str:
        ended = self.get_outcome_display() or "running"
        return f"{self.get_kind_display()} of {self.started_at:%Y-%m-%d %H:%M}: {ended}"


class Spend(models.Model):
    """What a key, known by its fingerprint, has used of its units in one window of its quota."""

    network = models.CharField(max_length=32, choices=network_choices)
    fingerprint = models.CharField(max_length=64)
    window = models.DateField()  # the day in the quota's own zone
    used = models.PositiveIntegerField(default=0)
    limit = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "fingerprint", "window"], name="one_row_per_key_and_window"),
            models.CheckConstraint(condition=Q(used__lte=models.F("limit")), name="never_more_than_the_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.network} on {self.window}: {self.used} of {self.limit}"
