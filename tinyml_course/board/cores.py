"""Generated C on emulated cores, as runners of `verify_model`.

The export room writes C and compares bytes; it knows no boards. Here the boards' processors become
places where the C can run. Taught in lesson 09_on_the_board.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tinyml_course.board.targets import get_target
from tinyml_course.export.check.verify import HOST, Inputs, Outputs, Runner
from tinyml_course.network.state import begins_anew


def run_on_core(model: bytes, samples: Sequence[Inputs], target: str) -> list[Outputs]:
    """The model's C, compiled for a processor and run on its emulation, one sample after the other.

    A model with state is reset now and then (`state.begins_anew`).

    samples: for each one array for each input of the model. Returns the same for the outputs.
    Raises ExportError if the model is refused, BoardError if it does not fit or faults.
    """
    from tinyml_course.board.measure import ModelOnCore  # the emulator takes 0.1 s to import

    core = ModelOnCore(model, target=target)
    answers = []
    for number, inputs in enumerate(samples):
        if begins_anew(core.graph, number):
            core.reset()
        answers.append(core.invoke(*inputs))
    return answers


def core_runner(target: str) -> Runner:
    """An emulated processor as a place for `verify_model`.

    target: a name in `board.targets.TARGETS`. Raises BoardError if there is none of that name.

    >>> core_runner("cortex-m4").name
    'cortex-m4'
    """
    name = get_target(target).name
    return Runner(name, partial(run_on_core, target=name))


def find_runner(place: str) -> Runner:
    """Where the C runs, by name: "host", or an emulated processor. Raises as `core_runner`."""
    return HOST if place == HOST.name else core_runner(place)
