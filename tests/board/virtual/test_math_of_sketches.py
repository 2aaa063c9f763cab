"""<math.h> and <stdlib.h> of the virtual boards against Python's."""

import math
import struct

import pytest

from tinyml_course.board.run import run_sketch

VALUES = (-30.0, -3.7, -2.5, -1.5, -0.5, -1e-7, 0.0, 1e-7, 0.3, 0.5, 1.0, 1.5, 2.4, 2.6, 5.5, 12.0,
          40.0, 140.5)  # fmt: skip
ONE = {
    "acosh": math.acosh, "asinh": math.asinh, "atanh": math.atanh, "cbrt": math.cbrt,
    "cosh": math.cosh, "erf": math.erf, "erfc": math.erfc, "expm1": math.expm1,
    "lgamma": math.lgamma, "log1p": math.log1p, "rint": round, "nearbyint": round,
    "sinh": math.sinh, "tgamma": math.gamma,
}  # fmt: skip
TWO = {"copysign": math.copysign, "remainder": math.remainder, "nextafter": math.nextafter}
SAY = """
volatile double values[] = {VALUES};
void say(double x) {
  union { double value; uint32_t words[2]; } bits = {x};
  Serial.print(bits.words[1], HEX); Serial.print(' '); Serial.println(bits.words[0], HEX);
}
void setup() {
  Serial.begin(115200);
  for (double x : values) { LINES }
}
void loop() { delay(1000); }
"""


def said(write_sketch, board, lines):
    text = SAY.replace("VALUES", ", ".join(map(repr, VALUES))).replace("LINES", lines)
    printed = run_sketch(write_sketch(text), board, seconds=5).lines
    words = [[int(word, 16) for word in line.split()] for line in printed]
    return [struct.unpack(">d", struct.pack(">II", *pair))[0] for pair in words]


def expected(function, *values):
    try:
        return function(*values)
    except (ValueError, OverflowError):
        return None  # C gives NAN or INFINITY there


@pytest.mark.parametrize("board", ["nano33ble", "xiao_samd21"])
def test_functions_of_one_number(board, write_sketch):
    found = said(write_sketch, board, " ".join(f"say({name}(x));" for name in ONE))
    wanted = [expected(function, x) for x in VALUES for function in ONE.values()]
    assert len(found) == len(wanted)
    for place, (got, want) in enumerate(zip(found, wanted, strict=True)):
        name, x = list(ONE)[place % len(ONE)], VALUES[place // len(ONE)]
        if want is None:
            assert not math.isfinite(got), (name, x)
        else:
            assert got == pytest.approx(want, rel=1e-12, abs=1e-13), (name, x)


def test_functions_of_two_numbers(write_sketch):
    lines = "for (double y : values) { " + " ".join(f"say({n}(x, y));" for n in TWO) + " }"
    found = said(write_sketch, "nano33ble", lines)
    wanted = [expected(f, x, y) for x in VALUES for y in VALUES for f in TWO.values()]
    for got, want in zip(found, wanted, strict=True):
        assert got == want or (want is None and math.isnan(got))


def test_what_else_of_the_c_library_sketches_use(write_sketch):
    sketch = write_sketch(
        "#include <cinttypes>\nint up(const void *a, const void *b) {\n"
        "  return *(const int *)a - *(const int *)b;\n}\n"
        "void say_all(const char *format, ...) {\n"
        "  char text[40]; va_list all; va_start(all, format);\n"
        "  vsnprintf(text, sizeof text, format, all); va_end(all); Serial.println(text);\n}\n"
        "void setup() {\n  int sorted[] = {1, 4, 9, 16}, nine = 9, two = 2;\n"
        "  Serial.println((int *)bsearch(&nine, sorted, 4, sizeof(int), up) - sorted);\n"
        "  Serial.println(bsearch(&two, sorted, 4, sizeof(int), up) == NULL);\n"
        "  Serial.println(div(-7, 2).rem);\n  Serial.println((long)llabs(-5LL));\n"
        '  char text[] = "12,,7"; char *rest = text;\n'
        '  while (char *part = strsep(&rest, ",")) Serial.println(part);\n'
        "  Serial.println(lrint(2.5)); Serial.println((long)llround(2.5));\n"
        "  Serial.println(ldexp(0.75, 4)); Serial.println(ilogb(9.0));\n"
        '  say_all("%s=%d", "a", 3);\n}\nvoid loop() { delay(100); }\n'
    )
    lines = run_sketch(sketch, "nano33ble", seconds=0.2).lines
    assert lines == ["2", "1", "-1", "5", "12", "", "7", "2", "3", "12.00", "3", "a=3"]
