from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite


def secure(site: AdminSite) -> None:
    """Let people into an admin by our own sign-in alone, second factors included; others are told that they may not."""
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]
