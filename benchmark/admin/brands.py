"""The companies of a workspace."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from accounts.admin.base import OfWorkspace
from benchmark.admin.cells import cell
from benchmark.models import Brand
from benchmark.tracking import TrackingRefused, free_name


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """A brand whose name is the only one of its role in the workspace, whatever its case."""

    class Meta:
        model = Brand
        fields = ("name", "role", "industry", "group", "colour")

    def clean(self) -> None:
        brand, given = self.instance, self.cleaned_data
        if "name" not in given:
            return
        try:
            given["name"] = free_name(brand.workspace, given.get("role", brand.role), given["name"], brand=brand)
        except TrackingRefused as refusal:
            self.add_error("name", refusal.sentence)


@admin.register(Brand)
class BrandAdmin(OfWorkspace):
    """Own brands and competitors. One whose profiles are or were followed stays: their history hangs on it."""

    may = frozenset({"add", "change", "delete"})
    form = BrandForm
    list_display = ("brand", "role", "industry_name", "group", "followed")
    list_filter = (("role", ChoicesDropdownFilter), ("industry", ChoicesDropdownFilter))
    search_fields = ("name", "group")
    ordering = ("name", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        current = Count("tracked", filter=Q(tracked__removed_at=None))
        return super().get_queryset(request).annotate(followed=current)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.tracked.exists())

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> tuple[str, ...]:
        """A brand keeps its role: its profiles have places because of it."""
        return ("role",) if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Brand | None = None, **kwargs: Any) -> Any:
        """A form whose row knows its workspace from the beginning, so that its name can be checked."""
        form = super().get_form(request, obj, **kwargs)
        workspace = self.workspace(request)

        class InWorkspace(form):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **given: Any) -> None:
                super().__init__(*args, **given)
                self.instance.workspace = workspace

        return InWorkspace

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "colour":
            kwargs["help_text"] = gettext_lazy("Of its lines in charts, such as #2456c9. Empty: chosen for you.")
        if db_field.name == "group":
            kwargs["help_text"] = gettext_lazy("Any word of your own, such as a region.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("Brand"), ordering="name")
    def brand(self, brand: Brand) -> str:
        return cell("colour", brand=brand)

    @admin.display(description=gettext_lazy("Industry"), ordering="industry")
    def industry_name(self, brand: Brand) -> str:
        return brand.get_industry_display() or "–"  # noqa: RUF001 (an en dash)

    @admin.display(description=gettext_lazy("Profiles followed"), ordering="followed")
    def followed(self, brand: Brand) -> int:
        return brand.followed  # type: ignore[attr-defined,no-any-return]
