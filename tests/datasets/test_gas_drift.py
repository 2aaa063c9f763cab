"""The public set of drifting gas sensors: both forms of its files, and what is refused."""

import numpy as np
import pytest

from tinyml_course.datasets.gas_drift import FEATURES, GASES, load_gas_drift, squash
from tinyml_course.errors import DataError


def line(gas, value, head="{};10.0"):
    return head.format(gas) + "".join(f" {k}:{value + k}" for k in range(1, FEATURES + 1))


@pytest.mark.parametrize("head", ["{};10.000000", "{}"])
def test_both_forms_of_the_set_are_read_in_the_order_of_their_numbers(head, tmp_path):
    for number in (10, 2):
        rows = [line(1, number, head), line(6, -number, head), ""]
        (tmp_path / f"batch{number}.dat").write_text("\n".join(rows))
    batches = load_gas_drift(tmp_path)
    assert [b.number for b in batches] == [2, 10]
    assert batches[0].x.shape == (2, FEATURES)
    assert batches[0].x[0, :2].tolist() == [3, 4]
    assert [GASES[k] for k in batches[1].y] == ["Ethanol", "Toluene"]


def test_an_npz_of_batches_is_read_too(tmp_path):
    path = tmp_path / "some.npz"
    np.savez(path, batch4_x=np.ones((2, FEATURES)), batch4_gas=["Ethylene", "Ammonia"])
    (batch,) = load_gas_drift(path)
    assert (batch.number, batch.y.tolist()) == (4, [1, 2])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (line(7, 0), "line 1: gas 7"),
        (line(1, 0).replace(" 5:5", ""), "line 1: '5'"),
        (line(1, 0).replace(" 5:5", " 5:x"), "line 1: could not convert"),
        (line(1, 0).replace(" 5:5", " 5:nan"), "not finite"),
        ("", "empty"),
    ],
)
def test_damaged_files_are_refused_with_their_line(text, message, tmp_path):
    (tmp_path / "batch1.dat").write_text(text)
    with pytest.raises(DataError, match=message):
        load_gas_drift(tmp_path)


def test_a_folder_or_archive_of_something_else_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no batch\*\.dat"):
        load_gas_drift(tmp_path)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(DataError, match="no batches"):
        load_gas_drift(tmp_path / "other.npz")


def test_squashing_keeps_sign_and_order():
    x = np.array([-1e6, -1, 0, 1, 1e6])
    assert np.array_equal(np.sign(squash(x)), np.sign(x))
    assert (np.diff(squash(x)) > 0).all()
