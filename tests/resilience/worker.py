"""The product's worker with a clock that the test sets: `celery --app tests.resilience.worker worker`.

Everything else about it is real. Its clock stands at the moment written in `DATA_DIR`, so that a visit that had to be
made again says the same moments as one that nobody disturbed.
"""

from datetime import datetime

import django

from benchmark.environment import data_dir
from tasks import app

__all__ = ["app"]

CLOCK = "clock"


def the_tests_clock() -> datetime:
    return datetime.fromisoformat((data_dir() / CLOCK).read_text())


django.setup()

from tasks import work  # noqa: E402 (it reads rows, so Django comes first)

vars(work)["utcnow"] = the_tests_clock
