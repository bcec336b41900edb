from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resilience.installation import Installation, installed
from tests.resilience.lives import FOLLOWED, VISITS, Left, lived_through, undisturbed


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all of these tests, made once."""
    folder: Path = tmp_path_factory.mktemp("installation")
    with installed(folder, at=VISITS[0], followed=FOLLOWED) as installation:
        yield installation


@pytest.fixture
def installation(running: Installation) -> Installation:
    """The installation at its beginning, with a worker that answers, whatever the test before has done to it."""
    running.back_to_stage()
    running.set_clock(VISITS[0])
    if running.worker is None or running.worker.poll() is not None:
        running.start_worker()
    return running


@pytest.fixture(scope="package")
def expected(running: Installation) -> Left:
    """What the visits leave behind when nobody disturbs them."""
    return lived_through(running, undisturbed)
