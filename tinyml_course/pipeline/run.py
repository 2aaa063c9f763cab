"""Takes any lab along the flow, stage by stage, and writes its Bundle.

    data -> split -> train -> number formats -> pruning -> C -> Bundle

Each stage is a function that takes named values and returns one. Nothing here knows a lab by name.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.models import get_model
from tinyml_course.bundle import Bundle, Golden, check_replaceable
from tinyml_course.compress.quantize import convert_fp32
from tinyml_course.compress.schemes import SchemeRow, compare_schemes
from tinyml_course.datasets.dataset import Dataset, refuse_gaps
from tinyml_course.datasets.splits import Split, check_no_leakage
from tinyml_course.errors import DataError
from tinyml_course.export.c_array import export_c_array
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.export.model_c.source import export_model_c
from tinyml_course.extras import require_extra
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.interpreters.tflm import is_available, run_integer_model, smallest_arena
from tinyml_course.labs.lab import Lab
from tinyml_course.network.model import TfliteModel
from tinyml_course.pipeline.controls import compare_with_controls, measure_detector, measure_errors
from tinyml_course.pipeline.judging import judge_models
from tinyml_course.pipeline.learning import make_learning, own_condition
from tinyml_course.pipeline.model_card import render_model_card
from tinyml_course.pipeline.on_the_board import measure_on_board
from tinyml_course.pipeline.own_recordings import check_recordings, learn_from_recordings
from tinyml_course.pipeline.pictures import write_plots
from tinyml_course.pipeline.report import render_report
from tinyml_course.pipeline.report_page import render_report_page
from tinyml_course.pipeline.stages import (
    Log,
    Trained,
    convert_to_int8,
    describe_split,
    make_formats,
    train_choice,
    verify_on_test,
)
from tinyml_course.pipeline.trees import TrainedTree, judge_elsewhere, train_trees
from tinyml_course.report import (
    DataSummary,
    DeviceResult,
    PartSize,
    Report,
    YourData,
)
from tinyml_course.shipped import DATA
from tinyml_course.training.detection import commission_example
from tinyml_course.training.kinds import CLASSES, DEVIATIONS

GOLDEN_WINDOWS = 32
GOLDEN_VALUES = 160_000  # a second of sound is long: fewer windows, so that a Bundle stays small


@dataclass
class Stopwatch:
    """Prints a line a stage and keeps how long each took."""

    log: Log
    stages: int
    seconds: dict[str, float] = field(default_factory=dict)
    _begun: float = field(default_factory=time.perf_counter)
    _name: str = ""

    def begin(self, name: str, line: str) -> None:
        """A stage begins, and the one before it is over."""
        self.end()
        self._name, self._begun = name, time.perf_counter()
        self.log(f"[{len(self.seconds) + 1}/{self.stages}] {line}")

    def end(self) -> None:
        """The stage that runs is over."""
        if self._name:
            self.seconds[self._name] = round(time.perf_counter() - self._begun, 2)
            self._name = ""


def run_lab(
    lab: Lab,
    out_dir: str | Path,
    *,
    data_path: str | Path | None = None,
    classes: Sequence[str] = (),
    seed: int | None = None,
    bare: bool = False,
    board: str | None = None,
    gaps: str = "cut",
    log: Log = print,
) -> Report:
    """Run the whole chain and write the Bundle to `out_dir`; the report that it also holds.

    With `data_path` and `classes`, the model learns your recordings and nothing else; some labs
    find the classes in the recordings. With `data_path` of the lab's own classes, your recordings
    are first judged by the model trained on the lab's own data alone; if they come from at least
    five people, training then goes on with part of those people, and the others are the judges.

    Args:
        lab: for instance `labs.get_lab("motion")`.
        out_dir: an empty or new folder, or an older Bundle, which is replaced at the very end.
        data_path: a file or folder of recordings that `lab.load_dataset` understands.
        classes: names of your own, in the order that the model gets them.
        seed: of the data, the training, and who is held out unless the lab fixes that; the lab's
            own if None.
        bare: write the Bundle's own five files and its card, and nothing beside them.
        board: an emulated board that runs every test window and the lab's sketch; the lab's own
            if None.
        gaps: "cut" recordings where samples are missing, and say so in the report, or "refuse".
        log: takes one line of progress at a time.

    Returns:
        The report of the Bundle that is there now.

    Raises:
        MissingExtraError: TensorFlow, or what else trains, is not installed.
        DataError: recordings that cannot be what they claim.
        ExportError: an output folder that holds something else.
        OutputError: an output folder that cannot be written.
    """
    require_extra("train", "a lab's whole chain")
    out_dir = Path(out_dir)
    check_replaceable(out_dir)
    board = board or lab.board
    get_model(board)  # a wrong name is said now, not after the training,
    if lab.sketch and board != lab.board:
        build_sketch(lab.sketch, board)  # and so is a board that the lab's sketch is not made for
    seed = lab.seed if seed is None else seed
    if not classes and data_path is not None and lab.find_classes is not None:
        classes = lab.find_classes(Path(data_path))
    own = load_own(lab, data_path, classes) if classes else None
    if own is not None:  # other conditions are those of the lab's own classes
        title = f"movements of your own: {', '.join(own.class_names)}"
        lab = replace(lab, title=title, elsewhere={})
    recordings = None
    if data_path is not None and own is None:
        recordings = lab.load_dataset(Path(data_path))
    if own is not None and gaps == "refuse":
        refuse_gaps(own.gaps)
    if recordings is not None and gaps == "refuse":
        refuse_gaps(recordings.gaps)
    has_more = bool(lab.trees or lab.elsewhere)
    learns = lab.learning is not None and own is None
    watch = Stopwatch(log, stages=7 + (recordings is not None) + has_more + learns)

    watch.begin("data", f"data: {lab.title}")
    dataset = lab.make_dataset(seed) if own is None else own
    if recordings is not None:
        check_recordings(lab, dataset, recordings, seed)
    split = lab.split_people(dataset, seed)
    check_no_leakage(split)
    log(f"      {describe_split(split)}")

    watch.begin("training", f"training: {', '.join(lab.models)} (loading TensorFlow takes 8 s)")
    trained = {
        name: train_choice(name, choice, split, seed, log, lab.answers, lab.change_of)
        for name, choice in lab.models.items()
    }
    chosen = trained[lab.default_model]

    yours = None
    if recordings is not None:
        watch.begin("your data", f"your data: {len(recordings)} windows, {recordings.source}")
        before = judge_models(trained, recordings, log)
        controls = compare_with_controls(chosen, recordings)
        chosen, after = learn_from_recordings(chosen, recordings, seed, log, lab.fine_tuning)
        yours = YourData(recordings.source, before, after, controls)

    watch.begin("compression", "compression: number formats, quantization-aware training, pruning")
    files = make_formats(chosen, seed)

    watch.begin("measuring", f"measuring: every model on {dataset.groups_are} never trained on")
    asked = chosen.labels["test"]
    rows = list(compare_schemes(files, chosen.inputs["test"], asked, answers=lab.answers))
    for name, other in trained.items():
        if name != chosen.name:
            stages = {
                f"{name}_fp32": convert_fp32(other.model),
                f"{name}_int8": convert_to_int8(other.model, other.inputs["train"]),
            }
            rows += compare_schemes(
                stages,
                other.inputs["test"],
                other.labels["test"],
                reference=f"{name}_fp32",
                answers=lab.answers,
            )
            files |= stages

    trees: dict[str, TrainedTree] = {}
    elsewhere: dict[str, dict[str, float]] = {}
    if has_more:
        what = [*lab.trees, *lab.elsewhere]
        watch.begin("elsewhere", f"trees, and other conditions: {', '.join(what)}")
        trees = train_trees(lab, chosen, files["int8"], split, board, seed, log)
        all_trained = trained | {chosen.name: chosen}
        models = {name: files[f"{name}_int8"] for name in trained if name != chosen.name}
        models[chosen.name] = files["int8"]
        elsewhere = judge_elsewhere(lab, all_trained, models, trees, seed, log)

    watch.begin("c source", "C source: every test window through the C on this computer")
    verification = verify_on_test(files["int8"], chosen.inputs["test"])
    if verification:
        log(
            f"      {verification.bytes_compared:,} output bytes compared with TFLM, "
            f"{verification.bytes_differing} differ"
        )

    learning, learnt = None, None
    if lab.learning is not None and learns:
        watch.begin("learning", f"learning on the board: {', '.join(lab.elsewhere)}")
        conditions = {name: make(seed) for name, make in lab.elsewhere.items()}
        if recordings is not None and yours is not None:
            conditions |= own_condition(recordings, lab.learning.labels, yours.after, log)
        learning, learnt = make_learning(
            lab.learning, chosen, files["int8"], split, conditions, board, seed, log
        )

    watch.begin("board", f"board: every test window on an emulated {get_model(board).board.title}")
    report = Report(
        lab=lab.name,
        title=lab.title,
        model=chosen.name,
        seed=seed,
        data=describe_data(split),
        accuracy={row.name: round(row.accuracy, 4) for row in rows},
        bytes={row.name: row.file_bytes for row in rows},
        arena_bytes={row.name: row.arena_bytes for row in rows},
        refusal={row.name: row.refusal for row in rows if row.refusal},
        accuracy_floor=chosen.choice.accuracy_floor,
        verify=verification,
        your_data=yours,
        trees={name: tree.result for name, tree in trees.items()},
        elsewhere=elsewhere,
        measured_by="" if lab.answers is CLASSES else lab.answers.measure,
        units=dict(zip(dataset.target_names, dataset.target_units, strict=True)),
        errors=measure_errors(lab, chosen, files, split),
        detector=measure_detector(chosen, files["int8"], split.test),
        learning=learnt,
    )
    bundle = make_bundle(lab.name, chosen, files["int8"], split.test, report, lab.stream)
    if lab.default_tree is not None:
        bundle = replace(bundle, forest=trees[lab.default_tree].forest)
    bundle = replace(bundle, learning=learning)
    on_board = run_on_board(lab, bundle, chosen, split.test, board)
    watch.begin("bundle", f"bundle: {out_dir}")
    finished = replace(report, board=on_board, seconds=dict(watch.seconds))
    beside = None if bare else Beside(chosen, split.test, files, rows, lab.sketch)
    return write_bundle(replace(bundle, report=finished), out_dir, beside).report


def load_own(lab: Lab, data_path: str | Path | None, classes: Sequence[str]) -> Dataset:
    """Recordings with classes of one's own.

    Raises:
        DataError: no recordings are named, the lab's classes are fixed, or they cannot be read.
    """
    if data_path is None:
        raise DataError("classes of your own want recordings of them: add --data PATH")
    if lab.load_own is None:
        raise DataError(f"the {lab.name} lab has classes of its own; `motion` takes yours")
    return lab.load_own(Path(data_path), classes)


def run_on_board(
    lab: Lab, bundle: Bundle, trained: Trained, test: Dataset, board: str
) -> DeviceResult:
    """The whole test part on a virtual board, and the lab's sketch from its trace."""
    return measure_on_board(
        bundle,
        bundle.model.input.quantize(trained.inputs["test"]),
        trained.labels["test"],
        board,
        answers=trained.answers,
        sketch=lab.sketch,
        traces=[DATA / name for name in lab.traces],
        presses=lab.presses.get(board, ()),
    )


def describe_data(split: Split) -> DataSummary:
    """What is learnt from and judged on, for the report. Lesson 03."""
    parts = {
        name: PartSize(windows=len(data), groups=len(np.unique(data.groups)))
        for name, data in split.items()
    }
    return DataSummary(
        source=split.train.source,
        windows=sum(part.windows for part in parts.values()),
        groups=sum(part.groups for part in parts.values()),
        groups_are=split.train.groups_are,
        classes=split.train.answer_names,
        parts=parts,
        held_out=tuple(np.unique(split.test.groups).tolist()),
    )


def with_margin(arena_bytes: int) -> int:
    """A tenth more than the smallest arena that worked on this computer, in whole 16 bytes."""
    return -(-arena_bytes * 11 // 10 // 16) * 16


def make_golden(model: bytes, test_inputs: np.ndarray, test: Dataset) -> Golden:
    """Some windows of the test part, evenly spread, with the integers they give in TFLM."""
    most = min(GOLDEN_WINDOWS, len(test), max(4, GOLDEN_VALUES // test.x[0].size))
    picked = np.linspace(0, len(test) - 1, most).astype(int)
    inputs = TfliteModel.of(model).input.quantize(test_inputs[picked])
    outputs = run_integer_model(model, inputs).outputs
    return Golden(test.x[picked], inputs, outputs, test.y[picked])


def make_bundle(
    name: str,
    trained: Trained,
    model: bytes,
    test: Dataset,
    report: Report,
    stream: StreamSpec | None = None,
) -> Bundle:
    """The Bundle of an int8 `model`, with golden vectors from the `test` part. Lesson 03."""
    class_names, shown = test.answer_names, np.ones(len(test), bool)
    preprocessing = trained.preprocessing
    if trained.answers is DEVIATIONS:
        preprocessing, shown = commission_example(preprocessing, test)
        class_names = tuple(f"feature_{k:02d}" for k in range(trained.inputs["test"].shape[1]))
    return Bundle(
        name=name,
        model=TfliteModel.of(model),
        preprocessing=preprocessing,
        class_names=class_names,
        channel_names=test.channel_names,
        window=test.window,
        sample_rate_hz=test.sample_rate_hz,
        unit=test.unit,
        golden=make_golden(model, trained.inputs["test"][shown], test.subset(shown)),
        report=report,
        stream=stream,
        targets=trained.targets,
    )


@dataclass(frozen=True)
class Beside:
    """What a Bundle's folder holds beside its parts: headers, sketches, every format, plots."""

    trained: Trained
    test: Dataset
    formats: dict[str, bytes]
    rows: list[SchemeRow]
    sketch: str | None

    def write(self, bundle: Bundle, folder: Path) -> None:
        """Write all of it to `folder`."""
        arena = with_margin(smallest_arena(bundle.model)) if is_available() else None
        labels = () if self.trained.answers is not CLASSES else bundle.class_names
        export_c_array(bundle.model, folder / "c_array", bundle.name, labels, arena)
        export_model_c(bundle.model, folder / "c_source", bundle.name)
        for name in ("selftest", self.sketch):
            if name is not None:
                write_sketch(bundle, name, folder / "sketches")
        (folder / "formats").mkdir()
        for name, content in self.formats.items():
            (folder / "formats" / f"{name}.tflite").write_bytes(content)
        write_plots(folder / "plots", self.trained, bundle.model, self.rows, self.test)
        _write(folder / "report.txt", render_report(bundle.report) + "\n")
        pictures = {path.stem: path.read_bytes() for path in sorted(folder.glob("plots/*.png"))}
        _write(folder / "report.html", render_report_page(bundle.report, pictures))


def write_bundle(bundle: Bundle, out_dir: Path, beside: Beside | None = None) -> Bundle:
    """Save the Bundle with its model card, and what there is `beside`; the Bundle now there."""

    def write_rest(folder: Path) -> None:
        if beside is not None:
            beside.write(bundle, folder)
        _write(folder / "MODEL_CARD.md", render_model_card(bundle.report))

    return bundle.save(out_dir, extra=write_rest)


def _write(path: Path, text: str) -> None:
    # a source may be a folder, whose name in a C locale is no text
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
