"""What people narrow a list down by. Choices come from the workspace of the seat; any other value is a 404."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from accounts.admin_site import seat_of
from benchmark.models import Brand, standing
from benchmark.networks import NETWORKS


class Choice(DropdownFilter):
    """One value out of a list. `column` is what it is compared with."""

    column = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        if value not in {str(key) for key, _label in self.lookup_choices}:
            raise Http404
        return self.narrowed(queryset, value)

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(**{self.column: value})

    def has_output(self) -> bool:
        return True


class ByNetwork(Choice):
    title = _("Network")
    parameter_name = column = "network"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(network.key, network.label) for network in NETWORKS.values()]


class ByBrand(Choice):
    title = _("Brand")
    parameter_name = "brand"
    column = "brand_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            return []
        brands = Brand.objects.of(seat.workspace).filter(role=model_admin.role)
        return [(str(pk), name) for pk, name in brands.values_list("pk", "name")]


class ByGroup(Choice):
    title = _("Group")
    parameter_name = "group"
    column = "brand__group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            return []
        groups = Brand.objects.filter(workspace=seat.workspace).exclude(group="")
        return [(group, group) for group in groups.values_list("group", flat=True).distinct().order_by("group")]


class ByStanding(Choice):
    """How reading stands. Without a choice, everything that is followed; removed ones only when asked for."""

    title = _("State")
    parameter_name = "state"
    all_option = ("", _("Followed"))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*standing.NAMES.items(), ("all", _("Followed and removed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset.filter(removed_at=None)
        return super().queryset(request, queryset)

    def narrowed(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset if value == "all" else queryset.filter(standing=value)
