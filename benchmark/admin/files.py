"""Bringing files in the admin: looked at first, imported then; how far that is and what came of it is in the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import AddsByForm, OfWorkspace, dressed
from accounts.admin_site import seat_of, seat_or_403
from benchmark import tracking
from benchmark.admin.cells import freshness_cell
from benchmark.imports import FileRefused
from benchmark.models import Outcome, Upload
from benchmark.tracking.forms import FileForm, WantedForm
from tasks.uploads import import_kept

PROBLEMS_SHOWN = 100


@admin.register(Upload)
class FileAdmin(OfWorkspace, AddsByForm):
    """The files that somebody has sent in and not imported yet: their own, of the last hour."""

    may = frozenset({"add", "change", "delete"})
    list_display = ("name", "kept")
    ordering = ("-kept_at",)
    add_title = gettext_lazy("Bring a file")
    add_button = gettext_lazy("Look at it")

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            return Upload.objects.none()
        return Upload.objects.of(seat.workspace, seat.user, now=timezone.now()).idle().order_by(*self.ordering)

    @admin.display(description=gettext_lazy("Sent in"), ordering="kept_at")
    def kept(self, upload: Upload) -> str:
        return freshness_cell(upload.kept_at, now=timezone.now())

    def add_form(self, request: HttpRequest) -> forms.Form:
        return FileForm(request.POST or None, request.FILES or None, initial={"network": request.GET.get("network")})

    def add(self, request: HttpRequest, form: FileForm) -> HttpResponse | None:
        file, user = form.cleaned_data["file"], seat_or_403(request).user
        try:
            upload = tracking.keep(self.workspace(request), user, file, file.name, form.wanted, now=timezone.now())
        except FileRefused as refusal:
            form.add_error("file", refusal.told(_))
            return None
        return redirect("admin:benchmark_upload_change", upload.pk)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """What a file would bring, as it is wanted; then its import."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        upload = self.upload(request, object_id)
        if request.method != "POST":
            return self.preview(request, upload)
        form = WantedForm(request.POST)
        if not form.is_valid():
            return self.preview(request, upload, form)
        tracking.want(upload, form.wanted)
        if "import" not in request.POST or not form.wanted.network:
            return redirect("admin:benchmark_upload_change", upload.pk)
        try:
            run = import_kept(upload, now=timezone.now())
        except Upload.DoesNotExist:  # a second click, after the first has done it
            return redirect("admin:benchmark_fetchrun_changelist")
        if run.outcome in {None, Outcome.DONE}:
            return redirect("admin:benchmark_fetchrun_change", run.pk)
        messages.error(request, run.sentence)
        return redirect("admin:benchmark_upload_change", upload.pk)

    def upload(self, request: HttpRequest, object_id: str) -> Upload:
        """The kept file of this id, of who asks alone."""
        try:
            found: Upload | None = self.get_queryset(request).filter(pk=unquote(object_id)).first()
        except ValidationError:
            found = None
        if found is None:
            raise Http404
        found.workspace = self.workspace(request)
        return found

    def preview(self, request: HttpRequest, upload: Upload, form: WantedForm | None = None) -> HttpResponse:
        """The file as it is wanted, and the form that says otherwise."""
        seen = tracking.look_at(upload, now=timezone.now())
        wanted = tracking.Wanted.unpacked(upload.wanted)
        words = {
            "title": upload.name,
            "upload": upload,
            "seen": seen,
            "wanted": wanted,
            "form": dressed(form or WantedForm.showing(wanted)),
            "problems": seen.told_problems(PROBLEMS_SHOWN),
        }
        return self.page(request, "admin/files/preview.html", status=200 if form is None else 422, **words)
