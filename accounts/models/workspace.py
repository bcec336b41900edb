from typing import TYPE_CHECKING, ClassVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .user import User

NAME_LENGTH = 100
SLUG_LENGTH = 50
MANAGING = ("owner",)
EDITING = ("owner", "editor")


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


def known_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Europe/Berlin is one."),
            params={"name": name},
        )


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: "User") -> "WorkspaceQuerySet":
        """The workspaces this person is a member of."""
        return self.filter(memberships__user=user)

    @transaction.atomic
    def create_with_owner(self, *, name: str, owner: "User", timezone: str = "UTC") -> "Workspace":
        """A new workspace under the first free slug of its name, owned by this person."""
        workspace = self._create_under_free_slug(name=name, timezone=timezone)
        Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
        return workspace

    def _create_under_free_slug(self, *, name: str, timezone: str) -> "Workspace":
        slug = self._free_slug(name)
        try:
            with transaction.atomic():
                return self.create(name=name, timezone=timezone, slug=slug)
        except IntegrityError:
            if not self.filter(slug=slug).exists():
                raise
        return self._create_under_free_slug(name=name, timezone=timezone)  # somebody took it since we looked

    def _free_slug(self, name: str) -> str:
        root = slugify(name)[: SLUG_LENGTH - 5].strip("-_") or "workspace"
        taken = set(self.filter(slug__startswith=root).values_list("slug", flat=True))
        if root not in taken:
            return root
        return next(slug for number in range(2, len(taken) + 3) if (slug := f"{root}-{number}") not in taken)


class Workspace(models.Model):
    """A team: what it follows, imports and saves is its own."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    slug = models.SlugField(_("address"), max_length=SLUG_LENGTH, unique=True)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[known_timezone],
        help_text=_("Times are shown in this zone. A day stays a UTC day everywhere."),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    members = models.ManyToManyField("accounts.User", through="accounts.Membership", related_name="workspaces")

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def editing(self) -> "MembershipQuerySet":
        """Memberships that may change what the workspace follows."""
        return self.filter(role__in=EDITING)


class Membership(models.Model):
    """A person in a workspace. The last owner can neither leave nor step down: the database refuses it at commit."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("user__email",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def can_edit(self) -> bool:
        """Owners and editors change what the workspace follows, imports and saves."""
        return self.role in EDITING

    @property
    def can_manage(self) -> bool:
        """Owners alone manage people, keys and erasure."""
        return self.role in MANAGING
