import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import connections, models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.tokens import digest, matches, new_token

from .workspace import NAME_LENGTH, Workspace

if TYPE_CHECKING:
    from .user import User

PREFIX_LENGTH = 8
SHAPE = re.compile(r"ys_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")  # the mark lets a scanner of leaked secrets recognise ours
USE_NOTED_EVERY = timedelta(minutes=1)

KEY_COLUMNS = (
    "id", "workspace_id", "created_by_id", "name", "prefix", "digest", "scope",
    "created_at", "expires_at", "last_used_at", "revoked_at",
)  # fmt: skip
WORKSPACE_COLUMNS = ("id", "name", "slug", "timezone", "created_at")
LIVE_KEY = f"""
    SELECT {", ".join(f"key.{column}" for column in KEY_COLUMNS)},
           {", ".join(f"workspace.{column}" for column in WORKSPACE_COLUMNS)}
      FROM accounts_apikey AS key
      JOIN accounts_workspace AS workspace ON workspace.id = key.workspace_id
     WHERE key.prefix = %s AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > %s)
"""  # noqa: S608 - the names are our own


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def issue(
        self,
        *,
        workspace: Workspace,
        name: str,
        scope: Scope = Scope.READ,
        expires_at: datetime | None = None,
        created_by: "User | None" = None,
    ) -> tuple["ApiKey", str]:
        """A new key and its token. The token is nowhere else: show it once."""
        prefix = get_random_string(PREFIX_LENGTH, "abcdefghijklmnopqrstuvwxyz0123456789")
        token = f"ys_{prefix}_{new_token()}"
        key = self.create(
            workspace=workspace,
            name=name,
            prefix=prefix,
            digest=digest(token),
            scope=scope,
            expires_at=expires_at,
            created_by=created_by,
        )
        return key, token

    def authenticate(self, token: str, *, now: datetime | None = None) -> tuple["ApiKey", Workspace] | None:
        """The live key this token stands for, and its workspace.

        One plain statement instead of the ORM, because every request of the API pays for it.
        """
        now = now or timezone.now()
        shape = SHAPE.fullmatch(token)
        if shape is None:
            return None
        with connections[self.db].cursor() as cursor:
            cursor.execute(LIVE_KEY, [shape[1], now])
            row = cursor.fetchone()
        if row is None:
            return None
        key = ApiKey.from_db(self.db, KEY_COLUMNS, row[: len(KEY_COLUMNS)])
        if not matches(token, kept=key.digest):
            return None
        key.workspace = Workspace.from_db(self.db, WORKSPACE_COLUMNS, row[len(KEY_COLUMNS) :])
        key.note_use(now=now)
        return key, key.workspace

    def live(self, *, now: datetime) -> "ApiKeyQuerySet":
        """Keys that open something today."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None)

    def revoke(self, *, now: datetime) -> int:
        """Make these keys worthless from now on; the rows stay, so that the ledger keeps its names."""
        return self.filter(revoked_at=None).update(revoked_at=now)


class ApiKey(models.Model):
    """A named token of a workspace, not of a person. Only its digest is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, editable=False, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    prefix = models.CharField(_("begins with"), max_length=PREFIX_LENGTH, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(_("may"), max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(scope__in=Scope.values), name="api_key_scope_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (ys_{self.prefix}_…)"

    @property
    def can_write(self) -> bool:
        return self.scope == Scope.WRITE

    def note_use(self, *, now: datetime) -> None:
        """Remember that the key is in use, with at most one write a minute however often it calls."""
        if self.last_used_at is not None and now - self.last_used_at < USE_NOTED_EVERY:
            return
        stale = models.Q(last_used_at=None) | models.Q(last_used_at__lte=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=self.pk).update(last_used_at=now)
        self.last_used_at = now
