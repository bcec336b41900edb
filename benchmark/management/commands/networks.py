"""`manage.py networks`: what each network gives about others, out of the declarations."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from benchmark.management.base import PlainCommand
from benchmark.networks import NETWORKS, Network
from benchmark.networks.base import COUNTS
from benchmark.networks.silent import GIVE_NOTHING

ALWAYS, SOMETIMES, NEVER = "\N{BLACK CIRCLE}", "\N{WHITE CIRCLE}", "\N{EN DASH}"
COLUMNS = ("followers", "following", "posts", *COUNTS)


class Command(PlainCommand):
    help = "Show what each network gives about other people's profiles, and what it asks for."
    example = "manage.py networks --format markdown > docs/networks.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=("markdown", "json"), default="markdown")

    def handle(self, *_args: Any, format: str, **_options: Any) -> None:  # noqa: A002 (the option's name)
        networks = sorted(NETWORKS.values(), key=lambda network: network.label.casefold())
        if format == "json":
            self.stdout.write(json.dumps([_plain(network) for network in networks], indent=2))
        else:
            self.stdout.write(markdown(networks), ending="")


def markdown(networks: list[Network]) -> str:
    """The page `docs/networks.md`."""
    heads = ["network", *COLUMNS, "needs"]
    lines = [
        "# What each network gives",
        "",
        "Made from the declarations in `benchmark/networks/` by `manage.py networks`; a test keeps it so.",
        "",
        f"{ALWAYS} published about every profile or post, {SOMETIMES} hidden on some posts, {NEVER} not published.",
        "What is not published is shown as such, never as zero.",
        "",
        f"| {' | '.join(heads)} |",
        f"| {' | '.join('---' for _ in heads)} |",
        *(f"| {' | '.join(_cells(network))} |" for network in networks),
        "",
    ]
    for network in networks:
        lines += [f"## {network.label}", "", *_words(network), ""]
    for silent in GIVE_NOTHING.values():
        lines += [f"## {silent.label}", "", f"- {_(silent.sentence)}", ""]
    return "\n".join(lines)


def _plain(network: Network) -> dict[str, Any]:
    """The declaration as plain values, under the names of the API's."""
    return {
        "key": network.key,
        "label": network.label,
        "fetchable": network.fetchable,
        "lists_posts": network.lists_posts,
        "known_by_name_only": network.known_by_name_only,
        "publishes": sorted(network.publishes),
        "hidden_on_some_posts": sorted(network.hidden_on_some_posts),
        "engagement_parts": list(network.engagement_parts),
        "maturity_days": network.maturity.days,
        "reads_back_days": network.reads_back.days,
        "reads_back_posts": network.reads_back_posts,
        "lists_all_for_days": network.lists_all_for.days if network.lists_all_for else None,
        "keeps_days": network.keeps.days if network.keeps else None,
        "needs_key": _(network.key_need.how) if network.key_need else None,
        "handle_hint": _(network.handle_hint),
        "not_published_because": _(network.not_published_because),
    }


def _cells(network: Network) -> list[str]:
    marks = [SOMETIMES if name in network.hidden_on_some_posts else ALWAYS for name in COLUMNS]
    given = [mark if name in network.publishes else NEVER for name, mark in zip(COLUMNS, marks, strict=True)]
    return [network.label, *given, "a key" if network.key_need else "nothing" if network.fetchable else "its files"]


def _words(network: Network) -> list[str]:
    """What is to be known beside the table, a line each."""
    known = list(_of_posts(network))
    if network.key_need:
        settings = ", ".join(f"`{part.setting}`" for part in network.key_need.parts)
        known.append(f"- Key ({settings}): {_(network.key_need.how)}")
    if network.quota:
        per = "month" if network.quota.monthly else f"day (midnight in {network.quota.zone})"
        units = f"{network.quota.units / network.quota.shown_per:,.10g} {network.quota.unit}"
        limited = f", or what `{network.quota.setting}` says" if network.quota.setting else ""
        known.append(f"- Budget of a key: {units} a {per}{limited}.")
    if network.known_by_name_only:
        known.append(
            "- It tells no id of a profile: one that is renamed is gone here, and a new owner of the name is taken for"
            " the one before. Where figures leap, look whose profile it is."
        )
    if network.profiles_size > 1:
        known.append(f"- Asked about up to {network.profiles_size} profiles in one call.")
    if network.keeps:
        known.append(f"- Counts and texts are kept for {network.keeps.days} days after their last reading.")
    if network.significant_digits:
        known.append(f"- Followers are rounded to {network.significant_digits} significant digits.")
    if network.not_published_because:
        known.append(f"- {_(network.not_published_because)}")
    return known


def _of_posts(network: Network) -> Iterator[str]:
    """What is to be known of its posts."""
    if not network.fetchable:
        yield "- It cannot be fetched; its files can be imported."
        return
    if not network.lists_posts:
        yield "- Followers only: posts of others cannot be had."
        return
    parts = " + ".join(network.engagement_parts) or "nothing; views are compared"
    yield f"- Engagements: {parts}. A post counts in rates from the age of {network.maturity.days} days."
    yield f"- A first visit reads back up to {network.reads_back.days} days or {network.reads_back_posts} posts."
    if network.lists_all_for:
        yield (
            f"- Posts leave its list by themselves from the age of {network.lists_all_for.days} days: a first visit"
            " knows no older day whole, and figures over posts begin with what has been read since."
        )
    if network.half_life:
        age, source = network.half_life.hours, network.half_life.source
        yield f"- Until it has a history here, half of the count is taken to be there at {age:g} h: {source}."
