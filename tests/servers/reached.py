"""Servers of the tests where the product looks for them, for tests that go through its own door."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

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


@contextmanager
def in_place_of(network: str, address: str) -> Iterator[None]:
    """The product's own door asks this address instead of the network, as an operator may tell it to."""
    from benchmark import ingest
    from benchmark.networks.http import Door

    ingest.door.cache_clear()
    with patch.dict(settings.NETWORK_BASE_URLS, {network: address}):
        try:
            yield
        finally:
            outside = ingest.door().outside
            assert isinstance(outside, Door)
            outside.close()
            ingest.door.cache_clear()
