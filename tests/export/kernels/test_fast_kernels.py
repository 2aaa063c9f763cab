"""The fast kernels on the host, where their instructions are portable C: the same bytes as TFLM."""

import pytest

from tests.networks import BUILDERS, tflite_model
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel, has_sanitizers
from tinyml_course.export.check.verify import compare_outputs, random_inputs
from tinyml_course.export.layers.fast import FAMILIES
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.model import TfliteModel

SANITIZE = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")


@pytest.mark.parametrize("family", ["dsp", "rv32"])  # on a host, thumb1 is the same C as rv32
@pytest.mark.parametrize("name", BUILDERS)
def test_fast_kernels_equal_tflm_in_every_byte(name, family):
    model_bytes = tflite_model(name)
    samples = list(random_inputs(TfliteModel.of(model_bytes).network, 32, seed=3))
    flags = [f"-DNETWORK_FAST_KERNELS={FAMILIES[family].number}", *STRICT_FLAGS]
    flags += SANITIZE if has_sanitizers() else ()
    with HostModel.build(model_bytes, flags=flags) as model:
        found = compare_outputs(
            run_tflm_samples(model_bytes, samples), [model.invoke(*s) for s in samples], "host"
        )
    assert found.bytes_compared >= 32
    assert found.bytes_differing == 0
