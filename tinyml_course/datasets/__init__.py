"""Windows with labels and groups: made from physics, or read from recordings."""

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion import make_motion_dataset
from tinyml_course.datasets.motion_sources import load_motion
from tinyml_course.datasets.recordings import load_recordings
from tinyml_course.datasets.splits import Split, check_no_leakage, split_by_group

__all__ = [
    "Dataset",
    "Split",
    "check_no_leakage",
    "load_motion",
    "load_recordings",
    "make_motion_dataset",
    "split_by_group",
]
