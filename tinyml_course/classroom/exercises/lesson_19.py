"""Lesson 19, Security and privacy: a tag by hand, which update is taken, a nearest neighbour."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray
INSIDE, OUTSIDE = 0x36, 0x5C


def _tag(key: bytes, message: bytes) -> str:
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def _messages() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(19)
    return [
        (b"Jefe", b"what do ya want for nothing?"),
        (rng.bytes(32), b"a model"),
        (rng.bytes(64), b""),
        (rng.bytes(1), rng.bytes(200)),
    ]


def _two_hashes(
    inside: int, outside: int, width: int = 64, filling: bytes = b"\0"
) -> Callable[[bytes, bytes], str]:
    """HMAC with other constants, or with a key that is filled up in another way."""

    def make_tag(key: bytes, message: bytes) -> str:
        key = key.ljust(width, filling)
        inner = hashlib.sha256(bytes(b ^ inside for b in key) + message).digest()
        return hashlib.sha256(bytes(b ^ outside for b in key) + inner).hexdigest()

    return make_tag


def _inner_as_digits(key: bytes, message: bytes) -> str:
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ INSIDE for b in key) + message).hexdigest()
    return hashlib.sha256(bytes(b ^ OUTSIDE for b in key) + inner.encode()).hexdigest()


def _inner_alone(key: bytes, message: bytes) -> str:
    padded = bytes(b ^ INSIDE for b in key.ljust(64, b"\0"))
    return hashlib.sha256(padded + message).hexdigest()


def _updates() -> Sequence[tuple[Any, ...]]:
    return [
        (right, version, at_work)
        for right in (True, False)
        for version, at_work in ((3, 2), (2, 2), (1, 2), (7, 2), (10, 9), (9, 10))
    ]


def _people() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(191)
    names = ["Ada", "Ben", "Cem", "Dua", "Eva", "Finn"]
    cases: list[tuple[Any, ...]] = [
        (rng.normal(0, 1, (6, values)), names, rng.normal(0, 1, values))
        for values in (8, 3, 12, 8, 5)
    ]
    # nearest by squares, not by the sum of sizes, nor by the greatest difference, nor by signs
    cases.append((np.array([[3.0, 0.0], [2.0, 2.0], [-9.0, 9.0]]), names[:3], np.zeros(2)))
    cases.append((np.array([[3.0, 3.0], [3.5, 0.0], [9.0, -9.0]]), names[:3], np.zeros(2)))
    return cases


def _nearest(known: Array, names: Sequence[str], asked: Array) -> str:
    return names[int(np.argmin(((known - asked) ** 2).sum(axis=1)))]


EXERCISES = (
    Exercise(
        "19.1",
        _tag,
        _messages,
        (
            Mistake(
                lambda key, message: hashlib.sha256(key + message).hexdigest(),
                "This is the hash of key and message. Anybody can append to such a message: the "
                "key must go in twice.",
            ),
            Mistake(
                lambda key, message: hashlib.sha256(message + key).hexdigest(),
                "The key stands behind the message. HMAC begins with it, inside and outside.",
            ),
            Mistake(
                _inner_alone,
                "This is the inner hash. The outer one is missing: the key with 0x5c, and this "
                "behind it.",
            ),
            Mistake(
                _two_hashes(OUTSIDE, INSIDE),
                "The two constants are exchanged: 0x36 is inside, 0x5c outside.",
            ),
            Mistake(
                _two_hashes(INSIDE, OUTSIDE, 0),
                "The key must be filled up with zeros to 64 bytes before the exclusive or.",
            ),
            Mistake(
                _two_hashes(INSIDE, OUTSIDE, 32),
                "The key is filled up to 32 bytes. SHA-256 works in blocks of 64.",
            ),
            Mistake(
                lambda key, message: hmac.new(key, message, hashlib.sha256).digest(),
                "These are the 32 bytes. Hexadecimal digits are asked: `hexdigest()` at the end.",
            ),
            Mistake(
                lambda key, message: hmac.new(key, message, hashlib.sha256).hexdigest().upper(),
                "The right digits, as capital letters: `hexdigest()` gives small ones.",
            ),
            Mistake(
                _two_hashes(36, 92),
                "36 is written without its `0x`: as a decimal number it is another constant.",
            ),
            Mistake(
                _two_hashes(INSIDE, OUTSIDE, 64, b"0"),
                'The key is filled up with the letter 0, which is the byte 48. Zeros are `b"\\0"`.',
            ),
            Mistake(
                lambda key, message: _tag(key.rjust(64, b"\0"), message),
                "The zeros stand before the key. They come behind it: `ljust`.",
            ),
            Mistake(
                _inner_as_digits,
                "The inner hash goes in as its 32 bytes, `digest()`, not as 64 letters.",
            ),
        ),
        ("first the inner hash: key with 0x36, then the message", "`digest()` inside"),
    ),
    Exercise(
        "19.2",
        lambda tag_is_right, version, at_work: tag_is_right and version > at_work,
        _updates,
        (
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right and version >= at_work,
                "This takes the same version again: a replay. Greater, not equal.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right,
                "A right tag is not a new one. Compare the versions as well.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: version > at_work,
                "Anybody can write a high number. The tag must be right as well.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right or version > at_work,
                "`or` takes what has one of the two. Both are needed.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right and version == at_work + 1,
                "This asks for the very next version: a board that missed one is lost for ever.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right and version != at_work,
                "This takes an older version, if only it is another one: an old fault comes back.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: False,
                "This takes no update at all. A right and newer one should come in.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: True,
                "This takes everything: whoever sends last decides.",
            ),
            Mistake(
                lambda tag_is_right, version, at_work: tag_is_right and version < at_work,
                "This takes what is older. Which way does the counter go?",
            ),
        ),
        ("two conditions, and both", "one asks for the tag, the other compares two versions"),
    ),
    Exercise(
        "19.3",
        _nearest,
        _people,
        (
            Mistake(
                lambda known, names, asked: names[
                    int(np.argmax(((known - asked) ** 2).sum(axis=1)))
                ],
                "This is the person who is least like it: take the smallest distance.",
            ),
            Mistake(
                lambda known, names, asked: names[int(np.argmin((known - asked).sum(axis=1)))],
                "Without squares, differences up and down cancel.",
            ),
            Mistake(
                lambda known, names, asked: names[
                    int(np.argmin(np.abs(known - asked).sum(axis=1)))
                ],
                "These are sizes of differences. The sum of their squares is asked.",
            ),
            Mistake(
                lambda known, names, asked: names[
                    int(np.argmin(np.abs(known - asked).max(axis=1)))
                ],
                "This looks at the greatest difference alone. All of them count, squared.",
            ),
            Mistake(
                lambda known, names, asked: names[int(np.argmax(known @ asked))],
                "This is the largest product, which favours large rows. Take a distance.",
            ),
            Mistake(
                lambda known, names, asked: float(((known - asked) ** 2).sum(axis=1).min()),
                "This is the smallest distance. The name at that place is asked: `np.argmin`.",
            ),
            Mistake(
                lambda known, names, asked: names[int(np.argmin(((known - asked) ** 2).sum()))],
                "This is always the first name, as one sum over all rows makes it. `axis=1` "
                "sums row by row.",
            ),
            Mistake(
                lambda known, names, asked: names[
                    int(np.argmin(((known - asked) ** 2).sum(axis=0)))
                ],
                "`axis=0` sums over the people, value by value. One sum a person is `axis=1`.",
            ),
            Mistake(
                lambda known, names, asked: int(np.argmin(((known - asked) ** 2).sum(axis=1))),
                "This is the row's number. The name is asked: `names[...]`.",
            ),
        ),
        ("one distance a row: `.sum(axis=1)`", "`np.argmin` says where the smallest is"),
    ),
)
