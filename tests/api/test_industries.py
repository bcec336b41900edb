"""Figures of industries by REST: published ones, and the cohorts of this installation."""

from datetime import date

import pytest

from benchmark.industry import published
from benchmark.models import INDUSTRIES
from tests.factories.rows import NOON, CohortFigureFactory, IndustryFigureFactory

pytestmark = pytest.mark.django_db


def test_every_industry_is_listed_with_what_is_known_about_it(ask):
    CohortFigureFactory.create(industry="retail")

    found = {each["key"]: each for each in ask("industries/")}

    assert list(found) == ["all", *INDUSTRIES]
    assert found["retail"]["label"] == "Retail"
    assert found["retail"]["published"] == sum(each.industry == "retail" for each in published.shipped())
    assert {"bluesky", "facebook"} <= set(found["retail"]["networks"])
    assert sum(each["published"] for each in found.values()) == len(published.shipped())


def test_a_published_figure_comes_with_its_definition_its_source_and_what_it_stands_beside(ask):
    figures = ask("industries/higher_education/figures/", network="facebook", year=2024)

    rate = next(each for each in figures if each["unit"] == "percent")
    assert (rate["value"], rate["year"], rate["kind"], rate["publisher"]) == (0.126, 2024, "published", "Rival IQ")
    assert (rate["industry"], rate["published_industry"]) == ("higher_education", "Higher ed")
    assert (rate["over_posts"], rate["over_profiles"], rate["denominator"]) == (
        "mean",
        "median",
        "followers_when_posted",
    )
    assert (rate["metric"], rate["reason"]) == ("engagement_rate_mean", "")
    assert "engagement_rate_mean" in rate["metrics"]
    assert rate["source_url"].startswith("https://www.rivaliq.com/")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"post_format": "reel"}, "It is about one format of posts, so it stands beside no metric here."),
        ({"network": "all"}, "It takes several networks together, so it stands beside no metric here."),
        ({"denominator": "not_stated"}, "Its source does not say how it was made, so it stands beside no metric here."),
        ({"denominator": "impressions"}, "No metric here has its definition, so it stands beside none."),
    ],
)
def test_a_figure_that_stands_beside_no_metric_is_kept_and_says_why(ask, fields, reason):
    IndustryFigureFactory.create(industry="government", **fields)

    (figure,) = [each for each in ask("industries/government/figures/") if each["publisher"] == "A publisher"]
    assert (figure["metric"], figure["metrics"], figure["reason"]) == ("", [], reason)


def test_a_cohort_comes_with_its_spread_but_not_with_its_profiles_figures(ask):
    for month in (4, 5):
        CohortFigureFactory.create(industry="retail", month=date(2025, month, 1))

    (figure,) = ask("industries/retail/figures/", kind="cohort")

    assert (figure["metric"], figure["value"], figure["profiles"]) == ("engagement_rate", 3, 5)
    assert (figure["period_start"], figure["period_end"]) == ("2025-05-01", "2025-05-31")
    assert figure["spread"] == {"p10": 1.4, "p25": 2, "p50": 3, "p75": 4, "p90": 4.6, "mean": 3}
    assert "quantiles" not in figure


def test_the_list_is_narrowed_by_network_year_and_kind(ask):
    CohortFigureFactory.create(industry="retail", network="facebook", month=date(2025, 5, 1))
    CohortFigureFactory.create(industry="retail", network="facebook", month=date(2024, 5, 1))
    IndustryFigureFactory.create(industry="retail", network="instagram+facebook")

    def found(**query):
        return ask("industries/retail/figures/", **query)

    assert {each["network"] for each in found(network="x")} == {"x"}
    assert {each["network"] for each in found(network="instagram")} == {"instagram", "instagram+facebook"}
    assert {each["kind"] for each in found(kind="published")} == {"published"}
    assert {each["year"] for each in found(year=2024)} == {2024}
    assert [each["period_start"] for each in found(year=2024, kind="cohort")] == ["2024-05-01"]


def test_a_figure_that_was_replaced_is_no_longer_listed(ask):
    before = len(ask("industries/all/figures/"))
    IndustryFigureFactory.create(replaced_at=NOON)

    assert len(ask("industries/all/figures/")) == before


@pytest.mark.parametrize("query", [{"network": "friendster"}, {"year": "soon"}, {"kind": "mine"}, {"month": "2025-05"}])
def test_what_cannot_be_asked_is_refused(ask, query):
    answer = ask("industries/retail/figures/", expect=400, **query)
    assert answer["fields"][0]["field"] == next(iter(query))


def test_an_industry_that_does_not_exist_is_not_found(ask):
    assert ask("industries/zoos/figures/", expect=404)["code"] == "industry_unknown"


def test_figures_are_no_teams_and_need_a_key_all_the_same(api):
    from rest_framework.test import APIClient

    assert APIClient().get("/api/v1/industries/").status_code == 401
    assert api(writes=False).get("/api/v1/industries/retail/figures/").status_code == 200
