"""What every answer and every request passes: the content security policy and the word of trusted proxies."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

Answer = Callable[[HttpRequest], HttpResponse]
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT")


class ContentSecurityPolicy:
    """Names the only places a page may load from; an answer that brings its own policy keeps it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.pages = policy(settings.CONTENT_SECURITY_POLICY)
        self.admin = policy(settings.ADMIN_CONTENT_SECURITY_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        in_admin = request.path.startswith(reverse("admin:index"))
        response.headers.setdefault("Content-Security-Policy", self.admin if in_admin else self.pages)
        return response


def policy(sources: dict[str, str]) -> str:
    """The header's value out of a table of directives."""
    return "; ".join(f"{directive} {allowed}" for directive, allowed in sources.items())


class TrustedProxies:
    """Believes `X-Forwarded-*` only from the operator's proxies, and drops it from everybody else.

    Behind a proxy the client's address is the last one in the chain that is not itself a trusted proxy.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.networks = [ip_network(given, strict=False) for given in settings.TRUSTED_PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = self.client(request)
        else:
            for header in FORWARDED:
                request.META.pop(header, None)
        request.META.pop("HTTP_X_FORWARDED_FOR", None)  # said once, in REMOTE_ADDR
        return self.get_response(request)

    def trusted(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks)

    def client(self, request: HttpRequest) -> str:
        nearest: str = request.META["REMOTE_ADDR"]
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        return next((address for address in reversed(chain) if not self.trusted(address)), nearest)
