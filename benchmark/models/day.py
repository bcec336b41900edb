"""One profile, one UTC day."""

from __future__ import annotations

from django.db import models

from benchmark.models.post import Counts
from benchmark.models.profile import Profile


class ProfileDay(Counts):
    """Followers at a day's end, and the posts published that day with their counts as last read.

    Rebuilt whole from posts and readings, never incremented. A sum adds the posts on which the count is known and is
    null where none has it; `engagements_known` says on how many posts every part is known.
    """

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    followers = models.PositiveBigIntegerField(null=True)
    posts = models.PositiveIntegerField(default=0)
    engagements = models.PositiveBigIntegerField(null=True)
    engagements_known = models.PositiveIntegerField(default=0)
    rebuilt_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "day"], name="one_row_per_profile_and_day")]

    def __str__(self) -> str:
        return f"{self.profile_id} on {self.day}"
