"""Published figures of whole industries, with their definitions: for whoever runs the installation."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from accounts.admin.base import OfInstallation
from benchmark.admin import filters
from benchmark.admin.cells import cell
from benchmark.models import INDUSTRIES, IndustryFigure


class FigureResource(ModelResource):
    """A figure is known by its definition, so that a file imported twice changes nothing."""

    class Meta:
        model = IndustryFigure
        exclude = ("id", "computed_at")
        import_id_fields = ("source", "year", "network", "industry", "follower_tier", "metric", "over_profiles")
        clean_model_instances = True
        skip_unchanged = True


@admin.register(IndustryFigure)
class FigureAdmin(ImportExportMixin, OfInstallation):
    """Figures that somebody published. Those computed from this installation's own cohorts are only looked at."""

    may = frozenset({"add", "change", "delete"})
    import_form_class = ImportForm
    export_form_class = ExportForm
    resource_classes = [FigureResource]
    list_display = ("source", "year", "network_name", "industry_name", "measure", "figure", "profiles")
    list_filter = (filters.ByNetwork, "year")
    search_fields = ("source", "metric", "industry")
    ordering = ("network", "industry", "-year", "source", "pk")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.computed_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.computed_at is None)

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def network_name(self, figure: IndustryFigure) -> str:
        return figure.get_network_display()

    @admin.display(description=gettext_lazy("Industry"), ordering="industry")
    def industry_name(self, figure: IndustryFigure) -> str:
        return INDUSTRIES.get(figure.industry, figure.industry.capitalize())

    @admin.display(description=gettext_lazy("Figure"), ordering="value")
    def figure(self, figure: IndustryFigure) -> str:
        return cell("figure", figure=figure)
