"""Static files are gathered when they have changed, and only then."""

from pathlib import Path

import pytest

from benchmark.management import static_files


@pytest.fixture
def folders(settings, tmp_path: Path) -> Path:
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATIC_ROOT = tmp_path / "gathered"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "page.css").write_text("body { color: black }")
    return tmp_path


def test_a_change_is_gathered_and_nothing_is_done_without_one(folders: Path):
    assert static_files.gather() is True
    assert static_files.gather() is False
    (folders / "source" / "page.css").write_text("body { color: midnightblue }")
    assert static_files.gather() is True
    assert (folders / "gathered" / "page.css").read_text() == "body { color: midnightblue }"
    (folders / "source" / "new.css").write_text("")
    assert static_files.gather() is True
