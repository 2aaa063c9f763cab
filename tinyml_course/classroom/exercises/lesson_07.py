"""Lesson 07, A model as a C array: bytes as text, one number quantized, the price of RAM."""

from __future__ import annotations

from tinyml_course.exercises import Exercise, Mistake


def _lines(data: bytes, width: int = 12, number: str = "0x{:02x}", end: str = ",") -> list[str]:
    rows = [data[i : i + width] for i in range(0, len(data), width)]
    return [", ".join(number.format(byte) for byte in row) + end for row in rows]


def _quantize(value: float, scale: float, zero_point: int) -> int:
    return max(-128, min(127, round(value / scale) + zero_point))


EXERCISES = (
    Exercise(
        "7.1",
        _lines,
        lambda: [(bytes(range(13)),), (bytes([0, 255, 16, 9]),), (bytes(range(235, 199, -1)),)],
        (
            Mistake(
                lambda data: _lines(data, end=""),
                "The comma at the end of each line is missing. Without it the last number of a "
                "line and the first of the next are one.",
            ),
            Mistake(
                lambda data: _lines(data, number="{}"),
                "These are decimal numbers. C would take them, but the exercise asks for base 16: "
                'f"0x{byte:02x}".',
            ),
            Mistake(
                lambda data: _lines(data, number="0x{:x}"),
                "Small bytes have one digit here. `:02x` writes two, with a 0 in front.",
            ),
            Mistake(
                lambda data: _lines(data, number="0x{:02X}"),
                "Capital letters: right for C, but the package writes small ones, `x` not `X`.",
            ),
            Mistake(
                lambda data: _lines(data, width=16),
                "Sixteen in a line came. The exercise asks for twelve.",
            ),
            Mistake(
                lambda data: "\n".join(_lines(data)),
                "One long text came back. A list of lines is wanted.",
            ),
            Mistake(
                lambda data: _lines(data[: len(data) // 12 * 12]),
                "The last line is missing when it is not full.",
            ),
        ),
        (
            "cut the bytes into rows of twelve, then write each row",
            "`data[i : i + 12]` for i in steps of 12 gives the rows",
        ),
    ),
    Exercise(
        "7.2",
        _quantize,
        lambda: [
            (0.7, 0.0213, -12),
            (9.0, 0.05, 3),
            (-9.0, 0.05, 3),
            (0.0, 0.02, -7),
            (7.0, 3.0, 5),
        ],
        (
            Mistake(
                lambda value, scale, zero_point: max(-128, min(127, value / scale + zero_point)),
                "A fraction came back. The chip takes whole numbers: round.",
            ),
            Mistake(
                lambda value, scale, zero_point: round(value / scale) + zero_point,
                "This leaves the range of int8. Stay between -128 and 127.",
            ),
            Mistake(
                lambda value, scale, zero_point: max(-128, min(127, round(value / scale))),
                "The zero point is missing.",
            ),
            Mistake(
                lambda value, scale, zero_point: max(
                    -128, min(127, round(value / scale) - zero_point)
                ),
                "The zero point is added on the way to integers, and taken off on the way back.",
            ),
            Mistake(
                lambda value, scale, zero_point: max(
                    -128, min(127, round(value * scale) + zero_point)
                ),
                "How many steps of this width is the value? Divide by the scale.",
            ),
            Mistake(
                lambda value, scale, zero_point: max(-128, min(127, round(value * 127))),
                "`x * 127` circulates in tutorials. It knows neither scale nor zero point.",
            ),
        ),
        (
            "solve real = scale * (q - zero point) for q",
            "`max(-128, min(127, number))` keeps a number in the range",
        ),
    ),
    Exercise(
        "7.3",
        lambda usual_ram, better_ram, model_bytes: (
            usual_ram - better_ram,
            (usual_ram - better_ram) / model_bytes,
        ),
        lambda: [(4400, 64, 4312), (2100, 100, 1000), (900, 300, 2400)],
        (
            Mistake(
                lambda usual_ram, better_ram, model_bytes: (
                    better_ram - usual_ram,
                    (better_ram - usual_ram) / model_bytes,
                ),
                "Less than nothing? The wasteful one comes first.",
            ),
            Mistake(
                lambda usual_ram, better_ram, model_bytes: (usual_ram, usual_ram / model_bytes),
                "The better program takes some RAM too. Only the difference is the price.",
            ),
            Mistake(
                lambda usual_ram, better_ram, model_bytes: (
                    usual_ram - better_ram,
                    100 * (usual_ram - better_ram) / model_bytes,
                ),
                "The second is in percent. A share of 1 means: all of the file.",
            ),
            Mistake(
                lambda usual_ram, better_ram, model_bytes: (
                    usual_ram - better_ram,
                    (usual_ram - better_ram) / usual_ram,
                ),
                "The share is to be one of the model's file, not of the RAM.",
            ),
            Mistake(
                lambda usual_ram, better_ram, model_bytes: usual_ram - better_ram,
                "The bytes are right. Return their share of the file as well.",
            ),
        ),
        ("a difference, and that divided by the model's bytes", "first the bytes, then the share"),
        blanks=2,
    ),
)
