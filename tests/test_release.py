"""One version everywhere, a changelog that begins with it or the next, pages that say so."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

import tinyml_course
from tests.release import UNRELEASED, read_newest, read_versions, write_version
from tinyml_course.shipped import BUNDLES

ROOT = Path(__file__).parents[1]


def key(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def test_the_package_and_what_one_cites_are_one_version():
    assert set(read_versions(ROOT).values()) == {tinyml_course.__version__}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" in project["dynamic"], "it is written once, in the package"


def test_the_changelog_begins_with_this_version_or_the_next():
    newest, state = read_newest(ROOT)
    if state == UNRELEASED:
        assert key(newest) > key(tinyml_course.__version__)
    else:
        assert newest == tinyml_course.__version__
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", state)


def test_teachers_are_told_what_changed_in_the_newest():
    newest, _ = read_newest(ROOT)
    page = (ROOT / "docs" / "teaching" / "changes.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", page, re.MULTILINE)[0] == newest
    assert "changes.md" in (ROOT / "docs" / "teaching" / "README.md").read_text(encoding="utf-8")


def test_no_bundle_is_of_a_version_to_come():
    for card in BUNDLES.glob("*/report.json"):
        (version,) = re.findall(r'"generator": "tinyml_course ([^"]+)"', card.read_text())
        assert key(version) <= key(tinyml_course.__version__), card


@pytest.fixture
def copy(tmp_path):
    for name in (*read_versions(ROOT), "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    log = tmp_path / "CHANGELOG.md"
    log.write_text(f"# Changelog\n\n## 9.8.7 {UNRELEASED}\n\nNews.\n\n## 0.1.0\n\nOld.\n")
    return tmp_path


def test_a_release_changes_every_place_and_nothing_else(copy):
    before = {name: (copy / name).read_text() for name in read_versions(copy)}
    old = tinyml_course.__version__
    write_version(copy, "9.8.7", "2031-05-06")
    assert set(read_versions(copy).values()) == {"9.8.7"}
    assert read_newest(copy) == ("9.8.7", "2031-05-06")
    for name, text in before.items():
        assert (copy / name).read_text() == text.replace(old, "9.8.7", 1)
    assert (copy / "CHANGELOG.md").read_text().endswith("## 0.1.0\n\nOld.\n")


@pytest.mark.parametrize(
    ("version", "words"),
    [("9.8", "is no version"), ("9.8.8", "begins with 9.8.7"), ("x", "no ver")],
)
def test_a_release_that_nobody_wrote_about_is_refused(copy, version, words):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit, match=words):
        write_version(copy, version, "2031-05-06")
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
