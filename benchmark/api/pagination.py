"""Lists are read by cursor, so that rows that come in meanwhile neither repeat nor hide others."""

from rest_framework import pagination


class ByCursor(pagination.CursorPagination):
    """Newest first, fifty at a time, `page_size` up to 500."""

    ordering: str | tuple[str, ...] = "-id"
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"


class ByPublication(ByCursor):
    """Posts, the youngest first."""

    ordering = ("-published_at", "-id")


class ByReading(ByCursor):
    """Readings of a profile, the latest first."""

    ordering = ("-read_at", "-id")
