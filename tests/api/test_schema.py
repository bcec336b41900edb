"""The OpenAPI document says all there is, and the docs page shows it."""

import pytest
from django.core.management import call_command
from django.test import Client

from benchmark.ingest.keys import Provided

pytestmark = pytest.mark.django_db


def test_the_document_is_made_without_a_warning(tmp_path):
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    assert "/api/v1/benchmarks/{network}/:" in file.read_text()


def test_the_document_describes_the_report_itself():
    document = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    report = document["components"]["schemas"]["Report"]
    answer = document["paths"]["/api/v1/benchmarks/{network}/"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Report"}
    assert {"rows", "summary", "industry", "top_posts", "sentences", "freshness"} <= set(report["properties"])


def test_the_document_describes_an_industrys_figures():
    document = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    operation = document["paths"]["/api/v1/industries/{key}/figures/"]["get"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"type": "array", "items": {"$ref": "#/components/schemas/ListedFigure"}}
    assert {each["name"] for each in operation["parameters"]} == {"key", "network", "year", "kind"}
    described = document["components"]["schemas"]["ListedFigure"]["properties"]
    assert {"value", "source", "year", "over_posts", "over_profiles", "denominator", "metrics", "reason"} <= set(
        described
    )


def test_every_operation_tells_the_shape_of_its_refusals():
    document = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    refusals = [operation["responses"]["default"]["content"]["application/json"] for operation in operations]
    assert refusals == [{"schema": {"$ref": "#/components/schemas/Error"}}] * len(operations)
    assert "Error" in document["components"]["schemas"]


def test_the_docs_page_needs_no_inline_script_and_no_inline_style():
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"swagger-ui.css" in page.content
    assert b"<script>" not in page.content
    assert b"<style" not in page.content


def test_a_large_import_is_told_as_an_answer_of_its_own():
    document = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    answers = document["paths"]["/api/v1/imports/"]["post"]["responses"]
    assert [answers[status]["content"]["application/json"]["schema"] for status in ("201", "202")] == [
        {"$ref": "#/components/schemas/FetchRun"}
    ] * 2
    assert "Location" in answers["202"]["description"]


def test_the_document_names_every_way_in_which_a_workspace_may_stand_with_a_network():
    document = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
    network = document["components"]["schemas"]["Network"]
    assert {"budget", "profiles_size", "refresh_size", "page_size", "significant_digits"} <= set(network["required"])
    assert str(document["components"]["schemas"]["KeyStateEnum"]["enum"]) == str([*map(str, Provided)])
