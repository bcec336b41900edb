import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def no_limits_left_over_from_another_test():
    """Sign-in counts attempts in the shared cache, which a test's transaction does not undo."""
    cache.clear()


@pytest.fixture
def signed_in():
    """A browser in which this person has signed in."""

    def browser(user):
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def sends_email(settings):
    """An installation with `EMAIL_URL`; gives what was sent."""
    settings.SENDS_EMAIL = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    return mail.outbox


@pytest.fixture
def time_machine_at():
    """Move to a moment, until the end of the test."""
    travels = []

    def travel(moment):
        travels.append(time_machine.travel(moment, tick=True))
        travels[-1].start()

    yield travel
    for journey in reversed(travels):
        journey.stop()
