"""Teams with a row of everything, each named after its team, so that a name in an answer gives away whose row it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import ApiKey, Credential, Invitation, Scope, User, Workspace
from benchmark import tracking
from benchmark.models import Profile, Role, RunKind, Upload
from tests.factories.accounts import UserFactory, WorkspaceFactory, member, owner_of
from tests.factories.rows import (
    AvatarFactory,
    BrandFactory,
    CohortFigureFactory,
    FetchRunFactory,
    IndustryFigureFactory,
    PostFactory,
    ProfileFactory,
    ProfileReadingFactory,
    ReachModelFactory,
    TrackedProfileFactory,
)
from tests.security.routes import Route

API_ROW = {
    "own-account": "own",
    "competitor": "competitor",
    "brand": "brand",
    "profile": "profile",
    "post": "post",
    "import": "imported",
    "fetch-run": "run",
}
ADMIN_ROW = {
    "apikey": "key",
    "credential": "credential",
    "workspace": "workspace",
    "membership": "membership",
    "invitation": "invitation",
    "user": "user",
    "brand": "brand",
    "industryfigure": "figure",
    "cohortfigure": "cohort",
    "competitor": "competitor",
    "ownaccount": "own",
    "fetchrun": "run",
    "upload": "upload",
    "reachmodel": "learnt",
    "profile": "profile",
}


@dataclass(frozen=True)
class Team:
    """A workspace, its people, and one row of each kind."""

    workspace: Workspace
    rows: Mapping[str, Any]

    @property
    def owner(self) -> User:
        return owner_of(self.workspace)

    def viewer(self) -> User:
        return member(self.workspace, "viewer")

    def token(self, scope: Scope = Scope.WRITE) -> str:
        _, token = ApiKey.objects.issue(workspace=self.workspace, name="Sweep", scope=scope)
        return token

    def values(self, route: Route) -> dict[str, Any]:
        """What belongs into the places of a route so that it leads to this team."""
        rows = self.rows
        values: dict[str, Any] = {
            "slug": self.workspace.slug,
            "network": "bluesky",
            "industry": "retail",
            "action": "pause",
            "tracked_id": rows["competitor"].pk,
            "profile_id": rows["profile"].pk,
            "invitation_id": rows["invitation"].pk,
            "member_id": rows["membership"].pk,
            "key_id": rows["key"].pk,
            "credential_id": rows["credential"].pk,
            "upload_id": rows["upload"].pk,
            "run_id": rows["imported"].pk,
            "token": "nobody-has-this-link",
            "uidb36": "zz",
            "version": "0",
            "app_label": "benchmark",
            "url": "nothing-is-here/",
        }
        if route.door == "api":
            name = route.name.partition(":")[2]
            pk = next((rows[row].pk for base, row in API_ROW.items() if name.startswith(base)), None)
            return values | {"pk": pk, "key": "retail"}
        if route.door == "admin":
            model = (*route.pattern.split("/"), "", "")[2]
            row = rows[ADMIN_ROW[model]].pk if model in ADMIN_ROW else None
            return values | {"object_id": row, "pk": row, "key": "pause"}
        return values | {"pk": 1, "key": "nobody-has-this-key"}  # of a person's own passkeys and letters


def team(name: str) -> Team:
    """A new team, all of whose rows carry its name."""
    workspace = WorkspaceFactory.create(name=f"{name} team", owner=UserFactory.create(email=f"owner@{name}.example"))
    user = member(workspace, "editor", email=f"editor@{name}.example")
    profile = followed(name, workspace, Role.COMPETITOR)
    own = followed(f"own-{name}", workspace, Role.OWN)
    key, _ = ApiKey.objects.issue(workspace=workspace, name=f"{name} key", scope=Scope.READ)
    invitation, _ = Invitation.objects.invite(
        workspace=workspace, email=f"guest@{name}.example", role="viewer", invited_by=None, now=timezone.now()
    )
    imported = {"kind": RunKind.IMPORT, "workspace": workspace, "source": f"{name}.csv"}
    return Team(
        workspace,
        {
            "workspace": workspace,
            "user": user,
            "membership": workspace.memberships.get(user=user),
            "competitor": profile.tracked.get(),
            "own": own.tracked.get(),
            "profile": profile,
            "brand": BrandFactory.create(workspace=workspace, name=f"{name} brand"),
            "post": PostFactory.create(profile=profile, text=f"{name} speaks"),
            "run": FetchRunFactory.create(profile=profile),
            "imported": FetchRunFactory.create(profile=profile, **imported),
            "invitation": invitation,
            "key": key,
            "credential": Credential.objects.keep(
                network="youtube", workspace=workspace, secret=f"{name} secret", name=f"{name} credential"
            ),
            "upload": sent_in(workspace, f"{name} sent.csv"),
            "learnt": ReachModelFactory.create(workspace=workspace, method=f"{name} line"),
            "figure": IndustryFigureFactory.create(source=f"Study {workspace.pk}"),
            "cohort": CohortFigureFactory.create(metric=f"figure_{workspace.pk}"),
        },
    )


def sent_in(workspace: Workspace, name: str) -> Upload:
    """A file that the workspace's owner is about to import."""
    content = b"id,published_at,reactions\n1,2025-03-01T10:00:00Z,5\n"
    wanted = tracking.Wanted(network="facebook", profile="harbour")
    return tracking.keep(workspace, owner_of(workspace), content, name, wanted, now=timezone.now())


def followed(name: str, workspace: Workspace, role: Role) -> Profile:
    """A profile with a picture and a reading that the workspace follows."""
    profile = ProfileFactory.create(
        read=True, name=name.title(), handle=f"{name}.example", external_id=f"did:plc:{name}"
    )
    TrackedProfileFactory.create(workspace=workspace, profile=profile, role=role)
    ProfileReadingFactory.create(profile=profile)
    AvatarFactory.create(profile=profile)
    return profile


# What answering may change without changing anything of a team's: sign-ins, and who was seen last when.
SEEN = "{last_login,last_workspace_id,last_used_at}"


def everything() -> dict[str, list[str]]:
    """Every row of every table of ours, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^(accounts|benchmark)_' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT (to_jsonb(one) - %s::text[])::text FROM {table} one ORDER BY 1", [SEEN])
            found[table] = [row for (row,) in cursor.fetchall()]
    return found
