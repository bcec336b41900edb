"""Whatever goes wrong under /api/ is answered in one shape; elsewhere people get a page."""

import json

import pytest
from django.test import Client, RequestFactory

from benchmark.api.errors import server_error

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["nowhere/", "posts/abc/", "posts/-1/", "posts/99999999999999999999/"])
def test_an_address_that_leads_nowhere_is_answered_as_every_error(ask, address):
    refused = ask(address, expect=404)

    assert refused["code"] == "not_found"
    assert refused["fields"] == []


def test_people_get_a_page(ask):
    assert Client().get("/nowhere/")["Content-Type"].startswith("text/html")
    assert server_error(RequestFactory().get("/w/"))["Content-Type"].startswith("text/html")


def test_an_address_without_its_last_slash_still_finds_the_way():
    assert Client().get("/api/v1/networks")["Location"] == "/api/v1/networks/"


def test_a_mistake_of_ours_is_answered_as_every_error():
    answer = server_error(RequestFactory().get("/api/v1/posts/"))

    assert answer.status_code == 500
    assert json.loads(answer.content)["code"] == "server_error"


@pytest.mark.parametrize("sent", ['{"name": ' + "[" * 100_000, "{bad", '{"name": NaN}'])
def test_json_that_cannot_be_read_is_the_senders_mistake(api, sent):
    answer = api().post("/api/v1/brands/", sent, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
