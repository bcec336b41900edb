"""The three doors at which a workspace's figures come out: the page, the REST API, and the CSV file."""

import csv
import json
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from accounts.models import ApiKey, Scope, Workspace
from tests.factories.accounts import owner_of
from tests.web.reading import Element, Page

Figure = int | float | None
Figures = dict[str, dict[str, Figure]]  # by handle and metric


@dataclass(frozen=True)
class Doors:
    """The page, the REST API and the CSV file of one workspace."""

    workspace: Workspace

    def page(self, network: str, period: str) -> Figures:
        """The figures that the page's table shows, as a reader copies them."""
        client = Client()
        client.force_login(owner_of(self.workspace))
        answer = client.get(f"/w/{self.workspace.slug}/compare/{network}/", {"period": period})
        assert answer.status_code == 200
        tables = Page(answer.content.decode()).root.all("table")
        (table,) = [table for table in tables if table.has(class_="cards") and table.one("thead").all("a")]
        heads = [link.attributes["hx-get"] for link in table.one("thead").all("a")]
        keys = [head.partition("sort=")[2].partition("&")[0].removeprefix("-") for head in heads[1:]]
        rows = table.one("tbody").all("tr")
        return {
            bare(row.one("th").all("a")[0].text): dict(zip(keys, map(shown, row.all("td")), strict=True))
            for row in rows
        }

    def json(self, network: str, period: str) -> dict[str, Any]:
        """The whole report as the API answers it."""
        _, token = ApiKey.objects.issue(workspace=self.workspace, name="notebook", scope=Scope.READ)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        answer = client.get(f"/api/v1/benchmarks/{network}/", {"period": period})
        assert answer.status_code == 200, answer.content
        return dict(json.loads(answer.content))

    def csv(self, network: str, period: str) -> Figures:
        """The figures of the file that the page offers."""
        client = Client()
        client.force_login(owner_of(self.workspace))
        answer = client.get(f"/w/{self.workspace.slug}/compare/{network}/export.csv", {"period": period})
        assert answer.status_code == 200
        lines = csv.DictReader(StringIO(answer.content.decode(), newline=""))
        return {bare(line["handle"]): {key: number(value) for key, value in line.items()} for line in lines}

    def agree(self, network: str, period: str) -> Figures:
        """The figures of the JSON answer, once the page and the file have been seen to show the same."""
        report = self.json(network, period)
        figures = {
            bare(row["profile"]["handle"]): {key: value["value"] for key, value in row["values"].items()}
            for row in report["rows"]
        }
        on_page, in_file = self.page(network, period), self.csv(network, period)
        assert set(on_page) == set(in_file) == set(figures)
        for handle, values in figures.items():
            assert on_page[handle], "the page shows something"
            assert on_page[handle] == {key: values[key] for key in on_page[handle]}
            assert values == {key: in_file[handle][key] for key in values}
        return figures


def bare(handle: str) -> str:
    """The handle without the mark that a page puts before it."""
    return handle.removeprefix("@")


def shown(cell: Element) -> Figure:
    """The figure of a cell; None where it shows that there is none."""
    found = cell.all("data", class_="figure")
    return number(found[0].attributes["value"]) if found else None


def number(text: str) -> Figure:
    """A figure as it is written in full; text and nothing are None."""
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return None
