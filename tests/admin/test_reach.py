"""What was learnt of reach, as the workspace's owners and whoever runs the installation see it."""

import pytest

from accounts.models import Workspace
from tests.admin.looking import listed, text, url
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import ReachModelFactory


@pytest.mark.parametrize("who", ["owner", "operator"])
def test_the_list_says_of_how_many_posts_how_far_off_and_whether_reach_is_changing(sit, workspace: Workspace, who):
    ReachModelFactory.create(workspace=workspace, network="facebook", recent_error=35.2, recent=18)
    ReachModelFactory.create(workspace=workspace, network="instagram", drifts=True)
    ReachModelFactory.create(workspace=workspace, network="x", posts=7, error=None, coverage=None, tried_on="")
    ReachModelFactory.create(workspace=WorkspaceFactory.create(), network="facebook")

    page = sit(who).get(url("reachmodel"))

    assert [model.network for model in listed(page)] == ["facebook", "instagram", "x"]
    shown = text(page)
    assert "Facebook" in shown
    assert "40 27 % 82 % 35 % Steady" in shown
    assert "27 % 82 % – Reach is changing" in shown  # noqa: RUF001
    assert "7 – – – Too few posts: twelve are needed" in shown  # noqa: RUF001


def test_one_says_what_was_learnt_from_and_can_be_changed_by_nobody(sit, workspace):
    model = ReachModelFactory.create(
        workspace=workspace,
        network="facebook",
        followers_from=81_370,
        followers_to=139_441,
        engagements_from=0,
        engagements_to=6_334,
        kinds=["photo", "text"],
    )

    page = sit().get(url("reachmodel", "change", model.pk))
    sent = sit().post(url("reachmodel", "change", model.pk), {"error": 1})

    shown = text(page)
    assert "81,370 – 139,441" in shown  # noqa: RUF001
    assert "0 – 6,334" in shown  # noqa: RUF001
    assert "photo, text" in shown
    assert "the posts that came next" in shown
    assert "line 100%" in shown
    assert '<input type="text"' not in page.content.decode()
    assert sent.status_code == 403
    model.refresh_from_db()
    assert model.error == 27.4
