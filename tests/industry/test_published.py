"""Published figures: shipped, loaded once, and only beside a metric of their definition."""

import pytest

from benchmark import industry
from benchmark.industry import published
from benchmark.metrics import METRICS
from benchmark.models import INDUSTRIES, IndustryFigure
from benchmark.networks import NETWORKS
from tests.factories.rows import IndustryFigureFactory

pytestmark = pytest.mark.django_db

FACEBOOK = NETWORKS["facebook"]


def beside(metrics=("engagement_rate_mean", "engagement_rate"), industries=(), network=FACEBOOK, tiers=()):
    return industry.ask_beside(network, metrics=metrics, industries=industries, tiers=tiers)()


def test_migrations_bring_the_shipped_figures_and_loading_again_changes_nothing():
    stored = IndustryFigure.objects.order_by("pk").values()
    before = list(stored)

    assert published.load() == len(before) == len(published.shipped())
    assert list(stored.all()) == before


def test_loading_again_brings_a_figure_up_to_date():
    IndustryFigure.objects.filter(network="facebook", industry="retail").update(value=9, note="")

    published.load()

    assert IndustryFigure.objects.get(network="facebook", industry="retail").value == 0.024


def test_every_shipped_figure_has_its_full_definition():
    for figure in published.shipped():
        assert figure.source_url.startswith("https://")
        assert figure.network in NETWORKS
        assert figure.industry in {"all", *INDUSTRIES}
        assert METRICS[figure.metric].unit == figure.unit
        assert (figure.over_posts, figure.over_profiles) == ("mean", "median")
        assert figure.parts
        assert figure.denominator.startswith("followers")
        assert 0 < figure.value < 10
        assert figure.note.endswith(".")


def test_doubts_about_a_figure_are_named():
    figure = next(each for each in beside() if each.year == 2024)

    assert "In doubt" in figure.note
    assert figure.kind == "published"


def test_a_published_rate_stands_beside_the_mean_rate_alone():
    assert {figure.metric for figure in beside()} == {"engagement_rate_mean"}
    assert beside(metrics=["engagement_rate", "posts"]) == ()


def test_figures_are_those_of_the_industries_and_of_all_together():
    found = beside(industries=["retail", "", "sports_teams"])

    assert [(each.industry, each.industry_label, each.value) for each in found] == [
        ("all", "All industries", 0.046),
        ("retail", "Retail", 0.024),
        ("sports_teams", "Sports teams", 0.23),
    ]


def test_of_several_years_the_latest_is_shown():
    assert [(each.year, each.value) for each in beside()] == [(2024, 0.046)]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"denominator": "followers_when_posted"}, 1),
        ({"denominator": "followers"}, 1),
        ({"denominator": "views"}, 0),
        ({"denominator": "not stated"}, 0),
        ({"over_posts": "median"}, 0),
    ],
)
def test_no_line_is_drawn_across_families_of_definitions(fields, shown):
    IndustryFigureFactory.create(industry="fashion", year=2030, **fields)

    assert len([each for each in beside(industries=["fashion"]) if each.year == 2030]) == shown


def test_what_differs_from_our_definition_is_said():
    video = beside(network=NETWORKS["youtube"])[0]

    assert video.differences == (
        "The source counts “interactions”; here it is reactions, comments.",
        "The source does not say when its followers were counted; here they are those when the post was made.",
    )
    assert beside()[0].differences == ()
