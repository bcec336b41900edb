"""Who asks: an API key of one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts.models import ApiKey, Workspace

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer ys_…`: the key names the workspace, so no address has to."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiKey] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = ApiKey.objects.authenticate(token.strip())
        if found is None:
            raise exceptions.AuthenticationFailed(
                "This API key is unknown, expired or revoked. Make a new one in Settings → Keys.", code="key_refused"
            )
        return AnonymousUser(), found[0]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular is untyped here
    """How the OpenAPI document names our keys."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of one workspace."}


def key_of(request: Request) -> ApiKey:
    """The key that asks. The permission has made sure that there is one."""
    return cast(ApiKey, request.auth)


def workspace_of(request: Request) -> Workspace:
    """The workspace that the key belongs to: every answer begins with its rows."""
    return key_of(request).workspace
