"""What cannot go well in a lab's run is said before anything is trained."""

import pytest

from tinyml_course.errors import BoardError
from tinyml_course.labs import get_lab
from tinyml_course.pipeline.run import run_lab


@pytest.mark.parametrize(("lab", "board"), [("personalize", "pico"), ("gas", "esp32c3")])
def test_a_board_that_the_labs_sketch_is_not_made_for(lab, board, tmp_path):
    said = []
    with pytest.raises(BoardError, match=r"compile.*\.(h|ino):\d+"):
        run_lab(get_lab(lab), tmp_path / "out", board=board, log=said.append)
    assert not said
    assert not (tmp_path / "out").exists()
