"""What the pipeline hands to a board: one folder with a model and everything that belongs to it.

    model_int8.tflite    the model that goes on the board
    preprocessing.json   window, rate, unit, and the fitted steps from window to model input
    labels.json          class names in the order of the model's outputs
    golden.npz           windows of people never trained on, with the integers they must give
    report.json          accuracy and bytes by stage, data, seed, versions
    stream.json          how a detector listens, where the lab has one (keywords)
    forest.json          a tree or forest on the same int8 inputs, where the lab has one (gas)
    targets.json         from outputs to values in units, where the model answers with values (pond)
    learning.json        how the last layer learns on the board, where it does (personalize)

Lesson 03 makes one, every later lesson loads one.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from tinyml_course.bundle_checks import (
    DAMAGE,
    WindowSpec,
    check_bundle,
    read_golden,
    read_json,
    read_labels,
    read_part,
    read_window_spec,
)
from tinyml_course.confine.guard import guarded
from tinyml_course.errors import DataError, ExportError
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.features.targets import Targets
from tinyml_course.files import cannot_write
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.interrupts import HeldInterrupt
from tinyml_course.network.model import TfliteModel
from tinyml_course.on_device.learner import LearningSpec
from tinyml_course.report import Report
from tinyml_course.shipped import BUNDLES
from tinyml_course.trees.forest import Forest

PARTS = ("model_int8.tflite", "preprocessing.json", "labels.json", "golden.npz", "report.json")
STREAM = "stream.json"  # only where a lab listens to a stream
FOREST = "forest.json"  # only where a lab has trees
TARGETS = "targets.json"  # only in a regression
LEARNING = "learning.json"  # only where a board learns on
SWAP_TRIES = 50  # when several save into one folder at once


@dataclass(frozen=True)
class Golden:
    """Windows of the test part and what they must give, integer for integer.

    Attributes:
        windows: `(n, window, channels)` float32 in the Bundle's unit.
        inputs: `(n, ...)` int8, the model's quantized inputs.
        outputs: `(n, classes)` int8, the model's outputs in TFLM.
        labels: `(n,)` int64; in a regression `(n, targets)` float32, the true values.
    """

    windows: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Bundle:
    """A model with its preprocessing, labels, golden vectors and report.

    Attributes:
        name: the lab's name.
        model: the int8 .tflite model.
        preprocessing: fitted; `preprocessing.apply(windows)` gives the model's float input.
        class_names: one name an output, in their order; in a regression the targets'.
        window, channel_names, sample_rate_hz, unit: what one window is.
        report: what was measured when it was made.
        stream: how a detector listens with this model to sound without end, where the lab has one.
        forest: trees that answer on the model's own int8 inputs, where the lab has some.
        targets: in a regression, from the model's outputs to values in units. Lesson 16.
        learning: how a board goes on learning with it, where the lab has one.
        folder: where it was read from.
    """

    name: str
    model: TfliteModel = field(repr=False)
    preprocessing: Preprocessing = field(repr=False)
    class_names: tuple[str, ...]
    channel_names: tuple[str, ...]
    window: int
    sample_rate_hz: float
    unit: str
    golden: Golden = field(repr=False)
    report: Report = field(repr=False)
    stream: StreamSpec | None = field(default=None, repr=False)
    forest: Forest | None = field(default=None, repr=False)
    targets: Targets | None = field(default=None, repr=False)
    learning: LearningSpec | None = field(default=None, repr=False)
    folder: Path | None = field(default=None, repr=False)

    def predict_scores(self, windows: np.ndarray) -> np.ndarray:
        """Scores `(n, classes)` float32 of the int8 model for `windows` in physical units.

        Args:
            windows: `(n, window, channels)`, or `(window, channels)` for one.

        Raises:
            DataError: windows of another shape.
        """
        windows = np.asarray(windows, dtype=np.float32)
        if windows.ndim == 2:
            windows = windows[None]
        expected = (self.window, len(self.channel_names))
        if windows.shape[1:] != expected:
            raise DataError(
                f"windows have shape {windows.shape[1:]}; the {self.name} model takes {expected}: "
                f"{self.window} samples at {self.sample_rate_hz:g} Hz of "
                f"{', '.join(self.channel_names)} in {self.unit}"
            )
        return run_litert(self.model, self.preprocessing.apply(windows))

    def predict_values(self, windows: np.ndarray) -> np.ndarray:
        """What the model of a regression answers, `(n, targets)` float32 in units. Lesson 16.

        Raises:
            DataError: windows of another shape, or a model that answers with classes.
        """
        if self.targets is None:
            raise DataError(f"the {self.name} model answers with classes: call classify")
        scores = self.predict_scores(windows)
        windows = np.asarray(windows, np.float32)
        return self.targets.decode(windows[None] if windows.ndim == 2 else windows, scores)

    def classify(self, windows: np.ndarray) -> list[str]:
        """The most likely class of each window, by name. Lesson 00.

        Raises:
            DataError: windows of another shape, or a model that answers with values.
        """
        if self.targets is not None:
            raise DataError(f"the {self.name} model answers with values: call predict_values")
        return [self.class_names[k] for k in self.predict_scores(windows).argmax(axis=1)]

    @classmethod
    def load(cls, folder: str | Path) -> Bundle:
        """Read the Bundle in `folder`.

        Raises:
            DataError: a part is missing or damaged.
        """
        folder = Path(folder)
        missing = [part for part in PARTS if not (folder / part).is_file()]
        if missing:
            raise DataError(
                f"{folder} is no Bundle: {', '.join(missing)} missing. "
                "Make one with: tinyml run LAB --out DIR"
            )
        try:
            spec, preprocessing = read_window_spec(folder / "preprocessing.json")
            rules, trees, values = folder / STREAM, folder / FOREST, folder / TARGETS
            learns = folder / LEARNING
            bundle = cls(
                name=spec.lab,
                model=TfliteModel(read_part(folder / "model_int8.tflite")),
                preprocessing=preprocessing,
                class_names=read_labels(folder / "labels.json"),
                channel_names=spec.channel_names,
                window=spec.window,
                sample_rate_hz=float(spec.sample_rate_hz),
                unit=spec.unit,
                golden=Golden(**read_golden(folder / "golden.npz")),
                report=Report.from_json(read_json(folder / "report.json")),
                stream=StreamSpec.from_json(read_json(rules)) if rules.exists() else None,
                forest=Forest.from_json(read_json(trees)) if trees.exists() else None,
                targets=Targets.from_json(read_json(values)) if values.exists() else None,
                learning=LearningSpec.from_json(read_json(learns)) if learns.exists() else None,
                folder=folder,
            )
            bundle.check()
        except DAMAGE as error:
            what = " ".join(str(error).split())[:300]
            raise DataError(
                f"the Bundle in {folder} is damaged ({type(error).__name__}: {what}). "
                f"Make it again: tinyml run LAB --out {folder}"
            ) from error
        return bundle

    def check(self) -> None:
        """See that every field is possible, and that they fit each other.

        Raises:
            DataError: the first that is not, and why.
            ExportError: the model is damaged.
        """
        check_bundle(
            WindowSpec(self.name, self.window, self.channel_names, self.sample_rate_hz, self.unit),
            self.preprocessing,
            self.class_names,
            self.model,
            vars(self.golden),
            self.stream,
            self.forest,
            self.targets,
            self.learning,
        )

    @classmethod
    def load_shipped(cls, name: str) -> Bundle:
        """A Bundle that comes with the course, for instance `load_shipped("motion")`. Lesson 00.

        Raises:
            DataError: there is none of that name.

        >>> Bundle.load_shipped("motion").class_names
        ('still', 'walk', 'run')
        """
        if not (BUNDLES / name).is_dir():
            found = ", ".join(sorted(p.name for p in BUNDLES.glob("*/"))) or "none"
            raise DataError(f"no Bundle named {name!r} comes with the course; there are: {found}")
        return cls.load(BUNDLES / name)

    def save(self, folder: str | Path, extra: Callable[[Path], None] | None = None) -> Bundle:
        """Write the Bundle to `folder`, whole or not at all; an older Bundle there is replaced.

        Args:
            extra: called with the folder while it is still hidden, to write further files that
                belong to the Bundle (plots, headers).

        Returns:
            The Bundle that is there now; its report lists the files of its folder.

        Raises:
            DataError: a field is wrong, or does not fit the others.
            ExportError: the folder holds something that is no Bundle; or the model is damaged.
            OutputError: it cannot be written.
        """
        folder = Path(folder)
        self.check()
        check_replaceable(folder)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with guarded() as guard, guard.work_folder(folder.parent, is_hidden=True) as partial:
                self._write_parts(partial)
                if extra is not None:
                    extra(partial)
                names = {path.relative_to(partial).as_posix() for path in _files_in(partial)}
                report = replace(self.report, files=tuple(sorted(names | {"report.json"})))
                _write_json(partial / "report.json", report.to_json())
                saved = replace(Bundle.load(partial), folder=folder)  # before anybody else is there
                partial.chmod(0o755)
                _swap(partial, folder)
        except OSError as error:
            raise cannot_write(folder, error) from error
        return saved

    def _write_parts(self, folder: Path) -> None:
        spec = {
            "lab": self.name,
            "window": self.window,
            "channel_names": list(self.channel_names),
            "sample_rate_hz": self.sample_rate_hz,
            "unit": self.unit,
            "steps": self.preprocessing.to_spec(),
        }
        (folder / "model_int8.tflite").write_bytes(self.model)
        _write_json(folder / "preprocessing.json", spec)
        _write_json(folder / "labels.json", list(self.class_names))
        if self.stream is not None:
            _write_json(folder / STREAM, self.stream.to_json())
        if self.targets is not None:
            _write_json(folder / TARGETS, self.targets.to_json())
        if self.forest is not None:
            text = json.dumps(self.forest.to_json())  # in one line: a node a line would be long
            (folder / FOREST).write_text(text + "\n", encoding="utf-8")
        if self.learning is not None:
            text = json.dumps(self.learning.to_json())  # its examples in one line
            (folder / LEARNING).write_text(text + "\n", encoding="utf-8")
        np.savez_compressed(folder / "golden.npz", **vars(self.golden))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _is_replaceable(folder: Path) -> bool:
    """Whether it is empty, absent or a Bundle; if it is being replaced just now, look again."""
    for _ in range(SWAP_TRIES):
        try:
            before = folder.stat()
            names = {path.name for path in folder.iterdir()}
            if os.path.samestat(before, folder.stat()):
                return not names or "report.json" in names
        except FileNotFoundError:
            return True
    return True


def check_replaceable(folder: Path) -> None:
    """Refuse to overwrite a folder that holds anything but a Bundle or nothing.

    Raises:
        ExportError
    """
    for place in (*reversed(folder.parents), folder):
        if place.exists() and not place.is_dir():
            raise ExportError(f"{place} is a file: choose another folder with --out")
    if not _is_replaceable(folder):
        raise ExportError(
            f"{folder} holds files that are no Bundle, and would be lost: "
            "choose an empty or new folder with --out"
        )
    parent = folder if folder.exists() else next(p for p in folder.absolute().parents if p.exists())
    if not os.access(parent, os.W_OK):
        raise ExportError(f"no permission to write in {parent}: choose another folder with --out")


def _swap(partial: Path, folder: Path) -> None:
    """Put `partial` in the place of `folder`; the old one is gone only when the new one stands.

    Of several who do so at once, each puts a whole Bundle there, and the last one's stays.
    """
    for _ in range(SWAP_TRIES):
        old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old."))
        try:
            with HeldInterrupt():  # between the two there is no Bundle
                with suppress(FileNotFoundError):  # none was there, or another save took it away
                    folder.replace(old / "bundle")
                partial.replace(folder)
            return
        except OSError as error:
            failed = error  # another save was faster, or it cannot be done at all
            if (old / "bundle").exists() and not folder.exists():
                (old / "bundle").replace(folder)
        finally:
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
    raise failed
