"""What a run measured, as values: the report that every Bundle carries and `tinyml run` prints.

`to_json` gives what stands in `report.json`, `Report.from_json` reads it back. `pipeline/report.py`
and `pipeline/model_card.py` turn it into text. Lesson 03 writes one, lessons 12 and 13 read some.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import tinyml_course
from tinyml_course.plain_json import LEFT_OUT_IF_EMPTY, from_json, to_json


def say_groups(count: int, groups_are: str) -> str:
    """A number of groups in words.

    >>> say_groups(1, "people"), say_groups(1, "sessions"), say_groups(4, "machines")
    ('1 person', '1 session', '4 machines')
    """
    if count == 1:
        groups_are = "person" if groups_are == "people" else groups_are.removesuffix("s")
    return f"{count:,} {groups_are}"


@dataclass(frozen=True)
class PartSize:
    """How much data one part of a split holds. `groups` are its people, voices or forms."""

    windows: int
    groups: int


@dataclass(frozen=True)
class DataSummary:
    """What a model learnt from and was measured on.

    Attributes:
        source: where the data come from, in words.
        windows, groups: of all parts together.
        groups_are: what a group is, for instance "people".
        classes: their names, in the order of the model's outputs; in a regression the targets'.
        parts: by "train", "val" and "test".
        held_out: the groups of the test part.
    """

    source: str
    windows: int
    groups: int
    groups_are: str
    classes: tuple[str, ...]
    parts: Mapping[str, PartSize]
    held_out: tuple[str, ...]


@dataclass(frozen=True)
class Verification:
    """What a comparison of generated C with TFLM found.

    Attributes:
        samples: how many inputs were tried.
        bytes_compared, bytes_differing: over all outputs of all samples.
        target: where the C ran.
        max_difference: of float32 outputs, relative to the larger of 1 and the value; infinite
            where one alone is no number, or an integer output beside them differs.
        engine: what the C was compared with, "TFLM" or "NumPy reference".
        bound: which `max_difference` is right; 0 for a model whose outputs are integers.
    """

    samples: int
    bytes_compared: int
    bytes_differing: int
    target: str
    max_difference: float = 0.0
    engine: str = "TFLM"
    bound: float = 0.0

    @property
    def passed(self) -> bool:
        """Integers are equal in every byte, floats stay within the bound."""
        if self.bound:
            return self.max_difference <= self.bound
        return self.bytes_differing == 0

    def __str__(self) -> str:
        """One sentence, as `tinyml verify` prints it.

        >>> print(Verification(20, 60, 0, "host"))
        20 samples on host: 0 of 60 output bytes differ from TFLM
        >>> print(Verification(9, 240, 2, "host", 6e-8, bound=2.0**-16))
        9 samples on host: floats differ from TFLM by 6e-08 at most, where rounding may take 1.5e-05
        """
        where = f"{self.samples:,} samples on {self.target}"
        if self.bound:
            return (
                f"{where}: floats differ from {self.engine} by {self.max_difference:.2g} at most, "
                f"where rounding may take {self.bound:.2g}"
            )
        return (
            f"{where}: {self.bytes_differing:,} of {self.bytes_compared:,} output bytes differ "
            f"from {self.engine}"
        )


@dataclass(frozen=True)
class Judgement:
    """How an int8 model does on recordings.

    Attributes:
        windows, groups, groups_are: of the recordings; of a detector those that it was judged on.
        accuracy: the share that is right; or what else measures the kind of answer, as in `Report`.
            None for a detector that met no fault: there is no AUC without one.
        balanced_accuracy: the mean of `recall`.
        recall: the share recognised of each class, by name: of a detector the healthy windows
            without an alarm, and of each fault those with one. None in a regression, where
            `balanced_accuracy` is the skill too.
        errors: in a regression, the root of the mean squared error of each target, in its unit.
    """

    windows: int
    groups: int
    groups_are: str
    accuracy: float | None
    balanced_accuracy: float
    recall: Mapping[str, float]
    errors: Mapping[str, float] = field(
        default_factory=dict, kw_only=True, metadata=LEFT_OUT_IF_EMPTY
    )


@dataclass(frozen=True)
class HeldOutJudgement(Judgement):
    """How a model that learnt from some of a source does on the rest: `held_out`, by name."""

    held_out: tuple[str, ...]


@dataclass(frozen=True)
class YourData:
    """What the recordings of `tinyml run --data` did.

    Attributes:
        source: where they come from, in words.
        before: how each model that had not met them does on them, by name.
        after: how the chosen model does once it learnt from some of them, on the others; None
            where they were too few to learn from.
        detector: of a detector, the chosen model as `before`, beside its controls.
    """

    source: str
    before: Mapping[str, Judgement]
    after: HeldOutJudgement | None = None
    detector: DetectorResult | None = field(default=None, metadata=LEFT_OUT_IF_EMPTY)


@dataclass(frozen=True)
class DeviceResult:
    """A model on a board, over a whole test set.

    Attributes:
        accuracy: of the board's own answers, or what else measures their kind; None without labels.
        bytes_compared, bytes_differing: against TFLM on this computer.
        latency_us: the median inference by the board's clock.
        flash_bytes, ram_bytes: of the `sketch` that carries the model (`selftest` without one).
        stack_bytes: the deepest stack seen; None on a real board.
        energy_uj: of one inference, by the catalogue's current; None if nobody knows it.
        lines: what the lab's sketch printed.
    """

    board: str
    windows: int
    accuracy: float | None
    bytes_compared: int
    bytes_differing: int
    latency_us: float
    sketch: str
    flash_bytes: int
    ram_bytes: int
    stack_bytes: int | None
    energy_uj: float | None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class TreeResult:
    """A tree or forest of a lab, trained on the int8 inputs of its network.

    Attributes:
        accuracy: on the test part.
        nodes, leaves, depth: of all trees together; of the deepest.
        vectors: of all parts, each sent through the C.
        leaves_compared, leaves_differing: against scikit-learn's `apply`.
        form: of the C, "nested" or "table".
        flash_bytes: code and tables, on the board's processor.
        instructions: of an answer, the mean over the test part.
        latency_us: of an answer, estimated.
    """

    accuracy: float
    trees: int
    nodes: int
    leaves: int
    depth: int
    vectors: int
    leaves_compared: int
    leaves_differing: int
    form: str
    flash_bytes: int
    instructions: float
    latency_us: float


@dataclass(frozen=True)
class DetectorMethod:
    """One way to tell the unusual from the usual, on machines that nothing was learnt from.

    Attributes:
        auc: the area under the ROC curve against healthy windows, by fault.
        false_alarms: the share of healthy windows that alarm.
        false_alarms_of_five: the share where the median of five in a row does.
    """

    auc: Mapping[str, float]
    false_alarms: float
    false_alarms_of_five: float


@dataclass(frozen=True)
class DetectorResult:
    """A detector beside its controls, by the method's name, the lab's own first."""

    methods: Mapping[str, DetectorMethod]


@dataclass(frozen=True)
class LearnedCondition:
    """What labels of their own bought the groups of one condition; each number is a mean of them.

    Attributes:
        groups: how many taught a board of their own.
        before, plain, rehearsed: accuracy on their other windows: as shipped, and after their
            labels without and with old examples.
        test_before, test_plain, test_rehearsed: the same boards on the test part.
    """

    groups: int
    before: float
    plain: float
    rehearsed: float
    test_before: float
    test_plain: float
    test_rehearsed: float


@dataclass(frozen=True)
class LearningResult:
    """A last layer that learns on, on the board's processor.

    Attributes:
        labels: of each class, given by each group.
        conditions: what they bought, by condition.
        labels_compared, steps: given to the emulated processor and to Python.
        weights_compared, weights_differing: after every label.
        flash_bytes, ram_bytes, stack_bytes: of the head alone.
        step_us, label_us, answer_us: of one step of SGD, one label with all its steps, one answer
            of the head; estimated.
    """

    labels: int
    conditions: Mapping[str, LearnedCondition]
    labels_compared: int
    steps: int
    weights_compared: int
    weights_differing: int
    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    step_us: float
    label_us: float
    answer_us: float


@dataclass(frozen=True, kw_only=True)
class Report:
    """One lab's run: what it learnt from, and what every stage was found to be.

    Attributes:
        lab, title: its name, and one line for a person.
        model: the network that goes on the board, by the name of its choice.
        generator: what wrote the report.
        seed: of the data and the training.
        data: what was learnt from.
        accuracy: on the test part, by stage; or what else measures the kind of answer.
        measured_by: what that is, where it is no accuracy: "skill" in a regression, "AUC" of a
            detector.
        bytes: of the .tflite file, by stage.
        arena_bytes: what TFLM needs at least, by stage; None where it refuses the model.
        refusal: why TFLM refuses, by stage, where it does.
        accuracy_floor: the least accuracy that the lab accepts of `model`.
        verify: the int8 model's generated C on the test part; None where it was not compared.
        your_data: what recordings of your own did, if there were any.
        board: the model on a virtual board; None where it was not run.
        trees: what else can answer, by name.
        elsewhere: how all of it does under other conditions: by condition, then by stage.
        seconds: how long each stage took.
        files: what lies in the Bundle's folder; empty until it is saved.
        units: in a regression, the unit of each target.
        errors: in a regression, on the test part by stage and by control: the root of the mean
            squared error of each target, in its unit.
        detector: the int8 model of a detector beside its controls.
        learning: what a last layer that learns on the board makes of it.

    >>> part = PartSize(windows=40, groups=2)
    >>> data = DataSummary("a wrist", 120, 6, "people", ("still", "walk"),
    ...                    dict(train=part, val=part, test=part), ("ann", "bob"))
    >>> report = Report(lab="motion", model="dense", data=data, accuracy={"int8": 0.98})
    >>> Report.from_json(report.to_json()) == report
    True
    """

    lab: str
    title: str = ""
    model: str
    generator: str = f"tinyml_course {tinyml_course.__version__}"
    seed: int = 0
    data: DataSummary
    accuracy: Mapping[str, float]
    bytes: Mapping[str, int] = field(default_factory=dict)
    arena_bytes: Mapping[str, int | None] = field(default_factory=dict)
    refusal: Mapping[str, str] = field(default_factory=dict)
    accuracy_floor: float | None = None
    verify: Verification | None = None
    your_data: YourData | None = None
    board: DeviceResult | None = None
    trees: Mapping[str, TreeResult] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    measured_by: str = field(default="", metadata=LEFT_OUT_IF_EMPTY)
    units: Mapping[str, str] = field(default_factory=dict, metadata=LEFT_OUT_IF_EMPTY)
    errors: Mapping[str, Mapping[str, float]] = field(
        default_factory=dict, metadata=LEFT_OUT_IF_EMPTY
    )
    detector: DetectorResult | None = field(default=None, metadata=LEFT_OUT_IF_EMPTY)
    learning: LearningResult | None = field(default=None, metadata=LEFT_OUT_IF_EMPTY)

    @property
    def measure(self) -> str:
        """What the figures under `accuracy` are."""
        return self.measured_by or "accuracy"

    def to_json(self) -> dict[str, Any]:
        """What stands in `report.json`: plain JSON values, in the order of the attributes."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, values: Any) -> Report:
        """The report whose `to_json` gave `values`.

        Raises:
            DataError: a key is missing or unknown, or holds a value of another form.
        """
        return from_json(cls, values, "report.json")
