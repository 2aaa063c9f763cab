"""A Bundle from anybody: trees that are damaged or of another model are refused when it is read."""

import json
import shutil

import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError
from tinyml_course.shipped import BUNDLES


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(BUNDLES / "gas", tmp_path / "gas")


def change(folder, **values):
    path = folder / "forest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_the_shipped_forest_is_read_and_written_back(folder):
    bundle = Bundle.load(folder)
    again = bundle.save(folder)
    assert again.forest == bundle.forest is not None
    assert (folder / "forest.json").read_bytes() == (BUNDLES / "gas" / "forest.json").read_bytes()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"features": 12}, "12 int8 inputs"),
        ({"dtype": "int16"}, "11 int16 inputs"),
        ({"classes": 6}, "leaf 0"),
        ({"trees": []}, "0 trees"),
        ({"kind": 3}, "kind is 3"),
        ({"more": 1}, "no place"),
    ],
)
def test_trees_that_cannot_be_are_refused(folder, values, message):
    change(folder, **values)
    with pytest.raises(DataError, match=message):
        Bundle.load(folder)


def test_a_torn_file_is_named(folder):
    (folder / "forest.json").write_text('{"dtype": "int8", "trees"')
    with pytest.raises(DataError, match="damaged"):
        Bundle.load(folder)


def test_a_bundle_without_trees_is_a_bundle(folder):
    (folder / "forest.json").unlink()
    assert Bundle.load(folder).forest is None
