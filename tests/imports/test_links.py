"""Ids and handles in the addresses of posts."""

import pytest

from benchmark.imports.links import handle_in, id_in


@pytest.mark.parametrize(
    ("link", "post_id", "handle"),
    [
        ("https://www.instagram.com/p/Cm37RhitbpV/", "Cm37RhitbpV", None),
        ("https://www.instagram.com/reel/DSN-_YjnRNN/?igsh=1", "DSN-_YjnRNN", None),
        ("https://www.instagram.com/harbour.bg/reel/DSNZIWnjRNN/", "DSNZIWnjRNN", "harbour.bg"),
        ("https://instagram.com/tv/Cm37RhitbpX", "Cm37RhitbpX", None),
        ("https://x.com/i/status/2083641178017173736", "2083641178017173736", None),
        ("https://twitter.com/BarackObama/status/920061541986250758", "920061541986250758", "BarackObama"),
        ("https://www.tiktok.com/@harbour.bg/video/7567452112981069079", "7567452112981069079", "harbour.bg"),
        ("https://www.youtube.com/watch?v=zED8kkYKZj4", "zED8kkYKZj4", None),
        ("https://youtu.be/zED8kkYKZj4", "zED8kkYKZj4", None),
        ("https://www.youtube.com/shorts/zED8kkYKZj4", "zED8kkYKZj4", None),
        ("https://www.facebook.com/harbour/posts/9001", "9001", "harbour"),
        ("https://www.facebook.com/reel/974194307586650/", "974194307586650", None),
        ("https://www.facebook.com/permalink.php?story_fbid=9001&id=777", "9001", None),
        ("https://www.facebook.com/harbour/photos/a.10150.313/9001/?type=3", "9001", "harbour"),
        ("https://www.linkedin.com/feed/update/urn:li:share:71", "71", None),
        ("https://www.threads.net/@harbour/post/Cxyz-1", "Cxyz-1", "harbour"),
    ],
)
def test_an_address_of_a_post_names_it(link, post_id, handle):
    assert (id_in(link), handle_in(link)) == (post_id, handle)


@pytest.mark.parametrize("link", ["", "https://", "http://[", "https://example.org/p/1", "https://x.com/harbour", "x"])
def test_another_address_names_no_post(link):
    assert id_in(link) is None
