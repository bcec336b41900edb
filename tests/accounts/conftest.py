import pytest
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def no_limits_left_over_from_another_test():
    """Sign-in counts attempts in the shared cache, which a test's transaction does not undo."""
    cache.clear()


@pytest.fixture
def signed_in():
    """A browser in which this person has signed in."""

    def browser(user, **options):
        client = Client(**options)
        client.force_login(user)
        return client

    return browser
