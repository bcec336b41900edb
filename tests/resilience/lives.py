"""A few visits to a few profiles, disturbed or not, and everything that they leave behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.resilience.installation import Installation, soon

FOLLOWED = (
    "bluesky/brindlemoor.demo.invalid",
    "bluesky/harbelow.demo.invalid",
    "bluesky/kestrowan.demo.invalid",
    "mastodon/pellavine@demo.invalid",
    "mastodon/sundrale@demo.invalid",
)
# Three days in which some posts are deleted, so that the second visit misses them and the third gives them up.
VISITS = tuple(datetime(2026, 4, 27, 12, tzinfo=UTC) + timedelta(hours=30) * number for number in range(3))
MOST_TICKS = 12

Disturb = Callable[[Installation, int], None]
Left = dict[str, list[dict[str, Any]]]

# Whole rows, but for the numbers that rows are given and for what follows the database's own clock. `state_since` goes
# too: a visit that had to be made twice was in trouble meanwhile. So do the requests that it took.
ASIDE = "{id,profile_id,post_id,changed_at,created_at,rebuilt_at,state_since,lease,calls}"
LEFT = {
    "profiles": "SELECT to_jsonb(profile) - %(aside)s::text[] AS row FROM benchmark_profile profile",
    "pictures": """
        SELECT external_id || (to_jsonb(avatar) - %(aside)s::text[])::text AS row
          FROM benchmark_avatar avatar JOIN benchmark_profile profile ON profile.id = profile_id""",
    "followers": """
        SELECT jsonb_build_object('of', external_id) || to_jsonb(reading) - %(aside)s::text[] AS row
          FROM benchmark_profilereading reading JOIN benchmark_profile profile ON profile.id = profile_id""",
    "posts": """
        SELECT jsonb_build_object('of', profile.external_id) || to_jsonb(post) - %(aside)s::text[] AS row
          FROM benchmark_post post JOIN benchmark_profile profile ON profile.id = profile_id""",
    "checkpoints": """
        SELECT jsonb_build_object('of', post.external_id) || to_jsonb(reading) - %(aside)s::text[] AS row
          FROM benchmark_postreading reading JOIN benchmark_post post ON post.id = post_id""",
    "days": """
        SELECT jsonb_build_object('of', external_id) || to_jsonb(one_day) - %(aside)s::text[] AS row
          FROM benchmark_profileday one_day JOIN benchmark_profile profile ON profile.id = profile_id""",
}


def left_behind(installation: Installation) -> Left:
    """Every table that visits fill, whole and in order."""
    return {
        table: [found["row"] for found in installation.rows(f"{query} ORDER BY 1", aside=ASIDE)]
        for table, query in LEFT.items()
    }


def lived_through(installation: Installation, disturb: Disturb) -> Left:
    """Make the visits, each one disturbed after its first tick, and return what they have left behind."""
    installation.back_to_stage()
    for number, moment in enumerate(VISITS):
        installation.set_clock(moment)
        disturb(installation, number)
        tick_until_read(installation)
    unended = installation.rows("SELECT * FROM benchmark_fetchrun WHERE outcome IS NULL")
    assert not unended
    return left_behind(installation)


def tick_until_read(installation: Installation) -> None:
    """The next ticks: time passes, dead workers' leases run out, and what failed is due again."""
    for _ in range(MOST_TICKS):
        installation.tick()
        assert soon(lambda: all_read(installation) or installation.worker_is_idle()), installation.log.read_text()
        if all_read(installation):
            return
        let_time_pass(installation)
    raise AssertionError(f"not read after {MOST_TICKS} ticks:\n{installation.log.read_text()}")


def all_read(installation: Installation) -> bool:
    """Whether every profile has been read whole at this moment, and nobody reads one still."""
    unread = "SELECT id FROM benchmark_profile WHERE history_to IS DISTINCT FROM %(now)s OR lease_until IS NOT NULL"
    return not installation.rows(unread, now=installation.now)


def let_time_pass(installation: Installation) -> None:
    """Minutes in which nobody does anything: written back instead of waited for, so that all moments stay the same."""
    installation.rows(
        "UPDATE benchmark_profile SET lease_until = %(now)s WHERE lease_until > %(now)s", now=installation.now
    )
    installation.rows(
        "UPDATE benchmark_profile SET due_at = %(now)s WHERE history_to IS DISTINCT FROM %(now)s", now=installation.now
    )


def undisturbed(installation: Installation, _number: int) -> None:
    """Nothing happens."""
