"""The cache may be lost at any time: whoever is signed in reads on."""

import copy

import pytest


@pytest.mark.django_db
def test_pages_open_while_the_cache_is_away(workspace, browser, settings):
    client = browser()
    caches = copy.deepcopy(settings.CACHES)
    caches["default"]["LOCATION"] = "redis://127.0.0.1:1/0"
    settings.CACHES = caches

    statuses = [
        client.get(f"/w/{workspace.slug}/{page}").status_code for page in ("", "compare/bluesky/", "competitors/")
    ]

    assert statuses == [200, 200, 200]
