from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.vault import fingerprint, reseal, seal, unseal
from benchmark.networks import NETWORKS

from .workspace import Workspace

REASON_LENGTH = 200


class CredentialState(models.TextChoices):
    WORKING = "working", _("Working")
    SET_ASIDE = "set_aside", _("Needs attention")


class CredentialQuerySet(models.QuerySet["Credential"]):
    def keep(self, *, network: str, workspace: Workspace | None, secret: str, name: str = "") -> "Credential":
        """Store a secret for a network, encrypted. The same secret again is the same row, trusted again."""
        credential, _created = self.update_or_create(
            network=network,
            workspace=workspace,
            fingerprint=fingerprint(network, secret),
            defaults={
                "name": name,
                "sealed": seal(secret),
                "state": CredentialState.WORKING,
                "reason": "",
                "set_aside_at": None,
            },
        )
        return credential

    def usable(self, *, network: str, workspaces: Iterable[int]) -> "CredentialQuerySet":
        """Working credentials these workspaces may call a network with: their own first, the installation's last."""
        shared = models.Q(workspace=None)
        return self.filter(
            shared | models.Q(workspace__in=list(workspaces)),
            network=network,
            state=CredentialState.WORKING,
        ).order_by(models.F("workspace").asc(nulls_last=True), "pk")

    def reseal(self) -> int:
        """Encrypt every secret again with the first of the keys, so that the older ones can be retired."""
        credentials = list(self.select_for_update())
        for credential in credentials:
            credential.sealed = reseal(credential.sealed)
        return self.bulk_update(credentials, ["sealed"], batch_size=500)


class Credential(models.Model):
    """A network's token or key, of a workspace or of the whole installation. In clear only where `reveal` is called."""

    network = models.CharField(_("network"), max_length=32)
    workspace = models.ForeignKey(
        Workspace,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="credentials",
        help_text=_("Empty: every workspace of this installation may use it."),
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    sealed = models.TextField(editable=False)
    fingerprint = models.CharField(_("fingerprint"), max_length=16, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=CredentialState,
        default=CredentialState.WORKING,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True, editable=False)
    set_aside_at = models.DateTimeField(_("set aside"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("network key")
        verbose_name_plural = _("network keys")
        ordering = ("network", "name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["network", "workspace", "fingerprint"],
                nulls_distinct=False,
                name="one_row_per_secret",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CredentialState.WORKING, set_aside_at=None)
                | models.Q(state=CredentialState.SET_ASIDE, set_aside_at__isnull=False),
                name="credential_set_aside_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        declared = NETWORKS.get(self.network)
        return f"{declared.label if declared else self.network} · {self.name or self.fingerprint}"

    def replace_secret(self, secret: str) -> None:
        """Put another secret in this row; it takes effect when the row is saved."""
        self.sealed = seal(secret)
        self.fingerprint = fingerprint(self.network, secret)
        self.state = CredentialState.WORKING
        self.reason = ""
        self.set_aside_at = None

    def reveal(self) -> str:
        """The secret in clear, for the call that needs it. Never log it, never render it."""
        return unseal(self.sealed)

    def trust_again(self) -> None:
        """Use a key again that was set aside and has been seen to work."""
        unchanged = Credential.objects.filter(pk=self.pk, sealed=self.sealed)
        unchanged.update(state=CredentialState.WORKING, reason="", set_aside_at=None)
        self.state, self.reason, self.set_aside_at = CredentialState.WORKING, "", None

    def set_aside(self, *, reason: str, now: datetime) -> None:
        """Stop using a key its network refused, with the reason people are shown; one replaced since stays in use."""
        unchanged = Credential.objects.filter(pk=self.pk, sealed=self.sealed)
        shown = reason[:REASON_LENGTH]
        if unchanged.update(state=CredentialState.SET_ASIDE, reason=shown, set_aside_at=now):
            self.state, self.reason, self.set_aside_at = CredentialState.SET_ASIDE, shown, now
