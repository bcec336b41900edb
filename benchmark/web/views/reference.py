"""What every figure means, and what each network gives: both read from their declarations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark.metrics import BASES, METRICS, REASONS
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.web import words
from benchmark.web.rendering import page

PUBLISHED = ("followers", "following", "posts", *COUNTS)


@require_GET
@members
def metrics(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every metric with its definition; every basis and every reason for a missing figure."""
    context = {
        "metrics": METRICS.values(),
        "bases": [(key, words.basis_mark(key), sentence) for key, sentence in BASES.items()],
        "reasons": REASONS.items(),
    }
    return page(request, membership, "web/metrics.html", context)


@require_GET
@members
def networks(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Which counts each network publishes about others, and what follows from the ones it does not."""
    context = {
        "names": [words.PUBLISHED_NAMES[key] for key in PUBLISHED],
        "networks": [
            {
                "network": network,
                "published": [
                    "some" if key in network.hidden_on_some_posts else "yes" if key in network.publishes else "no"
                    for key in PUBLISHED
                ],
                "parts": [words.count_name(part).lower() for part in network.engagement_parts],
                "maturity_days": network.maturity.days,
                "keeps_days": network.keeps.days if network.keeps else None,
                "reads_back_months": round(network.reads_back.days / 30.4),
            }
            for network in NETWORKS.values()
        ],
        "silent": GIVE_NOTHING.values(),
    }
    return page(request, membership, "web/networks.html", context)
