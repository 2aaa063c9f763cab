"""What several layers share is stored once, packed tables too, and the bytes stay TFLM's."""

import re

import numpy as np
import pytest

from tests.export.layers.layer_maker import LayerMaker
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.board.cores import core_runner
from tinyml_course.board.measure import measure_model
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.verify import Runner, verify_model
from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.model_c.program import build_program
from tinyml_course.export.model_c.shared_tables import TableHome, find_shared_tables
from tinyml_course.export.model_c.source import generate_model_c


def twins(same: bool) -> bytes:
    """Two inputs, each through a convolution and a dense layer; the weights the same, or not."""
    maker = LayerMaker(7)
    ends = []
    xs = [maker.b.tensor((1, 6, 6, 8), "int8", 0.03, -5) for _ in range(2)]
    made = None
    for x in xs:
        if made is None or not same:
            filters, bias, scale = maker.weights((16, 3, 3, 8), 0, x, with_bias=1)
            weights, dense_bias, _ = maker.weights((8, 6 * 6 * 16), 0, x, with_bias=1)
            made = filters, bias, scale, weights, dense_bias
        filters, bias, scale, weights, dense_bias = made
        y = maker.b.tensor((1, 6, 6, 16), "int8", float(np.float32(scale)), 3)
        options = {"strideH": 1, "strideW": 1, "padding": 0, "fusedActivationFunction": 0}
        options |= {"dilationHFactor": 1, "dilationWFactor": 1}
        maker.b.operator("CONV_2D", [x, filters, bias], y, ("Conv2DOptions", options))
        z = maker.b.tensor((1, 8), "int8", 0.4, 1)
        options = {"fusedActivationFunction": 0}
        inputs = [y, weights, dense_bias]
        maker.b.operator("FULLY_CONNECTED", inputs, z, ("FullyConnectedOptions", options))
        ends.append(z)
    return maker.b.build(xs, ends)


def names_of_tables(source: str) -> list[str]:
    return re.findall(r"^static const \w+ (net_\d+_\w+)\[", source, re.M)


def test_twins_have_one_set_of_tables():
    code = generate_model_c(twins(same=True), "net")
    names = names_of_tables(code.source)
    assert {"net_0_filter", "net_0_channels", "net_1_weights"} <= set(names)
    large = [name for name in names if re.match(r"net_[23]_(filter|channels|weights|bias)", name)]
    assert large == []
    assert "shared   filter is net_0_filter" in code.source
    assert re.search(r"\bnet_0_filter, net_0_channels, input", code.source)


def test_a_set_of_tables_less_is_in_flash():
    shared, apart = (generate_model_c(twins(same), "net") for same in (True, False))
    assert shared.table_bytes < 0.52 * apart.table_bytes
    sizes = [measure_model(twins(same), target="cortex-m4").flash_bytes for same in (True, False)]
    assert sizes[0] < sizes[1] - 0.45 * apart.table_bytes


@pytest.mark.parametrize("fast", range(4))
def test_both_twins_answer_as_tflm_does(fast):
    def run(model, samples):
        with HostModel.build(model, "net", [f"-DNET_FAST_KERNELS={fast}"]) as built:
            return [built.invoke(*x) for x in samples]

    found = verify_model(twins(same=True), samples=16, runner=Runner("host", run))
    assert (found.bytes_differing, found.bytes_compared) == (0, 16 * 2 * 8)


@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m0plus", "riscv32"])
def test_they_do_on_every_core(target):
    found = verify_model(twins(same=True), samples=4, runner=core_runner(target))
    assert found.bytes_differing == 0


def test_tables_of_other_types_or_variants_or_a_few_bytes_stay_apart():
    many, few = np.arange(40, dtype=np.int8), np.arange(4, dtype=np.int8)
    first = LayerCode("", tables=(Table("a", "int8_t", many), Table("few", "int8_t", few)))
    again = LayerCode("", tables=(Table("b", "int8_t", many), Table("few", "int8_t", few)))
    other = LayerCode("", tables=(Table("c", "uint8_t", many),))
    shared = find_shared_tables({"readable": [first, None, again, other], "dsp": [other, again]})
    assert shared.homes["readable", 2, "b"] == TableHome(0, "a")
    assert shared.homes["readable", 2, "few"] == TableHome(2, "few")
    assert shared.homes["readable", 3, "c"] == TableHome(3, "c")
    assert shared.homes["dsp", 1, "b"] == TableHome(1, "b"), "a variant has its own tables"
    assert shared.flash_bytes("readable") == 44 + 4 + 40
    assert shared.flash_bytes("dsp") == 40 + 40 + 4


def test_the_program_counts_a_table_once():
    program = build_program(twins(same=True).network)
    per_layer = [program.tables.layer_bytes(layer.number) for layer in program.layers]
    assert per_layer[0] > 1152
    assert per_layer[2] < 100


@pytest.mark.parametrize(("dtype", "kernel_bytes"), [("int16", 2 * (513 + 513)), ("float32", 0)])
def test_what_a_kernel_looks_up_is_counted(dtype, kernel_bytes):
    b = TfliteBuilder()
    scales = (0.001, 1 / 32768) if dtype == "int16" else (None, None)
    x, y = (b.tensor((1, 8), dtype, scale) for scale in scales)
    b.operator("SOFTMAX", [x], y, ("SoftmaxOptions", {"beta": 1.0}))
    code = generate_model_c(b.build([x], [y]), "net")
    assert code.table_bytes == kernel_bytes
    assert f"flash      {kernel_bytes:,} bytes of tables;" in code.header
