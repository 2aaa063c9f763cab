"""What a piece of code does, whatever its values are called: for finding an answer in a later cell.

`np.mean(a)` and `b.mean()` are one operation, `right[groups == name]` and `hits[split.groups == k]`
are one expression. A value is a name, what hangs on a name by dots, a number, or a length. Where a
product or a quotient has a power of ten, it stays what it is, for it changes a unit.
"""

import ast
import math
from collections.abc import Iterator

EITHER_WAY = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr)


def shape_of(node: ast.expr) -> str:
    """The expression as text without the names of its values."""
    if _is_value(node):
        return "_"
    match node:
        case ast.BinOp():
            sides = [_unit_of(node, side) or shape_of(side) for side in (node.left, node.right)]
            if isinstance(node.op, EITHER_WAY):
                sides.sort()
            return f"({sides[0]} {type(node.op).__name__} {sides[1]})"
        case ast.Call():
            keywords = sorted(f"{k.arg}={shape_of(k.value)}" for k in node.keywords)
            return f"{_function(node)}({', '.join([*map(shape_of, _arguments(node)), *keywords])})"
        case ast.GeneratorExp():
            return shape_of(ast.ListComp(node.elt, node.generators))
        case _:
            parts = [shape_of(part) for part in _expressions_in(node)]
            details = [type(op).__name__ for op in getattr(node, "ops", [])]
            return f"{type(node).__name__}{details}({', '.join(parts)})"


def count_operations(node: ast.AST) -> int:
    """How much there is to find in an expression: operators, calls, keywords, places, loops."""
    match node:
        case ast.Call():
            done = 1 + len(node.keywords)
        case ast.comprehension():
            done = 1 + len(node.ifs)
        case ast.Subscript():
            done = int(not _is_value(node))
        case ast.BinOp() | ast.Compare() | ast.BoolOp() | ast.IfExp():
            done = 1
        case _:
            done = 0
    return done + sum(map(count_operations, ast.iter_child_nodes(node)))


def find_expressions(text: str) -> dict[str, int]:
    """The shape of each expression of a cell with its operations; what does nothing is left out."""
    return {
        shape_of(node): count_operations(node)
        for node in ast.walk(ast.parse(text))
        if _does_something(node)
    }


def find_shown(answer: str, begun: str, later: str) -> list[str]:
    """How a later cell writes what an exercise asks for; empty if it shows too little of it.

    An expression of three operations is much, and so are two thirds of a short answer. What the
    exercise hands out itself is no answer.
    """
    given = find_expressions(begun)
    asked = {s: done for s, done in find_expressions(answer).items() if s not in given}
    shown = dict(_largest_shared(ast.parse(later), set(asked)))
    counts = [asked[shape] for shape in shown]
    largest, together = max(counts, default=0), sum(counts)
    all_of_it = _all_operations(answer, given)
    much = largest >= 3 or 3 * largest >= 2 * all_of_it or 3 * together > 2 * all_of_it
    return [ast.unparse(node) for node in shown.values()] if much else []


def _all_operations(answer: str, given: dict[str, int]) -> int:
    """The operations of an answer, those of an expression inside another one once."""

    def below(node: ast.AST) -> int:
        if isinstance(node, ast.expr):
            return 0 if shape_of(node) in given else count_operations(node)
        return sum(map(below, ast.iter_child_nodes(node)))

    return below(ast.parse(answer))


def _largest_shared(node: ast.AST, sought: set[str]) -> Iterator[tuple[str, ast.expr]]:
    if _does_something(node) and shape_of(node) in sought:
        yield shape_of(node), node
        return
    for part in ast.iter_child_nodes(node):
        yield from _largest_shared(part, sought)


def _does_something(node: ast.AST) -> bool:
    """Whether it computes with a value that has a name."""
    return (
        isinstance(node, ast.expr)
        and not _is_value(node)
        and count_operations(node) > 0
        and any(isinstance(part, ast.Name) for part in ast.walk(node))
    )


def _is_value(node: ast.AST) -> bool:
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute() | ast.Subscript(slice=ast.Constant()):
            return _is_value(node.value)
        case ast.Call(func=ast.Name("len"), args=[argument]):
            return _is_value(argument)
        case _:
            return False


def _unit_of(node: ast.BinOp, side: ast.expr) -> str | None:
    """A power of ten in a product or a quotient."""
    number = getattr(side, "value", None) if isinstance(side, ast.Constant) else None
    if isinstance(node.op, ast.Mult | ast.Div) and isinstance(number, int | float) and number >= 10:
        return repr(float(number)) if math.log10(number).is_integer() else None
    return None


def _function(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "?")


def _arguments(call: ast.Call) -> list[ast.expr]:
    """With the array that a method belongs to as the first one."""
    owner = getattr(call.func, "value", None)
    is_module = isinstance(owner, ast.Name) and owner.id in ("np", "math")
    return call.args if owner is None or is_module else [owner, *call.args]


def _expressions_in(node: ast.AST) -> Iterator[ast.expr]:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            yield part
        else:
            yield from _expressions_in(part)
