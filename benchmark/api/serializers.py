"""Rows as JSON, and JSON as arguments; no rules here, those are in `tracking` and in the database."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Workspace
from benchmark import industry
from benchmark.api.schema import EXPECTED
from benchmark.imports import Holds
from benchmark.ingest.keys import Provided, limit_of
from benchmark.metrics.expectations import Expectations
from benchmark.metrics.steps import COMMON, ERROR, JUMP, PURGE, Mark
from benchmark.models import (
    Brand,
    FetchRun,
    Post,
    Profile,
    ProfileReading,
    Role,
    TrackedProfile,
    industry_choices,
)
from benchmark.networks import NETWORKS, Network
from benchmark.networks.base import COUNTS
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.tracking import MOST_LINES, LineResult, TrackingRefused, free_name


class NetworkField(serializers.ChoiceField):
    """A network by its key. Its choices are those declared when a serializer is made, not when this file is read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=sorted(NETWORKS), **options)


class ByNetworkSerializer(serializers.Serializer[Any]):
    """What a list that is narrowed to one network may be asked for."""

    network = NetworkField(required=False)


class FiguresAskedSerializer(ByNetworkSerializer):
    """What the list of an industry's figures may be asked for."""

    year = serializers.IntegerField(required=False, min_value=1990, max_value=2200, help_text="Of the data.")
    kind = serializers.ChoiceField(choices=industry.KINDS, required=False)


class BudgetSerializer(serializers.Serializer[Any]):
    """The units that a key may spend of a network's quota, in a day or a month which begins at midnight in `zone`."""

    units = serializers.IntegerField()
    unit = serializers.CharField()
    per = serializers.ChoiceField(choices=["day", "month"])
    zone = serializers.CharField()


class NetworkSerializer(serializers.Serializer[Network]):
    """A network's declaration: what it publishes about third parties, and what it needs."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of this name hides the serializer's own label
    fetchable = serializers.BooleanField()
    lists_posts = serializers.BooleanField()
    publishes = serializers.SerializerMethodField()
    hidden_on_some_posts = serializers.SerializerMethodField()
    engagement_parts = serializers.ListField(child=serializers.CharField())
    maturity_days = serializers.SerializerMethodField()
    reads_back_days = serializers.SerializerMethodField()
    reads_back_posts = serializers.IntegerField()
    lists_all_for_days = serializers.SerializerMethodField(
        help_text="From this age on posts leave the network's list by themselves: no older day is read whole at first."
    )
    keeps_days = serializers.SerializerMethodField()
    not_published_because = serializers.SerializerMethodField()
    needs_key = serializers.SerializerMethodField()
    key_state = serializers.SerializerMethodField(
        help_text="Whose key this workspace asks with; `refused`: there are keys, and the network refuses them."
    )
    key_sentence = serializers.SerializerMethodField(
        help_text="What is left of that key's budget, or why it was refused; empty where there is nothing to say."
    )
    budget = serializers.SerializerMethodField(help_text="What a key may spend; null where nothing is counted.")
    profiles_size = serializers.SerializerMethodField(
        help_text="How many profiles are read in one call; null: each is asked for alone."
    )
    refresh_size = serializers.SerializerMethodField(
        help_text="How many known posts are read in one call; null: they are read in lists alone."
    )
    page_size = serializers.SerializerMethodField(
        help_text="How many posts a page of the network's list holds; null: it lists none."
    )
    significant_digits = serializers.IntegerField(
        allow_null=True, help_text="The precision to which the network rounds followers; null: exact."
    )
    handle_hint = serializers.SerializerMethodField()

    def get_publishes(self, network: Network) -> list[str]:
        return sorted(network.publishes)

    def get_hidden_on_some_posts(self, network: Network) -> list[str]:
        return sorted(network.hidden_on_some_posts)

    def get_maturity_days(self, network: Network) -> float:
        return network.maturity.total_seconds() / 86400

    def get_reads_back_days(self, network: Network) -> int:
        return network.reads_back.days

    def get_lists_all_for_days(self, network: Network) -> int | None:
        return None if network.lists_all_for is None else network.lists_all_for.days

    def get_keeps_days(self, network: Network) -> int | None:
        return None if network.keeps is None else network.keeps.days

    def get_not_published_because(self, network: Network) -> str:
        return _(network.not_published_because)

    def get_needs_key(self, network: Network) -> str | None:
        return None if network.key_need is None else _(network.key_need.how)

    @extend_schema_field(serializers.ChoiceField(choices=[each.value for each in Provided]))
    def get_key_state(self, network: Network) -> str:
        return self._provided(network)[0].value

    def get_key_sentence(self, network: Network) -> str:
        return self._provided(network)[1]

    def _provided(self, network: Network) -> tuple[Provided, str]:
        by_network: dict[str, tuple[Provided, str]] = self.context["provided"]
        return by_network[network.key]

    @extend_schema_field(BudgetSerializer(allow_null=True))
    def get_budget(self, network: Network) -> dict[str, Any] | None:
        quota = network.quota
        if quota is None:
            return None
        return {
            "units": limit_of(network, quota) // quota.shown_per,
            "unit": _(quota.unit),
            "per": "month" if quota.monthly else "day",
            "zone": quota.zone,
        }

    def get_profiles_size(self, network: Network) -> int | None:
        return network.profiles_size or None

    def get_refresh_size(self, network: Network) -> int | None:
        return network.refresh_size or None

    def get_page_size(self, network: Network) -> int | None:
        return network.page_size or None

    def get_handle_hint(self, network: Network) -> str:
        return _(network.handle_hint)


class ProfileSerializer(serializers.ModelSerializer[Profile]):
    """A profile as last read. Null: the network does not publish it."""

    remedy = serializers.CharField(source="state", help_text="ok, try_later, needs_attention or gone.")
    code = serializers.CharField(source="state_code")
    sentence = serializers.CharField(source="state_sentence")
    imported = serializers.SerializerMethodField(help_text="Whether a file of this workspace brought it.")
    network = serializers.CharField()

    class Meta:
        model = Profile
        fields: ClassVar = [
            "id", "network", "external_id", "handle", "name", "url", "description", "verified", "pretend", "imported",
            "followers", "following", "posts_published", "history_from", "history_to", "read_at", "due_at",
            "remedy", "code", "sentence",
        ]  # fmt: skip

    def get_imported(self, profile: Profile) -> bool:
        return profile.workspace_id is not None


class BrandSerializer(serializers.ModelSerializer[Brand]):
    """A company in the workspace. Its profiles are listed under own accounts and competitors."""

    industry = serializers.ChoiceField(choices=industry_choices(), allow_blank=True, required=False)
    colour = serializers.RegexField(r"^(#[0-9a-fA-F]{6})?$", required=False, help_text="#rrggbb, or empty.")

    class Meta:
        model = Brand
        fields: ClassVar = ["id", "name", "role", "industry", "group", "colour", "created_at"]
        read_only_fields: ClassVar = ["created_at"]
        extra_kwargs: ClassVar = {"role": {"required": False}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        workspace: Workspace = self.context["workspace"]
        role = attrs.get("role", self.instance.role if self.instance else Role.COMPETITOR)
        if self.instance is not None and role != self.instance.role:
            raise serializers.ValidationError(
                {"role": "A brand keeps its role. Remove its profiles and add them anew."}
            )
        if "name" in attrs:
            try:
                attrs["name"] = free_name(workspace, role, attrs["name"], brand=self.instance)
            except TrackingRefused as refusal:
                raise serializers.ValidationError({"name": refusal.sentence}, code=refusal.code) from refusal
        return attrs | {"role": role}


class TrackedProfileSerializer(serializers.ModelSerializer[TrackedProfile]):
    """A profile that the workspace follows, its brand and, for a competitor, its slot."""

    network = serializers.CharField()
    profile = ProfileSerializer()
    file_profile = serializers.IntegerField(source="file_profile_id", allow_null=True)
    brand = BrandSerializer()

    class Meta:
        model = TrackedProfile
        fields: ClassVar = [
            "id", "network", "role", "slot", "profile", "file_profile", "brand", "added_at", "paused_at", "removed_at",
        ]  # fmt: skip


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 255}]})
class BrandField(serializers.Field[Any, Any, Any, Any]):
    """A brand of the workspace by its id (a number), or a brand's name (words)."""

    default_error_messages: ClassVar = {
        "brand_not_found": "There is no brand with the id {given}. GET /api/v1/brands/ lists them.",
        "invalid": "Give a brand's id as a number, or its name.",
    }

    def to_internal_value(self, data: object) -> Brand | str:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        known = self.of_this_id(str(data))
        if known is None and isinstance(data, int):
            self.fail("brand_not_found", given=data)
        return known or str(data)

    def of_this_id(self, digits: str) -> Brand | None:
        """The workspace's brand of this id; a form sends numbers as words."""
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            return None
        return Brand.objects.filter(workspace=self.context["workspace"], pk=int(digits)).first()


class FollowedNetworkField(NetworkField):
    """A network's key. That of one that gives nothing passes too, so that the refusal says why."""

    def to_internal_value(self, data: Any) -> Any:
        return data if isinstance(data, str) and data in GIVE_NOTHING else super().to_internal_value(data)


class NewTrackedProfileSerializer(serializers.Serializer[Any]):
    """What to follow: a network with a handle, or a profile's address."""

    network = FollowedNetworkField(required=False)
    handle = serializers.CharField(max_length=500, required=False, help_text="name, @name, name@host or an address.")
    url = serializers.CharField(max_length=500, required=False)
    brand = BrandField(required=False, help_text="A brand's id, or its name.")
    industry = serializers.ChoiceField(choices=industry_choices(), required=False, allow_blank=True)
    group = serializers.CharField(max_length=64, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("handle") or attrs.get("url")):
            raise serializers.ValidationError({"handle": "Give a handle or a url."}, code="required")
        if attrs.get("handle") and not attrs.get("network") and "://" not in attrs["handle"]:
            raise serializers.ValidationError({"network": "Say which network this handle is on."}, code="required")
        return attrs


class ChangedTrackedProfileSerializer(serializers.Serializer[Any]):
    """What can be changed of a profile that is followed."""

    paused = serializers.BooleanField(required=False)
    brand = BrandField(required=False, help_text="A brand's id, or its name.")


class BulkSerializer(serializers.Serializer[Any]):
    """Many at once: one handle or address per line."""

    network = FollowedNetworkField(required=False)
    lines = serializers.ListField(child=serializers.CharField(max_length=500, allow_blank=True), max_length=MOST_LINES)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.COMPETITOR)


class LineResultSerializer(serializers.Serializer[LineResult]):
    """What became of one line: a profile that is followed now, or the code and sentence of the refusal."""

    line = serializers.IntegerField(help_text="Counted from one.")
    text = serializers.CharField()
    code = serializers.SerializerMethodField(help_text="added, or the code of the refusal.")
    message = serializers.SerializerMethodField()
    tracked = TrackedProfileSerializer(allow_null=True)

    def get_code(self, result: LineResult) -> str:
        return result.refusal.code if result.refusal else "added"

    def get_message(self, result: LineResult) -> str:
        return result.refusal.sentence if result.refusal else ""


class MarkSerializer(serializers.Serializer[Mark]):
    """A step that ordinary growth does not explain. The reading is counted all the same."""

    kind = serializers.ChoiceField(choices=[ERROR, JUMP, PURGE, COMMON])
    at = serializers.DateTimeField(help_text="When the reading was taken that first shows it.")
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    change = serializers.SerializerMethodField(help_text="In percent.")
    z = serializers.SerializerMethodField(help_text="The step against the profile's own days.")
    until = serializers.DateTimeField(allow_null=True, help_text="When a reading error was taken back.")

    def get_change(self, mark: Mark) -> float:
        return float(f"{mark.change:.10g}")

    def get_z(self, mark: Mark) -> float:
        return float(f"{mark.z:.10g}")


class ReadingSerializer(serializers.ModelSerializer[ProfileReading]):
    """Followers at one moment."""

    mark = serializers.SerializerMethodField()

    class Meta:
        model = ProfileReading
        fields: ClassVar = ["read_at", "followers", "following", "posts_published", "mark"]

    @extend_schema_field(MarkSerializer(allow_null=True))
    def get_mark(self, reading: ProfileReading) -> dict[str, Any] | None:
        mark = self.context.get("marks", {}).get(reading.read_at)
        return None if mark is None else dict(MarkSerializer(mark).data)


class PostSerializer(serializers.ModelSerializer[Post]):
    """A post as last read. Null counts are not published, hidden on this post, or kept no longer."""

    expected = serializers.SerializerMethodField(
        help_text="What a post that was young when last read will come to, for each count that grows; else empty."
    )

    class Meta:
        model = Post
        fields: ClassVar = [
            "id", "profile", "external_id", "url", "published_at", "kind", "text", "hashtags", *COUNTS,
            "first_read_at", "read_at", "gone_at", "dropped_at", "expected",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": EXPECTED})
    def get_expected(self, post: Post) -> list[Any]:
        told: Expectations = self.context.get("expected", {})
        return [msgspec.to_builtins(each) for each in told.get(post.pk, ())]


class FetchRunSerializer(serializers.ModelSerializer[FetchRun]):
    """One line of the ledger."""

    network = serializers.CharField()

    class Meta:
        model = FetchRun
        fields: ClassVar = [
            "id", "kind", "network", "profile", "trigger", "source", "started_at", "finished_at", "requests", "seen",
            "new", "changed", "refused", "backfill", "outcome", "code", "sentence", "problems",
        ]  # fmt: skip


HOLDS = [(each.value, each.name) for each in Holds]


class NewImportSerializer(serializers.Serializer[Any]):
    """A file of posts or followers, and how it is to be imported."""

    file = serializers.FileField()
    kind = serializers.ChoiceField(choices=HOLDS, required=False, help_text="What it has to hold; otherwise either.")
    network = NetworkField(required=False, help_text="Needed, except for a preview of a file that says it.")
    profile = serializers.CharField(
        max_length=255, required=False, help_text="The handle. Without it: every profile that the file names."
    )
    rows_of = serializers.CharField(
        max_length=255, required=False, help_text="What the file calls this profile, where it knows no handle."
    )
    own = serializers.BooleanField(default=False)
    zone = serializers.CharField(
        max_length=64, required=False, help_text="The clock of its times, where the format does not say: Asia/Seoul."
    )
    counted_at = serializers.DateTimeField(required=False)
    complete_from = serializers.DateField(required=False)
    format = serializers.CharField(max_length=64, default="auto")
    skip_bad_rows = serializers.BooleanField(
        default=False, help_text="Import the other rows where some are wrong; otherwise one refuses the whole file."
    )
    preview = serializers.BooleanField(default=False, help_text="Say what it would bring, and store nothing.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["preview"] and not attrs.get("network"):
            raise serializers.ValidationError({"network": "Say of which network the file is."}, code="required")
        return attrs


class BadRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    reason = serializers.CharField()


class InFileSerializer(serializers.Serializer[Any]):
    """A profile that a file names; `name` is what `rows_of` takes."""

    name = serializers.CharField()
    handle = serializers.CharField(allow_null=True)
    id = serializers.CharField(allow_null=True)
    network = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField()


class BecomingSerializer(serializers.Serializer[Any]):
    """A profile for which rows would be stored, and as what it is followed then."""

    handle = serializers.CharField()
    rows = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Role.choices)
    followed = serializers.BooleanField(help_text="Whether it is followed already.")
    fetched = serializers.BooleanField(help_text="Whether it is fetched from its network, too.")


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class FilePreviewSerializer(serializers.Serializer[Any]):
    """What a file is and would bring. Nothing of it is stored."""

    source = serializers.CharField()  # type: ignore[assignment]  # every field has an attribute of that name
    format = serializers.CharField()
    holds = serializers.ChoiceField(choices=HOLDS)
    encoding = serializers.CharField()
    network = serializers.CharField(allow_null=True, help_text="Null: say which, the file does not.")
    networks = serializers.ListField(child=serializers.CharField())
    zone = serializers.CharField()
    zone_known = serializers.BooleanField(help_text="Whether the format says of which clock its times are.")
    columns = serializers.DictField(child=serializers.CharField(), help_text="Each that is read, and what it means.")
    ignored_columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.IntegerField()
    begins = serializers.DateTimeField(allow_null=True)
    ends = serializers.DateTimeField(allow_null=True)
    profiles = InFileSerializer(many=True)
    owners_only = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())
    problems = BadRowSerializer(many=True)
    becomes = BecomingSerializer(many=True)
    rows_to_import = serializers.IntegerField()
    rows_of_others = serializers.IntegerField()
    first = serializers.ListField(child=serializers.DictField(), help_text="The first rows, as they would be stored.")
    refusal = RefusalSerializer(allow_null=True, help_text="Why it cannot be imported in this way, if so.")
