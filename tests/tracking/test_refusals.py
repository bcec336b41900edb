"""What refusals say, and that they say it in the reader's language."""

from pathlib import Path

import pytest
from django.utils.translation import gettext

from benchmark.imports import FileRefused
from benchmark.models import Brand, Profile, Role, TrackedProfile
from benchmark.networks.base import Gone, NeedsAttention, NetworkError, TryLater, credential_missing
from benchmark.networks.bluesky import BLUESKY
from benchmark.networks.mastodon import MASTODON
from benchmark.networks.youtube import YOUTUBE
from benchmark.tracking import files, refusals
from tests.factories.rows import NOON
from tests.marks import said_unmarked

SOURCES = sorted(Path(refusals.__file__).parent.glob("*.py"))

FOLLOWED = TrackedProfile(
    network="bluesky", profile=Profile(network="bluesky", name="Anna"), role=Role.OWN, brand=Brand(name="Acme")
)
RIVAL = TrackedProfile(
    network="bluesky", profile=FOLLOWED.profile, role=Role.COMPETITOR, slot=3, brand=Brand(name="Rival")
)


@pytest.mark.parametrize(
    "refuse",
    [
        lambda: refusals.unknown_network("x"),
        lambda: refusals.unknown_role("x"),
        lambda: refusals.unknown_industry("x"),
        refusals.nothing_given,
        lambda: refusals.not_a_handle("50 %", BLUESKY),
        lambda: refusals.not_a_handle_anywhere("50 %"),
        lambda: refusals.wrong_network("50 %", BLUESKY, MASTODON),
        lambda: refusals.ambiguous("50 %", [BLUESKY, YOUTUBE]),
        lambda: refusals.not_fetchable(BLUESKY),
        lambda: refusals.from_a_file(FOLLOWED),
        lambda: refusals.limit_reached(BLUESKY),
        lambda: refusals.already_tracked(FOLLOWED),
        lambda: refusals.already_tracked(RIVAL),
        refusals.brand_elsewhere,
        lambda: refusals.brand_of_other_role("50 %", Role.OWN),
        lambda: refusals.brand_of_other_role("50 %", Role.COMPETITOR),
        refusals.brand_name_missing,
        lambda: refusals.brand_name_too_long(255),
        lambda: refusals.brand_name_taken("50 %"),
        lambda: refusals.too_many_lines(100),
        lambda: refusals.removed(FOLLOWED),
        lambda: refusals.refused_by(TryLater("rate_limited", "Wait."), BLUESKY),
        lambda: refusals.refused_by(Gone("profile_not_found", "Not here."), BLUESKY),
    ],
)
def test_every_refusal_is_said_in_the_readers_language(in_brackets, refuse):
    sentence = refuse().sentence

    assert (sentence[0], sentence[-1]) == ("[", "]")


def test_a_refused_file_is_refused_in_the_readers_language(in_brackets):
    with pytest.raises(FileRefused) as caught:
        files.refuse_impossible_times(NOON.replace(year=2027), None, NOON)

    assert caught.value.told(gettext) == "[The time of counting, 2027-03-01 12:00, has not come yet.]"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_what_is_refused_of_a_file_is_marked_for_translation(source: Path):
    assert said_unmarked(source) == []


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Gone("profile_deactivated", "The server %(host)s is away.", host="50%.example"),
            "[The server 50%.example is away.] [Try again when it is back.]",
        ),
        (
            TryLater("rate_limited", "Wait at 95 %."),
            "[Bluesky could not be asked just now: [Wait at 95 %.] Nothing was saved; try again in a few minutes.]",
        ),
        (
            NeedsAttention("server_closed", "It is closed."),
            "[It is closed.]",
        ),
    ],
)
def test_what_a_network_says_is_said_in_the_readers_language_too(in_brackets, error: NetworkError, sentence: str):
    assert refusals.refused_by(error, BLUESKY).sentence == sentence


def test_how_to_get_a_key_is_said_in_the_readers_language_too(in_brackets):
    said = refusals.refused_by(credential_missing(YOUTUBE), YOUTUBE).sentence

    assert said.startswith("[YouTube asks for a key. [Create a project in Google Cloud, ")


def test_in_english_a_networks_sentence_is_what_it_was():
    assert credential_missing(YOUTUBE).sentence.startswith("YouTube asks for a key. Create a project in Google Cloud, ")
    assert str(Gone("profile_not_found", "%(host)s knows nobody.", host="50%.example")) == "50%.example knows nobody."
    assert str(Gone("profile_not_found", "Only 95 %.")) == "Only 95 %."
