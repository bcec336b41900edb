"""Read profiles now: by the workers where there are any, else in this process."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from accounts.models import Workspace
from benchmark import ingest
from benchmark.demo import running
from benchmark.management.base import PlainCommand
from benchmark.management.progress import Progress
from benchmark.models import FetchRun, Profile, RunKind, TrackedProfile, Trigger
from benchmark.models.profile import LEASE_LASTS
from benchmark.networks.http import utcnow
from tasks import pulse
from tasks.work import fetch_profile

WORKER_ANSWERS_WITHIN = 1.0
LOOK_EVERY = 0.5


class Command(PlainCommand):
    help = "Read profiles from their networks now: those that are due, one of them, or all that are followed."
    example = "manage.py fetch --all --workspace acme --wait"

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--profile", type=int, metavar="ID", help="this profile, due or not")
        which.add_argument("--all", action="store_true", help="every followed profile, due or not")
        parser.add_argument("--workspace", metavar="SLUG", help="only what this workspace follows")
        parser.add_argument("--wait", action="store_true", help="stay until the workers are done, and show what came")
        parser.add_argument("--format", choices=("table", "json"), default="table", help="how the runs are printed")

    def handle(self, *_: Any, **options: Any) -> None:
        profiles = chosen(profile=options["profile"], everything=options["all"], slug=options["workspace"])
        by_workers = bool(profiles) and bool(pulse.ask(within=WORKER_ANSWERS_WITHIN)[0])
        if profiles and not by_workers:
            self.stderr.write("No worker answers, so the work is done here.")
        if by_workers and not options["wait"]:
            self.show_queued(queue(profiles), as_json=options["format"] == "json")
            return
        runs = []
        with Progress(len(profiles), what="Reading profiles") as progress:
            for run in wait_for(profiles) if by_workers else fetch_here(profiles):
                runs.append(run)
                progress.step()
        self.show(runs, as_json=options["format"] == "json")

    def show_queued(self, ids: Sequence[int], *, as_json: bool) -> None:
        told = f"Queued {counted(len(ids), 'profile')}. The workers read them now."
        self.stdout.write(json.dumps({"queued": ids}) if as_json else told)

    def show(self, runs: Sequence[FetchRun], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([as_row(run) for run in runs], indent=1))
            return
        for row in map(as_row, runs):
            told = f"{row['outcome']}: {row['seen']} posts, {row['new']} new, {row['changed']} changed"
            self.stdout.write(f"{row['network']:9} {row['handle']:40} {told}. {row['sentence']}".rstrip())
        self.stdout.write(f"Read {counted(len(runs), 'profile')}." if runs else "Nothing to read just now.")


def chosen(*, profile: int | None, everything: bool, slug: str | None) -> list[Profile]:
    """The profiles that are meant. A sentence where there is no such workspace or profile."""
    tracked = TrackedProfile.objects.current().filter(paused_at=None)
    if slug:
        if not Workspace.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no workspace {slug!r}.")
        tracked = tracked.filter(workspace__slug=slug)
    profiles = Profile.objects.fetched().filter(pk__in=tracked.values("profile")).order_by("due_at", "id")
    if profile is not None:
        found = list(profiles.filter(pk=profile))
        if not found:
            raise CommandError(f"No profile with the id {profile} is followed{f' by {slug}' if slug else ''}.")
        return found
    return list(profiles if everything else profiles.filter(due_at__lte=utcnow()))


def queue(profiles: Sequence[Profile]) -> list[int]:
    """Give profiles to the workers; one that is being read already is left to whoever reads it. Returns their ids."""
    leases = {profile.pk: Profile.objects.lease_one(profile.pk, now=utcnow()) for profile in profiles}
    for profile_id, lease in leases.items():
        if lease is not None:
            fetch_profile.delay(profile_id=profile_id, lease=lease, trigger=Trigger.COMMAND)
    return [profile_id for profile_id, lease in leases.items() if lease is not None]


def fetch_here(profiles: Sequence[Profile]) -> Iterator[FetchRun]:
    """Read profiles in this process, one after the other; one that somebody else is reading is passed over."""
    if any(profile.pretend for profile in profiles):
        running.keep(settings.DATA_DIR)
    for profile in profiles:
        lease = Profile.objects.lease_one(profile.pk, now=utcnow())
        if lease is None:
            continue
        run = ingest.fetch(profile, lease=lease, door=ingest.door(), clock=utcnow, by=ingest.By.command())
        if run is not None:
            yield run


def wait_for(profiles: Sequence[Profile]) -> Iterator[FetchRun]:
    """Queue profiles and yield their runs as they end. Where none has ended for as long as a lease lasts, give up."""
    asked = FetchRun.objects.filter(kind=RunKind.FETCH, trigger=Trigger.COMMAND, finished_at__isnull=False)
    since = utcnow()
    waiting = set(queue(profiles))
    give_up = time.monotonic() + LEASE_LASTS.total_seconds()
    while waiting and time.monotonic() < give_up:
        time.sleep(LOOK_EVERY)
        for run in asked.filter(profile__in=waiting, started_at__gte=since).select_related("profile").order_by("-pk"):
            if run.profile_id in waiting:
                waiting.discard(run.profile_id)
                give_up = time.monotonic() + LEASE_LASTS.total_seconds()
                yield run


def as_row(run: FetchRun) -> dict[str, Any]:
    """A run as the command prints it."""
    return {
        "profile": run.profile_id,
        "network": run.network,
        "handle": run.profile.handle if run.profile else "",
        "outcome": run.outcome,
        "code": run.code,
        "sentence": run.sentence,
        "requests": run.requests,
        "seen": run.seen,
        "new": run.new,
        "changed": run.changed,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
