"""How reading a followed profile stands: one rule, which Python and the database must read alike."""

from itertools import product

import pytest

from benchmark.models import Role, State, TrackedProfile
from benchmark.models.standing import NAMES, standing, standing_of
from benchmark.reports.followed import followed
from benchmark.web.following import state_of
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory

NEVER = {"removed_at": None, "paused_at": None, "from_file": False, "history_to": None, "state": State.OK}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "waiting"),
        ({"history_to": NOON}, "ok"),
        ({"state": State.GONE}, "gone"),
        ({"history_to": NOON, "state": State.TRY_LATER}, "try_later"),
        ({"from_file": True}, "file"),
        ({"paused_at": NOON, "from_file": True}, "paused"),
        ({"removed_at": NOON, "paused_at": NOON, "state": State.GONE}, "removed"),
    ],
)
def test_the_workspaces_own_state_goes_before_the_profiles(given, expected):
    assert standing_of(**NEVER | given) == expected


@pytest.fixture
def every_combination():
    """A workspace that follows one profile for each combination of what the rule looks at."""
    workspace = WorkspaceFactory.create()
    moments = (None, NOON)
    for removed, paused, owner, read, state in product(moments, moments, (None, workspace), (False, True), State):
        profile = ProfileFactory.create(workspace=owner, state=state, read=read)
        TrackedProfileFactory.create(
            workspace=workspace, profile=profile, role=Role.OWN, removed_at=removed, paused_at=paused
        )
    return workspace


@pytest.mark.django_db
def test_pages_and_the_database_agree_on_every_combination(every_combination):
    on_pages = {row.pk: state_of(row) for row in TrackedProfile.objects.select_related("profile")}

    in_database = dict(TrackedProfile.objects.annotate(standing=standing()).values_list("pk", "standing"))

    assert len(in_database) == 64
    assert in_database == on_pages
    assert set(in_database.values()) == set(NAMES)


@pytest.mark.django_db
def test_a_report_says_of_every_combination_what_the_pages_say(every_combination):
    on_pages = {row.pk: state_of(row) for row in TrackedProfile.objects.current().select_related("profile")}

    in_report = {each.tracked_id: each.standing for each in followed(every_combination.pk, "bluesky")}

    assert len(in_report) == 32
    assert in_report == on_pages


@pytest.mark.django_db
def test_a_profile_whose_posts_were_never_read_whole_waits_though_it_has_answered_once():
    tracked = TrackedProfileFactory.create(profile=ProfileFactory.create(read_at=NOON))

    [in_report] = followed(tracked.workspace_id, "bluesky")

    assert in_report.standing == state_of(tracked) == "waiting"
