"""The house's docstrings as reStructuredText: Google's sections, code in single backticks.

`conf.py` names this module; autodoc2 takes `Parser` from it.
"""

from __future__ import annotations

import re

from docutils.nodes import document
from docutils.parsers.rst import Parser as RSTParser
from sphinx.ext.napoleon import Config, GoogleDocstring

SECTIONS = r"(Args|Attributes|Raises|Returns|Yields|Source|Example|Examples|Note):"

# Attributes as a plain list: as fields their names would be looked up in the whole package.
CONFIG = Config(napoleon_custom_sections=[("Attributes", "params_style")])


def mark_code(text: str) -> str:
    r"""Backticks doubled, and what else reStructuredText would take for markup escaped.

    >>> mark_code("`a*b` times *x")
    '``a*b`` times \\*x'
    """
    parts = re.split(r"(`+[^`]+`+)", text)
    for place, part in enumerate(parts):
        if part.startswith("`"):
            # A letter that touches the code would keep it from ending there.
            before = "\\ " if re.search(r"\w$", "".join(parts[:place])) else ""
            after = "\\ " if re.match(r"\w", "".join(parts[place + 1 :])) else ""
            parts[place] = f"{before}``{part.strip('`')}``{after}"
        else:
            parts[place] = re.sub(r"([*|`]|(?<=\w)_(?!\w))", r"\\\1", part)
    return "".join(parts)


def to_restructured_text(doc: str) -> str:
    """A docstring's text, with its tables of words set as they stand in the source."""
    blocks = re.split(r"\n\s*\n", doc.strip("\n"))
    in_section, texts = False, []
    for block in blocks:
        if not block.startswith(" "):
            in_section = bool(re.match(SECTIONS, block))
        if ">>>" in block:
            texts.append(block)
        elif block.startswith(" ") and not in_section:
            texts.append("::\n\n" + "\n".join("    " + line for line in block.splitlines()))
        else:
            # Markdown begins a list without an empty line before it.
            texts.append(mark_code(re.sub(r"(?m)^([^\s-].*)\n(?=- )", r"\1\n\n", block)))
    return str(GoogleDocstring("\n\n".join(texts), CONFIG))


class Parser(RSTParser):
    """Reads a docstring of this house."""

    def parse(self, inputstring: str, document: document) -> None:
        """Turn `inputstring` into nodes of `document`."""
        super().parse(to_restructured_text(inputstring), document)
