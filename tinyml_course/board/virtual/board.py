"""A virtual board: a processor with a sketch in its flash, peripherals, and virtual time.

    board = VirtualBoard(build_sketch("arduino_sketches/motion", "nano33ble"),
                         [read_trace("walk.csv")])
    board.run(seconds=3)
    board.uart.sent                                  # what the sketch printed

Nothing runs between two calls: no thread, no process, no port. Two runs give the same bytes.
Lesson 09 uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import unicorn

from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.virtual.accelerometer import Accelerometer
from tinyml_course.board.virtual.adc import Adc
from tinyml_course.board.virtual.buses import I2c, Spi, attach_carried
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.board.virtual.gas import GasSensor
from tinyml_course.board.virtual.gpio import Gpio
from tinyml_course.board.virtual.microphone import Microphone
from tinyml_course.board.virtual.peripheral import PAGE_BYTES, Peripheral
from tinyml_course.board.virtual.pins import find_pin, pins_by_name
from tinyml_course.board.virtual.screen import Screen
from tinyml_course.board.virtual.stop import Stop
from tinyml_course.board.virtual.storage import Storage
from tinyml_course.board.virtual.surroundings import Surroundings
from tinyml_course.board.virtual.system import System
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Trace
from tinyml_course.board.virtual.uart import Uart
from tinyml_course.errors import BoardError, BusFaultError
from tinyml_course.interrupts import HeldInterrupt

SLICE_S = 0.25  # of computing at a time, so that Ctrl-C is heard and an endless loop is found
INTERRUPT_S = 0.001  # how often a microphone's background task runs while the sketch computes
LATE_US = 1500  # and, as time is also skipped, after the last look: delay(1) looks by itself
HANG_S = 10.0  # of pure computing without a sign of life: an endless loop


class VirtualBoard:
    """One board from power-on. Raise its time with `run`; look at its peripherals in between.

    Attributes:
        cpu: instructions, cycles, memory, stack, profile.
        uart, gpio, adc, screen, surroundings, i2c, spi, storage: peripherals to look at or act on.
    """

    def __init__(
        self, sketch: BuiltSketch, traces: Sequence[Trace] = (), stored: bytes = b""
    ) -> None:
        """stored: what an earlier board kept (`storage.content`): switched off, and on again."""
        self.sketch = sketch
        model = sketch.model
        by_kind = {trace.kind: trace for trace in traces}
        self._traces = tuple(traces)
        self._by_kind = by_kind
        self._clock_hz = model.board.clock_hz
        self.cpu = Cpu(sketch.program)
        memory = _BoardMemory(self.cpu)
        self._counter = counter = self.cpu.counter.state  # one object for the board's whole life
        self.timer = Timer(self._clock_hz, lambda: counter.cycles)
        self.system = System(memory, self._locate_call, self.timer.begin_loop, self._now_us)
        self.uart = Uart(memory, self.timer)
        is_seeeds = not model.has_core_api and model.target != "riscv32"
        self.gpio = Gpio(self.timer, model.has_core_api, pulls=is_seeeds)
        self.adc = Adc(self.timer, 12 if model.target == "riscv32" else 10)  # as the cores begin
        self.accelerometer = Accelerometer(
            self.timer, model.has_accelerometer, by_kind.get("acceleration")
        )
        self.microphone = Microphone(
            memory,
            self.timer,
            model.has_microphone,
            by_kind.get("sound"),
            begun=self.cpu.stop,
            looked_at=self._put_interrupt_off,
        )
        if "WIO_MIC" in (pins := pins_by_name(model.board.name)):
            self.adc.connect(pins["WIO_MIC"], self.microphone.volts)
        if analog := by_kind.get("analog"):
            names = [column.removesuffix("_v").upper() for column in analog.columns]
            self.adc.play(analog, [find_pin(model.board.name, name) for name in names])
        self.gas = GasSensor(self.timer, by_kind.get("gas"))
        self.surroundings = Surroundings(self.timer, by_kind.get("surroundings"))
        self.i2c = I2c(memory, self.timer)
        attach_carried(self.i2c, model.board.name)
        self.spi = Spi(self.timer)
        self.storage = Storage(memory, stored)
        self.screen = Screen(memory, self.timer) if model.has_screen else None
        self._last_sign_of_life = 0
        self._deadline_us = 0
        self._slice_end_us = 0
        self._enough: Callable[[], bool] | None = None
        self._held = HeldInterrupt()
        for peripheral in (
            self.system,
            self.timer,
            self.uart,
            self.gpio,
            self.adc,
            self.accelerometer,
            self.microphone,
            self.gas,
            self.surroundings,
            self.i2c,
            self.spi,
            self.storage,
            self.screen,
        ):
            if peripheral is not None:
                self._attach(peripheral)

    @property
    def time_s(self) -> float:
        """Virtual seconds since power-on."""
        return self.timer.now_us / 1e6

    def run(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Let `seconds` of virtual time pass, or less if `until()` holds (asked at each event).

        What is left of a delay is waited for in the next run: no lamp is on longer than the run.

        Raises:
            BusFaultError: the sketch touched an address that the board does not have.
            DoesNotFitError: its stack overflowed.
            BoardError: an endless loop, an undefined instruction, a register that is not there.
        """
        self._deadline_us = self._slice_end_us = self.timer.now_us + round(seconds * 1e6)
        self.timer.horizon_us = self._deadline_us
        self._enough = until
        # Setting the signals anew for every slice would take a fifth of the time.
        with HeldInterrupt() as self._held:
            while not self._is_over():
                self._run_slice()
                self._held.let_through()

    def _run_slice(self) -> None:
        """Go on to the next event: the end of a slice, a delay, an alarm, a sleep."""
        timer = self.timer
        now_us = timer.now_us
        if now_us >= timer.alarm_us or self.gpio.has_interrupt:
            self._meet_pins()
            now_us = timer.now_us
        if timer.is_delayed:
            timer.go_on_waiting()
            return
        slice_s = SLICE_S
        if self.microphone.is_on:
            slice_s = INTERRUPT_S
            self._put_interrupt_off()
        left_us = min(self._deadline_us, max(now_us, timer.alarm_us)) - now_us
        cycles = min(left_us * self._clock_hz // 1_000_000 + 1, int(slice_s * self._clock_hz))
        stop = self.cpu.run(max_cycles=max(cycles, 1))
        self._slice_end_us = self._deadline_us  # handlers are not stopped, and run the faster
        if stop is Stop.RETURNED:
            raise BoardError(f"{self.sketch.name} ended: a sketch's loop() never returns to us")
        if stop is Stop.ASLEEP:
            timer.sleep()
            self._last_sign_of_life = self.cpu.cycles
        self._check_alive()
        self.system.check_watchdog(self._say_where)
        if self.microphone.is_on and self.microphone.has_waiting:
            self.cpu.interrupt("board_interrupt")

    def _say_where(self) -> str:
        return f"it is {self.whereabouts()}"

    @property
    def awake_share(self) -> float:
        """The share of the time in which the processor did not rest, 0 to 1."""
        now_us = self.timer.now_us
        return 1.0 - self.timer.asleep_us / now_us if now_us else 1.0

    def unread_traces(self) -> list[Trace]:
        """Traces of which the sketch has not asked its sensors for anything."""
        readers: dict[str, Any] = {
            "acceleration": self.accelerometer,
            "sound": self.microphone,
            "gas": self.gas,
            "analog": self.adc,
            "surroundings": self.surroundings,
        }
        return [
            trace
            for trace in self._traces
            if self._by_kind[trace.kind] is not trace or not readers[trace.kind].has_read_trace
        ]

    def whereabouts(self) -> str:
        """The function and line the sketch is in, and whether setup() is done."""
        phase = "setup()" if self.system.loops == 0 else f"run {self.system.loops} of loop()"
        return f"in {phase}, {self.cpu.where()}"

    def _locate_call(self, address: int) -> str:
        return self.sketch.program.locate(address) + self.cpu.called_in(address)

    def _now_us(self) -> int:
        return self.timer.now_us

    def _put_interrupt_off(self) -> None:
        """The microphone's task runs, or just ran: a slice in which time is skipped may go on."""
        self._slice_end_us = min(self._deadline_us, self.timer.now_us + LATE_US)

    def _meet_pins(self) -> None:
        """Pins change that were planned to, and the handlers that wait for it run."""
        if self.timer.now_us >= self.timer.alarm_us:
            self.gpio.meet_plan()
        while self.gpio.has_interrupt:
            self.timer.busy()
            self.cpu.interrupt(*self.gpio.take_interrupt())
            self.timer.wake()

    def _is_over(self) -> bool:
        return self.timer.now_us >= self._deadline_us or (
            self._enough is not None and self._enough()
        )

    def _check_alive(self) -> None:
        silent_cycles = self.cpu.cycles - self._last_sign_of_life
        if silent_cycles > HANG_S * self._clock_hz:
            raise BoardError(
                f"{self.sketch.name} computes for {HANG_S:g} s without looking at clock, pins or "
                f"serial port: an endless loop? It is {self.whereabouts()}"
            )

    def _attach(self, peripheral: Peripheral) -> None:
        """Put a peripheral's registers on the bus."""
        after_access = self._after_access

        def read(offset: int, _width: int) -> int:
            value = peripheral.read(offset)
            if value is None:
                raise self._no_register(peripheral, offset)
            after_access()
            return value

        def write(offset: int, _width: int, value: int) -> None:
            if not peripheral.write(offset, value & 0xFFFFFFFF):
                raise self._no_register(peripheral, offset)
            after_access()

        self.cpu.map_peripheral(peripheral.address, PAGE_BYTES, read, write)

    def _after_access(self) -> None:
        # Called a million times a minute: what can be looked up once is.
        cycles = self._last_sign_of_life = self._counter.cycles
        timer = self.timer
        now_us = timer.us_at(cycles)
        # Virtual days fit into a slice of a sketch that sleeps: Ctrl-C does not wait for its end.
        if (
            now_us >= self._slice_end_us
            or now_us >= timer.alarm_us
            or now_us > self.system.due_us
            or self._held.has_noted
            or self.gpio.has_interrupt
            or (self._enough is not None and self._enough())
        ):
            self.cpu.stop()

    def _no_register(self, peripheral: Peripheral, offset: int) -> BusFaultError:
        address = peripheral.address + offset
        return BusFaultError(
            f"{self.sketch.name}: no register at {address:#010x} "
            f"({type(peripheral).__name__}), {self.whereabouts()}"
        )


class _BoardMemory:
    """The sketch's memory, for peripherals that are handed an address."""

    def __init__(self, cpu: Cpu) -> None:
        self._cpu = cpu

    def read_memory(self, address: int, size: int) -> bytes:
        if size > self._cpu.memory_map.flash_bytes:  # or we would ask for 4 GB to copy them to
            raise self._fault("reads", address, size)
        try:
            return self._cpu.read_memory(address, size)
        except unicorn.UcError as error:
            raise self._fault("reads", address, size) from error

    def write_memory(self, address: int, data: bytes) -> None:
        try:
            self._cpu.write_memory(address, data)
        except unicorn.UcError as error:
            raise self._fault("writes", address, len(data)) from error

    def _fault(self, verb: str, address: int, size: int) -> BusFaultError:
        return BusFaultError(
            f"the sketch {verb} {size} bytes at {address:#010x}, which is no memory of the board, "
            f"in {self._cpu.where()}"
        )
