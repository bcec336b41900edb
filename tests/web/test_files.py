"""Bringing files through the pages: what is shown before anything is stored, what is stored then, and what is said."""

import gzip
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role as Member
from benchmark.models import FetchRun, Post, ProfileReading, TrackedProfile, Upload
from benchmark.models.upload import KEPT_FOR
from tests.factories.accounts import WorkspaceFactory, member, owner_of
from tests.factories.rows import ProfileFactory, TrackedProfileFactory
from tests.web.reading import read

pytestmark = pytest.mark.django_db

POSTS = """id,published_at,reactions,comments,shares
1,2025-03-01T10:00:00Z,10,2,1
2,2025-03-02T10:00:00Z,20,,0
"""
BAD = POSTS + "3,yesterday,1,1,1\n"
FOLLOWERS = "profile,time,followers\nharbour,2025-03-01T00:00:00Z,1000\n"
META = """Post ID,Page ID,Page name,Title,Publish time,Permalink,Post type,Reach,Reactions,Comments,Shares
101,55,Harbour,Spring,03/01/2025 10:00,https://www.facebook.com/55/posts/101,Photos,900,10,2,1
"""
SERIES = "timestamp,followers\n2025-03-01 09:00:00,1000\n2025-03-02 09:00:00,1010\n"
MANY = "id,published_at,reactions\n" + "".join(f"{n},2025-03-01T10:00:00Z,{n}\n" for n in range(1, 2_500))


@pytest.fixture
def editor(workspace, browser):
    return browser(Member.EDITOR)


@pytest.fixture
def choose(workspace, editor):
    """Choose a file, and come to the page that shows it. Returns its address."""

    def choose(content, name="posts.csv", whose="competitor", **sent):
        body = content if isinstance(content, bytes) else content.encode()
        form = {"whose": whose, "file": SimpleUploadedFile(name, body), **sent}
        answer = editor.post(f"/w/{workspace.slug}/files/", form)
        assert answer.status_code == 302, answer.content.decode()
        return answer.headers["Location"]

    return choose


@pytest.fixture
def say(editor):
    """Say on the page of a file how it is wanted, and see it again."""

    def say(address, **wanted):
        return editor.post(address, {"whose": "competitor", **wanted}, follow=True)

    return say


@pytest.fixture
def bring(choose, say):
    """Choose a file of Facebook posts and import it, as an editor would."""

    def bring(content, name="posts.csv", **wanted):
        how = {"network": "facebook", "profile": "harbour", "import": "1", **wanted}
        return say(choose(content, name), **how)

    return bring


def told(answer):
    """The sentence of a refusal."""
    return read(answer).one("div", role="alert").text


def becomes(answer):
    """What becomes of each profile, by its name."""
    table = next(each for each in read(answer).all("section") if each.has(aria_labelledby="becomes"))
    return {row.one("th").text: row.all("td")[-1].text for row in table.one("tbody").all("tr")}


# --- before anything is stored ---------------------------------------------------------------------------------------


def test_a_file_is_shown_before_anything_is_stored(choose, say, editor):
    address = choose(POSTS)
    page = read(say(address, network="facebook", profile="harbour"))
    first = next(each for each in page.all("section") if each.has(aria_labelledby="first"))
    assert page.one("h1").text == "posts.csv"
    assert [cell.text for cell in first.all("td")[:6]] == [
        "1 Mar 2025, 10:00",
        "other",
        "10",
        "2",
        "1",
        "2 Mar 2025, 10:00",
    ]
    assert [button.text for button in page.all("button", name="import")] == ["Import 2 rows"]
    assert (Post.objects.count(), TrackedProfile.objects.count(), FetchRun.objects.count()) == (0, 0, 0)


def test_a_count_that_is_not_known_is_a_dash_and_not_zero(choose, say):
    page = read(say(choose(POSTS), network="facebook", profile="harbour"))
    first = next(each for each in page.all("section") if each.has(aria_labelledby="first"))
    second = first.one("tbody").all("tr")[1]
    assert [cell.text for cell in second.all("td")][-3:] == [
        "20",
        "\N{EN DASH} not known",
        "0",
    ]


def test_what_the_file_does_not_say_is_asked_for_and_the_rest_is_kept(choose, say):
    address = choose(POSTS, whose="own")
    assert told(say(address, whose="own")) == "The file does not say of which network it is: choose the network."
    answer = say(address, whose="own", network="facebook", complete_from="2025-02-01")
    page = read(answer)
    assert "name its handle" in told(answer)
    assert page.all("button", name="import") == []
    assert page.one("input", name="complete_from").attributes["value"] == "2025-02-01"
    assert [
        radio.attributes["value"] for radio in page.all("input", name="whose") if "checked" in radio.attributes
    ] == ["own"]


def test_a_network_that_the_file_fixes_is_not_asked_for(choose, editor):
    page = read(editor.get(choose(META, whose="own")))
    assert page.all("select", name="network") == []
    assert page.one("input", name="network").attributes["value"] == "facebook"
    assert "Los Angeles" in page.text


def test_a_network_that_a_link_has_preset_gives_way_to_that_of_the_file(choose, editor):
    page = read(editor.get(choose(META, whose="own", network="instagram")))
    assert page.all("div", role="alert") == []
    assert page.one("input", name="network").attributes["value"] == "facebook"


def test_a_file_with_reach_is_refused_for_a_competitor_and_welcome_for_an_own_account(choose, say):
    address = choose(META)
    assert "Only owners know reach" in told(say(address, network="facebook"))
    assert becomes(say(address, network="facebook", whose="own")) == {"Harbour 55": "New: becomes an own account."}


def test_the_clock_of_a_file_that_does_not_say_it_can_be_changed(choose, say):
    address = choose(SERIES)
    wanted = {"network": "instagram", "profile": "harbour"}
    assert "1 Mar 2025, 09:00" in read(say(address, **wanted)).text
    assert "1 Mar 2025, 00:00" in read(say(address, **wanted, zone="Asia/Seoul")).text


def test_a_clock_that_does_not_exist_is_refused_beside_its_field(choose, say):
    answer = say(choose(SERIES), network="instagram", profile="harbour", zone="Mars/Olympus")
    assert answer.status_code == 422
    assert "no such time zone" in read(answer).one("ul", class_="errorlist").text


def test_a_time_of_counting_before_a_post_makes_that_post_a_bad_row(choose, say):
    answer = say(choose(POSTS), network="facebook", profile="harbour", counted_at="2025-03-02T00:00")
    page = read(answer)
    assert [problem.text.partition(":")[0] for problem in page.one("ul", class_="problems").all("li")] == ["Line 3"]
    assert page.one("button", name="import").text == "Import 1 row"


def test_a_profile_that_is_followed_keeps_its_place(choose, say, workspace):
    profile = ProfileFactory.create(network="facebook", handle="harbour")
    TrackedProfileFactory.create(workspace=workspace, profile=profile)
    assert becomes(say(choose(POSTS), network="facebook", profile="harbour")) == {
        "harbour": "Followed already. The file's rows stand beside what is fetched."
    }


def test_a_file_for_more_competitors_than_there_are_places_is_refused_before_it_is_imported(choose, say):
    rows = "".join(f"brand{n},2025-03-01,{n}\n" for n in range(1, 22))
    answer = say(choose("profile,time,followers\n" + rows), network="facebook")
    assert "All 20 places for competitors on Facebook are taken" in told(answer)


def test_a_file_of_no_known_format_says_so_in_a_sentence_and_another_can_be_chosen(choose, editor):
    answer = editor.get(choose("a,b\n1,2\n", whose="own"))
    page = read(answer)
    assert "column" in told(answer)
    assert len(page.all("input", type="file")) == 1
    assert [
        radio.attributes["value"] for radio in page.all("input", name="whose") if "checked" in radio.attributes
    ] == ["own"]


# --- the import ------------------------------------------------------------------------------------------------------


def test_a_file_of_posts_is_stored_and_its_profile_followed(bring, workspace):
    answer = read(bring(POSTS))
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert answer.one("div", role="status").text == "2 rows read: 2 new, 0 changed, 0 left out."
    assert answer.one("a", class_="primary").attributes["href"] == f"/w/{workspace.slug}/compare/facebook/"
    assert (tracked.profile.handle, tracked.role, tracked.profile.workspace) == ("harbour", "competitor", workspace)
    assert list(Post.objects.order_by("external_id").values_list("reactions", "comments", "shares")) == [
        (10, 2, 1),
        (20, None, 0),
    ]


def test_our_own_account_and_gzip_are_accepted(bring, workspace):
    bring(
        gzip.compress(POSTS.encode()), "posts.csv.gz", whose="own", counted_at="2025-04-01", complete_from="2025-02-01"
    )
    tracked = TrackedProfile.objects.get(workspace=workspace)
    assert (tracked.role, f"{tracked.profile.history_from}") == ("own", "2025-02-01")


def test_a_file_of_followers_is_stored(bring):
    bring(FOLLOWERS, profile="")
    assert ProfileReading.objects.get().followers == 1000


def test_one_bad_row_refuses_the_file_and_the_file_is_still_there(bring, editor):
    answer = bring(BAD)
    page = read(answer)
    assert "nothing was imported" in told(answer)
    assert [problem.text.partition(":")[0] for problem in page.one("ul", class_="problems").all("li")] == ["Line 4"]
    assert [head.text for head in page.all("h2")] == ["1 row that is wrong"]
    back = page.one("a", class_="button")
    assert back.text == "Back to the file"
    box = told(answer).partition("tick “")[2].removesuffix("”.")
    assert box == read(editor.get(back.attributes["href"])).one("label", **{"for": "id_skip_bad_rows"}).text
    assert not Post.objects.exists()


def test_bad_rows_can_be_left_out_and_are_listed_all_the_same(bring):
    page = read(bring(BAD, skip_bad_rows="on"))
    assert page.one("div", role="status").text == "2 rows read: 2 new, 0 changed, 1 left out."
    assert [problem.text.partition(":")[0] for problem in page.one("ul", class_="problems").all("li")] == ["Line 4"]
    assert Post.objects.count() == 2


def test_a_refused_file_can_be_imported_in_another_way(choose, say):
    address = choose(BAD)
    wanted = {"network": "facebook", "profile": "harbour", "import": "1"}
    say(address, **wanted)
    say(address, **wanted, skip_bad_rows="on")
    assert list(FetchRun.objects.order_by("id").values_list("outcome", flat=True)) == ["refused", "done"]


def test_every_file_stands_in_the_list_with_what_came_of_it(bring, workspace, browser):
    bring(POSTS)
    bring(BAD)
    rows = read(browser().get(f"/w/{workspace.slug}/files/")).one("tbody").all("tr")
    assert [row.one("span", class_="state").text for row in rows] == ["Refused", "Done"]


# --- what is kept meanwhile ------------------------------------------------------------------------------------------


def test_a_file_is_gone_once_it_is_imported(bring):
    bring(POSTS)
    assert not Upload.objects.exists()


def test_a_file_is_not_kept_for_longer_than_an_hour(choose, editor):
    address = choose(POSTS)
    Upload.objects.update(kept_at=timezone.now() - KEPT_FOR)
    assert editor.get(address).status_code == 404
    choose(POSTS)
    assert Upload.objects.count() == 1


def test_of_one_person_five_files_are_kept(choose):
    for number in range(7):
        choose(POSTS, f"{number}.csv")
    assert sorted(Upload.objects.values_list("name", flat=True)) == [f"{number}.csv" for number in range(2, 7)]


def test_a_file_is_shown_to_nobody_but_who_sent_it_in(choose, browser, workspace):
    address = choose(POSTS)
    colleague = browser()
    colleague.force_login(member(workspace, Member.EDITOR, email="colleague@example.org"))
    for client in (colleague, browser()):
        assert client.get(address).status_code == 404
        assert client.post(address, {"import": "1", "network": "facebook", "whose": "own"}).status_code == 404
    assert not FetchRun.objects.exists()


def test_another_team_cannot_reach_a_file_or_its_import(choose, bring, browser, workspace):
    address = choose(POSTS)
    bring(POSTS)
    run = FetchRun.objects.get()
    foreign = WorkspaceFactory.create(name="Somebody else")
    client = browser()
    client.force_login(owner_of(foreign))
    for path in (address, f"/w/{workspace.slug}/files/imports/{run.pk}/"):
        assert client.get(path).status_code == 404
        assert client.get(path.replace(workspace.slug, foreign.slug)).status_code == 404


def test_another_teams_files_are_not_listed(bring, browser):
    bring(POSTS)
    foreign = WorkspaceFactory.create(name="Somebody else")
    client = browser()
    client.force_login(owner_of(foreign))
    assert "posts.csv" not in read(client.get(f"/w/{foreign.slug}/files/")).text


def test_a_viewer_sees_the_list_and_the_results_without_the_form(bring, workspace, browser):
    bring(POSTS)
    viewer = browser(Member.VIEWER)
    assert read(viewer.get(f"/w/{workspace.slug}/files/")).all("input", type="file") == []
    assert viewer.get(f"/w/{workspace.slug}/files/imports/{FetchRun.objects.get().pk}/").status_code == 200


# --- many rows -------------------------------------------------------------------------------------------------------


def test_many_rows_are_imported_here_where_no_worker_answers(choose, say, editor):
    address = choose(MANY)
    wanted = {"network": "facebook", "profile": "harbour"}
    say(address, **wanted)
    page = read(say(address, **wanted, **{"import": "1"}))
    assert page.one("div", role="status").text == "2499 rows read: 2499 new, 0 changed, 0 left out."


def test_an_import_that_is_under_way_shows_how_far_it_is_and_asks_again(workspace, editor):
    user = member(workspace, Member.EDITOR, email="second@example.org")
    run = FetchRun.objects.create(
        kind="import", network="facebook", workspace=workspace, trigger="person", started_at=timezone.now(), seen=1_000
    )
    Upload.objects.create(
        workspace=workspace, user=user, name="big.csv", content=b"", kept_at=timezone.now(), rows=4_000, run=run,
        begun_at=timezone.now() - timedelta(seconds=5),
    )  # fmt: skip
    address = f"/w/{workspace.slug}/files/imports/{run.pk}/"
    bar = read(editor.get(address)).one("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("1000", "4000")
    again = editor.get(address, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert (read(again).all("h1"), "HX-Refresh" in again.headers) == ([], False)
    FetchRun.objects.update(outcome="done", finished_at=timezone.now())
    ended = editor.get(address, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert ended.headers["HX-Refresh"] == "true"
