"""What a workspace follows: the rules and sentences that the admin, the pages, the API and the commands share."""

from benchmark.ingest import By
from benchmark.tracking.brands import free_name, move_to_brand
from benchmark.tracking.files import Imported, import_file, import_followers, import_posts
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
from benchmark.tracking.previewing import Seen, Wanted, look
from benchmark.tracking.recognising import recognise
from benchmark.tracking.refusals import TrackingRefused
from benchmark.tracking.slots import free_slots, slots_in_use
from benchmark.tracking.uploads import (
    ASKED_AGAIN_AFTER,
    MANY_ROWS,
    Watched,
    carry_out,
    forget_uploads,
    keep,
    left_waiting,
    look_at,
    order_import,
    want,
    watch,
)

__all__ = [
    "ASKED_AGAIN_AFTER",
    "MANY_ROWS",
    "MOST_LINES",
    "By",
    "Found",
    "Imported",
    "LineResult",
    "Seen",
    "TrackingRefused",
    "Wanted",
    "Watched",
    "bring_back",
    "carry_out",
    "fetch_now",
    "follow",
    "forget_uploads",
    "free_name",
    "free_slots",
    "import_file",
    "import_followers",
    "import_posts",
    "keep",
    "left_waiting",
    "look",
    "look_at",
    "look_up",
    "move_to_brand",
    "order_import",
    "pause",
    "recognise",
    "remove",
    "resume",
    "slots_in_use",
    "track",
    "track_many",
    "want",
    "watch",
]
