"""No cell soon behind an exercise of an open lesson shows how the exercise is done."""

import pytest

from tests.notebooks.lesson_files import SOURCES, derive_notebook
from tests.notebooks.operations import find_shown

SOON = 6  # code cells, the check among them


def list_exercises(source):
    """The solved cell of each function to write, the open one, and the open cells behind it."""
    opened, solved = (
        [cell for cell in derive_notebook(source, is_solved).cells if cell.cell_type == "code"]
        for is_solved in (False, True)
    )
    answers = {cell.id: cell.source for cell in solved}
    for number, cell in enumerate(opened):
        if cell.source != answers[cell.id] and "return " in answers[cell.id]:
            yield answers[cell.id], cell, opened[number + 1 : number + 1 + SOON]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_no_cell_soon_behind_an_exercise_shows_its_answer(source):
    exercises = list(list_exercises(source))
    assert exercises
    for answer, begun, behind in exercises:
        for cell in behind:
            shown = find_shown(answer, begun.source, cell.source)
            assert not shown, f"{cell.id} shows {shown} of {begun.id}: take reference_answer"


@pytest.mark.parametrize(
    ("answer", "later"),
    [
        ("return -np.mean(np.log(s[np.arange(len(y)), y]))", "r = t[np.arange(len(t)), part.y]"),
        ("return np.bincount(y, minlength=n).tolist()", "c = np.bincount(z, minlength=len(names))"),
        ("return min(r[g == n].mean() for n in set(g))", "{n: hits[p.g == n].mean() for n in p}"),
        ("return q @ (x - z) + b", "sums = q_w @ (q_x - x.zero_point) + q_b"),
        ("return cycles / clock * 1e6", "print(f'{m.cycles / 64e6 * 1e6:.1f} us')"),
        ("wasted = a - b\n    return wasted, wasted / size", "w = u.ram - v.ram\nw / len(model)"),
        ("return part / whole", "print(f'{file_bytes / 3_000_000:.2%}')"),
        ("return x @ weights", "fast = x @ w"),
        (
            "known = [b for b in boards if None not in (b.us, b.uj)]\n    return min(known)",
            "best = min(b for b in all_of_them if None not in (b.us, b.uj))",
        ),
    ],
)
def test_an_answer_with_other_names_is_found(answer, later):
    assert find_shown(f"def f():\n    {answer}", "def f():\n    return ...", later)


@pytest.mark.parametrize(
    ("answer", "later"),
    [
        ("return capacity / current", "duty = bench.latency_us / 1e6"),
        ("return part / whole", "plot(right, reference=1 / 3)"),
        ("return waves[strength.argmax()]", "said = scores.argmax(axis=1)"),
        ("return (new - k.mean(axis=0)) / k.std(axis=0)", "print(x.mean(axis=0), x.std(axis=0))"),
    ],
)
def test_what_every_lesson_does_is_no_answer(answer, later):
    assert not find_shown(f"def f():\n    {answer}", "def f():\n    return ...", later)


def test_what_an_exercise_hands_out_is_no_answer():
    begun = "def f(x):\n    m = np.median(x[:, 0] - x[:, 1])\n    return ..."
    answer = begun.replace("...", "m > 0")
    assert not find_shown(answer, begun, "m = np.median(a[:, 0] - a[:, 1])")
