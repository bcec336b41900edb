"""What is declared rather than stored: networks and metrics."""

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

from benchmark.api.authentication import workspace_of
from benchmark.api.parameters import refuse_unknown
from benchmark.api.schema import METRIC
from benchmark.api.serializers import ByNetworkSerializer, NetworkSerializer
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
