"""A crash inside the core or the compiler's code names the line of the sketch that called."""

import pytest

from tinyml_course.board.linked.program import Program
from tinyml_course.board.run import run_sketch
from tinyml_course.errors import BoardError, DoesNotFitError

BOARDS = ["nano33ble", "wio_terminal", "xiao_samd21", "esp32c3"]  # Cortex-M4, M4, M0+, RISC-V
NOTHING = "const char *volatile text = nullptr;\n"
SETUP = "void setup() { Serial.begin(9600); }\n"


@pytest.fixture(params=BOARDS)
def says(request, write_sketch):
    """The error that the code ends with on a board."""

    def run(code, kind=BoardError, **files):
        with pytest.raises(kind) as caught:
            run_sketch(write_sketch(code, **files), request.param, seconds=5)
        return str(caught.value)

    return run


def test_a_string_that_is_none(says):
    message = says(
        NOTHING + "void say() {\n  Serial.print('a');\n  Serial.println(*(const String *)text);\n"
        "  Serial.print('b');\n}\n" + SETUP + "void loop() {\n  say();\n  delay(10);\n}\n"
    )
    assert "null pointer" in message
    assert message.endswith(", called in say at probe.ino:4")


def test_a_call_that_was_inlined_has_the_line_of_the_sketch(says):
    message = says(
        NOTHING + SETUP + "void loop() {\n  Serial.print('a');\n  Serial.print(text);\n"
        "  Serial.print('b');\n}\n"
    )
    assert "in strlen at strings.c:" in message
    assert message.endswith(", called in loop at probe.ino:5")


def test_memory_that_is_set_where_none_is(says):
    message = says(
        "#include <string.h>\nvoid *volatile there = (void *)0x90000000;\nvolatile int size = 64;\n"
        "int clear() {\n  memset(there, size, size);\n  return size;\n}\n"
        + SETUP
        + "void loop() {\n  Serial.print(clear());\n}\n"
    )
    assert "0x90000000" in message
    assert " in memset at " in message
    assert message.endswith(", called in clear at probe.ino:5")


def test_in_a_source_beside_the_sketch(says):
    message = says(
        "int measure(const char *text);\n" + SETUP + "void loop() { Serial.print(measure(0)); }\n",
        more__cpp="#include <string.h>\nint measure(const char *text) {\n"
        "  return 1 + strlen(text);\n}\n",
    )
    assert message.endswith(", called in measure at more.cpp:3")


def test_the_line_of_the_sketch_alone_if_it_crashes_itself(says):
    message = says(
        "int *volatile nowhere = nullptr;\n" + SETUP + "void loop() {\n  *nowhere = 1;\n}\n"
    )
    assert " in loop at probe.ino:4 (address " in message
    assert "called in" not in message


def test_recursion_ends_in_the_sketch_or_in_what_it_calls(says):
    deep = "int dig(volatile int n) {\n  char hole[200];\n  WORK\n"
    deep += "  return dig(n + 1) + hole[n % 9];\n}\n"
    loop = SETUP + "void loop() { Serial.print(dig(0)); }\n"
    message = says(deep.replace("WORK", "hole[0] = n;") + loop, DoesNotFitError)
    assert " in dig at probe.ino:" in message
    assert "called in" not in message
    message = says(deep.replace("WORK", "Serial.print(n / 3.0, 4);") + loop, DoesNotFitError)
    assert "called in dig at probe.ino:3;" in message or " in dig at probe.ino:" in message


def test_an_old_call_on_the_stack_is_none(says):
    message = says(
        "const char *volatile text = (const char *)0x90000000;\nvolatile int n = 3;\n"
        "__attribute__((noinline)) int third(int i) {\n  Serial.print(i / 7.0);\n  return n;\n}\n"
        "__attribute__((noinline)) int second(int i) {\n  return third(i) + third(n) + n;\n}\n"
        "__attribute__((noinline)) int first(int i) {\n  return second(i) + second(n) + n;\n}\n"
        + SETUP
        + "void loop() {\n  first(n);\n  char line[8];\n"
        '  snprintf(line, 8, "%s", text);\n  Serial.print(line);\n}\n'
    )
    assert message.endswith(", called in loop at probe.ino:17")


READER = """class Mine : public Stream {
 public:
  int available() override { return 1; }
  int read() override { return WORK + 1; }
  int peek() override { return 1; }
  size_t write(uint8_t) override { return 1; }
  __attribute__((noinline)) int half(int c) { volatile char b[80]; b[c & 63] = 1; return b[5] + 1; }
  volatile int n = 3;
};
Mine mine;
char *volatile where = (char *)0x90000000;
"""


@pytest.mark.parametrize("work", ["half(n)", "Serial.available()", "Serial.print(n / 3.0)"])
def test_a_callback_that_has_returned_is_not_the_caller(says, work):
    """The core called `read`, which called on and came back: its words still lie about."""
    message = says(
        READER.replace("WORK", work) + SETUP + "void loop() {\n  mine.readBytes(where, 10);\n"
        "  delay(1);\n}\n"
    )
    assert "in Stream::readBytes at Stream.cpp:" in message
    assert message.endswith(", called in loop at probe.ino:14")


def test_a_callback_of_the_c_library_that_has_returned(says):
    message = says(
        "#include <stdlib.h>\nvolatile int n = 8;\nint *volatile wild = (int *)0x90000000;\n"
        "__attribute__((noinline)) int deep(int a) {\n  volatile char b[64];\n  b[a & 63] = 1;\n"
        "  return b[3] + a;\n}\nint compare(const void *, const void *) {\n"
        "  return deep(n) ? 1 : -1;\n}\n"
        + SETUP
        + "void loop() {\n  qsort(wild, n, 4, compare);\n  delay(1);\n}\n"
    )
    assert " in qsort at " in message
    assert message.endswith(", called in loop at probe.ino:14")


def test_a_callback_that_crashes_in_the_core_is_the_caller(says):
    message = says(
        READER.replace("WORK", "(int)strlen((const char *)0x90000000)")
        + SETUP
        + "void loop() {\n  mine.readBytes(where, 10);\n  delay(1);\n}\n"
    )
    assert message.endswith(", called in Mine::read at probe.ino:4")


def test_a_program_without_notes_of_lines(write_sketch, monkeypatch):
    monkeypatch.setattr(Program, "lines", type("None", (), {"find": lambda *_: None})())
    sketch = write_sketch(NOTHING + SETUP + "void loop() { Serial.print(text); }\n")
    with pytest.raises(BoardError, match=r" in strlen \(address 0x\w+\)$"):
        run_sketch(sketch, "nano33ble", seconds=1)


def test_the_end_of_memory(write_sketch):
    sketch = write_sketch(
        SETUP + "void hoard() {\n  for (;;) {\n    String *more = new String[500];\n"
        "    more[7] += 7;\n  }\n}\nvoid loop() { hoard(); }\n"
    )
    with pytest.raises(BoardError) as caught:
        run_sketch(sketch, "nano33ble", seconds=5)
    assert "abort() was called" in str(caught.value)
    assert str(caught.value).endswith(", called in hoard at probe.ino:4")


def test_notes_of_inlined_calls_that_are_damaged(write_sketch):
    hostile = ".section .debug_info\n.fill 4000, 1, 0x41\n.section .debug_abbrev\n.fill 99, 1, 1\n"
    sketch = write_sketch(
        NOTHING + SETUP + "void loop() {\n  Serial.print(text);\n}\n", damaged__S=hostile
    )
    with pytest.raises(BoardError, match=r" in strlen at strings\.c:\d+ \(address 0x\w+\)"):
        run_sketch(sketch, "nano33ble", seconds=1)
