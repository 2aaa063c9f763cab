"""A tag behind an image: HMAC-SHA-256 with a key that only the maker and the board should have.

What the board does with it is in `export/kernels/hmac_sha256.c` and `export/firmware/sealed.py`;
here is the maker's side, on `hashlib` and `hmac`. The key is symmetric: whoever can check can also
sign, so a key read out of one board signs for every board that has it. Sources: FIPS 180-4, RFC
2104. Lesson 19.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import IntEnum

from tinyml_course.errors import DataError
from tinyml_course.export.sealed.image import ModelImage

KEY_BYTES = TAG_BYTES = 32
# In a public repository, and so no secret: it shows how, and every sketch with it says so.
EXAMPLE_KEY = b"EXAMPLE KEY OF A COURSE: CHANGE!"


class Seal(IntEnum):
    """What a check found; the C has the same numbers."""

    GOOD = 0
    WRONG_SIZE = 1
    WRONG_TAG = 2
    WRONG_LAYOUT = 3
    OLD = 4


def seal_image(image: ModelImage | bytes, key: bytes) -> bytes:
    """The image with its tag behind it.

    Raises:
        DataError: a key that has not 32 bytes.

    >>> len(seal_image(b"image", EXAMPLE_KEY))
    37
    """
    check_key(key)
    data = image.to_bytes() if isinstance(image, ModelImage) else bytes(image)
    return data + hmac.new(key, data, hashlib.sha256).digest()


def check_seal(sealed: bytes, key: bytes, interface: int, least_version: int = 0) -> Seal:
    """What a board says of `sealed`: the tag first, so that nothing unproven is parsed.

    Args:
        interface: of the sketch on the board.
        least_version: an image with a smaller version is old.
    """
    check_key(key)
    if len(sealed) < KEY_BYTES + TAG_BYTES:
        return Seal.WRONG_SIZE
    data, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    if not hmac.compare_digest(hmac.new(key, data, hashlib.sha256).digest(), tag):
        return Seal.WRONG_TAG
    try:
        image = ModelImage.read(data)
    except DataError:
        return Seal.WRONG_LAYOUT
    if image.interface != interface or len(image.to_bytes()) != len(data):
        return Seal.WRONG_LAYOUT
    return Seal.OLD if image.version < least_version else Seal.GOOD


def check_key(key: bytes) -> bytes:
    """A key that may be one.

    Raises:
        DataError: not 32 bytes.
    """
    if not isinstance(key, bytes | bytearray) or len(key) != KEY_BYTES:
        raise DataError(
            f"a key has {KEY_BYTES} bytes, this one has "
            f"{len(key) if hasattr(key, '__len__') else type(key).__name__}: make one with "
            "secrets.token_bytes(32), and keep it where the code is not"
        )
    return bytes(key)
