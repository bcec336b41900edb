"""This installation's own figures: from five profiles up, public metrics of fetched profiles only."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmark import industry
from benchmark.industry.cohorts import recompute_cohorts
from benchmark.models import IndustryFigure, Post
from benchmark.networks import NETWORKS
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW, drawn, follow, profile, reading, report
from tests.factories.rows import BrandFactory, OwnInsightFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def member(of, percent, *, named="retail", followers=5_000, **fields):
    """A followed profile with five posts of this rate within the last 90 days."""
    found = profile(**fields)
    brand = BrandFactory.create(workspace=of, industry=named)
    follow(of, found, brand=brand)
    reading(found, NOW - timedelta(days=400), followers)
    reading(found, NOW, followers)
    count = int(percent * followers / 100)
    drawn("posted reactions comments shares quotes\n" + f"2025-04-10 {count} 0 0 0\n" * 5, of=found)
    return found


def cohorts(metric="engagement_rate", **fields):
    return IndustryFigure.objects.filter(computed_at__isnull=False, metric=metric, **fields)


def quartiles(**fields):
    return dict(cohorts(follower_tier="", **fields).values_list("over_profiles", "value"))


def test_five_profiles_make_a_cohort_and_four_do_not(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    recompute_cohorts(NOW)
    assert not cohorts().exists()

    member(workspace, 9)
    recompute_cohorts(NOW)

    assert quartiles(industry="retail") == {"p25": 2, "median": 3, "p75": 4}
    figure = cohorts(industry="retail", over_profiles="median", follower_tier="1k-10k").get()
    assert (figure.profiles, figure.period_start, figure.period_end) == (5, date(2025, 3, 3), date(2025, 5, 31))
    assert (figure.parts, figure.denominator, figure.over_posts) == (
        "reactions+comments+shares+quotes",
        "followers_when_posted",
        "median",
    )


def test_no_figure_is_ever_made_of_fewer_than_five(workspace):
    for number in range(4):
        member(workspace, 1, named="retail", followers=5_000 + number)
    for number in range(4):
        member(workspace, 1, named="media", followers=50_000 + number)
    Post.objects.filter(profile__tracked__brand__industry="media")[0].delete()

    recompute_cohorts(NOW)

    assert set(cohorts().values_list("industry", "follower_tier")) == {("all", "")}
    assert not IndustryFigure.objects.filter(computed_at__isnull=False, profiles__lt=5).exists()


def test_pretend_profiles_files_and_removed_ones_take_no_part(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    member(workspace, 50, pretend=True)
    member(workspace, 50, workspace=workspace)
    removed = member(workspace, 50).tracked.get()
    removed.removed_at, removed.slot = NOW, None
    removed.save()

    recompute_cohorts(NOW)

    assert not cohorts().exists()


def test_a_file_behind_a_fetched_profile_changes_no_cohort(workspace):
    for percent in (1, 2, 3, 4):
        member(workspace, percent)
    fetched = member(workspace, 5)
    file = profile(workspace=workspace)
    fetched.tracked.update(file_profile=file)
    drawn("posted reactions comments shares quotes\n" + "2025-04-11 99999 0 0 0\n" * 9, of=file)
    for post in fetched.posts.all():
        OwnInsightFactory.create(workspace=workspace, post=post, reach=1)

    recompute_cohorts(NOW)

    assert quartiles(industry="retail")["p75"] == 4


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
    published = IndustryFigure.objects.filter(computed_at=None).count()
    recompute_cohorts(NOW)
    before = cohorts().count()

    assert recompute_cohorts(NOW) == IndustryFigure.objects.filter(computed_at__isnull=False).count()
    assert cohorts().count() == before
    members[0].tracked.all().delete()
    recompute_cohorts(NOW)

    assert not cohorts().exists()
    assert IndustryFigure.objects.filter(computed_at=None).count() == published


def test_a_report_shows_the_cohorts_of_its_industries_and_of_our_size(workspace):
    for percent in (1, 2, 3, 4, 5):
        member(workspace, percent)
    for percent in (6, 7, 8, 9, 10):
        member(workspace, percent, named="media", followers=50_000)
    recompute_cohorts(NOW)
    ours = WorkspaceFactory.create()
    own = profile()
    follow(ours, own, own=True, brand=BrandFactory.create(workspace=ours, role="own", industry="retail"))
    reading(own, NOW, 2_000)

    found = report(ours, metrics=["engagement_rate"]).industry

    medians = {(each.industry, each.follower_tier): each.value for each in found if each.over_profiles == "median"}
    assert medians == {("all", ""): 5.5, ("all", "1k-10k"): 3, ("retail", ""): 3, ("retail", "1k-10k"): 3}
    assert {each.kind for each in found} == {"cohort"}
    assert {each.source for each in found} == {"This installation"}


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
