from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import ApiKey, Scope, Workspace
from accounts.models.workspace import NAME_LENGTH
from benchmark.management.base import PlainCommand


class Command(PlainCommand):
    help = "Make an API key of a workspace and print it, once, as the last word of the last line."
    example = "manage.py create_api_key --workspace acme-social --name notebook --write"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG", help="the workspace's address: /w/SLUG/")
        parser.add_argument("--name", required=True, help="what will use the key")
        parser.add_argument("--write", action="store_true", help="let it change what the workspace follows, too")

    def handle(self, *_args: Any, workspace: str, name: str, write: bool, **_options: Any) -> None:
        key, token = ApiKey.objects.issue(
            workspace=self._workspace(workspace),
            name=self._name(name),
            scope=Scope.WRITE if write else Scope.READ,
        )
        self.stdout.write(f"Key “{key.name}” of {key.workspace.name}. It may: {key.get_scope_display().lower()}.")
        self.stdout.write(f"Keep it, it is not shown again: {token}")

    def _workspace(self, slug: str) -> Workspace:
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace “{slug}”. create_workspace makes one.")
        return workspace

    def _name(self, name: str) -> str:
        name = name.strip()
        if not name or len(name) > NAME_LENGTH:
            raise CommandError(f"A key needs a name of 1 to {NAME_LENGTH} characters.")
        return name
