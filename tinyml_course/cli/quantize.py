"""`tinyml quantize`: a float .tflite of any origin, in integers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tinyml_course.cli.helping import add_command
from tinyml_course.cli.output import Commands, output_path, read_model, show
from tinyml_course.errors import DataError, OutputError

if TYPE_CHECKING:  # what it imports takes longer than most commands
    import numpy as np

NUMBER_FORMATS = ("int8", "16x8")
MOST_SAMPLE_BYTES = 1 << 30


def add_quantize_command(commands: Commands) -> None:
    """Add `quantize` to the parser."""
    quantize = add_command(
        commands,
        "quantize",
        "a float .tflite of any origin, in integers",
        "tinyml quantize float.tflite --samples some.npy --out model_int8.tflite",
    )
    quantize.add_argument("model", type=Path, metavar="FLOAT.tflite", help="the float model")
    quantize.add_argument(
        "--samples",
        type=Path,
        required=True,
        metavar="SAMPLES.npy",
        help="some tens to hundreds of inputs from the training part, as (n, *input shape)",
    )
    quantize.add_argument(
        "--out", type=output_path, required=True, metavar="NEW.tflite", help="the file to write"
    )
    quantize.add_argument(
        "--format",
        choices=NUMBER_FORMATS,
        default="int8",
        help="16x8: int16 values between the layers, int8 weights [%(default)s]",
    )
    quantize.set_defaults(run=run_quantize)


def run_quantize(options: argparse.Namespace) -> int:
    """`tinyml quantize`."""
    from tinyml_course.compress.quantize_file import quantize_file
    from tinyml_course.files import write_bytes

    model = read_model(options.model)
    if options.out.resolve() == options.model.resolve():
        raise OutputError(f"{options.out} is the float file itself: give --out another name")
    samples = read_samples(options.samples)
    quantized = quantize_file(model, samples, options.format)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(options.out, quantized)
    value = {
        "model": str(options.out),
        "format": options.format,
        "samples": len(samples),
        "float_bytes": len(model),
        "bytes": len(quantized),
    }
    text = (
        f"{options.out}: {len(quantized):,} bytes, {options.format}; the float file has "
        f"{len(model):,}. Ranges from {len(samples)} samples.\n"
        f"Next: tinyml verify {options.out}"
    )
    show(options, value, text)
    return 0


def read_samples(path: Path) -> np.ndarray:
    """The array in a .npy file.

    Raises:
        DataError: it cannot be read, is no .npy file, holds something else than numbers, or more
            than a gigabyte.
    """
    import numpy as np

    try:
        size = path.stat().st_size
        if size > MOST_SAMPLE_BYTES:
            raise DataError(
                f"{path} has {size:,} bytes, the limit is {MOST_SAMPLE_BYTES:,}: some hundreds of "
                "samples are enough"
            )
        samples = np.load(path, allow_pickle=False)
    except OSError as error:
        raise DataError(
            f"cannot read {path}: {error.strerror or error}. Write one with numpy.save"
        ) from error
    except (ValueError, EOFError) as error:
        raise DataError(f"{path} is no .npy file of numbers: write it with numpy.save") from error
    if not isinstance(samples, np.ndarray) or samples.dtype.kind not in "fiu":
        raise DataError(f"{path} does not hold one array of numbers: write it with numpy.save")
    return samples
