"""From windows to model inputs: each step has a C twin in `export`."""

from tinyml_course.features.axis_features import AxisFeatures
from tinyml_course.features.channels import KeepChannels
from tinyml_course.features.gas_features import GasFeatures, RawLevels
from tinyml_course.features.magnitude import AddMagnitude
from tinyml_course.features.mel import LogMel
from tinyml_course.features.motion_features import MotionFeatures
from tinyml_course.features.pond_features import PondFeatures
from tinyml_course.features.preprocessing import Preprocessing, check_fitted_on
from tinyml_course.features.standardize import Standardize
from tinyml_course.features.targets import Targets
from tinyml_course.features.vibration_features import VibrationFeatures

__all__ = [
    "AddMagnitude",
    "AxisFeatures",
    "GasFeatures",
    "KeepChannels",
    "LogMel",
    "MotionFeatures",
    "PondFeatures",
    "Preprocessing",
    "RawLevels",
    "Standardize",
    "Targets",
    "VibrationFeatures",
    "check_fitted_on",
]
