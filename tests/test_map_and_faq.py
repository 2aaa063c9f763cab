"""The map's table and ways are those of the lessons, the FAQ's figures those of their solutions."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
FAQ = (ROOT / "docs" / "faq.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "notebooks" / "src").glob("[0-9]*_*.py"))
NUMBERS = [source.stem.split("_")[0] for source in SOURCES]


def lesson_title(source: Path) -> str:
    return re.search(r"^# # (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)[1]


def lesson_needs(source: Path) -> list[str]:
    """What stands behind "Before it"; what only helps is no need."""
    text = source.read_text(encoding="utf-8")
    said = re.search(r"^# Before it: ((?:.+\n)+?)#\n", text, re.MULTILINE)[1]
    needed = re.split(r"; |\. ", said.replace("\n# ", " "))[0]
    return [] if needed == "nothing" or "knows" in said else re.findall(r"\((\d\d\w?)_", needed)


NEEDS = {number: lesson_needs(source) for number, source in zip(NUMBERS, SOURCES, strict=True)}
ROWS = re.findall(r"^\| (\d\d\w? .+?) \| (.+?) \| (.+?) \|$", MAP.split("## In weeks")[0], re.M)


def test_the_map_has_every_lesson_by_its_title():
    assert [title for title, _, _ in ROWS] == [lesson_title(source) for source in SOURCES]


def test_the_map_says_what_the_lessons_say_they_need():
    for number, (_, needs, leads) in zip(NUMBERS, ROWS, strict=True):
        assert needs == (", ".join(NEEDS[number]) or "nothing")
        follow = [other for other in NUMBERS if number in NEEDS[other]]
        if not leads.startswith("all"):
            assert re.findall(r"\b\d\d\w?\b", leads) == follow, number


def test_no_way_through_the_map_leaves_out_what_one_of_its_lessons_needs():
    ways = re.findall(r": ((?:\d\d\w?, )+\d\d\w?)\.", MAP.split("Three ways")[1].split("##")[0])
    assert len(ways) == 2
    for way in ways:
        lessons = way.split(", ")
        for place, lesson in enumerate(lessons):
            assert set(NEEDS[lesson]) <= set(lessons[:place]), f"{lesson} in {way}"


def test_the_weeks_of_the_map_are_in_an_order_that_works():
    weeks = re.findall(r"^\| \d \| ([\d, b]+) \|", MAP, re.MULTILINE)
    lessons = ", ".join(weeks).split(", ")
    for place, lesson in enumerate(lessons):
        assert set(NEEDS[lesson]) <= set(lessons[:place]), lesson


# What a row computes itself: as it is written, and the value.
COMPUTED = {
    "43 %": 100 * (1 - 2768 / 4816),
    "68 %": 100 * (1 - 8912 / 27904),
    "707": (3 + 1) * 32 + (32 + 1) * 16 + (16 + 1) * 3,
    "2.8 kB": 4 * 707 / 1000,
}


def test_what_the_faq_computes_is_right():
    for written, value in COMPUTED.items():
        assert written in FAQ
        number = written.split()[0]
        assert round(value, len(number.partition(".")[2])) == float(number)


def faq_rows() -> list[tuple[str, str, str]]:
    rows = re.findall(r"^\| (\".+?) \| (.+?) \| (.+?) \| .+? \|$", FAQ, re.MULTILINE)
    return [row for row in rows if "notebooks/" in row[2]]


def what_it_shows(places: str) -> str:
    """All that the solutions of the linked lessons say, print, and show as a table."""
    shown = []
    for name in re.findall(r"notebooks/(\w+\.ipynb)", places):
        stored = nbformat.read(ROOT / "notebooks" / "solutions" / name, as_version=4)
        for cell in stored.cells:
            shown.append(cell.source if cell.cell_type == "markdown" else "")
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                shown += [
                    output.get("text", ""),
                    data.get("text/plain", ""),
                    data.get("text/html", ""),
                ]
    return "\n".join(shown).replace(",", "")


@pytest.mark.parametrize("row", faq_rows(), ids=lambda row: row[0].strip('"')[:30])
def test_a_figure_of_the_faq_is_that_of_its_stored_solution(row):
    claim, measured, places = row
    shown = what_it_shows(places)
    for figure in re.findall(r"\d+,\d{3}|\d+\.\d+|\d{3,}", measured):
        if figure not in claim and not any(written.startswith(figure) for written in COMPUTED):
            assert re.search(rf"(?<![\d.]){figure.replace(',', '')}(?!\d)", shown), figure
