"""What waits for a key is due as soon as there is one that may help, and nothing else is."""

from datetime import timedelta

import pytest

from accounts.models import Credential, CredentialState
from benchmark import ingest
from benchmark.ingest.waking import wake, wake_with
from benchmark.models import Outcome, Profile, State
from benchmark.networks.base import NeedsAttention
from benchmark.networks.keys import KeyNeed, KeyPart, in_query
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, ProfileFactory, TrackedProfileFactory
from tests.ingest.fakes import make_world, post
from tests.servers.worker import running_worker, soon

LATER = NOON + timedelta(minutes=50)
NEED = KeyNeed(parts=(KeyPart("key", "EXAMPLE_KEY", "Key"),), sign=in_query(key="key"), how="Get one at example.org.")


def waiting(workspace=None, *, code="credential_refused", state=State.NEEDS_ATTENTION, **fields) -> Profile:
    """A followed profile that is looked at again in fifty minutes."""
    following = {"workspace": workspace} if workspace else {}
    fields = {"due_at": LATER, "state": state, "state_code": code, **fields}
    return TrackedProfileFactory.create(profile=ProfileFactory.create(**fields), **following).profile


def due_at(profile: Profile):
    return Profile.objects.values_list("due_at", flat=True).get(pk=profile.pk)


@pytest.mark.django_db
def test_a_workspaces_own_key_wakes_what_that_workspace_reads():
    ours = WorkspaceFactory.create()
    mine, others, paused, removed = waiting(ours), waiting(), waiting(ours), waiting(ours)
    paused.tracked.update(paused_at=NOON)
    removed.tracked.update(removed_at=NOON, slot=None)

    assert wake("bluesky", workspace=ours, now=NOON) == 1

    assert [due_at(profile) for profile in (mine, others, paused, removed)] == [NOON, LATER, LATER, LATER]


@pytest.mark.django_db
def test_a_key_for_everybody_wakes_all_of_its_network_that_wait_for_one():
    refused, missing = waiting(), waiting(code="credential_missing")
    used_up = waiting(code="quota_used_up", state=State.TRY_LATER)
    elsewhere = waiting(network="mastodon", external_id="social.example/1")
    private = waiting(code="profile_private")
    resting = waiting(code="", state=State.OK)

    assert wake("bluesky", workspace=None, now=NOON) == 3

    assert [due_at(profile) for profile in (refused, missing, used_up)] == [NOON] * 3
    assert [due_at(profile) for profile in (elsewhere, private, resting)] == [LATER] * 3


@pytest.mark.django_db
def test_what_is_due_already_keeps_its_place_in_the_line():
    earlier = waiting(due_at=NOON - timedelta(minutes=3))

    assert wake("bluesky", workspace=None, now=NOON) == 0
    assert due_at(earlier) == NOON - timedelta(minutes=3)


@pytest.mark.django_db
def test_a_key_that_is_kept_wakes_and_one_that_is_refused_does_not(time_machine):
    time_machine.move_to(NOON, tick=False)
    profile = waiting()

    credential = Credential.objects.keep(network="bluesky", workspace=None, secret="new")
    assert due_at(profile) == NOON

    Profile.objects.update(due_at=LATER)
    credential.set_aside(reason="Refused.", now=NOON)
    credential.name = "Another name"
    credential.save()
    assert (due_at(profile), credential.state) == (LATER, CredentialState.SET_ASIDE)
    assert wake_with(credential, now=NOON) == 0

    credential.replace_secret("another")
    credential.save()
    assert due_at(profile) == NOON


@pytest.mark.django_db
def test_a_profile_whose_key_was_refused_is_read_with_the_new_one_by_the_next_tick(time_machine):
    time_machine.move_to(NOON, tick=False)
    world = make_world(posts=[post("a")])
    follower = world.profile.tracked.get().workspace
    Credential.objects.keep(network="bluesky", workspace=follower, secret="old")

    def refuse(key, _url):
        if key == "old":
            raise NeedsAttention("credential_expired", "The key has expired.")

    world.outside.refuse = refuse
    assert world.visit(key_need=NEED).code == "credential_expired"
    assert Profile.objects.claim_due(now=NOON) == []

    Credential.objects.keep(network="bluesky", workspace=follower, secret="new")

    ((claimed, lease),) = Profile.objects.claim_due(now=NOON)
    network = world.network.declared(key_need=NEED)
    run = ingest.fetch(world.profile, lease=lease, door=world.door, clock=world.clock, network=network)
    assert run is not None
    assert (claimed, run.outcome) == (world.profile.pk, Outcome.DONE)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_with_a_key_in_its_environment_wakes_what_waits_for_it(child_env, tmp_path):
    far = {"due_at": NOON + timedelta(days=365_000)}  # from today too
    youtube = waiting(network="youtube", external_id="UCsample", **far)
    vk = waiting(network="vk", external_id="1", **far)

    with running_worker(child_env, tmp_path, YOUTUBE_API_KEY="a-key", VK_SERVICE_KEY=""):
        assert soon(lambda: due_at(youtube) != far["due_at"])

    assert due_at(vk) == far["due_at"]
