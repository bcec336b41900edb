"""What every figure means, and what each network gives: both read from their declarations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark.ingest.keys import Provided, provided
from benchmark.metrics import BASES, REASONS, by_tool, in_groups
from benchmark.metrics.formula import formula
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.web import words
from benchmark.web.rendering import in_zone_of, page

PUBLISHED = ("followers", "following", "posts", *COUNTS)


@require_GET
@members
def metrics(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every metric with its definition; every basis and every reason for a missing figure."""
    context = {
        "groups": [(name, [(metric, formula(metric)) for metric in metrics]) for name, metrics in in_groups()],
        "tools": by_tool(),
        "bases": [(key, words.basis_mark(key), sentence) for key, sentence in BASES.items()],
        "reasons": REASONS.items(),
    }
    return page(request, membership, "web/metrics.html", context)


@require_GET
@members
def networks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Which counts each network publishes about others, and what follows from the ones it does not."""
    with in_zone_of(membership.workspace):
        keys = provided(membership.workspace, installation=settings.NETWORK_KEYS, now=timezone.now())
    context = {
        "names": [words.PUBLISHED_NAMES[key] for key in PUBLISHED],
        "networks": [_given(network, *keys[network.key]) for network in by_label()],
        "silent": GIVE_NOTHING.values(),
    }
    return page(request, membership, "web/networks.html", context)


def by_label() -> list[Network]:
    """All networks in the order of their names."""
    return sorted(NETWORKS.values(), key=lambda network: network.label.casefold())


def _given(network: Network, key: Provided, sentence: str) -> dict[str, Any]:
    """What a network publishes, what it asks for, and how the workspace stands with it."""
    return {
        "network": network,
        "published": [
            "some" if count in network.hidden_on_some_posts else "yes" if count in network.publishes else "no"
            for count in PUBLISHED
        ],
        "parts": [words.count_name(part).lower() for part in network.engagement_parts],
        "maturity_days": network.maturity.days,
        "keeps_days": network.keeps.days if network.keeps else None,
        "lists_all_for_days": network.lists_all_for.days if network.lists_all_for else None,
        "reads_back_months": round(network.reads_back.days / 30.4),
        "key": key.value,
        "key_sentence": sentence,
    }
