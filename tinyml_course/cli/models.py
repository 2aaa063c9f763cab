"""The `tinyml` commands that take a .tflite model: export, verify, bench, fit."""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tinyml_course.board.targets import TARGETS
from tinyml_course.cli.helping import MODEL, add_board_option, add_command, find_boards
from tinyml_course.cli.model_pages import (
    add_html_option,
    bench_page,
    fit_page,
    refuse_html,
    verify_page,
    write_html,
)
from tinyml_course.cli.output import Commands, count, output_path, read_model, show
from tinyml_course.errors import DataError, ExportError
from tinyml_course.table import Table

if TYPE_CHECKING:  # what they import takes longer than most commands
    from tinyml_course.export.check.verify import Runner
    from tinyml_course.network.model import TfliteModel

PLACES = ("host", *TARGETS)
FORMATS = ("c-array", "c-source", "arduino-library")


def add_model_commands(commands: Commands) -> None:
    """Add `export`, `verify`, `bench` and `fit` to the parser."""
    export = add_command(
        commands,
        "export",
        "C from a .tflite model",
        "tinyml export out/motion/model_int8.tflite --out c",
        "tinyml export out/motion/model_int8.tflite --format arduino-library --out libraries",
    )
    export.add_argument("model", type=Path, metavar="MODEL.tflite", help=MODEL)
    export.add_argument(
        "--format",
        choices=FORMATS,
        default="c-source",
        help="c-source: its layers as C; c-array: its bytes, for TFLM; arduino-library: a .zip for "
        "the Arduino IDE [%(default)s]",
    )
    export.add_argument(
        "--out", type=output_path, required=True, metavar="DIR", help="the folder to write into"
    )
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

    verify = add_command(
        commands,
        "verify",
        "generated C against TFLM, byte by byte",
        "tinyml verify out/motion/model_int8.tflite",
        "tinyml verify out/motion/model_int8.tflite --target cortex-m4 --layers",
        "tinyml verify out/motion/model_int8.tflite --source c/model_int8.c",
    )
    verify.add_argument("model", type=Path, metavar="MODEL.tflite", help=MODEL)
    verify.add_argument(
        "--samples", type=count, default=100, metavar="N", help="random inputs [%(default)s]"
    )
    verify.add_argument("--target", choices=PLACES, default="host", help="where the C runs [host]")
    verify.add_argument(
        "--layers", action="store_true", help="which layer is the first whose bytes differ"
    )
    verify.add_argument(
        "--source",
        type=Path,
        metavar="NAME.c",
        help="the C that lies there, compiled and run on this computer, instead of a fresh export",
    )
    add_html_option(verify)
    verify.set_defaults(run=run_verify)

    bench = add_command(
        commands,
        "bench",
        "time, flash, RAM and energy of one inference",
        "tinyml bench out/motion/model_int8.tflite --board xiao_samd21",
    )
    bench.add_argument("model", type=Path, metavar="MODEL.tflite", help=MODEL)
    add_board_option(bench, find_boards)
    add_html_option(bench)
    bench.set_defaults(run=run_bench)

    fit = add_command(
        commands,
        "fit",
        "every board: does the model fit, with what margin",
        "tinyml fit out/motion/model_int8.tflite",
    )
    fit.add_argument("model", type=Path, metavar="MODEL.tflite", help=MODEL)
    add_html_option(fit)
    fit.set_defaults(run=run_fit)


def run_export(options: argparse.Namespace) -> int:
    """`tinyml export`."""
    from tinyml_course.export.names import name_from_file

    if options.self_test and options.format != "c-source":
        raise ExportError(
            f"--self-test is for --format c-source, not {options.format}; the example in an "
            "arduino-library checks itself"
        )
    model = read_model(options.model)
    name = name_from_file(options.model.stem) if options.name is None else options.name
    replaced = find_replaced(options, name)
    exports = {
        "c-array": export_as_array,
        "c-source": export_as_source,
        "arduino-library": export_as_library,
    }
    value, text = exports[options.format](model, name, options)
    if replaced and hashlib.sha256(model).hexdigest() not in replaced:
        said = f"this replaced the C of another model in {options.out}; --name keeps both"
        print(said, file=sys.stderr)
    if options.name is None and name != options.model.stem:
        said = f"the C is called {name}, after {options.model.name}; choose with --name"
        print(said, file=sys.stderr)  # stdout is for the result alone
    show(options, value, text)
    return 0


def find_replaced(options: argparse.Namespace, name: str) -> str:
    """The text of an earlier export that this one will replace, if there is one.

    Raises:
        ExportError: files of that name which no export wrote: somebody's own.
    """
    files = {
        "c-array": [f"{name}_model_data.h"],
        "c-source": [f"{name}.h", f"{name}.c"],
        "arduino-library": [f"tinyml_{name}.zip"],
    }[options.format]
    texts = []
    for path in (options.out / file for file in files):
        if path.is_file():
            texts.append(_what_wrote(path))
            if "tinyml_course" not in texts[-1]:
                raise ExportError(
                    f"{path} was not written by tinyml, and is not overwritten: choose another "
                    "folder with --out, or another name with --name"
                )
    return "".join(texts)


def _what_wrote(path: Path) -> str:
    """The text of a C file, or the comment of a zip."""
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8", errors="replace")
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            return archive.comment.decode("ascii", errors="replace")
    except BadZipFile:
        return ""


def export_as_array(
    model: bytes, name: str, options: argparse.Namespace
) -> tuple[dict[str, object], str]:
    """The model as a C array: the files, and what to do with them."""
    from tinyml_course.export.c_array import export_c_array

    array = export_c_array(
        model, options.out, name, allow_per_channel_dense=options.allow_per_channel_dense
    )
    value: dict[str, object] = {
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


def export_as_source(
    model: bytes, name: str, options: argparse.Namespace
) -> tuple[dict[str, object], str]:
    """The model as C source: the files, and what to do with them."""
    from tinyml_course.export.layers.fast import FAMILIES
    from tinyml_course.export.model_c.only_readable import readable_lines
    from tinyml_course.export.model_c.source import generate_model_c, write_model_c

    code = generate_model_c(model, name)
    paths = list(write_model_c(code, options.out))
    what_next = f"call {name}_invoke({', '.join(code.arguments)})"
    if options.self_test:
        from tinyml_course.export.check.self_test import export_self_test_c

        tests = export_self_test_c(model, options.out, name)
        paths += tests
        sources = " ".join(path.name for path in paths if path.suffix == ".c")
        build = f"cc -D{name.upper()}_SELF_TEST_MAIN {sources} -o self_test"
        what_next += f"\ncheck it without Python, in that folder: {build} && ./self_test"
    files = [str(path) for path in paths]
    readable = [asdict(each) for each in code.readable_layers]
    slow = readable_lines(code.readable_layers, list(FAMILIES))
    if slow:
        what_next += "\nlayers with readable kernels only:\n" + "\n".join(f"  {s}" for s in slow)
    return {"files": files, "readable_layers": readable}, "\n".join([*files, what_next])


def run_verify(options: argparse.Namespace) -> int:
    """`tinyml verify`; exit code 1 if a byte differs, or a table holds something else."""
    from tinyml_course.export.check.tables import check_tables
    from tinyml_course.export.check.verify import verify_model

    refuse_html(options)
    model = read_model(options.model)
    runner, source, name = _what_to_verify(options, model)
    result = verify_model(model, options.samples, runner)
    tables = check_tables(model, source, name)
    text = f"{result}\n{tables}"
    value, passed = asdict(result), result.passed and tables.passed
    value["tables"] = asdict(tables)
    by_layer = None
    if options.layers:
        from tinyml_course.export.check.layers import compare_layers

        by_layer = compare_layers(model, options.samples, runner)
        value["layers"] = [asdict(layer) for layer in by_layer.layers]
        value["first_differing"] = by_layer.first_differing and asdict(by_layer.first_differing)
        text += f"\n\n{by_layer}"
        passed = passed and by_layer.first_differing is None
    show(options, value, text)
    if options.html:
        write_html(options, verify_page(options.model.name, result, tables, by_layer))
    return 0 if passed else 1


def export_as_library(
    model: bytes, name: str, options: argparse.Namespace
) -> tuple[dict[str, object], str]:
    """The model as a library for the Arduino IDE: the zip, and what to do with it."""
    from tinyml_course.export.firmware.arduino_library import export_arduino_library

    library = export_arduino_library(model, options.out, name)
    text = (
        f"{library.path}\n"
        "Arduino IDE: Sketch, Include Library, Add .ZIP Library...; then File, Examples, "
        f"{library.folder}\n"
        "PlatformIO: unzip into lib/. CMake: unzip, add_subdirectory"
    )
    return {"files": [str(library.path)], "library": library.folder}, text


def _what_to_verify(options: argparse.Namespace, model: TfliteModel) -> tuple[Runner, str, str]:
    """Where the C runs, the text of its NAME.c, and NAME.

    Raises:
        DataError: `--source` together with what makes a C of its own.
    """
    if options.source is None:
        from tinyml_course.board.cores import find_runner
        from tinyml_course.export.model_c.source import generate_model_c

        runner = find_runner(options.target)
        return runner, generate_model_c(model, "network").source, "network"
    from tinyml_course.export.check.written import read_written

    if options.layers or options.target != "host":
        raise DataError(
            "--source compiles the C that lies there for this computer: leave out "
            "--layers and --target"
        )
    written = read_written(options.source, model)
    return written.runner, written.source, written.name


def run_bench(options: argparse.Namespace) -> int:
    """`tinyml bench`."""
    from tinyml_course.board.bench import bench_model
    from tinyml_course.board.listening import listening_beside

    refuse_html(options)
    model = read_model(options.model)
    bench = bench_model(model, options.board, listening_beside(options.model))
    value = bench.as_dict()
    lines = [f"{bench.board.title}, {bench.board.mcu} at {bench.board.clock_hz / 1e6:g} MHz"]
    if bench.is_stand_in:
        lines.append("  no compiler here builds for this processor: sizes of a RISC-V build")
    for key, unit in (
        ("macs", "multiplications"),
        ("instructions", "executed, exactly"),
        ("estimated_cycles", "by published timings"),
        ("latency_us", "us, estimated"),
        ("flash_bytes", "the whole program"),
        ("weights_bytes", "of the model's constants"),
        ("ram_bytes", "static"),
        ("stack_bytes", ""),
        ("energy_uj", "uJ"),
    ):
        lines.append(f"  {key:<17}{_number(value[key]):>14}  {unit}".rstrip())
    if bench.real_time_factor is not None and bench.period_us is not None:
        lines.append(
            f"  real-time factor {bench.real_time_factor:.2f}: features and inference take this "
            f"share of the {bench.period_us / 1000:g} ms from one inference to the next"
        )
    lines.append(f"  energy: {value['energy_source']}")
    if power := bench.power():
        lines.append(f"  one inference a second: {power.words}")
    lines.append(f"  built by {value['compiler']}")
    if not bench.is_stand_in:
        for each in bench.measurement.readable_layers:
            lines.append(f"  readable kernel: {each}: {each.why}")
    show(options, value, "\n".join(lines))
    if options.html:
        write_html(options, bench_page(options.model.name, bench, lines))
    return 0


def run_fit(options: argparse.Namespace) -> int:
    """`tinyml fit`."""
    from tinyml_course.board.bench import bench_boards
    from tinyml_course.board.listening import listening_beside

    refuse_html(options)
    model = read_model(options.model)
    listening = listening_beside(options.model)
    rows = sorted(bench_boards(model, listening=listening), key=lambda b: -b.fit.margin)
    header = ("board", "fits", "flash free", "RAM free", "margin", "latency", "energy")
    header += (*(("busy",) if listening else ()), "")
    cells = []
    for b in rows:
        notes = [] if b.fit.core_is_counted else ["without its Arduino core"]
        notes += ["sizes of a RISC-V build"] if b.is_stand_in else []
        cells.append(
            (
                b.board.name,
                "yes" if b.fit.fits else "no",
                f"{b.fit.flash_free_bytes:,}",
                f"{b.fit.ram_free_bytes:,}",
                f"{b.fit.margin:.0%}",
                _unit(b.latency_us, "us"),
                _unit(b.energy_uj, "uJ"),
                *((_busy(b.real_time_factor),) if listening else ()),
                ", ".join(notes),
            )
        )
    table = Table(header, tuple(cells), align="l" * len(header))
    note = ""
    if listening:
        note = (
            f"busy: features and inference, of the {listening.period_us / 1000:g} ms from one "
            "inference to the next; above 100% the board cannot keep up"
        )
    show(options, [b.as_dict() for b in rows], f"{table}\n{note}" if note else str(table))
    if options.html:
        write_html(options, fit_page(options.model.name, rows, table, note))
    return 0


def _number(value: object) -> str:
    if value is None:
        return "not known"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _busy(real_time_factor: float | None) -> str:
    return "?" if real_time_factor is None else f"{real_time_factor:.0%}"


def _unit(value: float | None, unit: str) -> str:
    return "?" if value is None else f"{value:,.1f} {unit}"
