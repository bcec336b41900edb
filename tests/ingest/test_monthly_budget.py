"""X's monthly budget: taken before the call, given back where the answer was cheaper, never overrun."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import override_settings

from accounts.vault import fingerprint
from benchmark import ingest
from benchmark.ingest.keys import Key, Purse, reserve
from benchmark.models import Spend
from benchmark.networks import NETWORKS
from benchmark.networks.base import Get, TryLater
from benchmark.networks.http import Door
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON
from tests.ingest.fakes import Clock
from tests.servers.x import DrawnPost, DrawnUser, XServer

X = NETWORKS["x"]
KEY = Key("a-token", fingerprint("x", "a-token"))
A_PAGE, A_USER = 100, 10  # at most, in tenths of a cent


def used() -> int:
    return Spend.objects.get(network="x").used


def bakery(posts: int) -> DrawnUser:
    drawn = [DrawnPost(id=str(number), published_at=NOON - timedelta(hours=number)) for number in range(1, posts + 1)]
    return DrawnUser(id="7001", username="bakery", posts=drawn)


def all_at_once(do: Callable[[int], int], *, threads: int = 16) -> list[int]:
    """What every thread gives back, after all of them have begun together."""
    together = Barrier(threads)

    def one(number: int) -> int:
        together.wait(20)
        try:
            return do(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


@pytest.mark.django_db
def test_a_budget_of_ten_dollars_is_ten_thousand_tenths_of_a_cent_where_nothing_else_is_set():
    reserve(X, KEY, 10_000, now=NOON)

    with pytest.raises(TryLater) as refused:
        reserve(X, KEY, 1, now=NOON)

    assert refused.value.code == "quota_used_up"
    assert NOON + (refused.value.after or timedelta(0)) == datetime(2026, 4, 1, tzinfo=UTC)
    assert list(Spend.objects.values_list("window", "used", "limit")) == [(date(2026, 3, 1), 10_000, 10_000)]


@pytest.mark.django_db
@pytest.mark.parametrize(("cents", "units"), [(250, 2_500), (1, 10)])
def test_the_operators_limit_in_cents_is_kept_to(cents, units):
    with override_settings(NETWORK_LIMITS={"x": cents}):
        reserve(X, KEY, units, now=NOON)
        with pytest.raises(TryLater):
            reserve(X, KEY, 1, now=NOON)


@pytest.mark.django_db
def test_a_limit_of_nothing_asks_for_nothing():
    with override_settings(NETWORK_LIMITS={"x": 0}), pytest.raises(TryLater):
        reserve(X, KEY, 1, now=NOON)

    assert not Spend.objects.exists()


@pytest.mark.django_db
def test_what_is_given_back_can_be_used_again():
    with override_settings(NETWORK_LIMITS={"x": 10}):
        reserve(X, KEY, 100, now=NOON)
        reserve(X, KEY, -85, now=NOON)
        reserve(X, KEY, 85, now=NOON)
        with pytest.raises(TryLater):
            reserve(X, KEY, 1, now=NOON)


@pytest.mark.django_db
def test_a_new_month_begins_with_the_whole_budget():
    with override_settings(NETWORK_LIMITS={"x": 10}):
        reserve(X, KEY, 100, now=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
        reserve(X, KEY, 100, now=datetime(2026, 4, 1, tzinfo=UTC))

    assert set(Spend.objects.values_list("window", "used")) == {(date(2026, 3, 1), 100), (date(2026, 4, 1), 100)}


@pytest.mark.django_db
def test_what_was_taken_in_one_month_is_not_given_back_to_the_next():
    clock = Clock(datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
    purse = Purse(X, KEY, clock=clock)
    purse(100)
    clock.wait(seconds=2)
    reserve(X, KEY, 90, now=clock())

    purse(-85)

    assert dict(Spend.objects.values_list("window", "used")) == {date(2026, 3, 1): 15, date(2026, 4, 1): 90}


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_that_take_and_give_back_never_hold_more_than_the_limit():
    def spend(number: int) -> int:
        kept = 0
        for turn in range(25):
            most, cost = A_PAGE, 5 * ((number + turn) % 21)
            try:
                reserve(X, KEY, most, now=NOON)
            except TryLater:
                continue
            kept += cost
            if cost < most:
                reserve(X, KEY, cost - most, now=NOON)
        return kept

    with override_settings(NETWORK_LIMITS={"x": 500}):
        kept = all_at_once(spend)

        assert sum(kept) == used() <= 5_000
        reserve(X, KEY, 5_000 - used(), now=NOON)  # all that was given back is there
        with pytest.raises(TryLater):
            reserve(X, KEY, 1, now=NOON)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("posts", [3, 50])
def test_sixteen_workers_never_make_x_charge_more_than_the_limit_though_redis_loses_everything(posts):
    """Through the real door to a server that charges, with a limit in the midst of what the workers want."""

    codes: set[str] = set()

    def read(get: Get, *, times: int) -> int:
        refused = 0
        for turn in range(times):
            try:
                X.profile(get, "7001")
                for _ in X.posts(get, "7001"):
                    pass
            except TryLater as error:
                codes.add(error.code)
                refused += 1
            if turn == 3:
                cache._cache.get_client().flushdb()  # type: ignore[attr-defined]
        return refused

    limit = 150 * 16 if posts == 3 else 6_000
    with (
        XServer([bakery(posts)]) as server,
        Door(base_urls={"x": server.url}, windows_url=settings.REDIS_URL) as outside,
        override_settings(NETWORK_LIMITS={"x": limit // 10}),
    ):

        def work(_: int, *, times: int = 8) -> int:
            get = outside.open(X, key=KEY.secret, reserve=Purse(X, KEY, clock=lambda: NOON))
            return read(get, times=times)

        refused = all_at_once(work)
        assert server.billed == used() <= limit

        work(0, times=100)  # what the sixteen gave back is there for whoever comes after them

    assert limit - A_PAGE < used() <= limit
    assert server.billed == used()
    assert (sum(refused) > 0, codes) == (True, {"quota_used_up"})


@pytest.mark.django_db
def test_a_workspace_pays_out_of_the_budget_of_its_own_key():
    workspace = WorkspaceFactory.create()
    with XServer([bakery(3)]) as server, Door(base_urls={"x": server.url}) as outside:
        door = ingest.Door(outside, keys={"x": KEY.secret})
        X.find(door.for_workspace(X, workspace, clock=lambda: NOON), "bakery")
        list(X.posts(door.for_workspace(X, workspace, clock=lambda: NOON), "7001"))

    assert (used(), server.billed) == (A_USER + 3 * 5, 25)


@pytest.mark.django_db
def test_what_a_page_would_have_cost_too_much_is_left_for_what_costs_less():
    workspace = WorkspaceFactory.create()
    with (
        XServer([bakery(3)]) as server,
        Door(base_urls={"x": server.url}) as outside,
        override_settings(NETWORK_LIMITS={"x": 10}),
    ):
        get = ingest.Door(outside, keys={"x": KEY.secret}).for_workspace(X, workspace, clock=lambda: NOON)
        X.profile(get, "7001")
        with pytest.raises(TryLater):
            list(X.posts(get, "7001"))

    assert used() == A_USER


@pytest.mark.django_db
def test_credits_that_can_be_bought_at_any_time_leave_the_budget_as_it_is():
    workspace = WorkspaceFactory.create()
    with XServer([bakery(3)], credit=A_USER) as server, Door(base_urls={"x": server.url}) as outside:
        get = ingest.Door(outside, keys={"x": KEY.secret}).for_workspace(X, workspace, clock=lambda: NOON)
        X.profile(get, "7001")
        with pytest.raises(TryLater, match="has used up its credits"):
            list(X.posts(get, "7001"))

    assert used() < 10_000
