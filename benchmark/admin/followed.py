"""Whom a workspace follows: competitors in their twenty places per network, and own accounts. All by `tracking`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm

from accounts.admin.base import OfWorkspace, dressed
from accounts.admin_site import seat_or_403
from benchmark import ingest, tracking
from benchmark.admin import filters
from benchmark.admin.cells import avatar_url, cell, freshness_cell, has_avatar, network_cell, profile_cell
from benchmark.admin.forms import FollowForm, FollowManyForm
from benchmark.models import COMPETITOR_LIMIT, Brand, Competitor, OwnAccount, Role, TrackedProfile
from benchmark.models.standing import standing
from benchmark.networks import NETWORKS, Network
from benchmark.networks.silent import GIVE_NOTHING
from benchmark.tracking import TrackingRefused
from benchmark.tracking.following import refuse_without_asking
from benchmark.tracking.refusals import already_tracked


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that may be done with a followed profile, and how one says that it is done."""

    key: str
    label: Any
    do: Callable[..., TrackedProfile]
    done: Any  # a sentence about `names`, which are `count`
    fits: frozenset[str]  # the standings in which a row offers it


FETCHED = frozenset({"ok", "waiting", "try_later", "needs_attention", "gone"})

DEEDS = (
    Deed(
        "fetch-now",
        gettext_lazy("Fetch now"),
        tracking.fetch_now,
        ngettext_lazy(
            "%(names)s is read within a minute or two.", "%(names)s are read within a minute or two.", "count"
        ),
        FETCHED,
    ),
    Deed(
        "pause",
        gettext_lazy("Pause"),
        tracking.pause,
        ngettext_lazy(
            "%(names)s is paused. It keeps its place and its history.",
            "%(names)s are paused. They keep their places and their history.",
            "count",
        ),
        FETCHED,
    ),
    Deed(
        "resume",
        gettext_lazy("Resume"),
        tracking.resume,
        ngettext_lazy("%(names)s is read again.", "%(names)s are read again.", "count"),
        frozenset({"paused"}),
    ),
    Deed(
        "remove",
        gettext_lazy("Remove"),
        tracking.remove,
        ngettext_lazy(
            "%(names)s is removed. Its history stays: bring it back whenever you like.",
            "%(names)s are removed. Their history stays: bring them back whenever you like.",
            "count",
        ),
        FETCHED | {"paused", "file"},
    ),
    Deed(
        "bring-back",
        gettext_lazy("Bring back"),
        tracking.bring_back,
        ngettext_lazy("%(names)s is back, with its history.", "%(names)s are back, with their history.", "count"),
        frozenset({"removed"}),
    ),
)
BY_KEY = {deed.key: deed for deed in DEEDS}
NAMES_SAID = 5


@dataclass(frozen=True, slots=True)
class Section:
    """A network at the head of the list: how many are followed there, and, for competitors, its places."""

    network: Network
    url: str
    add_url: str
    selected: bool
    used: int
    places: tuple[bool, ...]  # each place in order: taken or not

    @property
    def limit(self) -> int:
        return len(self.places)

    @property
    def free(self) -> int:
        return self.limit - self.used

    @property
    def takes_more(self) -> bool:
        """Whether somebody can be added here."""
        return self.network.fetchable and (not self.limit or self.free > 0)

    @property
    def note(self) -> str:
        """What is to be known beside the count."""
        if not self.network.fetchable:
            return _("By files only")
        if not self.limit:
            return ""
        if not self.free:
            return _("All taken: remove one to add another")
        return ngettext("%(free)d place free", "%(free)d places free", self.free) % {"free": self.free}


class FollowedResource(ModelResource):
    """What an exported list says of each row."""

    network = Field("network", "network")
    name = Field("profile__name", "name")
    handle = Field("profile__handle", "handle")
    url = Field("profile__url", "url")
    brand = Field("brand__name", "brand")
    industry = Field("brand__industry", "industry")
    group = Field("brand__group", "group")
    place = Field("slot", "place")
    followers = Field("profile__followers", "followers")
    state = Field("standing", "state")
    read_at = Field("profile__read_at", "read_at")
    added_at = Field("added_at", "added_at")

    class Meta:
        model = TrackedProfile
        fields = export_order = (
            "network", "name", "handle", "url", "brand", "industry", "group", "place", "followers", "state", "read_at",
            "added_at",
        )  # fmt: skip


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """The one thing about a followed profile that is a field; everything else is done by name."""

    class Meta:
        model = TrackedProfile
        fields = ("brand",)


class FollowedAdmin(ExportMixin, OfWorkspace):
    """A list of followed profiles of one role. Rows come and go by `tracking` alone; none is ever deleted here."""

    role: ClassVar[Role]
    add_title: ClassVar[Any]
    add_button: ClassVar[Any]
    may = frozenset({"add", "change"})
    form = BrandForm
    export_form_class = ExportForm
    resource_classes: ClassVar[list[Any]] = [FollowedResource]
    fields: tuple[str, ...] = ("on", "place", "brand", "followers", "freshness", "how_it_stands", "history")
    list_display = ("who_it_is", "where", "brand_cell", "followers", "freshness", "how_it_stands", "deeds")
    list_filter = (filters.ByNetwork, filters.ByBrand, filters.ByGroup, filters.ByStanding)
    list_select_related = ("profile", "brand")
    search_fields = ("profile__name", "profile__handle", "brand__name")
    list_before_template = "admin/followed/head.html"
    change_form_outer_before_template = "admin/followed/card.html"
    actions = ("fetch_now", "pause", "resume", "remove", "bring_back")

    # --- the rows ---

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: QuerySet[Any] = super().get_queryset(request).filter(role=self.role)
        rows = rows.select_related("profile", "brand").annotate(standing=standing(), has_avatar=has_avatar())
        return rows.order_by("network", "slot", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(field for field in self.fields if field != "brand")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A profile moves between brands of its own role."""
        kwargs["queryset"] = Brand.objects.of(self.workspace(request)).filter(role=self.role)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A brand with profiles is never deleted, so nobody is offered to delete it from here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "brand":
            field.widget.can_delete_related = False
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        tracking.move_to_brand(obj, form.cleaned_data["brand"])

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # --- the columns ---

    @admin.display(description=gettext_lazy("Profile"), ordering="profile__name")
    def who_it_is(self, tracked: Any) -> str:
        return profile_cell(tracked.profile, has_avatar=tracked.has_avatar)

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def on(self, tracked: Any) -> str:
        return network_cell(tracked.network)

    @admin.display(description=gettext_lazy("Network"), ordering="network")
    def where(self, tracked: Any) -> str:
        return cell("where", network=network_cell(tracked.network), slot=tracked.slot)

    @admin.display(description=gettext_lazy("Brand"), ordering="brand__name")
    def brand_cell(self, tracked: Any) -> str:
        return cell("brand", brand=tracked.brand)

    @admin.display(description=gettext_lazy("Place"), ordering="slot")
    def place(self, tracked: Any) -> str:
        return cell("place", slot=tracked.slot)

    @admin.display(description=gettext_lazy("Followers"), ordering="profile__followers")
    def followers(self, tracked: Any) -> str:
        return cell("followers", followers=tracked.profile.followers)

    @admin.display(description=gettext_lazy("Read"), ordering="profile__read_at")
    def freshness(self, tracked: Any) -> str:
        return freshness_cell(tracked.profile.read_at, now=timezone.now())

    @admin.display(description=gettext_lazy("State"), ordering="standing")
    def how_it_stands(self, tracked: Any) -> str:
        return cell("standing", standing=tracked.standing, sentence=tracked.profile.state_sentence)

    @admin.display(description=gettext_lazy("History"))
    def history(self, tracked: Any) -> str:
        return cell("history", profile=tracked.profile)

    @admin.display(description="")
    def deeds(self, tracked: Any) -> str:
        return cell("deeds", offered=self.offered(tracked), name=tracked.profile)

    def offered(self, tracked: Any) -> list[tuple[Deed, str]]:
        """What may be done with a row as it stands, each with the address that does it."""
        return [(deed, self.url("deed", tracked.pk, deed.key)) for deed in DEEDS if tracked.standing in deed.fits]

    # --- pages ---

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def get_urls(self) -> list[Any]:
        def own(address: str, view: Any, name: str) -> Any:
            named = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
            return path(address, self.admin_site.admin_view(view), name=named)

        return [
            own("add/many/", self.add_many_view, "add_many"),
            own("<int:pk>/<slug:key>/do/", require_POST(self.deed_view), "deed"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        words = {"many_url": self.url("add_many"), **(extra_context or {})}
        if self.has_view_permission(request):
            words["sections"] = self.sections(request)
        answer: HttpResponse = super().changelist_view(request, words)
        return answer

    def sections(self, request: HttpRequest) -> list[Section]:
        """Every network, in the order of their declarations, with who is followed there; one query."""
        rows = TrackedProfile.objects.of(self.workspace(request)).current().filter(role=self.role)
        slots: dict[str, list[int | None]] = {key: [] for key in NETWORKS}
        for network, slot in rows.values_list("network", "slot"):
            slots[network].append(slot)
        return [
            Section(
                network=NETWORKS[key],
                url=f"{self.url('changelist')}?network={key}",
                add_url=f"{self.url('add')}?network={key}",
                selected=request.GET.get("network") == key,
                used=len(taken),
                places=self.places(taken),
            )
            for key, taken in slots.items()
        ]

    def places(self, taken: list[int | None]) -> tuple[bool, ...]:
        """The places of one network; own accounts need none."""
        return ()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        tracked = self.get_object(request, object_id)
        if tracked is None:
            raise Http404
        card = {
            "tracked": tracked,
            "avatar_url": avatar_url(tracked.profile) if tracked.has_avatar else None,
            "offered": self.offered(tracked),
        }
        return super().change_view(request, object_id, form_url, {**card, **(extra_context or {})})

    # --- adding one: look up, then save ---

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Two steps of one form: who it is, and then that it is followed. Works without a script."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        workspace = self.workspace(request)
        given = {"network": request.GET.get("network", "")}
        form: FollowForm = FollowForm(request.POST or None, initial=given, workspace=workspace, role=self.role)
        found, answer = None, None
        if request.method == "POST":
            answer = self.saved(request, form) if form.is_valid() and "_look_up" not in request.POST else None
            found = None if answer else self.looked_up(form)
        return answer or self.add_page(request, dressed(form), found)

    def saved(self, request: HttpRequest, form: FollowForm) -> HttpResponse | None:
        """Follow what the form shows. None where it shows something else, or where that was refused."""
        if not form.shows_what_was_asked:
            return None
        fields = form.cleaned_data
        try:
            tracked = tracking.track(
                form.into,
                fields["network"] or None,
                fields["handle"],
                role=self.role,
                brand=fields["brand"] or None,
                industry=fields["industry"],
                group=fields["group"],
                by=tracking.By.person(seat_or_403(request).user),
                door=ingest.door(),
                now=timezone.now(),
            )
        except TrackingRefused as refusal:
            form.refuse(refusal)
            return None
        self.log_addition(request, self.as_listed(tracked), [{"added": {}}])
        words = _("%(profile)s is followed. Its posts arrive within minutes.")
        messages.success(request, words % {"profile": tracked.profile})
        if "_addanother" in request.POST:
            return redirect(f"{self.url('add')}?network={tracked.network}")
        return redirect(f"{self.url('changelist')}?network={tracked.network}")

    def looked_up(self, form: FollowForm) -> tracking.Found | None:
        """Whom the network knows by what was pasted; None where the form says why there is nobody to add."""
        if form.errors.keys() & {"workspace", "network", "handle"}:
            return None
        network, handle = form.cleaned_data["network"] or None, form.cleaned_data["handle"]
        try:
            refuse_without_asking(form.into, *tracking.recognise(handle, network), self.role)
            found = tracking.look_up(form.into, network, handle, door=ingest.door(), now=timezone.now())
            if found.is_followed and found.tracked is not None:
                raise already_tracked(found.tracked)
        except TrackingRefused as refusal:
            form.refuse(refusal)
            return None
        return found

    def add_page(self, request: HttpRequest, form: FollowForm, found: tracking.Found | None) -> HttpResponse:
        """The form, and below it who was found."""
        if found is not None:
            form.show(found)
        asked = form.data.get("network") or form.initial.get("network") or ""
        words = {
            "form": form,
            "found": found,
            "picture": inline(found.picture) if found else "",
            "title": self.add_title,
            "button": self.add_button,
            "many_url": self.url("add_many"),
            "section": next((one for one in self.sections(request) if one.network.key == asked), None),
            "hints": [network for network in NETWORKS.values() if network.fetchable],
            "silent": GIVE_NOTHING.values(),
        }
        return self.page(request, "admin/followed/add.html", status=422 if form.errors else 200, **words)

    # --- adding many ---

    def add_many_view(self, request: HttpRequest) -> HttpResponse:
        """Follow everything that was pasted, line by line; the answer has a result for each."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = {"network": request.GET.get("network", "")}
        form = FollowManyForm(request.POST or None, initial=given, workspace=self.workspace(request))
        results = self.followed_many(request, form) if request.method == "POST" and form.is_valid() else None
        words = {"form": dressed(form), "results": results, "title": _("Add many at once"), "one_url": self.url("add")}
        words["done"] = sum(result.tracked is not None for result in results or ())
        words["silent"] = GIVE_NOTHING.values()
        return self.page(request, "admin/followed/add_many.html", status=422 if form.errors else 200, **words)

    def followed_many(self, request: HttpRequest, form: FollowManyForm) -> list[tracking.LineResult] | None:
        fields = form.cleaned_data
        try:
            results = tracking.track_many(
                form.into,
                fields["network"] or None,
                fields["lines"].splitlines(),
                role=self.role,
                industry=fields["industry"],
                group=fields["group"],
                by=tracking.By.person(seat_or_403(request).user),
                door=ingest.door(),
                now=timezone.now(),
            )
        except TrackingRefused as refusal:
            form.refuse(refusal)
            return None
        for result in results:
            if result.tracked is not None:
                self.log_addition(request, self.as_listed(result.tracked), [{"added": {}}])
        return results

    def as_listed(self, tracked: TrackedProfile) -> Any:
        """The same row as a row of this list, under whose name the history is kept."""
        return self.model(pk=tracked.pk, profile=tracked.profile)

    # --- what may be done with rows ---

    def deed_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """Do one thing with one row, from its buttons."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if key not in BY_KEY:
            raise Http404
        tracked = get_object_or_404(self.get_queryset(request), pk=pk)
        self.do(request, BY_KEY[key], [tracked])
        if "from_form" in request.POST:
            return redirect(self.url("change", pk))
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{self.url('changelist')}?{query}" if query else self.url("changelist"))

    def do(self, request: HttpRequest, deed: Deed, rows: Iterable[Any]) -> None:
        """Do one thing with each row, and say what came of it: in one sentence, and in one more for each refusal."""
        done = []
        for tracked in rows:
            try:
                deed.do(tracked, now=timezone.now())
            except TrackingRefused as refusal:
                messages.error(request, refusal.sentence)
                continue
            self.log_change(request, tracked, str(deed.label))
            done.append(str(tracked.profile))
        if done:
            messages.success(request, deed.done % {"names": listed(done), "count": len(done)})

    @admin.action(description=gettext_lazy("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.do(request, BY_KEY["fetch-now"], rows)

    @admin.action(description=gettext_lazy("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.do(request, BY_KEY["pause"], rows)

    @admin.action(description=gettext_lazy("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.do(request, BY_KEY["resume"], rows)

    @admin.action(description=gettext_lazy("Remove (history stays)"), permissions=["change"])
    def remove(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.do(request, BY_KEY["remove"], rows)

    @admin.action(description=gettext_lazy("Bring back"), permissions=["change"])
    def bring_back(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self.do(request, BY_KEY["bring-back"], rows)


@admin.register(Competitor)
class CompetitorAdmin(FollowedAdmin):
    role = Role.COMPETITOR
    add_title = gettext_lazy("Add a competitor")
    add_button = gettext_lazy("Add competitor")

    def places(self, taken: list[int | None]) -> tuple[bool, ...]:
        return tuple(place in taken for place in range(1, COMPETITOR_LIMIT + 1))


@admin.register(OwnAccount)
class OwnAccountAdmin(FollowedAdmin):
    role = Role.OWN
    add_title = gettext_lazy("Add an own account")
    add_button = gettext_lazy("Add own account")
    fields = tuple(field for field in FollowedAdmin.fields if field != "place")


def inline(picture: bytes | None) -> str:
    """The picture inside the page: nothing is stored yet, and no browser asks a network for it."""
    return f"data:image/webp;base64,{b64encode(picture).decode()}" if picture else ""


def listed(names: list[str]) -> str:
    """The names in a sentence, the first few of many."""
    if len(names) <= NAMES_SAID:
        return get_text_list(names, _("and"))
    more = ngettext("%(count)d more", "%(count)d more", len(names) - NAMES_SAID) % {"count": len(names) - NAMES_SAID}
    return get_text_list([*names[:NAMES_SAID], more], _("and"))
