"""Profiles on networks, their pictures, and what was read of them and when."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q

from benchmark.networks import NETWORKS, Network, network_choices

if TYPE_CHECKING:
    from accounts.models import Workspace

CLAIM_LASTS = timedelta(seconds=90)  # as long as a queued task may wait for a worker
LEASE_LASTS = timedelta(minutes=5)  # renewed with every page that a worker stores


class State(models.TextChoices):
    """How reading a profile stands, in the words of its remedy."""

    OK = "ok", "Up to date"
    TRY_LATER = "try_later", "Will be tried again"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    GONE = "gone", "Gone"


class ProfileQuerySet(models.QuerySet["Profile"]):
    def fetched(self) -> ProfileQuerySet:
        """Profiles that come from a network, for everybody, as against those that a workspace's file brought."""
        return self.filter(workspace=None)

    def visible_to(self, workspace: Workspace) -> ProfileQuerySet:
        """Profiles that the workspace follows or has followed, and those that its own files brought."""
        return self.filter(
            Q(tracked__workspace=workspace) | Q(workspace=workspace),
        ).distinct()

    def followed(self) -> ProfileQuerySet:
        """Profiles that at least one workspace follows and has not paused."""
        following = Q(tracked__removed_at=None, tracked__paused_at=None, tracked__isnull=False)
        return self.filter(following).distinct()

    def claim_due(self, *, now: datetime, limit: int = 500) -> list[tuple[int, str]]:
        """Lease the profiles that are due to this caller alone: their ids, each with its lease, longest due first."""
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_DUE, {"now": now, "until": now + CLAIM_LASTS, "limit": limit})
            return [(int(pk), str(lease)) for pk, lease in cursor.fetchall()]

    def begin(self, profile_id: int, lease: str, *, now: datetime) -> bool:
        """Whether the lease still stands; the worker that begins holds it for five minutes from now."""
        standing = self.filter(pk=profile_id, lease=lease, lease_until__gt=now)
        return standing.update(lease_until=now + LEASE_LASTS) == 1

    def lease_one(self, profile_id: int, *, now: datetime) -> str | None:
        """A lease on one profile, due or not; None where somebody else is reading it."""
        lease = secrets.token_hex(8)
        free = self.filter(Q(lease_until=None) | Q(lease_until__lte=now), pk=profile_id)
        return lease if free.update(lease=lease, lease_until=now + LEASE_LASTS) else None


CLAIM_DUE = """
UPDATE benchmark_profile SET lease = substr(md5(random()::text || id::text || clock_timestamp()::text), 1, 16),
       lease_until = %(until)s
 WHERE id IN (
       SELECT profile.id FROM benchmark_profile profile
        WHERE profile.due_at <= %(now)s AND profile.workspace_id IS NULL
          AND (profile.lease_until IS NULL OR profile.lease_until <= %(now)s)
          AND EXISTS (SELECT 1 FROM benchmark_trackedprofile tracked WHERE tracked.profile_id = profile.id
                         AND tracked.removed_at IS NULL AND tracked.paused_at IS NULL)
        ORDER BY profile.due_at, profile.id LIMIT %(limit)s FOR UPDATE OF profile SKIP LOCKED)
RETURNING id, lease
"""


class Profile(models.Model):
    """A profile on a network. Fetched once for everybody (`workspace` null), or brought by one workspace's file.

    `history_from` is the oldest day whose posts were read whole, `history_to` the moment of the last complete
    reading: figures over posts exist for periods between the two, and for no others.
    """

    network = models.CharField(max_length=32, choices=network_choices)
    external_id = models.CharField(max_length=255)
    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, null=True, blank=True, related_name="files")
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True)
    url = models.URLField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    verified = models.BooleanField(null=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # when the account was made, where the network says so
    pretend = models.BooleanField(default=False)
    lacks = ArrayField(models.CharField(max_length=16), default=list, blank=True)  # parts that its file format has not

    followers = models.PositiveBigIntegerField(null=True)
    following = models.PositiveBigIntegerField(null=True)
    posts_published = models.PositiveBigIntegerField(null=True)

    history_from = models.DateField(null=True, blank=True)
    history_to = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)  # the last answer of the network about this profile
    changed_at = models.DateTimeField(auto_now_add=True)  # the last run that touched any row of this profile

    due_at = models.DateTimeField(null=True, blank=True)
    # What the plan of visits goes by, as of the last visit: `schedule.Demand`.
    pace = models.FloatField(null=True, blank=True, editable=False)  # relative change per hour
    wanted = models.FloatField(null=True, blank=True, editable=False)  # hours between visits
    calls = models.PositiveIntegerField(null=True, blank=True, editable=False)  # requests of a visit
    lease = models.CharField(max_length=16, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    state = models.CharField(max_length=16, choices=State, default=State.OK)
    state_code = models.CharField(max_length=64, blank=True)
    state_sentence = models.TextField(blank=True)
    state_since = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "external_id", "workspace"], nulls_distinct=False, name="one_row_per_profile"
            ),
            # The targets of the composite foreign keys of TrackedProfile.
            models.UniqueConstraint(fields=["id", "network"], name="profile_with_network"),
            models.UniqueConstraint(fields=["id", "workspace"], name="profile_with_workspace"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(workspace=None), name="profiles_by_due"),
            models.Index(fields=["network", "handle"], name="profiles_by_handle"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.handle} ({self.on.label})"

    @property
    def on(self) -> Network:
        """The declaration of the network that this profile is on."""
        return NETWORKS[self.network]

    @property
    def shown_handle(self) -> str:
        """The handle as its network writes it."""
        return self.on.shown_handle(self.handle)


class Avatar(models.Model):
    """A profile's picture, re-encoded small and served by us: no page makes a browser call a network."""

    profile = models.OneToOneField(Profile, models.CASCADE, primary_key=True, related_name="avatar")
    source_url = models.TextField()
    image = models.BinaryField()  # WebP, 96 by 96
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Picture of {self.profile_id}"


class ProfileReading(models.Model):
    """Followers, following and posts of a profile at the moment its answer arrived."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    followers = models.PositiveBigIntegerField(null=True)
    following = models.PositiveBigIntegerField(null=True)
    posts_published = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [
            # Followers ride along in the index, so that reports never visit the table itself.
            models.UniqueConstraint(
                fields=["profile", "read_at"], include=["followers"], name="one_reading_per_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} at {self.read_at:%Y-%m-%d %H:%M}: {self.followers}"
