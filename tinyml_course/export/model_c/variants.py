"""C that differs between core families: all of it, behind one macro.

`NAME_FAST_KERNELS` is 0 for the readable kernels and a family's number for its fast ones
(`layers.fast.FAMILIES`). A piece of text stands for a set of variants; what all of them share is
written once, outside of any `#if`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Sequence

from tinyml_course.export.layers.fast import FAMILIES, READABLE

NUMBERS = {READABLE: 0, **{family.name: family.number for family in FAMILIES.values()}}

Piece = tuple[str, frozenset[str]]  # a text, and the variants that need it


def macro_name(name: str) -> str:
    """The macro that chooses a variant."""
    return f"{name.upper()}_FAST_KERNELS"


def variants_text(name: str, pieces: Iterable[Piece], variants: Sequence[str]) -> str:
    """The pieces in an order in which a piece stands before those that fewer variants need.

    variants: all that the program has.
    """
    by_set: dict[frozenset[str], list[str]] = {}
    for text, needed_by in _merged(pieces):
        by_set.setdefault(needed_by, []).append(text)
    chain: list[frozenset[str]] = []  # sets without a common member, from the smallest
    for each in sorted(by_set, key=len):
        if not any(each & other for other in chain):
            chain.append(each)
    parts = [
        _conditional(name, [(each, by_set[each])], variants)
        for each in sorted(by_set, key=len, reverse=True)
        if each not in chain
    ]
    chain.sort(key=lambda each: min(NUMBERS[variant] for variant in each))
    parts.append(_conditional(name, [(each, by_set[each]) for each in chain], variants))
    return "\n\n".join(part for part in parts if part)


def chosen_text(text: str, name: str, variant: str) -> str:
    """What the preprocessor leaves of `variants_text` for one variant; other directives stay.

    >>> text = variants_text("net", [("a", frozenset(["dsp"]))], ["readable", "dsp"])
    >>> chosen_text(text, "net", "dsp"), chosen_text(text, "net", "readable")
    ('a', '')
    """
    number, macro = NUMBERS[variant], macro_name(name)
    ours = re.compile(rf"#(if|elif) ((?:{macro} (?:==|!=|>=) \d+(?: \|\| )?)+) /\*")
    kept: list[str] = []
    stack: list[tuple[bool, bool, bool]] = []  # of each #if: is ours, is taken, one was taken
    for line in text.split("\n"):
        word = line.split(" ", 1)[0]
        if match := ours.match(line):
            holds = any(_holds(part, number) for part in match[2].split(" || "))
            earlier = match[1] == "elif" and stack.pop()[2]
            stack.append((True, holds and not earlier, holds or earlier))
        elif word in ("#if", "#ifdef", "#ifndef"):
            stack.append((False, True, True))
            kept.append(line)
        elif word == "#else" and stack and stack[-1][0]:
            stack.append((True, not stack.pop()[2], True))
        elif word == "#endif" and stack and stack.pop()[0]:
            continue
        elif all(taken for _, taken, _ in stack):
            kept.append(line)
    return "\n".join(kept)


def _holds(condition: str, number: int) -> bool:
    _, sign, value = condition.split()
    compare = {"==": operator.eq, "!=": operator.ne, ">=": operator.ge}[sign]
    return bool(compare(number, int(value)))


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """The same text of several variants becomes one piece."""
    found: dict[str, frozenset[str]] = {}
    for text, needed_by in pieces:
        if text:
            found[text] = found.get(text, frozenset()) | needed_by
    return list(found.items())


def _conditional(
    name: str, branches: Sequence[tuple[frozenset[str], list[str]]], variants: Sequence[str]
) -> str:
    everything = frozenset(variants)
    if not branches:
        return ""
    if branches[0][0] == everything:
        return "\n\n".join(branches[0][1])
    covered = frozenset[str]().union(*(needed_by for needed_by, _ in branches))
    lines = []
    for number, (needed_by, texts) in enumerate(branches):
        names = ", ".join(variant for variant in variants if variant in needed_by)
        if number == len(branches) - 1 > 0 and covered == everything:
            head = f"#else /* {names} */"
        else:
            word = "#elif" if number else "#if"
            head = f"{word} {_condition(name, needed_by, everything)} /* {names} */"
        lines += [head, "\n\n".join(texts)]
    return "\n".join([*lines, "#endif"])


def _condition(name: str, needed_by: frozenset[str], everything: frozenset[str]) -> str:
    numbers = sorted(NUMBERS[variant] for variant in needed_by)
    others = [NUMBERS[variant] for variant in everything - needed_by]
    macro = macro_name(name)
    if len(numbers) > 1 and all(other < numbers[0] for other in others):
        return f"{macro} >= {numbers[0]}"
    if len(others) == 1:
        return f"{macro} != {others[0]}"
    return " || ".join(f"{macro} == {number}" for number in numbers)
