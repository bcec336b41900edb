"""The pretend networks where the product looks for them, for tests that go through its own door."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def pretend():
    """Both pretend networks: handles under `.demo.invalid` are answered by these."""
    from benchmark import ingest
    from benchmark.embedded.addresses import write_private
    from benchmark.environment import PRETEND_FILE
    from benchmark.networks.http import Door
    from tests.servers.pretend import pretend_networks

    place = Path(settings.DATA_DIR) / PRETEND_FILE
    with pretend_networks() as running:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_private(place, {"address": running.address})
        yield running
        outside = ingest.door().outside
        assert isinstance(outside, Door)
        outside.close()
    ingest.door.cache_clear()
    place.unlink()
