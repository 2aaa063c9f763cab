"""Operators with several outputs become one operator for each output that is used."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.reference import run_reference


def split(outputs, axis=1, kind="SPLIT", table=("SplitOptions", {}), used=None, dtype="int8"):
    """A model that is one such operator; `outputs` are shapes, `used` says which leave it."""
    b = TfliteBuilder()
    x = b.tensor((1, 6), dtype, 0.1)
    at = b.tensor((), "int32", data=np.array(axis)) if axis is not None else x
    inputs = {"SPLIT": [at, x], "UNPACK": [x]}[kind]
    parts = [b.tensor(shape, dtype, 0.1) for shape in outputs]
    b.operator(kind, inputs, parts, table)
    return b.build([x], [parts[i] for i in used or range(len(parts))])


def test_each_part_is_a_layer_with_the_name_of_its_output():
    network = split([(1, 2)] * 3).network
    assert [(o.kind, o.name, o.options["start"]) for o in network.operators] == [
        ("SPLIT", "t2", 0),
        ("SPLIT", "t3", 2),
        ("SPLIT", "t4", 4),
    ]


def test_a_part_that_nobody_reads_is_no_layer():
    model = split([(1, 2)] * 3, used=[2])
    assert [o.name for o in model.network.operators] == ["t4"]
    x = np.arange(6, dtype=np.int8)[None]
    assert run_reference(model.network, [x])[0].tolist() == [[4, 5]]


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (split([(1, 2)] * 2), "the shapes do not fit"),
        (split([(1, 2), (1, 4)]), "parts must be of one size"),
        (split([(1, 2)] * 3, axis=2), "an axis that is not there"),
        (
            split([(1,)] * 6, kind="UNPACK", table=("UnpackOptions", {"num": 5, "axis": 1})),
            "number",
        ),
        (split([(2,)] * 6, kind="UNPACK", table=("UnpackOptions", {"num": 6, "axis": 1})), "fit"),
    ],
)
def test_what_contradicts_itself_is_refused(model, reason):
    with pytest.raises(ExportError, match=rf"operator 0.*{reason}"):
        _ = model.network


def test_an_axis_known_only_at_run_time_is_refused():
    with pytest.raises(UnsupportedOperatorError, match=r"SPLIT \(operator 0.*run time.*Fix"):
        _ = split([(1, 2)] * 3, axis=None).network


def test_a_float_is_not_cast_to_an_integer():
    b = TfliteBuilder()
    x, y = b.tensor((1, 4), "float32"), b.tensor((1, 4), "int32")
    b.operator("CAST", [x], y)
    with pytest.raises(UnsupportedOperatorError, match=r"CAST.*depends on the processor"):
        _ = b.build([x], [y]).network


def test_an_index_is_no_shape():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "int8", 0.1)
    axis = b.tensor((1,), "int32", data=np.array([1]))
    at = b.operator("ARG_MAX", [x, axis], b.tensor((1,), "int32"))
    y = b.operator("RESHAPE", [x, at], b.tensor((4,), "int8", 0.1))
    with pytest.raises(UnsupportedOperatorError, match=r"RESHAPE.*known only at run time"):
        _ = b.build([x], [y]).network
