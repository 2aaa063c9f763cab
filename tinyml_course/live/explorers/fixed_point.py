"""An explorer of a real factor without real numbers: multiplier and shift. Lesson 08."""

from __future__ import annotations

import math

import numpy as np

from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier, quantize_multiplier
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

MOST_BITS = 31  # of TFLM's multiplier
DRAWN = 401  # accumulators


def explore_multiplier(factor: float = 0.00379, largest: int = 2_000) -> Explorer:
    """A factor as an integer and a shift, with all its bits or with fewer. Lesson 08.

    Args:
        factor: the real number that the accumulators are multiplied by, above 0 and below 1.
        largest: accumulators from minus this to this are drawn.
    """

    def show(exponent: float, bits: int) -> Shown:
        real = 10.0**exponent
        multiplier, shift = _keep_bits(real, bits)
        sums = np.linspace(-largest, largest, DRAWN).astype(np.int64)
        steps = multiply_by_quantized_multiplier(sums, multiplier, shift)
        nearest = np.floor(sums * real + 0.5).astype(np.int64)
        off = int((steps != nearest).sum())
        wrong = multiplier * 2.0 ** (shift - 31) / real - 1
        words = (
            f"M = {real:.6g} is about {multiplier:,} * 2^({shift} - 31): "
            f"M0 = {multiplier / 2**31:.9f}, and the product is shifted right by {31 - shift} in "
            "all.\n"
            f"With {bits} of {MOST_BITS} bits the factor is off by {100 * wrong:+.1e} %. Of "
            f"{len(sums)} accumulators up to {largest:,}, {off} come to another integer than the "
            f"real product rounded, by {np.abs(steps - nearest).max()} at most."
        )
        return Shown(_draw_products(sums, sums * real, steps), words)

    return Explorer(
        "A real factor as a multiplier and a shift",
        {
            "exponent": float_slider("log10 of M", math.log10(factor), -4.0, -0.5, 0.05),
            "bits": int_slider("bits of the multiplier", MOST_BITS, 1, MOST_BITS),
        },
        show,
    )


def _keep_bits(factor: float, bits: int) -> tuple[int, int]:
    """The multiplier of a factor with only so many of its leading bits, rounded, and its shift."""
    value, shift = quantize_multiplier(factor)
    unit = 1 << (MOST_BITS - bits)
    value = (value + unit // 2) // unit * unit
    return (value, shift) if value < 1 << MOST_BITS else (value // 2, shift + 1)


@in_course_style
def _draw_products(sums: np.ndarray, real: np.ndarray, steps: np.ndarray) -> LessonFigure:
    figure = new_figure(9, 3.2)
    left, right = figure.subplots(1, 2)
    left.plot(sums, real, "--", color=colour_of(1), label="real product")
    left.step(sums, steps, where="mid", color=colour_of(0), label="multiplier and shift")
    left.set(xlabel="accumulator", ylabel="steps of the output", title="What comes out")
    left.legend()
    right.plot(sums, steps - real, color=colour_of(0))
    right.axhspan(-0.5, 0.5, color=colour_of(2), alpha=0.15, label="half a step: rounding alone")
    right.set(xlabel="accumulator", ylabel="steps", title="Distance from the real product",
              ylim=(min(-1.0, *(steps - real)), max(1.0, *(steps - real))))  # fmt: skip
    right.legend(loc="upper left")
    return figure
