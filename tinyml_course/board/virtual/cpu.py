"""A processor with a program in its flash: run it from reset, or call its functions from Python.

The CPU is Unicorn's; what this file adds is a board's memory map with nothing outside it, exact
counts, and errors that name the function and the source line instead of a register dump.

    program = build_program(["dot.c"], target="cortex-m4", out_dir="out", keep=["dot"])
    cpu = Cpu(program)
    cpu.call("dot", bytes([1, 2, 3]), bytes([4, 5, 6]), 3)     # -> 32
    cpu.instructions, cpu.cycles, cpu.profile()

Taught in lessons 08_inside_the_c and 09_on_the_board.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable

import unicorn
from unicorn.unicorn_py3 import unicorn as binding

from tinyml_course.board.linked.program import Program
from tinyml_course.board.virtual.alignment import AlignmentCheck
from tinyml_course.board.virtual.block_cost import BlockCost
from tinyml_course.board.virtual.block_counter import (
    NO_LIMIT,
    BlockCounter,
    PythonBlockCounter,
    has_native_counter,
)
from tinyml_course.board.virtual.callers import called_in
from tinyml_course.board.virtual.native import map_registers
from tinyml_course.board.virtual.processor import PROCESSORS
from tinyml_course.board.virtual.profile import FunctionProfile, profile_blocks
from tinyml_course.board.virtual.stop import Stop
from tinyml_course.errors import BoardError, BusFaultError, DoesNotFitError
from tinyml_course.interrupts import HeldInterrupt

STACK_PAINT = 0xA5
ITSTATE = 0x0600_FC00  # of the status register: conditions of the next up to four instructions
DEFAULT_BUDGET = 2_000_000_000  # instructions of one call; the largest network here takes 110 M

_ACCESS_WORDS = {
    unicorn.UC_MEM_READ_UNMAPPED: "read from",
    unicorn.UC_MEM_WRITE_UNMAPPED: "write to",
    unicorn.UC_MEM_FETCH_UNMAPPED: "jump to",
    unicorn.UC_MEM_READ_PROT: "read from",
    unicorn.UC_MEM_WRITE_PROT: "write to read-only memory at",
    unicorn.UC_MEM_FETCH_PROT: "jump to",
}


class Cpu:
    """One processor, its memory and its counters.

    program: what to run. native: count with the compiled hook (True), in Python (False), or with
    whichever this computer can build (None). Both count the same.
    """

    def __init__(self, program: Program, *, native: bool | None = None) -> None:
        self.program = program
        self.memory_map = program.memory
        self.processor = PROCESSORS[program.target.name]
        self._emulator = unicorn.Uc(
            self.processor.architecture, self.processor.mode, cpu=self.processor.model
        )
        board = self.memory_map
        read_execute = unicorn.UC_PROT_READ | unicorn.UC_PROT_EXEC
        self._emulator.mem_map(board.flash_start, board.flash_bytes, read_execute)
        self._emulator.mem_map(board.ram_start, board.ram_bytes, unicorn.UC_PROT_ALL)
        self._return_here = program.address_of("__return_here")
        self._callbacks: list[object] = []  # C calls them: they live as long as the emulator
        self._fault: str | None = None
        self._fault_error: type[BoardError] = BoardError
        self._stop_requested = False

        # A hook that counts at blocks sees all there is to count, and nothing more often.
        stop_address = ctypes.cast(binding.uclib.uc_emu_stop, ctypes.c_void_p).value
        if native is None:
            native = has_native_counter()
        if native:
            self.counter = BlockCounter(self._measure_block, stop_address)
        else:
            self.counter = PythonBlockCounter(self._measure_block, self._emulator.emu_stop)
        self.counter.attach(self._emulator)
        if self.processor.faults_on_misaligned:
            self._alignment = AlignmentCheck(self._emulator, program, self._on_misaligned, native)
        self._emulator.hook_add(unicorn.UC_HOOK_MEM_INVALID, self._on_bad_access)
        self._emulator.hook_add(unicorn.UC_HOOK_INTR, self._on_exception)
        self.reset()

    # --- what was counted ---------------------------------------------------------------------

    @property
    def instructions(self) -> int:
        """Executed instructions since reset or `clear_counts`, exactly.

        An instruction in an IT block counts whether or not its condition held.
        """
        return self.counter.state.instructions

    @property
    def cycles(self) -> int:
        """Estimated cycles, by the processor's published timings (see thumb_timing.py)."""
        return self.counter.state.cycles

    def clear_counts(self) -> None:
        """Instructions, cycles and the profile begin again at zero."""
        self.counter.reset()

    def profile(self) -> list[FunctionProfile]:
        """Instructions and cycles by function, the most expensive first."""
        return profile_blocks(self.counter.blocks(), self.program, self._measure_block)

    # --- running ------------------------------------------------------------------------------

    def reset(self) -> None:
        """Power on: flash as built, RAM zero, stack painted, the start-up code not yet run."""
        board = self.memory_map
        self._emulator.mem_write(board.ram_start, bytes(board.ram_bytes))
        for segment in self.program.image.segments:
            self._emulator.mem_write(segment.load_address, segment.data)
        self.paint_stack()
        for register in self.processor.arguments:
            self._emulator.reg_write(register, 0)
        self._emulator.reg_write(self.processor.sp, board.stack_top)
        self._emulator.reg_write(self.processor.link, self._return_here | self.processor.thumb_bit)
        self._emulator.reg_write(self.processor.pc, self.program.address_of("Reset_Handler"))
        # Translated code remembers where a run was to end, and `initialize` ends elsewhere.
        self._emulator.ctl_flush_tb()
        self.counter.reset()
        self._initialized = False

    def initialize(self) -> None:
        """Run the start-up code up to main: variables have their values, constructors have run."""
        stop = self._run(self.program.address_of("main"), DEFAULT_BUDGET, NO_LIMIT)
        if stop is not Stop.RETURNED:
            raise BoardError(f"the start-up code does not reach main: it is in {self.where()}")
        self._initialized = True

    def start_call(self) -> None:
        """Run the start-up code if it has not run yet; it is not counted."""
        if not self._initialized:
            self.initialize()
            self.clear_counts()

    def run(self, *, max_instructions: int | None = None, max_cycles: int | None = None) -> Stop:
        """Go on from where the processor is. Limits count from here.

        Stops before the basic block that would begin at or beyond a limit, so that a run in slices
        counts exactly what one long run does.
        """
        state = self.counter.state
        instructions = NO_LIMIT if max_instructions is None else max_instructions
        cycles = NO_LIMIT if max_cycles is None else state.cycles + max_cycles
        return self._run(self._return_here, instructions, cycles)

    def stop(self) -> None:
        """Ask a running program to stop after the current basic block (from a peripheral)."""
        self._stop_requested = True
        self.counter.state.instruction_limit = 0

    def call(self, symbol: str, *arguments: object, max_instructions: int = DEFAULT_BUDGET) -> int:
        """Call a C function and return its integer result (32 bits, unsigned).

        Arguments are integers, or buffers: bytes are copied to the board's RAM and their address is
        passed; a writable buffer (bytearray, NumPy array) is copied back after the call. The counts
        add up; `clear_counts` first to see one call's.

        Raises BusFaultError, DoesNotFitError (stack overflow) or BoardError; each says where.
        """
        self.start_call()
        self._emulator.reg_write(self.processor.sp, self.memory_map.stack_top)
        return self._call(symbol, arguments, max_instructions)

    def interrupt(self, function: str | int, *arguments: object) -> int:
        """Call a function between two instructions of a stopped program, as an interrupt would.

        function: its name, or its address.

        It runs to its end, even if a peripheral asks for a stop on the way: a handler that took a
        microphone's samples and never came to store them would have lost them.
        """
        context = self._emulator.context_save()
        try:
            sp = self._emulator.reg_read(self.processor.sp)
            self._emulator.reg_write(self.processor.sp, (sp - 8) & ~7)
            if self.processor.status is not None:
                # A block may end inside an IT block. An exception's entry clears ITSTATE, or the
                # handler's first instructions would be executed on the condition of that block.
                status = self._emulator.reg_read(self.processor.status)
                self._emulator.reg_write(self.processor.status, status & ~ITSTATE)
            return self._call(function, arguments, DEFAULT_BUDGET)
        finally:
            self._emulator.context_restore(context)
            self.counter.forget_previous()

    def _call(
        self, function: str | int, arguments: tuple[object, ...], max_instructions: int
    ) -> int:
        address = function if isinstance(function, int) else self.program.address_of(function)
        values, copies_back = self._place_arguments(arguments)
        write = self._emulator.reg_write
        registers = self.processor.arguments
        for register, value in zip(registers, values, strict=False):
            write(register, value)
        if on_stack := values[len(registers) :]:
            sp = self._emulator.reg_read(self.processor.sp) - (4 * len(on_stack) + 7 & ~7)
            self.write_memory(sp, struct.pack(f"<{len(on_stack)}I", *on_stack))
            write(self.processor.sp, sp)
        write(self.processor.link, self._return_here | self.processor.thumb_bit)
        write(self.processor.pc, address | self.processor.thumb_bit)
        self.counter.forget_previous()
        begun = self.instructions
        while True:
            left = max_instructions - (self.instructions - begun)
            stop = self._run(self._return_here, max(left, 0), NO_LIMIT)
            if stop is Stop.RETURNED:
                break
            if stop is Stop.ASLEEP:
                raise BoardError(f"{function} waits for an interrupt (wfi) in {self.where()}")
            if stop is Stop.LIMIT:
                raise BoardError(
                    f"{function} still runs after {max_instructions:,} instructions, in "
                    f"{self.where()}: an endless loop? Give it more with max_instructions"
                )
        for place, buffer in copies_back:
            buffer[:] = self.read_memory(place, len(buffer))
        return self._emulator.reg_read(registers[0])

    def _place_arguments(self, arguments: tuple[object, ...]):
        values: list[int] = []
        copies_back = []
        free = self.program.address_of("__heap_start") + 15 & ~15
        for argument in arguments:
            if isinstance(argument, int):
                values.append(argument & 0xFFFF_FFFF)
                continue
            try:
                view = memoryview(argument).cast("B")
            except TypeError as error:
                raise BoardError(
                    f"call: {type(argument).__name__} is neither an integer nor a buffer; "
                    "pass bytes, a bytearray or a contiguous NumPy array"
                ) from error
            if free + len(view) > self.memory_map.ram_end:
                raise DoesNotFitError(
                    f"call: a buffer of {len(view)} bytes does not fit into the "
                    f"{max(0, self.memory_map.ram_end - free)} bytes of RAM that the program leaves"
                )
            self.write_memory(free, bytes(view))
            values.append(free)
            if not view.readonly:
                copies_back.append((free, view))
            free += len(view) + 15 & ~15
        return values, copies_back

    def _run(self, until: int, max_instructions: int, cycle_limit: int) -> Stop:
        state = self.counter.state
        state.instruction_limit = min(NO_LIMIT, state.instructions + max_instructions)
        state.cycle_limit = cycle_limit
        state.stopped = 0
        self._fault, self._stop_requested = None, False
        start = self._emulator.reg_read(self.processor.pc)
        try:
            with HeldInterrupt():
                self._emulator.emu_start(start | self.processor.thumb_bit, until)
        except unicorn.UcError as error:
            if not self.counter.errors:
                self._raise_fault(error)
        if self.counter.errors:
            first = self.counter.errors[0]
            self.counter.errors.clear()
            raise first
        if self._fault:
            self._raise_fault(None)
        is_back = self._emulator.reg_read(self.processor.pc) & ~1 == until & ~1
        if self._stop_requested and not is_back:
            return Stop.REQUESTED
        if state.stopped == 2:
            raise BoardError("the program has more basic blocks than the counter's table holds")
        if state.stopped:
            return Stop.LIMIT
        return Stop.RETURNED if is_back else Stop.ASLEEP

    # --- memory and peripherals -----------------------------------------------------------------

    def read_memory(self, address: int, size: int) -> bytes:
        """Bytes of flash or RAM."""
        return bytes(self._emulator.mem_read(address, size))

    def write_memory(self, address: int, data: bytes) -> None:
        """Put bytes into flash or RAM, whatever the program may do."""
        self._emulator.mem_write(address, data)

    def map_peripheral(
        self,
        start: int,
        size: int,
        read: Callable[[int, int], int],
        write: Callable[[int, int, int], None],
    ) -> None:
        """Registers of a peripheral: `read(offset, bytes) -> value`, `write(offset, bytes, value)`.

        start and size are multiples of 4,096. What `read` or `write` raises, the run raises.
        """
        self._callbacks += map_registers(self._emulator, start, size, read, write, self._abort)

    def _abort(self, error: BaseException) -> None:
        self.counter.errors.append(error)
        self.stop()

    def paint_stack(self) -> None:
        """Fill the stack with a pattern, to see later how much of it was written."""
        board = self.memory_map
        self._emulator.mem_write(board.ram_start, bytes([STACK_PAINT]) * board.stack_bytes)

    @property
    def stack_high_water_bytes(self) -> int:
        """The most stack in use since the paint: from its top to the deepest byte written."""
        stack = self.read_memory(self.memory_map.ram_start, self.memory_map.stack_bytes)
        return len(stack.lstrip(bytes([STACK_PAINT])))

    # --- faults -----------------------------------------------------------------------------------

    def _measure_block(self, address: int, size: int) -> BlockCost:
        return self.processor.measure_block(self.read_memory(address, size), self.processor.name)

    def where(self, back: int = 0) -> str:
        """Where the processor is, or was `back` bytes before: function, line, address, caller."""
        pc = (self._emulator.reg_read(self.processor.pc) & ~1) - back
        if self.program.image.function_at(pc) is None:  # a wild jump: say who jumped
            pc = (self._emulator.reg_read(self.processor.link) & ~1) - 2
            place = f"{self.program.locate(pc)}, or a function it called"
        else:
            place = f"{self.program.locate(pc)} (address {pc:#010x})"
        return place + self.called_in(pc)

    def called_in(self, address: int) -> str:
        """`, called in loop at probe.ino:7` if no code of the maker is there; see callers.py."""
        link, sp = (self._emulator.reg_read(r) for r in (self.processor.link, self.processor.sp))
        return called_in(self.program, address, link, sp, self.read_memory)

    def _on_bad_access(self, _emulator, access, address, size, _value, _data) -> bool:
        board = self.memory_map
        word = _ACCESS_WORDS.get(access, "touch")
        sp = self._emulator.reg_read(self.processor.sp)
        below_stack = board.ram_start - 0x10000 <= address < board.ram_start
        if sp < board.ram_start or (below_stack and sp - board.ram_start < 0x1000):
            self._fault_error = DoesNotFitError
            self._fault = (
                f"stack overflow in {self.where()}: the stack has {board.stack_bytes:,} bytes; "
                "look for recursion or large local arrays"
            )
            return False
        self._fault_error = BusFaultError
        what = "a null pointer, or nearly" if address < 0x400 else self._describe(address)
        self._fault = f"{word} address {address:#010x} ({what}), {size} bytes, in {self.where()}"
        return False

    def _on_misaligned(self, address: int, size: int, is_write: bool) -> None:
        if self._fault is None:
            self._fault_error = BusFaultError
            self._fault = (
                f"{'write to' if is_write else 'read from'} address {address:#010x}, {size} bytes "
                f"that are not aligned, a fault on this core, in {self.where()}"
            )
        self._emulator.emu_stop()

    def _describe(self, address: int) -> str:
        board = self.memory_map
        if board.flash_start <= address < board.flash_end:
            return "flash"
        if board.ram_end <= address < board.ram_end + 0x10000:
            return f"{address - board.ram_end} bytes beyond the end of RAM"
        return "the board has nothing there"

    def _on_exception(self, _emulator, number, _data) -> None:
        what = self.processor.exceptions.get(number, f"exception {number}")
        self._fault_error = BoardError
        self._fault = f"the processor met {what} in {self.where(self.processor.exception_step)}"
        self._emulator.emu_stop()

    def _raise_fault(self, error: unicorn.UcError | None) -> None:
        message = self._fault
        kind = self._fault_error
        if message is None:
            kind = BoardError
            what = "an undefined instruction"
            if error is not None and error.errno != unicorn.UC_ERR_INSN_INVALID:
                what = f"a fault ({error})"
            message = f"the processor met {what} in {self.where()}"
        self._fault = None
        raise kind(f"{self.program.elf.stem} on {self.processor.name}: {message}") from None
