"""What a C function costs on a processor: instructions, estimated cycles, flash, RAM, stack.

`measure_model` does it for a network exported as C, `measure_function` for any C: a kernel on its
own, or somebody else's. The program is linked as it would go to a board, runs from reset on the
emulated core, and is counted from the call of the function to its return.

Taught in lessons 08_inside_the_c and 10_fit_power_and_choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.linked.program import Program
from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.board.targets import get_target
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.board.virtual.profile import FunctionProfile
from tinyml_course.confine.guard import guarded
from tinyml_course.export.model_c.only_readable import ReadableLayers
from tinyml_course.export.model_c.signature import argument_names, invoke_declaration
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel


@dataclass(frozen=True)
class Measurement:
    """One call of a function on an emulated core.

    Attributes:
        instructions: executed, exactly; conditional instructions of an IT block included.
        estimated_cycles: by the processor's published timings, flash without wait states.
        flash_bytes: the whole program: code, constants, start values, vectors, start-up code.
        ram_bytes: static variables, with the buffers of input and output; without the stack.
        stack_bytes: the deepest byte written below the stack's top.
        profile: instructions and cycles by function, the most expensive first.
        outputs: what the function left in its writable arguments.
    """

    function: str
    target: str
    compiler: str
    optimize: str
    instructions: int
    estimated_cycles: int
    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    profile: tuple[FunctionProfile, ...] = ()
    outputs: tuple[np.ndarray, ...] = ()
    program: Program | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ModelMeasurement(Measurement):
    """One inference.

    Attributes:
        weights_bytes: the .tflite's constant tensors, as they are in the file.
        readable_layers: those that have no fast kernel for this processor, and why.
    """

    macs: int = 0
    weights_bytes: int = 0
    arena_bytes: int = 0
    readable_layers: tuple[ReadableLayers, ...] = ()


class ModelOnCore:
    """A network as C, built for a processor and ready to be called again and again.

    Args:
        model: a .tflite file.
        target: `cortex-m4`, `cortex-m0plus` or `riscv32`.
        compiler: `clang` (from the wheel) or `gcc` (if installed).
        defines: macros for the C, for instance `{"NETWORK_FAST_KERNELS": 0}`.
        memory: flash and RAM; by default more than any board has.

    Raises:
        ExportError: the model is refused. BoardError: it does not compile or fit.
    """

    NAME = "network"

    def __init__(
        self,
        model: bytes,
        *,
        target: str = "cortex-m4",
        compiler: str = "clang",
        optimize: str = "-O2",
        defines: Mapping[str, object] | None = None,
        memory: MemoryMap | None = None,
        allow_fast: bool = True,
    ) -> None:
        model = TfliteModel.of(model)
        self.graph = model.network
        self.code = generate_model_c(model, self.NAME, allow_fast)
        with guarded() as guard, guard.work_folder() as out:
            (out / f"{self.NAME}.h").write_text(self.code.header, encoding="utf-8")
            (out / f"{self.NAME}.c").write_text(self.code.source, encoding="utf-8")
            (out / "main.c").write_text(_main_for(self.graph, self.NAME), encoding="utf-8")
            self.program = build_program(
                [out / f"{self.NAME}.c", out / "main.c"],
                target=target,
                memory=memory or get_target(target).roomy_memory,
                out_dir=out,
                compiler=compiler,
                optimize=optimize,
                defines=defines,
                is_throwaway=True,
                guard=guard,
            )
            self.program.image  # noqa: B018 - read while the file is there
            self.cpu = Cpu(self.program)
        self._inputs = [f"{name}_buffer" for name in argument_names(self.graph)[0]]
        self._outputs = [f"{name}_buffer" for name in argument_names(self.graph)[1]]

    def invoke(self, *inputs: np.ndarray) -> list[np.ndarray]:
        """One inference on the core; counts begin at zero. Arrays as the model's tensors."""
        address_of = self.program.address_of
        addresses = [address_of(name) for name in (*self._inputs, *self._outputs)]
        cpu = self.cpu
        cpu.start_call()
        for address, x in zip(addresses, inputs, strict=False):
            cpu.write_memory(address, np.ascontiguousarray(x).tobytes())
        cpu.clear_counts()
        cpu.paint_stack()
        cpu.call(f"{self.NAME}_invoke", *addresses)
        tensors = [self.graph.tensors[i] for i in self.graph.outputs]
        return [
            np.frombuffer(cpu.read_memory(at, t.size_bytes), t.dtype).reshape(t.shape).copy()
            for at, t in zip(addresses[len(self._inputs) :], tensors, strict=True)
        ]

    def reset(self) -> None:
        """Back to the state of power-up; a network without state has none to reset."""
        if self.graph.has_state:
            self.cpu.start_call()
            self.cpu.call(f"{self.NAME}_reset")


def measure_model(
    model: bytes,
    *,
    inputs: Sequence[np.ndarray] | None = None,
    target: str = "cortex-m4",
    compiler: str = "clang",
    optimize: str = "-O2",
    **options: object,
) -> ModelMeasurement:
    """What one inference costs. Options as for `ModelOnCore`.

    inputs: the model's inputs; by default seeded random numbers over the whole range. Integer
    networks take the same instructions for any input, but for softmax and clamping.
    """
    core = ModelOnCore(model, target=target, compiler=compiler, optimize=optimize, **options)
    core.reset()  # an inference of a running network is measured, not the first
    outputs = core.invoke(*(inputs or _random_inputs(core.graph)))
    cpu, sizes = core.cpu, core.program.sizes
    constants = sum(t.size_bytes for t in core.graph.tensors if t.data is not None)
    return ModelMeasurement(
        function=f"{core.NAME}_invoke",
        target=target,
        compiler=compiler,
        optimize=optimize,
        instructions=cpu.instructions,
        estimated_cycles=cpu.cycles,
        flash_bytes=sizes.flash_bytes,
        ram_bytes=sizes.ram_bytes,
        stack_bytes=cpu.stack_high_water_bytes,
        profile=tuple(cpu.profile()),
        outputs=tuple(outputs),
        program=core.program,
        macs=core.code.macs,
        weights_bytes=constants,
        arena_bytes=core.code.arena_bytes,
        readable_layers=tuple(
            each for each in core.code.readable_layers if get_target(target).family in each.families
        ),
    )


def measure_function(
    sources: Iterable[Path | str],
    function: str,
    *arguments: object,
    target: str = "cortex-m4",
    compiler: str = "clang",
    optimize: str = "-O2",
    memory: MemoryMap | None = None,
    **options: object,
) -> Measurement:
    """What one call of a C function costs.

    sources: paths of C files, or one or more C texts. arguments: integers and buffers, as for
    `Cpu.call`; what a writable buffer holds afterwards is in the buffer itself. options: as for
    `build_program` (`include_dirs`, `defines`, `extra_flags`).

    >>> m = measure_function(["int twice(int x) { return 2 * x; }"], "twice", 21)
    >>> m.instructions   # shift, return
    2
    """
    with guarded() as guard, guard.work_folder() as folder:
        paths = []
        for number, source in enumerate(sources):
            if isinstance(source, str) and ("\n" in source or "{" in source):
                path = folder / f"source_{number}.c"
                path.write_text(source, encoding="utf-8")
                source = path
            paths.append(source)
        program = build_program(
            paths,
            target=target,
            memory=memory or get_target(target).roomy_memory,
            out_dir=folder,
            compiler=compiler,
            optimize=optimize,
            keep=[function],
            is_throwaway=True,
            guard=guard,
            **options,
        )
        program.image  # noqa: B018 - read while the file is there
        cpu = Cpu(program)
    cpu.start_call()
    cpu.clear_counts()
    cpu.paint_stack()
    cpu.call(function, *arguments)
    return Measurement(
        function=function,
        target=target,
        compiler=compiler,
        optimize=optimize,
        instructions=cpu.instructions,
        estimated_cycles=cpu.cycles,
        flash_bytes=program.sizes.flash_bytes,
        ram_bytes=program.sizes.ram_bytes,
        stack_bytes=cpu.stack_high_water_bytes,
        profile=tuple(cpu.profile()),
        outputs=tuple(np.asarray(a) for a in arguments if isinstance(a, np.ndarray)),
        program=program,
    )


def _main_for(graph: Graph, name: str) -> str:
    """A main that owns the buffers of input and output, so that they count as RAM."""
    inputs, outputs = argument_names(graph)
    lines = [f'#include "{name}.h"', "int main(void);", f"/* {invoke_declaration(graph, name)} */"]
    for index, argument in zip((*graph.inputs, *graph.outputs), (*inputs, *outputs), strict=True):
        tensor = graph.tensors[index]
        lines.append(
            f"static {tensor.c_type} {argument}_buffer[{tensor.elements}] "
            "__attribute__((aligned(4), used));"
        )
    buffers = ", ".join(f"{argument}_buffer" for argument in (*inputs, *outputs))
    reset = f"{name}_reset(); " if graph.has_state else ""
    lines.append(f"int main(void) {{ {reset}{name}_invoke({buffers}); return 0; }}")
    return "\n".join(lines) + "\n"


def _random_inputs(graph: Graph) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    found = []
    for index in graph.inputs:
        tensor = graph.tensors[index]
        if tensor.dtype == "float32":
            found.append(rng.normal(0, 1, tensor.shape).astype(np.float32))
        else:
            limits = np.iinfo(tensor.dtype)
            found.append(rng.integers(limits.min, limits.max + 1, tensor.shape, tensor.dtype))
    return found
