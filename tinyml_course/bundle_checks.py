"""What the files of a Bundle may say: each is read with a limit, and each field is checked.

A Bundle may come from anybody. A field that is wrong would come out much later, as C that does not
compile or as a picture with a class too many; so it is named here, where the file is known.
"""

from __future__ import annotations

import json
import math
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.errors import DataError, ExportError
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.features.targets import Targets
from tinyml_course.network.model import TfliteModel
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import LearningSpec
from tinyml_course.plain_json import from_json
from tinyml_course.trees.forest import Forest

LARGEST_PART_BYTES = 64 << 20
LARGEST_NUMBER = 1e6  # of a preprocessing step: nothing in a step is larger, in any unit
MOST_CLASSES = 1000
GOLDEN_ARRAYS = ("windows", "inputs", "outputs", "labels")

# What reading a damaged file may raise besides errors of our own. RuntimeError: a zip with a
# password or of an unknown kind, or JSON that is nested too deep.
DAMAGE = (
    DataError,
    ExportError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    OverflowError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class WindowSpec:
    """What `preprocessing.json` says of a window."""

    lab: str
    window: int
    channel_names: tuple[str, ...]
    sample_rate_hz: float
    unit: str


def read_part(path: Path) -> bytes:
    """A part of a Bundle.

    Raises:
        DataError: it is larger than any part can be.
    """
    size = path.stat().st_size
    if size > LARGEST_PART_BYTES:
        raise DataError(f"{path.name} has {size:,} bytes, {LARGEST_PART_BYTES:,} are possible")
    return path.read_bytes()


def read_json(path: Path) -> Any:
    """A part that is JSON, whose numbers are finite.

    Raises:
        DataError: NaN or infinity, which Python writes and no other program reads.
    """

    def read_number(text: str) -> float:
        if not math.isfinite(value := float(text)):
            raise DataError(f"{path.name} holds {text[:20]}, which is no number")
        return value

    text = read_part(path).decode("utf-8")
    return json.loads(text, parse_constant=read_number, parse_float=read_number)


def read_window_spec(path: Path) -> tuple[WindowSpec, Preprocessing]:
    """`preprocessing.json`: what a window is, and the steps from it to the model's input.

    Raises:
        DataError: a key is missing or unknown, or holds a value of another form.
    """
    values = read_json(path)
    if not isinstance(values, dict) or not isinstance(values.get("steps"), list):
        raise DataError(f"{path.name} has no list of steps")
    steps = values.pop("steps")
    for number, step in enumerate(steps):
        if not isinstance(step, dict):
            raise DataError(f"{path.name}: step {number} is no object")
        for name, value in step.items():
            _check_parameter(f"{path.name}: step {number}.{name}", value)
    return from_json(WindowSpec, values, path.name), Preprocessing.from_spec(steps)


def _check_parameter(where: str, value: Any) -> None:
    """A text, a number, or a list of numbers; none of them beyond reason."""
    for one in value if isinstance(value, list) else [value]:
        is_number = isinstance(one, (int, float)) and not isinstance(one, bool)
        if is_number and not (math.isfinite(one) and abs(one) <= LARGEST_NUMBER):
            raise DataError(f"{where} is {one:.4g}, not within {LARGEST_NUMBER:g}")
        if not is_number and not (isinstance(one, str) and one is value):
            raise DataError(f"{where} is neither a text nor a number nor a list of numbers")


def read_labels(path: Path) -> tuple[str, ...]:
    """`labels.json`: a list of names.

    Raises:
        DataError: anything else.
    """
    labels = read_json(path)
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise DataError(f"{path.name} is no list of names")
    return tuple(labels)


def read_golden(path: Path) -> dict[str, np.ndarray]:
    """`golden.npz`: its arrays, each of which fills the memory that the file itself promises.

    Raises:
        DataError: an array is missing, or claims more values than the file holds.
    """
    read_part(path)
    arrays = {}
    with zipfile.ZipFile(path) as stored:
        for name in GOLDEN_ARRAYS:
            member = stored.getinfo(f"{name}.npy")
            if member.file_size > LARGEST_PART_BYTES:
                raise DataError(f"{path.name}: {name} has {member.file_size:,} bytes")
            with stored.open(member) as file:
                version = np.lib.format.read_magic(file)
                if version not in ((1, 0), (2, 0)):
                    raise DataError(f"{path.name}: {name} is of an unknown version {version}")
                read_header = (
                    np.lib.format.read_array_header_1_0
                    if version == (1, 0)
                    else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = read_header(file)
            if math.prod(shape) * dtype.itemsize > member.file_size or dtype.hasobject:
                raise DataError(f"{path.name}: {name} claims {shape} {dtype}, which is not there")
            with stored.open(member) as file:
                arrays[name] = np.lib.format.read_array(file, allow_pickle=False)
    return arrays


def check_bundle(
    spec: WindowSpec,
    preprocessing: Preprocessing,
    class_names: Sequence[str],
    model: TfliteModel,
    golden: Mapping[str, np.ndarray],
    stream: StreamSpec | None,
    forest: Forest | None,
    targets: Targets | None = None,
    learning: LearningSpec | None = None,
) -> None:
    """See that every field of a Bundle is possible, and that they fit each other.

    Raises:
        DataError: the first that is not, and why.
        ExportError: the model is damaged.
    """
    if not _NAME.fullmatch(spec.lab):
        raise DataError(f"the lab's name {spec.lab[:40]!r}: only letters, digits, '_' and '-'")
    _check_names("class_names", class_names)
    _check_names("channel_names", spec.channel_names)
    if not spec.unit.isprintable() or len(spec.unit) > 100:
        raise DataError(f"the unit {spec.unit[:40]!r} is no unit")
    if not 1 <= spec.window <= LARGEST_NUMBER:
        raise DataError(f"window is {spec.window}, not 1 to {LARGEST_NUMBER:g} samples")
    if not (math.isfinite(spec.sample_rate_hz) and 0 < spec.sample_rate_hz <= LARGEST_NUMBER):
        raise DataError(f"sample_rate_hz is {spec.sample_rate_hz}, not above 0 and finite")
    n_classes = math.prod(model.output.shape)
    if n_classes != len(class_names):
        raise DataError(f"the model has {n_classes} outputs, there are {len(class_names)} labels")
    if stream is not None and stream.n_classes != n_classes:
        raise DataError(f"stream.json is for {stream.n_classes} classes, the model has {n_classes}")
    if forest is not None:
        takes = (math.prod(model.input.shape), model.input.dtype.name, n_classes)
        if (forest.features, forest.dtype, forest.classes) != takes:
            raise DataError(
                f"forest.json is for {forest.features} {forest.dtype} inputs and {forest.classes} "
                f"classes, the model has {takes[0]} {takes[1]} inputs and {takes[2]} classes"
            )
    if targets is not None:
        _check_targets(targets, class_names, spec)
    if learning is not None:
        learning.check_head(Head.from_model(model))
    _check_golden(spec, golden, model, n_classes, targets is not None)
    prepared = preprocessing.apply(golden["windows"][:1])
    if prepared.shape[1:] != model.input.shape:
        raise DataError(
            f"preprocessing makes {prepared.shape[1:]} of a window, the model takes "
            f"{model.input.shape}"
        )


def _check_names(what: str, names: Sequence[str]) -> None:
    if not 1 <= len(names) <= MOST_CLASSES:
        raise DataError(f"{what} are {len(names):,}, 1 to {MOST_CLASSES} are possible")
    for name in names:
        if not name.strip() or not name.isprintable() or len(name) > 100:
            raise DataError(f"{what}: {name[:40]!r} is no name")
    if len(set(names)) != len(names):
        raise DataError(f"{what}: a name stands there twice")


def _check_targets(targets: Targets, names: Sequence[str], spec: WindowSpec) -> None:
    if targets.names != tuple(names):
        raise DataError("targets.json and labels.json do not name the same targets")
    if not all(-1 <= channel < len(spec.channel_names) for channel in targets.change_of):
        raise DataError(f"targets.json: change_of {targets.change_of} is no channel of a window")
    if max(map(abs, (*targets.mean, *targets.scale))) > LARGEST_NUMBER:
        raise DataError(f"targets.json: a mean or scale is not within {LARGEST_NUMBER:g}")
    for unit in targets.units:
        if not unit.isprintable() or len(unit) > 100:
            raise DataError(f"targets.json: {unit[:40]!r} is no unit")


def _check_golden(
    spec: WindowSpec,
    golden: Mapping[str, np.ndarray],
    model: TfliteModel,
    n_classes: int,
    has_values: bool,
) -> None:
    labels = golden["labels"]
    count = len(labels) if labels.ndim == 1 + has_values else 0
    if not count:
        raise DataError("golden.npz holds no labelled window")
    shapes = {
        "windows": ((count, spec.window, len(spec.channel_names)), "float32"),
        "inputs": ((count, *model.input.shape), model.input.dtype.name),
        "outputs": ((count, *model.output.shape), model.output.dtype.name),
        "labels": ((count, n_classes), "float32") if has_values else ((count,), "int64"),
    }
    for name, (shape, dtype) in shapes.items():
        array = golden[name]
        if array.shape != shape or array.dtype != dtype:
            raise DataError(
                f"golden.npz: {name} is {array.shape} {array.dtype}, not {shape} {dtype}"
            )
    if not np.isfinite(golden["windows"]).all():
        raise DataError("golden.npz: windows hold NaN or infinity")
    if has_values:
        if not np.isfinite(labels).all():
            raise DataError("golden.npz: labels hold NaN or infinity")
    elif not (labels.min() >= 0 and labels.max() < n_classes):
        raise DataError(f"golden.npz: labels are not all of 0 to {n_classes - 1}")
