"""What lower layers refuse, as a command says it: one sentence and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import Workspace
from benchmark.imports import FileRefused
from benchmark.tracking import TrackingRefused


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Refusals of tracking and of files as a command's own. Every bad row of a file is listed, a line each."""
    try:
        yield
    except TrackingRefused as refusal:
        raise CommandError(refusal.sentence) from refusal
    except FileRefused as refusal:
        lines = [refusal.told(_), *(problem.told(_) for problem in refusal.problems)]
        raise CommandError("\n".join(lines)) from refusal


def workspace_of(slug: str) -> Workspace:
    """The workspace at this address. Raises `CommandError` where there is none."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:10])
        raise CommandError(f"There is no workspace “{slug}”. {f'There are: {known}.' if known else 'Make one first.'}")
    return workspace
