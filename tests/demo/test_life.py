"""What the pretend accounts do follows from who they are and from the time, and from nothing else."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.demo import life
from benchmark.demo.cast import BLUESKY, COMPETITORS, MASTODON, NETWORKS, OWN, Account, cast, generated
from benchmark.demo.dice import Dice
from benchmark.demo.life import What
from tests.demo.conftest import NOON, deleted_post

MONTHS_AGO = NOON - timedelta(days=90)
MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001
ACCOUNTS = st.sampled_from([account for network in NETWORKS for account in cast(network).values()])
FIGURES = """
from datetime import UTC, datetime
from benchmark.demo import life
from benchmark.demo.cast import cast
now = datetime(2026, 11, 1, 12, tzinfo=UTC)
for account in cast("bluesky").values():
    print(account.key, life.followers(account, now), [(d.at, d.counts(now)) for d in life.deeds(account, now)][:30])
"""


def own_posts(account: Account, now: datetime) -> list[life.Deed]:
    return [deed for deed in life.deeds(account, now) if deed.what is What.POST]


@settings(max_examples=60, deadline=None)
@given(account=ACCOUNTS, now=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=40)))
def test_counts_only_grow_and_never_pass_their_final_value(account: Account, now: datetime, later: timedelta):
    for deed in own_posts(account, now)[:20]:
        before, after, final = deed.counts(now), deed.counts(now + later), deed.final
        for part in ("reactions", "comments", "shares", "quotes", "saves"):
            assert 0 <= getattr(before, part) <= getattr(after, part) <= getattr(final, part)


def test_a_post_has_95_percent_of_its_counts_after_three_days():
    assert life.grown(timedelta(0)) == 0
    assert life.grown(timedelta(days=3)) == pytest.approx(0.95, abs=0.002)
    assert life.grown(timedelta(days=28)) > 0.999


@settings(max_examples=60, deadline=None)
@given(account=ACCOUNTS, now=MOMENTS)
def test_the_list_is_newest_first_and_holds_nothing_of_the_future(account: Account, now: datetime):
    moments = [deed.at for deed in life.deeds(account, now)]

    assert moments == sorted(moments, reverse=True)
    assert all(moment <= now for moment in moments)
    assert all(moment.date() >= account.opened for moment in moments)


def test_another_process_sees_the_same_lives():
    one, two = (
        subprocess.run(
            [sys.executable, "-c", FIGURES], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    )

    assert one == two
    assert one.count(b"\n") == len(cast(BLUESKY))


@pytest.mark.parametrize("network", NETWORKS)
def test_the_cast_shows_what_a_benchmark_is_there_to_show(network: str):
    accounts = cast(network)
    growth = [life.followers(account, NOON) - life.followers(account, MONTHS_AGO) for account in accounts.values()]
    listed = [own_posts(account, NOON) for account in accounts.values()]

    assert OWN.key in accounts
    assert len(set(accounts) & {company.key for company in COMPETITORS}) == 7
    assert min(growth) < 0 < max(growth), "some grow, some shrink"
    assert any(goes_round(posts) for posts in listed), "something went round"
    assert any(rests(posts) for posts in listed), "there are quiet weeks"
    assert deleted_post(network), "something was deleted"
    assert {deed.what for deed in life.deeds(accounts[OWN.key], NOON)} == set(What), "replies and reposts in between"


def goes_round(posts: list[life.Deed]) -> bool:
    reactions = sorted(post.final.reactions for post in posts)
    return reactions[-1] > 8 * reactions[len(reactions) // 2]


def rests(posts: list[life.Deed]) -> bool:
    weeks = {(NOON - post.at).days // 7 for post in posts}
    return any(week not in weeks for week in range(20))


def test_a_jump_of_followers_follows_a_post_that_goes_round():
    account = cast(BLUESKY)["sundrale"]
    at, size = list(life.jumps_before(account, NOON.date()))[-1]

    gained = life.followers(account, at + timedelta(days=4)) - life.followers(account, at)

    assert gained >= account.followers * size * 0.9


def test_a_deleted_post_leaves_the_list_at_its_time():
    deed, deleted_at = deleted_post(MASTODON)

    assert deed in own_posts(deed.account, deleted_at - timedelta(seconds=1))
    assert deed not in own_posts(deed.account, deleted_at)


def test_generated_accounts_differ_from_one_another():
    followers = {life.followers(generated(BLUESKY, number), NOON) for number in range(1, 51)}

    assert len(followers) > 45


@given(mean=st.floats(0, 400))
@settings(max_examples=50, deadline=None)
def test_things_happen_as_often_as_they_are_meant_to(mean: float):
    throws = [Dice("times", mean, number).times(mean) for number in range(200)]

    assert min(throws) >= 0
    assert sum(throws) / 200 == pytest.approx(mean, abs=5 * (mean / 200) ** 0.5 + 0.05)
