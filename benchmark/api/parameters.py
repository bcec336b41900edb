"""What may stand behind the question mark: a misspelt filter is refused instead of answered as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

if TYPE_CHECKING:  # the views module reads the settings, which name this one
    from rest_framework.views import APIView

OF_EVERY_LIST = ("cursor", "page_size")


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise `ValidationError` where the address asks for something that is not known here."""
    named = sorted(known)
    hint = f"Known here: {', '.join(named)}." if named else "This address takes none."
    unknown = {
        name: [ErrorDetail(f"There is no parameter “{name[:40]}”. {hint}", "unknown_parameter")]
        for name in request.query_params
        if name not in named
    }
    if unknown:
        raise ValidationError(unknown)


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """The filters that a list declares, and no others."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Model], view: APIView) -> Any:
        filters = self.get_filterset_class(view, queryset)
        refuse_unknown(request, (*(filters.base_filters if filters else ()), *OF_EVERY_LIST))
        return super().filter_queryset(request, queryset, view)
