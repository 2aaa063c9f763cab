"""The quizzes: five questions a lesson, a reason for each choice, with HTML and without."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise, zip_longest
from pkgutil import iter_modules

import pytest

from tinyml_course.classroom import quizzes
from tinyml_course.classroom.question import Question, right
from tinyml_course.classroom.quiz import Quiz, quiz
from tinyml_course.errors import DataError

LESSONS = sorted(m.name.removeprefix("lesson_") for m in iter_modules(quizzes.__path__))
each_lesson = pytest.mark.parametrize("lesson", LESSONS)


@each_lesson
def test_five_questions_with_one_right_choice_and_a_reason_for_each(lesson):
    questions = quiz(lesson).questions
    assert len(questions) == 5
    for question in questions:
        assert len(question.choices) >= 3
        assert sum(choice.is_right for choice in question.choices) == 1
        assert all(len(choice.why.split()) >= 4 for choice in question.choices), question.text
        assert len({choice.text for choice in question.choices}) == len(question.choices)


def key_of(lesson):
    """The letters of the right choices, as somebody would note them down."""
    return "".join(
        "abc"[[choice.is_right for choice in question.choices].index(True)]
        for question in quiz(lesson).questions
    )


def largest_share(letters):
    counts = Counter(letters)
    return max(counts.values()) / counts.total()


def test_no_key_is_that_of_another_lesson():
    keys = [key_of(lesson) for lesson in LESSONS]
    assert len(set(keys)) == len(keys)
    assert all(len(set(key)) >= 2 and largest_share(key) <= 0.6 for key in keys)


def test_neither_its_place_nor_the_last_answer_foretells_a_right_choice():
    keys = [key_of(lesson) for lesson in LESSONS]
    assert largest_share("".join(keys)) < 0.4
    for number in range(5):
        assert largest_share(key[number] for key in keys) < 0.5
    for last in "abc":
        assert largest_share(b for key in keys for a, b in pairwise(key) if a == last) < 0.5


def is_longest(question):
    """Whether the right choice is longer than every other one."""
    (answer,) = (choice.text for choice in question.choices if choice.is_right)
    return all(len(answer) > len(c.text) for c in question.choices if not c.is_right)


@each_lesson
def test_its_length_does_not_give_the_right_choice_away(lesson):
    assert sum(map(is_longest, quiz(lesson).questions)) <= 2


def test_over_all_lessons_the_right_choice_is_longest_about_as_often_as_chance_has_it():
    longest = [is_longest(question) for lesson in LESSONS for question in quiz(lesson).questions]
    assert 0.25 < sum(longest) / len(longest) < 0.4


@each_lesson
def test_no_choice_stands_out_by_its_full_stop(lesson):
    for question in quiz(lesson).questions:
        assert len({choice.text.endswith(".") for choice in question.choices}) == 1, question.text


def without_marks(text):
    """The words of a choice without back quotes, and without the stars around a stressed word."""
    spoken = [re.sub(r"\*(?=\S)(.+?)(?<=\S)\*", r"\1", part) for part in text.split("`")[::2]]
    return "".join(a + b for a, b in zip_longest(spoken, text.split("`")[1::2], fillvalue=""))


def test_a_stressed_word_is_set_so_and_a_product_is_not():
    question = Question("Is `2 * 3 * 4` 2 * 3 * 4 *all* ways?", (right("*on a board*", "a *b* c"),))
    page = Quiz("00", (question,))._repr_html_()
    assert "<code>2 * 3 * 4</code> 2 * 3 * 4 <em>all</em> ways?" in page
    assert "<summary><em>on a board</em></summary>" in page
    assert "a <em>b</em> c" in page


@each_lesson
def test_as_text_and_as_html_it_says_the_same(lesson):
    class Words(HTMLParser):
        def __init__(self):
            super().__init__()
            self.text, self.open = "", []

        def handle_starttag(self, tag, attrs):
            self.open.append(tag)

        def handle_endtag(self, tag):
            assert self.open.pop() == tag

        def handle_data(self, data):
            self.text += data

    page = Words()
    page.feed(quiz(lesson)._repr_html_())
    assert page.open == []
    for question in quiz(lesson).questions:
        for choice in question.choices:
            assert without_marks(choice.text) in page.text
            assert without_marks(choice.why) in page.text
            assert choice.why in repr(quiz(lesson))


def test_in_plain_text_the_reasons_come_after_all_questions():
    text = repr(quiz("00"))
    assert text.index("5. ") < text.index("Reasons") < text.index("1a) ")


def test_an_unknown_lesson_is_refused():
    with pytest.raises(DataError, match="no quiz of lesson '99'"):
        quiz("99")
