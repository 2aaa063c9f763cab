"""The names in generated C: which prefix a model may have, and how the C is given it.

Every C file of the course is written for a model called `model`: its functions begin with `model_`,
its macros with `MODEL_`, what belongs to one layer with `layer_`. Lesson 07 exports under a name.
"""

from __future__ import annotations

import keyword
import re

from tinyml_course.errors import ExportError

LONGEST = 41
_RESERVED = (
    "auto break case char const continue default do double else enum extern float for goto if "
    "inline int long register restrict return short signed sizeof static struct switch typedef "
    "union unsigned void volatile while asm bool catch class delete explicit export false friend "
    "mutable namespace new operator private protected public template this throw true try typeid "
    "typename using virtual main model layer int8_t int16_t int32_t int64_t uint8_t"
)
C_KEYWORDS = frozenset(_RESERVED.split())
# NAME.h must not stand before a header that compilers, cores and libraries ask for, on a system
# that takes Wire.h and wire.h for one file either.
_HEADERS = (
    "assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal "
    "stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings "
    "tgmath threads time uchar unistd wchar wctype malloc memory new "
    "arduino mic pdm spi wire"
)
_MACROS = "eof linux null stderr stdin stdout unix"
_DEVICES = "aux con nul prn " + " ".join(f"{port}{n}" for port in ("com", "lpt") for n in range(10))
STANDARD_NAMES = frozenset(f"{_HEADERS} {_MACROS} {_DEVICES}".split())


def check_name(name: str) -> str:
    """A model's name, which becomes the prefix of every symbol and the name of files.

    Raises:
        ExportError: not a C identifier in lower case, a word that C or this course uses, or the
            name of a standard header, macro or device.
    """
    if name in STANDARD_NAMES:
        raise ExportError(
            f"{name!r} cannot be the name of a model: a standard header, macro or device is called "
            "so. Choose another with --name, for instance 'motion'"
        )
    if name in C_KEYWORDS or keyword.iskeyword(name):
        raise ExportError(
            f"{name!r} cannot be the name of a model: it is a word of C, C++ or Python, or one of "
            "this course's own. Choose another with --name, for instance 'motion'"
        )
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{LONGEST - 1}}}", name):
        raise ExportError(
            f"{name!r} cannot be the name of a model: it becomes the prefix of C functions. Use "
            f"at most {LONGEST} lower-case letters, digits and _, for instance --name motion"
        )
    return name


def name_from_file(stem: str) -> str:
    """A model's name from its file's, as near as C allows; `check_name` has the last word.

    >>> [name_from_file(stem) for stem in ("motion", "pretrainedResnet_quant", "3d", "a-b (1)")]
    ['motion', 'pretrainedresnet_quant', 'model_3d', 'a_b_1']
    """
    name = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    if not name or name[0].isdigit() or name in C_KEYWORDS | STANDARD_NAMES:
        name = f"model_{name}".rstrip("_")
    if name == "model" or keyword.iskeyword(name):
        name = f"{name}_1"
    return name[:LONGEST].rstrip("_")


def with_prefix(text: str, name: str, layer: int | None = None) -> str:
    """C with the model's name in the place of `model_` and `MODEL_`, continuation lines realigned.

    Args:
        text: C as it stands in `kernels/`, or as a layer's code is written.
        layer: the number that goes into the place of `layer_`; without it no text has one.

    >>> with_prefix("model_clamp(layer_bias, MODEL_SIZE);", "model_int8", layer=3)
    'model_int8_clamp(model_int8_3_bias, MODEL_INT8_SIZE);'
    """
    new = {"model_": f"{name}_", "MODEL_": f"{name.upper()}_"}
    if layer is not None:
        new["layer_"] = f"{name}_{layer}_"
    # One pass: a name that begins with one of the three must not be given a prefix again.
    prefix = re.compile(rf"\b({'|'.join(new)})")
    lines = []
    shift = depth = 0
    for line in text.split("\n"):
        if depth > 0 and line.strip():
            moved = len(line) - len(line.lstrip()) + shift
            renamed = " " * max(moved, 0) + line.lstrip()
        else:
            renamed = line
        if depth == 0 and line.count("(") > line.count(")") and not line.rstrip().endswith("("):
            before = line[: line.index("(")]
            shift = (len(name) - len("model")) * len(re.findall(r"\bmodel_", before))
        depth += line.count("(") - line.count(")")
        if depth <= 0:
            shift = depth = 0
        lines.append(prefix.sub(lambda match: new[match[1]], renamed))
    return "\n".join(lines)
