"""Libraries of a sketchbook: `libraries/NAME` beside a sketch, with `src` or without."""

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.errors import BoardError

SKETCH = """#include <{header}>
void setup() {{ Serial.begin(115200); Serial.println({call}); }}
void loop() {{ delay(1); }}
"""


@pytest.fixture
def sketchbook(tmp_path):
    """Writes files of a sketchbook whose sketch is `blink`, and gives the sketch's folder."""

    def write(header, call, files):
        book = tmp_path / "book"
        files = {"blink/blink.ino": SKETCH.format(header=header, call=call), **files}
        for name, text in files.items():
            path = book / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return book / "blink"

    return write


def said_by(sketch, board="nano33ble"):
    return run_sketch(sketch, board, seconds=0.2).lines


TWICE = {
    "libraries/Twice/src/Twice.h": "#pragma once\nint twice(int x);\n",
    "libraries/Twice/src/inside/Twice.cpp": '#include "../Twice.h"\n'
    "int twice(int x) { return 2 * x; }",
    "libraries/Twice/examples/wrong/wrong.cpp": "this does not compile",
}


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
def test_a_library_with_src_is_seen_and_compiled(sketchbook, board):
    assert said_by(sketchbook("Twice.h", "twice(21)", TWICE), board) == ["42"]


def test_a_flat_one_with_utility_and_one_that_it_asks_for(sketchbook):
    files = {
        "libraries/Flat/Flat.h": "#include <Twice.h>\nint four_times(int x);\n",
        "libraries/Flat/Flat.cpp": '#include "Flat.h"\n#include "utility/more.h"\n'
        "int four_times(int x) { return twice(more(x)); }",
        "libraries/Flat/utility/more.h": "int more(int x);",
        "libraries/Flat/utility/more.cpp": "int more(int x) { return 2 * x; }",
        "libraries/Flat/extras/wrong.cpp": "this does not compile",
        "libraries/Unused/Unused.cpp": "nor does this",
        "libraries/Unused/Unused.h": "",
    }
    assert said_by(sketchbook("Flat.h", "four_times(3)", files | TWICE)) == ["12"]


def test_the_sketchbook_may_be_one_level_up(sketchbook):
    sketch = sketchbook("Twice.h", "twice(4)", TWICE)
    course = sketch.parent / "my course"
    course.mkdir()
    assert said_by(sketch.rename(course / "blink")) == ["8"]


def test_the_library_named_like_the_header_is_taken(sketchbook):
    other = {"libraries/Another/Twice.h": "inline int twice(int) { return 0; }"}
    assert said_by(sketchbook("Twice.h", "twice(5)", other | TWICE)) == ["10"]


def test_what_the_sketch_and_the_board_have_comes_first(sketchbook):
    files = {
        "blink/Twice.h": "inline int twice(int x) { return -x; }",
        "libraries/Wire/Wire.h": "#error the real bus is not here",
        **TWICE,
    }
    sketch = sketchbook("Twice.h", "twice(5)", files)
    main = sketch / "blink.ino"
    main.write_text("#include <Wire.h>\n" + main.read_text().replace("<Twice.h>", '"Twice.h"'))
    assert said_by(sketch) == ["-5"]


def test_an_error_in_a_library_names_its_file_and_line(sketchbook):
    files = {
        "libraries/Bad/Bad.h": "int bad();",
        "libraries/Bad/Bad.cpp": "int bad() {\n  retrun 1;\n}",
    }
    with pytest.raises(BoardError, match=r"libraries/Bad/Bad\.cpp:2:.*retrun"):
        said_by(sketchbook("Bad.h", "bad()", files))


def test_a_header_that_is_nowhere_says_where_was_looked(sketchbook, tmp_path):
    sketch = sketchbook("Thrice.h", "1", TWICE)
    with pytest.raises(BoardError) as error:
        said_by(sketch)
    assert "'Thrice.h' file not found" in str(error.value)
    assert f"nor has {sketch.parent / 'libraries'} (links are not followed)" in str(error.value)
    (sketch.parent / "libraries" / "Thrice").symlink_to(tmp_path)
    (tmp_path / "Thrice.h").write_text("")
    with pytest.raises(BoardError, match=r"Thrice\.h"):
        said_by(sketch)


def test_a_library_does_not_lead_out_of_its_folder(sketchbook, tmp_path):
    (tmp_path / "secret.h").write_text("")
    files = {"libraries/Spy/Spy.h": '#include "../../../secret.h"\ninline int spy() { return 1; }'}
    with pytest.raises(BoardError, match="leads out"):
        said_by(sketchbook("Spy.h", "spy()", files))
