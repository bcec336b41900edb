"""The product's worker with a clock that the test sets: `celery --app tests.resilience.worker worker`.

Everything else about it is real. Its clock stands at the moment written in `DATA_DIR`, so that a visit that had to
be made again says the same moments as one that nobody disturbed. No test imports it: its clock would be changed too.
"""

import django

from tasks import app
from tests.resilience.clock import the_tests_clock

__all__ = ["app"]

django.setup()

from tasks import work  # noqa: E402 (it reads rows, so Django comes first)

vars(work)["utcnow"] = the_tests_clock
