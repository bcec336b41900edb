"""What every list of posts promises, checked with each network's own answers: order, pinned posts, and how it ends.

A file `payloads/<key>/*.json` that asks for `posts` is one page; `then` holds the bodies of what a page asks beside its
first answer. Nothing here knows a network: where its items stand is found by taking them away.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import chain, cycle, repeat
from pathlib import Path
from typing import Any

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import PAGES_WITHOUT_NEWS, Answer, Network, NetworkError, Page, TryLater, UnexpectedAnswer
from tests.networks.recorded import ARRIVED, Playback, answer_in, drawn_answer

PAYLOADS = Path(__file__).parents[1] / "payloads"
Place = tuple[str | int, ...]


class OverError(TryLater):
    """The recording is over, and the list wants to go on."""

    def __init__(self) -> None:
        super().__init__("over", "The recording is over.")


class Listed:
    """One recorded page of a network's list, and what becomes of it when it is changed."""

    def __init__(self, file: Path) -> None:
        payload = json.loads(file.read_text())
        self.network: Network = NETWORKS[file.parent.name]
        self.owner: str = payload["asks"]["posts"]
        self.first = answer_in(file, host="social.example")
        self.then = [drawn_answer(body) for body in payload.get("then", [])]

    def played(self, answers: Iterable[Answer]) -> Playback:
        rest = iter(answers)

        def answer(*_: Any) -> Answer:
            found = next(rest, None)
            if found is None:
                raise OverError
            return found

        return Playback(self.network.key, answer)

    def pages(self, answers: Iterable[Answer]) -> Iterator[Page]:
        """The pages that these answers become, until they are over or the list ends."""
        try:
            yield from self.network.posts(self.played(answers), self.owner)
        except OverError:
            return

    def page(self, first: Answer | None = None) -> Page:
        """The first page."""
        return next(self.pages([first or self.first, *self.then]))

    @property
    def goes_on(self) -> bool:
        """Whether the recorded page points to a next one."""
        try:
            list(self.network.posts(self.played([self.first, *self.then]), self.owner))
        except OverError:
            return True
        return False

    def changed(self, change: Callable[[list[Any]], list[Any]], place: Place) -> Answer:
        """The first answer with another list at this place."""
        body = deepcopy(self.first.json())
        if not place:
            return self._saying(change(body))
        *way, last = place
        holder = body
        for step in way:
            holder = holder[step]
        holder[last] = change(holder[last])
        return self._saying(body)

    def items_at(self) -> Place:
        """Where the items of the list stand: without them there is not a single post."""
        for place in lists_in(self.first.json()):
            try:
                page = self.page(self.changed(lambda _: [], place))
            except NetworkError:
                continue
            if not page.posts:
                return place
        raise AssertionError("no list in the answer holds the posts")

    def _saying(self, body: Any) -> Answer:
        return drawn_answer(body, url=self.first.url, status=self.first.status, headers=self.first.headers)


def lists_in(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all lists that hold something, outer ones first."""
    if isinstance(value, list) and value:
        yield place
    steps: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        steps = value.items()
    elif isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        yield from lists_in(inner, (*place, step))


def is_list_of_posts(file: Path) -> bool:
    """Whether a recording is a page of a list, and not one that was refused."""
    payload = json.loads(file.read_text())
    return "posts" in payload.get("asks", {}) and "posts" in payload["becomes"]


LISTED = {
    f"{file.parent.name}-{file.stem}": Listed(file)
    for file in sorted(PAYLOADS.glob("*/*.json"))
    if is_list_of_posts(file)
}

each_list = pytest.mark.parametrize("listed", LISTED.values(), ids=LISTED)


@pytest.fixture
def going_on(listed: Listed) -> Listed:
    """A page that is not the last one."""
    if not listed.goes_on:
        pytest.skip("the recorded page is the last of its list")
    return listed


@pytest.mark.parametrize("network", [network for network in NETWORKS.values() if network.fetchable], ids=str)
def test_a_network_that_lists_posts_shows_a_page_that_goes_on(network: Network):
    shown = [listed for listed in LISTED.values() if listed.network is network and listed.goes_on]

    assert bool(shown) is network.lists_posts


@each_list
def test_a_page_holds_its_posts_newest_first(listed: Listed):
    page = listed.page()

    moments = [post.published_at for post in page.posts][1:]  # a pinned one may stand above the others
    assert moments == sorted(moments, reverse=True)
    assert len({post.external_id for post in page.posts}) == len(page.posts)
    assert page.read_at == ARRIVED
    assert page.reads_down_to is not None
    assert page.reads_down_to <= min(moments, default=page.reads_down_to)


@each_list
def test_a_post_that_is_pinned_above_younger_ones_is_taken_once_and_does_not_shorten_the_page(listed: Listed):
    page = listed.page()

    pinned = listed.page(listed.changed(lambda items: [items[-1], *items], listed.items_at()))

    assert {post.external_id for post in pinned.posts} == {post.external_id for post in page.posts}
    assert len(pinned.posts) == len(page.posts)
    assert pinned.reads_down_to == page.reads_down_to


@each_list
def test_who_stops_after_a_page_has_asked_for_no_other(listed: Listed):
    get = listed.played(chain([listed.first, *listed.then], repeat(listed.first)))

    next(iter(listed.network.posts(get, listed.owner)))

    assert len(get.asked) == 1 + len(listed.then)


@each_list
def test_a_list_that_comes_back_to_where_it_was_ends(going_on: Listed):
    get = going_on.played(cycle([going_on.first, *going_on.then]))
    found: set[str] = set()

    with suppress(UnexpectedAnswer):  # given up, which is an end too
        for page in going_on.network.posts(get, going_on.owner):
            found |= {post.external_id for post in page.posts}

    assert found == {post.external_id for post in going_on.page().posts}
    assert len(get.asked) <= (PAGES_WITHOUT_NEWS + 1) * (1 + len(going_on.then))


@each_list
def test_an_empty_page_that_points_on_is_not_the_end(going_on: Listed):
    nothing = going_on.changed(lambda _: [], going_on.items_at())

    empty, full = list(going_on.pages([nothing, going_on.first, *going_on.then]))[:2]

    assert empty.posts == ()
    assert full.posts == going_on.page().posts


@each_list
def test_a_list_of_empty_pages_ends(going_on: Listed):
    nothing = going_on.changed(lambda _: [], going_on.items_at())
    get = going_on.played(repeat(nothing))

    with suppress(UnexpectedAnswer):
        assert [post for page in going_on.network.posts(get, going_on.owner) for post in page.posts] == []

    assert len(get.asked) <= PAGES_WITHOUT_NEWS + 1
