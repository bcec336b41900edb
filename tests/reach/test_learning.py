"""From which posts reach is learnt, when that is done again, and what is kept of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from benchmark import reach
from benchmark.models import FetchRun, OwnInsight, ReachModel
from benchmark.networks import NETWORKS
from benchmark.reach import learning
from benchmark.reach.estimator import Estimator
from tasks.work import fit_reach
from tests.factories.accounts import WorkspaceFactory
from tests.factories.drawing import NOW
from tests.factories.rows import FetchRunFactory
from tests.reach.drawing import seen
from tests.reach.rows import account, own_page, posts_of, with_reach

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    return WorkspaceFactory.create()


def learnt(workspace, network="facebook", now=NOW):
    return reach.fit(workspace.pk, network, now=now)


def times(model):
    """How many people per reaction what was learnt expects."""
    return Estimator.unpacked(model.parameters)(seen([100], followers=1_000)).reach[0] / 100


def test_what_was_learnt_says_when_of_how_many_posts_and_how_far_it_is_off(workspace):
    own_page(workspace, times=3)

    model = learnt(workspace)

    assert times(model) == pytest.approx(3, rel=0.05)
    assert (model.workspace, model.network, model.fitted_at) == (workspace, "facebook", NOW)
    assert (model.posts, model.profiles, model.tried_on, model.tried) == (40, 1, "time", 20)
    assert model.error < 5
    assert 0 <= model.coverage <= 100
    assert (model.followers_from, model.followers_to) == (1_000, 1_000)
    assert (model.engagements_from, model.engagements_to) == (10, 1_000)
    assert (model.kinds, model.drifts) == (["photo"], False)
    assert "%" in model.method


def test_learning_again_replaces_what_was_known(workspace):
    own_page(workspace, times=3)
    before = learnt(workspace)
    OwnInsight.objects.update(reach=100)

    after = learnt(workspace, now=NOW + timedelta(days=1))

    assert (after.pk, ReachModel.objects.count()) == (before.pk, 1)
    assert times(after) < 1.5


def test_another_workspaces_posts_are_never_used(workspace):
    other = WorkspaceFactory.create()
    own_page(workspace, times=3)
    own_page(other, times=30)
    shared = account(workspace, [100] * 40, own=True)
    with_reach(shared, 300, of=other)  # they follow it too, and only they know its reach

    assert times(learnt(workspace)) == pytest.approx(3, rel=0.05)
    assert times(learnt(other)) == pytest.approx(30, rel=0.05)
    assert len(learning.measured(workspace.pk, NETWORKS["facebook"])) == 40


def test_posts_of_competitors_removed_accounts_and_other_networks_are_not_learnt(workspace):
    with_reach(account(workspace, [100] * 20), 3)
    with_reach(account(workspace, [100] * 20, own=True, network="bluesky"), 3)
    removed = own_page(workspace)
    removed.removed_at = NOW
    removed.save()

    model = learnt(workspace)

    assert (model.posts, model.error, model.parameters) == (0, None, {})


def test_a_post_or_a_measurement_that_was_still_moving_teaches_nothing(workspace):
    page = own_page(workspace, n=20)
    young, measured_early, *_ = posts_of(page)
    young.read_at = young.published_at + timedelta(days=2)
    young.save()
    OwnInsight.objects.filter(post=measured_early).update(read_at=measured_early.published_at + timedelta(days=2))

    assert learnt(workspace).posts == 18


def test_a_post_that_is_stored_twice_is_learnt_once(workspace):
    page = own_page(workspace, n=20)
    for post in posts_of(page):
        post.pk, post.external_id = None, f"again-{post.external_id}"
        post.save()
        OwnInsight.objects.create(workspace=workspace, post=post, reach=3 * (post.reactions or 0), read_at=NOW)

    assert learnt(workspace).posts == 20


def test_posts_of_a_file_behind_a_fetched_account_are_learnt(workspace):
    fetched, page = account(workspace, [], own=True), own_page(workspace, n=20)
    page.profile.workspace = workspace
    page.profile.save()
    page.delete()
    fetched.file_profile = page.profile
    fetched.save()

    assert learnt(workspace).posts == 20


def test_too_few_posts_leave_a_row_that_says_how_many(workspace):
    own_page(workspace, n=11)

    model = learnt(workspace)

    assert (model.posts, model.error, model.parameters, model.method) == (11, None, {}, "")


def test_no_row_holds_parameters_without_an_error(workspace):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReachModel.objects.create(
            workspace=workspace, network="facebook", fitted_at=NOW, posts=3, parameters={"level": 1}
        )


# --- when ------------------------------------------------------------------------------------------------------------


def due(now=NOW):
    return reach.fit_due(now=now)


def test_what_is_known_is_learnt_once_a_day(workspace):
    own_page(workspace)
    own_page(workspace, network="instagram")
    account(workspace, [100] * 20, own=True, network="bluesky")  # nobody knows its reach

    assert [due(), due(NOW + timedelta(hours=23)), due(NOW + timedelta(hours=24))] == [2, 0, 2]
    assert set(ReachModel.objects.values_list("network", flat=True)) == {"facebook", "instagram"}


def test_it_is_learnt_again_after_an_import_on_that_network(workspace):
    own_page(workspace)
    due()
    later = NOW + timedelta(minutes=10)
    about = {"workspace": workspace, "kind": "import", "outcome": "done", "finished_at": later}

    FetchRunFactory.create(**about | {"network": "instagram"})
    FetchRunFactory.create(**about | {"network": "facebook", "workspace": WorkspaceFactory.create()})
    untouched = due(later)
    FetchRunFactory.create(**about | {"network": "facebook"})

    assert (untouched, due(later + timedelta(minutes=1)), due(later + timedelta(minutes=2))) == (0, 1, 0)
    assert FetchRun.objects.count() == 3


def test_what_older_code_has_learnt_is_learnt_again(workspace):
    own_page(workspace)
    due()
    ReachModel.objects.update(parameters={"version": 0})

    assert (due(), due()) == (1, 0)


def test_what_nobody_knows_any_more_is_forgotten(workspace):
    own_page(workspace)
    due()
    OwnInsight.objects.all().delete()

    due()

    assert not ReachModel.objects.exists()


def test_two_workers_do_not_learn_the_same_at_once(workspace):
    own_page(workspace)
    elsewhere = connections.create_connection("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [learning.ONE_AT_A_TIME])
            meanwhile = due()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [learning.ONE_AT_A_TIME])
    finally:
        elsewhere.close()

    assert (meanwhile, due()) == (0, 1)


def test_the_task_learns_what_is_due(workspace):
    own_page(workspace)

    fit_reach()

    assert ReachModel.objects.get().posts == 40
