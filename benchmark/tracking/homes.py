"""Where a file's rows belong: the profile of a workspace's own that holds them, and the row that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import Workspace
from benchmark.imports import FileRefused
from benchmark.models import Profile, Role, TrackedProfile
from benchmark.networks.base import Network
from benchmark.sentences import gettext_noop
from benchmark.tracking import refusals
from benchmark.tracking.brands import brand_for
from benchmark.tracking.following import is_fetched, start
from benchmark.tracking.looking_up import likeness

UNTIL_AN_ID_IS_SEEN = "file:"
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Home:
    """A profile that holds what a workspace's files bring, and the row by which the workspace follows it."""

    profile: Profile
    tracked: TrackedProfile
    is_new: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is there already of a file's profile: what files brought, the row that follows it, what is fetched."""

    filed: Profile | None
    tracked: TrackedProfile | None
    fetched: Profile | None
    role: Role  # what it is followed as once the file is imported

    @property
    def is_followed(self) -> bool:
        """Whether the workspace follows it now."""
        return self.tracked is not None and self.tracked.removed_at is None


def known_of(workspace: Workspace, network: Network, reference: str, *, owner: str | None, own: bool) -> Known:
    """What a workspace knows of a file's profile; changes nothing.

    `owner` is the profile's id where the file carries one. Raises `FileRefused` or `TrackingRefused` where the file
    cannot be imported for it.
    """
    filed = filed_profile(workspace, network, reference, owner)
    tracked = row_of(workspace, network, reference, owner, filed)
    fetched = tracked.profile if tracked and is_fetched(tracked) else None
    filed = filed or (tracked.file_profile if tracked else None)
    refuse_another_profile(reference, owner, fetched or filed)
    if tracked and own and tracked.removed_at is None and tracked.role != Role.OWN:
        raise refusals.already_tracked(tracked)
    role = Role.OWN if own else Role(tracked.role if tracked else Role.COMPETITOR)
    return Known(filed, tracked, fetched, role)


def home_of(
    workspace: Workspace,
    network: Network,
    reference: str,
    *,
    owner: str | None,
    own: bool,
    now: datetime,
    name: str = "",
) -> Home:
    """Find or make the place of a file's rows, and follow the profile if it was not followed.

    `owner` is the profile's id where the file carries one, `name` what the file calls it. Stand in line before.
    """
    known = known_of(workspace, network, reference, owner=owner, own=own)
    profile = known.filed or Profile(workspace=workspace, network=network.key, name=name[:LONGEST_NAME])
    is_new = not known.is_followed or profile._state.adding
    settle(profile, network, reference, owner=owner, fetched=known.fetched)
    tracked = known.tracked or TrackedProfile(workspace=workspace, network=network.key)
    follow_file(tracked, profile, fetched=known.fetched, role=known.role, network=network, now=now)
    return Home(profile, tracked, is_new)


def known_ids(workspace: Workspace, network: Network, reference: str) -> frozenset[str]:
    """The network's ids that a reference stands for in a workspace, by what is fetched and what its files brought."""
    own = Q(workspace=workspace) | Q(tracked__workspace=workspace)
    named = Profile.objects.filter(own, Q(handle=reference) | Q(external_id=reference), network=network.key)
    ids = named.values_list("external_id", flat=True)
    return frozenset(each for each in ids if not each.startswith(UNTIL_AN_ID_IS_SEEN))


def filed_profile(workspace: Workspace, network: Network, reference: str, owner: str | None) -> Profile | None:
    """The workspace's own profile of this handle or id, if a file has made one."""
    files = Profile.objects.filter(workspace=workspace, network=network.key)
    named = files.filter(Q(handle=reference) | Q(external_id=reference)).first()
    if owner is None or (named is not None and named.external_id == owner):
        return named
    by_id = files.filter(external_id=owner).first()
    if by_id is None or (named is None and reference == owner):
        return by_id or named
    form = gettext_noop(
        "This file's posts belong to the profile %(owner)s, which is %(handle)s here. Import it for %(handle)s."
    )
    raise FileRefused("file_of_another_profile", form, owner=owner, handle=by_id.handle)


def row_of(
    workspace: Workspace, network: Network, reference: str, owner: str | None, filed: Profile | None
) -> TrackedProfile | None:
    """The row that follows the file's profile, or a fetched one of the same handle or id."""
    rows = TrackedProfile.objects.of(workspace).filter(network=network.key)
    rows = rows.select_related("profile", "file_profile", "brand")
    beside = rows.filter(Q(profile=filed) | Q(file_profile=filed)).first() if filed else None
    same = Q(profile__handle=reference) | Q(profile__external_id__in=[reference, owner or reference])
    return beside or min(rows.filter(same), key=likeness, default=None)


def refuse_another_profile(reference: str, owner: str | None, known: Profile | None) -> None:
    """A file whose posts carry one profile's id is not imported for another's handle."""
    if owner is None or known is None or known.external_id in {owner, f"{UNTIL_AN_ID_IS_SEEN}{reference}"}:
        return
    if known.external_id.startswith(UNTIL_AN_ID_IS_SEEN):
        return
    form = gettext_noop(
        "This file's posts belong to the profile %(owner)s, but %(handle)s is the profile %(known)s here. "
        "Check the file."
    )
    raise FileRefused("file_of_another_profile", form, owner=owner, handle=reference, known=known.external_id)


def settle(profile: Profile, network: Network, reference: str, *, owner: str | None, fetched: Profile | None) -> None:
    """Save what is known about a file's profile: by its id as soon as one is seen."""
    before = (profile.external_id, profile.handle)
    if fetched is not None:
        profile.external_id, profile.name, profile.url = fetched.external_id, fetched.name, fetched.url
    elif owner is not None:
        profile.external_id = owner
    profile.external_id = profile.external_id or f"{UNTIL_AN_ID_IS_SEEN}{reference}"
    profile.handle = profile.handle or reference
    profile.name = profile.name or reference
    profile.url = profile.url or network.profile_url(reference)
    profile.pretend = network.is_pretend(reference)
    if profile._state.adding or before != (profile.external_id, profile.handle):
        profile.save()


def follow_file(
    tracked: TrackedProfile, profile: Profile, *, fetched: Profile | None, role: Role, network: Network, now: datetime
) -> None:
    """Let a row hold the file's profile, beside the fetched one or alone, and make it a current one."""
    before = (tracked.profile_id, tracked.file_profile_id)
    if fetched is not None:
        tracked.file_profile = profile
    else:
        tracked.profile = profile
    if tracked._state.adding or tracked.role != role:
        tracked.brand = brand_for(tracked.workspace, role, wanted=None, named=profile.name)
    if tracked.removed_at is not None or before != (tracked.profile_id, tracked.file_profile_id):
        start(tracked, role=role, network=network, now=now)
