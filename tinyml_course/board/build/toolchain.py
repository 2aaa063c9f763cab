"""C and C++ for a board's processor: compile, link, and read the sizes of what came out.

Two compilers build the same sources with the same flags:

- `clang`: Zig's, from the `ziglang` wheel. It is always there: no toolchain to install.
- `gcc`: `arm-none-eabi-gcc` (Debian's `gcc-arm-none-eabi`, or Arm's own), if it is installed. The
  compiler that Arduino cores and vendors use; published figures are mostly figures of GCC.

Nothing passes through a shell. Compiled objects and the compiler's run-time library stay in a cache
folder (`TINYML_CACHE_DIR`, otherwise the user's): only a processor's first build waits.
Taught in lesson 09_on_the_board.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tinyml_course.board.build.debug_lines import LineTable
from tinyml_course.board.build.elf import SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS, ElfImage
from tinyml_course.board.memory_map import MemoryMap, write_linker_script
from tinyml_course.board.targets import Target, get_target
from tinyml_course.errors import BoardError, DoesNotFitError

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
CLANG_FLAGS = ("-fno-sanitize=all", "-fno-stack-protector")
CPP_FLAGS = ("-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics")
CPP_SUFFIXES = (".cpp", ".cc", ".cxx", ".ino")


@dataclass(frozen=True)
class ProgramSizes:
    """Bytes by kind. Flash holds text, rodata and data's start values; RAM holds data and bss."""

    text: int
    rodata: int
    data: int
    bss: int

    @property
    def flash_bytes(self) -> int:
        return self.text + self.rodata + self.data

    @property
    def ram_bytes(self) -> int:
        """Static RAM: variables, without the stack."""
        return self.data + self.bss


@dataclass(frozen=True)
class Program:
    """A linked program: what a boot tool writes to the board, and what a debugger knows of it."""

    elf: Path
    target: Target
    memory: MemoryMap

    @cached_property
    def image(self) -> ElfImage:
        return ElfImage(self.elf)

    @cached_property
    def sizes(self) -> ProgramSizes:
        text = rodata = data = bss = 0
        for section in self.image.sections:
            if not section.flags & SHF_ALLOC or section.name == ".stack":
                continue
            if section.kind == SHT_NOBITS:
                bss += section.size
            elif section.flags & SHF_WRITE and section.address >= self.memory.ram_start:
                data += section.size
            elif section.flags & SHF_EXECINSTR:
                text += section.size
            else:
                rodata += section.size
        return ProgramSizes(text, rodata, data, bss)

    @cached_property
    def lines(self) -> LineTable:
        return LineTable(self.image.section_data(".debug_line"))

    def address_of(self, symbol: str) -> int:
        """The address of a function or variable; BoardError if the program has no such."""
        found = self.image.symbols.get(symbol)
        if found is None:
            functions = ", ".join(sorted(s.name for s in self.image.functions)[:12])
            raise BoardError(
                f"{self.elf.name} has no symbol {symbol!r}; its functions begin: {functions}. "
                "A function nobody calls is left out by the linker: name it in keep=(...)"
            )
        return found.address

    def locate(self, address: int) -> str:
        """An address in words: `function at file.c:12`, as far as the program knows."""
        function = self.image.function_at(address)
        line = self.lines.find(address) if function else None
        name = function.name if function else "no function"
        return f"{name} at {line}" if line else name


def cache_dir() -> Path:
    """Where compiled things are kept between runs.

    `TINYML_CACHE_DIR` if set, else the system's place for caches, else a temporary folder.
    """
    if chosen := os.environ.get("TINYML_CACHE_DIR"):
        folder = Path(chosen)
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "tinyml_course" / "Cache"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "tinyml_course"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "tinyml_course"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home, as in some containers
        folder = Path(tempfile.gettempdir()) / "tinyml_course_cache"
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def zig_command() -> tuple[str, ...]:
    """How to start Zig: the wheel's program itself (starting it through Python costs 30 ms)."""
    try:
        import ziglang
    except ImportError as error:
        raise BoardError(
            "no cross compiler: the ziglang package is not installed; run: pip install ziglang"
        ) from error
    folder = Path(ziglang.__file__).parent
    for name in ("zig", "zig.exe"):
        if (folder / name).is_file():
            return (str(folder / name),)
    return (sys.executable, "-m", "ziglang")


@cache
def zig_library_folder() -> Path:
    """The folder with the C headers that come with the wheel."""
    import ziglang

    return Path(ziglang.__file__).parent / "lib"


def find_gcc() -> str | None:
    """The path of arm-none-eabi-gcc, or None if it is not installed."""
    return shutil.which("arm-none-eabi-gcc")


def compiler_flags(target: str | Target, compiler: str = "clang") -> list[str]:
    """The flags that name the processor, the ABI and the headers; for a single `-c` compilation."""
    chosen = _target(target)
    if compiler == "gcc":
        if not chosen.gcc_flags:
            raise BoardError(f"{chosen.name} is built with clang only; use compiler='clang'")
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
) -> Program:
    """Compile C and C++ sources for a processor and link them into the board's memory.

    sources: `.c`, `.cpp`, `.ino` files. memory: the board's flash and RAM (default: a board with
    this processor). optimize: `-O2`, `-Os`, ... cpp_flags: for C++ only. keep: functions to be
    linked although nobody calls them, because they will be called from outside. is_throwaway: the
    compiler's cache of objects goes into out_dir, and with it, so that a thousand different models
    do not fill the user's disk. The result is `out_dir/name.elf`.

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
    flags += [f"-I{folder}" for folder in include_dirs]
    flags += [f"-D{key}={value}" for key, value in (defines or {}).items()]

    def compile_one(numbered: tuple[int, Path]) -> Path:
        number, source = numbered
        built = objects_dir / f"{number:02d}_{source.stem}.o"
        language = ["-x", "c++"] if source.suffix == ".ino" else []
        is_cpp = source.suffix in CPP_SUFFIXES
        command = [*_driver(compiler, is_cpp), *flags]
        command += [*CPP_FLAGS, *cpp_flags] if is_cpp else []
        run_compiler([*command, *language, "-c", str(source), "-o", str(built)], object_cache)
        return built

    paths = [STARTUP_FOLDER / chosen.startup, *(Path(source) for source in sources)]
    for path in paths:
        if not path.is_file():
            raise BoardError(f"no such source file: {path}")
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        objects = list(pool.map(compile_one, enumerate(paths)))

    script = out / f"{name}.ld"
    script.write_text(write_linker_script(memory, keep), encoding="utf-8")
    elf = out / f"{name}.elf"
    link = [*_driver(compiler, False), *flags, *(str(path) for path in objects)]
    # Small pages: with large ones the linker puts its file header below the board's flash.
    link += ["-o", str(elf), f"-Wl,-T,{script}", "-Wl,--gc-sections"]
    link += ["-Wl,-z,max-page-size=4096"]
    if compiler == "gcc":
        link += ["-nostartfiles", "-Wl,--no-warn-rwx-segments", "-lc", "-lm", "-lgcc"]
    run_compiler(link, object_cache)
    return Program(elf, chosen, memory)


def run_compiler(command: Sequence[str], object_cache: Path | None = None) -> None:
    """Start a compiler or linker; its errors become ours, with file and line."""
    environment = dict(os.environ)
    environment.setdefault("ZIG_GLOBAL_CACHE_DIR", str(cache_dir() / "zig"))
    environment["ZIG_LOCAL_CACHE_DIR"] = str(object_cache or cache_dir() / "zig")
    environment["LC_ALL"] = "C"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", env=environment, check=False
        )
    except OSError as error:
        raise BoardError(f"the compiler {command[0]} does not start: {error}") from error
    if done.returncode:
        _raise_compiler_error(done.stderr + done.stdout)


def _driver(compiler: str, is_cpp: bool) -> list[str]:
    if compiler == "clang":
        return [*zig_command(), "c++" if is_cpp else "cc"]
    gcc = find_gcc()
    if gcc is None:
        raise BoardError(
            "arm-none-eabi-gcc is not installed (Debian: gcc-arm-none-eabi "
            "libnewlib-arm-none-eabi); or use the compiler from the wheel, 'clang'"
        )
    return [gcc.replace("gcc", "g++") if is_cpp else gcc]


def _target(target: str | Target) -> Target:
    return target if isinstance(target, Target) else get_target(target)


# lld: "section '.bss' will not fit in region 'RAM': overflowed by 12 bytes"
# ld:  "region `RAM' overflowed by 12 bytes"
_OVERFLOW = re.compile(r"region [`'](\w+)'.{0,3} overflowed by (\d+) bytes")
_DIAGNOSTIC = re.compile(r"^(.+?:\d+:(?:\d+:)? (?:fatal )?error: .+)$", re.MULTILINE)
_UNDEFINED = re.compile(r"undefined (?:symbol: |reference to [`'])([^'\n]+)")
_REFERENCE = re.compile(r">>> referenced by ([^\n]+)|^([^\s:]+:\d+): undefined", re.MULTILINE)


def _raise_compiler_error(text: str) -> None:
    if overflows := _OVERFLOW.findall(text):
        too_many: dict[str, int] = {}
        for region, count in overflows:
            too_many[region] = max(int(count), too_many.get(region, 0))
        words = " and ".join(f"{count} bytes too many for {key}" for key, count in too_many.items())
        raise DoesNotFitError(
            f"the program does not fit: {words}; use a smaller model or a larger board"
        )
    if errors := _DIAGNOSTIC.findall(text):
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise BoardError(f"the program does not compile: {errors[0]}{more}")
    if undefined := _UNDEFINED.findall(text):
        names = ", ".join(dict.fromkeys(undefined))
        where = next(("".join(found) for found in _REFERENCE.findall(text)), "")
        at = f", used by {where.strip()}" if where else ""
        raise BoardError(f"the program does not link: no definition of {names}{at}")
    raise BoardError(f"the compiler failed: {text.strip()[:2000] or 'it said nothing'}")
