"""The `tinyml` commands of a lab's whole chain, and of what this computer has for it."""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout
from pathlib import Path

from tinyml_course.cli.helping import add_command, add_named, describe_labs, find_virtual_boards
from tinyml_course.cli.output import Commands, output_path, seed, show


def add_lab_commands(commands: Commands) -> None:
    """Add `doctor` and `run` to the parser."""
    doctor = add_command(
        commands, "doctor", "what this computer has, and what to do", "tinyml doctor"
    )
    doctor.add_argument(
        "--workshop",
        action="store_true",
        help="try all that ten minutes on a stage touch: compiler, board, page, browser, ...",
    )
    doctor.set_defaults(run=run_doctor)

    run = add_command(
        commands,
        "run",
        "a lab's whole chain: data, training, a small model, C, an emulated board",
        "tinyml run motion",
        "tinyml run keywords --data my_words --out out/my_words",
        "tinyml run motion --data mine --classes wave,stir --board wio_terminal",
        notes=describe_labs,
    )
    run.add_argument("lab", metavar="LAB", help="one of the labs below")
    run.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="your own recordings: a file or a folder, as data/README.md has them for each lab "
        "[synthetic ones]",
    )
    run.add_argument(
        "--classes",
        default="",
        metavar="NAME,NAME,...",
        help="classes of your own in --data: the model learns them alone (motion)",
    )
    run.add_argument(
        "--gaps",
        choices=["cut", "refuse"],
        default="cut",
        help="what to do where your recordings lack samples [cut, and say so]",
    )
    run.add_argument("--out", type=output_path, metavar="DIR", help="the Bundle's folder [out/LAB]")
    says = "emulated, one of %(names)s [the lab's own]"
    add_named(run, "--board", find_virtual_boards, metavar="BOARD", help=says)
    run.add_argument("--seed", type=seed, metavar="N", help="another draw of the synthetic data")
    run.add_argument(
        "--bare",
        action="store_true",
        help="write the Bundle (model, labels, preprocessing, report) and its card, no C, no plots",
    )
    run.set_defaults(run=run_lab)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")] if text else []


def run_doctor(options: argparse.Namespace) -> int:
    """`tinyml doctor`; exit code 1 if something that is needed is missing."""
    from tinyml_course.doctor import examine, render

    if options.workshop:
        return run_rehearsal(options)
    findings = examine()
    show(options, [finding.as_dict() for finding in findings], render(findings))
    return 1 if any(finding.status == "problem" for finding in findings) else 0


def run_rehearsal(options: argparse.Namespace) -> int:
    """`tinyml doctor --workshop`: a line as soon as a thing was tried."""
    from dataclasses import asdict

    from tinyml_course.live.stage.workshop import rehearse

    tried = []
    for each in rehearse():
        tried.append(each)
        if not options.json:
            word = "ok     " if each.is_ready else "PROBLEM" if each.is_needed else "note   "
            print(f"{word}  {each.thing:<10}  {each.found}", flush=True)
            if not each.is_ready:
                advice = [each.remedy, each.instead and f"on the stage: {each.instead}"]
                advice = [line for line in advice if line]
                print(*(f"{'':21}-> {line}" for line in advice), sep="\n", flush=True)
    problems = sum(each.is_needed and not each.is_ready for each in tried)
    text = (
        f"\n{problems} problem(s): follow the arrows above"
        if problems
        else "\nready: make workshop, or  tinyml play motion --board wio_terminal"
    )
    show(options, [asdict(each) for each in tried], text)
    return 1 if problems else 0


def run_lab(options: argparse.Namespace) -> int:
    """`tinyml run`."""
    from tinyml_course.labs import get_lab
    from tinyml_course.pipeline import report
    from tinyml_course.pipeline import run as pipeline

    lab = get_lab(options.lab)
    out = options.out or Path("out") / lab.name
    # With --json, stdout belongs to the report alone; training prints its epochs by itself.
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        result = pipeline.run_lab(
            lab,
            out_dir=out,
            data_path=options.data,
            classes=_names(options.classes),
            seed=options.seed,
            board=options.board,
            bare=options.bare,
            gaps=options.gaps,
            log=lambda line: print(line, flush=True),
        )
    text = report.render_report(result) + "\n\n" + report.render_next_steps(result, out)
    show(options, result.to_json(), "\n" + text)
    return 0
