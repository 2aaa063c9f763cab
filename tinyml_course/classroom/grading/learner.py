"""The learner's process: runs a notebook's cells, then answers calls. Started by `session.py`.

    python learner.py NOTEBOOK

It reads and writes lines of `wire` on the two files it was started with, keeps them for itself and
gives the notebook silence instead. The exercises and their references are not here: they were left
outside the walls, and `check` only notes what it is given.

What this process says of a function's results is all that it can say; whether they are right is
judged outside. So a notebook may do here whatever it likes, and gains nothing by it.
"""

from __future__ import annotations

import copy
import inspect
import json
import os
import signal
import sys
import types
from typing import Any, BinaryIO

LONGEST_TEXT = 1000  # characters of an error, of which a screen shows a part
EXERCISES = "tinyml_course.classroom.exercises"


def main(notebook: str) -> None:
    """Run the cells that are asked for, one by one, and answer calls, until the input ends."""
    calls, answers = _take_files()
    handed_in: dict[str, Any] = {}
    _stand_in_for_the_teacher(handed_in)
    from tinyml_course.classroom.grading import wire  # not before the stand-in is there

    shell = _make_shell()
    cells = _read_cells(notebook)
    signal.signal(signal.SIGALRM, _interrupt)
    for line in calls:
        call = wire.from_line(line)
        if "begin" in call:
            reply: dict[str, Any] = {"ran": True}
        elif "cell" in call:
            reply = {"ran": True, **run_cell(shell, cells[call["cell"]], call["seconds"])}
        else:
            before = copy.deepcopy(call.get("arguments"))
            reply = answer_call(call, shell.user_ns, handed_in)
            changed = wire.to_line(before) != wire.to_line(call.get("arguments"))
            reply["arguments"] = call["arguments"] if changed else None
        answers.write(wire.to_line(reply))
        answers.flush()


def _take_files() -> tuple[BinaryIO, BinaryIO]:
    """Our own ends of the pipes; what a notebook prints or reads goes to and comes from nowhere."""
    calls, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return calls, answers


def _stand_in_for_the_teacher(handed_in: dict[str, Any]) -> None:
    def find_exercise(name: str) -> Any:
        raise LookupError(f"exercise {name} is judged later")

    stand_in = types.ModuleType(EXERCISES)
    stand_in.find_exercise = find_exercise  # type: ignore[attr-defined]
    stand_in.exercises_of = find_exercise  # type: ignore[attr-defined]
    sys.modules[EXERCISES] = stand_in
    import tinyml_course.classroom as classroom
    from tinyml_course.classroom import teacher

    def check(name: str, answer: Any) -> None:
        handed_in[str(name)] = answer

    classroom.check = teacher.check = check


class _TooLate(TimeoutError):
    """A cell's time is over."""


def _interrupt(*_: Any) -> None:
    raise _TooLate("the cell took too long")


def _make_shell() -> Any:
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance(colors="NoColor", history_length=0)


def _read_cells(notebook: str) -> list[str]:
    """The sources of a notebook's code cells."""
    with open(notebook, encoding="utf-8") as file:
        cells = [cell["source"] for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
    return [source if isinstance(source, str) else "".join(source) for source in cells]


def run_cell(shell: Any, source: str, seconds: float) -> dict[str, Any]:
    """Run a code cell: what it `raised`, if anything, and whether it was too `late`.

    A cell that takes longer than `seconds` is interrupted, so that the others count. (One that
    does not let itself be interrupted is ended from outside, with all the rest.)
    """
    came: BaseException | None
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        result = shell.run_cell(source, store_history=False, silent=True)
        came = result.error_before_exec or result.error_in_exec
    except BaseException as error:  # noqa: BLE001 - whatever a cell does, the next one runs
        came = error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if came is None:
        return {"raised": None, "late": False}
    return {"raised": _name_error(came), "late": isinstance(came, _TooLate)}


def _name_error(error: BaseException) -> str:
    text = _text_of(error)[:LONGEST_TEXT]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def answer_call(
    call: dict[str, Any], space: dict[str, Any], handed_in: dict[str, Any]
) -> dict[str, Any]:
    """What a call came to: its value, or the error it raised.

    `call` has `exercise`, the `name` that the lesson gives to its answer, and `arguments`; without
    arguments it asks what there is.
    """
    answer: Any = space.get(call["name"], handed_in.get(call["exercise"]))
    if "arguments" not in call:
        return {"is_there": answer is not None and answer is not ..., **_describe_function(answer)}
    try:
        return {"value": answer(*call["arguments"])}
    except BaseException as error:  # noqa: BLE001 - a learner's code may raise anything
        return {"raised": type(error).__name__, "text": _bare_text_of(error)[:LONGEST_TEXT]}


def _describe_function(answer: Any) -> dict[str, Any]:
    if not callable(answer):
        return {"callable": False}
    try:
        parameters = inspect.signature(answer).parameters.values()
    except (TypeError, ValueError):
        return {"callable": True}
    free = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    least = sum(p.default is p.empty for p in free)
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    return {"callable": True, "takes": (least, None if any_number else len(free))}


def _bare_text_of(error: BaseException) -> str:
    """The text from which the same error is made outside: KeyError puts its key into quotes."""
    if type(error) is KeyError and len(error.args) == 1 and isinstance(error.args[0], str):
        return error.args[0]
    return _text_of(error)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - an error class of the learner's, whose text raises
        return "(its text cannot be read)"


if __name__ == "__main__":
    main(sys.argv[1])
