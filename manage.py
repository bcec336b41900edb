#!/usr/bin/env python
"""The command line of Yardstick: starts or joins the embedded engines, then hands over to Django."""

import os
import sys

from benchmark import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmark.settings")
    with embedded.engines_for(sys.argv):
        # The settings may be read from here on: now the engines' addresses are known.
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        try:
            settings.DATABASES  # noqa: B018 (reading one reads them all)
        except ImproperlyConfigured as problem:
            print(problem, file=sys.stderr)  # noqa: T201
            raise SystemExit(2) from None
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
