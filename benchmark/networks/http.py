"""The only way out: every request to a network goes through a `Door`.

It knows no rows and no settings. Whoever opens a conversation hands in the key, how quota is reserved and where
requests are counted; the door keeps to the network's windows, its own patience, public addresses and the network's
own host, and notes what the network says is left.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Annotated, Any, Self
from urllib.parse import unquote, urlencode

import httpcore
import httpx
import msgspec
import stamina
import structlog

from benchmark.networks.addresses import HTTPS, AddressRefused, Resolve, resolve
from benchmark.networks.allowance import Allowance, wait_in
from benchmark.networks.base import (
    Answer,
    Get,
    Gone,
    NeedsAttention,
    Network,
    NetworkError,
    TryLater,
    UnexpectedAnswer,
    credential_missing,
    is_pretend,
)
from benchmark.networks.keys import TOKEN, Exchange, KeyNeed, KeyParts, Params, Question, Quota, Signed, fingerprint
from benchmark.networks.windows import Windows
from benchmark.networks.wire import Patience, Received, Seal, Secret, Target, TooLarge, Truncated, UnfitKey, Wire
from benchmark.sentences import gettext_noop

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Reserve = Callable[[int], None]  # units; a negative number gives back what was not spent after all

TRANSIENT = frozenset({429, 500, 502, 503, 504, *range(520, 528)})
# Statuses by which a key is refused where it is turned into a token (RFC 6749, 5.2; 403 at Twitch).
EXCHANGE_REFUSED = frozenset({400, 401, 403})
USUAL_TOKEN, LONGEST_TOKEN = 3_600.0, 365 * 86_400.0  # seconds
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
# After these nothing has left; after any other failure the network may have answered, and charged for it.
NOTHING_WAS_ASKED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, AddressRefused, UnfitKey)
# Addresses that exist to point elsewhere; no key is ever sent there.
WELL_KNOWN = "/.well-known/"


def utcnow() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class _Again(Exception):
    """This attempt failed in a way that a second one may mend, after a pause where the network named one."""

    def __init__(self, error: NetworkError, pause: timedelta | None = None) -> None:
        super().__init__(error.sentence)
        self.error = error
        self.pause = pause


def _backoff(error: Exception) -> bool | timedelta:
    if not isinstance(error, _Again):
        return False
    return error.pause or True


class Door:
    """Long-lived and shared by threads: connections, windows and replaced addresses for all conversations."""

    def __init__(
        self,
        *,
        user_agent: str = "Yardstick",
        windows_url: str | None = None,
        base_urls: Mapping[str, str] | None = None,
        pretend_url: str | Callable[[], str | None] | None = None,
        patience: Patience | None = None,
        resolver: Resolve = resolve,
        sockets: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.patience = patience or Patience()
        self.windows = Windows(windows_url)
        self.sleep = sleep
        self._base_urls = {key: _base(url) for key, url in (base_urls or {}).items() if url}
        self._pretend_url = pretend_url
        self._wire = Wire(user_agent=user_agent, patience=self.patience, resolver=resolver, sockets=sockets, tls=tls)
        self.tokens = Tokens()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the door opens new ones when it is used again."""
        self._wire.close()
        self.windows.end()

    def open(
        self,
        network: Network,
        *,
        key: str | None = None,
        pretend: bool = False,
        reserve: Reserve | None = None,
        on_request: Callable[[], None] | None = None,
        clock: Clock = utcnow,
    ) -> Get:
        """The `get` for one conversation with a network.

        `reserve(units)` is called before every call to a network with a quota and may raise `TryLater`; where an answer
        was cheaper than it might have been, it is called again with the difference below zero. `on_request` is called
        for every request that leaves. A pretend conversation goes to the pretend server and costs nothing.
        """
        secret = Secret(key) if key else None
        return _Conversation(self, network, secret, pretend, None if pretend else reserve, on_request, clock)

    def picture(self, url: str, *, network: Network, pretend: bool = False) -> bytes | None:
        """A profile's picture, from any public host; None where there is none to be had."""
        try:
            return self._picture(httpx.URL(url), network, pretend=pretend)
        except (NetworkError, httpx.InvalidURL):
            return None

    def replacement(self, network: Network, *, pretend: bool) -> httpx.URL | None:
        """The address that stands in for a network's own; None where it is asked itself."""
        if not pretend:
            return self._base_urls.get(network.key)
        url = self._pretend_url() if callable(self._pretend_url) else self._pretend_url
        if not url:
            raise _pretend_is_away()
        return _base(url)

    def send(
        self,
        target: Target,
        *,
        network: Network,
        host: str,
        pretend: bool = False,
        accept: str = "application/json",
        cap: int | None = None,
    ) -> Received:
        """Ask once. Every failure becomes an error by remedy, those that a second attempt may mend marked so."""
        try:
            return self._wire.send(target, accept=accept, cap=cap or self.patience.answer_bytes)
        except AddressRefused as error:
            # Only the log says so: whoever pastes names must not learn which of them a private network knows.
            log.warning("an address that is not public was refused", host=host)
            raise _Again(_unreachable(network, host)) from error
        except UnfitKey as error:
            sentence = gettext_noop("The key for %(host)s holds letters that cannot be sent. Enter it again.")
            raise NeedsAttention("credential_refused", sentence, host=host) from error
        except TooLarge as error:
            raise UnexpectedAnswer("the answer is too large") from error
        except Truncated as error:
            form = gettext_noop("The answer of %(host)s broke off.")
            raise _Again(TryLater("network_unavailable", form, host=host)) from error
        except httpx.DecodingError as error:
            raise UnexpectedAnswer("the answer is packed in an unknown way") from error
        except httpx.HTTPError as error:
            nobody_there = pretend and isinstance(error, httpx.ConnectError)
            raise _Again(_pretend_is_away() if nobody_there else _unreachable(network, host)) from error

    def _picture(self, url: httpx.URL, network: Network, *, pretend: bool) -> bytes | None:
        for _ in range(self.patience.redirects + 1):
            target = self._picture_target(url, network, pretend=pretend)
            try:
                received = self.send(
                    target, network=network, host=url.host, accept="image/*", cap=self.patience.picture_bytes
                )
            except _Again:
                return None
            if received.status not in REDIRECTS or "location" not in received.headers:
                return _picture_in(received)
            url = target.url.join(received.headers["location"])
        return None

    def _picture_target(self, url: httpx.URL, network: Network, *, pretend: bool) -> Target:
        base = self.replacement(network, pretend=pretend)
        if base is not None and _origin(url) == _origin(base):
            return Target(url, trusted=True)
        if pretend and base is not None and is_pretend(url.host):
            return Target(_replaced(url, base), trusted=True, host=url.host)
        _demand_public(url)
        return Target(url)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question of a conversation, whole."""

    url: httpx.URL
    body: bytes | None = None

    @property
    def question(self) -> Question:
        """The same, as a network's own declarations know it."""
        params: dict[str, str | int | Sequence[str]] = {
            name: values[0] if len(values := self.url.params.get_list(name)) == 1 else values
            for name in self.url.params
        }
        return Question(str(self.url.copy_with(query=None)), params)


@dataclass(frozen=True, slots=True)
class _Conversation:
    """Asks one network with one key, whatever is asked: the `Get` that a network's functions are given."""

    door: Door
    network: Network
    key: Secret | None
    pretend: bool
    reserve: Reserve | None
    on_request: Callable[[], None] | None
    clock: Clock

    def __call__(self, url: str, params: Params | None = None, *, body: Any = None) -> Answer:
        if self.network.key_need and not self.key and not self.pretend:
            raise credential_missing(self.network)
        asked = _Asked(_question(url, params), None if body is None else msgspec.json.encode(body))
        try:
            for attempt in stamina.retry_context(
                on=_backoff,
                attempts=self.door.patience.attempts,
                timeout=None,
                wait_initial=self.door.patience.backoff,
                wait_max=self.door.patience.pause,
                wait_jitter=self.door.patience.backoff,
            ):
                with attempt:
                    return self._follow(asked)
        except _Again as again:
            raise again.error from again.__cause__
        raise AssertionError("a retry without an outcome")  # pragma: no cover

    def _follow(self, asked: _Asked) -> Answer:
        """Ask, and follow redirects as far as they lead to the same host."""
        for _ in range(self.door.patience.redirects + 1):
            target = self._target(asked)
            answer = self._ask(asked, target)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return self._judged(answer, error_in(answer, self.network))
            asked = replace(asked, url=self._redirected(asked.url, target, location))
        raise UnexpectedAnswer("too many redirects")

    def _ask(self, asked: _Asked, target: Target) -> Answer:
        """Ask once; a second time with a new token where the network no longer takes the one that was kept."""
        answer, token = self._ask_once(asked, target)
        if answer.status != 401 or token is None:
            return answer
        self.door.tokens.forget(self._owner, token)
        return self._ask_once(asked, target)[0]

    def _ask_once(self, asked: _Asked, target: Target) -> tuple[Answer, Secret | None]:
        self._wait_for_windows(asked.url)
        seal = self._seal(asked)
        quota = self.network.quota if self.reserve else None
        reserved = self._reserve(quota, asked)
        if self.on_request:
            self.on_request()
        try:
            received = self.door.send(
                replace(target, seal=seal), network=self.network, host=asked.url.host, pretend=self.pretend
            )
        except (_Again, NetworkError) as error:
            if self.reserve and reserved and isinstance(error.__cause__, NOTHING_WAS_ASKED):
                self.reserve(-reserved)
            raise
        self._give_back(quota, asked, reserved, received)
        answer = Answer(str(asked.url), received.status, received.headers, received.body, self.clock())
        return answer, seal.kept_token if seal else None

    def _reserve(self, quota: Quota | None, asked: _Asked) -> int:
        """Take what the call may cost out of the quota."""
        if quota is None or self.reserve is None:
            return 0
        units = quota.cost(asked.question)
        self.reserve(units)
        return units

    def _give_back(self, quota: Quota | None, asked: _Asked, reserved: int, received: Received) -> None:
        """Give back what the answer says that it did not cost. An answer that does not say cost all of it."""
        if quota is None or quota.spent is None or self.reserve is None:
            return
        with suppress(msgspec.DecodeError):
            spent = quota.spent(asked.question, received.body)
            if spent < reserved:
                self.reserve(spent - reserved)

    def _target(self, asked: _Asked) -> Target:
        """Where the question really goes. Refuses other hosts than the network's own, and all that is not public."""
        url = asked.url
        own = httpx.URL(self.network.base_url) if self.network.base_url else None
        if own is not None and _origin(url) != _origin(own):
            raise UnexpectedAnswer("the network points to another host")
        base = self.door.replacement(self.network, pretend=self.pretend)
        if own is None and is_pretend(url.host) is not self.pretend:
            raise Gone("profile_not_found", gettext_noop("The server %(host)s does not exist."), host=url.host)
        if base is None:
            _demand_public(url)
            return Target(url, body=asked.body)
        host = None if own is not None else url.host
        return Target(_replaced(url, base), trusted=True, host=host, body=asked.body)

    def _seal(self, asked: _Asked) -> Seal | None:
        """What puts the key on the question."""
        need = self.network.key_need
        if need is None or self.key is None:
            return None
        parts = self._parts(need, self.key)
        kept = self.door.tokens.get(self._owner, now=self.clock())
        if need.exchange is not None:
            parts[TOKEN] = (kept or self._new_token(need.exchange, parts)).reveal()
        return Seal(lambda: need.sign(asked.question, parts), kept)

    def _parts(self, need: KeyNeed, key: Secret) -> KeyParts:
        with suppress(ValueError):
            return need.unpack(key.reveal())
        sentence = gettext_noop("The key for %(network)s is not whole. Enter all of its parts again.")
        # Afresh: the frames of the other one hold the key.
        raise NeedsAttention("credential_refused", sentence, network=self.network.label)

    def _new_token(self, exchange: Exchange, parts: KeyParts) -> Secret:
        """Turn the key into a token, and keep that for the next calls."""
        url = _question(exchange.url, None)
        base = self.door.replacement(self.network, pretend=self.pretend)
        target = Target(
            url if base is None else _replaced(url, base),
            trusted=base is not None,
            seal=Seal(lambda: Signed(headers=exchange.headers(parts))),
            body=urlencode(exchange.form(parts)).encode(),
            content_type="application/x-www-form-urlencoded",
        )
        self._wait_for_windows(url)
        if self.on_request:
            self.on_request()
        received = self.door.send(target, network=self.network, host=url.host)
        answer = Answer(str(url), received.status, received.headers, received.body, self.clock())
        granted = self._judged(answer, error_in_exchange(answer, self.network)).decode(_Granted)
        token = Secret(granted.access_token)
        self.door.tokens.keep(self._owner, token, until=answer.received_at + granted.lasts)
        return token

    @property
    def _fingerprint(self) -> str:
        return fingerprint(self.key.reveal(), self.network.key_need) if self.key else ""

    @property
    def _owner(self) -> tuple[str, str]:
        """Whose tokens these are."""
        return self.network.key, self._fingerprint

    def _redirected(self, url: httpx.URL, target: Target, location: str) -> httpx.URL:
        """The next address in the network's own terms."""
        try:
            onward = target.url.join(location)
        except httpx.InvalidURL as error:
            raise UnexpectedAnswer("the network points to no address") from error
        if self._is_told_in(onward):
            raise UnexpectedAnswer("the network points to an address with the key in it")
        if _origin(onward) == _origin(target.url):
            return url.copy_with(raw_path=onward.raw_path)
        if onward.host == url.host or (url.path.startswith(WELL_KNOWN) and not self.network.key_need):
            return onward.copy_with(scheme="https", fragment=None)
        raise UnexpectedAnswer("the network points to another host")

    def _is_told_in(self, url: httpx.URL) -> bool:
        """Whether an address shows a part of the key: such a one is kept nowhere, so it cannot be asked."""
        need = self.network.key_need
        if need is None or self.key is None:
            return False
        parts = self._parts(need, self.key)
        secrets = (parts[part.name] for part in need.parts if part.secret and parts.get(part.name))
        return any(secret in unquote(str(url)) for secret in secrets)

    def _wait_for_windows(self, url: httpx.URL) -> None:
        if self.pretend:
            return
        windows = [window for window in self.network.windows if _counts(window.only_with, url)]
        waited = 0.0
        while wait := self.door.windows.take(windows, *self._names(url.host)):
            # Windows of a second are waited for in turn, by as many threads as there are.
            if wait > self.door.patience.pause or waited + wait > self.door.patience.whole:
                raise _too_fast(self.network, timedelta(seconds=wait))
            self.door.sleep(wait)
            waited += wait

    def _names(self, host: str) -> tuple[str, ...]:
        # What a key has overdone closes the door for that key alone, unless the network counts by host.
        per_key = self.network.key_need is not None and not any(
            window.each == "host" for window in self.network.windows
        )
        return (self.network.key, host, self._fingerprint if per_key else "")

    def _judged(self, answer: Answer, error: NetworkError | None) -> Answer:
        """A good answer as it is; any other as the error that it means."""
        allowance = self.network.allowance(answer)
        pause = pause_of(answer, allowance)
        if not self.pretend:
            self._heed(allowance, pause, host=httpx.URL(answer.url).host)
        if error is None:
            return answer
        if not isinstance(error, TryLater):
            raise error
        error.after = error.after or pause
        # Where errors come inside good answers, the status does not tell which ones pass by themselves.
        passes = answer.status in TRANSIENT or error.code == "network_unavailable" or error.after is not None
        if passes and (error.after or timedelta(0)).total_seconds() <= self.door.patience.pause:
            raise _Again(error, error.after)
        raise error

    def _heed(self, allowance: Allowance, pause: timedelta | None, *, host: str) -> None:
        """Let all workers know for how long nobody may call, and what is left."""
        if pause is not None and pause.total_seconds() > self.door.patience.pause:
            self.door.windows.close(pause.total_seconds(), *self._names(host))
        if allowance.share is not None:
            self.door.windows.note(allowance, self.network.key, host, self._fingerprint)


class _Granted(msgspec.Struct):
    """What an exchange gives (RFC 6749, 5.1)."""

    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    expires_in: float | None = None

    def __repr__(self) -> str:
        return "Granted(…)"

    @property
    def lasts(self) -> timedelta:
        """How long the token is good, a year at most: nobody knows what holds longer."""
        seconds = USUAL_TOKEN if self.expires_in is None else max(self.expires_in, 0)
        return timedelta(seconds=min(seconds, LONGEST_TOKEN))


class _RefusedExchange(msgspec.Struct):
    """An exchange that gave no token (RFC 6749, 5.2). Some servers say so with a good status."""

    error: Annotated[str, msgspec.Meta(min_length=1)]


class Tokens:
    """The tokens that keys were turned into, while they last. Only in this process, and shown to nobody."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[Secret, datetime]] = {}

    def get(self, owner: tuple[str, str], *, now: datetime) -> Secret | None:
        """The token of a network's key, unless it runs out within a minute."""
        kept = self._kept.get(owner)
        return kept[0] if kept is not None and now < kept[1] - timedelta(minutes=1) else None

    def keep(self, owner: tuple[str, str], token: Secret, *, until: datetime) -> None:
        """Keep a token for as long as it is good."""
        self._kept[owner] = (token, until)

    def forget(self, owner: tuple[str, str], token: Secret) -> None:
        """Let go of a token that is refused, unless another thread has a newer one already."""
        kept = self._kept.get(owner)
        if kept is not None and kept[0] is token:
            self._kept.pop(owner, None)


def error_in_exchange(answer: Answer, network: Network) -> NetworkError | None:
    """What stands between a key and its token; None where it was given. It tells nothing about a profile."""
    if answer.status in EXCHANGE_REFUSED or _says_refused(answer):
        sentence = gettext_noop("%(network)s refuses the key. Enter it again.")
        return NeedsAttention("credential_refused", sentence, network=network.label)
    if 200 <= answer.status < 300:
        return None
    if answer.status in TRANSIENT:
        return _trouble(answer, network)
    return UnexpectedAnswer(f"status {answer.status}")


def _says_refused(answer: Answer) -> bool:
    with suppress(UnexpectedAnswer):
        return 200 <= answer.status < 300 and bool(answer.decode(_RefusedExchange).error)
    return False


def error_in(answer: Answer, network: Network) -> NetworkError | None:
    """The error that an answer means; None for a good one, in which some networks hide their errors."""
    if not 200 <= answer.status < 300:
        return meaning_of(answer, network)
    return network.explain(answer) if network.errors_in_good_answers else None


def meaning_of(answer: Answer, network: Network) -> NetworkError:
    """The error that an answer means: in the network's own words where it has some, else by its status."""
    host = httpx.URL(answer.url).host
    explained = None
    with suppress(UnexpectedAnswer):  # a proxy's page, not the network's words: then the status says it
        explained = network.explain(answer)
    if explained is not None:
        return explained
    if answer.status in TRANSIENT:
        return _trouble(answer, network)
    if answer.status in {401, 403}:
        form = gettext_noop("%(host)s refuses to answer (status %(status)s).")
        return NeedsAttention("access_refused", form, host=host, status=str(answer.status))
    if answer.status in {404, 410}:
        return Gone("profile_not_found", gettext_noop("%(host)s knows no profile of this name."), host=host)
    return UnexpectedAnswer(f"status {answer.status}")


def _trouble(answer: Answer, network: Network) -> TryLater:
    if answer.status == 429:
        return _too_fast(network, None)
    host = httpx.URL(answer.url).host
    form = gettext_noop("%(host)s has trouble of its own (status %(status)s).")
    return TryLater("network_unavailable", form, host=host, status=str(answer.status))


def _unreachable(network: Network, host: str) -> TryLater:
    """A name without an address, one whose address is not public, a server that is down: nobody is told which.

    Only where a handle names its server may somebody have misspelled it.
    """
    form = gettext_noop("%(host)s cannot be reached just now. If that lasts, tell whoever runs this installation.")
    if not network.base_url:
        form = gettext_noop(
            "%(host)s cannot be reached just now. Check the spelling where the name is new; "
            "Yardstick asks public addresses only."
        )
    return TryLater("network_unavailable", form, host=host)


def _pretend_is_away() -> TryLater:
    """No pretend server, or only its address left behind: the host whose part it plays has nothing to do with it."""
    sentence = gettext_noop(
        "The demo's own network is not running. `manage.py demo` makes the demo, and a worker (`make run`) starts its "
        "network."
    )
    return TryLater("network_unavailable", sentence)


def _too_fast(network: Network, after: timedelta | None) -> TryLater:
    form = gettext_noop("%(network)s allows no more calls for a while.")
    return TryLater("rate_limited", form, after=after, network=network.label)


def pause_of(answer: Answer, allowance: Allowance) -> timedelta | None:
    """How long the network asks us to wait, by `Retry-After` or in its own way; None where it asks nothing."""
    asked = wait_in(answer.headers.get("retry-after"), answer.received_at) if answer.status in TRANSIENT else None
    return allowance.pause if asked is None else asked


def _question(url: str, params: Params | None) -> httpx.URL:
    given = {name: str(value) if isinstance(value, int) else value for name, value in (params or {}).items()}
    try:
        asked = httpx.URL(url)
        return asked.copy_merge_params(given) if given else asked
    except httpx.InvalidURL as error:
        raise UnexpectedAnswer("no address to ask") from error


def _base(text: str) -> httpx.URL:
    url = httpx.URL(text)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("A replaced address has to look like http://127.0.0.1:9000")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (HTTPS if url.scheme == "https" else 80)


def _replaced(url: httpx.URL, base: httpx.URL) -> httpx.URL:
    """The same path and query at another address; a path that the address brings along comes first, but only once."""
    prefix = base.raw_path.partition(b"?")[0].rstrip(b"/")
    path = url.raw_path if url.raw_path.startswith(prefix + b"/") else prefix + url.raw_path
    return url.copy_with(scheme=base.scheme, host=base.host, port=base.port, raw_path=path)


def _demand_public(url: httpx.URL) -> None:
    if url.scheme != "https" or url.port not in {None, HTTPS} or url.userinfo or not url.host:
        sentence = gettext_noop("Yardstick asks public servers only, by https on its usual port.")
        raise NeedsAttention("address_refused", sentence)
    if is_pretend(url.host):
        raise Gone("profile_not_found", gettext_noop("This name belongs to the demo."))


def _counts(only_with: frozenset[str], url: httpx.URL) -> bool:
    return not only_with or not only_with.isdisjoint(url.params.keys())


def _picture_in(received: Received) -> bytes | None:
    kind = received.headers.get("content-type", "").partition(";")[0].strip().lower()
    return received.body if received.status == 200 and kind in PICTURES and received.body else None
