"""The front end in C gives the rows of the one in NumPy, integer for integer."""

import ctypes
import subprocess

import numpy as np
import pytest

from tests.sounds import awkward_sounds
from tests.tools import need_sanitizers
from tinyml_course.errors import ExportError
from tinyml_course.export.check.host_build import (
    STRICT_FLAGS,
    compile_c,
    find_compiler,
    zig_compiler,
)
from tinyml_course.export.firmware.log_mel import export_log_mel_c, generate_log_mel_c, input_table
from tinyml_course.features.mel import LogMelSpec, compute_log_mel

SPEC = LogMelSpec()


class HostFrontEnd:
    def __init__(self, folder, spec=SPEC, flags=STRICT_FLAGS, compiler=None, **arguments):
        code = generate_log_mel_c(spec, "ears", 16_000, **arguments)
        files = {"ears.h": code.header, "ears.c": code.source}
        self.library = ctypes.CDLL(str(compile_c(files, folder, "ears.so", flags, compiler)))
        self.library.ears_push.restype = ctypes.POINTER(ctypes.c_int8)
        self.shape = (spec.frames(16_000), spec.n_mels)

    def picture(self, samples):
        samples, rows = np.ascontiguousarray(samples), np.zeros(self.shape, np.int8)
        self.library.ears_picture(*(ctypes.c_void_p(a.ctypes.data) for a in (samples, rows)))
        return rows

    def push(self, samples):
        samples = np.ascontiguousarray(samples)
        rows = self.library.ears_push(ctypes.c_void_p(samples.ctypes.data))
        return np.ctypeslib.as_array(rows, self.shape).copy()


@pytest.fixture(scope="module")
def front_end(tmp_path_factory):
    return HostFrontEnd(tmp_path_factory.mktemp("ears"))


def test_awkward_sounds_give_the_same_integers(front_end):
    for name, samples in awkward_sounds().items():
        np.testing.assert_array_equal(
            front_end.picture(samples), compute_log_mel(samples, SPEC), err_msg=name
        )


def test_random_sounds_give_the_same_integers(front_end):
    rng = np.random.default_rng(5)
    for level in np.exp(rng.uniform(0, 11, 40)):
        noise = np.cumsum(rng.normal(0, level, 16_000)) * rng.uniform(0, 0.1)
        noise += rng.normal(0, level, 16_000)
        samples = np.clip(np.rint(noise), -32768, 32767).astype(np.int16)
        np.testing.assert_array_equal(front_end.picture(samples), compute_log_mel(samples, SPEC))


@pytest.mark.parametrize("spec", [LogMelSpec(n_mels=40, window=400, hop=160), LogMelSpec(n_mels=8)])
def test_other_specs(spec, tmp_path):
    front_end = HostFrontEnd(tmp_path, spec)
    for samples in list(awkward_sounds().values())[3:6]:
        np.testing.assert_array_equal(front_end.picture(samples), compute_log_mel(samples, spec))


def test_streaming_gives_the_rows_of_the_recording(front_end):
    rng = np.random.default_rng(2)
    recording = rng.integers(-3000, 3000, 60 * SPEC.hop).astype(np.int16)
    front_end.library.ears_reset()
    heard = [front_end.push(hop) for hop in recording.reshape(-1, SPEC.hop)]
    # before the first sample there was silence
    padded = np.r_[np.zeros(SPEC.window - SPEC.hop, np.int16), recording]
    whole = compute_log_mel(padded, SPEC)
    np.testing.assert_array_equal(heard[-1], whole[-49:])
    np.testing.assert_array_equal(heard[9][-10:], whole[:10])
    assert (heard[9][:-10] == -128).all()
    front_end.library.ears_reset()
    np.testing.assert_array_equal(front_end.push(recording[: SPEC.hop])[-1], whole[0])


def test_another_input_quantization_goes_through_a_table(tmp_path):
    assert input_table(1 / 32, 0) is None
    scale, zero_point = 0.0311, -3
    front_end = HostFrontEnd(tmp_path, input_scale=scale, input_zero_point=zero_point)
    samples = awkward_sounds()["fading noise"]
    real = compute_log_mel(samples, SPEC) / np.float32(32)
    wanted = np.clip(np.rint(real / np.float32(scale)) + zero_point, -128, 127)
    np.testing.assert_array_equal(front_end.picture(samples), wanted)


def test_it_compiles_as_cpp_and_with_the_wheels_clang(tmp_path):
    code = generate_log_mel_c(SPEC, "ears", 16_000)
    HostFrontEnd(tmp_path, compiler=zig_compiler())
    (tmp_path / "ears.h").write_text(code.header)
    (tmp_path / "ears.cpp").write_text(code.source)
    compiler = [*zig_compiler()[:-1], "c++"]
    flags = ["-std=c++11", *STRICT_FLAGS, "-c", "ears.cpp", "-o", "ears.o"]
    subprocess.run([*compiler, *flags], cwd=tmp_path, check=True)


def test_no_undefined_behaviour(tmp_path):
    need_sanitizers()
    code = generate_log_mel_c(SPEC, "ears", 16_000)
    main = """#include "ears.h"
#include <stdio.h>
int main(void) {
    static int16_t samples[16000];
    static int8_t rows[EARS_FRAMES * EARS_MELS];
    while (fread(samples, sizeof samples, 1, stdin) == 1) {
        ears_picture(samples, rows);
        for (int k = 0; k < 16000 / EARS_HOP; k++) ears_push(samples + k * EARS_HOP);
    }
    return 0;
}
"""
    files = {"ears.h": code.header, "ears.c": code.source, "main.c": main}
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    program = compile_c(files, tmp_path, "main", flags, find_compiler())
    sounds = b"".join(samples.tobytes() for samples in awkward_sounds().values())
    done = subprocess.run([program], input=sounds, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[:2000]


def test_files_and_refusals(tmp_path):
    header, source = export_log_mel_c(SPEC, tmp_path / "new", "ears", 16_000)
    assert header.name == "ears.h"
    assert "ears_row" in source.read_text()
    with pytest.raises(ExportError):
        generate_log_mel_c(SPEC, "not a name", 16_000)
    with pytest.raises(ExportError, match="less than one"):
        generate_log_mel_c(SPEC, "ears", 100)
