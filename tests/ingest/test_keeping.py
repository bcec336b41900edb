"""Where a network limits keeping: posts are read again in time, or their current counts and text go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmark import ingest
from benchmark.models import Post, PostReading, Profile, ProfileDay, ProfileReading
from tests.factories.accounts import WorkspaceFactory
from tests.factories.rows import NOON, PostFactory, PostReadingFactory, ProfileFactory, ProfileReadingFactory
from tests.ingest.fakes import make_world, post

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


def test_older_posts_are_read_again_by_id_before_their_time_is_over():
    old = [post(f"old{n}", at=NOON - timedelta(days=100 + n)) for n in range(5)]
    world = make_world(posts=[post("young", at=NOON - timedelta(days=1)), *old], page_size=2)
    world.visit(keeps=MONTH, refresh_size=2)
    world.network.posts[1:] = [replace(record, reactions=9) for record in old]

    world.clock.wait(days=19)
    world.visit(keeps=MONTH, refresh_size=2)
    on_the_first_page = Post.objects.filter(reactions=9)
    assert [row.external_id for row in on_the_first_page] == ["old0"]

    world.clock.wait(days=2)
    world.network.asked.clear()
    world.visit(keeps=MONTH, refresh_size=2)

    assert world.network.asked[-2:] == ["refresh 2", "refresh 2"]
    assert Post.objects.filter(reactions=9).count() == 5
    assert Post.objects.order_by("read_at")[0].read_at > NOON + timedelta(days=18)


def test_networks_without_a_limit_read_no_post_again_by_id():
    world = make_world(posts=[post("old", at=NOON - timedelta(days=100)), post("young", at=NOON)], page_size=1)
    world.visit(refresh_size=2)
    world.clock.wait(days=60)

    world.visit(refresh_size=2)

    assert not [question for question in world.network.asked if question.startswith("refresh")]


def test_a_post_that_cannot_be_read_again_twice_becomes_a_tombstone():
    world = make_world(posts=[post("old", at=NOON - timedelta(days=100)), post("young", at=NOON)], page_size=1)
    world.visit(keeps=MONTH, refresh_size=2)
    world.network.posts = [post("new", at=NOON + timedelta(days=24)), post("older", at=NOON - timedelta(days=200))]
    world.clock.wait(days=25)

    world.visit(keeps=MONTH, refresh_size=2)
    assert Post.objects.get(external_id="old").gone_at is None
    world.visit(keeps=MONTH, refresh_size=2)

    assert Post.objects.get(external_id="old").gone_at == world.clock.now


# --- what was not refreshed in time ----------------------------------------------------------------------------------


@pytest.fixture
def channel():
    return ProfileFactory.create(
        network="youtube", followers=500, posts_published=3, description="Hello", read_at=NOON - timedelta(days=31)
    )


def test_counts_and_text_that_were_not_refreshed_in_time_go_and_dated_readings_and_days_stay(channel):
    late = PostFactory.create(
        profile=channel, read_at=NOON - timedelta(days=31), text="Hello", views=70, hashtags=["tea"]
    )
    PostReadingFactory.create(post=late, checkpoint=168, views=70)
    ProfileReadingFactory.create(profile=channel, followers=500)
    ingest.rebuild_days(channel, [late.published_at.date()])

    dropped = ingest.drop_unrefreshed(now=NOON)

    late.refresh_from_db()
    assert dropped == 1
    assert (late.reactions, late.comments, late.views, late.text, late.hashtags) == (None, None, None, "", [])
    assert (late.dropped_at, late.url != "") == (NOON, True)
    assert PostReading.objects.get().views == 70
    assert ProfileReading.objects.get().followers == 500
    assert ProfileDay.objects.get(posts=1).views == 70


def test_a_day_that_is_rebuilt_later_counts_a_dropped_post_by_its_last_dated_reading(channel):
    late = PostFactory.create(profile=channel, read_at=NOON - timedelta(days=31), reactions=9, comments=1)
    PostReadingFactory.create(post=late, checkpoint=72, reactions=5, comments=1)
    PostReadingFactory.create(post=late, checkpoint=168, reactions=8, comments=1)
    ingest.drop_unrefreshed(now=NOON)

    ingest.rebuild_days(channel, [late.published_at.date()])

    day = ProfileDay.objects.get()
    assert (day.posts, day.reactions, day.engagements, day.engagements_known) == (1, 8, 9, 1)


def test_the_profiles_own_current_figures_go_too(channel):
    ingest.drop_unrefreshed(now=NOON)

    channel.refresh_from_db()
    assert (channel.followers, channel.posts_published, channel.description) == (None, None, "")
    assert channel.handle != ""


def test_what_was_refreshed_in_time_stays(channel):
    in_time = PostFactory.create(profile=channel, read_at=NOON - timedelta(days=29), reactions=4)

    assert ingest.drop_unrefreshed(now=NOON) == 0
    in_time.refresh_from_db()
    assert (in_time.reactions, in_time.dropped_at) == (4, None)


def test_it_goes_before_its_time_is_over_not_after(channel):
    PostFactory.create(profile=channel, read_at=NOON - timedelta(days=30) + timedelta(minutes=30))

    assert ingest.drop_unrefreshed(now=NOON) == 1  # the next look is in an hour


def test_other_networks_and_a_workspaces_own_files_keep_what_they_have():
    elsewhere = PostFactory.create(read_at=NOON - timedelta(days=400))
    file = PostFactory.create(
        profile=ProfileFactory.create(network="youtube", workspace_id=None), read_at=NOON - timedelta(days=400)
    )
    Profile.objects.filter(pk=file.profile_id).update(workspace=WorkspaceFactory.create())

    assert ingest.drop_unrefreshed(now=NOON) == 0
    elsewhere.refresh_from_db()
    assert elsewhere.reactions == 10


def test_reports_notice_that_figures_went(channel):
    PostFactory.create(profile=channel, read_at=NOON - timedelta(days=31))
    Profile.objects.update(changed_at=NOON)

    ingest.drop_unrefreshed(now=NOON)

    channel.refresh_from_db()
    assert channel.changed_at > NOON


def test_a_dropped_post_is_read_again_when_the_profile_is_read_again():
    world = make_world(posts=[post("old", at=NOON - timedelta(days=100)), post("young", at=NOON)], page_size=1)
    world.visit(keeps=MONTH, refresh_size=2)
    Post.objects.filter(external_id="old").update(dropped_at=NOON, reactions=None, text="")
    world.network.posts.append(post("new", at=NOON + timedelta(days=59)))
    world.clock.wait(days=60)

    world.visit(keeps=MONTH, refresh_size=2)

    old = Post.objects.get(external_id="old")
    assert (old.reactions, old.text, old.dropped_at) == (1, "Post old", None)
