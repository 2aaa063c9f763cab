"""The files that the preprocessor sees: a view that holds four folders and nothing else.

`#include`, `#embed`, `__has_include` and their kin ask clang's virtual file system. Given such a
view it answers from these folders alone, on every system and whatever macro made the name. The
assembler asks the real one: see `assembly.py`.
Source: clang's `-ivfsoverlay`, `llvm/include/llvm/Support/VirtualFileSystem.h`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def has_file_views() -> bool:
    """Not on Windows, where paths have two spellings and this was not tried."""
    return os.name == "posix"


def write_file_view(view: Path, folders: Iterable[Path]) -> list[str]:
    """Write the view, and return the compiler's flags for it. Folders are absolute."""
    roots = [
        {"type": "directory-remap", "name": str(folder), "external-contents": str(folder)}
        for folder in folders
    ]
    value = {
        "version": 0,
        "case-sensitive": str(sys.platform == "linux").lower(),
        "redirecting-with": "redirect-only",
        "roots": roots,
    }
    text = json.dumps(value, ensure_ascii=False)
    fresh = view.with_suffix(f".{os.getpid()}")
    fresh.write_text(text, encoding="utf-8", errors="surrogateescape")
    os.replace(fresh, view)
    return ["-ivfsoverlay", str(view)]
