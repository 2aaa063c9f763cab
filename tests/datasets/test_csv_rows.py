"""What a spreadsheet makes of a CSV: every loader names the line, the cause and the way out."""

import os

import pytest

from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.datasets.gas_recordings import load_gas
from tinyml_course.datasets.gesture_recordings import load_gestures
from tinyml_course.datasets.own_classes import load_own_classes
from tinyml_course.datasets.pond_real import load_pond_weeks
from tinyml_course.datasets.pond_recordings import load_pond
from tinyml_course.datasets.recordings import load_recordings
from tinyml_course.datasets.vibration_recordings import load_vibration
from tinyml_course.errors import BoardError, DataError

# loader, header, a row that is right, and the column that the tests write twice or wrongly
LOADERS = {
    "trace": (read_trace, "t_ms,ax_g,ay_g,az_g", "0,0.5,0.25,1.0", "ay_g"),
    "motion": (load_recordings, "t_ms,ax_g,ay_g,az_g,label,subject", "0,0.5,0,1,walk,ann", "ax_g"),
    "own classes": (
        lambda path: load_own_classes(path, ("walk", "sit")),
        "t_ms,ax_g,ay_g,az_g,label,subject",
        "0,0.5,0,1,walk,ann",
        "ax_g",
    ),
    "phone": (load_recordings, "seconds_elapsed,x,y,z", "0,0.5,0,1", "x"),
    "gas": (load_gas, "t_ms,no2,c2h5oh,voc,co,label,session", "0,1,2,3,4,wine,mine", "voc"),
    "pond": (
        load_pond,
        "t_ms,ph,temperature_c,oxygen_mg_l,ammonia_mg_l,pond",
        "0,7.2,25,6,0.02,a",
        "ph",
    ),
    "pond week": (load_pond_weeks, "time,temperature_c,ph", "2020-01-15 16:00:35,25,7.2", "ph"),
    "vibration": (
        load_vibration,
        "t_ms,ax_g,ay_g,az_g,label,machine",
        "0,0.5,0,1,healthy,fan",
        "az_g",
    ),
    "gestures": (load_gestures, "aX,aY,aZ,gX,gY,gZ", "0.5,0,1,0,0,0", "aY"),
    "gesture stream": (
        load_gestures,
        "t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps,label,subject",
        "0,0,0.5,1,0,0,0,left,ann",
        "ay_g",
    ),
}


def refusal(loader, tmp_path, content):
    """What a loader says of a file of this text."""
    path = tmp_path / "walk_ann.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises((DataError, BoardError)) as caught:
        LOADERS[loader][0](path)
    said = str(caught.value)
    assert said.isprintable()
    assert "walk_ann.csv" in said
    return said


def rows(row):
    """Two rows, the second one later: a trace needs two."""
    first, rest = row.split(",", 1)
    return f"{row}\n{20 if first == '0' else first},{rest}\n"


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_another_separator_is_named_with_its_line_and_a_way_out(loader, separator, name, tmp_path):
    _, header, row, _ = LOADERS[loader]
    text = f"{header}\n{rows(row)}".replace(",", separator)
    if separator != "|":  # as a German spreadsheet writes it
        text = text.replace(".", ",")
    said = refusal(loader, tmp_path, text)
    assert f"line 1: {name} between the columns, where commas are expected" in said
    assert "replace first each comma by a point, then each" in said


@pytest.mark.parametrize("loader", LOADERS)
def test_two_columns_of_one_name_are_refused(loader, tmp_path):
    _, header, row, column = LOADERS[loader]
    names, values = header.split(","), row.split(",")
    at = names.index(column)
    names.insert(at, column)
    values.insert(at, values[at])
    said = refusal(loader, tmp_path, ",".join(names) + "\n" + rows(",".join(values)))
    assert f"line 1: columns {at + 1} and {at + 2} are both called '{column}'" in said


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("text", ["1_0", "\N{ARABIC-INDIC DIGIT ONE}", "0x1", '"0,5"', "fast", ""])
def test_what_python_alone_reads_as_a_number_is_refused(loader, text, tmp_path):
    _, header, row, column = LOADERS[loader]
    values = row.split(",")
    values[header.split(",").index(column)] = text
    said = refusal(loader, tmp_path, f"{header}\n{rows(','.join(values))}")
    assert "line 2" in said
    if text == '"0,5"' and loader != "gas":  # counts are whole
        assert "decimal point" in said


@pytest.mark.parametrize("loader", LOADERS)
def test_decimal_commas_between_commas_are_not_guessed_at(loader, tmp_path):
    _, header, row, _ = LOADERS[loader]
    broken = row.replace(".", ",") if "." in row else row.replace("3,4", "3,5,4")
    assert "line 2" in refusal(loader, tmp_path, f"{header}\n{rows(broken)}")


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04\xff\xff", "it is a spreadsheet or another archive"),
        ("t_ms\tx\n0\t1\n".encode("utf-16"), "it is text in UTF-16: save it as CSV, UTF-8"),
        (b"t_ms,\xfcber\n1,2\n", "no CSV in UTF-8: save it as CSV, UTF-8"),
    ],
)
def test_what_is_no_csv_is_named(loader, content, words, tmp_path):
    assert words in refusal(loader, tmp_path, content)


@pytest.mark.skipif(os.name != "posix", reason="named pipes")
@pytest.mark.parametrize("loader", LOADERS)
def test_a_pipe_is_not_waited_for(loader, tmp_path):
    os.mkfifo(tmp_path / "walk_ann.csv")
    with pytest.raises((DataError, BoardError), match="ordinary file"):
        LOADERS[loader][0](tmp_path / "walk_ann.csv")


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("\nt_ms,ax_g,ay_g,az_g\n0,0,0,1\n\n\n20,0,x,1\n")
    with pytest.raises(BoardError, match=r"line 6: ay_g is 'x'"):
        read_trace(path)


def test_a_column_that_is_not_read_may_come_twice(tmp_path):
    path = tmp_path / "notes.csv"
    path.write_text("t_ms,note,ax_g,ay_g,az_g,note\n0,a,0,0,1,b\n20,a,0.5,0,1,b\n")
    assert read_trace(path).values[:, 0].tolist() == [0, 0.5]


def test_what_is_missing_or_unknown_is_listed(tmp_path):
    said = refusal("gas", tmp_path, "t_ms,no2,ethanol,voc,co,label,session\n0,1,2,3,4,wine,me\n")
    assert "line 1: columns t_ms,no2,ethanol,voc,co,label,session" in said
    assert "(unknown: ethanol; missing: c2h5oh)" in said
    said = refusal("vibration", tmp_path, "0,0,0,1,healthy,fan\n8,0,0,1,healthy,fan\n")
    assert "line 1: a row of numbers and no names of columns" in said
