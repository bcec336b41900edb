"""LinkedIn, as its Community Management API shows other organisations: their names and how many follow them."""

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

import msgspec

from benchmark.networks.base import (
    Answer,
    Get,
    Gone,
    HalfLife,
    NeedsAttention,
    Network,
    NetworkError,
    ProfileRecord,
    TryLater,
    UnexpectedAnswer,
)
from benchmark.networks.keys import KeyNeed, KeyPart, Parts, Question, Signed
from benchmark.networks.parsing import count, name_or, plain, until_midnight
from benchmark.networks.pasted import Address, address, looks_like_address, tidy
from benchmark.sentences import gettext_noop

BASE = "https://api.linkedin.com"
BY_NAME = f"{BASE}/rest/organizations"
BY_ID = f"{BASE}/rest/organizationsLookup"
SIZES = f"{BASE}/rest/networkSizes"

FOLLOWERS = "COMPANY_FOLLOWED_BY_MEMBER"
URN = "urn:li:organization:"

# The month of the API that is spoken where the key names no other. Each lives for about a year.
VERSION = "202605"
RESTLI = "2.0.0"

NAME = re.compile(r"[\w.&'-]{1,100}")
ORGANISATION_ID = re.compile(r"\d{1,19}", re.ASCII)
# First parts of addresses of organisations; schools and showcase pages are organisations too.
FOLDERS = frozenset({"company", "school", "showcase", "organization"})

NOT_FOUND = gettext_noop("LinkedIn knows no organisation of this name. People's own profiles cannot be read.")

OrganisationId = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class Organisation(msgspec.Struct, rename="camel"):
    id: OrganisationId
    localized_name: str | None = None
    vanity_name: str | None = None


class Found(msgspec.Struct):
    elements: list[Organisation]


class LookedUp(msgspec.Struct):
    """Organisations by id; those that are not shown have a status instead."""

    results: dict[str, Organisation]
    statuses: dict[str, int] = {}


class Size(msgspec.Struct, rename="camel"):
    first_degree_size: int | None = None


class Refusal(msgspec.Struct):
    code: str | int = ""
    message: str = ""


def recognise(text: str) -> str | None:
    """The organisation's name or number in what was pasted; None for people and for anything else."""
    name = tidy(text)
    link = address(name)
    if link and link.is_on("linkedin.com"):
        name = _name_in(link)
    elif looks_like_address(name):
        return None
    name = name.removeprefix(URN).removeprefix("@")
    return name.lower() if NAME.fullmatch(name) else None


def _name_in(link: Address) -> str:
    segments = link.segments[1:] if link.segment(0) == "sales" else link.segments
    return segments[1] if len(segments) > 1 and segments[0].lower() in FOLDERS else ""


def recognises_url(text: str) -> bool:
    """Whether an address is one of LinkedIn's."""
    link = address(text)
    return link is not None and link.is_on("linkedin.com", "lnkd.in")


def profile_url(handle: str) -> str:
    """The organisation's page for people."""
    return f"https://www.linkedin.com/company/{quote(handle, safe='')}"


def sign(_: Question, parts: Parts) -> Signed:
    """The token, and the version of the API in which it is answered."""
    return Signed(
        headers={
            "Authorization": f"Bearer {parts['access_token']}",
            "LinkedIn-Version": parts.get("version", VERSION),
            "X-Restli-Protocol-Version": RESTLI,
        }
    )


def parse_organisation(organisation: Organisation, size: Size) -> ProfileRecord:
    """An organisation as LinkedIn shows it to those who have no role in it: no description and no picture."""
    number = str(organisation.id)
    vanity_name = plain(organisation.vanity_name)
    handle = vanity_name.lower() if NAME.fullmatch(vanity_name) else number
    return ProfileRecord(
        external_id=number,
        handle=handle,
        name=name_or(organisation.localized_name, handle),
        url=profile_url(handle),
        followers=count(size.first_degree_size),
    )


def explain(answer: Answer) -> NetworkError | None:
    """What a refusal means; None where the status says it all."""
    if answer.status in {401, 403, 426}:
        return NeedsAttention(*_wrong_with_the_key(answer))
    if answer.status == 429:
        return _limit(answer)
    return Gone("profile_not_found", NOT_FOUND) if answer.status == 404 else None


def _wrong_with_the_key(answer: Answer) -> tuple[str, str]:
    if answer.status == 426:
        sentence = gettext_noop("LinkedIn has ended this version of its API. Enter a later one with the key.")
        return "credential_version_ended", sentence
    if answer.status == 403:
        sentence = gettext_noop(
            "LinkedIn does not let this access token read organisations. Check that its app is approved."
        )
        return "credential_refused", sentence
    if answer.decode(Refusal).code == "EXPIRED_ACCESS_TOKEN":
        sentence = gettext_noop("The access token for LinkedIn has run out, after 60 days. Enter a new one.")
        return "credential_expired", sentence
    return "credential_refused", gettext_noop("LinkedIn refuses the access token. Enter a new one.")


def _limit(answer: Answer) -> TryLater:
    """LinkedIn counts by the UTC day, for the app and for the member, and says in words only which count is full."""
    if " DAY " in answer.decode(Refusal).message:
        sentence = gettext_noop(
            "The access token has used up LinkedIn's limit for today. It begins anew at midnight UTC."
        )
        return TryLater("quota_used_up", sentence, after=until_midnight(answer.received_at))
    return TryLater("rate_limited", gettext_noop("LinkedIn asks us to ask more slowly."), after=timedelta(minutes=15))


def find(get: Get, reference: str) -> ProfileRecord:
    """Look an organisation up by what `recognise` gave: its number, or its name in addresses."""
    if ORGANISATION_ID.fullmatch(reference):
        return profile(get, reference)
    found = get(BY_NAME, {"q": "vanityName", "vanityName": reference}).decode(Found).elements
    if not found:
        raise Gone("profile_not_found", NOT_FOUND)
    return parse_organisation(found[0], _size(get, str(found[0].id)))


def profile(get: Get, external_id: str) -> ProfileRecord:
    """Ask for an organisation by its number.

    Names come in lists, followers one organisation at a time, so that asking for many at once would save little.
    """
    # The brackets are signs of the list only while they are not encoded, as parameters would be.
    shown = get(f"{BY_ID}?ids=List({quote(external_id, safe='')})").decode(LookedUp)
    organisation = shown.results.get(external_id)
    if organisation is not None:
        return parse_organisation(organisation, _size(get, external_id))
    status = shown.statuses.get(external_id, 404)
    if status == 404:
        raise Gone("profile_not_found", NOT_FOUND)
    raise UnexpectedAnswer(f"an organisation with status {status}")


def _size(get: Get, external_id: str) -> Size:
    return get(f"{SIZES}/{quote(URN + external_id, safe='')}", {"edgeType": FOLLOWERS}).decode(Size)


LINKEDIN = Network(
    key="linkedin",
    label="LinkedIn",
    publishes=frozenset({"followers"}),
    not_published_because=gettext_noop("LinkedIn shows an organisation's posts and their counts to its own team only."),
    engagement_parts=(),
    maturity=timedelta(days=3),
    half_life=HalfLife(24.0, "Graffius 2018: 24 hours"),
    recognise=recognise,
    recognises_url=recognises_url,
    handle_hint=gettext_noop("company-name"),
    shown_handle=str,
    profile_url=profile_url,
    base_url=BASE,
    find=find,
    profile=profile,
    lists_posts=False,
    key_need=KeyNeed(
        parts=(
            KeyPart("access_token", "LINKEDIN_ACCESS_TOKEN", "Access token"),
            KeyPart("version", "LINKEDIN_VERSION", f"API version, such as {VERSION}", secret=False, optional=True),
        ),
        sign=sign,
        how=(
            gettext_noop(
                "Have LinkedIn approve an app of yours for the Community Management API, and make an access "
                "token with the"
                " scope rw_organization_admin; it lasts for 60 days."
            )
        ),
    ),
    explain=explain,
    sample="linkedin",
)
