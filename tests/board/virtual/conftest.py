"""Statements of a sketch, and what they say."""

import pytest

from tinyml_course.board.run import run_sketch


@pytest.fixture
def says(write_sketch):
    """Run statements in setup(); what they say is the lines between `|` marks."""

    def run(statements, board="nano33ble", before=""):
        code = before + "\nvoid say(const String &text) { Serial.print(text + '|'); }\n"
        code += "void say(long number) { say(String(number)); }\n"
        code += (
            f"void setup() {{ Serial.begin(9600); {statements} }}\nvoid loop() {{ delay(1000); }}"
        )
        sketch = write_sketch(code)
        return run_sketch(sketch, board, seconds=4).output.split("|")[:-1]

    return run
