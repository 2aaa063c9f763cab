"""The teacher's pages say what lessons, catalogue and commands say, and lead somewhere."""

import argparse
import re
from pathlib import Path

import pytest

from docs.site.slides.decks import list_decks, render_deck
from tinyml_course.board.catalog import BOARDS
from tinyml_course.classroom.quiz import quiz
from tinyml_course.cli.main import build_parser

ROOT = Path(__file__).parents[1]
TEACHING = ROOT / "docs" / "teaching"
PAGES = sorted(TEACHING.glob("*.md"))
LESSONS = re.findall(
    r"^\| \[(\w+)\]\(\S+\) \| .+ \| (\d+) min \| (\d+) s \|$",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
MINUTES = {name.split("_")[0]: int(minutes) for name, minutes, _ in LESSONS}
HEADINGS = ("Objectives", "Prerequisites", "Minutes", "Materials", "Misconceptions", "Wiring")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def read(name: str) -> str:
    return (TEACHING / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(path: Path) -> set[str]:
    """What one may write behind `#`, by GitHub's rule."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_index_names_every_page():
    linked = set(re.findall(r"\]\((\w+\.md)\)", read("README.md")))
    assert linked == {page.name for page in PAGES} - {"README.md"}
    assert [name for name, *_ in LESSONS] == sorted(
        path.stem for path in (ROOT / "notebooks" / "src").glob("[0-9]*.py")
    )
    assert "docs/teaching/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "minutes", "seconds"), LESSONS, ids=[row[0] for row in LESSONS])
def test_every_lesson_has_its_section(name, minutes, seconds):
    source = (ROOT / "notebooks" / "src" / f"{name}.py").read_text(encoding="utf-8")
    title = re.search(r"^# # (.+)$", source, re.MULTILINE)[1]
    section = read("lessons.md").split(f"\n## {title}\n")[1].split("\n## ")[0]
    for heading in (*HEADINGS, "When hardware fails"):
        assert f"**{heading}**" in section, heading
    assert f"**Minutes**: {minutes} to learn. It runs in {seconds} s." in section
    able = re.search(r"# ## What you will be able to do\n#\n((?:# .+\n)+)", source)[1]
    assert able.replace("# ", "") in section, "the objectives are no longer the lesson's"
    asked = re.findall(r"^\| [^|]+ \| ([^|]+) \|$", section, re.MULTILINE)[1:]
    assert len(asked) >= 3
    assert all("?" in question for question in asked), "a misconception needs its question"


def test_the_syllabus_counts_the_lessons_minutes_and_adds_up():
    tables = re.findall(r"(?:^\|.*\|\n)+", read("syllabus.md"), re.MULTILINE)
    assert len(tables) == 4
    for table in tables:
        rows = [[cell.strip(" *") for cell in row.split("|")[1:-1]] for row in table.splitlines()]
        parts = [(row[-2], int(row[-1])) for row in rows if row[-1].isdigit()]
        for session, minutes in parts:
            if lesson := re.match(r"(\d\d[a-z]?) ", session):
                assert minutes == MINUTES[lesson[1]], session
        assert parts[-1][0] == "total"
        assert parts[-1][1] == sum(minutes for _, minutes in parts[:-1])


def test_the_syllabus_says_the_lessons_minutes_outside_of_its_columns_too():
    text = read("syllabus.md")
    named = re.findall(r"\b(\d\d[a-z]?) \((?:[a-z ]+, )?(\d+)\)", text)
    assert {lesson for lesson, _ in named} == {"13", "14", "15", "16", "18"}
    for lesson, minutes in named:
        assert int(minutes) == MINUTES[lesson], lesson
    ((lessons, more),) = re.findall(r"takes ([\d, and]+) as well: (\d+) minutes more", text)
    assert int(more) == sum(MINUTES[lesson] for lesson in re.findall(r"\d\d", lessons))


def test_no_morning_of_the_syllabus_is_longer_than_it_says():
    week = read("syllabus.md").split("## A week of mornings")[1].split("**total**")[0]
    assert "at most three and a half hours" in week
    mornings = re.split(r"^\| \w+day: \| \|$", week, flags=re.MULTILINE)[1:]
    assert len(mornings) == 5
    for morning in mornings:
        rows = re.findall(r"^\| (.+) \| (\d+) \|$", morning, re.MULTILINE)
        usual = [int(minutes) for _, minutes in rows]
        other = [int((re.findall(r"\((\d+)", name) or [minutes])[0]) for name, minutes in rows]
        assert sum(usual) <= 210, morning
        assert sum(other) <= 210, morning


@each_page
def test_links_lead_somewhere(page):
    text = without_code(page.read_text(encoding="utf-8"))
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)", text):
        place = (page.parent / target).resolve() if target else page
        assert place.exists(), target
        if anchor:
            assert anchor in anchors(place), f"{target}#{anchor}"


def commands() -> dict[str, argparse.ArgumentParser]:
    actions = build_parser()._actions
    return next(a for a in actions if isinstance(a, argparse._SubParsersAction)).choices


@each_page
def test_commands_exist_with_their_options(page):
    known = commands()
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^    |`)(tinyml [^`#\n]+)", text, re.MULTILINE):
        _, command, *rest = line.split()
        assert command in known, line
        for option in (word for word in rest if word.startswith("--")):
            assert option in known[command]._option_string_actions, line
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in re.findall(r"(?:^    |`)make (\w+)", text, re.MULTILINE):
        assert target in targets, target


@each_page
def test_files_that_are_named_exist(page):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(
        r"(?:data|docs|arduino_sketches|notebooks)/[\w./]*\w", without_links(text)
    ):
        assert (ROOT / name).exists(), name


def without_links(text: str) -> str:
    return re.sub(r"\]\([^)]*\)", "", text)


def test_the_figures_of_the_page_on_ethics_are_those_of_the_model_card():
    card = (ROOT / "data" / "bundles" / "keywords_people" / "MODEL_CARD.md").read_text()
    before = re.search(r"before it learnt from the second source.+", card)[0]
    ((yes, no),) = re.findall(
        r"knew (0\.\d+) of the \*yes\* and (0\.\d+) of\s+the \*no\*", read("ethics.md")
    )
    assert f"yes {yes}, no {no}," in before


def test_the_sheet_has_the_catalogues_boards():
    sheet = read("sheet.md")
    for board in BOARDS.values():
        megahertz = board.clock_hz // 1_000_000
        words = {True: "yes", False: "no"}
        assert (
            f"| {board.name} | {board.mcu} {board.core} | {megahertz} | {words[board.has_fpu]} | "
            f"{board.flash_bytes:,} | {board.ram_bytes:,} | {words[board.is_virtual]} |" in sheet
        )


def test_the_bank_has_five_questions_a_lesson_as_the_page_says():
    assert "five questions" in read("assessment.md")
    assert {len(quiz(lesson).questions) for lesson in MINUTES} == {5}


def test_every_question_of_an_exam_has_its_key():
    for exam in re.split(r"\n## Exam ", read("assessment.md").split("\n## A rubric")[0])[1:]:
        questions, key = exam.split("\n### Key")
        asked = re.findall(r"^(\d+)\. ", questions, re.MULTILINE)
        answered = re.findall(r"^\| (\d+) \| .+ \| (\d\d) \|$", key, re.MULTILINE)
        assert 8 <= len(asked) <= 10
        assert [number for number, _ in answered] == asked
        assert all(lesson in MINUTES for _, lesson in answered)


@pytest.mark.parametrize("deck", list_decks(), ids=lambda deck: deck.name)
def test_every_slide_finds_the_cell_that_it_shows(deck):
    assert render_deck(deck).count("<section") > 5 * len(deck.lessons)
