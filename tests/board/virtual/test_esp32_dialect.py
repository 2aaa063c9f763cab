"""What the ESP32's core has that the others have not, and has otherwise: as its sources say."""

import math
import struct

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.cli.main import main
from tinyml_course.errors import BoardError

BOARD = "esp32c3"


def refused(write_sketch, code, words, board=BOARD):
    """The compiler's words for a line of setup()."""
    text = code if "setup()" in code else f"void setup() {{ {code} }}"
    with pytest.raises(BoardError, match=words):
        build_sketch(write_sketch(text + "\nvoid loop() {}\n"), board)


def test_min_and_max_are_those_of_cpp(says, write_sketch):
    assert says(
        "say(max(1, 2)); say(min(2.5f, 1.5f) * 10); say(max<float>(1, 2.5f) * 10);"
        "say(max((float)3, 2.5f) * 10); say(std::min(4, 5));",
        BOARD,
    ) == ["2", "15", "25", "30", "4"]
    advice = r"no matching function for call to 'max'.*two of one type: max\(a, \(float\)b\)"
    refused(write_sketch, "Serial.println(max(1, 2.5f));", advice)
    refused(write_sketch, "Serial.println(min(millis(), 100));", "call to 'min'.*min<float>")
    assert says("say(max(1, 2.5f) * 10);", "nano33ble") == ["25"]


def test_there_is_no_update_of_the_eeprom(write_sketch):
    code = "#include <EEPROM.h>\nvoid setup() { EEPROM.begin(8); EEPROM.update(1, 2); }"
    refused(write_sketch, code, r"'update' is unavailable.*write\(\) changes RAM only")


def rounded(value, decimals):
    """Half of the last place added, and the digits cut off, in doubles."""
    if math.isnan(value) or math.isinf(value):
        return "nan" if math.isnan(value) else "inf"
    twice, scale, whole = 2.0, 1.0, 1
    for _ in range(decimals):
        twice *= 10.0
    rest = abs(value) + 1.0 / twice
    while rest >= 10.0 * scale:
        scale, whole = scale * 10.0, whole + 1
    rest /= scale
    digits = ""
    for _ in range(whole + decimals):
        digits += str(min(int(rest), 9))
        rest = (rest - int(digits[-1])) * 10.0
    text = digits[:whole] + ("." + digits[whole:] if decimals else "")
    return ("-" if value < 0 else "") + text


# By the bytes of a double, so that both sides mean the same number.
DOUBLES = [0.125, 2.675, 1.005, -0.125, 0.5, 1.5, 999.995, 123456.789, 0.0, -2.5, 1e15, 7e-7, 0.05]


def test_texts_of_fractions_are_rounded_in_its_own_way(says):
    decimals = [0, 1, 2, 3, 8]
    statements = "".join(
        f"{{ uint64_t bits = {struct.unpack('<Q', struct.pack('<d', value))[0]}ull; double x;"
        f" memcpy(&x, &bits, 8); say(String(x, {n})); }}"
        for value in DOUBLES
        for n in decimals
    )
    got = says(statements, BOARD)
    assert [text.strip() for text in got] == [
        rounded(value, n) for value in DOUBLES for n in decimals
    ]
    exact = says("say(String(0.125, 2));", "nano33ble")
    assert (exact, got[2]) == (["0.12"], "0.13")


def test_texts_of_what_is_no_number(says):
    code = "say(String(NAN)); say(String(INFINITY)); say(String(-INFINITY)); say(String(3.0, 0));"
    assert says(code, BOARD) == ["nan", "inf", "inf", " 3"]
    assert says(code, "nano33ble") == [" nan", " inf", "-inf", " 3"]


def test_a_width_below_zero_fills_nothing(says):
    code = "char t[40]; say(dtostrf(-2.5, -7, 1, t)); say(dtostrf(2.5, 7, 1, t));"
    assert says(code, BOARD) == ["-2.5", "    2.5"]
    assert says(code, "nano33ble") == ["-2.5   ", "    2.5"]


def test_numbers_of_other_bases(says):
    """Its ltoa() has a sign in every base up to 16, newlib's itoa() in base 10 alone."""
    code = """char t[70];
    say(ltoa(-255, t, 16)); say(ltoa(-5, t, 2)); say(ltoa(-5, t, 10)); say(ltoa(35, t, 36));
    say(itoa(-255, t, 16)); say(itoa(35, t, 36)); say(ultoa(255, t, 16)); say(String(-1L, 16));
    say(String(-1, 16));"""
    assert says(code, BOARD) == [
        "-ff", "-101", "-5", "", "ffffff01", "z", "ff", "-1", "ffffffff",
    ]  # fmt: skip
    assert says(code, "nano33ble") == [
        "ffffff01", "1" * 29 + "011", "-5", "z", "ffffff01", "z", "ff", "ffffffff", "ffffffff",
    ]  # fmt: skip
    assert says(
        "char t[70]; say(lltoa(-1234567890123LL, t, 10)); say(ulltoa(~0ull, t, 16));"
        "say(String(1LL << 40)); say(String(~0ull)); say(String() + -5LL);",
        BOARD,
    ) == ["-1234567890123", "f" * 16, "1099511627776", "18446744073709551615", "-5"]


@pytest.mark.parametrize(
    ("board", "got"),
    [("esp32c3", "-1"), ("nano33ble", "4"), ("xiao_samd21", "4")],  # Arm divides by zero to 0
)
def test_map_from_a_range_of_nothing(says, board, got):
    assert says("say(map(7, Serial.available(), 0, 4, 9));", board) == [got]
    assert says("say(map(7, 0, 10, 100, 200)); say(map(-5, 0, 10, 0, 7));", board) == ["170", "-3"]


def test_the_bus_may_have_other_pins(says, write_sketch):
    code = "say(Wire.begin(8, 9)); say(Wire.begin(6, 7, 400000u)); say(Wire.begin());"
    assert says(code + "say(Wire.setPins(5, 5));", BOARD, "#include <Wire.h>") == list("1110")
    code = "#include <Wire.h>\nvoid setup() { Wire.begin(8, 9); }"
    refused(write_sketch, code, "no matching member function", "nano33ble")


PREFERENCES = "#include <Preferences.h>\nPreferences p;\nuint8_t c[8];"


def test_preferences_keep_bytes(says):
    assert says(
        """
        say(p.begin("app")); const uint8_t b[] = {0, 7, 0, 255};
        say(p.putBytes("b", b, 4)); say(p.getBytesLength("b")); say(p.getBytes("b", c, 8));
        say(c[1] * 1000 + c[3]); say(p.getBytes("b", c, 3)); say(p.getBytes("b", NULL, 0));
        say(p.isKey("b")); say(p.getInt("b", -5)); say(p.getBytes("none", c, 8));
        say(p.putBytes("b", b, 0)); say(p.remove("b")); say(p.isKey("b")); say(p.remove("b"));
        say(p.putDouble("d", 1.25)); say(String(p.getDouble("d"))); say(p.getBytesLength("d"));
        say(p.putFloat("f", 0.1f)); say(p.getFloat("f") == 0.1f); say(isnan(p.getFloat("g")));
        p.putInt("x", 9); p.putBytes("x", b, 2); say(p.getInt("x", -1)); say(p.getBytesLength("x"));
        say(p.putLong64("l", -1234567890123LL)); say(p.getLong64("l") == -1234567890123LL);
        p.putString("s", "hello"); char t[6]; say(p.getString("s", t, 6)); say(t);
        say(p.getString("s", t, 5));
        """,
        BOARD,
        PREFERENCES,
    ) == [
        "1", "4", "4", "4", "7255", "0", "4", "1", "-5", "0", "0", "1", "0", "0", "8", "1.25", "8",
        "4", "1", "1", "-1", "2", "8", "1", "6", "hello", "0",
    ]  # fmt: skip


def test_preferences_have_short_names_and_nothing_to_read_at_first(says):
    assert says(
        """
        say(p.begin("none", true)); say(p.begin("a_long_name_here"));
        say(p.begin("fifteen_letters")); say(p.begin("again"));
        say(p.putInt("sixteen_letters_", 3)); say(p.isKey("sixteen_letters_"));
        say(p.putInt("fifteen_letters", 3)); p.end(); say(p.begin("fifteen_letters", true));
        say(p.getInt("fifteen_letters")); say(p.putInt("n", 1));
        """,
        BOARD,
        PREFERENCES,
    ) == ["0", "0", "1", "0", "0", "0", "4", "1", "3", "0"]


def test_bytes_outlive_the_power(write_sketch):
    code = (
        PREFERENCES
        + """
    void setup() {
      Serial.begin(9600); p.begin("app"); Serial.println(p.getBytes("b", c, 8));
      Serial.println(c[2]); const uint8_t b[] = {0, 0, 42}; p.putBytes("b", b, 3);
    }
    void loop() { delay(100); }"""
    )
    first = run_sketch(write_sketch(code), BOARD, seconds=0.1)
    second = run_sketch(write_sketch(code), BOARD, seconds=0.1, stored=first.board.storage.content)
    assert (first.lines, second.lines) == (["0", "0"], ["3", "42"])


@pytest.mark.parametrize(
    ("board", "attach"),
    [
        ("esp32c3", "attachInterruptArg(2, hit, &step, FALLING)"),
        ("nano33ble", "attachInterruptParam(2, hit, FALLING, &step)"),
        ("pico", "attachInterruptParam(2, hit, FALLING, &step)"),
    ],
)
def test_a_handler_may_be_given_something(write_sketch, board, attach):
    sketch = write_sketch(
        "volatile int sum; int step = 5;\nvoid hit(void *given) { sum += *(int *)given; }\n"
        f"void setup() {{ Serial.begin(9600); pinMode(2, INPUT_PULLUP); {attach}; }}\n"
        "void loop() { delay(300); Serial.println(sum); }\n"
    )
    run = run_sketch(sketch, board, seconds=0.4, presses=["2@0.1", "2@0.25"])
    assert run.lines == ["10"]


def test_a_lamp_of_three_colours(write_sketch, capsys):
    sketch = write_sketch(
        "void setup() { rgbLedWrite(RGB_BUILTIN, 10, 20, 30); delay(20);\n"
        "  neopixelWrite(8, 255, 0, 1); delay(20); pinMode(RGB_BUILTIN, OUTPUT);\n"
        "  digitalWrite(RGB_BUILTIN, HIGH); digitalWrite(RGB_BUILTIN, LOW); }\n"
        "void loop() { delay(100); }\n"
    )
    machine = VirtualBoard(build_sketch(sketch, BOARD))
    machine.run(0.1)
    assert [(pin, rgb) for _, pin, rgb in machine.gpio.colours] == [
        (8, 0x0A141E), (8, 0xFF0001), (8, 0x404040), (8, 0),
    ]  # fmt: skip
    assert [round(at / 1e6, 2) for at, _, _ in machine.gpio.colours[:2]] == [0, 0.02]
    assert main(["sketch", "run", str(sketch), "--board", BOARD, "--seconds", "0.03"]) == 0
    said = capsys.readouterr().out
    assert "colours: LED_BUILTIN: 2 times, the last red 255, green 0, blue 1" in said
    assert "showed nothing" not in said


def test_analogue_pins_begin_with_twelve_bits_and_the_widest_range(write_sketch):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); analogSetAttenuation(ADC_11db);\n"
        "  analogSetPinAttenuation(A0, ADC_11db); Serial.println(analogRead(A0)); }\n"
        "void loop() { delay(100); }\n"
    )
    assert run_sketch(sketch, BOARD, seconds=0.1, voltages="A0=1.65").lines == ["2048"]
    refused(write_sketch, "analogSetAttenuation(ADC_0db);", r"'ADC_0db' is unavailable.*ADC_11db")
    refused(write_sketch, "analogReference(AR_DEFAULT);", "core of the real board has none either")


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "xiao_samd21", "pico", "esp32c3"])
def test_a_pin_without_an_interrupt_has_a_name(says, board):
    code = "say(digitalPinToInterrupt(2) != NOT_AN_INTERRUPT); detachInterrupt(NOT_AN_INTERRUPT);"
    assert says(code, board) == ["1"]
    if board == BOARD:
        assert says("say(digitalPinToInterrupt(50) == NOT_AN_INTERRUPT);", board) == ["1"]


def test_a_word_has_32_bits(says):
    assert says("word w = 70000; say(w);", BOARD) == ["70000"]


@pytest.mark.parametrize(
    ("board", "reference", "full_v"),
    [
        ("nano33ble", "AR_VDD", 3.3),
        ("nano33ble", "AR_INTERNAL", 0.6),
        ("nano33ble", "AR_INTERNAL1V2", 1.2),
        ("nano33ble", "AR_INTERNAL2V4", 2.4),
        ("wio_terminal", "AR_DEFAULT", 3.3),
        ("wio_terminal", "AR_INTERNAL1V0", 1.0),
        ("wio_terminal", "AR_INTERNAL2V5", 2.5),
        ("wio_terminal", "AR_INTERNAL2V23", 3.3),  # the XIAO's: the Wio's core takes the supply
        ("xiao_samd21", "AR_INTERNAL2V23", 2.23),
        ("xiao_samd21", "AR_INTERNAL1V65", 1.65),
        ("xiao_samd21", "AR_INTERNAL2V5", 3.3),  # the Wio's: the XIAO's core takes the supply
    ],
)
def test_analog_read_compares_with_the_reference(write_sketch, board, reference, full_v):
    sketch = write_sketch(
        f"void setup() {{ Serial.begin(9600); analogReference({reference});\n"
        "  Serial.println(analogRead(A1)); Serial.println(analogRead(A2)); }\n"
        "void loop() { delay(100); }\n"
    )
    half, over = full_v / 2, min(full_v + 0.1, 3.3)
    run = run_sketch(sketch, board, seconds=0.1, voltages=[f"A1={half}", f"A2={over}"])
    assert [int(line) for line in run.lines] == [pytest.approx(511.5, abs=1), 1023]


@pytest.mark.parametrize(
    ("board", "name", "words"),
    [
        ("nano33ble", "AR_DEFAULT", "AR_VDD is the supply"),
        ("nano33ble", "AR_EXTERNAL", "AR_INTERNAL1V2 and AR_INTERNAL2V4 are there"),
        ("wio_terminal", "AR_EXTERNAL", "nothing is connected to a pin AREF"),
        ("pico", "AR_DEFAULT", "core of the real board has none either"),
    ],
)
def test_references_that_are_not_there_say_so(write_sketch, board, name, words):
    refused(write_sketch, f"analogReference({name});", words, board)
