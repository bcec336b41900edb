"""Who follows whom: a workspace, a profile, for a brand, in one of twenty slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from benchmark.models.brand import Brand, Role
from benchmark.models.profile import Profile
from benchmark.networks import NETWORKS, Network, network_choices

if TYPE_CHECKING:
    from accounts.models import Workspace

COMPETITOR_LIMIT = 20


class TrackedProfileQuerySet(models.QuerySet["TrackedProfile"]):
    def of(self, workspace: Workspace) -> TrackedProfileQuerySet:
        """What a workspace follows or has followed."""
        return self.filter(workspace=workspace)

    def current(self) -> TrackedProfileQuerySet:
        """Not removed: followed, paused or not."""
        return self.filter(removed_at=None)

    def own(self) -> TrackedProfileQuerySet:
        return self.filter(role=Role.OWN)


class TrackedProfile(models.Model):
    """A workspace follows a profile for a brand: own, or a competitor with a slot from 1 to 20 until removed.

    `network` and `role` are copies that make the limit a rule of the database: a slot is unique per workspace and
    network, and deferred composite foreign keys tie the copies to the profile and to the brand (migration 0002).
    """

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="tracked")
    profile = models.ForeignKey(Profile, models.PROTECT, related_name="tracked")
    file_profile = models.ForeignKey(Profile, models.PROTECT, null=True, blank=True, related_name="tracked_as_file")
    network = models.CharField(max_length=32, choices=network_choices)
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="tracked")
    role = models.CharField(max_length=16, choices=Role)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TrackedProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "profile"], name="one_row_per_workspace_and_profile"),
            models.UniqueConstraint(fields=["workspace", "network", "slot"], name="one_competitor_per_slot"),
            models.CheckConstraint(
                condition=Q(slot=None) | Q(slot__gte=1, slot__lte=COMPETITOR_LIMIT), name="twenty_slots"
            ),
            models.CheckConstraint(
                condition=Q(role=Role.COMPETITOR, removed_at=None, slot__isnull=False)
                | (~Q(role=Role.COMPETITOR, removed_at=None) & Q(slot=None)),
                name="a_slot_exactly_for_a_current_competitor",
            ),
            models.CheckConstraint(
                condition=Q(file_profile=None) | ~Q(file_profile=F("profile")), name="a_file_beside_not_instead"
            ),
        ]
        indexes = [models.Index(fields=["profile"], condition=Q(removed_at=None), name="followers_of_a_profile")]

    def __str__(self) -> str:
        return f"{self.profile} in {self.workspace_id}"

    @property
    def on(self) -> Network:
        """The declaration of the network that this profile is on."""
        return NETWORKS[self.network]


class Competitor(TrackedProfile):
    """A followed profile of somebody we compare ourselves with, as the admin lists it."""

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return str(self.profile)


class OwnAccount(TrackedProfile):
    """A followed profile of our own, as the admin lists it."""

    class Meta:
        proxy = True

    def __str__(self) -> str:
        return str(self.profile)
