"""What all our commands share: an example in `--help`, and one plain sentence with exit status 2 for wrong input."""

import logging
import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter

WRONG_INPUT = 2
CHATTY = 2  # of Django's --verbosity


class _HelpWithExample(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of an example as they were written."""


class PlainCommand(BaseCommand):
    """A command that says in `example` how it is typed. Raise `CommandError` with a sentence to refuse its input."""

    example: ClassVar[str]
    _called_from_command_line: bool  # Django's own mark
    requires_system_checks = ()  # `manage.py doctor` and `check` look at the installation

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("formatter_class", _HelpWithExample)
        return super().create_parser(prog_name, subcommand, epilog=f"example:\n  {self.example}", **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        if self._called_from_command_line and int(options.get("verbosity", 1)) < CHATTY:
            logging.getLogger().setLevel(logging.ERROR)  # a command speaks for itself; `-v 2` shows what lies beneath
        try:
            return super().execute(*args, **options)
        except CommandError as refusal:
            refusal.returncode = WRONG_INPUT
            if self._called_from_command_line and not options.get("traceback"):
                self.stderr.write(str(refusal))
                sys.exit(WRONG_INPUT)
            raise
