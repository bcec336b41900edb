"""What every list of posts promises, checked with each network's own answers: order, pinned posts, and how it ends.

A file `payloads/<key>/*.json` that asks for `posts` is one page; `then` holds what else a page takes. Nothing here
knows a network: where its items stand is found by taking them away.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import cached_property
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Answer, Network, NetworkError, Page, TryLater, UnexpectedAnswer
from tests.networks.recorded import ARRIVED, Playback, answers_in, drawn_answer

PAYLOADS = Path(__file__).parents[1] / "payloads"
Place = tuple[str | int, ...]

# Of a list that leads nowhere. Most give up after ten pages; one that is asked month by month takes more.
MOST_QUESTIONS = 200


class OverError(TryLater):
    """The recording is over, and the list wants to go on."""

    def __init__(self) -> None:
        super().__init__("over", "The recording is over.")


class Listed:
    """One recorded page of a network's list, and what becomes of it when its items are changed."""

    def __init__(self, file: Path) -> None:
        self.network: Network = NETWORKS[file.parent.name]
        self.owner: str = json.loads(file.read_text())["asks"]["posts"]
        self.answers = answers_in(file, host="social.example")

    def played(self, *pages: Answer, again: bool = False) -> Playback:
        """A `get` for which the list has these pages, over and over or once; what else is asked is always the same."""
        others = {path_of(answer.url): answer for answer in self.answers if answer is not self.whole}
        rest = cycle(pages) if again else iter(pages)

        def answer(url: str, _: Any) -> Answer:
            found = others.get(path_of(url)) or next(rest, None)
            if found is None:
                raise OverError
            return found

        return Playback(self.network.key, answer)

    def pages(self, *pages: Answer) -> Iterator[Page]:
        """What these pages become, until they are over or the list ends."""
        with suppress(OverError):
            yield from self.network.posts(self.played(*pages), self.owner)

    def page(self, answer: Answer | None = None) -> Page:
        """What one page becomes: the recorded one, unless another is given."""
        return next(self.pages(answer or self.whole))

    @property
    def goes_on(self) -> bool:
        """Whether the recorded page points to a next one."""
        try:
            list(self.network.posts(self.played(self.whole), self.owner))
        except OverError:
            return True
        return False

    @property
    def empty(self) -> Answer:
        """The answer that holds the list, without a single item."""
        return self.with_items(lambda _: [])

    @property
    def empty_points_on(self) -> bool:
        """Whether an empty page says where the list goes on: what is asked next and was not before stands in it.

        Where a list is asked by position or by month, nothing does.
        """
        get = self.played(self.whole)
        with suppress(OverError):
            list(self.network.posts(get, self.owner))
        questions = [json.dumps(question) for question in zip(get.asked, get.posted, strict=True)]
        new = words_in(questions[-1]) - words_in("".join(questions[:-1]))
        return bool(new & words_in(self.empty.body.decode() + json.dumps(dict(self.empty.headers))))

    @property
    def whole(self) -> Answer:
        """The answer that holds the list, as it was recorded."""
        return self.answers[self._items_at[0]]

    def with_items(self, change: Callable[[list[Any]], list[Any]]) -> Answer:
        """The answer that holds the list, with other items."""
        number, place = self._items_at
        return changed(self.answers[number], place, change)

    @cached_property
    def _items_at(self) -> tuple[int, Place]:
        """In which answer, and where in it, the items stand: without them there is not a single post."""
        for number, answer in enumerate(self.answers):
            for place in lists_in(answer.json()):
                others = [*self.answers[:number], changed(answer, place, lambda _: []), *self.answers[number + 1 :]]
                with suppress(NetworkError):
                    if not next(self.network.posts(Playback(self.network.key, by_path(others)), self.owner)).posts:
                        return number, place
        raise AssertionError("no list in the answers holds the posts")


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def path_of(url: str) -> str:
    return urlsplit(url).path


def by_path(answers: Sequence[Answer]) -> Callable[[str, Any], Answer]:
    """Each question is answered by what was recorded at its path."""
    known = {path_of(answer.url): answer for answer in reversed(answers)}
    return lambda url, _: known.get(path_of(url), answers[0])


def changed(answer: Answer, place: Place, change: Callable[[list[Any]], list[Any]]) -> Answer:
    """The answer with another list at this place."""
    holder = {"body": deepcopy(answer.json())}
    *way, last = ("body", *place)
    inner: Any = holder
    for step in way:
        inner = inner[step]
    inner[last] = change(inner[last])
    return drawn_answer(holder["body"], url=answer.url, status=answer.status, headers=answer.headers)


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

    pinned = listed.page(listed.with_items(lambda items: [items[-1], *items]))

    assert {post.external_id for post in pinned.posts} == {post.external_id for post in page.posts}
    assert len(pinned.posts) == len(page.posts)
    assert pinned.reads_down_to == page.reads_down_to


@each_list
def test_who_stops_after_a_page_has_asked_for_no_other(listed: Listed):
    get = listed.played(listed.whole, again=True)

    next(iter(listed.network.posts(get, listed.owner)))

    assert len(get.asked) == len(listed.answers)


@each_list
def test_a_list_that_comes_back_to_where_it_was_ends(going_on: Listed):
    get = going_on.played(going_on.whole, again=True)
    found: set[str] = set()

    with suppress(UnexpectedAnswer):  # given up, which is an end too
        for page in going_on.network.posts(get, going_on.owner):
            found |= {post.external_id for post in page.posts}

    assert found == {post.external_id for post in going_on.page().posts}
    assert len(get.asked) <= MOST_QUESTIONS


@each_list
def test_an_empty_page_that_points_on_is_not_the_end(going_on: Listed):
    empty, *others = list(going_on.pages(going_on.empty, going_on.whole))

    assert empty.posts == ()
    if going_on.empty_points_on:
        assert others[0].posts == going_on.page().posts


@each_list
def test_a_list_of_empty_pages_ends(going_on: Listed):
    get = going_on.played(going_on.empty, again=True)

    with suppress(UnexpectedAnswer):
        assert [post for page in going_on.network.posts(get, going_on.owner) for post in page.posts] == []

    assert len(get.asked) <= MOST_QUESTIONS
