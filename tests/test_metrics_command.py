"""Every metric's meaning, on the command line and in the docs, out of the declarations."""

import json
from io import StringIO

from django.core.management import call_command

from benchmark.environment import BASE_DIR
from benchmark.metrics import METRICS


def said(*options: str) -> str:
    out = StringIO()
    call_command("metrics", *options, stdout=out)
    return out.getvalue()


def test_the_page_in_the_docs_is_what_the_command_prints():
    page = (BASE_DIR / "docs" / "metrics.md").read_text()
    assert page == said(), "Write it anew: manage.py metrics --format markdown > docs/metrics.md"


def test_every_metric_stands_there_with_its_key_and_definition():
    page = said()
    for metric in METRICS.values():
        assert f"(`{metric.key}`): {metric.answers} {metric.definition}\n" in page


def test_whoever_comes_from_another_tool_finds_its_name_there():
    page = said()
    known = [(known, metric) for metric in METRICS.values() for known in metric.known_as]
    assert {other.tool for other, _ in known} >= {
        "Rival IQ", "Emplifi", "Quintly", "Fanpage Karma", "CrowdTangle", "Popsters",
    }  # fmt: skip
    for other, metric in known:
        assert f"| {other.tool} | {other.name} | `{metric.key}`" in page


def test_the_json_holds_every_declaration():
    metrics = json.loads(said("--format", "json"))
    assert [metric["key"] for metric in metrics] == list(METRICS)
    assert all(metric["formula"] and metric["clock"] in {"published", "received"} for metric in metrics)
