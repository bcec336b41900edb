"""Pictures of profiles, the script for charts, and the policy under which pages load both."""

import gzip
from datetime import UTC, datetime

import pytest
from django.test import Client

from benchmark.models import Avatar
from benchmark.web import bundle
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import ProfileFactory, TrackedProfileFactory
from tests.web.reading import read

PICTURE = b"RIFF....WEBP"


def pictured(**tracked):
    row = TrackedProfileFactory.create(**tracked)
    Avatar.objects.create(
        profile=row.profile, source_url="https://cdn.example.org/a.jpg", image=PICTURE, fetched_at=datetime.now(UTC)
    )
    return f"/avatars/{row.profile_id}.webp"


@pytest.mark.django_db
def test_a_picture_is_served_to_members_of_a_workspace_that_follows_it(workspace, browser):
    answer = browser("viewer").get(pictured(workspace=workspace))
    assert (answer.content, answer.headers["Content-Type"]) == (PICTURE, "image/webp")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"


@pytest.mark.django_db
def test_a_picture_that_only_others_follow_does_not_exist(workspace, browser):
    assert browser().get(pictured(workspace=WorkspaceFactory())).status_code == 404


@pytest.mark.django_db
def test_nobody_sees_pictures_without_signing_in(workspace):
    assert Client().get(pictured(workspace=workspace)).status_code == 302


@pytest.mark.django_db
def test_a_profile_without_a_picture_has_no_address_for_one(workspace, browser):
    row = TrackedProfileFactory.create(workspace=workspace, profile=ProfileFactory(read=True))
    page = read(browser().get(f"/w/{workspace.slug}/competitors/?network=bluesky"))
    assert browser().get(f"/avatars/{row.profile_id}.webp").status_code == 404
    assert not [image for image in page.all("img") if "avatars" in image.attributes["src"]]


def test_the_script_for_charts_comes_from_us_packed_and_may_be_kept_for_a_year():
    address = f"/charts/{bundle.wheel_version()}.js"
    packed = Client().get(address, headers={"Accept-Encoding": "br, gzip"})
    body = b"".join(packed)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert b"window.vegaEmbed=" in gzip.decompress(body)
    assert len(body) < 400_000
    assert Client().get(address).content == gzip.decompress(body)


def test_the_script_is_made_once():
    made = bundle.packed().stat().st_mtime_ns
    assert bundle.packed().stat().st_mtime_ns == made


def test_another_version_of_the_script_does_not_exist():
    assert Client().get("/charts/0.0.0.js").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["", "compare/bluesky/", "competitors/", "files/", "metrics/", "networks/"])
def test_no_page_carries_style_or_script_of_its_own_or_loads_from_elsewhere(workspace, browser, rest):
    TrackedProfileFactory(workspace=workspace, profile=ProfileFactory(read=True))
    answer = browser().get(f"/w/{workspace.slug}/{rest}")
    page = read(answer)
    scripts = [script for script in page.all("script") if script.attributes.get("type") != "application/json"]
    loaded = [
        *(script.attributes["src"] for script in scripts),
        *(image.attributes["src"] for image in page.all("img")),
    ]
    loaded += [link.attributes["href"] for link in page.all("link")]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert [script.text for script in scripts if script.text] == []
    assert page.all("style") == []
    assert [address for address in loaded if not address.startswith("/")] == []
    assert "style=" not in answer.content.decode()
    assert "onclick=" not in answer.content.decode()
