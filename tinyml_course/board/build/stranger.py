"""Sources that somebody else wrote, and the fences between them and this computer.

What a virtual board keeps in, and what it cannot, is written down in docs/virtual_boards.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.board.build.assembly import refuse_hidden_reads, refuse_library_requests
from tinyml_course.board.build.file_view import has_file_views, write_file_view
from tinyml_course.board.compiler import (
    compiler_walls,
    run_compiler,
    shared_object_cache,
    zig_command,
    zig_library_folder,
)
from tinyml_course.confine.guard import Guard
from tinyml_course.confine.limits import LIMITS
from tinyml_course.confine.sandbox import Sandbox


@dataclass(frozen=True)
class Stranger:
    """How a stranger's sources are compiled and linked.

    Attributes:
        folders: theirs, absolute: the sketch's, and the sources of its libraries.
        kept: this sketch's own folder in the cache, absolute: its compiled objects too, so that no
            sketch finds another's.
        core: folders of the core and its libraries.
        flags: for each of its files: the view of files, and names instead of this computer's paths.
    """

    folders: tuple[Path, ...]
    kept: Path
    core: Path
    flags: tuple[str, ...]

    @property
    def object_cache(self) -> Path:
        """The compiler's own cache, beside what is kept of this sketch."""
        return self.kept / "zig"

    def compile(self, command: Sequence[str], source: Path, built: Path, guard: Guard) -> None:
        """Compile one file: command is the compiler and its flags.

        Raises:
            BoardError: the compiler's error, or a fence's.
        """
        scratch = built.parent
        command = [*command, *self.flags]

        def run(words: Sequence[str]) -> str:
            sandbox = self._sandbox(scratch, (*self.folders, self.core), (self.kept,))
            return run_compiler(words, self.object_cache, guard=guard, sandbox=sandbox)

        if compiler_walls() == "none":
            places = (*self.folders, self.kept, self.core, zig_library_folder())
            seen = () if has_file_views() else places
            refuse_hidden_reads(command, source, built.with_suffix(".txt"), run, seen)
        run([*command, "-c", str(source), "-o", str(built)])
        refuse_library_requests([built])

    def list_headers(self, command: Sequence[str], source: Path, out: Path, guard: Guard) -> str:
        """The paths of the headers that a source includes, as a make rule; missing ones too."""
        words = [*command, *self.flags, "-M", "-MG", "-MF", str(out), str(source)]
        sandbox = self._sandbox(out.parent, (*self.folders, self.core), (self.kept,))
        run_compiler(words, self.object_cache, guard=guard, sandbox=sandbox)
        return out.read_text(encoding="utf-8", errors="replace")

    def link(self, command: Sequence[str], out: Path, guard: Guard) -> None:
        """Link objects that lie in `out`; the run-time library lies in the shared cache."""
        shared = shared_object_cache()
        shared.mkdir(parents=True, exist_ok=True)
        sandbox = self._sandbox(out, (), (self.kept, shared))
        run_compiler(command, shared, guard=guard, sandbox=sandbox, seconds=LIMITS.link_seconds)

    def _sandbox(
        self, scratch: Path, readable: tuple[Path, ...], writable: tuple[Path, ...]
    ) -> Sandbox:
        return Sandbox(Path(zig_command()[0]).parent, readable, writable, scratch)


def make_stranger(shown: Sequence[Path], kept: Path, core: Path, name: str) -> Stranger:
    """The fences for one sketch.

    shown: its folders as the user wrote them, and as messages show them. name: stands in the
    program where a path would stand (`__FILE__`).
    """
    library = zig_library_folder()
    folders = tuple(path.absolute() for path in shown)
    flags = [f"-fmacro-prefix-map={core}=arduino", f"-fmacro-prefix-map={library}=compiler"]
    written = [str(kept)]
    for path in shown:
        written += [str(path.absolute()), str(path.resolve()), str(path)]
    flags += [f"-fmacro-prefix-map={p}={name}" for p in dict.fromkeys(written) if p != "."]
    if has_file_views():
        flags += write_file_view(kept / "files.json", (library, core, kept, *folders))
    return Stranger(folders, kept, core, tuple(flags))
