"""Bringing a file in a real browser: looked at, changed, imported, also on a phone and without scripts."""

import pytest
from django.utils import timezone

from benchmark.models import FetchRun, Post, Upload
from tests.browser.conftest import PHONE
from tests.factories.accounts import WorkspaceFactory, owner_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

HEADER = "id,published_at,text,reactions,comments,shares\n"
ROWS = "".join(f"{n},2025-03-{n:02}T10:00:00Z,A text that goes on and on and on {n},{n},,1\n" for n in range(1, 21))
BAD = "21,yesterday,Late,1,1,1\n"


@pytest.fixture
def workspace(transactional_db):
    return WorkspaceFactory(name="Harbour")


@pytest.fixture
def choose(visit, workspace, tmp_path):
    """Choose a file of posts on the page; what comes back is the visit, at the page that shows the file."""
    file = tmp_path / "posts_of_the_harbour_in_2025.csv"  # without a blank, as names of files are
    file.write_text(HEADER + ROWS + BAD)

    def choose(at="", **how):
        visited = visit(owner_of(workspace), **how)
        page = visited.page
        page.goto(f"{visited.address}{at or f'/w/{workspace.slug}/files/?network=facebook'}")
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Look at it").click()
        return visited

    return choose


@pytest.mark.parametrize(
    "how", [{}, {"viewport": PHONE}, {"java_script_enabled": False}], ids=["wide", "phone", "plain"]
)
def test_a_file_is_looked_at_changed_and_imported(choose, how):
    visited = choose(**how)
    page = visited.page
    page.get_by_label("Profile").fill("harbour")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import 20 rows").wait_for()
    if page.viewport_size == PHONE:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_label("Leave wrong rows out, and import the others").check()
    page.get_by_role("button", name="Import 20 rows").click()
    page.get_by_text("20 rows read: 20 new, 0 changed, 1 left out.").wait_for()
    if page.viewport_size == PHONE:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert Post.objects.count() == 20
    assert visited.complaints == []


def test_bad_rows_have_to_be_agreed_to_before_the_browser_sends_anything(choose):
    page = choose().page
    page.get_by_label("Profile").fill("harbour")
    page.get_by_role("button", name="Look again").click()
    page.get_by_role("button", name="Import 20 rows").click()
    assert page.locator("#id_skip_bad_rows").evaluate("box => box.validity.valueMissing")
    assert not FetchRun.objects.exists()


@pytest.mark.parametrize("at", ["/w/{slug}/files/imports/{run}/", "/admin/benchmark/fetchrun/{run}/change/"])
def test_the_page_of_a_long_import_moves_on_and_shows_its_end_by_itself(visit, workspace, at):
    now = timezone.now()
    run = FetchRun.objects.create(
        kind="import", network="facebook", workspace=workspace, trigger="person", started_at=now, source="big.csv"
    )
    Upload.objects.create(
        workspace=workspace, user=owner_of(workspace), name="big.csv", content=b"", kept_at=now, rows=4_000, run=run,
        begun_at=now,
    )  # fmt: skip
    visited = visit(owner_of(workspace))
    page = visited.to(at.format(slug=workspace.slug, run=run.pk))
    FetchRun.objects.update(seen=1_000)
    page.get_by_text("1000 of 4000 rows").wait_for()
    FetchRun.objects.update(seen=4_000, new=4_000, outcome="done", finished_at=now)
    page.get_by_text("4000 rows read: 4000 new").wait_for()
    assert page.locator("progress").count() == 0
    assert visited.complaints == []


def test_the_admin_shows_a_file_in_the_same_way_without_a_complaint(choose):
    visited = choose("/admin/benchmark/upload/add/?network=facebook")
    page = visited.page
    page.get_by_label("Profile").fill("harbour")
    page.get_by_role("button", name="Look again").click()
    page.get_by_label("Leave wrong rows out, and import the others").check()
    page.get_by_role("button", name="Import 20 rows").click()
    page.get_by_text("20 rows read: 20 new, 0 changed, 1 left out.").wait_for()
    assert visited.complaints == []
