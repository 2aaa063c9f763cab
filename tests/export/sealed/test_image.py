"""A model as data with a tag: the C against TFLM, hashlib, hmac and the standards' own vectors."""

import ctypes
import hashlib
import hmac
import math
import re

import numpy as np
import pytest

from tinyml_course.board.measure import measure_function
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.errors import DataError, ExportError, UnsupportedOperatorError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.sealed import generate_sealed_c
from tinyml_course.export.kernels.files import kernel_text
from tinyml_course.export.sealed.image import ModelImage, interface_of
from tinyml_course.export.sealed.seal import EXAMPLE_KEY, Seal, check_seal, seal_image
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs import get_lab

SANITIZE = ("-fsanitize=undefined", "-fno-sanitize-recover")
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("motion")


@pytest.fixture(scope="module")
def library(bundle, tmp_path_factory):
    files = generate_sealed_c(bundle, "motion", KEY, version=7)
    folder = tmp_path_factory.mktemp("sealed")
    return ctypes.CDLL(str(compile_c(files, folder, "sealed.so", (*STRICT_FLAGS, *SANITIZE))))


@pytest.fixture(scope="module")
def sealed(bundle):
    return seal_image(ModelImage.of(bundle, 7), KEY)


def buffer(data):
    return ctypes.create_string_buffer(bytes(data), max(len(data), 1))


def hmac_in_c(library, key, message):
    tag = ctypes.create_string_buffer(32)
    library.motion_hmac(buffer(key), buffer(message), len(message), tag)
    return tag.raw


def check_in_c(library, data, key=KEY, least=0):
    return Seal(library.motion_check(buffer(data), len(data), buffer(key), least))


# ---- SHA-256 and HMAC ------------------------------------------------------------

# FIPS 180-4's examples (csrc.nist.gov, "SHA-256"): one block, two blocks, a million letters.
PUBLISHED_HASHES = {
    b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    b"": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    b"a" * 1_000_000: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
}


@pytest.fixture(scope="module")
def sha256(tmp_path_factory):
    stems = ("rotate", "sha256_block", "sha256")
    text = "#include <stdint.h>\n#include <string.h>\n" + "\n".join(map(kernel_text, stems))
    text = text.replace("static void model_sha256(", "void model_sha256(")
    folder = tmp_path_factory.mktemp("sha")
    loaded = ctypes.CDLL(str(compile_c({"sha.c": text}, folder, "sha.so", SANITIZE)))

    def digest(first, second=b""):
        found = ctypes.create_string_buffer(32)
        loaded.model_sha256(buffer(first), len(first), buffer(second), len(second), found)
        return found.raw

    return digest


def test_the_standards_own_hashes(sha256):
    for message, expected in PUBLISHED_HASHES.items():
        assert sha256(message).hex() == expected


def test_every_length_around_a_block_and_every_cut_in_two(sha256):
    rng = np.random.default_rng(0)
    for length in range(260):
        message = rng.bytes(length)
        cut = int(rng.integers(length + 1))
        assert sha256(message[:cut], message[cut:]) == hashlib.sha256(message).digest()


def test_the_constants_are_roots_of_primes():
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))]
    assert len(primes) == 64

    def root_bits(n, power):
        """The first 32 bits behind the point of a root, exactly."""
        low, high = 0, 1 << 40
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if middle**power <= n << 32 * power else (low, middle)
        return low & 0xFFFFFFFF

    block, whole = kernel_text("sha256_block"), kernel_text("sha256")
    words = [int(w, 16) for w in re.findall(r"0x([0-9a-f]{8})\b", block)]
    assert words == [root_bits(p, 3) for p in primes]
    words = [int(w, 16) for w in re.findall(r"0x([0-9a-f]{8})\b", whole)]
    assert words == [root_bits(p, 2) for p in primes[:8]]
    assert math.isqrt(2 << 64) & 0xFFFFFFFF == words[0]


def test_hmac_of_rfc_4231(library):
    """Its test cases 1 to 4 with keys of at most 32 bytes, which HMAC fills up with zeros."""
    cases = [
        (b"\x0b" * 20, b"Hi There"),
        (b"Jefe", b"what do ya want for nothing?"),
        (b"\xaa" * 20, b"\xdd" * 50),
        (bytes(range(1, 26)), b"\xcd" * 50),
    ]
    published = [
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ]
    for (key, message), expected in zip(cases, published, strict=True):
        assert hmac_in_c(library, key.ljust(32, b"\0"), message).hex() == expected


def test_hmac_equals_pythons_for_random_messages(library):
    rng = np.random.default_rng(1)
    for length in (*range(0, 130, 7), 1148):
        key, message = rng.bytes(32), rng.bytes(length)
        assert hmac_in_c(library, key, message) == hmac.digest(key, message, "sha256")


# ---- the image ------------------------------------------------------------


def test_the_image_answers_as_tflm_on_the_whole_test_part(bundle, library, sealed):
    lab = get_lab("motion")
    test = split_by_group(lab.make_dataset(lab.seed), seed=lab.seed).test
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(test.x))
    expected = run_integer_model(bundle.model, inputs).outputs
    assert len(expected) > 1000
    assert np.array_equal(ModelImage.of(bundle).run(inputs), expected)
    image, found = buffer(sealed), ctypes.create_string_buffer(3)
    for x, y in zip(inputs, expected, strict=True):
        library.motion_run(image, buffer(x.tobytes()), found)
        assert found.raw == y.tobytes()


@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m0plus", "riscv32"])
def test_the_image_on_emulated_cores(bundle, target, tmp_path):
    files = generate_sealed_c(bundle, "motion", KEY)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    sealed = seal_image(ModelImage.of(bundle), KEY)
    golden = bundle.golden
    for x, y in list(zip(golden.inputs, golden.outputs, strict=True))[:1]:
        out = np.zeros(3, np.int8)
        measure_function(
            [tmp_path / "motion_image.c"],
            "motion_run",
            *(sealed, x.tobytes(), out),
            target=target,
            include_dirs=[tmp_path],
        )
        assert out.tolist() == y.tolist()
    checked = measure_function(
        [tmp_path / "motion_image.c"],
        "motion_hmac",
        *(KEY, sealed[:-32], len(sealed) - 32, out := np.zeros(32, np.uint8)),
        target=target,
        include_dirs=[tmp_path],
    )
    assert out.tobytes() == sealed[-32:]
    assert 10 < checked.estimated_cycles / len(sealed) < 300
    assert checked.stack_bytes < 600


def test_an_image_is_read_as_it_was_written(bundle):
    image = ModelImage.of(bundle, 3)
    data = image.to_bytes()
    assert len(data) % 4 == 0
    again = ModelImage.read(data + b"what stands behind it")
    assert again.to_bytes() == data
    assert (again.version, again.interface) == (3, interface_of(bundle))


def test_every_single_bit_that_flips_is_found(bundle, library, sealed):
    assert check_in_c(library, sealed) is Seal.GOOD
    flipped = bytearray(sealed)
    for place in range(len(sealed)):
        bit = 1 << place % 8
        flipped[place] ^= bit
        assert check_in_c(library, flipped) is Seal.WRONG_TAG
        flipped[place] ^= bit


def test_python_and_c_say_the_same_of_what_is_wrong(bundle, library, sealed):
    image, interface = sealed[:-32], interface_of(bundle)
    other = bytearray(image)
    other[16] ^= 1  # the interface
    too_wide = bytearray(image)
    too_wide[36] = 65  # outputs of the first layer
    cases = {
        "good": (sealed, KEY, 7, Seal.GOOD),
        "older": (sealed, KEY, 8, Seal.OLD),
        "another key": (sealed, EXAMPLE_KEY, 0, Seal.WRONG_TAG),
        "cut": (sealed[:-1], KEY, 0, Seal.WRONG_TAG),
        "nothing": (b"", KEY, 0, Seal.WRONG_SIZE),
        "short": (sealed[:63], KEY, 0, Seal.WRONG_SIZE),
        "another sketch": (seal_image(bytes(other), KEY), KEY, 0, Seal.WRONG_LAYOUT),
        "too wide": (seal_image(bytes(too_wide), KEY), KEY, 0, Seal.WRONG_LAYOUT),
        "longer": (seal_image(image + b"more", KEY), KEY, 0, Seal.WRONG_LAYOUT),
        "no image": (seal_image(bytes(40), KEY), KEY, 0, Seal.WRONG_LAYOUT),
    }
    for name, (data, key, least, expected) in cases.items():
        assert check_seal(data, key, interface, least) is expected, name
        assert check_in_c(library, data, key, least) is expected, name


def test_a_signed_image_of_random_words_breaks_nothing(bundle, library, sealed):
    """Who has the key may still make mistakes: layout is checked after the tag."""
    rng = np.random.default_rng(2)
    found = set()
    for _ in range(1000):
        words = np.frombuffer(sealed[:-32], "<u4").copy()
        heads = [*range(8), *range(8, 16), 24 + 64]  # of the image, of its first layers
        for place in rng.choice(heads, rng.integers(1, 3)):
            words[place] = rng.choice([0, 1, 31, 64, 127, 255, 1 << 31, rng.integers(1 << 32)])
        data = seal_image(words.tobytes(), KEY)
        said = check_in_c(library, data)
        assert said is check_seal(data, KEY, interface_of(bundle))
        found.add(said)
        if said is Seal.GOOD:
            out = ctypes.create_string_buffer(3)
            x = rng.integers(-128, 128, (1, 8), np.int8)
            library.motion_run(buffer(data), buffer(x.tobytes()), out)
            assert out.raw == ModelImage.read(data).run(x).tobytes()
    assert found == {Seal.GOOD, Seal.WRONG_LAYOUT}


def test_what_cannot_be_an_image_says_why(bundle):
    with pytest.raises(UnsupportedOperatorError, match="FULLY_CONNECTED layers and one SOFTMAX"):
        ModelImage.of(Bundle.load_shipped("digits"))
    with pytest.raises(ExportError, match="counter of 32 bits"):
        ModelImage.of(bundle, 0)
    with pytest.raises(DataError, match="a key has 32 bytes, this one has 5"):
        seal_image(b"x", b"short")
    with pytest.raises(DataError, match="no image: it begins with"):
        ModelImage.read(b"TFL3" * 20)
    data = ModelImage.of(bundle).to_bytes()
    for end in (31, 40, len(data) - 1):
        with pytest.raises(DataError):
            ModelImage.read(data[:end])


def test_the_example_key_is_marked_and_an_own_one_is_not(bundle):
    example, own = (generate_sealed_c(bundle, "motion", key) for key in (EXAMPLE_KEY, KEY))
    assert "EXAMPLE KEY, FOR LEARNING ONLY" in example["motion_key.h"]
    assert "MOTION_KEY_IS_EXAMPLE 1" in example["motion_key.h"]
    assert "MOTION_KEY_IS_EXAMPLE 0" in own["motion_key.h"]
    assert b"CHANGE" in EXAMPLE_KEY
