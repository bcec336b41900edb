"""The companies that a workspace's profiles belong to."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Workspace
from benchmark.models import INDUSTRIES, Brand, Role, TrackedProfile
from benchmark.tracking import refusals
from benchmark.tracking.slots import stand_in_line

LONGEST_NAME = 255
LONGEST_GROUP = 64


def brand_for(
    workspace: Workspace, role: Role, *, wanted: Brand | str | None, named: str, industry: str = "", group: str = ""
) -> Brand:
    """The brand that was chosen, or the one of this name (made where there is none), so that a company's profiles meet.

    Names are the same whatever their case. An own brand and a competitor of one name are two brands.
    """
    if industry and industry not in INDUSTRIES:
        raise refusals.unknown_industry(industry)
    brand = chosen(workspace, role, wanted) if isinstance(wanted, Brand) else by_name(workspace, role, wanted or named)
    given = {"industry": industry, "group": group.strip()[:LONGEST_GROUP]}
    changed = {field: value for field, value in given.items() if value and value != getattr(brand, field)}
    for field, value in changed.items():
        setattr(brand, field, value)
    if changed or brand.pk is None:
        brand.save()
    return brand


def chosen(workspace: Workspace, role: Role, brand: Brand) -> Brand:
    """A brand that was chosen, if it is this workspace's and of this role."""
    if brand.workspace_id != workspace.pk:
        raise refusals.brand_elsewhere()
    if brand.role != role:
        raise refusals.brand_of_other_role(brand.name, role)
    return brand


def by_name(workspace: Workspace, role: Role, name: str) -> Brand:
    """The brand of this name, or a new one that is not saved yet."""
    name = tidy_name(name)
    known = Brand.objects.of(workspace).filter(role=role, name__iexact=name).first()
    return known or Brand(workspace=workspace, role=role, name=name)


def tidy_name(name: str) -> str:
    """A brand's name on one line. Raises `TrackingRefused` where nothing is left, or too much."""
    tidy = " ".join(name.replace("\0", "").split())
    if not tidy:
        raise refusals.brand_name_missing()
    if len(tidy) > LONGEST_NAME:
        raise refusals.brand_name_too_long(LONGEST_NAME)
    return tidy


def free_name(workspace: Workspace, role: str, name: str, *, brand: Brand | None = None) -> str:
    """The name as a brand may have it, unless another one of its role does. Raises `TrackingRefused`."""
    tidy = tidy_name(name)
    same = Brand.objects.of(workspace).filter(role=role, name__iexact=tidy)
    if any(other != brand for other in same):
        raise refusals.brand_name_taken(tidy)
    return tidy


@transaction.atomic
def move_to_brand(tracked: TrackedProfile, brand: Brand | str) -> TrackedProfile:
    """Let a followed profile belong to another brand of the same role; a name makes one where there is none."""
    stand_in_line(tracked.workspace)
    tracked.refresh_from_db()
    tracked.brand = brand_for(tracked.workspace, Role(tracked.role), wanted=brand, named=tracked.brand.name)
    tracked.save(update_fields=["brand", "changed_at"])
    return tracked
