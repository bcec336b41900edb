"""What pages are drawn with: pictures of profiles, and the script that draws charts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from benchmark.models import Avatar, Profile
from benchmark.web import bundle

A_DAY = 60 * 60 * 24
A_YEAR = A_DAY * 365


@require_GET
@login_required
@cache_control(private=True, max_age=A_DAY)
def avatar(request: HttpRequest, profile_id: int) -> HttpResponse:
    """A profile's picture, for members of a workspace that follows or followed it, or whose file brought it."""
    theirs = Q(tracked__workspace__memberships__user=request.user) | Q(workspace__memberships__user=request.user)
    picture = get_object_or_404(Avatar, profile__in=Profile.objects.filter(theirs), pk=profile_id)
    return HttpResponse(bytes(picture.image), content_type="image/webp")


@require_GET
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def charts(request: HttpRequest, version: str) -> HttpResponseBase:
    """The script that draws charts; its address carries its version, so that a browser asks for it once."""
    if version != bundle.wheel_version():
        raise Http404
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response: HttpResponseBase = FileResponse(bundle.packed().open("rb"), content_type="text/javascript")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(bundle.unpacked(), content_type="text/javascript")
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
