"""The answer that everything else is for: one Report, as JSON."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.views import APIView

from benchmark import reports
from benchmark.api.authentication import workspace_of
from benchmark.api.errors import ErrorSerializer, Refused
from benchmark.api.parameters import refuse_unknown
from benchmark.api.reference import network_or_404
from benchmark.api.schema import REPORT, SENSITIVITY, SERIES
from benchmark.networks import Network
from benchmark.reports.kept import kept, name_of
from benchmark.reports.periods import PeriodRefused, parse
from benchmark.reports.value import Period, Report, Sensitivity, Series, to_json

PERIOD = [
    OpenApiParameter("period", str, description="7d, 30d (the default), 90d, 12m, or 2025-03-01..2025-05-31."),
    OpenApiParameter("start", OpenApiTypes.DATE, description="First day, with `end` instead of `period`."),
    OpenApiParameter("end", OpenApiTypes.DATE, description="Last day; a period includes both."),
]
OVERPERFORMANCE = "overperformance"
OF_A_PERIOD = ("period", "start", "end")


def period_of(request: Request) -> Period:
    """The period that the address asks for."""
    asked = request.query_params
    try:
        return parse(asked.get("period"), start=asked.get("start", ""), end=asked.get("end", ""), now=timezone.now())
    except PeriodRefused as refused:
        raise Refused(
            code=refused.code,
            message=refused.sentence,
            field=refused.field,
            status_code=status.HTTP_400_BAD_REQUEST,
        ) from refused


def answer(value: Report | Series | Sensitivity) -> HttpResponse:
    """The value's own JSON, the same bytes as on the command line."""
    return HttpResponse(to_json(value), content_type="application/json")


class ReportView(APIView):
    """One network of one workspace, over one period."""

    def network(self, key: str) -> Network:
        return network_or_404(key)


class BenchmarkView(ReportView):
    """Own accounts and competitors compared: figures with intervals and bases, ranks, changes, industry, top posts."""

    @extend_schema(
        operation_id="benchmarks_retrieve",
        parameters=[
            *PERIOD,
            OpenApiParameter("metrics", str, description="Keys of metrics, with commas; the default ones if left out."),
            OpenApiParameter(
                OVERPERFORMANCE,
                bool,
                description="Whether to hold each post against the account's own at the same age: fills overperforming"
                " and underperforming, and the top posts' overperformance.",
            ),
        ],
        responses={200: REPORT, 304: None, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, network: str) -> HttpResponse:
        declared = self.network(network)
        refuse_unknown(request, (*OF_A_PERIOD, "metrics", OVERPERFORMANCE))
        keys, workspace, period = asked_metrics(request), workspace_of(request), period_of(request)
        overperformance = request.query_params.get(OVERPERFORMANCE, "").lower() in {"true", "1"}
        name = name_of(workspace.pk, declared.key, period, keys, overperformance)
        if name in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers=_of_name(name))

        def made() -> bytes:
            return to_json(
                reports.benchmark(
                    workspace, declared.key, period, metrics=keys, overperformance=overperformance, now=timezone.now()
                )
            )

        try:
            body = kept(
                name,
                made,
            )
        except reports.MetricRefused as refused:
            raise unknown_metric(refused, field="metrics") from refused
        return HttpResponse(body, content_type="application/json", headers=_of_name(name))


def _of_name(name: str) -> dict[str, str]:
    """An answer with this tag holds until the tag changes; whoever keeps it has to ask."""
    return {"ETag": f'"{name}"', "Cache-Control": "private, no-cache"}


class SeriesView(ReportView):
    """One metric of all followed profiles over time, by day, week or month."""

    @extend_schema(
        operation_id="benchmarks_series_retrieve",
        parameters=[
            *PERIOD,
            OpenApiParameter("metric", str, required=True),
            OpenApiParameter("interval", str, enum=["day", "week", "month"]),
        ],
        responses={200: SERIES, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, network: str) -> HttpResponse:
        declared = self.network(network)
        refuse_unknown(request, (*OF_A_PERIOD, "metric", "interval"))
        metric = request.query_params.get("metric", "")
        interval = request.query_params.get("interval", "day")
        try:
            series = reports.series(
                workspace_of(request), declared.key, metric, interval, period_of(request), now=timezone.now()
            )
        except reports.MetricRefused as refused:
            raise unknown_metric(refused, field=refused.field) from refused
        return answer(series)


class SensitivityView(ReportView):
    """The same figures without the top posts, with young posts, and with hidden counts as none, side by side."""

    @extend_schema(
        operation_id="benchmarks_sensitivity_retrieve",
        parameters=[
            *PERIOD,
            OpenApiParameter("metrics", str, description="Keys of metrics, with commas; the usual rates if left out."),
        ],
        responses={200: SENSITIVITY, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, network: str) -> HttpResponse:
        declared = self.network(network)
        refuse_unknown(request, (*OF_A_PERIOD, "metrics"))
        workspace, period = workspace_of(request), period_of(request)
        try:
            found = reports.sensitivity(
                workspace, declared.key, period, metrics=asked_metrics(request), now=timezone.now()
            )
        except reports.MetricRefused as refused:
            raise unknown_metric(refused, field="metrics") from refused
        return answer(found)


def asked_metrics(request: Request) -> list[str] | None:
    """The keys that the address names; None where it names none."""
    return [key for key in request.query_params.get("metrics", "").split(",") if key] or None


def unknown_metric(refused: reports.MetricRefused, *, field: str) -> Refused:
    """A metric or interval that does not exist, as an answer."""
    return Refused(code=refused.code, message=refused.sentence, field=field, status_code=status.HTTP_400_BAD_REQUEST)
