"""What a lesson and its solution both compute is computed once, by whichever comes first.

Remembered are fits, the files that converters make, runs of sketches (`remembered_runs.py`), and a
few functions of arrays (`PURE`), by all that they depend on; `test_remembered.py` and
`test_remembered_runs.py` hold that what is remembered is what would be computed. Not remembered:
what depends on a function that a notebook or another function defines, a fit with logs, and models
with foreign layers. After a remembered fit the random generators are not where a fit leaves them:
who draws next, seeds first.
"""

from __future__ import annotations

import functools
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.kernels.keeping import Unknown, remember, remembers
from tests.kernels.remembered_runs import remembers_run
from tinyml_course.board import run
from tinyml_course.compress import quantize
from tinyml_course.training import augmented, fitting, import_keras, import_toolkit

PURE = (
    "tinyml_course.compress.quantize_file.quantize_file",
    "tinyml_course.features.digit_forms.draw_forms",
    "tinyml_course.features.mel.compute_log_mel",
    "tinyml_course.interpreters.litert.run_litert_raw",
)
CONVERTERS = ("fp32", "fp16", "dynamic_range", "int8", "int16x8")
TOOLKIT = "tensorflow_model_optimization."


def remembers_fit(fit: Callable[..., Any], compile_as_it: Callable[..., None]) -> Any:
    """`fit_model` or `fit_augmented`, remembered: the model has the weights and is compiled."""

    @functools.wraps(fit)
    def remembered(model: Any, *parts: np.ndarray, **settings: Any) -> fitting.TrainingHistory:
        def make() -> tuple[fitting.TrainingHistory, list[np.ndarray]]:
            return fit(model, *parts, **settings), model.get_weights()

        functools.update_wrapper(make, fit)
        try:
            if settings.get("log_dir") is not None or len(parts) != 4:  # arrays given by name
                raise Unknown
            told = {**settings, "callbacks": name_callbacks(settings.get("callbacks", ()))}
            known = (describe(model), [np.asarray(part) for part in parts], sorted(told.items()))
            (history, weights), made_before = remember(make, *known)
        except Unknown:
            return fit(model, *parts, **settings)
        if made_before:
            compile_as_it(model, parts[1], settings)
            model.set_weights(weights)
            print(f"fitted before, in another notebook: {history.epochs} epochs")
        return history

    return remembered


def remembers_file(convert: Callable[..., Any]) -> Callable[..., Any]:
    """One of the `convert_*`, remembered."""

    @functools.wraps(convert)
    def remembered(model: Any, *samples: Any, **settings: Any) -> Any:
        made = functools.partial(convert, model, *samples, **settings)
        functools.update_wrapper(made, convert)
        try:
            return remember(made, describe(model), samples, sorted(settings.items()))[0]
        except Unknown:
            return made()

    return remembered


def describe(model: Any) -> tuple[str, list[np.ndarray]]:
    """A model as text and weights; the layers' own names, which count on, are not among it.

    Raises:
        Unknown: something in it is neither Keras's nor the toolkit's.
    """
    keras = import_keras()
    layers = [part for part in model.submodules if isinstance(part, keras.layers.Layer)]
    for part in [model, *layers]:
        kinds = [type(part)]
        # Of its own rounding a wrapped layer says no more than the class's name.
        if (rounding := getattr(part, "quantize_config", None)) is not None:
            kinds.append(type(rounding))
        if not all(k.__module__.startswith(("tf_keras.", TOOLKIT)) for k in kinds):
            raise Unknown
    draws = keras.__internal__.layers.BaseRandomLayer
    for layer in layers:
        # Others keep where they are in what they draw.
        if isinstance(layer, draws) and layer._random_generator._rng_type != "legacy_stateful":
            raise Unknown
    text = model.to_json()
    names = sorted({part.name for part in [model, *layers]}, key=len, reverse=True)
    order = sorted(names, key=lambda name: text.find(json.dumps(name)))
    for name in names:
        text = text.replace(json.dumps(name), str(order.index(name)))
    return text, model.get_weights()


def name_callbacks(callbacks: tuple[Any, ...]) -> list[str]:
    """The only callback that a fit may have and be remembered: what it does is in the weights.

    Raises:
        Unknown: another one.
    """
    if callbacks and any(
        type(each) is not import_toolkit().sparsity.keras.UpdatePruningStep for each in callbacks
    ):
        raise Unknown
    return [type(each).__name__ for each in callbacks]


def compile_plain(model: Any, y: np.ndarray, settings: dict[str, Any]) -> None:
    """As `fit_model` leaves it."""
    rate, loss = settings["learning_rate"], settings.get("loss")
    fitting.compile_model(model, y, rate, loss, settings.get("classifies", True))


def compile_smoothed(model: Any, y: np.ndarray, settings: dict[str, Any]) -> None:
    """As `fit_augmented` leaves it."""
    augmented.compile_smoothed(model, settings["learning_rate"])


def remember_all() -> None:
    """Put the remembered functions wherever the others were imported, and will be."""
    new = {
        fitting.fit_model: remembers_fit(fitting.fit_model, compile_plain),
        augmented.fit_augmented: remembers_fit(augmented.fit_augmented, compile_smoothed),
        run.run_sketch: remembers_run(run.run_sketch),
    }
    for name in CONVERTERS:
        convert = getattr(quantize, f"convert_{name}")
        new[convert] = remembers_file(convert)
    for path in PURE:
        module, name = path.rsplit(".", 1)
        function = getattr(importlib.import_module(module), name)
        new[function] = remembers(function)
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if callable(value) and isinstance(value, type(remember)) and value in new:
                setattr(module, name, new[value])
