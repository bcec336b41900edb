"""Questions that do not wait for one another, and what is left when one of them fails."""

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmark.metrics.asking import array, ask, together
from tests.factories.accounts import WorkspaceFactory


@pytest.mark.django_db
def test_answers_come_in_any_order():
    with together():
        one, two = ask("SELECT %(number)s::int", {"number": 1}), ask("SELECT 'two'", {})

        assert two() == [("two",)]
        assert one() == [(1,)]


@pytest.mark.django_db
def test_a_question_alone_means_the_same():
    assert ask("SELECT %(numbers)s::bigint[]", {"numbers": array([3, 4])})() == [([3, 4],)]


@pytest.mark.django_db
def test_a_question_sees_what_its_transaction_has_written():
    workspace = WorkspaceFactory.create()

    with transaction.atomic(), together():
        found = ask("SELECT name FROM accounts_workspace WHERE id = %(id)s", {"id": workspace.pk})

        assert found() == [(workspace.name,)]


@pytest.mark.django_db(transaction=True)
def test_after_a_question_that_failed_the_connection_goes_on():
    with pytest.raises(DataError), together():
        ask("SELECT 1 / %(nothing)s::int", {"nothing": 0})()

    with together():
        assert ask("SELECT 5", {})() == [(5,)]
    assert WorkspaceFactory.create().pk


@pytest.mark.django_db
def test_questions_are_counted_like_all_others():
    with CaptureQueriesContext(connection) as captured, together():
        ask("SELECT 1", {})()
        ask("SELECT 2", {})()

    assert len(captured) == 2
