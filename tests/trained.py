"""A small trained model and its data, made once a process and shared by tests of several rooms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from tinyml_course import training
from tinyml_course.compress import quantize
from tinyml_course.network.model import TfliteModel


@dataclass(frozen=True)
class Parts:
    """scikit-learn's 8 x 8 digits as vectors of 64 in 0..1: a stand-in for any lab's features."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


@cache
def digits() -> Parts:
    from sklearn.datasets import load_digits

    data = load_digits()
    order = np.random.default_rng(0).permutation(len(data.target))
    x, y = (data.data[order] / 16).astype(np.float32), data.target[order]
    return Parts(x[:900], y[:900], x[900:1300], y[900:1300], x[1300:], y[1300:])


def fit_digits(model: Any, *, epochs: int = 8, as_windows: bool = False, **options: Any) -> Any:
    d = digits()
    shape = (-1, 8, 8) if as_windows else (-1, 64)
    return training.fit_model(
        model,
        d.x_train.reshape(shape),
        d.y_train,
        d.x_val.reshape(shape),
        d.y_val,
        **{
            "epochs": epochs,
            "batch_size": 32,
            "learning_rate": 0.005,
            "seed": 0,
            "log_every": 0,
            **options,
        },
    )


@cache
def trained_dense() -> Any:
    model = training.build_dense((64,), 10)
    fit_digits(model)
    return model


@cache
def trained_conv1d() -> Any:
    model = training.build_conv1d((8, 8), 10)
    fit_digits(model, epochs=6, as_windows=True)
    return model


@cache
def dense_tflite(scheme: str) -> TfliteModel:
    """`trained_dense` as a .tflite file, by the name of the number format."""
    model = trained_dense()
    samples = quantize.representative_dataset(digits().x_train)
    convert = {
        "fp32": lambda: quantize.convert_fp32(model),
        "fp16": lambda: quantize.convert_fp16(model),
        "dynamic_range": lambda: quantize.convert_dynamic_range(model),
        "int8": lambda: quantize.convert_int8(model, samples),
        "int8_per_channel": lambda: quantize.convert_int8(model, samples, per_channel_dense=True),
        "int16x8": lambda: quantize.convert_int16x8(model, samples),
    }
    return convert[scheme]()


@cache
def conv1d_int8() -> TfliteModel:
    samples = quantize.representative_dataset(digits().x_train.reshape(-1, 8, 8))
    return quantize.convert_int8(trained_conv1d(), samples)
