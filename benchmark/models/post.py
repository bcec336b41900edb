"""Posts as last read, and how they stood at the checkpoints of their life."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.postgres.fields import ArrayField
from django.db import models

from benchmark.models.profile import Profile
from benchmark.networks.base import COUNTS, Kind

# The ages at which a post's counts are kept for good, in hours: 1 h to 3 days, then 7, 14 and 28 days.
CHECKPOINTS = (1, 3, 6, 12, 24, 48, 72, 168, 336, 672)
LAST_COUNTS_UNTIL = 1008  # a reading counts for the 28-day checkpoint until 42 days
COUNTS_UNTIL = (*((at + then) / 2 for at, then in pairwise(CHECKPOINTS)), LAST_COUNTS_UNTIL)


def checkpoint_at(age: timedelta) -> int | None:
    """The checkpoint, in hours, for which a reading at this age counts: the last passed, until halfway to the next."""
    hours = age.total_seconds() / 3600
    passed = bisect_right(CHECKPOINTS, hours)
    return CHECKPOINTS[passed - 1] if passed and hours < COUNTS_UNTIL[passed - 1] else None


def checkpoint_choices() -> list[tuple[int, str]]:
    """Checkpoints with their names; a callable, so that a new one makes no migration."""
    return [(hours, f"{hours} h" if hours < 96 else f"{hours // 24} d") for hours in CHECKPOINTS]


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of posts with their names; a callable, so that a new one makes no migration."""
    return [(kind.value, kind.value.capitalize()) for kind in Kind]


class Counts(models.Model):
    """The six counts that a network may show for a post. Null: not published, or hidden on this post."""

    reactions = models.PositiveBigIntegerField(null=True)
    comments = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    quotes = models.PositiveBigIntegerField(null=True)
    saves = models.PositiveBigIntegerField(null=True)
    views = models.PositiveBigIntegerField(null=True)

    class Meta:
        abstract = True


class PostQuerySet(models.QuerySet["Post"]):
    def published_between(self, start: datetime, end: datetime) -> PostQuerySet:
        """Posts published from `start` up to but not including `end`."""
        return self.filter(published_at__gte=start, published_at__lt=end)


class Post(Counts):
    """A post as last read. One deleted by its author is a tombstone: text, link and hashtags go, the counts stay."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="posts", db_index=False)
    external_id = models.CharField(max_length=255)
    url = models.TextField(blank=True)
    published_at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=kind_choices)
    text = models.TextField(blank=True)
    hashtags = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    first_read_at = models.DateTimeField()
    read_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True)  # absent from a part of the list that was read whole, once
    gone_at = models.DateTimeField(null=True)  # absent twice: deleted by its author
    dropped_at = models.DateTimeField(null=True)  # counts and text not refreshed for longer than the network allows

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "external_id"], name="one_row_per_post")]
        indexes = [
            # Everything that a benchmark reads of a post, so that reports never visit the table itself.
            models.Index(
                fields=["profile", "published_at"],
                include=["id", "read_at", "kind", "reactions", "comments", "shares", "quotes", "saves", "views"],
                name="posts_for_reports",
            ),
            models.Index(
                fields=["profile", "published_at"],
                include=["id"],
                condition=~models.Q(hashtags=[]),
                name="posts_with_hashtags",
            ),
        ]

    def __str__(self) -> str:
        return self.url or self.external_id


class PostReading(Counts):
    """What a network showed for one post at one checkpoint of its life, with the true time of the reading."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="readings", db_index=False)
    # The post's, so that the readings of one profile lie together; the database fills in what is left out.
    profile = models.ForeignKey(Profile, models.CASCADE, related_name="+", db_index=False)
    checkpoint = models.PositiveSmallIntegerField(choices=checkpoint_choices)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "checkpoint"], name="one_reading_per_checkpoint")]
        indexes = [
            # Everything that a benchmark reads of a reading, so that reports never visit the table itself.
            models.Index(fields=["profile", "checkpoint", "post"], include=COUNTS, name="readings_for_reports"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.checkpoint} h"


class OwnInsight(models.Model):
    """What only an owner can know of a post. Belongs to one workspace and never leaves it."""

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="insights")
    post = models.ForeignKey(Post, models.CASCADE, related_name="insights")
    reach = models.PositiveBigIntegerField(null=True)
    impressions = models.PositiveBigIntegerField(null=True)
    saves = models.PositiveBigIntegerField(null=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "post"], name="one_insight_per_workspace_and_post")]

    def __str__(self) -> str:
        return f"Insight of {self.post_id}"
