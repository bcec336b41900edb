"""Where our rules meet allauth: who may sign up, and how second factors are kept."""

from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from accounts import admission, vault
from accounts.models import Invitation, User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP == "open" or admission.opened(request) is not None

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Sign up and, for an invited visitor, join in the same transaction: a link that is gone makes no account."""
        with transaction.atomic():
            super().save_user(request, user, form, commit=commit)
            if form.invitation is not None:
                self._join(request, user, form.invitation)
        return user

    def _join(self, request: HttpRequest, user: User, invitation: Invitation) -> None:
        if invitation.accept(user=user, now=timezone.now()) is None:
            raise ImmediateHttpResponse(render(request, "accounts/invitation_gone.html", status=404))
        admission.forget(request)
        if settings.SENDS_EMAIL:  # the link came by e-mail, so the address is theirs
            self.stash_verified_email(request, invitation.email)


class MfaAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted."""

    def build_totp_svg(self, url: str) -> str:
        """The picture for the app, on white: cameras read it on dark pages too."""
        return str(qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode"))

    def encrypt(self, text: str) -> str:
        return vault.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal(encrypted_text)
