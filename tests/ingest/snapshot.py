"""Everything that a profile's visits have left behind, without the names that rows give themselves."""

from typing import Any

from benchmark.models import Post, PostReading, Profile, ProfileDay, ProfileReading

PROFILE = (
    "handle", "name", "followers", "following", "posts_published", "history_from", "history_to", "read_at", "due_at",
    "state", "state_code", "lease",
)  # fmt: skip


def snapshot(profile: Profile) -> dict[str, Any]:
    """The rows of a profile as plain values, in an order of their own."""

    def rows(queryset, *without: str) -> list[dict[str, Any]]:
        return [{name: value for name, value in row.items() if name not in without} for row in queryset.values()]

    readings = PostReading.objects.filter(post__profile=profile).order_by("post__external_id", "checkpoint")
    counts = ("post__external_id", "checkpoint", "read_at", "reactions", "comments", "shares", "quotes")
    return {
        "profile": Profile.objects.values(*PROFILE).get(pk=profile.pk),
        "posts": rows(Post.objects.filter(profile=profile).order_by("external_id"), "id", "profile_id"),
        "checkpoints": list(readings.values_list(*counts)),
        "followers": rows(ProfileReading.objects.filter(profile=profile).order_by("read_at"), "id", "profile_id"),
        "days": rows(ProfileDay.objects.filter(profile=profile).order_by("day"), "id", "profile_id", "rebuilt_at"),
    }
