"""How far the estimated cycles are from silicon: published figures, and the check against them.

MLPerf Tiny publishes the latency of four networks on an STM32L4R5 (NUCLEO-L4R5ZI), a Cortex-M4 at
120 MHz. TFLM with CMSIS-NN, counted and estimated as everything here is (`thumb_timing.py`), can be
set beside them: same networks, same kernels, same processor. What the estimate lacks is what the
tables leave out, above all the wait states of the flash. Lesson 10_fit_power_and_choice shows it.

Sources: MLPerf Tiny results (closed division, NUCLEO-L4R5ZI), as cycles a MAC; the estimates for
TFLM with CMSIS-NN of August 2026, arm-none-eabi-gcc 12.2 -O2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedLatency:
    """One network: cycles a MAC on the STM32L4R5, by who ran it, and the estimate for CMSIS-NN.

    best_closed: the best closed-source engine. cube_ai: ST X-CUBE-AI. microtvm: microTVM with
    CMSIS-NN. tflm_2021: TFLM of 2021. estimate: our cycle model on TFLM with CMSIS-NN.
    """

    network: str
    macs: int
    best_closed: float
    cube_ai: float
    microtvm: float
    tflm_2021: float
    estimate: float

    @property
    def silicon_to_estimate(self) -> float:
        """How many times longer the silicon took (microTVM with CMSIS-NN) than we estimate."""
        return self.microtvm / self.estimate


PUBLISHED = (
    PublishedLatency("DS-CNN", 2_656_768, 3.24, 3.39, 4.51, 8.22, 9_170_000 / 2_656_768),
    PublishedLatency("MobileNetV1 0.25", 7_489_664, 3.34, 3.69, 4.83, 9.62, 29_000_000 / 7_489_664),
    PublishedLatency("ResNet-8", 12_501_632, 1.66, 2.18, 3.74, 6.76, 36_500_000 / 12_501_632),
    PublishedLatency("autoencoder", 264_192, 2.53, 3.44, 3.91, 4.57, 725_000 / 264_192),
)


def silicon_range() -> tuple[float, float]:
    """The least and the greatest factor from our estimate to silicon, over the four networks.

    >>> low, high = silicon_range()
    >>> round(low, 2), round(high, 2)
    (1.25, 1.42)
    """
    factors = [row.silicon_to_estimate for row in PUBLISHED]
    return min(factors), max(factors)
