"""Counts instructions and estimates cycles, block by block, while the emulator runs.

The counting itself is `block_counter.c`, built for this computer once. Where it cannot be built,
`PythonBlockCounter` gives the same counts, thirty to seventy times slower. Both decode a block when
it first runs, and count how often it ran: what a program did is afterwards known for every
instruction, at no further cost.

What code changes while it runs (code written to RAM twice at one address) is counted as it was the
first time: none of the boards' programs does that.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path

import unicorn

from tinyml_course.board.virtual.block_cost import BlockCost
from tinyml_course.board.virtual.native import add_native_hook, native_library
from tinyml_course.errors import BoardError

SOURCE = Path(__file__).with_name("block_counter.c")
NO_LIMIT = (1 << 64) - 1
TABLE_BLOCKS = 1 << 15  # half of them may be used: real programs here run 200 to 5,000 blocks

MeasureBlock = Callable[[int, int], BlockCost]


class Block(ctypes.Structure):
    """One basic block: where it is, what it costs, how often it ran. See block_counter.c."""

    _fields_ = (
        ("executions", ctypes.c_uint64),
        ("taken", ctypes.c_uint64),
        ("address", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
        ("instructions", ctypes.c_uint32),
        ("cycles", ctypes.c_uint32),
        ("taken_cycles", ctypes.c_uint32),
        ("unused", ctypes.c_uint32),
    )


_StopFunction = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_MeasureFunction = ctypes.CFUNCTYPE(None, ctypes.POINTER(Block))


class CounterState(ctypes.Structure):
    """What the C code reads and writes. See block_counter.c."""

    _fields_ = (
        ("instructions", ctypes.c_uint64),
        ("cycles", ctypes.c_uint64),
        ("instruction_limit", ctypes.c_uint64),
        ("cycle_limit", ctypes.c_uint64),
        ("stopped", ctypes.c_uint64),
        ("blocks", ctypes.POINTER(Block)),
        ("previous", ctypes.c_void_p),
        ("mask", ctypes.c_uint64),
        ("used", ctypes.c_uint64),
        ("stop", ctypes.c_void_p),
        ("measure", _MeasureFunction),
    )


class BlockCounter:
    """The fast counter.

    measure: (address, size) -> BlockCost. stop: address of `uc_emu_stop`.
    """

    is_native = True

    def __init__(self, measure: MeasureBlock, stop: int) -> None:
        self._measure = measure
        self.errors: list[Exception] = []
        self._table = (Block * TABLE_BLOCKS)()
        self._seen: list[Block] = []
        self._callback = _MeasureFunction(self._fill)
        self.state = CounterState(
            instruction_limit=NO_LIMIT,
            cycle_limit=NO_LIMIT,
            blocks=ctypes.cast(self._table, ctypes.POINTER(Block)),
            mask=TABLE_BLOCKS - 1,
            stop=stop,
            measure=self._callback,
        )

    def attach(self, emulator: unicorn.Uc) -> None:
        """Count what this emulator runs."""
        hook = ctypes.cast(native_library(SOURCE).count_block, ctypes.c_void_p)
        add_native_hook(emulator, unicorn.UC_HOOK_BLOCK, hook, ctypes.addressof(self.state))

    def _fill(self, pointer) -> None:
        block = pointer.contents
        self._seen.append(block)
        try:
            cost = self._measure(block.address, block.size)
        except Exception as error:  # noqa: BLE001 - cannot pass through C; Cpu raises it
            self.errors.append(error)
            return
        block.instructions = cost.instructions
        block.cycles = cost.cycles
        block.taken_cycles = cost.taken_cycles

    def blocks(self) -> list[Block]:
        """Every block that ran."""
        return self._seen

    def forget_previous(self) -> None:
        """Control was moved from outside: the last block's branch is neither taken nor not."""
        self.state.previous = None

    def reset(self) -> None:
        """All counts to zero; what is known of the blocks' costs stays."""
        self.state.instructions = self.state.cycles = 0
        self.forget_previous()
        for block in self._seen:
            block.executions = block.taken = 0


class PythonBlockCounter:
    """The same counts from Python, where the C code cannot be built, at a fraction of the speed."""

    is_native = False

    def __init__(self, measure: MeasureBlock, stop: Callable[[], None]) -> None:
        self._measure = measure
        self._stop = stop
        self.errors: list[Exception] = []
        self._known: dict[tuple[int, int], Block] = {}
        self._previous: Block | None = None
        self.state = CounterState(instruction_limit=NO_LIMIT, cycle_limit=NO_LIMIT)

    def attach(self, emulator: unicorn.Uc) -> None:
        """Count what this emulator runs."""
        emulator.hook_add(unicorn.UC_HOOK_BLOCK, self.count_block)

    def count_block(self, _emulator, address: int, size: int, _user_data) -> None:
        """What the emulator calls before each block: count it, or stop at a limit."""
        state = self.state
        if state.instructions >= state.instruction_limit or state.cycles >= state.cycle_limit:
            state.stopped = 1
            self._stop()
            return
        previous = self._previous
        if (
            previous is not None
            and previous.taken_cycles
            and previous.address + previous.size != address
        ):
            previous.taken += 1
            state.cycles += previous.taken_cycles
        block = self._known.get((address, size))
        if block is None:
            cost = self._measure(address, size)
            block = Block(0, 0, address, size, cost.instructions, cost.cycles, cost.taken_cycles)
            self._known[address, size] = block
        block.executions += 1
        state.instructions += block.instructions
        state.cycles += block.cycles
        self._previous = block

    def blocks(self) -> list[Block]:
        """Every block that ran."""
        return list(self._known.values())

    def forget_previous(self) -> None:
        """The next block does not follow the last one: no branch is to be counted."""
        self._previous = None

    def reset(self) -> None:
        """All counts begin again at zero."""
        self.state.instructions = self.state.cycles = 0
        self._previous = None
        for block in self._known.values():
            block.executions = block.taken = 0


def has_native_counter() -> bool:
    """Whether the fast counter can be used on this computer."""
    try:
        native_library(SOURCE)
    except BoardError:
        return False
    return True
