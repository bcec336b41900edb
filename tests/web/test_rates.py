"""Every definition of an engagement rate, on a profile's own posts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from benchmark.networks import NETWORKS
from benchmark.web.views.rates import definitions
from tests.factories.comparisons import followed
from tests.web.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(workspace, browser):
    return lambda query="": read(browser("viewer").get(f"/w/{workspace.slug}/metrics/rates/{query}"))


def figures(page):
    rows = page.one("tbody").all("tr")
    return {row.one("th").text: row.all("td")[0].text for row in rows}


def test_all_definitions_stand_beside_each_other_on_our_own_posts(workspace, page):
    now = timezone.now()
    # Ten, ten and forty reactions for a thousand followers each; two more to be five.
    followed(workspace, "Bakery", 10, 10, 40, 10, 10, now=now, role="own")
    followed(workspace, "Mill", 99, 99, 99, 99, 99, now=now)

    found = figures(page())

    assert len(found) == len(definitions(NETWORKS["bluesky"]))
    assert found["Engagement rate"] == "1.00 %"  # the middle post
    assert found["Engagement rate, mean"] == "1.60 %"  # 80 reactions on 5 posts
    assert found["ERday (Popsters)"] == "0.27 %"  # 80 reactions in 30 days
    assert "The largest of these figures is 6.00 times the smallest" in page().text


def test_another_profile_can_be_chosen(workspace, page):
    now = timezone.now()
    followed(workspace, "Bakery", 10, 10, 10, 10, 10, now=now, role="own")
    other = followed(workspace, "Mill", 20, 20, 20, 20, 20, now=now)

    assert figures(page(f"?profile={other.pk}"))["Engagement rate"] == "2.00 %"
    assert figures(page("?profile=nobody"))["Engagement rate"] == "1.00 %"


def test_a_rate_that_cannot_be_made_says_why(workspace, page):
    followed(workspace, "Bakery", 10, now=timezone.now() + timedelta(0), role="own")

    found = figures(page())

    assert found["Engagement rate"].endswith("Too few posts that are old enough to be compared.")
    assert found["Engagement rate, mean of all posts"] == "1.00 %"


def test_where_nobody_is_followed_the_page_leads_on(page):
    assert "Nobody is followed yet" in page().text
