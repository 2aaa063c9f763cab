"""Sketches: what the Arduino IDE adds to them, and errors with file and line."""

import re

import pytest

from tinyml_course.board.build.prototypes import find_functions, join_inos
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.errors import BoardError, BusFaultError, DoesNotFitError

EMPTY_LOOP = "\nvoid loop() { delay(10); }\n"


def test_prototypes_as_the_ide_makes_them():
    code = """
// int commented(int x) {
const char *text = "int quoted() {";
#define BODY int defined() {
struct Point { int x; int length() const { return x; } };
static uint8_t scale(const float *x, int n = 3) {
  if (n) { return 1; } else { return 0; }
}
template <class T> T largest(T a, T b) { return a > b ? a : b; }
unsigned long
two_lines(void)
{ return 2; }
int Point_length(struct Point p) { return p.x; }
int table[] = {1, 2};
extern "C" { void from_c(void) {} }
void callback(void (*f)(int), char c) {}
"""
    assert [prototype for prototype, _ in find_functions(code)] == [
        "static uint8_t scale(const float *x, int n );",
        "unsigned long two_lines(void);",
        "int Point_length(struct Point p);",
        "void from_c(void);",
        "void callback(void (*f)(int), char c);",
    ]


def test_joined_files_keep_their_lines(tmp_path):
    (tmp_path / "a.ino").write_text("int n;\nvoid setup() {}\n")
    (tmp_path / "b.ino").write_text("void loop() {}\n")
    text = join_inos([tmp_path / "a.ino", tmp_path / "b.ino"])
    assert text.splitlines() == [
        "#include <Arduino.h>",
        f'#line 1 "{(tmp_path / "a.ino").as_posix()}"',
        "int n;",
        f'#line 2 "{(tmp_path / "a.ino").as_posix()}"',
        "void setup();",
        f'#line 1 "{(tmp_path / "b.ino").as_posix()}"',
        "void loop();",
        f'#line 2 "{(tmp_path / "a.ino").as_posix()}"',
        "void setup() {}",
        "",
        f'#line 1 "{(tmp_path / "b.ino").as_posix()}"',
        "void loop() {}",
        "",
    ]


def test_a_function_may_be_used_before_it_is_defined(write_sketch):
    sketch = write_sketch(
        "void setup() { say(twice(21)); }\nint twice(int x) { return 2 * x; }\n"
        "void say(int x) { Serial.println(x); }" + EMPTY_LOOP
    )
    assert run_sketch(sketch, "pico", seconds=0.1).output == "42\n"


@pytest.mark.parametrize(
    ("code", "board", "kind", "message"),
    [
        (
            "void setup() {\n  frobnicate(3);\n}",
            "nano33ble",
            BoardError,
            r"probe\.ino:2:3: error: .*'frobnicate'",
        ),
        (
            'extern "C" int later(int);\nvoid setup() {\n  later(3);\n}',
            "nano33ble",
            BoardError,
            r"no definition of later, used by probe\.ino:3",
        ),
        (
            "#include <Arduino_LSM9DS2.h>\nvoid setup() {}",
            "nano33ble",
            BoardError,
            r"probe\.ino:1:10.*Arduino_LSM9DS2.*its libraries: Arduino_LSM9DS1\.h",
        ),
        (
            "#include <LIS3DHTR.h>\nvoid setup() {}",
            "nano33ble",
            BoardError,
            r"no library with LIS3",
        ),
        (
            'void setup() {\n  Serial.printf("%d", 1);\n}',
            "nano33ble",
            BoardError,
            r"probe\.ino:2.*'printf' is unavailable",
        ),
        (
            "static float big[75 * 1024];\nvoid setup() {\n  big[millis()] = 1;\n"
            "  Serial.println(big[0]);\n}",
            "nano33ble",
            DoesNotFitError,
            r"too many for RAM.*probe\.ino:1: big takes 307200 bytes",
        ),
        (
            "static char big[225 * 1024];\nvoid setup() {\n  big[millis()] = 1;\n"
            "  Serial.println(big[0]);\n}",
            "nano33ble",
            DoesNotFitError,
            r"bytes.*RAM.*probe\.ino:1: big takes 230400 bytes",
        ),
    ],
    ids=["name", "definition", "library", "board's library", "dialect", "RAM", "core's RAM"],
)
def test_what_does_not_build_says_where(write_sketch, code, board, kind, message):
    sketch = write_sketch(code + EMPTY_LOOP)
    with pytest.raises(kind, match=message):
        build_sketch(sketch, board)


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "esp32c3"])
def test_every_core_takes_numbers_for_states(write_sketch, board):
    code = """
    int state = LOW;
    bool lit = true;
    void setup() {
      pinMode(3, OUTPUT); pinMode(4, OUTPUT); pinMode(5, OUTPUT);
      state = !state;
      digitalWrite(3, state);
      digitalWrite(4, lit);
      digitalWrite(5, !digitalRead(5));
      pinMode(6, 2);
    }
    void loop() {}
    """
    gpio = run_sketch(write_sketch(code), board, seconds=0.1).board.gpio
    assert gpio.outputs == {3: 1, 4: 1, 5: 1}
    assert gpio.modes[3] == 1


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        (
            'void setup() {\n  Serial.begin(1);\n  for (;;) { __asm volatile(""); }\n}',
            BoardError,
            r"endless loop\? It is in setup\(\), setup at probe\.ino:3",
        ),
        (
            "volatile int sum;\nint deeper(int n) {\n  volatile int a[64]; a[0] = n;\n"
            "  return deeper(n + 1) + a[0];\n}\nvoid setup() { sum = deeper(0); }",
            DoesNotFitError,
            r"stack overflow in .*deeper.* at probe\.ino:[3-5]",
        ),
        (
            "int *volatile p;\nvoid setup() {\n  *p = 3;\n}",
            BusFaultError,
            r"null pointer.* setup at probe\.ino:3",
        ),
        (
            "void setup() {\n  *(volatile int *)0x4F000FFC = 1;\n}",
            BusFaultError,
            r"no register at 0x4f000ffc.*setup",
        ),
        (
            "void setup() {\n  Serial.write((const uint8_t *)0x30000000, 4);\n}",
            BusFaultError,
            r"0x30000000, which is no memory",
        ),
    ],
    ids=["endless loop", "stack overflow", "null pointer", "no register", "bad buffer"],
)
def test_what_crashes_says_where_and_the_process_goes_on(write_sketch, code, kind, message):
    sketch = write_sketch(code + EMPTY_LOOP)
    with pytest.raises(kind, match=message):
        run_sketch(sketch, "nano33ble", seconds=11 if "endless" in message else 1)
    sketch = write_sketch("void setup() { Serial.println(1); }" + EMPTY_LOOP, "next")
    assert run_sketch(sketch, "nano33ble", seconds=0.1).output == "1\n"


def test_a_folder_that_is_no_sketch(tmp_path):
    with pytest.raises(BoardError, match="named like its folder"):
        build_sketch(tmp_path, "nano33ble")


def test_what_is_wrong_in_another_tab_is_said_of_that_tab(write_sketch):
    """A prototype stands in the first tab; its place is its function's, as in the Arduino IDE."""
    sketch = write_sketch(
        "void setup() {}\nvoid loop() {}\n",
        other__ino="struct Late { int n; };\n\nvoid use(Late &late) { late.n = 1; }\n",
    )
    with pytest.raises(BoardError, match=r"other\.ino:3:.*unknown type name 'Late'") as caught:
        build_sketch(sketch, "nano33ble")
    assert "where Late is not known yet: define it above the first function" in str(caught.value)


def test_a_type_that_nobody_defines_is_just_unknown(write_sketch):
    sketch = write_sketch("void use(Thing &thing) {}\nvoid setup() {}\nvoid loop() {}\n")
    with pytest.raises(BoardError, match=r"probe\.ino:1:.*unknown type name 'Thing'") as caught:
        build_sketch(sketch, "nano33ble")
    assert "not known yet" not in str(caught.value)


def test_a_sketch_says_when_it_was_compiled(write_sketch):
    sketch = write_sketch(
        'void setup() { Serial.println(F(__DATE__ " " __TIME__)); }\nvoid loop() { delay(100); }'
    )
    said = run_sketch(sketch, "nano33ble", seconds=0.1).lines[0]
    assert re.fullmatch(r"[A-Z][a-z]{2} [ \d]\d 20\d\d \d\d:\d\d:\d\d", said)


def test_an_error_is_not_as_long_as_the_file(write_sketch):
    sketch = write_sketch("a" * 200_000 + " b;\nvoid setup() {}\nvoid loop() {}")
    with pytest.raises(BoardError) as caught:
        build_sketch(sketch, "nano33ble")
    assert "probe.ino:1:1: error: unknown type name 'aaa" in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("board", "code", "words"),
    [
        ("nano33ble", 'Serial.printf("%d", 1);', "has no Serial.printf() either; char text[80]"),
        ("nano33ble", "#include <EEPROM.h>", "use FlashIAP.h, as the course's sketch vibration"),
        ("pico", "#include <EEPROM.h>", "the virtual one keeps nothing without power"),
    ],
)
def test_what_the_core_has_not_comes_with_what_it_has(board, code, words, write_sketch):
    text = f"void setup() {{\n{code}\n}}\nvoid loop() {{}}"
    with pytest.raises(BoardError) as caught:
        build_sketch(write_sketch(text), board)
    assert words in str(caught.value)


def test_a_global_may_have_the_address_of_a_function_that_comes_later(write_sketch):
    """As the Arduino IDE has it; scheduler and button libraries are used so."""
    sketch = write_sketch(
        "typedef void (*Callback)();\n"
        "struct Task { Callback run; explicit Task(Callback run) : run(run) {} };\n"
        "struct Row { int every; Callback run; };\n"
        "Task blink(&tick);\nTask other(tock);\nRow rows[] = {{5, &tick}};\n"
        "void setup() { blink.run(); other.run(); rows[0].run(); }\nvoid loop() { delay(100); }\n"
        'void tick() { Serial.println("tick"); }\nvoid tock() { Serial.println("tock"); }\n'
    )
    assert run_sketch(sketch, "nano33ble", seconds=0.1).lines == ["tick", "tock", "tick"]


def test_what_sketches_use_of_the_esp32s_core(write_sketch):
    sketch = write_sketch(
        "volatile int count;\nRTC_DATA_ATTR int boots;\nvoid IRAM_ATTR on_press() { count++; }\n"
        "void setup() {\n  attachInterrupt(9, on_press, FALLING);\n"
        '  vTaskDelay(20 / portTICK_PERIOD_MS);\n  log_i("nobody hears %d", 1);\n'
        "  Serial.println(millis() >= 20);\n  Serial.println(esp_random() != esp_random());\n"
        "  Serial.println(ESP.getCpuFreqMHz());\n}\nvoid loop() { delay(100); }\n"
    )
    assert run_sketch(sketch, "esp32c3", seconds=0.3).lines == ["1", "1", "160"]
    for call, words in (
        ('xTaskCreate(task, "task", 2048, NULL, 1, NULL)', "it has no threads: use millis()"),
        ("ESP.restart()", "run the sketch again"),
        ("ledcAttach(3, 5000, 8)", "use analogWrite()"),
    ):
        sketch = write_sketch(
            f"void task(void *) {{}}\nvoid setup() {{\n  {call};\n}}\nvoid loop() {{}}\n"
        )
        with pytest.raises(BoardError, match=r"probe\.ino:3.*is unavailable.*" + re.escape(words)):
            build_sketch(sketch, "esp32c3")


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("void dig(int n) { char b[500]; b[0] = n; dig(n + 1); Serial.println(b[0]); }\n"
         "void setup() { dig(0); }", "stack overflow in dig at probe.ino:1"),
        ("struct Door { __attribute__((noinline)) void open() { *(volatile int *)at = 1; }\n"
         "  uint32_t at = 0xF0000000; };\nDoor door;\nvoid setup() { door.open(); }",
         "in Door::open at probe.ino:1"),
    ],
)  # fmt: skip
def test_a_crash_names_the_function_as_the_source_does(code, where, write_sketch):
    with pytest.raises(BoardError) as caught:
        run_sketch(write_sketch(code + EMPTY_LOOP), "nano33ble", seconds=1)
    assert where in str(caught.value)


def test_a_header_of_cpp_that_is_not_here_comes_with_those_that_are(write_sketch):
    sketch = write_sketch("#include <chrono>\nvoid setup() {}" + EMPTY_LOOP)
    with pytest.raises(BoardError) as caught:
        build_sketch(sketch, "nano33ble")
    assert "'chrono' file not found. The C++ library of the virtual boards is small" in str(
        caught.value
    )
    assert "here are: algorithm, array, bitset" in str(caught.value)
    assert "libraries/" not in str(caught.value)


def test_unordered_sets(write_sketch):
    sketch = write_sketch(
        "#include <unordered_set>\nstd::unordered_set<int> seen{3, 5};\n"
        "void setup() { seen.insert(5); seen.insert(8); Serial.println(seen.size());\n"
        "  Serial.println(seen.count(8)); Serial.println(seen.count(4)); }" + EMPTY_LOOP
    )
    assert run_sketch(sketch, "wio_terminal", seconds=0.1).lines == ["3", "1", "0"]


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("blink.ino", "Give {}/blink.ino itself, or call it mine.ino"),
        ("mine.pde", "{}/mine.pde has the ending of old: call it mine.ino"),
        ("src/main.cpp", "{}/src/main.cpp is PlatformIO's: copy it as mine.ino"),
        ("a/a.ino", "Sketches are in it: give {}/a/a.ino, for instance"),
        ("notes.txt", "named like its folder"),
    ],
)
def test_a_folder_that_is_nearly_a_sketch_says_what_to_do(path, advice, tmp_path):
    folder = tmp_path / "mine"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).touch()
    with pytest.raises(BoardError) as caught:
        build_sketch(folder, "nano33ble")
    assert str(caught.value).startswith(f"{folder} is no sketch: it needs a file mine.ino")
    assert str(caught.value).endswith(advice.format(folder))


@pytest.mark.parametrize(
    "first",
    [
        "#ifdef NO_SUCH_THING\nvoid quiet(NoSuchType x) {}\n#endif\n",
        "#if 0\nvoid quiet() {}\n#endif\n",
        "#if defined(ARDUINO_ARCH_AVR)\nvoid led(bool) {}\n#elif 1\nvoid led(bool) {}\n#endif\n",
        "#ifdef __AVR__\nvoid led(bool) {}\n#else // not \\\nled\nvoid led(bool) {}\n#endif\n",
        "#ifndef GUARD\n#define GUARD\nstruct Own { int x; };\nint of(Own own) { return own.x; }\n",
    ],
)
def test_functions_that_are_left_out_do_not_take_the_prototypes_with_them(write_sketch, first):
    code = (
        "void setup() { Serial.begin(9600); blink3(3); }\n"
        "void blink3(int n) { Serial.println(n); }\nvoid loop() {}\n"
    )
    end = "#endif\n" if "GUARD" in first else ""
    assert run_sketch(write_sketch(first + code + end), "pico", seconds=0.1).output == "3\n"
    with pytest.raises(BoardError, match=rf"probe\.ino:{first.count(chr(10)) + 2}\b.*nowhere"):
        run_sketch(
            write_sketch(first + code.replace("println(n)", "println(nowhere)") + end), "pico"
        )


def test_a_forgotten_volatile_waits_for_ever(write_sketch):
    code = """
bool flag = false;
void isr() { flag = true; }
void setup() {
  Serial.begin(9600);
  attachInterrupt(digitalPinToInterrupt(2), isr, FALLING);
  Serial.println("wait");
  while (!flag) {}
  Serial.println("got it");
}
void loop() {}
"""
    assert run_sketch(write_sketch(code), "nano33ble", seconds=0.5).output == "wait\n"
    heeded = write_sketch(code.replace("bool", "volatile bool"))
    run = run_sketch(heeded, "nano33ble", seconds=0.5, presses="D2@0.2")
    assert run.output == "wait\ngot it\n"


def test_an_endless_recursion_overflows_the_stack_or_stays(write_sketch):
    code = "long fact(int n) { return n * fact(n - 1); }\nvoid setup() { Serial.begin(9600);\n"
    code += 'Serial.println("go"); Serial.println(fact(5)); }\nvoid loop() {}\n'
    run = run_sketch(write_sketch(code), "nano33ble", seconds=0.5)
    assert run.output == "go\n"


@pytest.mark.parametrize(
    ("board", "sizes"), [("nano33ble", "1 2"), ("pico", "1 2"), ("esp32c3", "4 8")]
)
def test_an_enumeration_has_the_size_that_it_has_there(write_sketch, board, sizes):
    code = (
        "enum Mode { IDLE, RUN };\nstruct Kept { Mode mode; uint8_t n; };\n"
        "void setup() { Serial.begin(115200); Serial.print(sizeof(Mode)); Serial.print(' ');\n"
        "Serial.println(sizeof(Kept)); }\nvoid loop() {}\n"
    )
    assert run_sketch(write_sketch(code), board, seconds=0.1).output == sizes + "\n"
