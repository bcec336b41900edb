"""A key that is tried says what it can do, against a local server that keeps to YouTube's description."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Credential, CredentialState
from benchmark import ingest
from benchmark.models import State
from benchmark.networks import NETWORKS, http
from tests.factories.rows import ProfileFactory, TrackedProfileFactory
from tests.servers.meta import ACCOUNT, TOKEN, DrawnPost, DrawnProfile, MetaServer
from tests.servers.youtube import DrawnChannel, DrawnVideo, YouTubeServer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=50)
SAMPLE = DrawnChannel(
    id="UCsamplesamplesample0000",
    handle="youtube",
    title="YouTube",
    subscribers=1_000_000,
    videos=[DrawnVideo(id="v1", published_at=datetime(2026, 5, 1, tzinfo=UTC), likes=1, views=2)],
)


def tried(
    secret: str, *channels: DrawnChannel, key: str = "a-key", **stands: object
) -> tuple[ingest.Trial, Credential]:
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=secret)
    Credential.objects.filter(pk=credential.pk).update(**stands)
    trial = trial_of(credential, *channels)
    credential.refresh_from_db()
    return trial, credential


def trial_of(credential: Credential, *channels: DrawnChannel) -> ingest.Trial:
    with YouTubeServer(list(channels), key="a-key") as server, http.Door(base_urls={"youtube": server.url}) as outside:
        return ingest.try_key(credential, door=ingest.Door(outside, keys={}), clock=lambda: NOW)


def test_a_key_that_works_says_so_with_what_is_left_of_its_day():
    trial, credential = tried("a-key", SAMPLE)

    assert trial.works
    assert trial.sentences == (
        "The key works: it reads profiles and posts on YouTube, tried on @youtube.",
        "9,997 of 10,000 units are left today.",  # the channel, its list, and the video in it
    )
    assert credential.state == CredentialState.WORKING


@pytest.mark.parametrize("key", sorted(key for key, network in NETWORKS.items() if network.asks_by_handle))
def test_a_network_that_takes_handles_only_is_tried_by_the_samples_handle(key):
    sample = DrawnProfile(id="17841400000000001", handle=NETWORKS[key].sample, posts=[DrawnPost(id="1", at=NOW)])
    need = NETWORKS[key].key_need
    assert need is not None
    secret = need.pack({"access_token": TOKEN, "account": ACCOUNT})
    credential = Credential.objects.keep(network=key, workspace=None, secret=secret)

    with MetaServer([sample]) as server, http.Door(base_urls={key: server.url}) as outside:
        trial = ingest.try_key(credential, door=ingest.Door(outside, keys={}), clock=lambda: NOW)

    label = NETWORKS[key].label
    assert trial.sentences[0] == f"The key works: it reads profiles and posts on {label}, tried on {sample.handle}."
    assert any("media.limit" in params["fields"] for _, params in server.asked)


def test_a_wrong_key_is_set_aside_with_its_reason():
    trial, credential = tried("wrong", SAMPLE)

    assert not trial.works
    assert trial.sentences[:2] == (
        "The key does not work.",
        "YouTube refuses the key. Check that it is right and that the YouTube Data API v3 is switched on for it.",
    )
    assert (credential.state, credential.set_aside_at) == (CredentialState.SET_ASIDE, NOW)
    assert credential.reason == trial.sentences[1]


def test_a_key_that_was_set_aside_and_works_again_is_used_again():
    trial, credential = tried("a-key", SAMPLE, state=CredentialState.SET_ASIDE, set_aside_at=NOW, reason="Refused.")

    assert trial.works
    assert (credential.state, credential.reason, credential.set_aside_at) == (CredentialState.WORKING, "", None)


@pytest.mark.parametrize(("secret", "due"), [("a-key", NOW), ("wrong", LATER)])
def test_a_key_that_works_wakes_what_waits_for_it(secret, due):
    credential = Credential.objects.keep(network="youtube", workspace=None, secret=secret)
    waiting = {"state": State.NEEDS_ATTENTION, "state_code": "credential_refused", "due_at": LATER}
    profile = TrackedProfileFactory.create(profile=ProfileFactory.create(network="youtube", **waiting)).profile

    trial_of(credential, SAMPLE)

    profile.refresh_from_db()
    assert profile.due_at == due


def test_nothing_is_said_of_a_key_while_its_network_is_away():
    credential = Credential.objects.keep(network="youtube", workspace=None, secret="a-key")
    with http.Door(base_urls={"youtube": "http://127.0.0.1:9"}) as outside:
        trial = ingest.try_key(credential, door=ingest.Door(outside, keys={}), clock=lambda: NOW)

    credential.refresh_from_db()
    assert (trial.works, trial.sentences[0]) == (False, "The key could not be tried.")
    assert credential.state == CredentialState.WORKING


def test_a_key_that_no_encryption_key_opens_says_what_to_do():
    credential = Credential.objects.keep(network="youtube", workspace=None, secret="a-key")
    Credential.objects.filter(pk=credential.pk).update(sealed="damaged")
    credential.refresh_from_db()
    with http.Door() as outside:
        trial = ingest.try_key(credential, door=ingest.Door(outside, keys={}), clock=lambda: NOW)

    assert not trial.works
    assert "ENCRYPTION_KEYS" in str(trial)


def test_of_a_key_whose_quota_its_network_calls_used_up_nothing_is_left_until_the_day_ends():
    credential = Credential.objects.keep(network="youtube", workspace=None, secret="a-key")
    moments = [NOW]
    with (
        YouTubeServer([SAMPLE], key="a-key", quota=6) as server,
        http.Door(base_urls={"youtube": server.url}) as outside,
    ):
        door = ingest.Door(outside, keys={})
        for _ in range(3):  # three calls each; of the third nothing is answered
            trial = ingest.try_key(credential, door=door, clock=lambda: moments[-1])
        assert "0 of 10,000 units are left today." in trial.sentences
        asked = len(server.asked)
        ingest.try_key(credential, door=door, clock=lambda: moments[-1])
        assert len(server.asked) == asked, "what is used up is not asked again"

        server.units_left = 10_000
        moments.append(NOW + timedelta(days=1))
        trial = ingest.try_key(credential, door=door, clock=lambda: moments[-1])
    assert trial.works
    assert "9,997 of 10,000 units are left today." in trial.sentences
