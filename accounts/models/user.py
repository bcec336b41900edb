from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import LowerEmailField


class UserManager(BaseUserManager["User"]):
    """People are made by their e-mail address; a missing password leaves an account nobody can sign in to yet."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = LowerEmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Turn this off instead of deleting a person: they can no longer sign in."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_workspace = models.ForeignKey(
        "accounts.Workspace",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("email",)
        constraints = (models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),)

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]

    @cached_property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: it follows from membership and is stored nowhere."""
        return self.is_superuser or self.memberships.editing().exists()
