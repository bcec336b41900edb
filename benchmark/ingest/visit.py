"""One visit to a profile: its network is asked, newest posts first, and each page is stored before the next is asked.

A crash at any line loses nothing and doubles nothing: a page and its days are stored together; tombstones, history and
the end of the run are one transaction; and the next visit reads whatever this one did not come to.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext, gettext_noop

from benchmark import schedule
from benchmark.ingest.deleted import mark_missing, unseen
from benchmark.ingest.doors import Door
from benchmark.ingest.keeping import MOST_BATCHES, to_refresh
from benchmark.ingest.keys import QUOTA_USED_UP, Clock
from benchmark.ingest.ledger import By, close_interrupted_runs, close_run, failures_in_a_row, open_run
from benchmark.ingest.pictures import renew_picture
from benchmark.ingest.planning import USUAL_CALLS, demand_of, wait_of
from benchmark.ingest.posts import store_page
from benchmark.ingest.profiles import update_profile
from benchmark.ingest.together import ReadAhead
from benchmark.models import FetchRun, Outcome, Profile, State
from benchmark.networks.base import Gone, Network, NetworkError, Page, ProfileRecord, Remedy, TryLater
from benchmark.networks.parsing import in_batches

log = structlog.get_logger(__name__)

MOST_LOOKED_FOR = 100  # missing posts that one visit notes, or asks for by their id


class LeaseLost(Exception):
    """Somebody else may be reading this profile by now: touch nothing more."""


def fetch(
    profile: Profile,
    *,
    lease: str,
    door: Door,
    clock: Clock,
    by: By | None = None,
    network: Network | None = None,
    ahead: ReadAhead | None = None,
) -> FetchRun | None:
    """Read a profile and its posts, store what came, and say when to come again. Safe to repeat.

    `ahead` is what the network said about the profile just now together with others: it is not asked again.

    Every error of the network ends in the ledger with its remedy. None where the lease has passed on: nothing was done.
    """
    if not Profile.objects.begin(profile.pk, lease, now=clock()):
        return None
    profile.refresh_from_db()
    close_interrupted_runs(profile=profile, now=clock())
    run = open_run(
        network=profile.network,
        profile=profile,
        by=by or By.schedule(),
        now=clock(),
        backfill=profile.history_to is None,
    )
    visit = Visit(profile, network=network or profile.on, lease=lease, door=door, clock=clock, run=run, ahead=ahead)
    with suppress(LeaseLost):  # the run is closed as interrupted by whoever holds the lease now
        visit.settle(visit.trouble())
    run.refresh_from_db()
    profile.refresh_from_db()
    return run


class Visit:
    """What one visit has seen so far."""

    def __init__(
        self,
        profile: Profile,
        *,
        network: Network,
        lease: str,
        door: Door,
        clock: Clock,
        run: FetchRun,
        ahead: ReadAhead | None = None,
    ) -> None:
        self.profile = profile
        self.network = network
        self.lease = lease
        self.door = door
        self.clock = clock
        self.run = run
        self.ahead = ahead
        self.get = door.for_profile(profile, network=network, on_request=self.count_request, clock=clock)
        self.record: ProfileRecord | None = None
        self.began: datetime | None = None  # when the first page of the list arrived
        self.reached: datetime | None = None  # down to where the list was read without a gap; None: to its end
        self.complete = False
        self.published: dict[str, datetime] = {}  # of the posts that the list has shown
        self.missing: set[str] = set()

    def count_request(self) -> None:
        self.run.requests += 1

    def trouble(self) -> NetworkError | None:
        """Read everything. What stood in the way, if anything did; what was read before it is stored."""
        try:
            self.read_profile()
            self.read_posts()
            self.look_for_missing()
            self.refresh_older()
        except NetworkError as error:
            return error
        except LeaseLost:
            raise
        except Exception:
            log.exception("a visit failed", profile=self.profile.pk, network=self.network.key)
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()  # PostgreSQL may be back already
            sentence = gettext_noop("Yardstick has failed here, not the network. Its log says how.")
            return TryLater("internal_error", sentence)
        return None

    def hold(self) -> None:
        """Make sure that the profile is still ours, and keep it for another five minutes."""
        if not Profile.objects.begin(self.profile.pk, self.lease, now=self.clock()):
            raise LeaseLost

    def read_profile(self) -> None:
        """Ask for the profile, and see by its id that a handle with a new owner brings nobody else's numbers."""
        record, read_at = self.asked_for()
        if record.external_id != self.profile.external_id:
            form = gettext_noop("%(network)s shows somebody else's profile in this one's place.")
            raise Gone("profile_not_found", form, network=self.network.label)
        with transaction.atomic():
            self.hold()
            update_profile(self.profile, record, read_at=read_at)
        self.record = record
        renew_picture(self.profile, record.avatar_url, network=self.network, door=self.door, now=read_at)

    def asked_for(self) -> tuple[ProfileRecord, datetime]:
        """What the network says about the profile, and when it said so."""
        if self.ahead is None:
            return self.network.profile(self.get, self.network.asked_by(self.profile)), self.clock()
        self.run.requests += self.ahead.requests
        self.run.seen += self.ahead.seen
        self.run.changed += self.ahead.changed
        return self.ahead.record, self.ahead.read_at

    def read_posts(self) -> None:
        """Read the list of posts, newest first, as far down as this visit has to."""
        self.began = self.clock()
        if not self.network.lists_posts:
            self.complete = True
            return
        pages = self.network.posts(self.get, self.network.asked_by(self.profile))
        for number, page in enumerate(pages):
            self.began = page.read_at if number == 0 else self.began
            self.store(page)
            self.published |= {post.external_id: post.published_at for post in page.posts}
            self.reached = page.reads_down_to or self.reached
            if self.is_far_enough():
                break
        else:
            self.reached = None
        self.complete = True

    def is_far_enough(self) -> bool:
        """Whether the list has been read down to what this visit is for."""
        if self.reached is None or self.began is None:
            return False
        known_until = self.profile.history_to
        reads_back = self.network.reads_back if known_until is None else schedule.MOVING
        if known_until is not None and self.reached >= known_until:
            return False  # a pause must leave no hole
        return self.reached < self.began - reads_back or len(self.published) >= self.network.reads_back_posts

    def store(self, page: Page) -> None:
        """Store a page of posts together with their days, while the profile is ours."""
        stored = store_page(self.profile, page, lease=self.lease, now=self.clock())
        if stored is None:
            raise LeaseLost
        self.run.seen += stored.seen
        self.run.new += stored.new
        self.run.changed += stored.changed

    def look_for_missing(self) -> None:
        """Note the posts that the list should have shown and that, where posts can be read by id, are not there."""
        if self.began is None or not self.network.lists_posts:
            return
        at_once = self.network.refresh_size
        limit = min(MOST_LOOKED_FOR, MOST_BATCHES * at_once) if at_once else MOST_LOOKED_FOR
        ids = unseen(
            self.profile,
            self.published,
            down_to=self.reached,
            up_to=self.began,
            expires=self.network.expires,
            limit=limit,
        )
        self.missing |= self.refresh(ids) if at_once else set(ids)

    def refresh_older(self) -> None:
        """Read older posts again by their id, in time for the network's rule on keeping."""
        self.missing |= self.refresh(to_refresh(self.profile, self.network, now=self.clock()))

    def refresh(self, ids: Iterable[str]) -> set[str]:
        """Read known posts again. Returns those that are not there."""
        missing = set(ids)
        for batch in in_batches(sorted(missing), self.network.refresh_size or 1):
            for page in self.network.refresh(self.get, batch):
                asked_for = tuple(post for post in page.posts if post.external_id in missing)
                self.store(Page(asked_for, page.read_at, None))
                missing -= {post.external_id for post in asked_for}
        return missing

    @transaction.atomic
    def settle(self, error: NetworkError | None) -> None:
        """End the visit: tombstones, history, state, the next due time and the ledger, all at once or not at all."""
        now = self.clock()
        changes = {**self.state_after(error, now), **(self.history() if self.complete else {})}
        if error is None:
            changes |= demand_of(self.profile, self.network, now=now)
            if not self.run.backfill:
                changes["calls"] = self.run.requests
        if self.complete:
            mark_missing(self.profile, self.missing, now=now)
        ours = Profile.objects.filter(pk=self.profile.pk, lease=self.lease, lease_until__gt=now)
        if not ours.update(**changes, changed_at=Now(), lease="", lease_until=None):
            raise LeaseLost
        outcome = Outcome(error.remedy.value) if error else Outcome.DONE
        code, sentence = (error.code, error.told(gettext)) if error else ("", "")
        close_run(self.run, outcome=outcome, now=now, code=code, sentence=sentence)

    def state_after(self, error: NetworkError | None, now: datetime) -> dict[str, Any]:
        """How the profile stands after this visit, and when it is due again."""
        state, code, sentence = State.OK, "", ""
        if error is not None:
            state, code, sentence = State(error.remedy.value), error.code, error.told(gettext)
        elif self.record and self.record.moved_to:
            code, sentence = (
                "profile_moved",
                gettext("The owner goes on as %(handle)s.")
                % {"handle": self.network.shown_handle(self.record.moved_to.removeprefix("@"))},
            )
        as_before = (state, code) == (self.profile.state, self.profile.state_code)
        return {
            "state": state,
            "state_code": code,
            "state_sentence": sentence,
            "state_since": (self.profile.state_since if as_before else None) or now,
            "due_at": self.due_after(error, now),
        }

    def due_after(self, error: NetworkError | None, now: datetime) -> datetime:
        """When to come again."""
        if error is None:
            calls = USUAL_CALLS if self.run.backfill else self.run.requests
            fair = wait_of(self.profile, self.network, calls=calls)
            return schedule.next_due(now, self.published.values(), fair=fair)
        if isinstance(error, TryLater):
            if error.code == QUOTA_USED_UP:  # another key or a higher limit may come before the new day or month does
                return now + min(error.after or schedule.LOOK_AGAIN_FOR_A_KEY, schedule.LOOK_AGAIN_FOR_A_KEY)
            return schedule.retry_at(now, failures=failures_in_a_row(self.profile), after=error.after)
        return schedule.look_again_at(now, remedy=Remedy(error.remedy), code=error.code)

    def history(self) -> dict[str, Any]:
        """The part of the profile's life that is known without a hole, now that a list was read."""
        if not self.network.lists_posts:
            return {"history_to": self.began}
        days = [self.oldest_whole_day()]
        if self.profile.history_from is not None and self.goes_on():
            days.append(self.profile.history_from)
        return {"history_from": min(days), "history_to": self.began}

    def goes_on(self) -> bool:
        """Whether no post can have come and gone unseen since the last complete visit."""
        since, last = self.shows_all_since(), self.profile.history_to
        return since is None or (last is not None and last >= since)

    def shows_all_since(self) -> datetime | None:
        """The moment since which posts leave the list by their owner's will only; None: since ever."""
        for_long = self.network.lists_all_for
        return None if for_long is None or self.began is None else self.began - for_long

    def oldest_whole_day(self) -> date:
        """The oldest day of which the list has shown every post."""
        since = self.shows_all_since()
        opened = self.record.created_at if self.record else None
        moments = (self.began, opened, *self.published.values())
        first = min(moment for moment in moments if moment is not None).astimezone(UTC).date()
        shown = first if self.reached is None else _day_after(self.reached)
        return shown if since is None else max(shown, _day_after(since))


def _day_after(moment: datetime) -> date:
    return (moment.astimezone(UTC) + timedelta(days=1)).date()
