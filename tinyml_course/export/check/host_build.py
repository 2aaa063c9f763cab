"""Compiles generated C for this computer and calls it: the first place where it must be right.

Takes the system's C compiler if there is one, else Zig's clang from its wheel, so that a learner
needs to install nothing. Lesson 08 and `tinyml verify` use it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from pathlib import Path
from types import TracebackType

import numpy as np

from tinyml_course.confine.guard import Guard, guarded
from tinyml_course.confine.limits import LIMITS
from tinyml_course.confine.process import run_confined
from tinyml_course.errors import ExportError
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel

STRICT_FLAGS = ("-Wall", "-Wextra", "-Wconversion", "-Wdouble-promotion", "-Werror")


def zig_compiler() -> list[str]:
    """The command of the C compiler that comes as a wheel."""
    return [sys.executable, "-m", "ziglang", "cc"]


def find_compiler() -> list[str]:
    """A C compiler for this computer: the system's, or the wheel's."""
    for name in ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return [found]
    return zig_compiler()


def compile_c(
    files: Mapping[str, str],
    folder: Path,
    output: str,
    flags: Sequence[str] = (),
    compiler: Sequence[str] | None = None,
    guard: Guard | None = None,
) -> Path:
    """Write C files into a folder and compile every .c among them.

    Args:
        files: text by file name.
        output: name of the result; ".so" at its end makes a shared library, else a program.
        flags: in addition to the language and the optimization.
        compiler: a command; by default `find_compiler()`.
        guard: who ends the compiler with us; by default one of its own.

    Raises:
        ExportError: the compiler cannot be run, finds no end, or refuses. The message carries what
            it said.
    """
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    command = [*(compiler or find_compiler()), "-std=c99", "-O2", *flags]
    if output.endswith(".so"):
        command += ["-shared"] if os.name == "nt" else ["-shared", "-fPIC"]
    command += [str(folder / name) for name in files if name.endswith(".c")]
    command += ["-o", str(folder / output)]
    # A stranger's model makes C that nobody has seen: it has an end, and ends with us.
    try:
        with guarded() if guard is None else nullcontext(guard) as watch:
            done = run_confined(
                command,
                # its own temporary files lie in the folder, and go with it
                dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder)),
                guard=watch,
                sandbox=None,
                seconds=LIMITS.link_seconds,
            )
    except OSError as error:
        raise ExportError(
            f"the C compiler {command[0]} cannot be run ({error}). Run: tinyml doctor"
        ) from error
    if done.is_late:
        raise ExportError(
            f"the C compiler was stopped after {LIMITS.link_seconds:g} s: the model is too large"
        )
    if done.exit_code:
        raise ExportError(f"the C compiler refused the generated code:\n{done.text[-4000:]}")
    return folder / output


class HostModel:
    """Generated C, compiled and loaded; used in a `with` block.

    with HostModel.build(model, "motion") as built:
        (scores,) = built.invoke(window)
    """

    def __init__(self, graph: Graph, name: str, library: Path) -> None:
        self.graph = graph
        self.name = name
        self._library = ctypes.CDLL(str(library))
        self._invoke = getattr(self._library, f"{name}_invoke")
        self._invoke.restype = None
        self._invoke_with = getattr(self._library, f"{name}_invoke_with")
        self._invoke_with.restype = None
        self._opened = ExitStack()  # the temporary folder and its guard

    @classmethod
    def build(
        cls,
        model: bytes,
        name: str = "network",
        flags: Sequence[str] = (),
        compiler: Sequence[str] | None = None,
        allow_fast: bool = True,
    ) -> HostModel:
        """Export, compile and load a model.

        Raises:
            ExportError: the model is refused, or no compiler can be run.
        """
        model = TfliteModel.of(model)
        code = generate_model_c(model, name, allow_fast)
        files = {f"{name}.h": code.header, f"{name}.c": code.source}
        return cls.compile(model.network, name, files, flags, compiler)

    @classmethod
    def compile(
        cls,
        graph: Graph,
        name: str,
        files: Mapping[str, str],
        flags: Sequence[str] = (),
        compiler: Sequence[str] | None = None,
    ) -> HostModel:
        """Compile and load C that is there already: a network's files, by name.

        Raises:
            ExportError: no compiler can be run, or it refuses.
        """
        with ExitStack() as opened:
            guard = opened.enter_context(guarded())
            folder = opened.enter_context(guard.work_folder())
            library = compile_c(files, folder, f"{name}.so", flags, compiler, guard)
            built = cls(graph, name, library)
            built._opened = opened.pop_all()
        return built

    def invoke(self, *inputs: np.ndarray) -> list[np.ndarray]:
        """One inference.

        Args:
            inputs: one array for each input, of its type and number of elements.

        Returns:
            One array for each output, in the shape the model gives it.

        Raises:
            DataError: an input of another size or type than the model's.
        """
        return self._call(self._invoke, (), inputs)

    def invoke_with(self, arena: np.ndarray, *inputs: np.ndarray) -> list[np.ndarray]:
        """One inference in the caller's memory; several threads may do so, each in its own.

        Args:
            arena: C-contiguous, of `ModelC.arena_bytes` bytes or more, at a multiple of
                `memory_plan.ALIGNMENT`.
            inputs: as for `invoke`, whose outputs are returned.

        Raises:
            DataError: an input of another size or type than the model's.
        """
        return self._call(self._invoke_with, (arena,), inputs)

    def _call(
        self,
        function: Callable[..., None],
        first: tuple[np.ndarray, ...],
        inputs: Sequence[np.ndarray],
    ) -> list[np.ndarray]:
        arguments = [np.ascontiguousarray(x) for x in self.graph.check_inputs(inputs)]
        outputs = [
            np.zeros(self.graph.tensors[i].shape, self.graph.tensors[i].dtype)
            for i in self.graph.outputs
        ]
        function(*(ctypes.c_void_p(a.ctypes.data) for a in (*first, *arguments, *outputs)))
        return outputs

    def reset(self) -> None:
        """Back to the state of power-up; a network without state has none to reset."""
        if self.graph.has_state:
            getattr(self._library, f"{self.name}_reset")()

    def close(self) -> None:
        """Remove the temporary folder. The loaded code stays until Python ends."""
        self._opened.close()

    def __enter__(self) -> HostModel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def has_sanitizers() -> bool:
    """Whether the system's compiler brings AddressSanitizer (a wheel's clang does not)."""
    compiler = find_compiler()
    if len(compiler) > 1 or os.name != "posix":
        return False
    probe = subprocess.run(
        [*compiler, "-fsanitize=address,undefined", "-x", "c", "-", "-o", os.devnull],
        input="int main(void) { return 0; }",
        capture_output=True,
        text=True,
        check=False,
    )
    return probe.returncode == 0
