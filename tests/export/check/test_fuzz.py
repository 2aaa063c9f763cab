"""Random graphs: generated C against TFLM, in every byte.

`make test` runs 300 graphs. A longer run, with its figures printed:

    TINYML_FUZZ_GRAPHS=5000 TINYML_FUZZ_SEED=1 python -m pytest tests/export/check/test_fuzz.py -s
"""

import contextlib
import os
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from tests.export.check.random_graphs import RandomModel, random_models
from tinyml_course.errors import ExportError
from tinyml_course.export.check.host_build import (
    STRICT_FLAGS,
    HostModel,
    compile_c,
    has_sanitizers,
)
from tinyml_course.export.check.verify import compare_outputs, random_inputs
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.export.model_c.writer import ModelC
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_samples
from tinyml_course.network.state import begins_anew

GRAPHS = int(os.environ.get("TINYML_FUZZ_GRAPHS", "300"))
SEED = int(os.environ.get("TINYML_FUZZ_SEED", "20240229"))
BATCH = 25  # graphs in one C compilation
SAMPLES = 4
SAMPLES_WITH_STATE = 11  # two sequences: a reset lies between
# exp() here and in libm differ in the last place, and sums may be ordered differently.
FLOAT_BOUND = 2e-5
KINDS_OF_CONSTANTS = ("integers", "floats", "bytes", "strings")
CHECKED = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")


def samples_for(graph: Graph) -> list[list[np.ndarray]]:
    """Inputs, enough of them that a state is filled, reset, and filled again."""
    return list(random_inputs(graph, SAMPLES_WITH_STATE if graph.has_state else SAMPLES))


def run_in_sequences(host: HostModel) -> list[list[np.ndarray]]:
    """The samples through generated C."""
    outputs = []
    for number, x in enumerate(samples_for(host.graph)):
        if begins_anew(host.graph, number):
            host.reset()
        outputs.append(host.invoke(*x))
    return outputs


def some_family(number: int, code: ModelC) -> int:
    """One of the core families that a model has kernels for, another from model to model."""
    families = [n for n in (1, 2, 3) if f"\n * {n}: " in code.header]
    return families[number % len(families)] if families else 0


def optimizations(number: int) -> list[list[str]]:
    """Of the readable kernels and of the fast ones, others from batch to batch.

    What is undefined ends the process, after a line that says where.
    """
    checked = list(CHECKED) * has_sanitizers()
    return [["-O0", *checked], [["-O1", *checked], ["-Os"], ["-O2"]][number % 3]]


def run_batch(models: list[RandomModel], number: int) -> list[list[list[list[np.ndarray]]] | None]:
    """All models through shared libraries, with the readable kernels and with the fast ones.

    Args:
        number: of the batch, which chooses the compiler's flags.

    Returns:
        For each model None if it is refused, else outputs by variant and sample.
    """
    codes = {}
    for i, model in enumerate(models):
        with contextlib.suppress(ExportError):
            codes[i] = generate_model_c(model.content, f"g{i}")
    results: list[list | None] = [[] if i in codes else None for i in range(len(models))]
    with tempfile.TemporaryDirectory() as folder:
        for code in codes.values():
            (Path(folder) / f"{code.name}.h").write_text(code.header)
            (Path(folder) / f"{code.name}.c").write_text(code.source)
        for fast in (0, 1):
            everything = "".join(
                f"#define {code.name.upper()}_FAST_KERNELS {fast and some_family(i, code)}\n"
                f'#include "{code.name}.c"\n'
                for i, code in codes.items()
            )
            flags = [*optimizations(number)[fast], "-pedantic", *STRICT_FLAGS]
            library = compile_c({"all.c": everything}, Path(folder), f"all{fast}.so", flags)
            for i, code in codes.items():
                graph = TfliteModel.of(models[i].content).network
                host = HostModel(graph, code.name, library)
                results[i].append(run_in_sequences(host))
    return results


def compare(models: list[RandomModel], count: Counter) -> None:
    """Every graph of a batch through C, TFLM and NumPy."""
    for model, variants in zip(models, run_batch(models, count["batches"]), strict=True):
        if variants is None:
            count["refused"] += 1
            continue
        graph = TfliteModel.of(model.content).network
        samples = samples_for(graph)
        expected = run_tflm_samples(model.content, samples, in_sequences=True)
        count["graphs"] += 1
        count["with state"] += graph.has_state
        count["float graphs"] += model.dtype == "float32"
        for variant, actual in zip(("readable", "fast"), variants, strict=True):
            found = compare_outputs(expected, actual, variant)
            if model.dtype == "float32":
                assert found.max_difference <= FLOAT_BOUND, model
                continue
            count["bytes"] += found.bytes_compared
            count["differing bytes"] += found.bytes_differing
            assert found.bytes_differing == 0, f"{model} with {variant} kernels"
        if model.dtype == "float32":
            continue
        numpy = compare_outputs(expected, run_samples(graph, samples), "numpy")
        assert numpy.bytes_differing == 0, f"{model} in NumPy"


@pytest.fixture
def same_draws(monkeypatch):
    """Hypothesis draws numbers that it finds in the code of imported modules too; other tests of
    this process import others, and the seed would draw other graphs in every run."""
    none = providers.Constants(**{kind: providers.SortedSet() for kind in KINDS_OF_CONSTANTS})
    monkeypatch.setattr(providers, "_get_local_constants", lambda: none)
    providers.CONSTANTS_CACHE.cache.clear()
    yield
    providers.CONSTANTS_CACHE.cache.clear()


@pytest.mark.slow
@pytest.mark.usefixtures("same_draws")
def test_random_graphs_equal_tflm_in_every_byte():
    count: Counter = Counter()

    @seed(SEED)
    @settings(
        max_examples=1 + -(-GRAPHS // BATCH),  # the first one is the simplest of all
        deadline=None,
        database=None,
        phases=(Phase.generate,),  # a graph has at most six operators: small enough to read
        suppress_health_check=list(HealthCheck),
    )
    @given(models=st.lists(random_models(), min_size=BATCH, max_size=BATCH))
    def run(models):
        compare(models, count)
        count["batches"] += 1

    run()
    print(f"\nseed {SEED}: {dict(count)}")
    assert count["graphs"] >= GRAPHS
    assert count["bytes"] > 100 * GRAPHS
    assert count["differing bytes"] == 0
