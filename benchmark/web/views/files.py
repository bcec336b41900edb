"""Bringing files: posts or followers of a profile, read into the workspace's own rows, with a result for every line."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from accounts.workspaces import members
from benchmark import imports, tracking
from benchmark.imports import FileRefused
from benchmark.models import FetchRun, RunKind
from benchmark.networks import network_choices
from benchmark.web.rendering import page

LATEST = 20
POSTS, FOLLOWERS = "posts", "followers"


def format_choices() -> list[tuple[str, Any]]:
    return [(imports.AUTO, _("Recognise it")), *((key, key.replace("_", " ")) for key in imports.FORMATS)]


class FileForm(forms.Form):
    """What a file holds, and what cannot be read off it."""

    network = forms.ChoiceField(label=_("Network"), choices=network_choices)
    holds = forms.ChoiceField(
        label=_("What is in it"), choices=[(POSTS, _("Posts of one profile")), (FOLLOWERS, _("Follower counts"))]
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV, also gzipped."))
    profile = forms.CharField(
        label=_("Profile"), max_length=500, required=False, help_text=_("Its handle or address. Needed for posts.")
    )
    own = forms.BooleanField(label=_("It is our own account"), required=False)
    counted_at = forms.DateField(
        label=_("Counted on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day on which the file was made, if that was not today."),
    )
    complete_from = forms.DateField(
        label=_("Complete from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The first day that the file holds whole; without it, the day of its first post."),
    )
    format = forms.ChoiceField(label=_("Format"), choices=format_choices, required=False)
    skip_bad_rows = forms.BooleanField(
        label=_("Leave out rows that cannot be read"),
        required=False,
        help_text=_("Otherwise one bad row refuses the whole file, and nothing is stored."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("holds") == POSTS and not given.get("profile"):
            self.add_error("profile", _("Say whose posts these are: a handle or an address."))
        return given


@require_http_methods(["GET", "POST"])
@members
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The form, what came of the file that was just sent, and what came of those before."""
    if request.method == "GET":
        return _page(request, membership, FileForm(initial={"network": request.GET.get("network")}))
    if not membership.can_edit:
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    try:
        result = _stored(membership, form.cleaned_data)
    except (FileRefused, tracking.TrackingRefused) as refusal:
        return _page(request, membership, form, {"refusal": refusal}, status=422)
    return _page(request, membership, FileForm(), {"result": result})


def _stored(membership: Membership, given: dict[str, Any]) -> tracking.Imported:
    """Hand the file to what the other doors use too."""
    file = given["file"]
    common: dict[str, Any] = {
        "network": given["network"],
        "source": file.name,
        "own": given["own"],
        "format": given["format"] or imports.AUTO,
        "skip_bad_rows": given["skip_bad_rows"],
        "by": tracking.By.person(membership.user),
        "now": timezone.now(),
    }
    if given["holds"] == FOLLOWERS:
        return tracking.import_followers(membership.workspace, file, **common)
    day = given["counted_at"]
    counted_at = datetime.combine(day, time.max, UTC) if day else None
    return tracking.import_posts(
        membership.workspace,
        file,
        profile=given["profile"],
        counted_at=min(counted_at, common["now"]) if counted_at else None,
        complete_from=given["complete_from"],
        **common,
    )


def _page(
    request: HttpRequest,
    membership: Membership,
    form: FileForm,
    extra: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    runs = FetchRun.objects.filter(workspace=membership.workspace, kind=RunKind.IMPORT).order_by("-id")
    context = {"form": form, "runs": runs.select_related("profile")[:LATEST]}
    return page(request, membership, "web/files.html", context | (extra or {}), status=status)
