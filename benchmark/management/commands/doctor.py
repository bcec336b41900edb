import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management import BaseCommand

from benchmark.management.diagnosis import Finding, State, diagnose

MARKS = {State.OK: "  ok  ", State.NOTE: " note ", State.WRONG: "WRONG "}


class Command(BaseCommand):
    help = "Check this installation: say in plain words what is wrong and what to do. Exit status 1 if anything is."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example: python manage.py doctor --format json"
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *_: Any, **options: Any) -> None:
        findings = list(diagnose(now=datetime.now(UTC)))
        wrong = [finding for finding in findings if finding.state == State.WRONG]
        self.stdout.write(as_json(findings) if options["format"] == "json" else as_text(findings))
        if wrong:
            raise SystemExit(1)


def as_json(findings: Sequence[Finding]) -> str:
    healthy = all(finding.state != State.WRONG for finding in findings)
    return json.dumps({"healthy": healthy, "findings": [finding.as_json() for finding in findings]}, indent=2)


def as_text(findings: Sequence[Finding]) -> str:
    wrong = sum(finding.state == State.WRONG for finding in findings)
    verdict = "Everything works." if not wrong else f"{wrong} of {len(findings)} things need you."
    return "\n".join([*(line for finding in findings for line in lines(finding)), "", verdict])


def lines(finding: Finding) -> list[str]:
    first = f"{MARKS[finding.state]} {finding.about}: {finding.says}"
    return [first, f"       → {finding.do}"] if finding.do else [first]
