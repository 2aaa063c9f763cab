"""C that differs between the fast and the readable variant of a network: both, behind one macro."""

from __future__ import annotations


def either_variant(name: str, fast: str, readable: str) -> str:
    """Text for the fast variant and text for the readable one, where they differ."""
    if fast == readable:
        return fast
    macro = f"{name.upper()}_FAST_KERNELS"
    if not fast:
        return f"#if !{macro}\n{readable}\n#endif"
    if not readable:
        return f"#if {macro}\n{fast}\n#endif"
    return f"#if !{macro} /* readable */\n{readable}\n#else /* fast */\n{fast}\n#endif"
