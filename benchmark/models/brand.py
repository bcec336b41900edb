"""Companies: what several profiles on several networks belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import Workspace

INDUSTRIES: dict[str, str] = {
    "alcohol": "Alcohol",
    "automotive": "Automotive",
    "consumer_goods": "Consumer goods",
    "education": "Education",
    "energy": "Energy and utilities",
    "fashion": "Fashion",
    "financial_services": "Financial services",
    "food_beverage": "Food and beverage",
    "government": "Government",
    "health_beauty": "Health and beauty",
    "healthcare": "Healthcare and pharma",
    "higher_education": "Higher education",
    "home_decor": "Home decor",
    "influencers": "Influencers",
    "manufacturing": "Construction and manufacturing",
    "marketing_agencies": "Marketing agencies",
    "media": "Media",
    "nonprofits": "Nonprofits",
    "professional_services": "Professional services",
    "retail": "Retail",
    "sports_teams": "Sports teams",
    "technology": "Technology and software",
    "travel": "Travel and hospitality",
}


def industry_choices() -> list[tuple[str, str]]:
    """Keys and labels for forms; a callable, so that a new industry makes no migration."""
    return list(INDUSTRIES.items())


class Role(models.TextChoices):
    """Whose a brand is."""

    OWN = "own", "Own"
    COMPETITOR = "competitor", "Competitor"


class BrandQuerySet(models.QuerySet["Brand"]):
    def of(self, workspace: Workspace) -> BrandQuerySet:
        """The brands of a workspace, by name."""
        return self.filter(workspace=workspace).order_by("name", "id")


class Brand(models.Model):
    """A company in a workspace: its name, colour and industry, our own or a competitor."""

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="brands")
    name = models.CharField(max_length=255)
    role = models.CharField(max_length=16, choices=Role)
    industry = models.CharField(max_length=32, choices=industry_choices, blank=True)
    group = models.CharField(max_length=64, blank=True)
    colour = models.CharField(max_length=7, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = BrandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "role", "name"], name="one_brand_per_name_and_role"),
            # The target of the composite foreign key of TrackedProfile.
            models.UniqueConstraint(fields=["id", "workspace", "role"], name="brand_with_workspace_and_role"),
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=r"^#[0-9a-fA-F]{6}$"), name="colour_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return self.name
