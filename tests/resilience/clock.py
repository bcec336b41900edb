"""The clock that a test sets for a worker in another process."""

from datetime import datetime

from benchmark.environment import data_dir

CLOCK = "clock"  # a file in `DATA_DIR` with a moment


def the_tests_clock() -> datetime:
    """The moment at which the test has put the clock."""
    return datetime.fromisoformat((data_dir() / CLOCK).read_text())
