"""Bringing files: looked at before anything is stored, then imported, with a result for every row that was left out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Membership
from accounts.workspaces import editors, members
from benchmark import tracking
from benchmark.imports import FileRefused
from benchmark.models import FetchRun, RunKind, Upload
from benchmark.tracking.forms import FileForm, WantedForm, format_names
from benchmark.web.rendering import page
from tasks.uploads import import_kept

LATEST = 20
PROBLEMS_SHOWN = 100
PROGRESS = "progress"  # the part of the page that shows how far an import is


@require_http_methods(["GET", "POST"])
@members
def show(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The form for another file, and what came of those before."""
    if request.method == "GET":
        return _files(request, membership, FileForm(initial={"network": request.GET.get("network")}))
    if not membership.can_edit:
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _files(request, membership, form, status=422)
    file = form.cleaned_data["file"]
    try:
        upload = tracking.keep(membership.workspace, membership.user, file, file.name, form.wanted, now=timezone.now())
    except FileRefused as refusal:
        form.add_error("file", refusal.told(_))
        return _files(request, membership, form, status=422)
    return redirect("web:file", membership.workspace.slug, upload.pk)


@require_http_methods(["GET", "POST"])
@editors
def preview(request: HttpRequest, membership: Membership, upload_id: UUID) -> HttpResponse:
    """What a file would bring, as it is wanted; then its import."""
    now = timezone.now()
    upload = Upload.objects.of(membership.workspace, membership.user, now=now).filter(pk=upload_id).first()
    if upload is None:
        raise Http404(_("This file is not kept any longer. Choose it again."))
    upload.workspace = membership.workspace
    if request.method == "GET":
        return _preview(request, membership, upload)
    form = WantedForm(request.POST)
    if not form.is_valid():
        return _preview(request, membership, upload, form)
    tracking.want(upload, form.wanted)
    if "import" not in request.POST or not form.wanted.network:
        return redirect("web:file", membership.workspace.slug, upload.pk)
    try:
        run = import_kept(upload, now=now)
    except Upload.DoesNotExist:  # a second click, after the first has done it
        return redirect("web:files", membership.workspace.slug)
    return redirect("web:file_import", membership.workspace.slug, run.pk)


@require_GET
@members
def result(request: HttpRequest, membership: Membership, run_id: int) -> HttpResponse:
    """What came of an import, or how far it is; once it has ended, the page that watches is loaded anew."""
    runs = FetchRun.objects.filter(workspace=membership.workspace, kind=RunKind.IMPORT)
    run = get_object_or_404(runs.select_related("profile"), pk=run_id)
    context = {
        "run": run,
        "watched": tracking.watch(run, membership.user, now=timezone.now()),
        "problems": run.problems[:PROBLEMS_SHOWN],
        "progress_id": PROGRESS,
    }
    if request.headers.get("HX-Target") != PROGRESS:
        return page(request, membership, "web/files/result.html", context)
    response = page(request, membership, "web/files/progress.html", context)
    if run.outcome is not None:
        response.headers["HX-Refresh"] = "true"
    return response


def _files(request: HttpRequest, membership: Membership, form: FileForm, *, status: int = 200) -> HttpResponse:
    runs = FetchRun.objects.filter(workspace=membership.workspace, kind=RunKind.IMPORT).order_by("-id")
    context = {"form": form, "formats": format_names(), "runs": runs.select_related("profile")[:LATEST]}
    return page(request, membership, "web/files.html", context, status=status)


def _preview(
    request: HttpRequest, membership: Membership, upload: Upload, form: WantedForm | None = None
) -> HttpResponse:
    """The file as it is wanted, and the form that says otherwise."""
    seen = tracking.look_at(upload, now=timezone.now())
    wanted = tracking.Wanted.unpacked(upload.wanted)
    context: dict[str, Any] = {
        "upload": upload,
        "seen": seen,
        "wanted": wanted,
        "form": form or WantedForm.showing(wanted),
        "again": FileForm(initial={"whose": "own" if wanted.own else "competitor"}),
        "problems": seen.told_problems(PROBLEMS_SHOWN),
        "now": timezone.now(),
    }
    refused = seen.refusal is not None or (form is not None and not form.is_valid())
    return page(request, membership, "web/files/preview.html", context, status=422 if refused and form else 200)
