"""One shape for every error: a stable `code`, a `message` for people, and the fields that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from benchmark.tracking import TrackingRefused

ADDRESSES = "/api/"

# The statuses of section "REST" of the design: what a refusal of `tracking` means to a program.
STATUS_OF_REFUSAL = {
    "competitor_limit_reached": status.HTTP_409_CONFLICT,
    "already_tracked": status.HTTP_409_CONFLICT,
    "profile_not_found": status.HTTP_404_NOT_FOUND,
    "network_unavailable": status.HTTP_503_SERVICE_UNAVAILABLE,
    "rate_limited": status.HTTP_503_SERVICE_UNAVAILABLE,
    "quota_used_up": status.HTTP_503_SERVICE_UNAVAILABLE,
}


class FieldErrorSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ErrorSerializer(serializers.Serializer[Any]):
    """Every error that this API answers."""

    code = serializers.CharField(help_text="Stable; programs decide by it.")
    message = serializers.CharField(help_text="One sentence: what, where, what to do.")
    fields = serializers.ListField(child=FieldErrorSerializer(), help_text="What is wrong with which field.")  # type: ignore[assignment]


class Refused(exceptions.APIException):
    """A lower layer said no, with a code and a sentence of its own."""

    def __init__(self, *, code: str, message: str, status_code: int, field: str = "") -> None:
        super().__init__(message, code)
        self.status_code = status_code
        self.field = field


def refusal(error: TrackingRefused) -> Refused:
    """What `tracking` refused, as an answer."""
    code = STATUS_OF_REFUSAL.get(error.code, status.HTTP_422_UNPROCESSABLE_ENTITY)
    return Refused(code=error.code, message=error.sentence, status_code=code, field=error.field or "")


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception; None for one that nobody foresaw, which Django reports."""
    if isinstance(error, TrackingRefused):
        error = refusal(error)
    if isinstance(error, ProtectedError):
        error = Refused(code="in_use", message="Something still uses this row.", status_code=status.HTTP_409_CONFLICT)
    response = exception_handler(error, context)
    if response is not None:
        response.data = body(error)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: a page for people, one shape for programs."""
    if not request.path.startswith(ADDRESSES):
        return defaults.page_not_found(request, exception)
    message = "There is no such address. /api/v1/docs/ lists them all."
    return JsonResponse({"code": "not_found", "message": message, "fields": []}, status=status.HTTP_404_NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """A mistake of ours: a page for people, one shape for programs."""
    if not request.path.startswith(ADDRESSES):
        return defaults.server_error(request)
    message = "Something went wrong here, and the log says what. Trying again may help."
    answer = {"code": "server_error", "message": message, "fields": []}
    return JsonResponse(answer, status=status.HTTP_500_INTERNAL_SERVER_ERROR)


def body(error: Exception) -> dict[str, Any]:
    """`code`, `message` and `fields` of an exception that Django REST framework knows how to answer."""
    if isinstance(error, exceptions.ValidationError):
        fields = list(field_errors(error.detail))
        message = fields[0]["message"] if len(fields) == 1 else "Some fields are wrong."
        return {"code": "invalid", "message": message, "fields": fields}
    if isinstance(error, Http404):
        return {"code": "not_found", "message": "There is nothing here that this key may see.", "fields": []}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "message": "This key may not do that.", "fields": []}
    return plain_error(error)


def plain_error(error: Exception) -> dict[str, Any]:
    """An exception with one code and one sentence."""
    detail = getattr(error, "detail", exceptions.ErrorDetail(str(error), "error"))
    code = getattr(detail, "code", "error")
    message = str(detail)
    field = getattr(error, "field", "")
    fields = [{"field": field, "code": code, "message": message}] if field else []
    return {"code": code, "message": message, "fields": fields}


def field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """One entry per wrong field, nested ones by dotted path."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from field_errors(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = f"{path}.{number}" if isinstance(inner, dict) else path
            yield from field_errors(inner, nested)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "message": str(detail)}
