"""What was learnt of reach from the workspace's own posts: looked at by its owners, made by a worker alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import OfWorkspace, owners
from benchmark.admin import filters
from benchmark.admin.cells import freshness_cell, network_cell
from benchmark.models import ReachModel

NOTHING = "–"  # noqa: RUF001 (an en dash)


@admin.register(ReachModel)
class ReachModelAdmin(OfWorkspace):
    """One row for each network on which the workspace knows the reach of posts of its own."""

    who = staticmethod(owners)
    fields = readonly_fields = (
        "on", "fitted_at", "posts", "profiles", "off", "covered", "tried_on", "tried", "lately", "state", "followers",
        "engagements", "of_kinds", "method",
    )  # fmt: skip
    list_display = ("on", "fitted", "posts", "off", "covered", "lately", "state")
    list_filter = (filters.ByNetwork,)
    ordering = ("network",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("parameters")

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def on(self, model: ReachModel) -> str:
        return network_cell(model.network)

    @admin.display(description=gettext_lazy("Fitted"), ordering="fitted_at")
    def fitted(self, model: ReachModel) -> str:
        return freshness_cell(model.fitted_at, now=timezone.now())

    @admin.display(description=gettext_lazy("Half are off by more than"), ordering="error")
    def off(self, model: ReachModel) -> str:
        return percent(model.error)

    @admin.display(description=gettext_lazy("Inside the 80 % range"), ordering="coverage")
    def covered(self, model: ReachModel) -> str:
        return percent(model.coverage)

    @admin.display(description=gettext_lazy("On the latest posts"), ordering="recent_error")
    def lately(self, model: ReachModel) -> str:
        return percent(model.recent_error)

    @admin.display(description=gettext_lazy("State"))
    def state(self, model: ReachModel) -> str:
        if model.error is None:
            return _("Too few posts: twelve are needed")
        return _("Reach is changing") if model.drifts else _("Steady")

    @admin.display(description=gettext_lazy("Followers, from and to"))
    def followers(self, model: ReachModel) -> str:
        return between(model.followers_from, model.followers_to)

    @admin.display(description=gettext_lazy("Engagements of a post, from and to"))
    def engagements(self, model: ReachModel) -> str:
        return between(model.engagements_from, model.engagements_to)

    @admin.display(description=gettext_lazy("Kinds of posts"))
    def of_kinds(self, model: ReachModel) -> str:
        return ", ".join(model.kinds) or NOTHING


def percent(share: float | None) -> str:
    """A percentage as a cell shows it."""
    return NOTHING if share is None else f"{share:.0f} %"


def between(low: int | None, high: int | None) -> str:
    """Two ends as a cell shows them."""
    return NOTHING if low is None or high is None else f"{low:,} – {high:,}"  # noqa: RUF001 - from-to
