"""This installation's own figures: from five profiles up, public metrics of fetched profiles only, month by month."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from benchmark import industry
from benchmark.industry.cohorts import days_of, months, public_metrics, recompute_cohorts
from benchmark.metrics import METRICS
from benchmark.models import CohortFigure, IndustryFigure, Post
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, profile, reading, report
from tests.factories.rows import BrandFactory, CohortFigureFactory, OwnInsightFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def member(of, percent, *, named="retail", followers=5_000, **fields):
    """A followed profile with five posts of this rate in May."""
    found = profile(**fields)
    brand = BrandFactory.create(workspace=of, industry=named)
    follow(of, found, brand=brand)
    reading(found, NOW - timedelta(days=400), followers)
    reading(found, NOW, followers)
    count = int(percent * followers / 100)
    drawn("posted reactions comments shares quotes\n" + f"2025-05-10 {count} 0 0 0\n" * 5, of=found)
    return found


def cohorts(metric="engagement_rate", **fields):
    return CohortFigure.objects.filter(metric=metric, month=date(2025, 5, 1), **fields)


def spread(**fields):
    figure = cohorts(follower_tier="", **fields).get()
    return (figure.p10, figure.p25, figure.p50, figure.p75, figure.p90, figure.mean)


def test_five_profiles_make_a_cohort_and_four_do_not(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    recompute_cohorts(NOW)
    assert not CohortFigure.objects.exists()

    member(workspace, 9)
    recompute_cohorts(NOW)

    # Of 1, 2, 3, 4, 9: a tenth of the way from the first to the last lies 0.4 steps after 1, nine tenths 0.6 after 4.
    assert spread(industry="retail") == (1.4, 2, 3, 4, 7, (1 + 2 + 3 + 4 + 9) / 5)
    figure = cohorts(industry="retail", follower_tier="1k-10k").get()
    assert (figure.profiles, figure.month, figure.basis, figure.version) == (5, date(2025, 5, 1), "measured", 1)
    assert figure.quantiles == [1, 2, 3, 4, 9]


def test_every_public_metric_has_its_cohorts(workspace):
    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)

    recompute_cohorts(NOW)

    bluesky = {metric.key for metric in METRICS.values() if metric.offered_by(NETWORKS["bluesky"])}
    found = set(CohortFigure.objects.values_list("metric", flat=True))
    assert {"engagement_rate", "followers", "posts", "posts_per_week", "shares_per_post_median"} <= found <= bluesky


def test_no_cohort_is_made_of_shares_or_of_what_only_owners_know():
    for network in NETWORKS.values():
        keys = {metric.key for metric in public_metrics(network)}
        assert not keys & {"share_of_voice", "share_of_posts", "engagement_rate_by_reach"}


def test_a_cohort_has_the_same_figure_as_a_report_over_that_month(workspace):
    members = [member(workspace, percent, followers=3_000 + 7 * percent) for percent in (1, 2, 3, 4, 5)]
    drawn("posted reactions comments shares quotes\n2025-05-20 17 3 2 1\n2025-05-21 5 - 2 1", of=members[0])

    recompute_cohorts(NOW)

    keys = [metric.key for metric in public_metrics(NETWORKS["bluesky"])]
    rows = report(workspace, metrics=keys, start="2025-05-01", end="2025-05-31").rows
    for key in keys:
        known = [value for row in rows if (value := row.values[key].value) is not None]
        stored = cohorts(key, industry="retail", follower_tier="").first()
        assert (stored.quantiles if stored else []) == (sorted(known) if len(known) > 4 else [])


def test_no_figure_is_ever_made_of_fewer_than_five(workspace):
    for number in range(4):
        member(workspace, 1, named="retail", followers=5_000 + number)
    for number in range(4):
        member(workspace, 1, named="media", followers=50_000 + number)
    Post.objects.filter(profile__tracked__brand__industry="media")[0].delete()

    recompute_cohorts(NOW)

    assert set(cohorts().values_list("industry", "follower_tier")) == {("all", "")}
    assert not CohortFigure.objects.filter(profiles__lt=5).exists()
    with pytest.raises(IntegrityError):
        CohortFigureFactory.create(figures=(1.0, 2.0, 3.0, 4.0))


def test_pretend_profiles_files_and_removed_ones_take_no_part(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    member(workspace, 50, pretend=True)
    member(workspace, 50, workspace=workspace)
    removed = member(workspace, 50).tracked.get()
    removed.removed_at, removed.slot = NOW, None
    removed.save()

    recompute_cohorts(NOW)

    assert not CohortFigure.objects.exists()


def test_a_file_behind_a_fetched_profile_changes_no_cohort(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    fetched = member(workspace, 5)
    file = profile(workspace=workspace)
    fetched.tracked.update(file_profile=file)
    drawn("posted reactions comments shares quotes\n" + "2025-05-11 99999 0 0 0\n" * 9, of=file)
    for post in fetched.posts.all():
        OwnInsightFactory.create(workspace=workspace, post=post, reach=1)

    recompute_cohorts(NOW)

    assert cohorts(industry="retail", follower_tier="").get().quantiles == [1, 2, 3, 4, 5]


def test_a_figure_that_rests_on_another_basis_takes_no_part(workspace):
    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)
    late = member(workspace, 50)
    late.readings.order_by("read_at").first().delete()  # its followers are known only from after its posts

    recompute_cohorts(NOW)

    assert cohorts(industry="retail", follower_tier="").get().quantiles == [1, 2, 3, 4, 5]
    assert cohorts("posts", industry="retail", follower_tier="").get().profiles == 6


def test_the_industry_is_the_one_that_most_workspaces_gave(workspace):
    others = [WorkspaceFactory.create() for _ in range(2)]
    for percent in (1, 2, 3, 4, 5):
        found = member(workspace, percent, named="retail")
        for other in others:
            follow(other, found, brand=BrandFactory.create(workspace=other, industry="fashion"))

    recompute_cohorts(NOW)

    assert set(cohorts().values_list("industry", flat=True)) == {"all", "fashion"}


def test_computing_again_replaces_the_cohorts_and_leaves_published_figures_alone(workspace):
    members = [member(workspace, percent) for percent in (1, 2, 3, 4, 5)]
    published = IndustryFigure.objects.count()
    assert recompute_cohorts(NOW) == CohortFigure.objects.count() > 0
    before = CohortFigure.objects.count()

    recompute_cohorts(NOW)
    assert CohortFigure.objects.count() == before
    members[0].tracked.all().delete()
    recompute_cohorts(NOW)

    assert not CohortFigure.objects.exists()
    assert IndustryFigure.objects.count() == published


def test_months_whose_posts_have_settled_stay_as_they_were(workspace):
    CohortFigureFactory.create(month=date(2025, 2, 1), industry="retail")
    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)

    recompute_cohorts(NOW)

    assert set(CohortFigure.objects.values_list("month", flat=True)) >= {date(2025, 2, 1), date(2025, 5, 1)}


@pytest.mark.parametrize(
    ("today", "rebuilt"),
    [
        (date(2025, 6, 1), [date(2025, 5, 1), date(2025, 4, 1)]),
        (date(2025, 6, 11), [date(2025, 5, 1), date(2025, 4, 1)]),
        (date(2025, 6, 12), [date(2025, 5, 1)]),  # April ended 42 days ago
        (date(2026, 1, 31), [date(2025, 12, 1)]),
    ],
)
def test_a_month_is_made_anew_until_its_posts_no_longer_move(today, rebuilt):
    assert months(datetime(today.year, today.month, today.day, 3, tzinfo=UTC)) == rebuilt


def test_months_have_as_many_days_as_in_the_calendar():
    assert [days_of(date(2024, month, 1)) for month in (1, 2, 4, 12)] == [31, 29, 30, 31]


def test_twice_the_profiles_cost_the_same_queries(workspace):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            recompute_cohorts(NOW)
        return len(captured)

    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)
    few = queries()
    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)

    assert queries() == few


@pytest.mark.parametrize(
    ("followers", "tier"),
    [(0, "0-1k"), (999, "0-1k"), (1000, "1k-10k"), (99_999, "10k-100k"), (100_000, "100k-1m"), (10**6, "1m+")],
)
def test_tiers_begin_at_round_numbers(followers, tier):
    assert industry.tier_of(followers) == tier


def test_networks_without_profiles_have_no_cohorts():
    assert recompute_cohorts(NOW) == 0
    assert set(NETWORKS) >= {"bluesky", "youtube"}
