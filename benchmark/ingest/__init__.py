"""Records become rows and rebuilt days; safe to repeat. The ledger of runs, and the door to the networks."""

from datetime import datetime

from benchmark.ingest.doors import Door, door
from benchmark.ingest.keeping import drop_unrefreshed
from benchmark.ingest.ledger import By, close_interrupted_runs, close_run, open_run
from benchmark.ingest.pictures import small_picture
from benchmark.ingest.posts import Stored, store_posts
from benchmark.ingest.profiles import Reading, note_rename, store_profile, store_reading, store_readings
from benchmark.ingest.together import ReadAhead, batches, read_ahead
from benchmark.ingest.trial import Trial, try_key
from benchmark.ingest.visit import fetch
from benchmark.ingest.waking import wake_with_the_environments_keys
from benchmark.models import Profile
from benchmark.rollups import rebuild_days

__all__ = [
    "By",
    "Door",
    "ReadAhead",
    "Reading",
    "Stored",
    "Trial",
    "batches",
    "close_interrupted_runs",
    "close_run",
    "door",
    "drop_unrefreshed",
    "fetch",
    "note_rename",
    "open_run",
    "read_ahead",
    "rebuild_days",
    "request",
    "small_picture",
    "store_posts",
    "store_profile",
    "store_reading",
    "store_readings",
    "try_key",
    "wake_with_the_environments_keys",
]


def request(profile: Profile, *, now: datetime) -> None:
    """Make a fetched profile due at once: the next tick takes it up."""
    Profile.objects.fetched().filter(pk=profile.pk).update(due_at=now)
