"""C and C++ for a board's processor: compile and link.

Two compilers build the same sources with the same flags:

- `clang`: Zig's, from the `ziglang` wheel. It is always there: no toolchain to install.
- `gcc`: `arm-none-eabi-gcc` (Debian's `gcc-arm-none-eabi`, or Arm's own) or
  `riscv64-unknown-elf-gcc`, if it is installed. The compiler that Arduino cores and vendors use;
  published figures are mostly figures of GCC.

Taught in lesson 09_on_the_board.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from tinyml_course.board.build.stranger import Stranger
from tinyml_course.board.compiler import run_compiler, zig_command, zig_library_folder
from tinyml_course.board.linked.program import Program
from tinyml_course.board.memory_map import MemoryMap, write_linker_script
from tinyml_course.board.targets import Target, get_target
from tinyml_course.confine.guard import Guard, guarded
from tinyml_course.confine.limits import LIMITS
from tinyml_course.errors import BoardError

STARTUP_FOLDER = Path(__file__).parent / "startup"
COMPILERS = ("clang", "gcc")

# -O2 and the like come from the caller. Each function gets a section of its own, so that the linker
# leaves out what nobody calls. No unwind tables: nothing on these boards reads them.
COMMON_FLAGS = (
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
    "-fomit-frame-pointer",
    "-gdwarf-4",
)
# Zig makes __DATE__ an error, for builds that repeat; a sketch may say when it was compiled.
CLANG_FLAGS = ("-fno-sanitize=all", "-fno-stack-protector", "-Wno-date-time")
CPP_FLAGS = ("-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics")
CPP_SUFFIXES = (".cpp", ".cc", ".cxx", ".ino")


def find_gcc(target: str | Target = "cortex-m4") -> str | None:
    """The path of GCC for a processor, or None if it is not installed."""
    return shutil.which(_target(target).gcc)


def compiler_flags(target: str | Target, compiler: str = "clang") -> list[str]:
    """The flags that name the processor, the ABI and the headers; for a single `-c` compilation."""
    chosen = _target(target)
    if compiler == "gcc":
        return [*chosen.gcc_flags, *COMMON_FLAGS]
    include = zig_library_folder() / "libc" / "include"
    headers = ["-isystem", str(include / chosen.musl_headers)]
    headers += ["-isystem", str(include / "generic-musl")]
    return [*chosen.zig_flags, *headers, *CLANG_FLAGS, *COMMON_FLAGS]


def build_program(
    sources: Iterable[Path | str],
    *,
    target: str | Target = "cortex-m4",
    memory: MemoryMap | None = None,
    out_dir: Path | str,
    name: str = "program",
    compiler: str = "clang",
    optimize: str = "-O2",
    include_dirs: Sequence[Path | str] = (),
    defines: Mapping[str, object] | None = None,
    extra_flags: Sequence[str] = (),
    cpp_flags: Sequence[str] = (),
    keep: Sequence[str] = (),
    is_throwaway: bool = False,
    guard: Guard | None = None,
    stranger: Stranger | None = None,
    strange_sources: Sequence[Path] = (),
) -> Program:
    """Compile C and C++ sources for a processor and link them into the board's memory.

    sources: `.c`, `.cpp`, `.ino` files. memory: the board's flash and RAM (default: a board with
    this processor). optimize: `-O2`, `-Os`, ... cpp_flags: for C++ only. keep: functions to be
    linked although nobody calls them, because they will be called from outside. is_throwaway: the
    compiler's cache of objects goes into out_dir, and with it, so that a thousand different models
    do not fill the user's disk. guard: who ends the compilers with us (default: one of its own).
    strange_sources: compiled and linked behind the stranger's fences, after the others, with its
    folder first among the include_dirs. The result is `out_dir/name.elf`.

    Raises DoesNotFitError with the bytes that are too many, BoardError with the compiler's first
    error, its file and its line.
    """
    chosen = _target(target)
    if compiler not in COMPILERS:
        raise BoardError(f"unknown compiler {compiler!r}: choose one of {', '.join(COMPILERS)}")
    memory = memory or chosen.memory
    out = Path(out_dir)
    objects_dir = out / f"{name}_objects"
    objects_dir.mkdir(parents=True, exist_ok=True)

    object_cache = out / "zig_cache" if is_throwaway else None
    flags = [*compiler_flags(chosen, compiler), optimize, *extra_flags]
    includes = [f"-I{folder}" for folder in include_dirs]
    includes += [f"-D{key}={value}" for key, value in (defines or {}).items()]

    def compile_one(numbered: tuple[int, Path]) -> Path:
        number, source = numbered
        built = objects_dir / f"{number:02d}_{source.stem}.o"
        language = ["-x", "c++"] if source.suffix == ".ino" else []
        is_cpp = source.suffix in CPP_SUFFIXES
        command = [*_driver(chosen, compiler, is_cpp), *flags]
        if stranger and number >= first_strange:
            command += [f"-I{folder}" for folder in stranger.folders]
        command += [*includes, *CPP_FLAGS, *cpp_flags] if is_cpp else includes
        if stranger and number >= first_strange:
            stranger.compile(command, source, built, watch)
        else:
            words = [*command, *language, "-c", str(source), "-o", str(built)]
            run_compiler(words, object_cache, guard=watch)
        return built

    paths = [STARTUP_FOLDER / chosen.startup, *(Path(source) for source in sources)]
    first_strange = len(paths)
    paths += strange_sources
    for path in paths:
        if not path.is_file():
            raise BoardError(f"no such source file: {path}")
    script = out / f"{name}.ld"
    script.write_text(write_linker_script(memory, keep), encoding="utf-8")
    elf = out / f"{name}.elf"
    with guarded() if guard is None else nullcontext(guard) as watch:
        objects = _compile_all(compile_one, paths, watch)
        link = [*_driver(chosen, compiler, False), *flags, *(str(path) for path in objects)]
        # Small pages: with large ones the linker puts its file header below the board's flash.
        link += ["-o", str(elf), "-T", str(script), "-Wl,--gc-sections"]
        link += ["-Wl,-z,max-page-size=4096"]
        if compiler == "gcc":
            link += ["-nostartfiles", "-Wl,--no-warn-rwx-segments", "-lc", "-lm", "-lgcc"]
        if stranger:
            stranger.link(link, out, watch)
        else:
            run_compiler(link, object_cache, guard=watch, seconds=LIMITS.link_seconds)
    return Program(elf, chosen, memory)


def _compile_all(
    compile_one: Callable[[tuple[int, Path]], Path], paths: list[Path], guard: Guard
) -> list[Path]:
    """As many at once as there are cores; when one fails or we are stopped, the others end too."""
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    try:
        return list(pool.map(compile_one, enumerate(paths)))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        guard.end_all()
        raise
    finally:
        pool.shutdown()


def _driver(target: Target, compiler: str, is_cpp: bool) -> list[str]:
    if compiler == "clang":
        return [*zig_command(), "c++" if is_cpp else "cc"]
    gcc = find_gcc(target)
    if gcc is None:
        raise BoardError(
            f"{target.gcc} is not installed (Debian: {target.gcc_packages}); or use the compiler "
            "from the wheel, 'clang'"
        )
    return [gcc.replace("gcc", "g++") if is_cpp else gcc]


def _target(target: str | Target) -> Target:
    return target if isinstance(target, Target) else get_target(target)
