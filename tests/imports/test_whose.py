"""Whose rows are meant: by a handle, by an id, by what a file calls a profile, or everybody's."""

import pytest

from benchmark import imports
from benchmark.imports import FileRefused, Named
from benchmark.networks.facebook import FACEBOOK
from benchmark.networks.youtube import YOUTUBE
from tests.imports.drawing import drawn

PAGES = drawn("""
    account_id | post_id | Page    | Post URL                                    | Date Published | Post Type | share_count | reaction_count | comment_count
    777        | 1       | Harbour | https://www.facebook.com/Harbour/posts/1    | 2016-09-19     | link      | 1           | 1              | 1
    888        | 2       | Port    | https://www.facebook.com/port.inc/posts/2   | 2016-09-19     | link      | 1           | 1              | 1
    777        | 3       | Harbour | https://www.facebook.com/Harbour/posts/3    | 2016-09-20     | link      | 1           | 1              | 1
""")  # noqa: E501

MEMBERS = drawn("""
    video_id    | title | published_at | view_count | like_count | member_id | member_name
    GeAB3wbJab1 | Tide  | 2026-04-12   | 900        | 7          | yuni      | Yuni
    GeAB3wbJab2 | Ebb   | 2026-04-12   | 900        | 7          | huya      | Huya
""")

VIDEO_STUDIO = drawn(
    """
    Content     | Video title | Video publish time | Views
    GeAB3wbJab1 | Tide        | May 8; 2020        | 900
""".replace(";", ",")
)


def chosen(parsed, network=FACEBOOK, **how) -> tuple[dict[Named, list[int]], int]:
    choice = imports.whose(parsed, network=network, **how)
    return {named: [row.line for row in rows] for named, rows in choice.rows.items()}, choice.others


def refusal(parsed, network=FACEBOOK, **how) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        imports.whose(parsed, network=network, **how)
    return refused.value.code, refused.value.sentence


def test_without_a_profile_it_is_everybody_by_handle():
    assert chosen(PAGES) == (
        {Named("harbour", "777", "Harbour"): [2, 4], Named("port.inc", "888", "Port"): [3]},
        0,
    )


@pytest.mark.parametrize("profile", ["harbour", "777"])
def test_a_profile_is_found_by_its_handle_or_its_id_and_the_others_are_counted(profile):
    assert chosen(PAGES, profile=profile) == ({Named(profile, "777", "Harbour"): [2, 4]}, 1)


def test_a_renamed_profile_is_found_by_the_id_that_is_known_of_it():
    assert chosen(PAGES, profile="new.harbour", known_ids=frozenset({"888"})) == (
        {Named("new.harbour", "888", "Port"): [3]},
        2,
    )


def test_a_profile_that_the_file_does_not_name_is_not_guessed():
    assert refusal(PAGES, profile="lagoon") == (
        "file_of_many_profiles",
        (
            "This file does not say which of its profiles is lagoon. It has rows of “Harbour”, “Port”. Say whose rows "
            "are meant, as the file calls them."
        ),
    )


@pytest.mark.parametrize("rows_of", ["Yuni", "yuni", "YUNI"])
def test_rows_are_chosen_by_what_the_file_calls_their_profile(rows_of):
    assert chosen(MEMBERS, YOUTUBE, profile="@stellive", rows_of=rows_of) == (
        {Named("@stellive", None, "Yuni"): [2]},
        1,
    )


def test_a_name_that_the_file_does_not_have_is_refused_with_those_that_it_has():
    assert refusal(MEMBERS, YOUTUBE, profile="@stellive", rows_of="Hina") == (
        "rows_of_nobody",
        "This file has no rows of “Hina”. It has rows of “Yuni”, “Huya”.",
    )


@pytest.mark.parametrize(("parsed", "named"), [(MEMBERS, " It has rows of “Yuni”, “Huya”."), (VIDEO_STUDIO, "")])
def test_a_file_that_names_no_handle_needs_one(parsed, named):
    assert refusal(parsed, YOUTUBE) == (
        "profile_missing",
        f"This file does not say which profile of its network it is about: name its handle.{named}",
    )


def test_a_file_that_names_nobody_is_whose_it_is_imported_for():
    assert chosen(VIDEO_STUDIO, YOUTUBE, profile="@harbour") == ({Named("@harbour"): [2]}, 0)


def test_a_file_of_one_other_handle_is_refused():
    parsed = drawn("""
        timestamp            | username | followers
        2026-07-15T19:01:30Z | port     | 1000
    """)

    assert refusal(parsed, profile="harbour") == (
        "file_of_another_profile",
        "This file's rows belong to port, not to harbour. Import it for port.",
    )
    assert chosen(parsed, profile="harbour", rows_of="@port") == ({Named("harbour"): [2]}, 0)


def test_a_file_of_another_network_is_refused():
    assert refusal(MEMBERS, profile="harbour") == (
        "wrong_network",
        "This file is YouTube videos of a group, by member, of YouTube and not of Facebook. Choose its network.",
    )


def test_rows_of_other_networks_in_the_same_file_are_counted_as_others():
    parsed = drawn("""
        Date       | Timestamp | Idol_Name | Platform | Username | Follower_Count
        2026-07-01 | 12:00:00  | Alice     | Facebook | alice    | 1603
        2026-07-01 | 12:00:00  | Alice     | X        | alice    | 370
    """)

    assert chosen(parsed) == ({Named("alice", None, "Alice"): [2]}, 1)


def test_a_text_that_is_no_handle_is_a_bad_row():
    parsed = drawn("""
        profile   | time       | followers
        two words | 2026-02-01 | 1
        harbour   | 2026-02-01 | 2
    """)

    choice = imports.whose(parsed, network=FACEBOOK)

    assert [str(problem) for problem in choice.problems] == ["line 2: “two words” is no handle"]
    assert (list(choice.rows), choice.others) == ([Named("harbour")], 0)


def test_only_so_many_names_are_listed():
    rows = "\n".join(f"GeAB3wbJa{number} | x | 2026-04-12 | 1 | 1 | m{number} | M{number}" for number in range(10, 30))
    parsed = drawn(f"video_id | title | published_at | view_count | like_count | member_id | member_name\n{rows}")

    assert refusal(parsed, YOUTUBE, profile="@x")[1].count("“") == 8
    assert " and 12 more. Say" in refusal(parsed, YOUTUBE, profile="@x")[1]
