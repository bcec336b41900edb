"""What Meta's networks share: how they are asked, what their errors mean, and when they want to be left alone."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from benchmark.networks import NETWORKS
from benchmark.networks.base import Gone, NeedsAttention, NetworkError, TryLater
from benchmark.networks.http import meaning_of
from benchmark.networks.keys import Question
from tests.networks.recorded import ARRIVED, drawn_answer

META = [NETWORKS[key] for key in ("instagram", "facebook", "threads")]
INSTAGRAM, FACEBOOK, THREADS = META

each_of_them = pytest.mark.parametrize("network", META, ids=str)


def meaning(network, code, subcode=None, *, status=400, headers=None, **more) -> NetworkError:
    problem = {"message": "…", "type": "OAuthException", "code": code} | more
    problem |= {"error_subcode": subcode} if subcode else {}
    return meaning_of(drawn_answer({"error": problem}, status=status, headers=headers), network)


def pause_in(error: NetworkError) -> timedelta | None:
    assert isinstance(error, TryLater)
    return error.after


def app_usage(**usage):
    return {"X-App-Usage": json.dumps(usage)}


def account_usage(*usages):
    return {"X-Business-Use-Case-Usage": json.dumps({"17841400000000000": list(usages)})}


# --- errors -----------------------------------------------------------------------------------------------------------


@each_of_them
@pytest.mark.parametrize(
    ("code", "subcode", "kind", "meant"),
    [
        (190, 463, NeedsAttention, "credential_expired"),
        (190, 460, NeedsAttention, "credential_expired"),
        (190, 458, NeedsAttention, "credential_expired"),
        (190, None, NeedsAttention, "credential_expired"),
        (102, None, NeedsAttention, "credential_expired"),
        (10, None, NeedsAttention, "credential_not_permitted"),
        (200, None, NeedsAttention, "credential_not_permitted"),
        (299, None, NeedsAttention, "credential_not_permitted"),
        (4, None, TryLater, "rate_limited"),
        (17, 2446079, TryLater, "rate_limited"),
        (32, None, TryLater, "rate_limited"),
        (613, None, TryLater, "rate_limited"),
        (80001, None, TryLater, "rate_limited"),
        (80002, None, TryLater, "rate_limited"),
        (1, None, TryLater, "network_unavailable"),
        (2, None, TryLater, "network_unavailable"),
    ],
)
def test_an_error_that_all_share_is_sorted_by_its_number(network, code, subcode, kind, meant):
    errors = [meaning(network, code, subcode, status=status) for status in (400, 403, 500)]

    assert {(type(error), error.code) for error in errors} == {(kind, meant)}
    assert all(error.sentence.endswith(".") for error in errors)


@pytest.mark.parametrize(
    ("network", "code", "subcode", "kind", "meant"),
    [
        (INSTAGRAM, 110, 2207013, Gone, "profile_not_found"),
        (INSTAGRAM, 110, None, Gone, "profile_not_found"),
        (INSTAGRAM, 100, 33, NeedsAttention, "credential_refused"),
        (INSTAGRAM, 100, None, NeedsAttention, "question_refused"),
        (FACEBOOK, 803, None, Gone, "profile_not_found"),
        (FACEBOOK, 100, 33, Gone, "profile_not_found"),
        (FACEBOOK, 100, None, NeedsAttention, "credential_not_permitted"),
        (THREADS, 100, None, Gone, "profile_not_found"),
    ],
)
def test_an_error_of_ones_own_is_sorted_by_its_number_and_its_subcode(network, code, subcode, kind, meant):
    error = meaning(network, code, subcode)

    assert (type(error), error.code) == (kind, meant)
    assert error.sentence.endswith(".")


@each_of_them
def test_an_error_that_will_pass_by_itself_is_tried_later_whatever_its_number(network):
    assert meaning(network, 99999, is_transient=True).code == "network_unavailable"
    assert meaning(network, 99999).code == "unexpected_answer"


@each_of_them
@pytest.mark.parametrize("body", [b"", b"<html>", {"error": "no"}, {"error": {"code": "x"}}, [], {"error": None}])
def test_what_is_no_error_of_metas_is_sorted_by_its_status(network, body):
    assert meaning_of(drawn_answer(body, status=404), network).code == "profile_not_found"
    assert meaning_of(drawn_answer(body, status=503), network).code == "network_unavailable"


@each_of_them
def test_the_words_of_an_error_decide_nothing(network):
    told = {"message": "Cannot find user", "error_user_title": "Utilisateur introuvable"}

    assert meaning(network, 190, 463, **told).code == "credential_expired"


# --- limits -----------------------------------------------------------------------------------------------------------


@each_of_them
@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        (app_usage(call_count=79, total_cputime=3, total_time=5), None),
        (app_usage(call_count=80, total_cputime=3, total_time=5), 1),
        (app_usage(call_count=2, total_cputime=90, total_time=5), 11),
        (app_usage(call_count=2, total_cputime=9, total_time=100), 15),
        (app_usage(call_count=250), 15),
        (account_usage({"type": "instagram", "call_count": 12}, {"type": "pages", "call_count": 85}), 6),
        (account_usage({"call_count": 100, "estimated_time_to_regain_access": 42}), 42),
        (account_usage({"call_count": 20, "estimated_time_to_regain_access": 7}), 7),
        (account_usage({"estimated_time_to_regain_access": 1_000_000}), 1440),
        (app_usage(call_count=81) | account_usage({"call_count": 100, "estimated_time_to_regain_access": 9}), 9),
        (app_usage(acc_id_util_pct=99), None),
        ({"X-App-Usage": "{"}, None),
        ({"X-App-Usage": "[]"}, None),
        ({"X-App-Usage": '{"call_count": null}'}, None),
        ({"X-App-Usage": '{"call_count": "nan"}'}, None),
        ({"X-App-Usage": '{"call_count": 1e999}'}, None),
        ({"X-Business-Use-Case-Usage": '{"1": [null, 5, {"call_count": "x"}]}'}, None),
    ],
)
def test_calls_slow_down_from_eighty_per_cent_and_stop_for_the_minutes_that_meta_names(network, headers, minutes):
    pause = network.allowance(drawn_answer({}, headers=headers)).pause

    assert pause == (None if minutes is None else timedelta(minutes=minutes))


@each_of_them
@pytest.mark.parametrize(
    ("headers", "left", "minutes"),
    [
        ({}, None, None),
        (app_usage(acc_id_util_pct=99), None, None),
        (app_usage(call_count=0), 100, None),
        (app_usage(call_count=2, total_cputime=16.5, total_time=5), 83.5, None),
        (app_usage(call_count=250), 0, None),
        (app_usage(call_count=12) | account_usage({"call_count": 30}, {"total_time": 41}), 59, None),
        (account_usage({"call_count": 20, "estimated_time_to_regain_access": 7}), 0, 7),
        (account_usage({"estimated_time_to_regain_access": 1_000_000}), 0, 1440),
    ],
)
def test_of_what_meta_allows_the_part_is_left_that_its_fullest_limit_leaves(network, headers, left, minutes):
    allowance = network.allowance(drawn_answer({}, headers=headers))

    assert (allowance.left, allowance.in_percent) == (left, left is not None)
    assert allowance.until == (None if minutes is None else ARRIVED + timedelta(minutes=minutes))


@each_of_them
def test_a_limit_that_is_reached_says_when_to_come_back(network):
    full = account_usage({"call_count": 100, "estimated_time_to_regain_access": 90})

    assert pause_in(meaning(network, 80002, headers=full)) == timedelta(minutes=90)
    assert pause_in(meaning(network, 4, status=403, headers=app_usage(call_count=100))) == timedelta(minutes=15)
    assert pause_in(meaning(network, 4)) == timedelta(minutes=15)  # Meta sends no Retry-After


# --- keys -------------------------------------------------------------------------------------------------------------


def signed(network, **parts):
    need = network.key_need
    return need.sign(Question(network.base_url), need.unpack(need.pack(parts)))


def test_a_token_goes_with_the_proof_that_we_know_the_apps_secret():
    sent = signed(FACEBOOK, access_token="a-token", app_secret="a-secret")

    proof = hmac.new(b"a-secret", b"a-token", hashlib.sha256).hexdigest()
    assert sent.params == {"access_token": "a-token", "appsecret_proof": proof}


def test_without_the_apps_secret_there_is_no_proof():
    assert signed(FACEBOOK, access_token="123|abc").params == {"access_token": "123|abc"}
    assert signed(THREADS, access_token="a-token").params == {"access_token": "a-token"}


@pytest.mark.parametrize(("given", "asked"), [("", "v26.0"), ("v27.0", "v27.0"), ("27.0", "v27.0"), ("V27.0", "v27.0")])
def test_the_version_of_the_graph_api_is_ours_unless_another_is_set(given, asked):
    assert signed(FACEBOOK, access_token="a-token", version=given).path == {"version": asked}


def test_instagram_is_asked_through_ones_own_account():
    sent = signed(INSTAGRAM, access_token="a-token", account="17841400000000000")

    assert sent.path == {"version": "v26.0", "account": "17841400000000000"}
    with pytest.raises(KeyError):
        signed(INSTAGRAM, access_token="a-token")


@each_of_them
def test_what_must_be_given_is_told_from_what_may_be(network):
    assert {"instagram": "INSTAGRAM_ACCESS_TOKEN, INSTAGRAM_ACCOUNT_ID"}.get(
        network.key, f"{network.key.upper()}_ACCESS_TOKEN"
    ) == network.key_need.settings
    assert {part.name for part in network.key_need.parts if not part.secret} <= {"account", "version"}
