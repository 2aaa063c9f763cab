"""What stands around a lesson: the teacher who judges exercises, guesses, quizzes, the chain."""

from tinyml_course.classroom.guesses import compare_guess
from tinyml_course.classroom.quiz import quiz
from tinyml_course.classroom.teacher import check, reference_answer

__all__ = ["check", "compare_guess", "quiz", "reference_answer"]
