"""How a network is used: how often it is asked, and what its features cost meanwhile. Lesson 10.

A network of a lab that hears sound without end is asked every few hops of its front end. A board
keeps up if a period's rows of features and one inference take less time than the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.board.measure import measure_function
from tinyml_course.bundle import PARTS, Bundle
from tinyml_course.confine.guard import guarded
from tinyml_course.export.firmware.log_mel import export_log_mel_c
from tinyml_course.features.mel import LogMel, LogMelSpec


@dataclass(frozen=True)
class Listening:
    """A detector on a stream of sound.

    Attributes:
        spec: the front end, which makes one row of features a hop.
        window: samples that the network sees.
        stride: hops from one question to the network to the next.
    """

    spec: LogMelSpec
    window: int
    stride: int

    @property
    def period_us(self) -> float:
        """From one question to the next."""
        return self.stride * self.spec.hop / self.spec.sample_rate_hz * 1e6

    def count_feature_cycles(self, target: str, optimize: str = "-Os") -> int:
        """Estimated cycles of a period's rows of features, on an emulated processor."""
        spec = self.spec
        samples = np.random.default_rng(0).integers(-9000, 9000, spec.window).astype(np.int16)
        row = np.zeros(spec.n_mels, np.int8)
        with guarded() as guard, guard.work_folder() as folder:
            _, source = export_log_mel_c(spec, folder, "ears", self.window)
            measured = measure_function(
                [source],
                "ears_row",
                samples,
                row,
                target=target,
                optimize=optimize,
                include_dirs=[folder],
            )
        return self.stride * measured.estimated_cycles


def find_listening(bundle: Bundle) -> Listening | None:
    """How a Bundle's network listens; None if its lab judges one window after the other."""
    steps = bundle.preprocessing.steps
    if bundle.stream is None or len(steps) != 1 or not isinstance(steps[0], LogMel):
        return None
    return Listening(steps[0].spec, bundle.window, bundle.stream.stride)


def listening_beside(model: Path) -> Listening | None:
    """How a model file's network listens, if it lies in a Bundle that says so.

    Raises:
        DataError: the Bundle around it is damaged.
    """
    if model.name != "model_int8.tflite" or not all((model.parent / p).is_file() for p in PARTS):
        return None
    return find_listening(Bundle.load(model.parent))
