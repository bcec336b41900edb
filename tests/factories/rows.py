"""Rows for tests: each factory makes the smallest row that the database accepts, with whatever it hangs on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from benchmark.models import (
    COMPETITOR_LIMIT,
    Avatar,
    Brand,
    CohortFigure,
    FetchRun,
    IndustryFigure,
    Outcome,
    OwnInsight,
    Post,
    PostReading,
    Profile,
    ProfileDay,
    ProfileReading,
    ReachModel,
    Role,
    TrackedProfile,
    Trigger,
)
from benchmark.networks.base import Kind
from tests.factories.accounts import WorkspaceFactory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday in a month of 31 days, before any change of clocks


class BrandFactory(DjangoModelFactory[Brand]):
    class Meta:
        model = Brand

    workspace = SubFactory(WorkspaceFactory)
    name = Sequence(lambda number: f"Brand {number}")
    role = Role.COMPETITOR


class ProfileFactory(DjangoModelFactory[Profile]):
    """A fetched profile on Bluesky. `read=True` gives it a history of a year, so that reports have figures."""

    class Meta:
        model = Profile

    class Params:
        read = Trait(
            history_from=(NOON - timedelta(days=365)).date(),
            history_to=NOON,
            read_at=NOON,
            followers=1_000,
            following=10,
            posts_published=100,
        )

    network = "bluesky"
    external_id = Sequence(lambda number: f"did:plc:profile{number:04}")
    handle = Sequence(lambda number: f"profile{number}.example.org")
    name = LazyAttribute(lambda profile: profile.handle.partition(".")[0].title())
    url = LazyAttribute(lambda profile: f"https://bsky.app/profile/{profile.handle}")


class TrackedProfileFactory(DjangoModelFactory[TrackedProfile]):
    """A competitor in the lowest free slot of its workspace; `role=Role.OWN` follows an own account."""

    class Meta:
        model = TrackedProfile

    workspace = SubFactory(WorkspaceFactory)
    profile = SubFactory(ProfileFactory)
    network = LazyAttribute(lambda tracked: tracked.profile.network)
    role = Role.COMPETITOR
    brand = LazyAttribute(
        lambda tracked: BrandFactory.create(
            workspace=tracked.workspace,
            role=tracked.role,
            name=f"{tracked.profile.name} {tracked.profile.pk}",
        )
    )

    slot = LazyAttribute(lambda tracked: lowest_free_slot(tracked))  # noqa: PLW0108 (it stands below)


def lowest_free_slot(tracked: Any) -> int | None:
    """The place that a new competitor gets; an own account or a removed one has none."""
    if tracked.role == Role.OWN or getattr(tracked, "removed_at", None):
        return None
    rows = TrackedProfile.objects.filter(workspace=tracked.workspace, network=tracked.network)
    taken = set(rows.values_list("slot", flat=True))
    return next(slot for slot in range(1, COMPETITOR_LIMIT + 1) if slot not in taken)


class ProfileReadingFactory(DjangoModelFactory[ProfileReading]):
    class Meta:
        model = ProfileReading

    profile = SubFactory(ProfileFactory)
    read_at = NOON
    followers = 1_000


class PostFactory(DjangoModelFactory[Post]):
    """A post of ten days before `NOON`, read at `NOON`, with every count that Bluesky publishes."""

    class Meta:
        model = Post

    profile = SubFactory(ProfileFactory)
    external_id = Sequence(lambda number: f"post{number:05}")
    url = LazyAttribute(lambda post: f"https://bsky.app/profile/someone/post/{post.external_id}")
    published_at = NOON - timedelta(days=10)
    kind = Kind.TEXT
    text = "A post"
    first_read_at = SelfAttribute("read_at")
    read_at = NOON
    reactions = 10
    comments = 2
    shares = 1
    quotes = 0
    saves = 0


class PostReadingFactory(DjangoModelFactory[PostReading]):
    """How its post stood at 72 hours, with the post's own counts."""

    class Meta:
        model = PostReading

    post = SubFactory(PostFactory)
    profile = LazyAttribute(lambda reading: reading.post.profile)
    checkpoint = 72
    read_at = LazyAttribute(lambda reading: reading.post.published_at + timedelta(hours=reading.checkpoint))
    reactions = LazyAttribute(lambda reading: reading.post.reactions)
    comments = LazyAttribute(lambda reading: reading.post.comments)
    shares = LazyAttribute(lambda reading: reading.post.shares)
    quotes = LazyAttribute(lambda reading: reading.post.quotes)
    saves = LazyAttribute(lambda reading: reading.post.saves)
    views = LazyAttribute(lambda reading: reading.post.views)


class ProfileDayFactory(DjangoModelFactory[ProfileDay]):
    class Meta:
        model = ProfileDay

    profile = SubFactory(ProfileFactory)
    day = NOON.date()
    followers = 1_000
    rebuilt_at = NOON


class OwnInsightFactory(DjangoModelFactory[OwnInsight]):
    class Meta:
        model = OwnInsight

    workspace = SubFactory(WorkspaceFactory)
    post = SubFactory(PostFactory)
    reach = 5_000
    impressions = 8_000
    read_at = NOON


class ReachModelFactory(DjangoModelFactory[ReachModel]):
    """What forty posts have taught of reach on Bluesky, without the parameters."""

    class Meta:
        model = ReachModel

    workspace = SubFactory(WorkspaceFactory)
    network = "bluesky"
    fitted_at = NOON
    posts = 40
    profiles = 1
    method = "line 100%"
    tried_on = "time"
    tried = 20
    error = 27.4
    coverage = 81.6


class AvatarFactory(DjangoModelFactory[Avatar]):
    class Meta:
        model = Avatar

    profile = SubFactory(ProfileFactory)
    source_url = "https://cdn.example.org/picture.jpg"
    image = b"RIFF\x00\x00\x00\x00WEBP"
    fetched_at = NOON


class FetchRunFactory(DjangoModelFactory[FetchRun]):
    """A run that ended well."""

    class Meta:
        model = FetchRun

    profile = SubFactory(ProfileFactory)
    network = LazyAttribute(lambda run: run.profile.network if run.profile else "bluesky")
    trigger = Trigger.SCHEDULE
    started_at = NOON
    finished_at = NOON
    outcome = Outcome.DONE


class IndustryFigureFactory(DjangoModelFactory[IndustryFigure]):
    class Meta:
        model = IndustryFigure

    publisher = "A publisher"
    source = "A published study"
    source_url = "https://example.org/study"
    year = 2026
    network = "facebook"
    industry = "all"
    published_industry = LazyAttribute(lambda figure: figure.industry.capitalize())
    measure = "Engagement rate per post"
    parts = "reactions+comments+shares"
    denominator = "followers"
    over_posts = "mean"
    over_profiles = "median"
    value = 0.1
    unit = "percent"


class CohortFigureFactory(DjangoModelFactory[CohortFigure]):
    """A cohort of five profiles of Bluesky, in May 2025; `figures` are theirs, in ascending order."""

    class Meta:
        model = CohortFigure

    class Params:
        figures = (1.0, 2.0, 3.0, 4.0, 5.0)

    network = "bluesky"
    month = date(2025, 5, 1)
    industry = "all"
    metric = "engagement_rate"
    version = 1
    basis = "measured"
    computed_at = NOON
    quantiles = LazyAttribute(lambda cohort: list(cohort.figures))
    profiles = LazyAttribute(lambda cohort: len(cohort.figures))
    mean = LazyAttribute(lambda cohort: sum(cohort.figures) / len(cohort.figures))
    p10 = LazyAttribute(lambda cohort: cut(cohort.figures, 0.10))
    p25 = LazyAttribute(lambda cohort: cut(cohort.figures, 0.25))
    p50 = LazyAttribute(lambda cohort: cut(cohort.figures, 0.50))
    p75 = LazyAttribute(lambda cohort: cut(cohort.figures, 0.75))
    p90 = LazyAttribute(lambda cohort: cut(cohort.figures, 0.90))


def cut(figures: tuple[float, ...], part: float) -> float:
    """The figure at this part of the way from the lowest to the highest, linear between two."""
    place = part * (len(figures) - 1)
    low = int(place)
    high = min(low + 1, len(figures) - 1)
    return figures[low] + (figures[high] - figures[low]) * (place - low)
