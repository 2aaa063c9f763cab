"""The `tinyml` command: thin, one function a command.

Every command takes `--json`. Exit code 0 means done, 1 means one clear line on stderr says why not,
2 means the command line itself was wrong. Rooms are imported inside the commands, so that
`tinyml --help` starts in a fraction of a second.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import tinyml_course
from tinyml_course.cli.boards import add_board_commands
from tinyml_course.errors import DataError, TinyMLCourseError

TARGETS = ("host", "cortex-m4", "cortex-m0plus", "riscv32")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except TinyMLCourseError as error:
        print(f"tinyml {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"tinyml {options.command}: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe has seen enough, for instance `head`.
        sys.stderr.close()
        return 0


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, as DESIGN's table of commands has it."""
    parser = argparse.ArgumentParser(
        prog="tinyml",
        description="From a sensor's signal to a microcontroller's answer.",
        epilog="Begin with: tinyml doctor, then: tinyml run motion",
    )
    parser.add_argument("--version", action="version", version=tinyml_course.__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    doctor = commands.add_parser("doctor", help="what this computer has, and what to do")
    doctor.set_defaults(run=run_doctor)

    run = commands.add_parser("run", help="a lab's whole chain: data to C")
    run.add_argument("lab", metavar="LAB", help="for instance motion")
    run.add_argument("--data", type=Path, metavar="PATH", help="your own recordings")
    run.add_argument("--out", type=Path, metavar="DIR", help="the Bundle's folder [out/LAB]")
    run.add_argument("--board", default="nano33ble", metavar="BOARD", help="emulated [nano33ble]")
    run.add_argument("--seed", type=int, help="another draw of the synthetic data")
    run.add_argument("--bare", action="store_true", help="the Bundle and its card alone")
    run.set_defaults(run=run_lab)

    export = commands.add_parser("export", help="C from a .tflite model")
    export.add_argument("model", type=Path, metavar="MODEL.tflite")
    export.add_argument("--format", choices=["c-array", "c-source"], default="c-source")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--name", help="every C name begins with it [the file's name]")
    export.add_argument(
        "--allow-per-channel-dense",
        action="store_true",
        help="c-array: accept dense layers that TFLM before September 2024 runs wrongly",
    )
    export.add_argument(
        "--self-test",
        action="store_true",
        help="c-source: golden vectors and a program that checks the C without Python",
    )
    export.set_defaults(run=run_export)

    verify = commands.add_parser("verify", help="generated C against TFLM, byte by byte")
    verify.add_argument("model", type=Path, metavar="MODEL.tflite")
    verify.add_argument("--samples", type=positive, default=100, help="random inputs [100]")
    verify.add_argument("--target", choices=TARGETS, default="host", help="where the C runs [host]")
    verify.set_defaults(run=run_verify)

    add_board_commands(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    return parser


def positive(text: str) -> int:
    """A whole number above 0, for argparse."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def show(options: argparse.Namespace, value: Any, text: str) -> None:
    """Print the result: JSON if asked for, else the text for a person."""
    print(json.dumps(value, indent=2, default=str) if options.json else text)


def read_model(path: Path) -> bytes:
    """The bytes of a model file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}. Give a .tflite file") from error


def run_doctor(options: argparse.Namespace) -> int:
    from tinyml_course.doctor import examine, render

    findings = examine()
    show(options, [finding.as_dict() for finding in findings], render(findings))
    return 1 if any(finding.status == "problem" for finding in findings) else 0


def run_lab(options: argparse.Namespace) -> int:
    from tinyml_course.labs import get_lab
    from tinyml_course.pipeline import report
    from tinyml_course.pipeline import run as pipeline

    lab = get_lab(options.lab)
    out = options.out or Path("out") / lab.name
    # With --json, stdout belongs to the report alone.
    progress = sys.stderr if options.json else sys.stdout
    result = pipeline.run_lab(
        lab,
        out_dir=out,
        data_path=options.data,
        seed=options.seed,
        board=options.board,
        bare=options.bare,
        log=lambda line: print(line, file=progress, flush=True),
    )
    text = report.render_report(result) + "\n\n" + report.render_next_steps(result, out)
    show(options, result, "\n" + text)
    return 0


def run_export(options: argparse.Namespace) -> int:
    name = options.name or re.sub(r"\W", "_", options.model.stem)
    export = export_as_array if options.format == "c-array" else export_as_source
    value, text = export(read_model(options.model), name, options)
    show(options, value, text)
    return 0


def export_as_array(model: bytes, name: str, options: argparse.Namespace) -> tuple[dict, str]:
    from tinyml_course.export.c_array import export_c_array

    array = export_c_array(
        model, options.out, name, allow_per_channel_dense=options.allow_per_channel_dense
    )
    value = {
        "files": [str(array.header)],
        "operators": list(array.facts.operators),
        "flash_bytes": array.flash_bytes,
        "ram_bytes": array.ram_bytes,
        "xxd_ram_bytes": array.xxd_ram_bytes,
    }
    text = (
        f"{array.header}\n"
        f"flash {array.flash_bytes:,} B, RAM {array.ram_bytes} B "
        f"(plain xxd -i: RAM {array.xxd_ram_bytes:,} B)\n"
        f"operators for the resolver: {', '.join(array.facts.operators)}"
    )
    return value, text


def export_as_source(model: bytes, name: str, options: argparse.Namespace) -> tuple[dict, str]:
    from tinyml_course.export.model_c.source import export_model_c

    paths = list(export_model_c(model, options.out, name))
    what_next = f"call {name}_invoke(input, output)"
    if options.self_test:
        from tinyml_course.export.check.self_test import export_self_test_c

        tests = export_self_test_c(model, options.out, name)
        paths += tests
        sources = " ".join(path.name for path in paths if path.suffix == ".c")
        build = f"cc -D{name.upper()}_SELF_TEST_MAIN {sources} -o self_test"
        what_next += f"\ncheck it without Python, in that folder: {build} && ./self_test"
    files = [str(path) for path in paths]
    return {"files": files}, "\n".join([*files, what_next])


def run_verify(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tinyml_course.board.cores import add_core_targets
    from tinyml_course.export.check.verify import verify_model

    add_core_targets()
    result = verify_model(read_model(options.model), options.samples, options.target)
    text = (
        f"{result.samples} samples on {result.target}: {result.bytes_differing} of "
        f"{result.bytes_compared:,} output bytes differ from {result.engine}"
    )
    if result.bound:
        text += f"; floats by {result.max_difference:.2g} at most, {result.bound:.2g} is right"
    show(options, asdict(result), text)
    return 0 if result.passed else 1
