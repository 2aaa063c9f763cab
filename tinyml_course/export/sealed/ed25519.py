"""Ed25519 in plain Python integers: sign with a secret, check with what everybody may know.

A tag of HMAC is made and checked with one key, so every board holds what signs for all boards. Of
a signature the board holds the public half alone. This follows RFC 8032, section 5.1, for learning:
it is slow, and its time tells about the secret key, so sign nothing of value with it. No C is made
of it here. Lesson 19.
"""

from __future__ import annotations

import hashlib

from tinyml_course.errors import DataError

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
KEY_BYTES, SIGNATURE_BYTES = 32, 64

# A point as (X, Y, Z, T): x = X / Z, y = Y / Z, x * y = T / Z, so that adding needs no division.
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    m = (a[1] - a[0]) * (b[1] - b[0])
    n = (a[1] + a[0]) * (b[1] + b[0])
    t, z = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = n - m, z - t, z + t, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _find_x(y: int, is_odd: int) -> int | None:
    """The x of a point from its y and the last bit of x; None if there is no such point."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and is_odd):
        return None
    return x if x & 1 == is_odd else P - x


BASE_Y = 4 * pow(5, -1, P) % P
BASE_X = _find_x(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def _pack(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _unpack(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    y = number & (1 << 255) - 1
    x = _find_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _expand(secret: bytes) -> tuple[int, bytes]:
    if len(secret) != KEY_BYTES:
        raise DataError(f"a secret key has {KEY_BYTES} bytes, this one has {len(secret)}")
    digest = hashlib.sha512(secret).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & (1 << 254) - 8 | 1 << 254, digest[32:]


def public_key(secret: bytes) -> bytes:
    """The 32 bytes that everybody may know, from the 32 secret ones.

    Raises:
        DataError: not 32 bytes.
    """
    return _pack(_times(_expand(secret)[0], BASE))


def sign(secret: bytes, message: bytes) -> bytes:
    """A signature of 64 bytes; the same each time.

    Raises:
        DataError: a secret key that has not 32 bytes.
    """
    scalar, prefix = _expand(secret)
    public = _pack(_times(scalar, BASE))
    r = _hash(prefix, message) % ORDER
    point = _pack(_times(r, BASE))
    s = (r + _hash(point, public, message) * scalar) % ORDER
    return point + s.to_bytes(32, "little")


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether who has the secret half of `public` signed exactly this message."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    key, point = _unpack(public), _unpack(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or point is None or s >= ORDER:
        return False
    challenge = _hash(signature[:32], public, message) % ORDER
    return _pack(_times(s, BASE)) == _pack(_add(point, _times(challenge, key)))
