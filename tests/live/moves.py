"""Where an explorer's controls can stand: their ends and their middle."""

from itertools import product


def places_of(control):
    """A choice's options; a slider's lowest, middle and highest value."""
    if hasattr(control, "options"):
        return list(control._options_values)
    steps = round((control.max - control.min) / control.step)
    kind = type(control.value)
    return [kind(control.min + control.step * k) for k in sorted({0, steps // 2, steps})]


def ends_of(control):
    """All options of a choice; a slider's lowest and highest value."""
    places = places_of(control)
    return places if hasattr(control, "options") else [places[0], places[-1]]


def all_moves(explorer):
    """Each control through its places while the others stay, then every corner of all controls.

    Yields dicts from a control's name to its value.
    """
    begun = {name: control.value for name, control in explorer.controls.items()}
    for name, control in explorer.controls.items():
        for value in places_of(control):
            yield {**begun, name: value}
    for corner in product(*map(ends_of, explorer.controls.values())):
        yield dict(zip(explorer.controls, corner, strict=True))
