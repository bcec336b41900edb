"""Questions to the database that do not wait for one another: they are sent together, and answered when needed.

PostgreSQL works on what was asked while this process computes with what it has; that takes a third off a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import Format

Rows = list[tuple[Any, ...]]


@contextmanager
def together() -> Iterator[None]:
    """Within it, `ask` does not wait. Elsewhere it does, and everything means the same."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def ask(question: str, given: Mapping[str, Any]) -> Callable[[], Rows]:
    """Send a question, and give the function that waits for its rows."""
    cursor = _binary_cursor()
    with connection.wrap_database_errors:
        cursor.execute(question, given)
    if connection.connection.pgconn.pipeline_status:
        connection.connection.pgconn.send_flush_request()  # its rows do not wait for what is asked after it

    def answer() -> Rows:
        with connection.wrap_database_errors, cursor:
            rows: Rows = cursor.fetchall()
        return rows

    return answer


def array(members: Iterable[object]) -> str:
    """Numbers or plain words as PostgreSQL writes an array; the question says of what (`::bigint[]`)."""
    return "{" + ",".join(map(str, members)) + "}"


def _binary_cursor() -> Any:
    """A cursor on Django's own connection that takes results as they are, instead of as text.

    It goes past Django's own cursors where nobody listens to them: they cost more than some of the answers.
    """
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    cursor.format = Format.BINARY
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor) if connection.execute_wrappers else cursor
