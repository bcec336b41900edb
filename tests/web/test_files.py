"""Bringing files through the page: what is stored, what is refused, and what is said about both."""

import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role as Member
from benchmark.models import Post, ProfileReading, TrackedProfile
from tests.factories.accounts import WorkspaceFactory, owner_of
from tests.web.reading import read

pytestmark = pytest.mark.django_db

POSTS = """id,published_at,reactions,comments,shares
1,2025-03-01T10:00:00Z,10,2,1
2,2025-03-02T10:00:00Z,20,,0
"""
BAD = POSTS + "3,yesterday,1,1,1\n"
FOLLOWERS = "profile,time,followers\nharbour,2025-03-01T00:00:00Z,1000\n"


@pytest.fixture
def send(workspace, browser):
    """Send a file of Facebook posts, as an editor would."""

    def send(content, **sent):
        name = sent.pop("name", "posts.csv")
        body = content if isinstance(content, bytes) else content.encode()
        form = {"network": "facebook", "holds": "posts", "profile": "harbour", **sent}
        return browser(Member.EDITOR).post(
            f"/w/{workspace.slug}/files/", form | {"file": SimpleUploadedFile(name, body)}
        )

    return send


def test_a_file_of_posts_is_stored_and_its_profile_followed(send, workspace):
    answer = read(send(POSTS))
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert "posts.csv" in answer.one("div", role="status").text
    assert (tracked.profile.handle, tracked.role, tracked.profile.workspace) == ("harbour", "competitor", workspace)
    assert list(Post.objects.order_by("external_id").values_list("reactions", "comments", "shares")) == [
        (10, 2, 1),
        (20, None, 0),
    ]


def test_our_own_account_and_gzip_are_accepted(send, workspace):
    send(
        gzip.compress(POSTS.encode()),
        name="posts.csv.gz",
        own="on",
        counted_at="2025-04-01",
        complete_from="2025-02-01",
    )
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert (tracked.role, f"{tracked.profile.history_from}") == ("own", "2025-02-01")


def test_a_file_of_followers_is_stored(send):
    send(FOLLOWERS, holds="followers", profile="")
    assert ProfileReading.objects.get().followers == 1000


def test_one_bad_row_refuses_the_file_and_is_listed_with_its_line(send):
    answer = send(BAD)
    told = read(answer).one("div", role="alert")
    assert answer.status_code == 422
    assert [problem.text.partition(":")[0] for problem in told.all("li")] == ["Line 4"]
    assert not Post.objects.exists()


def test_bad_rows_can_be_left_out_and_are_listed_all_the_same(send):
    told = read(send(BAD, skip_bad_rows="on")).one("div", role="status")
    assert [problem.text.partition(":")[0] for problem in told.all("li")] == ["Line 4"]
    assert Post.objects.count() == 2


def test_posts_need_to_be_somebodys(send):
    answer = send(POSTS, profile="")
    assert answer.status_code == 422
    assert "Say whose posts these are" in read(answer).one("ul", class_="errorlist").text


def test_every_file_stands_in_the_list_with_what_came_of_it(send, workspace, browser):
    send(POSTS)
    send(BAD)
    rows = read(browser().get(f"/w/{workspace.slug}/files/")).one("tbody").all("tr")
    assert [row.one("span", class_="state").text for row in rows] == ["Refused", "Done"]


def test_another_teams_files_are_not_listed(send, browser):
    send(POSTS)
    foreign = WorkspaceFactory.create(name="Somebody else")
    client = browser()
    client.force_login(owner_of(foreign))
    assert "posts.csv" not in read(client.get(f"/w/{foreign.slug}/files/")).text


def test_a_viewer_sees_the_list_without_the_form(workspace, browser):
    page = read(browser(Member.VIEWER).get(f"/w/{workspace.slug}/files/"))
    assert page.all("input", type="file") == []
