"""The bytes of tables that an export reports are those that a compiler writes down.

Objects are compiled without optimization, each constant in a section of its own, for the core
family of each variant: then no constant is folded into the code. What is left out of the count are
the few numbers that a layer's function hands to its kernel (a window, a quantization); a compiler
that optimizes puts most of them into the code, which the report says comes on top.
"""

import re
from collections import Counter

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.export.layers.layer_maker import KINDS, LayerMaker
from tests.network.tflite_builder import TfliteBuilder, softmax_of_many_classes
from tests.on_device.heads import random_head, random_spec
from tests.trees.forests import ESTIMATORS, make_features
from tinyml_course.board.build.toolchain import compiler_flags
from tinyml_course.board.compiler import run_compiler, zig_command
from tinyml_course.board.linked.elf import ElfImage
from tinyml_course.export.firmware.log_mel import generate_log_mel_c
from tinyml_course.export.kernels.files import KERNELS, kernels_in_order
from tinyml_course.export.learning.source import generate_head_c
from tinyml_course.export.model_c.program import build_program
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.export.trees.source import FORMS, generate_tree_c
from tinyml_course.features.mel import LogMelSpec
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import BUNDLES
from tinyml_course.trees.scikit_learn import read_forest

CORES = {0: "cortex-m4", 1: "cortex-m4", 2: "cortex-m0plus", 3: "riscv32"}
PARAMETERS = re.compile(r"[a-z]+\d*_\d+_[a-z0-9_]+\.[a-z_]+")  # of a layer's function: inside it
MOST_PARAMETERS = 176  # bytes of a layer: an LSTM's four gates and their factors


def constant_output():
    """A constant leaves the model beside a value: it needs a table that no layer has."""
    b = TfliteBuilder()
    x = b.tensor((1, 5), "int8", 0.1)
    kept = b.tensor((1, 7), "int8", 0.1, data=np.arange(7)[None])
    y = b.operator("LOGISTIC", [x], b.tensor((1, 5), "int8", 1 / 256, -128))
    return b.build([x], [y, kept])


def one_int16(kind, options=None):
    b = TfliteBuilder()
    x = b.tensor((1, 5), "int16", 0.001)
    return b.build([x], [b.operator(kind, [x], b.tensor((1, 5), "int16", 1 / 32768), options)])


def models():
    shipped = [TfliteModel(path.read_bytes()) for path in sorted(BUNDLES.glob("*/*.tflite"))]
    layers = [getattr(LayerMaker(1), kind)() for kind in KINDS]
    softmax = ("SoftmaxOptions", {"beta": 1.0})
    others = [constant_output(), one_int16("SOFTMAX", softmax), one_int16("TANH")]
    others += [softmax_of_many_classes(2, 10, out) for out in ("int8", "int16")]
    return [*shipped, *SMALL_GRAPHS.values(), *layers, *others]


@pytest.fixture(scope="module")
def codes():
    """Everything that an export writes and counts, by its name."""
    made = [generate_model_c(model, f"g{i}") for i, model in enumerate(models())]
    for kind in ("tree", "extra_trees"):
        x, y = make_features("int8", 0)
        forest = read_forest(ESTIMATORS[kind](0).fit(x, y), "int8")
        made += [generate_tree_c(forest, f"{kind.replace('_', '')}{form}", form) for form in FORMS]
    head = random_head(3, 16)
    made.append(generate_head_c(head, random_spec(head), "head"))
    made += [
        generate_log_mel_c(LogMelSpec(), f"ears{i}", 16_000, scale)
        for i, scale in enumerate((1 / 64, 0.3))
    ]
    return {code.name: code for code in made}


def constants(codes, fast, optimize, folder):
    """Bytes of constants by program: those of tables, and those that layers hand to kernels."""
    for code in codes.values():
        (folder / f"{code.name}.h").write_text(code.header)
        (folder / f"{code.name}.c").write_text(code.source)
    everything = "".join(
        f"#define {name.upper()}_FAST_KERNELS {fast if f' * {fast}: ' in code.header else 0}\n"
        f'#include "{name}.c"\n'
        for name, code in codes.items()
    )
    (folder / "all.c").write_text(everything)
    command = [*zig_command(), "cc", *compiler_flags(CORES[fast]), optimize]
    run_compiler(
        [*command, "-c", str(folder / "all.c"), "-o", str(folder / "all.o")], folder / "cache"
    )
    tables, parameters, of_layers = Counter(), Counter(), Counter()
    for section in ElfImage(folder / "all.o").sections:
        if not section.name.startswith((".rodata", ".srodata", ".data", ".sdata")):
            continue
        label = re.sub(r"^\.s?(ro)?data\.?", "", section.name)
        if PARAMETERS.fullmatch(label):
            of_layers[label.split(".")[0]] += section.size
            parameters[label.split("_")[0]] += section.size
        else:
            tables[label.split("_")[0]] += section.size
    for layer, size in of_layers.items():
        assert size <= MOST_PARAMETERS, f"{layer} has a table within: give it to the layer"
    return tables, parameters


def test_the_bytes_of_tables_are_those_in_the_objects(codes, tmp_path):
    found = [constants(codes, fast, "-O0", tmp_path)[0] for fast in CORES]
    greediest = {name: max(tables[name] for tables in found) for name in codes}
    assert greediest == {name: code.table_bytes for name, code in codes.items()}
    assert sum(sum(tables.values()) for tables in found) == sum(
        tables[name] for tables in found for name in codes
    ), "a constant that belongs to nobody"


def test_an_optimizer_takes_away_and_adds_nothing(codes, tmp_path):
    shipped = {name: codes[name] for name in list(codes)[: len(list(BUNDLES.glob("*/*.tflite")))]}
    plain, parameters = constants(shipped, 1, "-O0", tmp_path)
    optimized = sum(constants(shipped, 1, "-Os", tmp_path), Counter())
    for name in shipped:
        assert optimized[name] <= plain[name] + parameters[name], name


def test_every_kernel_that_brings_a_table_is_among_them():
    written = {path.stem for path in KERNELS.glob("*.c") if "static const" in path.read_text()}
    outside = {"keyword_stream", "onset", "pond_features", "sha256_block"}  # of a sketch, no layer
    used = set()
    for model in models():
        program = build_program(TfliteModel.of(model).network)
        for layer in program.layers:
            for variant in program.variants:
                code = layer.code_for(variant)
                used |= {k.split(":")[0] for k in kernels_in_order(code.kernels if code else ())}
    assert written - outside <= used
    assert written - outside == {"exp_q5", "sigmoid_table", "softmax_tables"}
