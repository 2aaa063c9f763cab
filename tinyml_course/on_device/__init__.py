"""Learning on the board: a last layer in whole numbers, its steps, and what it remembers.

The Python here and the C of `export/learning/` compute the same weights in every bit. Lesson 18.
"""

from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec

__all__ = ["Head", "Learner", "LearningSpec"]
