from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils import timezone

from benchmark import ingest, tracking
from benchmark.demo import running
from benchmark.management.base import PlainCommand
from benchmark.management.refusing import in_plain_words, workspace_of
from benchmark.models import INDUSTRIES, Role
from benchmark.networks import NETWORKS
from benchmark.networks.base import PRETEND_DOMAIN
from benchmark.networks.silent import GIVE_NOTHING


class Command(PlainCommand):
    help = "Follow a profile: as a competitor in one of twenty places, or as an own account."
    example = "manage.py track bluesky @acme.bsky.social --workspace acme --brand Acme"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("network", choices=[*NETWORKS, *GIVE_NOTHING], metavar="NETWORK", help=", ".join(NETWORKS))
        parser.add_argument("handle", metavar="HANDLE", help="a handle, an @handle or the profile's address")
        parser.add_argument("--workspace", required=True, metavar="SLUG", help="who follows it")
        parser.add_argument("--own", action="store_true", help="it is an account of our own")
        parser.add_argument("--brand", default="", metavar="NAME", help="the company (default: the profile's name)")
        parser.add_argument("--industry", default="", metavar="KEY", help=", ".join(INDUSTRIES))
        parser.add_argument("--group", default="", metavar="NAME", help="a group of brands of your own making")

    def handle(self, *_args: Any, network: str, handle: str, workspace: str, own: bool, **options: Any) -> None:
        if PRETEND_DOMAIN in handle.lower():
            running.keep(settings.DATA_DIR)  # no worker may be there to do it, and no real network is asked
        with in_plain_words():
            tracked = tracking.track(
                workspace_of(workspace),
                network,
                handle,
                role=Role.OWN if own else Role.COMPETITOR,
                brand=options["brand"] or None,
                industry=options["industry"],
                group=options["group"],
                by=tracking.By.command(),
                door=ingest.door(),
                now=timezone.now(),
            )
        place = "an own account" if own else f"the competitor in place {tracked.slot} of 20"
        followers = "an unknown number of" if tracked.profile.followers is None else f"{tracked.profile.followers:,}"
        self.stdout.write(f"{tracked.profile} with {followers} followers is {place}, for {tracked.brand}.")
        self.stdout.write("A running worker reads its posts with its next tick; `manage.py fetch` reads them now.")
