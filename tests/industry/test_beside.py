"""What stands beside the metrics of a report: figures of the same definition only, and the narrowest cohort."""

from dataclasses import dataclass
from datetime import date

import pytest

from benchmark import industry
from benchmark.industry.definition import definition_in, definition_of, metrics_of
from benchmark.metrics import METRICS
from benchmark.metrics.base import Column, Group, Metric, Statistic, Unit
from benchmark.models import CohortFigure, IndustryFigure
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import MARCH, NOW, drawn, follow, profile, reading, report, values_of
from tests.factories.rows import BrandFactory, CohortFigureFactory, IndustryFigureFactory

pytestmark = pytest.mark.django_db

NOWHERE = float("nan")
DEFAULTS = ("engagement_rate_mean", "engagement_rate")


def beside(metrics=DEFAULTS, industries=("",), network="facebook", sizes=(NOWHERE,), until=date(2026, 3, 31), **member):
    members = [industry.Member(name, size, **{"own": True} | member) for name in industries for size in sizes]
    return industry.ask_beside(NETWORKS[network], [METRICS[key] for key in metrics], members, until=until)()


# --- published figures -----------------------------------------------------------------------------------------------


def test_a_published_rate_stands_beside_the_mean_rate_alone():
    assert {figure.metric for figure in beside().published} == {"engagement_rate_mean"}
    assert beside(metrics=["engagement_rate", "posts"]).published == ()


def test_figures_are_those_of_the_industries_and_of_all_together():
    found = beside(industries=["retail", "", "sports_teams"]).published

    assert [(each.industry, each.industry_label, each.value) for each in found if each.publisher == "Rival IQ"] == [
        ("all", "All industries", 0.046),
        ("retail", "Retail", 0.024),
        ("sports_teams", "Sports teams", 0.23),
    ]


def test_of_each_publisher_the_latest_year_is_shown():
    found = {(each.publisher, each.over_profiles): (each.year, each.value) for each in beside().published}

    assert found == {("Rival IQ", "median"): (2024, 0.046), ("Socialinsider", "mean"): (2025, 0.15)}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"denominator": "followers_when_posted"}, 1),
        ({"denominator": "followers"}, 1),
        ({"denominator": "followers_now"}, 1),
        ({"denominator": "views"}, 0),
        ({"denominator": "impressions"}, 0),
        ({"denominator": "not_stated"}, 0),
        ({"over_posts": "median"}, 0),
        ({"over_posts": "not_stated"}, 0),
        ({"unit": "percent_as_printed"}, 0),
        ({"parts": "comments"}, 0),
        ({"parts": "interactions"}, 1),
        ({"post_format": "reel"}, 0),
        ({"network": "all"}, 0),
        ({"replaced_at": NOW}, 0),
    ],
)
def test_no_line_is_drawn_across_families_of_definitions(fields, shown):
    IndustryFigureFactory.create(industry="fashion", **fields)

    found = beside(metrics=["engagement_rate_mean"], industries=["fashion"]).published
    assert len([each for each in found if each.publisher == "A publisher"]) == shown


def test_a_figure_for_one_size_stands_beside_accounts_of_that_size():
    for tier in ("1k-10k", "10k-50k", "1m+", "nano"):
        IndustryFigureFactory.create(follower_tier=tier)

    def tiers(*sizes, **member):
        found = beside(sizes=sizes, **member).published
        return {each.follower_tier for each in found if each.publisher == "A publisher"}

    assert tiers(9_999) == {"1k-10k"}
    assert tiers(10_000, 2_000_000) == {"10k-50k", "1m+"}
    assert tiers(NOWHERE) == tiers(500) == tiers(9_999, own=False) == set()


def test_what_differs_from_our_definition_is_said():
    video = beside(network="youtube").published[0]

    assert video.differences == (
        "The source counts “interactions”; here it is reactions, comments.",
        "The source does not say when its followers were counted; here they are those when the post was made.",
    )
    assert beside().published[0].differences == ()


def test_metrics_beside_which_nothing_stands_are_named():
    assert beside(metrics=["engagement_rate_mean", "engagement_rate", "posts"]).without == ("engagement_rate", "posts")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSomeKind(Metric):
    """A metric that declares something that no metric declares so far."""

    kind: str = ""


def test_a_metric_that_declares_more_agrees_with_no_published_figure():
    def declared(kind):
        return OfSomeKind(
            key="x",
            label="",
            answers="",
            definition="",
            each=Column("posts"),
            over_posts=Statistic.PER_WEEK,
            unit=Unit.PER_WEEK,
            group=Group.ACTIVITY,
            kind=kind,
        )

    assert definition_of(declared("")) == definition_in("posts", "", "per_week", "per_week")
    assert definition_of(declared("photo")) is None


def test_every_metric_finds_itself_by_its_definition():
    for metric in METRICS.values():
        definition = definition_of(metric)
        assert definition is None or metric in metrics_of(definition)


# --- cohorts ---------------------------------------------------------------------------------------------------------


def cohort_of(found, metric="engagement_rate"):
    each = found.distribution(0, metric)
    return each and (each.industry, each.follower_tier)


def test_the_narrowest_cohort_stands_for_an_account_and_the_wider_ones_take_its_place():
    where = {"network": "bluesky", "industries": ["retail"], "sizes": [5_000]}
    for cohort in [("all", ""), ("all", "1k-10k"), ("retail", ""), ("retail", "1k-10k")]:
        CohortFigureFactory.create(industry=cohort[0], follower_tier=cohort[1])
        assert cohort_of(beside(**where)) == cohort

    assert cohort_of(beside(**where | {"sizes": [50_000]})) == ("retail", "")
    assert cohort_of(beside(**where | {"industries": ["media"]})) == ("all", "1k-10k")
    assert cohort_of(beside(**where | {"industries": [""], "sizes": [NOWHERE]})) == ("all", "")
    assert cohort_of(beside(**where | {"network": "mastodon"})) is None


def test_each_metric_has_the_narrowest_cohort_of_its_own():
    CohortFigureFactory.create(industry="retail")
    CohortFigureFactory.create(metric="posts")
    found = beside(metrics=["engagement_rate", "posts"], network="bluesky", industries=["retail"])

    assert cohort_of(found) == ("retail", "")
    assert cohort_of(found, "posts") == ("all", "")


@pytest.mark.parametrize(
    ("until", "month"),
    [
        (date(2025, 5, 31), 5),
        (date(2025, 5, 1), 5),
        (date(2025, 4, 30), 4),
        (date(2026, 9, 1), 5),
        (date(2025, 3, 31), 0),
    ],
)
def test_the_latest_month_that_has_begun_by_the_end_of_the_period_counts(until, month):
    for number in (4, 5):
        CohortFigureFactory.create(month=date(2025, number, 1))

    found = beside(network="bluesky", until=until).distribution(0, "engagement_rate")
    assert (found.month.month if found else 0) == month


def test_a_cohort_of_an_older_formula_stands_beside_nothing():
    CohortFigureFactory.create(version=0)
    assert cohort_of(beside(network="bluesky")) is None


def test_the_report_shows_the_cohorts_of_own_accounts_and_without_such_those_of_its_industries():
    for name, tier in [("all", ""), ("retail", ""), ("retail", "1k-10k"), ("media", "")]:
        CohortFigureFactory.create(industry=name, follower_tier=tier)

    def shown(*members):
        found = industry.ask_beside(
            NETWORKS["bluesky"], [METRICS["engagement_rate"]], members, until=date(2025, 6, 1)
        )()
        return {(each.industry, each.follower_tier) for each in found.figures if each.kind == "cohort"}

    ours, theirs = industry.Member("retail", 5_000, own=True), industry.Member("media", 50.0)
    assert shown(ours, theirs) == {("retail", "1k-10k")}
    assert shown(theirs, industry.Member("", NOWHERE)) == {("media", ""), ("all", "")}


def test_a_cohort_is_shown_with_its_spread_and_its_month():
    CohortFigureFactory.create(industry="retail")
    (figure,) = (each for each in beside(network="bluesky", industries=["retail"]).figures if each.kind == "cohort")

    assert (figure.value, figure.spread.p25, figure.spread.p75, figure.spread.mean) == (3, 2, 4, 3)
    assert (figure.profiles, figure.source, figure.publisher) == (5, "This installation", "This installation")
    assert (figure.period_start, figure.period_end) == (date(2025, 5, 1), date(2025, 5, 31))
    assert (figure.parts, figure.denominator) == ("reactions+comments+shares+quotes", "followers_when_posted")


# --- in a report -----------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def ours(team, percent, *, followers=5_000, named="retail", own=True, **fields):
    """An account with five posts of this rate in March."""
    found = profile(**fields)
    brand = BrandFactory.create(workspace=team, name="Harbour", role="own" if own else "competitor", industry=named)
    tracked = follow(team, found, own=own, brand=brand)
    for at in ("2024-03-01", "2025-02-28", "2025-03-15", "2025-03-31"):
        reading(found, NOW.replace(year=int(at[:4]), month=int(at[5:7]), day=int(at[8:])), followers)
    count = int(percent * followers / 100)
    drawn("posted reactions comments shares quotes\n" + f"2025-03-10 {count} 0 0 0\n" * 5, of=found)
    return tracked


def cohort(metric="engagement_rate", figures=(1.0, 2.0, 3.0, 4.0, 5.0), **fields):
    return CohortFigureFactory.create(
        metric=metric, month=date(2025, 3, 1), industry="retail", figures=figures, **fields
    )


def place(found, of, metric="engagement_rate"):
    """The percentile of a row."""
    percentile = values_of(found, of)[metric].percentile
    assert percentile is not None
    return percentile


def test_every_row_knows_its_percentile_and_the_own_position_has_the_same(workspace):
    cohort()
    mine, theirs = ours(workspace, 2), ours(workspace, 4, own=False)

    found = report(workspace, metrics=["engagement_rate"])

    percentile = place(found, mine)
    assert (percentile.value, percentile.profiles, percentile.cohort) == (25, 5, "Retail, March 2025")
    assert place(found, theirs).value == 75
    assert found.summary["engagement_rate"].own[0].percentile == percentile


def test_the_cohort_is_named_with_its_size(workspace):
    cohort(follower_tier="1k-10k")
    mine = ours(workspace, 2)

    percentile = place(report(workspace, metrics=["engagement_rate"]), mine)
    assert percentile.cohort == "Retail, 1,000 to 10,000 followers, March 2025"


def test_a_sum_over_another_period_is_compared_by_what_a_day_brings(workspace):
    cohort("posts", figures=(10.0, 20.0, 30.0, 40.0, 50.0))
    mine = ours(workspace, 2)  # 5 posts

    def percentile(start, end):
        return place(report(workspace, metrics=["posts"], start=start, end=end), mine, "posts").value

    assert percentile(**MARCH) == 0
    assert percentile("2025-03-10", "2025-03-10") == 100  # 5 posts a day would be 155 a month
    # 5 posts in 6 days would be 25.83 in 31: 0.583 of the way from the second to the third figure.
    assert percentile("2025-03-08", "2025-03-13") == pytest.approx((1 + (5 * 31 / 6 - 20) / 10) / 4 * 100)


def test_a_figure_of_another_basis_has_no_percentile(workspace):
    cohort(basis="backfilled")
    mine = ours(workspace, 2)

    assert values_of(report(workspace, metrics=["engagement_rate"]), mine)["engagement_rate"].percentile is None


def test_invented_accounts_have_no_percentile_and_no_gap(workspace):
    cohort()
    mine = ours(workspace, 2, pretend=True)

    found = report(workspace, metrics=["engagement_rate"])
    assert values_of(found, mine)["engagement_rate"].percentile is None
    assert found.gaps == ()


def test_a_file_has_a_percentile_among_fetched_profiles_and_changes_none_of_them(workspace):
    cohort()
    mine = ours(workspace, 2, workspace=workspace)

    assert place(report(workspace, metrics=["engagement_rate"]), mine).value == 25
    assert CohortFigure.objects.get().quantiles == [1, 2, 3, 4, 5]


def test_what_another_workspace_calls_its_brands_decides_nothing_here(workspace):
    cohort()
    mine = ours(workspace, 2, named="")
    other = WorkspaceFactory.create()
    follow(other, mine.profile, brand=BrandFactory.create(workspace=other, industry="retail"))

    assert values_of(report(workspace, metrics=["engagement_rate"]), mine)["engagement_rate"].percentile is None


def test_a_report_names_the_metrics_beside_which_nothing_stands(workspace):
    cohort()
    ours(workspace, 2)

    found = report(workspace, metrics=["engagement_rate", "posts"])

    assert found.without_industry == ("posts",)
    assert [each.metric for each in found.industry] == ["engagement_rate"]


def test_a_report_without_any_figure_is_a_report(workspace):
    IndustryFigure.objects.all().delete()
    ours(workspace, 2)

    found = report(workspace)

    assert (found.industry, found.gaps) == ((), ())
    assert set(found.without_industry) == {metric.key for metric in found.metrics}
    assert report(WorkspaceFactory.create()).rows == ()
