"""What an installation has when its tables change: published figures under the names that the shipped ones have now."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from benchmark.industry import published
from benchmark.models import IndustryFigure
from tests.factories.rows import NOON

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migration():
    """The migration by its name, whatever its number, and the one before it; the tables end as they began."""
    graph = MigrationExecutor(connection).loader.graph
    (ours,) = [node for node in graph.nodes if node[1].endswith("_editions_of_figures_and_cohorts")]
    yield graph.node_map[ours]
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def at(node):
    """The models as they are at one migration."""
    MigrationExecutor(connection).migrate([node.key])
    return MigrationExecutor(connection).loader.project_state([node.key]).apps


def test_figures_that_are_there_keep_their_values_and_are_corrected_like_any_other(migration):
    IndustryFigure.objects.all().delete()
    (before,) = [parent for parent in migration.parents if parent.key[0] == "benchmark"]
    old = at(before).get_model("benchmark", "IndustryFigure")
    rival = "Rival IQ Social Media Industry Benchmark Report 2025 edition"
    known = {"year": 2024, "network": "facebook", "denominator": "followers_when_posted", "over_posts": "mean"}
    known |= {"parts": "reactions+comments+shares", "over_profiles": "median", "metric": "engagement_rate_mean"}
    for industry, value in (("all", 0.046), ("higher_education", 9.9), ("technology", 0.021)):
        old.objects.create(source=rival, industry=industry, value=value, **known)
    old.objects.create(source="This installation", industry="retail", value=1, computed_at=NOON, **known)

    at(migration)

    kept = {each.published_industry: each for each in IndustryFigure.objects.all()}
    assert set(kept) == {"All", "Higher ed", "Tech, software"}
    assert {each.publisher for each in kept.values()} == {"Rival IQ"}
    published.load_shipped(now=NOON)
    assert IndustryFigure.objects.current().count() == len(published.shipped())
    higher = IndustryFigure.objects.filter(industry="higher_education", measure=kept["Higher ed"].measure)
    assert {(each.value, each.replaced_at) for each in higher.filter(network="facebook")} == {
        (9.9, NOON),
        (0.126, None),
    }
