"""A tree as nested ifs: the code is the tree, and reads like one."""

from __future__ import annotations

from tinyml_course.errors import ExportError
from tinyml_course.trees.forest import LEAF, Tree

# C99 promises 127 nested blocks (5.2.4.1); only a way to the left nests, see below.
MOST_NESTED = 100


def nested_tree(tree: Tree, name: str, number: int, c_type: str) -> str:
    """The function of one tree. A yes opens a block; a no goes on behind it, one level less deep.

    Raises:
        ExportError: a compiler need not take so many blocks in each other.
    """
    lines = [f"static uint16_t {name}_tree_{number}(const {c_type} *x)", "{"]
    if len(tree.feature) == 1:
        lines.append("    (void)x;")
    # where the blocks that are open end: the node that stands behind each
    ends: list[int] = []
    for node, feature in enumerate(tree.feature):
        while ends and ends[-1] == node:
            ends.pop()
            lines.append("    " * (len(ends) + 1) + "}")
        indent = "    " * (len(ends) + 1)
        if feature == LEAF:
            lines.append(f"{indent}return {tree.right[node]};")
            continue
        lines.append(f"{indent}if (x[{feature}] <= {tree.threshold[node]}) {{")
        ends.append(tree.right[node])
        if len(ends) > MOST_NESTED:
            raise ExportError(
                f"tree {number} nests more than {MOST_NESTED} blocks, which a C compiler need not "
                "take: export it as a table (form='table'), or train with max_depth"
            )
    return "\n".join([*lines, "}"])
