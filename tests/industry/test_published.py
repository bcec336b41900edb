"""Published figures: shipped whole, with what their publishers say and what is doubtful, and never overwritten."""

import csv
import re
from collections import Counter

import pytest
from django.utils import timezone

from benchmark.industry import published
from benchmark.industry.definition import definition_in, metrics_of
from benchmark.industry.published import COLUMNS, FileRefused
from benchmark.models import INDUSTRIES, IndustryFigure
from benchmark.models.figure import figure_networks
from tests.factories.rows import NOON, IndustryFigureFactory

pytestmark = pytest.mark.django_db

HEAD = ",".join(COLUMNS)
LINE = (
    "A study,A study 2026,https://example.org/,2026,,facebook,Retail,,,Engagement rate per post,interactions,followers,"
    "mean,median,0.12,percent,40,yes,Small."
)


def file(*lines, head=HEAD):
    return "\n".join((head, *lines)) + "\n"


def cell(**cells):
    """The line, with other cells."""
    values = dict(zip(COLUMNS, next(csv.reader([LINE])), strict=True)) | cells
    return ",".join(f'"{values[name]}"' for name in COLUMNS)


def store(text, now=NOON):
    seen = published.preview(text)
    assert not seen.refused
    return published.store(seen.figures, now=now)


# --- what is shipped -------------------------------------------------------------------------------------------------


def test_migrations_bring_the_shipped_figures_and_loading_again_changes_nothing():
    stored = IndustryFigure.objects.order_by("pk").values()
    before = list(stored)

    assert len(before) == len(published.shipped())
    assert published.load_shipped(now=NOON) == 0
    assert list(stored.all()) == before


def test_what_somebody_has_corrected_or_taken_out_stays_so():
    retail, fashion = (
        IndustryFigure.objects.get(
            network="facebook", industry=industry, measure="Engagement rate per post by follower", year=2024
        )
        for industry in ("retail", "fashion")
    )
    mine = published.copied(retail)
    mine.value = 9.0
    published.store([mine], now=NOON)
    IndustryFigure.objects.filter(pk=fashion.pk).update(replaced_at=NOON)

    assert published.load_shipped(now=NOON) == 0

    current = IndustryFigure.objects.current()
    assert current.get(network="facebook", industry="retail", measure=retail.measure).value == 9
    assert not current.filter(network="facebook", industry="fashion", measure=fashion.measure).exists()


def test_a_newer_version_of_a_shipped_figure_takes_its_place_and_the_old_one_stays():
    wanted = {"network": "facebook", "industry": "retail", "measure": "Engagement rate per post by follower"}
    IndustryFigure.objects.filter(**wanted).update(value=9, note="As an older version had it.")

    assert published.load_shipped(now=NOON) == 1

    assert IndustryFigure.objects.current().get(**wanted).value == 0.024
    old = IndustryFigure.objects.get(**wanted, replaced_at=NOON)
    assert (old.value, old.note) == (9, "As an older version had it.")


def test_every_shipped_figure_has_its_full_definition():
    for figure in published.shipped():
        assert figure.source_url.startswith("https://")
        assert figure.network in dict(figure_networks())
        assert figure.industry in {"all", *INDUSTRIES}
        assert figure.publisher
        assert figure.published_industry
        assert figure.parts
        assert figure.over_posts
        assert figure.over_profiles
        assert not figure.note or figure.note.endswith(".")
        assert not re.search(r"seen_in|file id|github:|CHECK|LOW ACTIVITY", figure.note)


def test_doubts_about_a_figure_are_named():
    doubtful = [figure for figure in published.shipped() if "In doubt" in figure.note]

    assert any(figure.value == 0.046 and "0.040 %" in figure.note for figure in doubtful)
    assert all("In doubt" in figure.note for figure in published.shipped() if figure.over_profiles == "not_stated"
               and figure.measure == "Views per post")  # fmt: skip


def test_where_hardly_anybody_posts_a_figure_is_nothing_to_aim_at():
    idle = {(figure.industry, figure.measure) for figure in published.shipped() if not figure.target}

    assert ("fashion", "Posts per week") in idle
    assert ("health_beauty", "Engagement rate per post by follower") in idle
    assert {figure.network for figure in published.shipped() if not figure.target} == {"x"}


def test_a_figure_keeps_its_publishers_name_of_the_industry_beside_ours():
    names = {(figure.publisher, figure.published_industry): figure.industry for figure in published.shipped()}

    assert names["Rival IQ", "Higher ed"] == "higher_education"
    assert names["Hootsuite", "Education"] == "education"
    assert names["Socialinsider", "FMCG food"] == names["Socialinsider", "FMCG beverages"] == "food_beverage"
    assert names["Rival IQ", "All"] == "all"


def test_published_medians_stand_beside_our_metrics_of_the_same_definition():
    def beside(**wanted):
        figures = (each for each in published.shipped() if all(getattr(each, name) == wanted[name] for name in wanted))
        found = (definition_in(each.parts, each.denominator, each.over_posts, each.unit) for each in figures)
        return {metric.key for definition in found for metric in metrics_of(definition)}

    assert "engagement_rate_mean" in beside(publisher="Rival IQ", unit="percent")
    assert "engagement_rate" not in beside(publisher="Rival IQ")
    assert "posts_per_week" in beside(publisher="Rival IQ", unit="per_week")
    assert "engagement_rate" in beside(publisher="PlayerSells", parts="reactions+comments+shares+quotes")
    assert beside(publisher="Hootsuite") == beside(publisher="Emplifi") == set()


# --- against the table from which they were taken --------------------------------------------------------------------


@pytest.fixture
def rows(shared_data):
    with (shared_data / "industry_benchmarks.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def named(text):
    """A name without punctuation and case, as the table writes its keys."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold().replace("yearly", "yoy")).strip("_")


def test_every_figure_that_is_not_weak_is_shipped_with_its_value_source_and_year(rows):
    wanted = Counter(
        (row["source"], row["source_url"], row["year"], {"all networks": "all"}.get(row["network"], row["network"]),
         row["industry"], row["metric"], float(row["value"]))
        for row in rows
        if "WEAK" not in row["note"]
    )  # fmt: skip

    shipped = Counter(
        (each.source, each.source_url, "" if each.year is None else str(each.year), each.network,
         named(each.published_industry), named(each.measure), each.value)
        for each in published.shipped()
    )  # fmt: skip

    assert (len(rows), sum(wanted.values())) == (518, 495)
    assert shipped == wanted


def test_medians_means_and_percentiles_are_those_of_the_table(rows):
    def kept(text):
        word = re.match(r"median(?! \(id)|average|mean|p\d\d", text)
        return {"average": "mean"}.get(word[0], word[0]) if word else ""

    wanted = Counter(kept(row["statistic"]) for row in rows if "WEAK" not in row["note"])
    shipped = Counter(each.over_profiles for each in published.shipped())

    assert {name: shipped[name] for name in wanted if name} == {name: wanted[name] for name in wanted if name}


def test_samples_tiers_formats_and_quarters_of_the_table_are_kept(rows):
    notes = [row["note"] for row in rows if "WEAK" not in row["note"]]

    def given(name):
        found = (re.search(rf"(?<!\w){name}=([^;]*)", note) for note in notes)
        return [match[1].strip() for match in found if match and match[1].strip() != "all"]

    shipped = published.shipped()
    assert len([each for each in shipped if each.follower_tier]) == len(given("tier"))
    assert sorted(each.post_format for each in shipped if each.post_format) == sorted(given("format"))
    assert len([each for each in shipped if each.edition]) == len(given("quarter")) + len(given("vintage"))
    sizes = Counter(str(each.profiles) for each in shipped if each.publisher == "PlayerSells")
    assert sizes == Counter(given("n_accounts"))


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_shipped_file_can_be_loaded_as_it_is_and_changes_nothing():
    seen = published.preview(published.FILE.read_text(encoding="utf-8"))

    assert (seen.new, seen.changed, seen.refused) == ((), (), ())
    assert seen.unchanged == len(published.shipped())


def test_a_new_edition_is_a_row_of_its_own():
    assert store(file(LINE)) == 1
    assert store(file(cell(year="2027", value="0.2"))) == 1

    found = IndustryFigure.objects.filter(publisher="A study").order_by("year")
    assert [(each.year, each.value, each.replaced_at) for each in found] == [(2026, 0.12, None), (2027, 0.2, None)]


def test_a_corrected_figure_keeps_the_old_one_as_replaced():
    store(file(LINE))
    seen = published.preview(file(cell(value="0.13")))

    assert [each.differs for each in seen.changed] == [[("value", 0.12, 0.13)]]
    assert IndustryFigure.objects.filter(publisher="A study").count() == 1  # looking stores nothing
    published.store(seen.figures, now=NOON)

    found = IndustryFigure.objects.filter(publisher="A study").order_by("pk")
    assert [(each.value, each.replaced_at) for each in found] == [(0.12, NOON), (0.13, None)]


def test_the_same_file_twice_changes_nothing():
    store(file(LINE))

    assert published.preview(file(LINE)).unchanged == 1
    assert store(file(LINE)) == 0


def test_an_industry_that_no_table_knows_is_named_in_a_column_of_its_own():
    head = f"{HEAD},our_industry"

    (refused,) = published.preview(file(cell(industry="Zoos") + ",", head=head)).refused
    assert refused.reason == "“Zoos” is no industry that is known of A study. Name ours in a column “our_industry”."
    store(file(cell(industry="Zoos") + ",travel", head=head))

    figure = IndustryFigure.objects.get(publisher="A study")
    assert (figure.industry, figure.published_industry) == ("travel", "Zoos")


@pytest.mark.parametrize("name", ["Retail", "retail", "RETAIL"])
def test_our_own_names_of_industries_are_understood(name):
    store(file(cell(industry=name)))

    figure = IndustryFigure.objects.get(publisher="A study")
    assert (figure.industry, figure.published_industry) == ("retail", name)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"value": "0,12"}, "“0,12” is no number. Write it as 0.046."),
        ({"value": "nan"}, "“nan” is no number. Write it as 0.046."),
        ({"value": "1e400"}, "“1e400” is no number. Write it as 0.046."),
        ({"value": ""}, "“” is no number. Write it as 0.046."),
        ({"year": "last"}, "“last” is no number for “year”."),
        ({"year": "20266"}, "“20266” is no number for “year”."),
        ({"profiles": "-3"}, "“-3” is no number for “profiles”."),
        ({"profiles": "0"}, "“0” is no number for “profiles”."),
        ({"network": "myspace"}, "There is no network “myspace”."),
        ({"source": " "}, "“source” is empty."),
        ({"target": "maybe"}, "“target” is either yes or no."),
        ({"source_url": "javascript:alert(1)"}, "“javascript:alert(1)” is no address."),
        ({"measure": "m" * 65}, "“measure” is longer than 64 characters."),
        ({"industry": "i" * 129}, "“" + "i" * 60 + "” is no industry that is known of A study."),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_a_sentence(cells, reason):
    seen = published.preview(file(LINE, cell(**{"year": "2025"} | cells)))

    (refused,) = seen.refused
    assert refused.line == 3
    assert refused.reason.startswith(reason)


@pytest.mark.parametrize(
    "cells",
    [{"parts": "clicks"}, {"denominator": "fans"}, {"over_posts": "Mean"}, {"over_profiles": "p33"}, {"unit": "%"}],
)
def test_a_word_that_is_in_no_definition_is_refused_with_those_that_are(cells):
    ((name, word),) = cells.items()
    (refused,) = published.preview(file(cell(**cells))).refused

    assert refused.reason.startswith(f"“{word}” is no word for “{name}”. Known: ")


def test_a_line_with_too_few_or_too_many_cells_is_refused():
    for line in (LINE + ",more", "A study,2026"):
        (refused,) = published.preview(file(line)).refused
        assert refused.reason == "The line has not as many cells as the file has heads."


def test_a_figure_that_stands_twice_in_a_file_is_refused():
    (refused,) = published.preview(file(LINE, cell(value="0.5"))).refused
    assert (refused.line, refused.reason) == (3, "Line 2 has the same figure already.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file has no column “publisher”."),
        ("a,b\n1,2\n", "The file has no column “publisher”."),
        (HEAD + "\n", "The file has no line below its heads."),
        (HEAD + ",mood\n", "The column “mood” is not known."),
        (file(LINE + "\x00"), "The file is no text."),
        (HEAD + "\n" + '"open', "Near line 1 the file cannot be read as CSV"),
        ("x" * 1_000_001, "The file is larger than 1000000 characters."),
    ],
)
def test_what_is_no_table_of_figures_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(FileRefused) as refused:
        published.preview(text)
    assert refused.value.sentence.startswith(sentence)


def test_two_current_figures_of_one_definition_cannot_exist():
    from django.db import IntegrityError, transaction

    IndustryFigureFactory.create(year=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        IndustryFigureFactory.create(year=None)
    IndustryFigureFactory.create(year=None, replaced_at=timezone.now())
    assert IndustryFigure.objects.filter(publisher="A publisher").count() == 2
