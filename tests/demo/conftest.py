from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from benchmark.demo import life
from benchmark.demo.cast import cast
from tests.servers.pretend import Pretend, pretend_networks

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def pretend() -> Iterator[Pretend]:
    """Both pretend networks, at noon of the first of November 2026 for ever."""
    with pretend_networks(now=NOON) as running:
        yield running


def deleted_post(network: str) -> tuple[life.Deed, datetime]:
    """A post that was deleted before that noon, and when."""
    days = [NOON.date() - timedelta(days=days) for days in range(1, 200)]
    accounts = [account for account in cast(network).values() if not account.state]
    posts = (post for day in days for account in accounts for post in life.posts_of(account, day))
    return next((post, post.deleted_at) for post in posts if post.deleted_at and post.deleted_at < NOON)
