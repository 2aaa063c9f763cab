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

from tinyml_course.shipped import LOCK
from tinyml_course.table import Table

NEEDED = {
    "jupyterlab": "the lessons",
    "tensorflow": "training and conversion",
    "tf-keras": "models that can be pruned",
    "tensorflow-model-optimization": "pruning, clustering, QAT",
    "ai-edge-litert": "running .tflite",
    "scikit-learn": "scaler and reports",
    "matplotlib": "figures",
    "ipywidgets": "sliders",
    "pyserial": "boards",
    "ziglang": "compiler for host and boards",
    "unicorn": "the virtual boards' CPU",
}
FREE_DISK_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One line of the report. `status` is "ok", "note" (works without) or "problem"."""

    topic: str
    status: str
    found: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def examine() -> list[Finding]:
    """Look at this computer; no network, no TensorFlow import, well under a second."""
    return [
        _python(),
        *_packages(),
        _tflm(),
        _compiler(),
        _disk(),
        *_ports(),
    ]


def _python() -> Finding:
    version = platform.python_version()
    found = f"{version} on {platform.system()} {platform.machine()}"
    if (3, 11) <= sys.version_info[:2] <= (3, 12):
        return Finding("python", "ok", found)
    return Finding("python", "problem", found, "install Python 3.11 and run: make setup")


def locked_versions() -> dict[str, str]:
    """Name to version as requirements.lock pins them; empty outside a checkout."""
    if not LOCK.exists():
        return {}
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK.read_text(), re.MULTILINE))


def _packages() -> list[Finding]:
    locked = locked_versions()
    findings = []
    for name, purpose in NEEDED.items():
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding(name, "problem", f"missing ({purpose})", "run: make setup"))
            continue
        if version == locked.get(name, version):
            findings.append(Finding(name, "ok", f"{version} ({purpose})"))
        else:
            findings.append(
                Finding(
                    name,
                    "problem",
                    f"{version}, but the lessons were tested with {locked[name]}",
                    "run: make setup",
                )
            )
    return findings


def _tflm() -> Finding:
    try:
        version = importlib.metadata.version("tflite-micro")
    except importlib.metadata.PackageNotFoundError:
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
        "everything needed is here: run  make demo  or  make lab"
        if not problems
        else f"{problems} problem(s): follow the arrows above"
    )
    return "\n".join(lines)
