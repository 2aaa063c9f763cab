"""What a C++ function is called in its source: the linker knows it as `_ZN6Button7pressedEv`.

The "Itanium C++ ABI", section 5.1, as far as functions of sketches need it: names, classes and
namespaces, without the types of arguments.
"""

from __future__ import annotations

import re

_BEGIN = re.compile(r"_Z(N[rVKRO]*)?")
_NAME = re.compile(r"L?(\d+)")
_MAKER = re.compile(r"([CD])[1-4]")  # a constructor or destructor
_LAMBDA = re.compile(r"\$_\d+")


def plain_name(symbol: str) -> str:
    """The name; the symbol itself if it is none of C++, or beyond what is read here.

    >>> plain_name("_Z5blinki"), plain_name("_ZN6Button7pressedEv"), plain_name("loop")
    ('blink', 'Button::pressed', 'loop')
    >>> plain_name("_ZN6ButtonC2Ei"), plain_name("_ZN3$_08__invokeEv"), plain_name("_ZdlPv")
    ('Button::Button', 'a lambda', '_ZdlPv')
    """
    begin = _BEGIN.match(symbol)
    if begin is None:
        return symbol
    parts: list[str] = []
    at = begin.end()
    while (length := _NAME.match(symbol, at)) and (begin[1] or not parts):
        at = length.end() + int(length[1])
        parts.append(symbol[length.end() : at])
    if parts and begin[1] and (maker := _MAKER.match(symbol, at)):
        parts.append(("~" if maker[1] == "D" else "") + parts[-1])
    if any(_LAMBDA.fullmatch(part) for part in parts):
        return "a lambda"
    return "::".join(parts) or symbol
