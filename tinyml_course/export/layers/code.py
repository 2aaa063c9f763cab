"""What one layer adds to the generated C: the interface between kernels and the writer.

A layer comes in variants of the same bytes: the readable one, which every layer has and a lesson
shows, and a fast one for each family of cores that has a kernel for it. Each is a `LayerCode`.
How to add a fast kernel is written in `kernels/README.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.network.parameters import Window


@dataclass(frozen=True)
class Table:
    """Constants that go to flash as `static const c_type NAME_LAYER_name[]`.

    Attributes:
        name: for instance "filter"; the layer's code calls it `layer_filter`.
        c_type: the C type of an element, for instance "int8_t".
        values: any shape; written in C order.
    """

    name: str
    c_type: str
    values: np.ndarray

    @property
    def size_bytes(self) -> int:
        """Bytes of flash that the table takes."""
        widths = {"int8_t": 1, "uint8_t": 1, "int16_t": 2, "uint16_t": 2, "int64_t": 8}
        return int(np.size(self.values)) * widths.get(self.c_type, 4)


@dataclass(frozen=True)
class LayerCode:
    """One variant of one layer.

    Attributes:
        body: C statements of the layer's function. They see `input` (or `input_0`, `input_1` ...),
            `state` (or `state_0`, `state_1`) if the operator has variables, which it may change,
            `output`, and `scratch` if there is any. The prefix `layer_` names the layer's own
            tables, the prefix `model_` what stands in `kernels/`; the writer replaces both.
        kernels: file stems in `kernels/` that the body calls; what these need comes by itself.
        tables: the layer's constants.
        scratch_bytes: memory for the time of the layer; `scratch` is an aligned `int16_t *`.
        overlap: for each run-time input, how the output may share memory with it (below).
        exact: the output may also lie at exactly the input's address, and nowhere else upon it.

    Overlap. A kernel that reads its input from front to back may write its output into the same
    memory, if the output starts at least `overlap` bytes before the input: then no value is
    overwritten while it is still needed. 0 means in place or anywhere before; None means that the
    two must not touch.
    """

    body: str
    kernels: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    scratch_bytes: int = 0
    overlap: tuple[int | None, ...] = (None,)
    exact: bool = False

    @property
    def flash_bytes(self) -> int:
        """Of the tables alone."""
        return sum(table.size_bytes for table in self.tables)


@dataclass(frozen=True)
class OnlyReadable:
    """A layer that a core family has no kernel for. why: a few words for the generated comment."""

    why: str


def raster_overlap(
    window: Window,
    in_channels: int,
    out_channels: int,
    item_bytes: int = 1,
    pixels_per_step: int = 1,
) -> int:
    """The overlap of a kernel that makes output pixels row by row, from left to right.

    Args:
        pixels_per_step: how many neighbours in a row the kernel reads before it writes the last
            of them.

    Returns:
        Bytes by which the output must start before the input; 0 allows in place.
    """
    (in_h, in_w), (out_h, out_w) = window.input, window.output
    y = np.arange(out_h) * window.stride[0] - window.padding[0]
    x = np.arange(0, out_w, pixels_per_step) * window.stride[1] - window.padding[1]
    y, x = np.clip(y, 0, in_h - 1), np.clip(x, 0, in_w - 1)
    needed = (y[:, None] * in_w + x[None, :]).reshape(-1) * in_channels
    # the lowest address that this step or any later one still reads
    needed = np.minimum.accumulate(needed[::-1])[::-1]
    ends = np.minimum(np.arange(0, out_w, pixels_per_step) + pixels_per_step, out_w)
    written = (np.arange(out_h)[:, None] * out_w + ends[None, :]).reshape(-1) * out_channels
    return max(0, int((written - needed).max())) * item_bytes


def group_overlap(window: Window, in_channels: int, out_channels: int, group: int) -> int:
    """The overlap of a kernel that reads all of `group` pixels before it writes them.

    Groups go over the ends of rows. Returns bytes by which the output must start before the input.
    """
    (in_h, in_w), (out_h, out_w) = window.input, window.output
    pixel = np.arange(out_h * out_w)
    y = np.clip(pixel // out_w * window.stride[0] - window.padding[0], 0, in_h - 1)
    x = np.clip(pixel % out_w * window.stride[1] - window.padding[1], 0, in_w - 1)
    first_read = (y * in_w + x) * in_channels
    still_read = np.minimum.accumulate(first_read[::-1])[::-1]  # by this pixel or a later one
    later = np.arange(group, out_h * out_w, group)  # the groups behind each group
    return max(0, int((later * out_channels - still_read[later]).max(initial=0)))


def rows_overlap(rows: int, in_bytes: int, out_bytes: int) -> int:
    """The overlap of a kernel that turns whole rows of input into rows of output, one by one."""
    return max(0, *((row + 1) * out_bytes - row * in_bytes for row in (0, rows - 1)))
