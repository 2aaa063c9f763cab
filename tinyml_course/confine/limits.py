"""How much one run of the compiler may take: the one place for these numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What ends a run of the compiler.

    Attributes:
        seconds: wall time of one file. The course's slowest takes 2 s on two cores.
        link_seconds: wall time of a link. A processor's first one compiles the run-time library,
            8 s on two fast cores and 12 s or more on a slow laptop.
        memory_bytes: address space of each process, where the system has that limit. The
            compiler's own program takes 190 MB of it.
        file_bytes: one written file. The largest here, the run-time library, has 2 MB.
        message_bytes: of what the compiler said are read.
    """

    seconds: float = 60.0
    link_seconds: float = 300.0
    memory_bytes: int = 3 << 30
    file_bytes: int = 64 << 20
    message_bytes: int = 1 << 20


LIMITS = Limits()
