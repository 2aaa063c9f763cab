"""The `tinyml lessons` command: the notebooks, copied to where a learner may write."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from tinyml_course.cli.helping import add_command
from tinyml_course.cli.output import Commands, output_path, show
from tinyml_course.errors import OutputError
from tinyml_course.extras import is_installed, pip_line
from tinyml_course.files import write_bytes
from tinyml_course.shipped import DOCS, LESSONS


def add_lesson_commands(commands: Commands) -> None:
    """Add `lessons` to the parser."""
    lessons = add_command(
        commands,
        "lessons",
        "the notebooks, copied to a folder of yours",
        "tinyml lessons --out course",
    )
    lessons.add_argument(
        "--out",
        type=output_path,
        default=Path("lessons"),
        metavar="DIR",
        help="a new folder [%(default)s]",
    )
    lessons.set_defaults(run=run_lessons)


def run_lessons(options: argparse.Namespace) -> int:
    """`tinyml lessons`."""
    copied = copy_lessons(options.out)
    copied = [path for path in copied if path.suffix == ".ipynb"]
    solved = [path for path in copied if path.parent.name == "solutions"]
    value = {
        "folder": str(options.out),
        "lessons": [str(path) for path in copied if path not in solved],
        "solutions": [str(path) for path in solved],
    }
    text = f"{len(copied) - len(solved)} lessons in {options.out}, solved in "
    text += f"{options.out / 'solutions'}\nopen them: jupyter lab {shlex.quote(str(options.out))}"
    if not is_installed("jupyterlab"):
        text += f"\nJupyterLab comes with: {pip_line('lab')}"
    show(options, value, text)
    return 0


def copy_lessons(folder: Path) -> list[Path]:
    """Copy the notebooks, open ones into `folder` and solved ones into its `solutions`.

    The pictures they show and the pages they link to come along, in `pictures` and `docs`.

    Returns:
        The files written, in the lessons' order.

    Raises:
        OutputError: there are notebooks already, perhaps a learner's, or nothing can be written
            there. In both cases nothing has changed.
    """
    there = [path for path in (folder, folder / "solutions") if any(path.glob("*.ipynb"))]
    if there:
        raise OutputError(
            f"{there[0]} has notebooks, and yours are not overwritten: choose another folder "
            "with --out, or move them away"
        )
    sources = [*sorted(LESSONS.glob("*.ipynb")), *sorted(LESSONS.glob("solutions/*.ipynb"))]
    sources += sorted(LESSONS.glob("pictures/*.svg"))
    pages = [path for path in sorted(DOCS.iterdir()) if path.is_file()]
    pages.append(DOCS / "teaching" / "ethics.md")
    written: list[Path] = []
    try:
        for source in sources:
            target = folder / source.relative_to(LESSONS)
            written.append(write_bytes(target, relink(source.read_bytes())))
        for page in pages:
            target = folder / "docs" / page.relative_to(DOCS)
            written.append(write_bytes(target, relink(page.read_bytes())))
    except OutputError:
        for path in written:  # half a course would be refused the next time
            path.unlink()
        raise
    return written


def relink(content: bytes) -> bytes:
    """A copied file's text with its links: in a copy, `docs` lies beside the lessons.

    >>> relink(b"[a](../docs/map.md) [b](../../docs/map.md) [c](../notebooks/solutions/x.ipynb)")
    b'[a](docs/map.md) [b](../docs/map.md) [c](../solutions/x.ipynb)'
    """
    content = content.replace(b"](../docs/", b"](docs/").replace(b"](../../docs/", b"](../docs/")
    return content.replace(b"](../notebooks/", b"](../")
