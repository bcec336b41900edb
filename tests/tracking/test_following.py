"""Adding, pausing, removing and bringing back, and every refusal with its sentence."""

from datetime import timedelta

import pytest

from benchmark import tracking
from benchmark.models import Avatar, Brand, Profile, ProfileReading, Role, TrackedProfile
from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, TryLater
from benchmark.tracking import TrackingRefused
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, BrandFactory, ProfileFactory, TrackedProfileFactory

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def refusal(follow):
    """How following a text is refused: its code, its sentence and the field."""

    def refusal(text: str, **how) -> tuple[str, str, str]:
        with pytest.raises(TrackingRefused) as refused:
            follow(text, **how)
        return refused.value.code, refused.value.sentence, refused.value.field

    return refusal


def fill(workspace, count: int = 20) -> None:
    for _ in range(count):
        TrackedProfileFactory.create(workspace=workspace)


# --- adding ----------------------------------------------------------------------------------------------------------


def test_a_competitor_gets_the_lowest_place_a_brand_of_its_name_its_first_reading_and_its_picture(follow, workspace):
    tracked = follow("@Anna.example.org", industry="media", group="Rivals")

    profile = tracked.profile
    assert (tracked.role, tracked.slot, tracked.network) == ("competitor", 1, "bluesky")
    assert (tracked.brand.name, tracked.brand.role, tracked.brand.industry, tracked.brand.group) == (
        "Anna",
        "competitor",
        "media",
        "Rivals",
    )
    assert (profile.handle, profile.external_id, profile.workspace, profile.pretend) == (
        "anna.example.org",
        "did:plc:annaexampleorg",
        None,
        False,
    )
    assert (profile.due_at, profile.followers) == (NOON, 1_000)
    assert ProfileReading.objects.get().followers == 1_000
    assert bytes(Avatar.objects.get(profile=profile).image[8:12]) == b"WEBP"


def test_own_accounts_take_no_place(follow, workspace):
    fill(workspace)

    tracked = follow("anna.example.org", role="own")

    assert (tracked.role, tracked.slot, tracked.brand.role) == ("own", None, "own")


def test_a_profile_that_others_follow_already_is_the_same_row(follow, outside):
    first = follow("anna.example.org")
    Profile.objects.update(history_to=NOON, due_at=LATER)

    second = follow("anna.example.org", workspace=WorkspaceFactory.create(), now=NOON)

    assert second.profile == first.profile
    assert second.profile.due_at == LATER  # it is read for everybody already, when it is due
    assert second.brand != first.brand


def test_a_pretend_handle_is_asked_of_the_pretend_network_and_marked(follow, outside):
    outside.has("anna.demo.invalid", did="did:web:anna.demo.invalid")

    tracked = follow("anna.demo.invalid")

    assert tracked.profile.pretend
    assert outside.asked == [("anna.demo.invalid", True)]


def test_profiles_of_one_company_meet_in_one_brand_whatever_the_case_of_its_name(follow, workspace):
    BrandFactory.create(workspace=workspace, name="ANNA", role=Role.COMPETITOR)
    BrandFactory.create(name="Anna", role=Role.COMPETITOR)

    by_profile, by_name = follow("anna.example.org"), follow("bert.example.org", brand="  anna ")

    assert by_profile.brand == by_name.brand
    assert by_profile.brand.name == "ANNA"
    assert Brand.objects.filter(workspace=workspace).count() == 1


def test_an_own_brand_and_a_competitor_of_one_name_are_two(follow, workspace):
    own = follow("anna.example.org", role="own", brand="Acme")
    competitor = follow("bert.example.org", brand="Acme")

    assert own.brand != competitor.brand


def test_a_brand_that_was_chosen_keeps_its_industry_unless_another_is_given(follow, workspace):
    brand = BrandFactory.create(workspace=workspace, industry="media")

    assert follow("anna.example.org", brand=brand).brand.industry == "media"
    assert follow("bert.example.org", brand=brand, industry="travel").brand.industry == "travel"


def test_a_removed_profile_that_is_added_again_comes_back_in_its_own_row(follow, workspace):
    first = follow("anna.example.org", brand="Acme")
    tracking.remove(first, now=NOON)

    again = follow("anna.example.org", role="own")

    assert again.pk == first.pk
    assert (again.role, again.slot, again.removed_at, again.brand.role) == ("own", None, None, "own")


def test_a_handle_that_belongs_to_somebody_else_by_now_is_another_profile(follow, outside):
    before = follow("anna.example.org")
    outside.has("anna.example.org", did="did:plc:stranger")

    after = follow("anna.example.org")

    assert after.profile != before.profile
    assert TrackedProfile.objects.count() == 2


def test_a_renamed_profile_is_known_by_its_id(follow, outside, refusal):
    did = outside.has("anna.example.org")
    follow("anna.example.org")
    outside.has("anna.example.net", did=did)

    assert refusal("anna.example.net")[0] == "already_tracked"


# --- refusals --------------------------------------------------------------------------------------------------------


def test_the_21st_competitor_is_refused_without_asking_the_network(refusal, workspace, outside):
    fill(workspace)

    assert refusal("anna.example.org") == (
        "competitor_limit_reached",
        "All 20 places for competitors on Bluesky are taken. Remove one, and its place is free again.",
        "handle",
    )
    assert outside.asked == []


def test_the_limit_is_one_networks_and_one_workspaces(follow, workspace):
    fill(workspace)
    mastodon = TrackedProfileFactory.create(
        workspace=workspace, profile=ProfileFactory.create(network="mastodon", external_id="m.example/1")
    )

    assert mastodon.slot == 1
    assert follow("anna.example.org", workspace=WorkspaceFactory.create()).slot == 1
    assert tracking.slots_in_use(workspace) == dict.fromkeys(NETWORKS, 0) | {"bluesky": 20, "mastodon": 1}


def test_what_is_followed_already_is_said_with_its_place(refusal, follow, workspace):
    fill(workspace, 4)
    follow("anna.example.org")

    assert refusal("https://bsky.app/profile/anna.example.org") == (
        "already_tracked",
        "Anna (Bluesky) is followed already, as the competitor in place 5 for Anna.",
        "handle",
    )
    assert refusal("anna.example.org", role="own")[0] == "already_tracked"


def test_a_followed_profile_is_called_followed_where_every_place_is_taken_too(refusal, follow, workspace):
    follow("anna.example.org")
    fill(workspace, 19)

    assert refusal("anna.example.org")[0] == "already_tracked"


def test_an_own_account_is_not_added_twice(refusal, follow):
    follow("anna.example.org", role="own", brand="Acme")

    assert refusal("anna.example.org", role="own") == (
        "already_tracked",
        "Anna (Bluesky) is followed already, as an own account for Acme.",
        "handle",
    )


AGAINST_IT = [
    (
        Gone("profile_not_found", "Bluesky knows no profile of this name."),
        "profile_not_found",
        "Bluesky knows no profile of this name. Check the spelling, or paste the profile's address.",
        "handle",
    ),
    (
        Gone("profile_suspended", "Bluesky has suspended this profile."),
        "profile_suspended",
        "Bluesky has suspended this profile. Try again when it is back.",
        "handle",
    ),
    (
        NeedsAttention("profile_private", "This profile is private."),
        "profile_private",
        "This profile is private. Only public profiles can be compared.",
        "handle",
    ),
    (
        TryLater("rate_limited", "Wait."),
        "network_unavailable",
        "Bluesky could not be asked just now: Wait. Nothing was saved; try again in a few minutes.",
        "network",
    ),
]


@pytest.mark.parametrize(("trouble", "refused"), [(trouble, refused) for trouble, *refused in AGAINST_IT])
def test_what_a_network_says_against_it_becomes_a_sentence_that_helps(refusal, outside, trouble, refused):
    outside.trouble = trouble

    assert [*refusal("anna.example.org")] == refused
    assert not Profile.objects.exists()
    assert not Brand.objects.exists()


def test_a_profile_whose_owner_hides_it_from_strangers_is_refused(refusal, outside):
    did = "did:plc:shy"
    outside.has("shy.example.org", did=did, labels=[{"val": "!no-unauthenticated", "src": did}])

    code, sentence, field = refusal("shy.example.org")

    assert (code, field) == ("profile_hidden_from_logged_out", "handle")
    assert sentence.startswith("The owner of this profile asks Bluesky to show it to signed-in people only.")


def test_a_missing_key_is_said_before_anything_is_asked(refusal, outside):
    code, sentence, field = refusal("@nasa", network="youtube")

    assert (code, field) == ("credential_missing", "network")
    assert sentence.startswith("YouTube asks for a key.")
    assert outside.asked == []


def test_a_network_that_cannot_be_fetched_is_refused_with_the_way_that_there_is(refusal, files_only):
    assert refusal("nasa", network=files_only) == (
        "network_not_fetchable",
        "Facebook cannot be fetched yet. Import a file of the profile's posts instead.",
        "network",
    )


@pytest.mark.parametrize(
    ("how", "code", "field"),
    [
        ({"industry": "alchemy"}, "unknown_industry", "industry"),
        ({"role": "friend"}, "unknown_role", "role"),
        ({"brand": "x" * 256}, "brand_name_too_long", "brand"),
        ({"brand": " \t"}, "brand_name_missing", "brand"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(refusal, how, code, field):
    code_given, sentence, field_given = refusal("anna.example.org", **how)

    assert (code_given, field_given) == (code, field)
    assert sentence.endswith(".")
    assert not Profile.objects.exists()


def test_another_workspaces_brand_and_one_of_the_other_role_are_refused(refusal, workspace):
    assert refusal("anna.example.org", brand=BrandFactory.create())[0] == "brand_not_found"
    assert refusal("anna.example.org", brand=BrandFactory.create(workspace=workspace, role="own", name="We")) == (
        "brand_of_other_role",
        "The brand “We” is one of our own. Choose another, or give a name to make a new one.",
        "brand",
    )


# --- looking up ------------------------------------------------------------------------------------------------------


def look_up(workspace, outside, text="anna.example.org"):
    return tracking.look_up(workspace, "bluesky", text, door=outside.door(), now=NOON)


def test_looking_up_shows_what_is_there_and_saves_nothing(workspace, outside):
    found = look_up(workspace, outside)

    assert (found.record.name, found.record.followers, found.picture[8:12]) == ("Anna", 1_000, b"WEBP")
    assert (found.is_followed, found.was_removed) == (False, False)
    assert not Profile.objects.exists()


def test_looking_up_says_whether_it_is_followed_or_was(workspace, outside, follow):
    tracked = follow("anna.example.org")
    assert look_up(workspace, outside).is_followed

    tracking.remove(tracked, now=NOON)
    assert look_up(workspace, outside).was_removed
    assert look_up(WorkspaceFactory.create(), outside).tracked is None


# --- many at once ----------------------------------------------------------------------------------------------------


def track_many(workspace, outside, lines, network="bluesky", **how):
    how = {"door": outside.door(), "by": tracking.By.command(), "now": NOON, **how}
    return tracking.track_many(workspace, network, lines, **how)


def test_every_pasted_line_has_its_own_result(workspace, outside):
    fill(workspace, 18)

    lines = ["anna.example.org", "", "nobody.example.org", "@anna.example.org", "bert.example.org"]

    results = track_many(workspace, outside, [*lines, "cleo.example.org", "?"])

    places = [(result.line, result.tracked and result.tracked.slot) for result in results]
    codes = [result.refusal and result.refusal.code for result in results]
    assert [(*place, code) for place, code in zip(places, codes, strict=True)] == [
        (1, 19, None),
        (3, None, "profile_not_found"),
        (4, None, "already_tracked"),
        (5, 20, None),
        (6, None, "competitor_limit_reached"),
        (7, None, "handle_not_recognised"),
    ]


def test_lines_of_several_networks_find_their_own(workspace, outside):
    results = track_many(workspace, outside, ["https://bsky.app/profile/anna.example.org", "fb.com/nasa"], network=None)

    assert results[0].tracked.network == "bluesky"
    assert results[1].refusal.sentence.startswith("Facebook asks for a key.")


def test_too_many_lines_are_refused_before_the_first(workspace, outside):
    with pytest.raises(TrackingRefused) as refused:
        track_many(workspace, outside, ["anna.example.org"] * 101)

    assert (refused.value.code, outside.asked) == ("too_many_lines", [])


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_pausing_keeps_the_place_and_resuming_begins_to_read_at_once(follow):
    tracked = follow("anna.example.org")

    paused = tracking.pause(tracked, now=NOON)
    assert (paused.slot, paused.paused_at) == (1, NOON)
    assert Profile.objects.claim_due(now=LATER) == []

    resumed = tracking.resume(paused, now=LATER)
    assert resumed.paused_at is None
    assert [pk for pk, _lease in Profile.objects.claim_due(now=LATER)] == [tracked.profile_id]


def test_removing_frees_the_place_keeps_the_history_and_bringing_back_takes_the_lowest_free_one(follow):
    anna = follow("anna.example.org")
    tracking.remove(anna, now=NOON)
    bert = follow("bert.example.org")

    back = tracking.bring_back(anna, now=LATER)

    assert (bert.slot, back.slot, back.removed_at) == (1, 2, None)
    assert ProfileReading.objects.filter(profile=anna.profile).exists()
    assert Profile.objects.get(pk=anna.profile_id).due_at == LATER


def test_bringing_back_needs_a_free_place(follow, workspace):
    anna = follow("anna.example.org")
    tracking.remove(anna, now=NOON)
    fill(workspace)

    with pytest.raises(TrackingRefused) as refused:
        tracking.bring_back(anna, now=NOON)

    assert refused.value.code == "competitor_limit_reached"
    anna.refresh_from_db()
    assert anna.removed_at == NOON


def test_what_is_done_twice_is_done_once(follow):
    tracked = follow("anna.example.org")

    assert tracking.pause(tracking.pause(tracked, now=NOON), now=LATER).paused_at == NOON
    assert tracking.resume(tracking.resume(tracked, now=NOON), now=NOON).paused_at is None
    assert tracking.remove(tracking.remove(tracked, now=NOON), now=LATER).removed_at == NOON
    assert tracking.bring_back(tracking.bring_back(tracked, now=NOON), now=NOON).slot == 1


def test_what_has_been_removed_is_not_paused_resumed_or_fetched(follow):
    tracked = tracking.remove(follow("anna.example.org"), now=NOON)

    for act in (tracking.pause, tracking.resume, tracking.fetch_now):
        with pytest.raises(TrackingRefused) as refused:
            act(tracked, now=NOON)
        assert refused.value.sentence == "Anna (Bluesky) has been removed. Bring it back first."


def test_fetch_now_makes_the_profile_due(follow):
    tracked = follow("anna.example.org")

    tracking.fetch_now(tracked, now=LATER)

    assert Profile.objects.get().due_at == LATER


def test_a_brand_may_have_any_name_that_no_other_of_its_role_has(workspace):
    brand = BrandFactory.create(workspace=workspace, name="Acme")
    BrandFactory.create(workspace=workspace, name="Rival")
    BrandFactory.create(workspace=workspace, name="Twin", role=Role.OWN)

    assert tracking.free_name(workspace, brand.role, " ACME  Inc ", brand=brand) == "ACME Inc"
    assert tracking.free_name(workspace, brand.role, "acme", brand=brand) == "acme"
    assert tracking.free_name(workspace, brand.role, "twin", brand=brand) == "twin"
    for name, renamed in (("rival", brand), ("ACME", None)):
        with pytest.raises(TrackingRefused) as refused:
            tracking.free_name(workspace, brand.role, name, brand=renamed)
        assert refused.value.code == "brand_exists"


def test_a_profile_moves_to_another_brand(follow, workspace):
    tracked = follow("anna.example.org")

    assert tracking.move_to_brand(tracked, "Rival").brand.name == "Rival"
    with pytest.raises(TrackingRefused):
        tracking.move_to_brand(tracked, BrandFactory.create(workspace=workspace, role=Role.OWN))
