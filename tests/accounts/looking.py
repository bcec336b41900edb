"""What the tests of this folder look for in answers."""

import re

from accounts.models import ApiKey, Workspace


def opened_by(token: str) -> tuple[ApiKey, Workspace]:
    """The key and the workspace that a token opens; the test fails where it opens nothing."""
    opened = ApiKey.objects.authenticate(token)
    assert opened is not None
    return opened


def first(pattern: str, text: str) -> str:
    """The first group of the first place where the pattern is found."""
    found = re.search(pattern, text)
    assert found is not None
    return found[1]
