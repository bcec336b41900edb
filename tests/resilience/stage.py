"""Sets the stage in an installation's empty database: `python -m tests.resilience.stage MOMENT NETWORK/HANDLE …`.

A process of its own, because its database is not the one that this session's tests use.
"""

import sys
from datetime import datetime

import django
from django.core.management import call_command


def main(moment: datetime, followed: list[str]) -> None:
    from benchmark import ingest, tracking
    from tests.factories.accounts import WorkspaceFactory

    call_command("migrate", verbosity=0)
    workspace = WorkspaceFactory.create(name="Harbour")
    for text in followed:
        network, _, handle = text.partition("/")
        by = tracking.By.command()
        door = ingest.door()
        tracking.track(workspace, network, handle, by=by, door=door, now=moment)


if __name__ == "__main__":
    django.setup()
    main(datetime.fromisoformat(sys.argv[1]), sys.argv[2:])
