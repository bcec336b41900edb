"""Files that somebody has sent in and looks at, before they are imported."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from benchmark.models.run import FetchRun

if TYPE_CHECKING:
    from accounts.models import User, Workspace

KEPT_FOR = timedelta(hours=1)


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, workspace: Workspace, user: User, *, now: datetime) -> UploadQuerySet:
        """What this person has sent in for this workspace, and has not kept lying for too long."""
        return self.filter(workspace=workspace, user=user, kept_at__gt=now - KEPT_FOR).without_content()

    def without_content(self) -> UploadQuerySet:
        """The rows alone: what is in a file is asked for where it is needed."""
        return self.defer("content", "parsed")

    def idle(self) -> UploadQuerySet:
        """Those that are not being imported."""
        return self.filter(Q(run=None) | Q(run__finished_at__isnull=False))

    def waiting(self) -> UploadQuerySet:
        """Those whose import was ordered and that nobody has begun with."""
        return self.filter(begun_at=None, run__isnull=False, run__finished_at=None)

    def left_lying(self, *, now: datetime) -> UploadQuerySet:
        """Those that nobody has imported in time."""
        return self.idle().filter(kept_at__lte=now - KEPT_FOR)


class Upload(models.Model):
    """A file between the moment it is sent in and its import. It is gone once it is imported, or after an hour.

    It lies here and not in a folder: a worker may run on another machine than the page, and whose it is is asked in
    the same breath as what is in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # nobody guesses one
    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="uploads")
    # Who has sent it in; empty: a program, with a key of the workspace.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()  # gzipped, unless it was packed already
    parsed = models.BinaryField(null=True)  # what was read of it, so that a large file is read once
    kept_at = models.DateTimeField()
    wanted = models.JSONField(default=dict)  # how it is to be imported
    rows = models.PositiveIntegerField(null=True)  # how many there are to store
    run = models.OneToOneField(FetchRun, models.SET_NULL, null=True, related_name="upload")  # the latest import of it
    begun_at = models.DateTimeField(null=True)  # when somebody began with that

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "file"
        verbose_name_plural = "files"

    def __str__(self) -> str:
        return self.name

    def is_left_lying(self, *, now: datetime) -> bool:
        """Whether it has been kept for too long to be shown."""
        return self.kept_at <= now - KEPT_FOR
