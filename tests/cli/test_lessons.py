"""`tinyml lessons`: the notebooks where a learner may write, and nobody's work overwritten."""

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tinyml_course.cli import lessons
from tinyml_course.cli.main import main
from tinyml_course.errors import OutputError
from tinyml_course.extras import pip_line
from tinyml_course.shipped import DOCS, LESSONS

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
LESSONS_THERE = len(list((LESSONS / "src").glob("[0-9]*.py")))


def test_open_and_solved_lessons_are_copied(tmp_path, capsys):
    out = tmp_path / "course"
    assert main(["lessons", "--out", str(out), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["folder"] == str(out)
    names = sorted(path.name for path in LESSONS.glob("*.ipynb"))
    assert len(names) == LESSONS_THERE
    for key, folder, source in (
        ("lessons", out, LESSONS),
        ("solutions", out / "solutions", LESSONS / "solutions"),
    ):
        assert value[key] == [str(folder / name) for name in names]
        for name in names:
            copied = (folder / name).read_bytes()
            assert copied == lessons.relink((source / name).read_bytes())


def test_the_line_to_type_next_holds_where_the_folder_has_a_space(tmp_path, capsys):
    out = tmp_path / "my course"
    assert main(["lessons", "--out", str(out)]) == 0
    (line,) = [x for x in capsys.readouterr().out.splitlines() if x.startswith("open them: ")]
    assert shlex.split(line.removeprefix("open them: ")) == ["jupyter", "lab", str(out)]


def test_what_a_lesson_shows_and_links_to_comes_along(tmp_path):
    lessons.copy_lessons(tmp_path)
    for path in [*tmp_path.glob("*.ipynb"), *tmp_path.glob("solutions/*.ipynb")]:
        for link in LINK.findall(path.read_text()):
            assert (path.parent / link).is_file(), f"{path.name}: {link}"


def test_a_link_of_a_copied_page_leads_to_a_copied_file(tmp_path):
    lessons.copy_lessons(tmp_path)
    assert (tmp_path / "docs" / "teaching" / "ethics.md").is_file()
    for page in tmp_path.rglob("docs/**/*.md"):
        text = page.read_text(encoding="utf-8")
        for link in LINK.findall(text):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_no_link_is_dead_where_a_teacher_keeps_the_solutions(tmp_path):
    lessons.copy_lessons(tmp_path)
    shutil.rmtree(tmp_path / "solutions")
    pages = [*tmp_path.rglob("*.md"), *tmp_path.rglob("*.ipynb")]
    assert len(pages) > LESSONS_THERE
    for page in pages:
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"


def test_no_page_for_learners_in_the_checkout_leads_into_the_solutions():
    """A teacher may give out the checkout without them; the pages in docs/teaching stay behind."""
    for page in [*DOCS.glob("*.md"), *LESSONS.glob("*.ipynb"), LESSONS.parent / "README.md"]:
        led = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "solut" in link]
        assert not led, page.name


def test_it_says_what_to_type_next(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lessons"]) == 0
    said = capsys.readouterr().out
    assert "jupyter lab lessons" in said
    assert "pip install" not in said
    monkeypatch.setattr(lessons, "is_installed", lambda module: False)
    assert main(["lessons", "--out", "again"]) == 0
    assert pip_line("lab") in capsys.readouterr().out


@pytest.mark.parametrize("where", ["mine.ipynb", "solutions/mine.ipynb"])
def test_a_folder_with_notebooks_is_refused_and_stays_as_it_is(tmp_path, capsys, where):
    mine = tmp_path / where
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("my answers")
    assert main(["lessons", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert f"{mine.parent} has notebooks, and yours are not overwritten" in said.err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]


def test_other_files_are_no_obstacle(tmp_path):
    (tmp_path / "notes.txt").write_text("Monday")
    assert main(["lessons", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "notes.txt").read_text() == "Monday"


def test_a_full_disk_leaves_no_half_course_that_would_be_refused(tmp_path, monkeypatch):
    written: list[Path] = []

    def write_three(path: Path, content: bytes) -> Path:
        if len(written) == 3:
            raise OutputError(f"cannot write {path}: No space left on device")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
        return path

    monkeypatch.setattr(lessons, "write_bytes", write_three)
    with pytest.raises(OutputError, match="No space left"):
        lessons.copy_lessons(tmp_path / "course")
    assert len(written) == 3
    monkeypatch.undo()
    copied = lessons.copy_lessons(tmp_path / "course")
    assert len([path for path in copied if path.suffix == ".ipynb"]) == 2 * LESSONS_THERE


def test_a_file_in_the_way_is_one_line(tmp_path, capsys):
    (tmp_path / "course").write_text("a file")
    assert main(["lessons", "--out", str(tmp_path / "course")]) == 1
    assert "cannot write" in capsys.readouterr().err
