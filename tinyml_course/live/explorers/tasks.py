"""An explorer of tasks: what a small model is asked, and what it answers. Lesson 20."""

from __future__ import annotations

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

_TASKS = {"movement": "motion", "spoken words": "keywords_people", "written digits": "digits"}
_MOST = 10  # golden windows that the slider walks through


def explore_tasks(task: str = "movement") -> Explorer:
    """A task and one of its golden windows: what goes in, what comes out, bytes. Lesson 20.

    Args:
        task: where the choice begins: "movement", "spoken words" or "written digits".
    """
    import ipywidgets as widgets

    bundles = {name: Bundle.load_shipped(folder) for name, folder in _TASKS.items()}

    def show(task: str, example: int) -> Shown:
        bundle = bundles[task]
        windows = bundle.golden.windows
        place = (example - 1) * (len(windows) - 1) // (_MOST - 1)  # spread over all classes
        window = windows[place]
        scores = np.asarray(bundle.predict_scores(windows[place : place + 1]))[0]
        names = bundle.class_names
        words = (
            f"{task}: {window.size:,} numbers go in, one of {len(names)} answers comes out "
            f"({', '.join(names)}). The model has {len(bundle.model):,} bytes.\n"
            f"Example {example} is labelled {names[bundle.golden.labels[place]]}; "
            f"the model says {names[scores.argmax()]}."
        )
        return Shown(_draw_task(bundle, window, scores), words)

    return Explorer(
        "Choose a task",
        {
            "task": widgets.Dropdown(options=list(_TASKS), value=task, description="task"),
            "example": int_slider("example", 1, 1, _MOST),
        },
        show,
        letters=(123, 57),
    )


@in_course_style
def _draw_task(bundle: Bundle, window: np.ndarray, scores: np.ndarray) -> LessonFigure:
    figure = new_figure(9, 3.4)
    left, right = figure.subplots(1, 2)
    if bundle.channel_names:
        seconds = np.arange(len(window)) / bundle.sample_rate_hz
        for number, name in enumerate(bundle.channel_names):
            left.plot(seconds, window[:, number], color=colour_of(number), label=name, linewidth=1)
        left.set(xlabel="time (s)", ylabel=bundle.unit, title="What goes in")
        figure.legend(loc="outside lower center", ncols=8)
    else:
        left.imshow(window, cmap="gray_r")
        left.set(xticks=[], yticks=[], title="What goes in")
    right.barh(list(bundle.class_names), scores, color=colour_of(0))
    right.invert_yaxis()
    right.set(xlabel="score", title="What comes out")
    return figure
