"""A demonstration before an audience: what is tried before it, and what is shown if a thing fails.

    from tinyml_course.live.stage import on_stage, preflight
    for each in preflight():
        print(each)
    on_stage("shake", lambda: live.BoardPanel("motion", "wio_terminal"))

    checks      `preflight`: each thing that can fail, tried, with what to do about it
    recorded    `on_stage`: a step, or what was recorded of it, and a line that says so
    workshop    `rehearse`: all of it, and the page opened as the audience will see it
    alone       a notebook that can be shown without the files beside it

Lesson 20 is played with it.
"""

from tinyml_course.live.stage.checks import Tried, preflight
from tinyml_course.live.stage.recorded import Recorded, on_stage

__all__ = ["Recorded", "Tried", "on_stage", "preflight"]
