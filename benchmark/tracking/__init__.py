"""What a workspace follows: the rules and sentences that the admin, the pages, the API and the commands share."""

from benchmark.ingest import By
from benchmark.tracking.brands import free_name, move_to_brand
from benchmark.tracking.files import Imported, import_followers, import_posts
from benchmark.tracking.following import (
    MOST_LINES,
    LineResult,
    bring_back,
    fetch_now,
    follow,
    pause,
    remove,
    resume,
    track,
    track_many,
)
from benchmark.tracking.looking_up import Found, look_up
from benchmark.tracking.recognising import recognise
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import free_slots, slots_in_use

__all__ = [
    "MOST_LINES",
    "By",
    "Found",
    "Imported",
    "LineResult",
    "TrackingRefused",
    "bring_back",
    "fetch_now",
    "follow",
    "free_name",
    "free_slots",
    "import_followers",
    "import_posts",
    "look_up",
    "move_to_brand",
    "pause",
    "recognise",
    "remove",
    "resume",
    "slots_in_use",
    "track",
    "track_many",
]
