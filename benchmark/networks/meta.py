"""What Instagram, Facebook and Threads share: how Meta's APIs are asked, what their errors mean, what is left.

Errors are told apart by number alone: their texts come in the language of the token's owner.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any, TypeVar

import msgspec

from benchmark.networks.allowance import Allowance
from benchmark.networks.base import Answer, Gone, NeedsAttention, NetworkError, TryLater, UnexpectedAnswer
from benchmark.networks.keys import KeyPart, Parts, Question, Sign, Signed, app_secret_proof
from benchmark.networks.parsing import hashtags
from benchmark.sentences import gettext_noop

T = TypeVar("T")

BASE = "https://graph.facebook.com"
GRAPH = f"{BASE}/:version"
VERSION = "v26.0"

TOKEN = "access_token"  # noqa: S105 (a parameter's name)
PROOF = "appsecret_proof"

HASHTAG = re.compile(r"(?<![\w&/])#(\w{1,100})")

OBJECT_NOT_SHOWN = (100, 33)

TOKEN_IS_OVER = frozenset({102, 190})
NOT_PERMITTED = frozenset({10, *range(200, 300)})
TOO_MANY_CALLS = frozenset({4, 17, 32, 613, *range(80000, 80015)})
TROUBLE = frozenset({1, 2})  # of Meta's own, or an answer that would have become too large

HUNDRED = 100.0  # per cent
SLOW_FROM = 80
LONGEST = 15  # minutes, unless Meta says how many
A_DAY = 24 * 60

Code = tuple[int, int | None]


class Problem(msgspec.Struct):
    code: int = 0
    error_subcode: int | None = None
    is_transient: bool = False


class Refusal(msgspec.Struct):
    error: Problem


class Usage(msgspec.Struct):
    """How much of a limit is used, in per cent, and in how many minutes calls are welcome again."""

    call_count: float | None = None
    total_cputime: float | None = None
    total_time: float | None = None
    estimated_time_to_regain_access: float = 0

    @property
    def used(self) -> float | None:
        """The fullest of its parts, and all of it until calls are welcome again; None where nothing is said."""
        if self.estimated_time_to_regain_access > 0:
            return HUNDRED
        parts = (self.call_count, self.total_cputime, self.total_time)
        return max((part for part in parts if part is not None), default=None)

    @property
    def pause(self) -> float:
        """The minutes for which nobody should call: more and more of them, the closer the limit is."""
        if self.estimated_time_to_regain_access > 0:
            return min(self.estimated_time_to_regain_access, A_DAY)
        over = (self.used or 0) - SLOW_FROM
        return min(1 + over, LONGEST) if over >= 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """What a refusal of one of Meta's networks means; None where the status says it all.

    `permissions` is the sentence for a token that may not do what was asked. `own` holds what is the network's own, by
    code and subcode (None: any), and goes before what all share.
    """

    label: str
    permissions: str
    own: Mapping[Code, Callable[[], NetworkError]]

    def __call__(self, answer: Answer) -> NetworkError | None:
        """The error in an answer."""
        problem = _problem_in(answer)
        own = self.own.get((problem.code, problem.error_subcode)) or self.own.get((problem.code, None))
        return own() if own else self._shared(problem, answer)

    def _shared(self, problem: Problem, answer: Answer) -> NetworkError | None:
        if problem.code in TOO_MANY_CALLS:
            after = allowance(answer).pause or timedelta(minutes=LONGEST)
            sentence = gettext_noop("%(network)s allows no more calls for a while.")
            return TryLater("rate_limited", sentence, after=after, network=self.label)
        if problem.code in TOKEN_IS_OVER:
            sentence = gettext_noop(
                "%(network)s refuses the access token: it has run out or was taken back. Enter a new one."
            )
            return NeedsAttention("credential_expired", sentence, network=self.label)
        if problem.code in NOT_PERMITTED:
            return NeedsAttention("credential_not_permitted", self.permissions)
        if problem.code in TROUBLE or problem.is_transient:
            sentence = gettext_noop("%(network)s has trouble of its own just now.")
            return TryLater("network_unavailable", sentence, network=self.label)
        return None


def _problem_in(answer: Answer) -> Problem:
    try:
        return answer.decode(Refusal).error
    except UnexpectedAnswer:
        return Problem()


def no_such_profile(sentence: str) -> Callable[[], NetworkError]:
    """The error for a profile that is not there."""
    return lambda: Gone("profile_not_found", sentence)


def allowance(answer: Answer) -> Allowance:
    """What is left of the app's and the account's limits, by the one that is fullest."""
    of_app = _in_header(answer, "x-app-usage", dict[str, Any])
    of_accounts = _in_header(answer, "x-business-use-case-usage", dict[str, list[Any]])
    given = chain([of_app] if of_app else [], chain.from_iterable((of_accounts or {}).values()))
    usages = [usage for usage in map(_usage, given) if usage.used is not None]
    if not usages:
        return Allowance(said_at=answer.received_at)
    regained = timedelta(minutes=min(max(usage.estimated_time_to_regain_access for usage in usages), A_DAY))
    return Allowance(
        said_at=answer.received_at,
        left=max(HUNDRED - max(usage.used or 0 for usage in usages), 0),
        limit=HUNDRED,
        in_percent=True,
        until=answer.received_at + regained if regained else None,
        pause=timedelta(minutes=max(usage.pause for usage in usages)) or None,
    )


def _in_header(answer: Answer, name: str, as_type: type[T]) -> T | None:
    try:
        return msgspec.json.decode(answer.headers.get(name, "null"), type=as_type)
    except msgspec.DecodeError:
        return None


def _usage(given: Any) -> Usage:
    try:
        return msgspec.convert(given, Usage)
    except msgspec.ValidationError:
        return Usage()


def app_parts(prefix: str) -> tuple[KeyPart, KeyPart]:
    """What may be given beside a token: the app's secret, and another version of the Graph API than ours."""
    return (
        KeyPart("app_secret", f"{prefix}_APP_SECRET", "App secret", optional=True),
        KeyPart("version", f"{prefix}_GRAPH_VERSION", "Version of the Graph API", secret=False, optional=True),
    )


def sign_with(*in_path: str) -> Sign:
    """Send the token, with the proof that we know the app's secret where we do; `:version` and other parts by path."""

    def sign(_: Question, parts: Parts) -> Signed:
        token, secret = parts[TOKEN], parts.get("app_secret")
        proof = {PROOF: app_secret_proof(token, secret)} if secret else {}
        version = "v" + parts.get("version", VERSION).lower().removeprefix("v")
        words = {name: parts[name] for name in in_path}
        return Signed(params={TOKEN: token, **proof}, path={"version": version, **words})

    return sign


def hashtags_in(text: str) -> tuple[str, ...]:
    """The hashtags of a post, which stand in its words alone."""
    return hashtags(HASHTAG.findall(text))
