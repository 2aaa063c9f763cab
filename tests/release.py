"""Make the checkout ready for a release: `python -m tests.release 0.3.0 [DATE]`.

Writes the version where it stands, dates the changelog, and makes anew what carries the version in
its head comment: the C of the sketches. docs/release.md has the whole recipe.
"""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = {
    "tinyml_course/__init__.py": r'(__version__ = ")([^"]+)(")',
    "CITATION.cff": r"(^version: )(\S+)(\n)",
}
UNRELEASED = "(unreleased)"
VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")


def read_versions(root: Path) -> dict[str, str]:
    """The version that each place names."""
    return {name: _find(root / name, pattern)[2] for name, pattern in PLACES.items()}


def read_newest(root: Path) -> tuple[str, str]:
    """The changelog's first heading: its version, and its date or "(unreleased)"."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## (\S+)(?: (.+))?$", text, re.MULTILINE)
    if found is None:
        raise SystemExit("CHANGELOG.md has no heading such as: ## 0.2.0 (unreleased)")
    return found[1], found[2] or ""


def write_version(root: Path, version: str, day: str) -> None:
    """Write `version` to every place, and date the changelog's first heading.

    Raises:
        SystemExit: no version, or the changelog's first heading is not of it.
    """
    if not VERSION.fullmatch(version):
        raise SystemExit(f"{version!r} is no version: give one such as 0.2.0 or 0.2.0rc1")
    newest, state = read_newest(root)
    if (newest, state) != (version, UNRELEASED):
        raise SystemExit(
            f"CHANGELOG.md begins with {newest} {state}, not with {version} {UNRELEASED}: write "
            "down first what has changed"
        )
    for name, pattern in PLACES.items():
        path = root / name
        found = _find(path, pattern)
        text = path.read_text(encoding="utf-8")
        whole = found[1] + version + found[3]
        path.write_text(text[: found.start()] + whole + text[found.end() :], encoding="utf-8")
    log = root / "CHANGELOG.md"
    text = log.read_text(encoding="utf-8")
    log.write_text(text.replace(f"## {version} {UNRELEASED}", f"## {version} {day}", 1), "utf-8")


def _find(path: Path, pattern: str) -> re.Match[str]:
    found = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{path} names no version")
    return found


def main() -> None:
    """Do it in this checkout."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    day = sys.argv[2] if len(sys.argv) == 3 else date.today().isoformat()
    write_version(ROOT, sys.argv[1], day)
    command = [sys.executable, "arduino_sketches/build.py"]
    subprocess.run(command, cwd=ROOT, check=True)
    print(f"{sys.argv[1]} of {day}. Next: docs/release.md")


if __name__ == "__main__":
    main()
