"""Explorers: one idea each, to move with sliders. Each is one function, and one line in a lesson.

    from tinyml_course.live.explorers import explore_quantizer
    explore_quantizer(weights)

    explore_axis            an operation along an axis, and broadcasting          lesson 00b
    explore_rotation        a sensor that is turned, and one that is off          lesson 01
    explore_windows         window and hop                                        lesson 02
    explore_learning_rate   too small, right, too large                           lesson 03
    explore_confusion       a confusion matrix whose cells show their windows     lesson 03
    explore_quantizer       bits and range                                        lesson 04
    explore_sparsity        zeros against accuracy and bytes                      lesson 05
    explore_temperature     how sure a teacher sounds                             lesson 06
    explore_const           a model in a board's two memories                     lesson 07
    explore_multiplier      a real factor as an integer and a shift               lesson 08
    explore_fit             a model on every board                                lesson 10
    explore_battery         duty cycle and battery                                lesson 10
    explore_stream          threshold and smoothing of a detector                 lesson 12
    explore_anomaly         an imbalance, a turned sensor, hum and a gain         lesson 14
    explore_tree            depth of a decision tree                              lesson 15
    explore_probe           a probe that fails, and what hears of it              lesson 16
    explore_onset           when a gesture begins                                 lesson 17
    explore_rehearsal       what a label on the board gains, and what it costs    lesson 18
    explore_nudge           a change along a gradient, or by chance               lesson 19
    explore_layout          channels first, channels last                         lesson 21
    explore_tasks           what goes into a small model, and what comes out      lesson 20

What is computed is computed in the other rooms; here are controls. Every control has a label and
works by keyboard, and what the picture shows stands below it in words. They need the extra `lab`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tinyml_course.extras import require

_PLACES = {
    "explore_axis": "arrays",
    "explore_rotation": "signal",
    "explore_windows": "signal",
    "explore_learning_rate": "learning",
    "explore_confusion": "confusion",
    "explore_quantizer": "compression",
    "explore_sparsity": "compression",
    "explore_temperature": "compression",
    "explore_const": "memory",
    "explore_multiplier": "fixed_point",
    "explore_fit": "boards",
    "explore_battery": "boards",
    "explore_stream": "stream",
    "explore_anomaly": "anomaly",
    "explore_tree": "trees",
    "explore_probe": "ponds",
    "explore_onset": "onset",
    "explore_rehearsal": "rehearsal",
    "explore_nudge": "nudges",
    "explore_layout": "arrays",
    "explore_tasks": "tasks",
}
__all__ = [
    "explore_anomaly",
    "explore_axis",
    "explore_battery",
    "explore_confusion",
    "explore_const",
    "explore_fit",
    "explore_layout",
    "explore_learning_rate",
    "explore_multiplier",
    "explore_nudge",
    "explore_onset",
    "explore_probe",
    "explore_quantizer",
    "explore_rehearsal",
    "explore_rotation",
    "explore_sparsity",
    "explore_stream",
    "explore_tasks",
    "explore_temperature",
    "explore_tree",
    "explore_windows",
]


def __getattr__(name: str) -> Any:
    """An explorer, imported when somebody asks for it.

    Raises:
        MissingExtraError: the extra `lab` is not installed.
    """
    if name not in _PLACES:
        raise AttributeError(f"tinyml_course.live.explorers has no {name}")
    require("ipywidgets", "an explorer")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
