"""One team never sees another's data: every route there is, tried with another team's ids, by nobody, and by a viewer.

The routes are those of Django's resolver, so that a new one is tried from its first day; one that these tests do not
know how to fill in fails them.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Scope
from tests.security.routes import Route, routes
from tests.security.teams import Team, everything, team

pytestmark = pytest.mark.django_db

OURS, THEIRS = "halcyon", "zanzibar"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[1:]
DOORS = ("pages", "api", "admin")

# Open to everybody, and why. Everything else asks who is there.
OPEN = {
    "health": "asked by machines beside us; says only whether engines answer",
    "web:charts": "the program that draws charts, the same for everybody",
    "api:schema": "the description of the API",
    "api:docs": "the same, for people",
    "accounts:invitation": "the link is the key; this one is nobody's",
    "admin:login": "leads to the sign-in",
    "admin:logout": "leads out",
    "account_login": "the sign-in",
    "account_logout": "leads out",
    "account_signup": "says who may sign up",
    "account_inactive": "what somebody reads who may not sign in",
    "account_email_verification_sent": "after signing up",
    "account_confirm_email": "the link is the key",
    "accounts:": "password reset and change of address",
    "account_reset_password_done": "after asking for a letter",
    "account_reset_password_from_key": "the link is the key",
    "account_reset_password_from_key_done": "after that",
    "mfa_login_webauthn": "signing in by a passkey",
}
# The installation's own rows: whoever is no operator does not learn whether there are any.
FOR_OPERATORS = (
    "admin/accounts/user/",
    "admin/benchmark/profile/<path",
    "admin/benchmark/industryfigure/",
    "admin/benchmark/cohortfigure/",
)
# About the person who is signed in, whichever team they are in.
PERSONAL = ("account_", "mfa_", "accounts:", "web:home")


@pytest.fixture
def ours() -> Team:
    return team(OURS)


@pytest.fixture
def theirs() -> Team:
    return team(THEIRS)


def of(door: str) -> list[Route]:
    found = [route for route in routes() if route.door == door]
    assert len(found) > 15
    return found


def browser(user: Any = None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def caller(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def body(answer: HttpResponseBase) -> str:
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(errors="replace").lower()  # type: ignore[attr-defined]


@pytest.mark.parametrize("door", DOORS)
def test_another_teams_rows_are_not_there_whatever_is_asked(door: str, ours: Team, theirs: Team):
    client = caller(ours.token()) if door == "api" else browser(ours.owner)
    before = everything()
    wrong: dict[str, object] = {}

    for route in filter(leads_to_a_team, of(door)):
        for values in foreign(route, ours, theirs):
            address = route.filled(values)
            answers = {method: client.generic(method, address) for method in METHODS}
            made_up = {method: client.generic(method, route.filled(invented(values, ours))) for method in METHODS}
            statuses = {method: answer.status_code for method, answer in answers.items()}
            if not are_refusals(route, statuses) or statuses != {
                m: answer.status_code for m, answer in made_up.items()
            }:
                wrong[str(route)] = statuses
            if any(THEIRS in body(answer).replace(address, "") for answer in answers.values()):
                wrong[str(route)] = "shows the other team"

    assert wrong == {}
    assert everything() == before


def leads_to_a_team(route: Route) -> bool:
    """Whether a place in the route names a workspace or one of its rows."""
    return bool(
        route.places - {"network", "industry", "token", "uidb36", "key", "version", "app_label", "url", "action"}
    ) and not (route.name.startswith(PERSONAL) and "slug" not in route.places)


def foreign(route: Route, ours: Team, theirs: Team) -> Iterable[dict[str, Any]]:
    """Another team's address; and our address with another team's row in it."""
    yield theirs.values(route)
    if "slug" in route.places and len(route.places - {"network", "industry", "action"}) > 1:
        yield theirs.values(route) | {"slug": ours.workspace.slug}


def invented(values: dict[str, Any], ours: Team) -> dict[str, Any]:
    """The same places, but with a team and rows that do not exist anywhere."""
    slug = values["slug"] if values["slug"] == ours.workspace.slug else "nobody-at-all"
    return {name: 987_654_321 if isinstance(value, int) else value for name, value in values.items()} | {"slug": slug}


def are_refusals(route: Route, statuses: dict[str, int]) -> bool:
    """Whether nothing was shown or done, and where anything may be shown at all, because there is no such thing."""
    if route.name == "admin:":  # the admin's short address leads to the long one, whether or not there is such a row
        return {*statuses.values()} <= {302, 404}
    reason = 403 if route.pattern.startswith(FOR_OPERATORS) else 404
    return reason in {*statuses.values()} <= {403, 404, 405}


@pytest.mark.parametrize("door", DOORS)
def test_lists_and_pages_without_an_id_show_nothing_of_another_team(door: str, ours: Team, theirs: Team):
    client = caller(ours.token()) if door == "api" else browser(ours.owner)
    filters = {name: row.pk for name, row in theirs.rows.items()}
    told = {}

    for route in of(door):
        address = route.filled(ours.values(route))
        answers = [
            client.get(address),
            client.get(address, filters),
            client.get(address, {"q": THEIRS, "period": "12m"}),
        ]
        if any(
            THEIRS in body(answer).replace(f"q={THEIRS}", "").replace(f'value="{THEIRS}"', "") for answer in answers
        ):
            told[str(route)] = [answer.status_code for answer in answers]

    assert told == {}


@pytest.mark.parametrize("door", DOORS)
def test_nobody_gets_in_without_a_sign_in(door: str, ours: Team):
    before = everything()
    wrong: dict[str, object] = {}

    for route in of(door):
        if route.name in OPEN:
            continue
        address = route.filled(ours.values(route))
        answers = {method: browser().generic(method, address) for method in METHODS}
        if not all(is_turned_away(answer) for answer in answers.values()):
            wrong[str(route)] = {method: answer.status_code for method, answer in answers.items()}

    assert wrong == {}
    assert everything() == before


def is_turned_away(answer: HttpResponseBase) -> bool:
    """401, a method that nobody may use, or the way to the sign-in."""
    ways = ("/accounts/login/", "/admin/login/")
    return answer.status_code in {401, 405} or (answer.status_code == 302 and answer["Location"].startswith(ways))


def test_what_is_open_to_everybody_says_nothing_of_anybody(ours: Team):
    known = {route.name: route for route in routes()}
    assert set(OPEN) <= set(known)

    for route in routes():
        if route.name in OPEN:
            answer = browser().get(route.filled(ours.values(route)))
            assert answer.status_code < 500
            assert OURS not in body(answer)


@pytest.mark.parametrize("door", DOORS)
def test_a_viewer_changes_nothing(door: str, ours: Team):
    client = caller(ours.token(Scope.READ)) if door == "api" else browser(ours.viewer())
    before = everything()
    wrong: dict[str, object] = {}

    for route in of(door):
        if route.name.startswith(PERSONAL) and "slug" not in route.places:
            continue
        address = route.filled(ours.values(route))
        answers = {method: client.generic(method, address).status_code for method in UNSAFE}
        if not {*answers.values()} <= {403, 405}:
            wrong[str(route)] = answers

    assert wrong == {}
    assert everything() == before


def test_the_number_of_another_teams_brand_is_a_name_like_any_other(ours: Team, theirs: Team):
    number = theirs.rows["brand"].pk
    mine = ours.rows["competitor"]

    answer = caller(ours.token()).patch(f"/api/v1/competitors/{mine.pk}/", {"brand": str(number)})

    mine.refresh_from_db()
    assert answer.status_code == 200
    assert (mine.brand.workspace, mine.brand.name) == (ours.workspace, str(number))
