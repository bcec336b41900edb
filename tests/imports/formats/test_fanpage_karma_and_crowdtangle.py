"""Tools that watch other people's profiles: Fanpage Karma, CrowdTangle; and LinkedIn's own export."""

from datetime import UTC, datetime

import pytest

from benchmark import imports
from benchmark.networks.base import Kind
from tests.imports.drawing import csv_of, drawn, owner, reasons_of

KARMA = "Date | Message | Profile | Network | Likes per post | Comments per post | Message-ID | Profile-ID | Link"


def test_a_post_is_known_by_the_code_in_its_link_and_not_by_the_rounded_number():
    parsed = drawn(f"""
        {KARMA}
        2023-01-02 18:32:26 | Tide #sea | Harbour | INSTAGRAM | 96 | 10 | 18241477156144020 | 24604499 | https://www.instagram.com/p/Cm37RhitbpV/
        2023-01-03 18:32:26 | Ebb       | Harbour | INSTAGRAM | 0  | 1  | 18241477156144020 | 24604499 | https://www.instagram.com/reel/Cm37Rh-_bpW/
        2023-01-04 18:32:26 | Flood     | Harbour | INSTAGRAM |    | 1  | 18241477156144000 | 24604499 | https://www.instagram.com/tv/Cm37RhitbpX/
    """)

    assert (parsed.format.key, [*parsed.networks]) == ("fanpage_karma", ["instagram"])
    assert [(row.post.external_id, row.post.kind, row.post.reactions) for row in parsed.posts] == [
        ("Cm37RhitbpV", Kind.OTHER, 96),
        ("Cm37Rh-_bpW", Kind.VIDEO, 0),
        ("Cm37RhitbpX", Kind.VIDEO, None),
    ]
    assert parsed.posts[0].post.published_at == datetime(2023, 1, 2, 18, 32, 26, tzinfo=UTC)
    assert (owner(parsed.posts[0]).name, owner(parsed.posts[0]).id) == ("Harbour", None)
    assert "shares" not in parsed.fields


def test_one_file_may_hold_several_networks_and_names_them():
    parsed = drawn(f"""
        {KARMA}
        2023-01-02 | a | Harbour | INSTAGRAM | 1 | 1 | 1 | 2 | https://www.instagram.com/p/Cm37RhitbpV/
        2023-01-02 | b | Harbour | Facebook  | 1 | 1 | 1 | 2 | https://www.facebook.com/harbour/posts/9001
        2023-01-02 | c | Harbour | MySpace   | 1 | 1 | 1 | 2 | https://myspace.com/harbour/1
        2023-01-02 | d | Harbour | YouTube   | 1 | 1 | 1 | 2 | https://www.youtube.com/watch?v=zED8kkYKZj4
    """)

    assert parsed.networks == {"instagram", "facebook", "youtube"}
    assert reasons_of(parsed) == [(4, "Network “MySpace” is no network that Yardstick knows")]


CROWD = (
    "Page Name | User Name | Facebook Id | Followers at Posting | Post Created | Type | Total Interactions | Likes "
    "| Comments | Shares | Love | Wow | Haha | Sad | Angry | Care | URL | Message"
)


@pytest.mark.parametrize(
    ("written", "hour"),
    [("2023-05-01 09:30:00 EDT", 13), ("2023-01-01 09:30:00 EST", 14), ("2023-05-01 09:30:00 UTC", 9)],
)
def test_a_post_of_crowdtangle_adds_up_its_reactions_and_knows_its_followers(written, hour):
    parsed = drawn(f"""
        {CROWD} | Overperforming Score (weighted  —  Likes 1x )
        Harbour | harbour | 777 | 12,345 | {written} | Native Video | 1,060 | 1,000 | 20 | 3 | 7 | 6 | 5 | 4 | 3 | 12 | https://www.facebook.com/777/posts/9001 | Tide | 1.5
    """)  # noqa: E501

    (row,) = parsed.posts
    assert (parsed.format.key, row.post.external_id, row.post.kind) == ("crowdtangle", "9001", Kind.VIDEO)
    assert (row.post.published_at.hour, row.post.published_at.minute) == (hour, 30)
    assert (row.post.reactions, row.post.comments, row.post.shares) == (1000 + 7 + 6 + 5 + 4 + 3 + 12, 20, 3)
    assert row.followers == 12_345
    assert (owner(row).id, owner(row).handle, owner(row).name) == ("777", "harbour", "Harbour")


def test_an_unknown_zone_and_a_wrong_comma_are_bad_rows():
    parsed = drawn(f"""
        {CROWD}
        Harbour | harbour | 777 | 1 | 2023-05-01 09:30:00 XYZ | Link | 1 | 1    | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | https://www.facebook.com/777/posts/1 | x
        Harbour | harbour | 777 | 1 | 2023-05-01 09:30:00 EDT | Link | 1 | 1,23 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | 1 | https://www.facebook.com/777/posts/2 | x
    """)  # noqa: E501

    assert reasons_of(parsed) == [
        (2, "Post Created “2023-05-01 09:30:00 XYZ” is not a time such as 2023-05-01 09:30:00 EDT"),
        (3, "Likes “1,23” is not a whole number"),
    ]


def test_a_linkedin_export_is_found_below_the_line_that_explains_it():
    file = csv_of(
        ["Aggregated engagement metrics for your organic posts"],
        ["Post title", "Post link", "Created date", "Impressions", "Likes", "Comments", "Reposts", "Content Type"],
        [
            "Tide",
            "https://www.linkedin.com/feed/update/urn:li:activity:71",
            "03/18/2025",
            "900",
            "7",
            "2",
            "1",
            "Video",
        ],
    )

    parsed = imports.read(file)

    (row,) = parsed.posts
    assert (parsed.format.key, row.line, row.post.external_id, row.post.kind) == ("linkedin_posts", 3, "71", Kind.VIDEO)
    assert (row.impressions, row.post.reactions, row.post.comments, row.post.shares) == (900, 7, 2, 1)
