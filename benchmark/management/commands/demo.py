"""Make the demo, go on with its replay, or take it away."""

from __future__ import annotations

import logging
import secrets
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User, Workspace
from benchmark.demo import replay, running, workspace
from benchmark.management.base import PlainCommand
from benchmark.management.progress import Progress
from tasks.work import stand_by_for_the_demo

SHORTEST = 10  # a password, as everywhere


class Command(PlainCommand):
    help = "Make the demo workspace: a coffee roaster and its competitors on pretend networks of this machine."
    example = "manage.py demo --create --password 'a long one of mine'"

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--create", action="store_true", help="make it where there is none (what is done by default)")
        what.add_argument(
            "--remove", action="store_true", help="take it away, with its person and its pretend profiles"
        )
        what.add_argument("--replay", action="store_true", help="replay its last ninety days in this process, and wait")
        parser.add_argument("--password", default="", help="for its sign-in; a random one is made and shown otherwise")

    def handle(self, *_: Any, remove: bool, password: str, **options: Any) -> None:
        if password and len(password) < SHORTEST:
            raise CommandError(f"A password needs at least {SHORTEST} characters.")
        demo = workspace.demo_workspace()
        if remove:
            self.remove(demo)
        elif options["replay"]:
            self.replay(demo)
        elif demo is None:
            self.create(password or secrets.token_urlsafe(12))
        else:
            self.tell_about(demo, password)

    def create(self, password: str) -> None:
        self.stdout.write("Making the demo …")
        try:
            with running.hold(settings.DATA_DIR) as address, quietly():
                demo = workspace.create(password=password, address=address, now=timezone.now())
        except workspace.SlugTaken:
            raise CommandError(f"Another workspace has the address /w/{workspace.SLUG}/. The demo needs it.") from None
        self.stdout.write(f"\nThe demo stands at {settings.SITE_URL}/w/{demo.slug}/ (pretend data, labelled as such).")
        self.stdout.write(f"Sign in as {workspace.EMAIL} with the password {password}")
        self.stdout.write("It is not shown again; `manage.py demo --password …` sets another.")
        self.stdout.write("Its last ninety days are being read in the background, within about a minute.\n")
        ask_the_workers()

    def tell_about(self, demo: Workspace, password: str) -> None:
        """What stands already, after a new password where one was given."""
        if password:
            workspace.set_password(User.objects.get(email=workspace.EMAIL), password)
            self.stdout.write(f"{workspace.EMAIL} has the new password.")
        self.stdout.write(f"The demo stands at {settings.SITE_URL}/w/{demo.slug}/ (sign in as {workspace.EMAIL}).")
        progress = replay.progress(demo)
        if progress:
            self.stdout.write(f"{progress.done} of {progress.total} visits to its past are made.")

    def replay(self, demo: Workspace | None) -> None:
        """Go on with the replay here, for whoever has no worker or does not want to wait for it."""
        if demo is None:
            raise CommandError("There is no demo. `manage.py demo --create` makes it.")
        with running.hold(settings.DATA_DIR) as address:
            progress = replay.progress(demo)
            if progress is None:
                self.stdout.write("All has been replayed already.")
                return
            lock = threading.Lock()
            with Progress(progress.total - progress.done, what="Replaying ninety days") as bar:

                def step() -> None:
                    with lock:
                        bar.step()

                replay.replay(replay.being_replayed(demo), address=address, now=timezone.now, each=step)
        left = replay.progress(demo)
        if left:
            raise CommandError(f"{left.total - left.done} visits are still to be made; a worker may be making them.")
        self.stdout.write("The last ninety days of the demo are in.")

    def remove(self, demo: Workspace | None) -> None:
        if demo is None:
            self.stdout.write("There is no demo here.")
            return
        workspace.remove(demo)
        self.stdout.write("The demo is gone.")


def ask_the_workers() -> None:
    """Let a worker begin now; where the queue is away, the next tick of the schedule does it."""
    try:
        stand_by_for_the_demo.delay()
    except (OperationalError, OSError) as problem:
        print(f"The queue cannot be reached ({problem}); the worker begins when it can.", file=sys.stderr)


@contextmanager
def quietly() -> Iterator[None]:
    """Without a line of the log for every profile: the next thing to read is how to sign in."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
