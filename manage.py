#!/usr/bin/env python
"""The command line of Yardstick: starts or joins the embedded engines, then hands over to Django."""

import os
import sys

from benchmark import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmark.settings")
    with embedded.engines_for(sys.argv):
        from django.core.management import execute_from_command_line  # settings may load from here on

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
