"""The ledger: what was fetched and imported for the workspace, and what came of it. Nobody writes here by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.resources import ModelResource
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.contrib.import_export.forms import ExportForm

from accounts.admin.base import OfWorkspace
from accounts.admin_site import seat_or_403
from benchmark import tracking
from benchmark.admin import filters
from benchmark.admin.cells import cell, freshness_cell, has_avatar, network_cell, profile_cell
from benchmark.models import FetchRun, Outcome, RunKind, standing

PROGRESS = "ys-progress"  # the part of a page that shows how far an import is

REMEDIES = standing.REMEDIES | {
    "refused": gettext_lazy("Nothing was stored. Correct the file and import it again."),
    "abandoned": gettext_lazy("Nothing to do: the next run goes on from what was stored."),
}


def remedy_of(run: FetchRun) -> Any:
    """What helps now; nothing where the run says it itself."""
    says_it_itself = run.kind == RunKind.IMPORT and run.outcome == Outcome.ABANDONED
    return "" if says_it_itself else REMEDIES.get(run.outcome or "", "")


class RunResource(ModelResource):
    """What an exported ledger says of each run."""

    profile = Field("profile__handle", "profile")

    class Meta:
        model = FetchRun
        fields = (
            "kind", "network", "profile", "started_at", "finished_at", "trigger", "source", "requests", "seen", "new",
            "changed", "refused", "outcome", "code", "sentence",
        )  # fmt: skip


@admin.register(FetchRun)
class LedgerAdmin(ExportMixin, OfWorkspace):
    """Fetches of what the workspace follows, and its own imports. Who asked is said of its own people only."""

    change_form_outer_before_template = "admin/files/result.html"
    export_form_class = ExportForm
    resource_classes = [RunResource]
    fields = readonly_fields = (
        "what", "on", "whom", "by_whom", "source", "started_at", "finished_at", "requests", "seen", "new", "changed",
        "refused", "outcome_cell", "left_out",
    )  # fmt: skip
    list_display = ("what", "whom", "on", "started", "by_whom", "seen", "new", "changed", "outcome_cell")
    list_filter = (filters.ByNetwork, ("kind", ChoicesDropdownFilter), ("outcome", ChoicesDropdownFilter))
    list_select_related = ("profile", "user", "api_key")
    search_fields = ("profile__name", "profile__handle", "source")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = FetchRun.objects.visible_to(self.workspace(request))
        return rows.select_related("profile", "user", "api_key").annotate(has_avatar=has_avatar())

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """A run. An import shows how far it is; once it has ended, the page that watches is loaded anew."""
        self.refuse_before_looking(request)
        run = self.get_object(request, unquote(object_id))
        if run is None or run.kind != RunKind.IMPORT:
            return super().change_view(request, object_id, form_url, extra_context)
        watched = tracking.watch(run, seat_or_403(request).user, now=timezone.now())
        words = {"run": run, "watched": watched, "progress_id": PROGRESS}
        if request.headers.get("HX-Target") != PROGRESS:
            return super().change_view(request, object_id, form_url, {**(extra_context or {}), **words})
        answer = render(request, "admin/files/progress.html", words)
        if run.outcome is not None:
            answer.headers["HX-Refresh"] = "true"
        return answer

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("What"), ordering="kind")
    def what(self, run: FetchRun) -> str:
        return _("First fetch") if run.backfill else run.get_kind_display()

    @admin.display(description=gettext_lazy("Profile"), ordering="profile__name")
    def whom(self, run: Any) -> str:
        if run.profile is None:
            return run.source or "–"  # noqa: RUF001 (an en dash)
        return profile_cell(run.profile, has_avatar=run.has_avatar)

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def on(self, run: FetchRun) -> str:
        return network_cell(run.network)

    @admin.display(description=gettext_lazy("When"), ordering="started_at")
    def started(self, run: FetchRun) -> str:
        return freshness_cell(run.started_at, now=timezone.now())

    @admin.display(description=gettext_lazy("By"), ordering="trigger")
    def by_whom(self, run: FetchRun) -> str:
        who = (run.user or run.api_key) if run.workspace_id is not None else None
        return str(who or run.get_trigger_display())

    @admin.display(description=gettext_lazy("Outcome"), ordering="outcome")
    def outcome_cell(self, run: FetchRun) -> str:
        return cell("outcome", run=run, remedy=remedy_of(run))

    @admin.display(description=gettext_lazy("Rows left out"))
    def left_out(self, run: FetchRun) -> str:
        return cell("problems", problems=run.problems)
