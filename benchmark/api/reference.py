"""What belongs to no team: networks, metrics, and figures of whole industries."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from benchmark import industry
from benchmark.api.authentication import workspace_of
from benchmark.api.errors import ErrorSerializer
from benchmark.api.parameters import refuse_unknown
from benchmark.api.schema import FIGURE, INDUSTRY, METRIC
from benchmark.api.serializers import ByNetworkSerializer, FiguresAskedSerializer, NetworkSerializer
from benchmark.ingest.keys import provided
from benchmark.networks import NETWORKS, Network
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.reports import metric_infos


def network_or_404(key: str) -> Network:
    """The declared network of this key."""
    if key in GIVE_NOTHING:
        raise NotFound(GIVE_NOTHING[key].sentence, code="network_gives_nothing")
    if key not in NETWORKS:
        raise NotFound(f"There is no network “{key}”. GET /api/v1/networks/ lists them.", code="network_unknown")
    return NETWORKS[key]


class NetworksView(APIView):
    """Every network: what it publishes of others, what it needs, how far back it reads, whose key you ask it with."""

    @extend_schema(responses=NetworkSerializer(many=True), operation_id="networks_list")
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        declared: Any = list(NETWORKS.values())
        keys = provided(workspace_of(request), installation=settings.NETWORK_KEYS, now=timezone.now())
        return Response(NetworkSerializer(declared, many=True, context={"provided": keys}).data)


class MetricsView(APIView):
    """Every metric with its definition, unit and source; with `network`, those that it offers."""

    @extend_schema(
        parameters=[ByNetworkSerializer],
        responses={200: {"type": "array", "items": METRIC}},
        operation_id="metrics_list",
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ("network",))
        key = request.query_params.get("network")
        network = network_or_404(key) if key else None
        infos: list[Any] = [msgspec.to_builtins(info) for info in metric_infos(network)]
        return Response(infos)


class IndustriesView(APIView):
    """Every industry that a brand may have, and all together, with how many published figures there are about each."""

    @extend_schema(responses={200: {"type": "array", "items": INDUSTRY}}, operation_id="industries_list")
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        known: list[Any] = [msgspec.to_builtins(each) for each in industry.industries()]
        return Response(known)


class IndustryFiguresView(APIView):
    """The figures of an industry: published ones with source, year and definition, and the latest cohorts from here.

    `metrics` names those that a figure stands beside; where there is none, `reason` says why.
    """

    @extend_schema(
        parameters=[FiguresAskedSerializer],
        responses={200: {"type": "array", "items": FIGURE}, 400: ErrorSerializer, 404: ErrorSerializer},
        operation_id="industries_figures_list",
    )
    def get(self, request: Request, key: str) -> Response:
        if key not in {each.key for each in industry.industries()}:
            sentence = f"There is no industry “{key}”. GET /api/v1/industries/ lists them."
            raise NotFound(sentence, code="industry_unknown")
        asked = FiguresAskedSerializer(data=request.query_params)
        refuse_unknown(request, asked.fields)
        asked.is_valid(raise_exception=True)
        figures: list[Any] = [msgspec.to_builtins(each) for each in industry.figures_of(key, **asked.validated_data)]
        return Response(figures)
