"""Marks for a class: the teacher's tests on the learners' functions, from outside their process."""
