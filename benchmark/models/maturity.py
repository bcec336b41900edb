"""How counts grow with age, and days on which a network's follower counts stepped: learnt anew every night."""

from __future__ import annotations

from django.db import models

from benchmark.networks import network_choices


class MaturityFactor(models.Model):
    """What a count at one checkpoint has to be multiplied by until it has settled, learnt from this installation.

    `middle`, `low` and `high` are logarithms: of the factor in the middle, and of the ends of the range in which 80 %
    of the posts lie. They have been drawn towards those of all kinds (`kind` empty), and these towards what is shipped.
    `by_tempo`: for posts of which an earlier reading is known; `slope` is what a tempo above `tempo` adds.
    """

    network = models.CharField(max_length=32, choices=network_choices)
    kind = models.CharField(max_length=16, blank=True)  # empty: all kinds together
    count = models.CharField(max_length=16)  # "engagements" or "views"
    checkpoint = models.PositiveSmallIntegerField()
    by_tempo = models.BooleanField(default=False)
    hours = models.FloatField()  # the middle of the ages at which the posts were truly read
    posts = models.PositiveIntegerField()
    middle = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    tempo = models.FloatField(default=0)
    slope = models.FloatField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "kind", "count", "checkpoint", "by_tempo"], name="one_factor_per_age"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.kind or 'all kinds'}: {self.count} at {self.checkpoint} h"


class CommonStep(models.Model):
    """A day on which the followers of many profiles of one network stepped at once: a purge, where they fell."""

    network = models.CharField(max_length=32, choices=network_choices)
    day = models.DateField()
    profiles = models.PositiveIntegerField()  # that stepped
    of = models.PositiveIntegerField()  # that were read on that day and the one before
    change = models.FloatField()  # of those that stepped: the median, in percent
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "day"], name="one_step_per_network_and_day")]

    def __str__(self) -> str:
        return f"{self.network} on {self.day}: {self.change:+.1f} % for {self.profiles} of {self.of}"
