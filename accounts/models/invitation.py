from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.fields import LowerEmailField
from accounts.tokens import digest, new_token

from .workspace import Membership, Role, Workspace

if TYPE_CHECKING:
    from .user import User

OPEN_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self, *, now: datetime) -> "InvitationQuerySet":
        """Invitations that can still be accepted."""
        return self.filter(accepted_at=None, expires_at__gt=now)

    def by_token(self, token: str, *, now: datetime) -> "Invitation | None":
        """The open invitation this link stands for; none when it was used, withdrawn, replaced or is too old."""
        return (
            self.waiting(now=now).select_related("workspace", "invited_by").filter(token_digest=digest(token)).first()
        )

    def invite(
        self,
        *,
        workspace: Workspace,
        email: str,
        role: str,
        invited_by: "User | None",
        now: datetime,
    ) -> tuple["Invitation", str]:
        """An invitation and its token, to be shown once. Inviting again replaces the link that was open."""
        token = new_token()
        invitation, _created = self.update_or_create(
            workspace=workspace,
            email=email,
            accepted_at=None,
            defaults={
                "role": role,
                "invited_by": invited_by,
                "token_digest": digest(token),
                "created_at": now,
                "expires_at": now + OPEN_FOR,
            },
        )
        return invitation, token


class Invitation(models.Model):
    """A link that lets the owner of one e-mail address join a workspace, once, within seven days."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = LowerEmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("open until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None),
                name="one_open_invitation_per_address",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.workspace}"

    @transaction.atomic
    def accept(self, *, user: "User", now: datetime) -> Membership | None:
        """Make this person a member; none when the link was used meanwhile, is too old or is meant for another address.

        A member already in the workspace keeps the role they have.
        """
        mine = Invitation.objects.waiting(now=now).filter(pk=self.pk, token_digest=self.token_digest, email=user.email)
        if not mine.update(accepted_at=now):
            return None
        membership, _created = Membership.objects.get_or_create(
            workspace=self.workspace, user=user, defaults={"role": self.role}
        )
        return membership
