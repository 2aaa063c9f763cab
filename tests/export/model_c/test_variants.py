"""C for several variants behind one macro, and what the head comment says of layers without one."""

import re

import pytest

from tests.export.layers.layer_maker import LayerMaker
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.export.model_c.variants import variants_text

ALL = ("readable", "dsp", "thumb1", "rv32")


def chosen(text: str, number: int) -> list[str]:
    """The lines that the preprocessor leaves for a value of NET_FAST_KERNELS."""
    kept, stack = [], []  # of every open #if: whether its branch is taken, whether one was
    for line in text.splitlines():
        if match := re.match(r"#(if|elif) (.*?) /\*", line):
            condition = match[2].replace("NET_FAST_KERNELS", str(number)).replace("||", "or")
            holds = eval(condition)  # our own text: numbers and comparisons
            if match[1] == "if":
                stack.append([holds, holds])
            else:
                stack[-1] = [holds and not stack[-1][1], holds or stack[-1][1]]
        elif line.startswith("#else"):
            stack[-1] = [not stack[-1][1], True]
        elif line == "#endif":
            stack.pop()
        elif line and all(taken for taken, _ in stack):
            kept.append(line)
    return kept


@pytest.mark.parametrize(
    "pieces",
    [
        {"same": ALL},
        {"a": ("readable",), "b": ("dsp",), "c": ("thumb1", "rv32")},
        {"shared": ("readable", "thumb1", "rv32"), "a": ("readable",), "b": ("dsp", "thumb1")},
        {"x": ("dsp",), "all": ALL, "some": ("dsp", "rv32"), "y": ("thumb1",)},
        {"one": ("thumb1",)},
        {},
    ],
)
def test_each_variant_gets_its_pieces_and_no_others(pieces):
    text = variants_text(
        "net", [(name, frozenset([v])) for name, needed in pieces.items() for v in needed], ALL
    )
    for number, variant in enumerate(ALL):
        wanted = {name for name, needed_by in pieces.items() if variant in needed_by}
        assert sorted(chosen(text, number)) == sorted(wanted)
        for name in wanted:
            assert text.count(f"{name}\n") + text.endswith(name) == 1, "written once"


def test_what_more_variants_need_stands_first():
    pieces = [("late", frozenset(["dsp"])), ("early", frozenset(["dsp", "rv32"]))]
    text = variants_text("net", pieces, ALL)
    assert text.index("early") < text.index("late")


def softmax_behind_a_convolution() -> bytes:
    maker = LayerMaker(3)
    x = maker.value((1, 6, 6, 3))
    options = {"strideH": 1, "strideW": 1, "padding": 0}
    y = maker.append_conv_2d(x, options, (3, 3), (6, 6))
    z = maker.b.tensor(y.shape, "int8", 1 / 256, -128)
    maker.b.operator("SOFTMAX", [y], z, ("SoftmaxOptions", {"beta": 1.0}))
    return maker.b.build([x], [z])


def test_the_head_comment_names_layers_that_have_only_the_readable_variant():
    code = generate_model_c(softmax_behind_a_convolution(), "net")
    said = "readable   SOFTMAX (1) on every core: no other kernel for this operator"
    assert said in code.source
    assert said in code.header
    alone = generate_model_c(softmax_behind_a_convolution(), "net", allow_fast=False)
    assert "kernels    readable ones on every core" in alone.source
    assert "FAST_KERNELS" not in alone.source + alone.header


def test_two_weights_of_minus_128_side_by_side_keep_the_readable_kernel_and_the_bytes():
    maker = LayerMaker(5)
    x = maker.value((1, 5, 5, 4))
    weights = maker.rng.integers(-127, 128, (6, 1, 1, 4))
    weights[2, 0, 0, :2] = -128
    filters = maker.b.tensor((6, 1, 1, 4), "int8", scales=[0.005] * 6, data=weights, axis=0)
    y = maker.value((1, 5, 5, 6), x.scale * 2)
    options = {"strideH": 1, "strideW": 1, "padding": 0, "fusedActivationFunction": 0}
    options |= {"dilationHFactor": 1, "dilationWFactor": 1}
    maker.b.operator("CONV_2D", [x, filters, None], y, ("Conv2DOptions", options))
    code = generate_model_c(maker.b.build([x], [y]), "net")
    assert "kernels    readable ones on every core" in code.source


@pytest.mark.parametrize("number", range(4))
def test_every_value_of_the_macro_compiles(number):
    flags = [f"-DNETWORK_FAST_KERNELS={number}", *STRICT_FLAGS]
    with HostModel.build(softmax_behind_a_convolution(), flags=flags):
        pass
