"""The log-mel front end as C: NAME.h and NAME.c from the same spec that NumPy computes with.

The tables are written from the `LogMelSpec`, the code from `kernels/log_mel.c`; a test compares the
two implementations in every integer. Lesson 12 shows one picture from both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import tinyml_course
from tinyml_course.errors import ExportError
from tinyml_course.export.kernels.files import kernel_text
from tinyml_course.export.names import check_name, with_prefix
from tinyml_course.export.text import comment_block, table_text
from tinyml_course.features.mel import COMPLEX_POINTS, FEATURE_SCALE, LogMelSpec
from tinyml_course.files import write_text

FUNCTIONS = ["row", "picture", "push", "reset"]


@dataclass(frozen=True)
class LogMelC:
    """A front end as C.

    Attributes:
        header, source: the text of NAME.h and NAME.c.
        table_bytes: flash that the constants take; code comes on top.
        ram_bytes: the static state of streaming: the frame in progress and the rows.
    """

    name: str
    header: str
    source: str
    table_bytes: int
    ram_bytes: int


def generate_log_mel_c(
    spec: LogMelSpec,
    name: str,
    clip_samples: int,
    input_scale: float = FEATURE_SCALE,
    input_zero_point: int = 0,
) -> LogMelC:
    """The C of a front end, as text.

    Args:
        spec: what `features.mel` computes with.
        name: prefix of all symbols; lower-case letters, digits, underscores.
        clip_samples: what the network looks at, for instance 16,000 for a second.
        input_scale, input_zero_point: the network's input quantization. With 1/32 and 0 the rows
            go in as they are; otherwise a table of 256 maps each feature to the network's int8.

    Raises:
        ExportError: a name that is no C identifier, or a clip shorter than one window.
    """
    check_name(name)
    frames = spec.frames(clip_samples)
    if not frames:
        raise ExportError(
            f"{clip_samples} samples are less than one log-mel window of {spec.window}"
        )
    remap = input_table(input_scale, input_zero_point)
    tables = {
        "hann": ("int16_t", spec.hann),
        "twiddles": ("int32_t", spec.twiddles),
        "digit_reversal": ("uint8_t", spec.digit_reversal),
        "band_starts": ("uint16_t", spec.band_starts),
        "mel_weights": ("uint8_t", spec.mel_weights),
        "log2_table": ("uint16_t", spec.log2_table),
    }
    if remap is not None:
        tables["input_table"] = ("int8_t", remap)
    head = _head(spec, frames)
    guard = f"{name.upper()}_H"
    header = f"""{head}

#ifndef {guard}
#define {guard}

#include <stdint.h>

#ifdef __cplusplus
extern "C" {{
#endif

#define {name.upper()}_SAMPLE_RATE_HZ {spec.sample_rate_hz}
#define {name.upper()}_WINDOW {spec.window} /* samples that make one row */
#define {name.upper()}_HOP {spec.hop} /* samples from one row to the next */
#define {name.upper()}_MELS {spec.n_mels} /* numbers in a row */
#define {name.upper()}_FRAMES {frames} /* rows that the network sees at once */

/* One frame of {spec.window} samples to one row of {spec.n_mels} features. */
void {name}_row(const int16_t *samples, int8_t *row);

/* A whole clip of {spec.window + (frames - 1) * spec.hop} samples to {frames} rows. */
void {name}_picture(const int16_t *samples, int8_t *rows);

/* Streaming: takes the next {spec.hop} samples and returns the last {frames} rows, the newest last.
 * The rows stay where they are until the next call; before the first second is over, the older ones
 * are silence. */
const int8_t *{name}_push(const int16_t *samples);

/* Forget what was heard. */
void {name}_reset(void);

#ifdef __cplusplus
}}
#endif

#endif
"""
    values = {
        "POINTS": COMPLEX_POINTS,
        "MEAN_FACTOR": spec.mean_factor,
        "LOG_OFFSET": spec.log_offset,
    }
    macros = "\n".join(f"#define {name.upper()}_{key} {value}" for key, value in values.items())
    plain, mapped = "((int8_t)((value)-128))", f"({name}_input_table[value])"
    macros += f"\n#define {name.upper()}_OUTPUT(value) {plain if remap is None else mapped}"
    kernel = kernel_text("log_mel")
    source = "\n\n".join(
        [
            head,
            f'#include "{name}.h"\n\n#include <string.h>',
            macros,
            *(table_text(c_type, f"{name}_{key}", v) for key, (c_type, v) in tables.items()),
            with_prefix(kernel.strip(), name),
        ]
    )
    return LogMelC(
        name,
        header,
        source + "\n",
        table_bytes=sum(int(v.nbytes) for _, v in tables.values()),
        ram_bytes=2 * spec.window + frames * spec.n_mels,
    )


def export_log_mel_c(
    spec: LogMelSpec,
    out_dir: Path | str,
    name: str,
    clip_samples: int,
    input_scale: float = FEATURE_SCALE,
    input_zero_point: int = 0,
) -> tuple[Path, Path]:
    """Write NAME.h and NAME.c; the paths of both. Arguments and errors: `generate_log_mel_c`."""
    code = generate_log_mel_c(spec, name, clip_samples, input_scale, input_zero_point)
    out_dir = Path(out_dir)
    return (
        write_text(out_dir / f"{name}.h", code.header),
        write_text(out_dir / f"{name}.c", code.source),
    )


def input_table(scale: float, zero_point: int) -> np.ndarray | None:
    """The network's int8 for each feature from -128 to 127; None if that is the feature itself."""
    features = np.arange(-128, 128)
    real = features * np.float32(FEATURE_SCALE) / np.float32(scale)
    mapped = np.clip(np.rint(real.astype(np.float64)) + zero_point, -128, 127).astype(np.int8)
    return None if (mapped == features).all() else mapped


def _head(spec: LogMelSpec, frames: int) -> str:
    return comment_block(
        [
            "A log-mel front end in integers: sound in, one int8 row a hop out.",
            "",
            f"Generated by tinyml_course {tinyml_course.__version__}. Do not edit: change the spec "
            "and export it again.",
            f"window {spec.window} and hop {spec.hop} samples at {spec.sample_rate_hz} Hz; "
            f"{frames} rows of {spec.n_mels} bands from {spec.low_hz:g} to {spec.high_hz:g} Hz",
            "8 steps are a doubling of energy (3.01 dB); Python computes the same integers",
        ]
    )
