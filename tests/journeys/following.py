"""What a team does at the beginning of every journey, and how one knows that the worker has come to its end."""

from django.utils import timezone

from accounts.models import Workspace
from benchmark import ingest, tracking
from benchmark.models import FetchRun, Profile, Role


def follow(workspace: Workspace, network: str, handles: list[str], door: ingest.Door) -> None:
    for handle in handles:
        role = Role.OWN if handle == handles[0] else Role.COMPETITOR
        tracking.track(workspace, network, handle, role=role, by=tracking.By.command(), door=door, now=timezone.now())


def all_read() -> bool:
    """Whether the worker has read every profile and closed its ledger."""
    unread = Profile.objects.filter(history_to=None).exists()
    return not unread and not FetchRun.objects.filter(finished_at=None).exists()
