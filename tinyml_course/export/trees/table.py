"""Trees as one table and a loop: every node takes the same few bytes."""

from __future__ import annotations

import numpy as np

from tinyml_course.export.text import values_text
from tinyml_course.trees.forest import LEAF, Forest, Tree

LEAF_MARK = 255  # in a byte, where a feature's number stands


def table_bytes(forest: Forest) -> int:
    """Flash of the nodes: feature, threshold, and the right child; and where each tree begins."""
    node = 1 + np.dtype(forest.dtype).itemsize + 2
    return forest.nodes * node + 2 * len(forest.trees)


def table_text(forest: Forest, name: str, c_type: str) -> str:
    """The tables of all trees, and the loop that walks one."""
    starts = np.cumsum([0, *(len(tree.feature) for tree in forest.trees[:-1])])
    columns = {
        "uint8_t feature": [_marked(tree) for tree in forest.trees],
        f"{c_type} threshold": [list(tree.threshold) for tree in forest.trees],
        "uint16_t right": [
            [r if f == LEAF else r + int(start) for f, r in zip(t.feature, t.right, strict=True)]
            for t, start in zip(forest.trees, starts, strict=True)
        ],
    }
    comments = [
        f"    /* tree {number}: nodes {start} to {start + len(tree.feature) - 1}, "
        f"{len(tree.votes)} leaves, depth {tree.depth} */"
        for number, (tree, start) in enumerate(zip(forest.trees, starts, strict=True))
    ]
    parts = [
        "/* A node's feature, 255 for a leaf; its threshold; and where it leads: x <= threshold"
        "\n * to the next node, no to `right`. A leaf keeps its number there. */"
    ]
    for column, rows in columns.items():
        kind, what = column.split()
        body = ",\n".join(
            f"{comment}\n{values_text(np.array(row))}"
            for comment, row in zip(comments, rows, strict=True)
        )
        parts.append(f"static const {kind} {name}_{what}[{forest.nodes}] = {{\n{body}\n}};")
    parts.append(
        f"static const uint16_t {name}_start[{len(forest.trees)}] = {{\n{values_text(starts)}\n}};"
    )
    parts.append(
        f"""static uint16_t {name}_walk(uint16_t node, const {c_type} *x)
{{
    while ({name}_feature[node] != {LEAF_MARK}) {{
        if (x[{name}_feature[node]] <= {name}_threshold[node]) {{
            node = (uint16_t)(node + 1);
        }} else {{
            node = {name}_right[node];
        }}
    }}
    return {name}_right[node];
}}"""
    )
    return "\n\n".join(parts)


def _marked(tree: Tree) -> list[int]:
    return [LEAF_MARK if feature == LEAF else feature for feature in tree.feature]
