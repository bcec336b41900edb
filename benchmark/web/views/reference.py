"""What every figure means, and what each network gives: both read from their declarations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Membership
from accounts.workspaces import members
from benchmark.industry import ListedFigure, figures_of
from benchmark.industry import industries as all_industries
from benchmark.ingest.keys import Provided, provided
from benchmark.metrics import BASES, METRICS, REASONS, by_tool, in_groups
from benchmark.metrics.formula import formula
from benchmark.models.figure import figure_networks
from benchmark.networks import NETWORKS
from benchmark.networks.base import COUNTS, Network
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.reports.figures import with_unit
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


@require_GET
@members
def industries(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every industry, and how much is known about it."""
    known = [(each, ", ".join(network_label(key) for key in each.networks)) for each in all_industries()]
    return page(request, membership, "web/industries.html", {"industries": known})


@require_GET
@members
def industry_figures(request: HttpRequest, membership: Membership, industry: str) -> HttpResponse:
    """All figures about one industry, of one network where that is asked for, each with what it stands beside."""
    found = next((each for each in all_industries() if each.key == industry), None)
    network = request.GET.get("network") or None
    if found is None or (network is not None and network not in NETWORKS):
        raise Http404(_("Yardstick does not know this industry."))
    figures = figures_of(industry, network=network)
    context = {
        "industry": found,
        "network": network,
        "networks": [(key, NETWORKS[key].label) for key in found.networks if key in NETWORKS],
        "figures": [_listed(figure) for figure in figures],
    }
    return page(request, membership, "web/industry.html", context)


def network_label(key: str) -> str:
    """A network's name, or what a published figure takes together."""
    return dict(figure_networks()).get(key, key)


def _listed(figure: ListedFigure) -> dict[str, Any]:
    """A figure as its line shows it."""
    return {
        "figure": figure,
        "network": network_label(figure.network),
        "value": with_unit(figure.value, figure.unit),
        "unit": words.unit_name(figure.unit),
        "statistic": words.statistic_name(figure.over_profiles),
        "metrics": [(key, METRICS[key].label) for key in figure.metrics],
        "top_quarter": "" if figure.spread is None else with_unit(figure.spread.p75, figure.unit),
    }


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
