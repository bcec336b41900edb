"""The brands of a workspace, and the figures of industries."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from benchmark.models import Brand, IndustryFigure, Role
from tests.admin.looking import listed, text, url
from tests.factories.rows import BrandFactory, IndustryFigureFactory, TrackedProfileFactory

ACME = {"name": "Acme", "role": "competitor", "industry": "travel", "group": "North", "colour": "#2456c9"}


def test_an_editor_makes_a_brand_in_their_workspace(sit, workspace):
    sit("editor").post(url("brand", "add"), ACME | {"workspace": "999"})

    brand = Brand.objects.get()
    assert (brand.workspace, brand.name, brand.role, brand.colour) == (workspace, "Acme", "competitor", "#2456c9")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "ACME"}, "There is a brand “ACME” already. Choose another name."),
        ({"name": "  "}, "This field is required."),
        ({"colour": "blueish"}, "#"),
        ({"industry": "nonsense"}, "Select a valid choice"),
    ],
)
def test_a_wrong_brand_is_refused_at_its_field(sit, workspace, wrong, sentence):
    BrandFactory.create(workspace=workspace, name="Acme")

    page = sit("editor").post(url("brand", "add"), ACME | wrong)

    assert page.status_code == 200
    assert sentence in text(page)
    assert Brand.objects.count() == 1


def test_the_same_name_is_free_in_another_role_and_another_workspace(sit, workspace):
    BrandFactory.create(workspace=workspace, name="Acme", role=Role.OWN)
    BrandFactory.create(name="Acme")

    sit("editor").post(url("brand", "add"), ACME)

    assert Brand.objects.of(workspace).filter(name="Acme").count() == 2


def test_a_brand_is_renamed_and_keeps_its_role(sit, workspace):
    brand = BrandFactory.create(workspace=workspace, name="Acme")

    sit("editor").post(url("brand", "change", brand.pk), ACME | {"name": "Acme  Travel", "role": "own"})

    brand.refresh_from_db()
    assert (brand.name, brand.role, brand.workspace) == ("Acme Travel", "competitor", workspace)


def test_a_brand_goes_only_where_no_history_hangs_on_it(sit, workspace):
    unused, used = BrandFactory.create(workspace=workspace), BrandFactory.create(workspace=workspace)
    TrackedProfileFactory.create(workspace=workspace, brand=used, removed_at=timezone.now())
    browser = sit("editor")

    answers = [browser.post(url("brand", "delete", brand.pk), {"post": "yes"}) for brand in (unused, used)]

    assert [answer.status_code for answer in answers] == [302, 403]
    assert list(Brand.objects.all()) == [used]


# --- figures ---------------------------------------------------------------------------------------------------------

HEAD = "source,year,network,industry,follower_tier,metric,parts,denominator,over_posts,over_profiles,value,unit"
ROW = "A study,2026,facebook,travel,,engagement_rate_mean,reactions + comments,followers,mean,median,0.12,percent"


@pytest.fixture
def no_figures(db):
    IndustryFigure.objects.all().delete()


def test_figures_are_imported_from_a_file_once(sit, workspace, no_figures):
    browser = sit("operator")

    for _time in range(2):
        file = SimpleUploadedFile("figures.csv", f"{HEAD}\n{ROW}\n".encode(), "text/csv")
        page = browser.post(url("industryfigure", "import"), {"import_file": file, "format": "0"})
        confirmed = page.context["confirm_form"].initial
        browser.post(url("industryfigure", "process_import"), {**confirmed, "format": "0"})

    figure = IndustryFigure.objects.get()
    assert (figure.source, figure.industry, figure.value, figure.computed_at) == ("A study", "travel", 0.12, None)


def test_a_figure_of_our_own_cohorts_is_only_looked_at(sit, workspace, no_figures):
    computed, published = (
        IndustryFigureFactory.create(computed_at=timezone.now(), source="Cohort"),
        IndustryFigureFactory.create(),
    )
    browser = sit("operator")

    answers = [browser.post(url("industryfigure", "delete", row.pk), {"post": "yes"}) for row in (computed, published)]

    assert [answer.status_code for answer in answers] == [403, 302]
    assert list(IndustryFigure.objects.all()) == [computed]
    assert listed(browser.get(url("industryfigure"))) == [computed]
    assert "0.1 %" in text(browser.get(url("industryfigure"))).replace("0.10 %", "0.1 %")
