"""`load_industry_figures`, as somebody types it: looked at first, stored then, all of it or nothing."""

import pytest
from django.core.management import CommandError, call_command

from benchmark.models import IndustryFigure
from tests.industry.test_published import HEAD, LINE, cell, file

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(tmp_path, capsys):
    """Type the command for a file with this text; returns what it prints."""
    path = tmp_path / "figures.csv"

    def say(text, *words):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("load_industry_figures", str(path), *words)
        return capsys.readouterr().out

    return say


def stored():
    return list(IndustryFigure.objects.filter(publisher="A study").order_by("pk").values_list("value", flat=True))


def test_a_preview_says_what_is_new_and_stores_nothing(say):
    said = say(file(LINE), "--dry-run")

    assert said.splitlines() == [
        "1 new, 0 corrected, 0 unchanged.",
        "+ A study, 2026, facebook, Retail, Engagement rate per post, median: 0.12",
        "Nothing was stored.",
    ]
    assert stored() == []


def test_what_the_preview_showed_is_loaded(say):
    assert say(file(LINE)).endswith("1 stored.\n")
    assert stored() == [0.12]


def test_a_correction_is_named_field_by_field(say):
    say(file(LINE))
    said = say(file(cell(value="0.13", note="Corrected.")))

    assert "~ A study, 2026, facebook, Retail, Engagement rate per post, median: value 0.12 -> 0.13" in said
    assert "note 'Small.' -> 'Corrected.'" in said
    assert stored() == [0.12, 0.13]


def test_one_wrong_line_refuses_the_whole_file(say):
    with pytest.raises(CommandError) as refused:
        say(file(LINE, cell(year="2025", value="much"), cell(year="2024", network="myspace")))

    assert str(refused.value).splitlines() == [
        "line 3: “much” is no number. Write it as 0.046.",
        "line 4: There is no network “myspace”.",
        "2 wrong: nothing was loaded.",
    ]
    assert refused.value.returncode == 2
    assert stored() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "is not written in UTF-8"),
        (b"a,b\n1,2\n", "The file has no column"),
        (HEAD.encode(), "no line below"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_sentence(say, content, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        say(content)
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"nowhere.csv cannot be read: No such file or directory\."):
        call_command("load_industry_figures", "nowhere.csv")
