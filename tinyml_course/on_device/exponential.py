"""`exp(-d)` from a table of 65 numbers: the same in Python and in C, on every processor.

The last bit of a library's `exp` differs from one library to the next. Here is none: the power of
two is cut into its whole part, which is a shift, and its fraction, which is looked up and
interpolated. The error is below 4e-5. Lesson 18 teaches it.
"""

from __future__ import annotations

import numpy as np

PROBABILITY_BITS = 15  # a probability of 1 is 32768
FRACTION_BITS = 16  # of the table's values and of the exponent
STEPS = 64  # of the table between 2**0 and 2**-1
LOG2_E = 94_548  # log2(e) with 16 fraction bits
TABLE = np.round(2.0 ** (FRACTION_BITS - np.arange(STEPS + 1) / STEPS)).astype(np.int64)
_INDEX_BITS = FRACTION_BITS - 6  # a fraction's lower bits, between two entries


def exp_negative(d: np.ndarray, fraction_bits: int) -> np.ndarray:
    """`exp(-d)` with 16 fraction bits, for `d >= 0` with `fraction_bits` of them; int64 both.

    >>> exp_negative(np.array([0, 1 << 20, 40 << 20]), 20).tolist()
    [65536, 24110, 0]
    """
    power = (np.asarray(d, np.int64) * LOG2_E) >> fraction_bits  # of two, with 16 fraction bits
    whole, fraction = power >> FRACTION_BITS, power & ((1 << FRACTION_BITS) - 1)
    index, between = fraction >> _INDEX_BITS, fraction & ((1 << _INDEX_BITS) - 1)
    fall = TABLE[index] - TABLE[index + 1]
    value = TABLE[index] - ((fall * between) >> _INDEX_BITS)
    result: np.ndarray = value >> np.minimum(whole, 31)
    return result


def softmax(logits: np.ndarray, fraction_bits: int) -> np.ndarray:
    """Probabilities with 15 fraction bits, `(classes,)` int64, of logits with `fraction_bits`.

    Each is rounded down, so their sum is 32768 or a little less.

    >>> softmax(np.array([1 << 20, 0, 0]), 20).tolist()
    [18877, 6945, 6945]
    """
    powers = exp_negative(np.max(logits) - logits, fraction_bits)
    result: np.ndarray = (powers << PROBABILITY_BITS) // powers.sum()
    return result
