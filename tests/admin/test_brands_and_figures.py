"""The brands of a workspace, and the figures of industries."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from benchmark.industry import published
from benchmark.models import Brand, IndustryFigure, Role
from tests.admin.looking import listed, said, text, url
from tests.factories.rows import BrandFactory, CohortFigureFactory, IndustryFigureFactory, TrackedProfileFactory
from tests.industry.test_published import LINE, cell, file

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

LOAD = "/admin/benchmark/industryfigure/import/"
EVERY_COLUMN = {f"figureresource_{name}": "on" for name in (*published.COLUMNS, published.OURS)}
STUDY = {
    "publisher": "A publisher",
    "source": "A published study",
    "source_url": "https://example.org/study",
    "year": "2026",
    "network": "facebook",
    "industry": "all",
    "published_industry": "All",
    "measure": "Engagement rate per post",
    "parts": "reactions+comments+shares",
    "denominator": "followers",
    "over_posts": "mean",
    "over_profiles": "median",
    "value": "0.1",
    "unit": "percent",
    "target": "on",
}


def sent(text):
    return {"file": SimpleUploadedFile("figures.csv", text.encode(), "text/csv")}


def ours():
    return list(IndustryFigure.objects.filter(publisher__in=["A study", "A publisher"]).order_by("pk"))


def test_a_file_is_looked_at_first_and_loaded_then(sit):
    browser = sit("operator")

    looked = browser.post(LOAD, sent(file(LINE)))

    assert looked.status_code == 200
    assert "1 new, 0 corrected, 0 unchanged, 0 refused." in text(looked)
    assert "Engagement rate per post, median Facebook Retail 0.12" in text(looked)
    assert ours() == []

    loaded = browser.post(LOAD, {"text": looked.context["text"], "load": "1"}, follow=True)
    assert said(loaded) == ["1 figure is stored."]
    assert [each.value for each in ours()] == [0.12]


def test_a_correction_is_shown_field_by_field_and_keeps_the_old_figure(sit):
    browser = sit("operator")
    browser.post(LOAD, {"text": file(LINE), "load": "1"})

    looked = browser.post(LOAD, sent(file(cell(value="0.13"))))
    assert "value: 0.12 → 0.13" in text(looked)
    browser.post(LOAD, {"text": looked.context["text"], "load": "1"})

    assert [(each.value, each.replaced_at is None) for each in ours()] == [(0.12, False), (0.13, True)]


def test_one_wrong_line_refuses_the_whole_file_even_when_it_is_sent_to_be_loaded(sit):
    browser = sit("operator")
    wrong = file(LINE, cell(year="2025", value="much"))

    for given in (sent(wrong), {"text": wrong, "load": "1"}):
        answer = browser.post(LOAD, given)
        assert answer.status_code == 422
        assert "3 “much” is no number. Write it as 0.046." in text(answer)
        assert "Load 1 figure" not in text(answer)
    assert ours() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Choose a file."),
        (sent("a,b\n1,2\n"), "The file has no column “publisher”."),
        ({"file": SimpleUploadedFile("figures.csv", b"\xff\xfe\x00")}, "The file is not written in UTF-8."),
    ],
)
def test_what_is_no_file_of_figures_is_refused_at_its_field(sit, given, sentence):
    answer = sit("operator").post(LOAD, given)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_what_is_exported_can_be_loaded_again_and_changes_nothing(sit):
    answer = sit("operator").post(url("industryfigure", "export"), {"format": "0", "resource": "0"} | EVERY_COLUMN)

    seen = published.preview(answer.content.decode())
    assert (seen.new, seen.changed, seen.refused) == ((), (), ())
    assert seen.unchanged == IndustryFigure.objects.count()


def test_a_figure_is_added_by_hand_and_adding_it_again_corrects_it(sit):
    browser = sit("operator")

    for value in ("0.1", "0.2"):
        assert browser.post(url("industryfigure", "add"), STUDY | {"value": value}).status_code == 302

    assert [(each.value, each.replaced_at is None) for each in ours()] == [(0.1, False), (0.2, True)]


def test_changing_a_figure_keeps_the_old_one_whatever_is_changed(sit):
    figure = IndustryFigureFactory.create()
    browser = sit("operator")

    browser.post(url("industryfigure", "change", figure.pk), STUDY)  # nothing differs
    assert ours() == [figure]
    browser.post(url("industryfigure", "change", figure.pk), STUDY | {"year": "2025"})

    assert [(each.year, each.replaced_at is None) for each in ours()] == [(2026, False), (2025, True)]


def test_a_figure_that_was_replaced_is_only_looked_at(sit):
    figure = IndustryFigureFactory.create(replaced_at=timezone.now())
    browser = sit("operator")

    assert browser.get(url("industryfigure", "change", figure.pk)).status_code == 200
    assert browser.post(url("industryfigure", "change", figure.pk), STUDY | {"value": "9"}).status_code == 403
    assert [each.value for each in ours()] == [0.1]


def test_a_figure_in_other_words_than_those_of_definitions_is_refused_at_its_field(sit):
    answer = sit("operator").post(url("industryfigure", "add"), STUDY | {"over_posts": "typical"})

    assert "“typical” is no word for “over_posts”." in text(answer)
    assert ours() == []


def test_a_withdrawn_figure_is_kept_and_shown_no_longer(sit):
    figure = IndustryFigureFactory.create()
    browser = sit("operator")

    browser.post(url("industryfigure"), {"action": "withdraw", "_selected_action": [figure.pk]})

    figure.refresh_from_db()
    assert figure.replaced_at is not None
    search = {"q": "A published study"}
    assert listed(browser.get(url("industryfigure"), search)) == []
    assert listed(browser.get(url("industryfigure"), search | {"edition": "replaced"})) == [figure]
    assert browser.post(url("industryfigure", "delete", figure.pk), {"post": "yes"}).status_code == 403


def test_figures_are_narrowed_by_publisher_network_industry_and_year(sit):
    one = IndustryFigureFactory.create(network="x", industry="media", year=1999, publisher="Somebody")
    browser = sit("operator")

    for asked in ({"publisher": "Somebody"}, {"network": "x", "industry": "media", "year": "1999"}):
        assert listed(browser.get(url("industryfigure"), asked)) == [one]
    assert browser.get(url("industryfigure"), {"network": "friendster"}).status_code == 404


def test_cohorts_are_looked_at_without_their_single_figures(sit):
    cohort = CohortFigureFactory.create(industry="retail", follower_tier="1k-10k", figures=(1.0, 2.0, 3.0, 4.0, 77.5))
    browser = sit("operator")

    shown = browser.get(url("cohortfigure"))
    assert listed(shown) == [cohort]
    assert "Retail, 1,000 to 10,000 followers" in text(shown)
    assert "77.5" not in text(browser.get(url("cohortfigure", "change", cohort.pk)))
