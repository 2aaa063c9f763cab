"""The motion model where the phone is carried elsewhere."""

from tinyml_course.datasets.motion import CLASS_NAMES, PLACES
from tinyml_course.labs.motion_places import measure_places


def test_the_places_it_learnt_from_are_known_and_a_bag_is_measured_too():
    found = measure_places(people=4)
    assert list(found.recall) == [*PLACES, "bag"]
    assert found.windows == 4 * 7
    for place in PLACES:
        assert min(found.recall[place].values()) > 0.7, place
    assert list(found.recall["bag"]) == list(CLASS_NAMES)
    text = str(found.table)
    assert all(place in text for place in found.recall)
