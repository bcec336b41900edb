"""Figures of whole industries, for whoever runs the installation: published ones, and this installation's cohorts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm

from accounts.admin.base import OfInstallation, dressed
from benchmark.admin import filters
from benchmark.admin.cells import cell
from benchmark.industry import published
from benchmark.industry.tiers import tier_name
from benchmark.metrics import METRICS
from benchmark.models import CohortFigure, IndustryFigure
from benchmark.models.figure import figure_industries, figure_networks


class FigureResource(ModelResource):
    """A table of figures in the form of the shipped one, so that it can be loaded again."""

    industry = Field("published_industry", "industry")
    target = Field(column_name="target")
    our_industry = Field("industry", "our_industry")

    class Meta:
        model = IndustryFigure
        fields = export_order = (*published.COLUMNS, published.OURS)

    def dehydrate_target(self, figure: IndustryFigure) -> str:
        return "yes" if figure.target else "no"


class FigureForm(forms.ModelForm):  # type: ignore[type-arg]
    """A figure in the words of definitions."""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        said = {name: str(given.get(name) or "") for name in published.VOCABULARY}
        for name, sentence in published.wrong_words(said):
            if name in given:
                self.add_error(name, sentence)
        return given


class FiguresFileForm(forms.Form):
    """A file of figures; once looked at, its text comes back to be loaded."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8, with the heads of an exported table of figures."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        required=False,
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if file := given.get("file"):
            try:
                given["text"] = file.read(4 * published.LARGEST).decode()
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not written in UTF-8. Save it as CSV in UTF-8."))
        elif not given.get("text"):
            self.add_error("file", _("Choose a file."))
        return given


class ByPublisher(filters.Choice):
    title = gettext_lazy("Publisher")
    parameter_name = column = "publisher"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = IndustryFigure.objects.order_by("publisher").values_list("publisher", flat=True).distinct()
        return [(name, name) for name in names]


class ByYear(filters.Choice):
    title = gettext_lazy("Year")
    parameter_name = column = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = IndustryFigure.objects.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]


class ByFigureNetwork(filters.ByNetwork):
    """Also those that take several networks together."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return figure_networks()


class ByIndustry(filters.Choice):
    title = gettext_lazy("Industry")
    parameter_name = column = "industry"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return figure_industries()


class ByEdition(filters.Choice):
    """Without a choice, what nothing has replaced."""

    title = gettext_lazy("Edition")
    parameter_name = "edition"
    all_option = ("", gettext_lazy("Current"))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("replaced", gettext_lazy("Replaced or withdrawn")), ("all", gettext_lazy("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().queryset(request, queryset) if self.value() else queryset.filter(replaced_at=None)

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.exclude(replaced_at=None)


@admin.register(IndustryFigure)
class FigureAdmin(ExportMixin, OfInstallation):
    """Figures that somebody published. None is overwritten: a correction leaves the old one as replaced."""

    may = frozenset({"add", "change"})
    form = FigureForm
    fields = (
        "publisher", "source", "source_url", "year", "edition", "network", "industry", "published_industry",
        "follower_tier", "post_format", "measure", "parts", "denominator", "over_posts", "over_profiles", "value",
        "unit", "profiles", "target", "note",
    )  # fmt: skip
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    export_form_class = ExportForm
    resource_classes = [FigureResource]
    list_display = ("source", "year", "network_name", "industry_name", "measure", "statistic", "figure", "profiles")
    list_filter = (ByPublisher, ByFigureNetwork, ByIndustry, ByYear, ByEdition)
    search_fields = ("source", "measure", "published_industry", "note")
    ordering = ("network", "industry", "-year", "source", "pk")
    actions = ["withdraw"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self) -> list[Any]:
        load = path("import/", self.admin_site.admin_view(self.load_view), name="benchmark_industryfigure_import")
        return [load, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        words = {"has_import_permission": self.has_add_permission(request), **(extra_context or {})}
        answer: HttpResponse = super().changelist_view(request, words)
        return answer

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.replaced_at is None)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: IndustryFigure, form: Any, change: bool) -> None:
        """A row of its own; the one that was corrected stays as replaced."""
        if change and not form.has_changed():
            return
        now = timezone.now()
        if change:
            IndustryFigure.objects.filter(pk=obj.pk).update(replaced_at=now)
        obj.pk = None
        obj.replaced_at = None
        published.store([obj], now=now)

    @admin.action(description=gettext_lazy("Withdraw: shown no longer, but kept"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[IndustryFigure]) -> None:
        number = queryset.filter(replaced_at=None).update(replaced_at=timezone.now())
        sentence = ngettext("%(n)d figure is withdrawn.", "%(n)d figures are withdrawn.", number)
        messages.success(request, sentence % {"n": number})

    # --- loading a file ---

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """What a file would bring; then, with the same text again, its loading."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = FiguresFileForm(request.POST, request.FILES) if sent else FiguresFileForm()
        seen = None
        if sent and form.is_valid():
            try:
                seen = published.preview(form.cleaned_data["text"])
            except published.FileRefused as refusal:
                form.add_error("file", refusal.sentence)
        if seen is not None and not seen.refused and "load" in request.POST:
            return self.loaded(request, seen)
        words = {"title": _("Load published figures"), "form": dressed(form), "seen": seen}
        if seen is not None:
            words["text"] = form.cleaned_data["text"]
        status = 422 if form.errors or (seen is not None and seen.refused) else 200
        return self.page(request, "admin/figures/load.html", status=status, **words)

    def loaded(self, request: HttpRequest, seen: published.Preview) -> HttpResponse:
        number = published.store(seen.figures, now=timezone.now())
        sentence = ngettext("%(n)d figure is stored.", "%(n)d figures are stored.", number)
        messages.success(request, sentence % {"n": number})
        return redirect("admin:benchmark_industryfigure_changelist")

    # --- cells ---

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def network_name(self, figure: IndustryFigure) -> str:
        return figure.get_network_display()

    @admin.display(description=gettext_lazy("Industry"), ordering="industry")
    def industry_name(self, figure: IndustryFigure) -> str:
        return ", ".join(filter(None, (figure.published_industry, tier_name(figure.follower_tier))))

    @admin.display(description=gettext_lazy("Statistic"), ordering="over_profiles")
    def statistic(self, figure: IndustryFigure) -> str:
        return figure.over_profiles.replace("_", " ")

    @admin.display(description=gettext_lazy("Figure"), ordering="value")
    def figure(self, figure: IndustryFigure) -> str:
        return cell("figure", figure=figure)


@admin.register(CohortFigure)
class CohortAdmin(OfInstallation):
    """How the followed profiles of one industry and size are distributed, month by month. Only to be looked at."""

    list_display = ("metric_name", "network_name", "industry_name", "month", "profiles", "p25", "p50", "p75")
    list_filter = (filters.ByNetwork, ByIndustry)
    search_fields = ("metric", "follower_tier")
    ordering = ("-month", "network", "industry", "follower_tier", "metric")
    exclude = ("quantiles",)
    date_hierarchy = "month"

    @admin.display(description=gettext_lazy("Metric"), ordering="metric")
    def metric_name(self, figure: CohortFigure) -> str:
        metric = METRICS.get(figure.metric)
        return str(metric.label) if metric else figure.metric

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def network_name(self, figure: CohortFigure) -> str:
        return figure.get_network_display()

    @admin.display(description=gettext_lazy("Industry"), ordering="industry")
    def industry_name(self, figure: CohortFigure) -> str:
        return ", ".join(filter(None, (figure.get_industry_display(), tier_name(figure.follower_tier))))
