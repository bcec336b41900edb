"""Lists are read by cursor, so that rows that come in meanwhile neither repeat nor hide others."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Field
from rest_framework import exceptions, pagination
from rest_framework.request import Request

if TYPE_CHECKING:  # the views module reads the settings, which name this one
    from rest_framework.views import APIView


class ByCursor(pagination.CursorPagination):
    """Newest first, fifty at a time, `page_size` up to 500."""

    ordering: str | tuple[str, ...] = "-id"
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    sorted_by: Field[Any, Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> Any:
        """A page of the list; a cursor that cannot be one of its places is refused like any other invented one."""
        first = self.ordering if isinstance(self.ordering, str) else self.ordering[0]
        self.sorted_by = queryset.model._meta.get_field(first.lstrip("-"))
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Any:
        """The place that the address names. What it holds came from outside, and goes into a query."""
        cursor = super().decode_cursor(request)
        if cursor is None or cursor.position is None:
            return cursor
        try:
            place = self.sorted_by.to_python(cursor.position)
        except ValidationError:
            raise exceptions.NotFound(self.invalid_cursor_message) from None
        if isinstance(place, datetime) and place.tzinfo is None:  # ours carry their zone
            raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


class ByPublication(ByCursor):
    """Posts, the youngest first."""

    ordering = ("-published_at", "-id")


class ByReading(ByCursor):
    """Readings of a profile, the latest first."""

    ordering = ("-read_at", "-id")
