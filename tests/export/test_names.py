"""Which names a model may have, and how the C is given them."""

import re

import pytest

from tinyml_course.errors import ExportError
from tinyml_course.export.names import LONGEST, check_name, name_from_file, with_prefix


@pytest.mark.parametrize(
    "name", ["errno", "signal", "stdio", "wire", "eof", "linux", "con", "com1"]
)
def test_what_a_standard_header_macro_or_device_is_called_is_refused(name):
    with pytest.raises(ExportError, match=f"'{name}' cannot be .* standard header.*--name"):
        check_name(name)


@pytest.mark.parametrize("name", ["", "3d", "Motion", "a-b", "x" * 42])
def test_what_is_no_prefix_of_a_c_function_is_refused(name):
    with pytest.raises(ExportError, match=r"prefix of C functions.*--name"):
        check_name(name)


FILE_NAMES = ("motion", "pretrainedResnet_quant", "3d", "errno", "int", "model", "a-b (1)", "")
ODD_FILE_NAMES = ("x" * 99, "Überwachung", "lambda", "con", "_", "layer", "model_")


@pytest.mark.parametrize("stem", [*FILE_NAMES, *ODD_FILE_NAMES])
def test_every_file_name_becomes_a_name_that_c_takes(stem):
    name = name_from_file(stem)
    assert check_name(name) == name
    assert len(name) <= LONGEST


@pytest.mark.parametrize("name", ["model_int8", "layer_1", "model_model", "m"])
def test_each_name_is_given_its_prefix_once(name):
    text = with_prefix("model_add(layer_bias, MODEL_SIZE); remodel_x(my_layer_y);", name, 2)
    found = re.findall(r"\w+", text)
    assert found == [
        f"{name}_add",
        f"{name}_2_bias",
        f"{name.upper()}_SIZE",
        "remodel_x",
        "my_layer_y",
    ]


def test_lines_that_go_on_stay_aligned():
    text = "    model_f(a,\n            b);\n    c();"
    assert with_prefix(text, "longer") == "    longer_f(a,\n             b);\n    c();"


@pytest.mark.parametrize("name", ["int", "class", "lambda", "double", "model", "layer"])
def test_a_word_that_means_something_is_refused_for_that(name):
    with pytest.raises(ExportError, match=r"a word of C, C\+\+ or Python.*--name"):
        check_name(name)
