"""`tinyml doctor`: what this computer has for the course, and what to do about what it lacks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tinyml_course import extras
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.shipped import IS_CHECKOUT, LOCK
from tinyml_course.table import Table

# The base installation; what it leaves out is in extras.NEEDED.
BASE = {
    "ai-edge-litert": "running .tflite",
    "matplotlib": "figures",
    "numpy": "numbers",
    "pillow": "pictures",
    "pyserial": "boards",
    "unicorn": "the virtual boards' CPU",
    "ziglang": "compiler for host and boards",
}
PYTHONS = ((3, 11), (3, 13))  # first and last, as pyproject.toml has them
FREE_DISK_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One line of the report. `status` is "ok", "note" (works without) or "problem"."""

    topic: str
    status: str
    found: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        """The finding as JSON values."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at this computer; no network, no TensorFlow import, well under a second."""
    return [
        _python(),
        *_packages(),
        _tflm(),
        _compiler(),
        *_walls(),
        _disk(),
        *_ports(),
    ]


def _python() -> Finding:
    version = platform.python_version()
    found = f"{version} on {platform.system()} {platform.machine()}"
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return Finding("python", "ok", found)
    return Finding("python", "problem", found, f"install Python 3.11 and {_install()}")


def locked_versions() -> dict[str, list[str]]:
    """Name to the versions that requirements.lock has; empty outside a checkout.

    A package has two where old and new Pythons need different ones.
    """
    versions: dict[str, list[str]] = {}
    if LOCK.exists():
        text = LOCK.read_text(encoding="utf-8")
        pin = r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)"
        for name, version in re.findall(pin, text, re.MULTILINE):
            versions.setdefault(name, []).append(version)
    return versions


def _begin() -> str:
    return "run  make demo  or  make lab" if IS_CHECKOUT else "run  tinyml lessons"


def _install() -> str:
    """What to type to have the installation in order again."""
    return "run: make setup" if IS_CHECKOUT else f"run: {extras.pip_line()}"


def _packages() -> list[Finding]:
    locked = locked_versions()
    base = [_package(name, purpose, locked) for name, purpose in BASE.items()]
    more = [
        _package(needed.package, needed.purpose, locked, needed.extras[0])
        for needed in extras.NEEDED.values()
    ]
    return base + more


def _package(
    name: str, purpose: str, locked: dict[str, list[str]], extra: str | None = None
) -> Finding:
    """A package of the base, without which nothing works, or one of an extra."""
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        if extra is None:
            return Finding(name, "problem", f"missing ({purpose})", _install())
        remedy = f"if you want it: {extras.pip_line(extra)}"
        return Finding(name, "note", f"not installed ({purpose})", remedy)
    if version in locked.get(name, [version]):
        return Finding(name, "ok", f"{version} ({purpose})")
    found = f"{version}, but the lessons were tested with {' or '.join(locked[name])}"
    return Finding(name, "problem", found, _install())


def _tflm() -> Finding:
    try:
        version = importlib.metadata.version("tflite-micro")
    except importlib.metadata.PackageNotFoundError:
        if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            return Finding("tflite-micro", "problem", "missing (TFLM on this computer)", _install())
        return Finding(
            "tflite-micro",
            "note",
            "no wheel for this system",
            "nothing to do: LiteRT's reference kernels stand in, and arena sizes are not shown",
        )
    return Finding("tflite-micro", "ok", f"{version} (TFLM on this computer)")


def _compiler() -> Finding:
    system = next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)
    if system:
        return Finding("C compiler", "ok", f"{Path(system).name} of the system, and zig's clang")
    return Finding("C compiler", "ok", "zig's clang, from its wheel")


def _walls() -> list[Finding]:
    """What stands between a stranger's sketch and this computer while it is compiled."""
    from tinyml_course.board.compiler import compiler_walls

    try:
        walls = compiler_walls()
    except TinyMLCourseError:
        return []  # no compiler: said above
    if walls != "none":
        return [Finding("sketches", "ok", f"compiled behind {walls}'s walls: see their own folder")]
    remedy = "strangers' sketches: install bubblewrap, or compile them on Linux 5.13 or later"
    return [Finding("sketches", "note", "no walls on this system: checks of their text", remedy)]


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    found = f"{free / 1e9:.1f} GB free here"
    if free >= FREE_DISK_BYTES:
        return Finding("disk", "ok", found)
    return Finding("disk", "problem", found, "free some: a lab takes a few MB, setting up some GB")


def _ports() -> list[Finding]:
    from serial.tools import list_ports

    ports = sorted(list_ports.comports(), key=lambda port: port.device)
    # A PC's built-in ports have no USB identity and no board behind them.
    boards = [port for port in ports if port.vid is not None]
    if not boards:
        return [
            Finding(
                "serial ports",
                "note",
                "no board found",
                "none is needed: virtual://nano33ble stands in. A board that should be here: try "
                "another cable (many only charge), then press its reset button twice",
            )
        ]
    findings = []
    for port in boards:
        if os.access(port.device, os.R_OK | os.W_OK) or os.name == "nt":
            findings.append(Finding(port.device, "ok", port.description))
        else:
            findings.append(
                Finding(
                    port.device,
                    "problem",
                    f"{port.description}: no permission to open it",
                    "run: sudo usermod -aG dialout $USER   then log out and in",
                )
            )
    return findings


def render(findings: list[Finding]) -> str:
    """The report as lines for a terminal."""
    marks = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}
    rows = []
    for finding in findings:
        rows.append((marks[finding.status], finding.topic, finding.found))
        if finding.remedy:
            rows.append(("", "", f"-> {finding.remedy}"))
    lines = [str(Table((), tuple(rows), align="lll")), ""]
    problems = sum(finding.status == "problem" for finding in findings)
    lines.append(
        f"everything needed is here: {_begin()}"
        if not problems
        else f"{problems} problem(s): follow the arrows above"
    )
    return "\n".join(lines)
