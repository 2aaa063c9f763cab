"""What boards, cables and strangers do to a recording, and what must become of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.fake_board import FakeBoard, numbered

Steps = Iterable[Any]  # bytes to send, seconds to wait, or something to call
N = 30  # records of a short case: 0.6 s of the board's time


@dataclass(frozen=True)
class LinkCase:
    """One board, and what a recording of it must be.

    Attributes:
        steps: what the board does, once it is plugged in.
        outcome: the state at the end, or a pattern of the one line that ends it.
        kept: the numbers of the records that must stand in the file, in order; None: not known.
        counts: further fields of the `Recording`.
        options: of `record_csv`.
        is_quick: whether `make test` runs it.
    """

    family: str
    name: str
    steps: Callable[[FakeBoard], Steps]
    outcome: str = "complete"
    kept: tuple[int, ...] | None = tuple(range(N))
    counts: dict[str, int] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    is_quick: bool = True

    @property
    def id(self) -> str:
        return f"{self.family}: {self.name}"


def records(first: int = 0, end: int = N) -> list[bytes]:
    return [numbered(number) for number in range(first, end)]


def whole(first: int = 0, end: int = N) -> bytes:
    return b"".join(records(first, end))


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[a : a + size] for a in range(0, len(data), size)]


def cut_at_random(data: bytes, seed: int) -> list[Any]:
    """Pieces of 1 to 90 bytes, now and then with a pause."""
    draw = random.Random(seed)
    pieces: list[Any] = []
    while data:
        size = draw.randint(1, 90)
        pieces.append(data[:size])
        data = data[size:]
        if draw.random() < 0.2:
            pieces.append(draw.random() * 0.02)
    return pieces


def tearing() -> Iterable[LinkCase]:
    for size in (1, 2, 3, 7, 13, 47, 48, 49, 500, 4096):
        yield LinkCase("tearing", f"pieces of {size}", lambda _, s=size: cut(whole(), s))
    for seed in range(6):
        pieces = cut_at_random(whole(), seed)
        yield LinkCase("tearing", f"random pieces {seed}", lambda _, p=pieces: p)
    for at in (1, 5, 6, 20, 41, 43):
        yield LinkCase(
            "tearing",
            f"joined {at} bytes into a line",
            lambda _, a=at: [whole()[a:], numbered(N), numbered(N + 1)],
            kept=tuple(range(1, N + 1)),
        )
    for end in (b"\n", b"\r\n", b"\r\r\n"):
        data = whole().replace(b"\r\n", end)
        yield LinkCase("tearing", f"lines end in {end!r}", lambda _, d=data: [d])


def floods() -> Iterable[LinkCase]:
    many = 5_000
    yield LinkCase(
        "flood",
        "5,000 records at once",
        lambda _: [whole(0, many)],
        kept=tuple(range(many)),
        options={"seconds": many / 50},
    )
    between = {
        "notes between": b"# " + b"x" * 300 + b"\n",
        "empty lines between": b"\n" * 300,
        "junk lines between": b"\xff\xfe\x00junk\n" * 40,
        "carriage returns between": b"\r" * 300 + b"\n",
        "other sketches' records between": b"window:7,class:1,still:0.0000\n" * 20,
        "lines of 6,000 bytes between": b"y" * 6000 + b"\n",
    }
    for name, noise in between.items():
        data = b"".join(noise + record for record in records())
        yield LinkCase("flood", name, lambda _, d=data: [d])
    yield LinkCase(
        "flood",
        "a megabyte without a line end first",
        lambda _: [b"z" * 1_000_000 + b"\n", whole()],
    )
    yield LinkCase(
        "flood",
        "notes only, without end",
        lambda _: [b"# still here\n" * 50, 0.01] * 400,
        "sent no record",
        (),
        options={"silence_s": 0.5},
    )


def pulls() -> Iterable[LinkCase]:
    def again(board: FakeBoard) -> Steps:
        return [board.wait_until_read, board.unplug, 0.15, board.plug, board.wait_until_listened]

    for at in (0, 1, 17, 44, 45):
        goes_on = whole(11 if at else 10, N + 9)
        yield LinkCase(
            "pull",
            f"after {at} bytes of a line",
            lambda b, a=at, rest=goes_on: [whole(0, 10), numbered(10)[:a], *again(b), rest],
            kept=tuple(n for n in range(N) if n != 10 or not at),
            counts={"reconnects": 1, "dropped": int(at > 0)},
        )
    yield LinkCase(
        "pull",
        "three times",
        lambda b: [x for a in (0, 8, 16) for x in (whole(a, a + 8), *again(b))] + [whole(24)],
        counts={"reconnects": 3},
    )
    yield LinkCase(
        "pull",
        "before the first record",
        lambda b: [b"# recorder 1 fake\n", *again(b), whole()],
        counts={"reconnects": 1},
    )
    yield LinkCase(
        "pull",
        "the board starts again",
        lambda b: [whole(500, 510), *again(b), *records(0, 20)],
        kept=(*range(500, 510), *range(20)),
        counts={"reconnects": 1, "resets": 1, "dropped": 0},
    )
    yield LinkCase(
        "pull",
        "for good",
        lambda b: [whole(0, 10), numbered(10)[:20], b.wait_until_read, b.unplug],
        "did not come back",
        tuple(range(10)),
        options={"reconnect_s": 0.5},
    )
    yield LinkCase(
        "pull",
        "for good, before anything",
        lambda b: [b.unplug],
        "did not come back",
        (),
        options={"reconnect_s": 0.5},
    )
    yield LinkCase(
        "pull",
        "ten times a second, for ever",
        lambda b: [step for _ in range(40) for step in (b.unplug, 0.05, b.plug, 0.1)],
        "sent no record|sent records of|did not come back",  # as the moments fall, but it ends
        (),
        options={"reconnect_s": 0.3, "silence_s": 0.5},
        is_quick=False,
    )


def resets() -> Iterable[LinkCase]:
    yield LinkCase(
        "reset",
        "between two lines",
        lambda _: [whole(100, 110), whole(0, 20)],
        kept=(*range(100, 110), *range(20)),
        counts={"resets": 1, "dropped": 0},
    )
    yield LinkCase(
        "reset",
        "within a line",
        lambda _: [whole(100, 110), numbered(110)[:22], whole(0, 20)],
        kept=(*range(100, 110), *range(20)),
        counts={"resets": 1, "dropped": 0},
    )
    yield LinkCase(
        "reset",
        "three times",
        lambda _: [whole(100, 110), whole(0, 7), whole(0, 6), whole(0, 7)],
        kept=(*range(100, 110), *range(7), *range(6), *range(7)),
        counts={"resets": 3},
    )
    yield LinkCase(
        "reset",
        "after 49 days the clock runs over",
        lambda _: [
            numbered(0, 2**32 - 30),
            numbered(1, 2**32 - 10),
            *(numbered(n, 10 + 20 * (n - 2)) for n in range(2, N)),
        ],
        counts={"resets": 1},
    )


def junk() -> Iterable[LinkCase]:
    good = b",ax_g:0.1,ay_g:0.2,az_g:1.0\n"
    lines = {
        "a t_ms of 5,000 digits": b"t_ms:" + b"7" * 5000 + good,
        "a t_ms of 11 digits": b"t_ms:99999999999" + good,
        "a t_ms beyond 32 bits": b"t_ms:4294967296" + good,
        "a negative t_ms": b"t_ms:-20" + good,
        "a t_ms with a point": b"t_ms:20.5" + good,
        "a t_ms in hexadecimal": b"t_ms:0x14" + good,
        "no t_ms": b"t_ms:" + good,
        "a value of 400 digits": b"t_ms:5,ax_g:" + b"1" * 400 + b",ay_g:0.2,az_g:1.0\n",
        "a value of 400 decimals": b"t_ms:5,ax_g:0." + b"1" * 400 + b",ay_g:0.2,az_g:1.0\n",
        "NaN": b"t_ms:5,ax_g:nan,ay_g:0.2,az_g:1.0\n",
        "infinity": b"t_ms:5,ax_g:inf,ay_g:0.2,az_g:1.0\n",
        "an exponent": b"t_ms:5,ax_g:1e3,ay_g:0.2,az_g:1.0\n",
        "a comma for a point": b"t_ms:5,ax_g:0,1,ay_g:0.2,az_g:1.0\n",
        "99 g": b"t_ms:5,ax_g:99.0,ay_g:0.2,az_g:1.0\n",
        "a column too few": b"t_ms:5,ax_g:0.1,ay_g:0.2\n",
        "a column too many": b"t_ms:5,ax_g:0.1,ay_g:0.2,az_g:1.0,more:1\n",
        "another order": b"t_ms:5,ay_g:0.2,ax_g:0.1,az_g:1.0\n",
        "two torn lines in one": b"t_ms:12,ax_g:0.1,ayt_ms:40,ax_g:0.0\n",
        "Arabic digits": "t_ms:٢٠,ax_g:0.1,ay_g:0.2,az_g:1.0\n".encode(),
        "null characters": b"t_ms:5,ax_g:0\x00.1,ay_g:0.2,az_g:1.0\n",
        "escape codes": b"\x1b[2J\x1b]0;owned\x07\n",
        "all bytes but line ends": bytes(b for b in range(256) if b not in b"\n\r") + b"\n",
        "stop and go characters": b"\x13\x11\x13\n",
        "a CSV injection": b"t_ms:5,ax_g:=1+1,ay_g:0.2,az_g:1.0\n",
        "a label of its own": b"t_ms:5,ax_g:0.1,ay_g:0.2,az_g:1.0,run,eve\n",
    }
    for name, line in lines.items():
        yield LinkCase(
            "junk",
            name,
            lambda _, x=line: [whole(0, 10), x, whole(10)],
            counts={"damaged": 1, "resets": 0},
        )
    for digit in (0, 1):
        flipped = numbered(10).replace(b"t_ms:200", b"t_ms:9200" if digit else b"t_ms:900")
        yield LinkCase(
            "junk",
            f"a flipped digit of t_ms, {digit}",
            lambda _, x=flipped: [whole(0, 10), x, whole(11, N + 1)],
            kept=(*range(10), *range(11, N)),
            counts={"damaged": 1, "dropped": 1, "resets": 0},
        )
    for name, line in {
        "every digit of t_ms a 9": b"t_ms:4294967295,ax_g:0.1,ay_g:0.2,az_g:1.0\n",
        "a t_ms of 0 in between": b"t_ms:0,ax_g:0.1,ay_g:0.2,az_g:1.0\n",
        "the same record again": numbered(9),
    }.items():
        yield LinkCase(
            "junk",
            name,
            lambda _, x=line: [whole(0, 10), x, whole(10)],
            counts={"damaged": 1, "dropped": 0, "resets": 0},
        )


def silence() -> Iterable[LinkCase]:
    quiet = {
        "nothing at all": [],
        "bytes without a line end": [b"noise", 0.05] * 100,
        "one byte a second": [b"t", 0.3] * 10,
        "half a record and no more": [b"t_ms:0,ax_g:0.1"],
        "a sketch that is another": [b"window:7,class:1,still:0.0000,latency_us:65\n", 0.02] * 100,
        "line ends only": [b"\n", 0.02] * 100,
    }
    for name, steps in quiet.items():
        yield LinkCase(
            "silence",
            name,
            lambda _, s=steps: s,
            "sent no record",
            (),
            options={"silence_s": 0.6},
        )
    yield LinkCase(
        "silence",
        "the same time again and again",
        lambda _: [numbered(1), 0.02] * 300,
        "sent records of",
        (1,),
        options={"silence_s": 2, "reconnect_s": 0.2},  # a busy machine is not a silent board
    )
    yield LinkCase(
        "silence",
        "a board that starts anew for ever",
        lambda _: [numbered(0), 0.2, numbered(1), 0.2] * 40,
        "sent records of",
        None,
        options={"silence_s": 0.5, "reconnect_s": 0.2, "seconds": 2},
        is_quick=False,
    )


CASES = [case for make in (tearing, floods, pulls, resets, junk, silence) for case in make()]
