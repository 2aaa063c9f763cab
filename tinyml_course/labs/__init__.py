"""One file a lab: a value that names its data, features, models and bounds."""

from tinyml_course.errors import DataError, meant
from tinyml_course.labs.digits import DIGITS, DIGITS_28
from tinyml_course.labs.gas import GAS
from tinyml_course.labs.gestures import GESTURES_LAB
from tinyml_course.labs.keywords import KEYWORDS
from tinyml_course.labs.lab import Lab, ModelChoice
from tinyml_course.labs.motion import MOTION
from tinyml_course.labs.personalize import PERSONALIZE
from tinyml_course.labs.pond import POND
from tinyml_course.labs.security import SECURITY
from tinyml_course.labs.vibration import VIBRATION

LABS = {
    lab.name: lab
    for lab in (
        MOTION,
        KEYWORDS,
        DIGITS,
        DIGITS_28,
        GAS,
        GESTURES_LAB,
        POND,
        VIBRATION,
        PERSONALIZE,
        SECURITY,
    )
}


def get_lab(name: str) -> Lab:
    """The lab of that name.

    Raises:
        DataError: there is none; the message lists those there are.

    >>> get_lab("motion").default_model
    'dense'
    """
    if name not in LABS:
        known = ", ".join(sorted(LABS))
        raise DataError(f"unknown lab {name!r}; known labs: {known}{meant(name, LABS)}")
    return LABS[name]


__all__ = [
    "DIGITS",
    "DIGITS_28",
    "GAS",
    "GESTURES_LAB",
    "KEYWORDS",
    "LABS",
    "MOTION",
    "PERSONALIZE",
    "POND",
    "SECURITY",
    "VIBRATION",
    "Lab",
    "ModelChoice",
    "get_lab",
]
