"""What every explorer is: controls, a picture that follows them, and the same in words."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

import ipywidgets as widgets

from tinyml_course.observe.figure import LessonFigure

# A picture is black on white. Where the page is dark it is turned, as the course's web pages turn
# their figures: paper to near black, and each hue stays. Style follows a theme that is switched.
STYLE = """<style>
[data-jp-theme-light="false"] .tc-explorer .widget-image {
  filter: invert(0.93) hue-rotate(180deg);
}
[data-jp-theme-light="false"] .tc-explorer {
  --jp-widgets-dropdown-arrow: url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
viewBox='0 0 18 18'%3E%3Cpath d='M5 7l4 4 4-4' fill='none' stroke='%23ddd' stroke-width='2'/%3E\
%3C/svg%3E");
}
.tc-words { display: grid; line-height: 1.45; }
.tc-words > * { grid-area: 1 / 1; }
.tc-words > .tc-room { visibility: hidden; }
</style>"""
ROOM = "0 samples "  # wider than the letters of a sentence are on average
MORE = 1.05  # of the words at the start, in letters: numbers grow


class Shown(NamedTuple):
    """What an explorer shows for a state of its controls.

    Attributes:
        figure: the picture.
        words: what it says, for ears and for whoever reads the notebook without pictures.
    """

    figure: LessonFigure
    words: str


class Explorer(widgets.VBox):  # type: ignore[misc] # a wheel without types
    """Controls over a picture over words.

    Args:
        title: what can be explored.
        controls: by the names of `show`'s arguments; each has a description, which is its label.
        show: from the controls' values to what they show. Called at once, and at each change.
        letters: of each line of the words, at most; a little more than at the start if not given.
            So much room is kept, and nothing below moves when the words change.

    Attributes:
        controls: as given: `explorer.controls["bits"].value = 4` does what the slider does.
        words: what is shown now.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, Any],
        show: Callable[..., Shown],
        letters: Sequence[int] = (),
    ) -> None:
        self.title = title
        self.letters = tuple(letters)
        self.control_by_name = dict(controls)
        self._show = show
        self._picture = widgets.Image(format="png")
        self._picture.layout.max_width = "100%"
        self._text = widgets.HTML()
        for control in controls.values():
            control.style.description_width = "220px"  # 32 letters
            control.layout.width = "min(560px, 98%)"
            control.observe(self._on_change, names="value")
        heading = widgets.HTML(f"{STYLE}<b>{html.escape(title)}</b>")
        super().__init__([heading, *controls.values(), self._picture, self._text])
        self.add_class("tc-explorer")
        self.update()

    @property
    def controls(self) -> dict[str, Any]:
        """The controls by name."""
        return self.control_by_name

    def update(self) -> None:
        """Show what the controls say."""
        values = {name: control.value for name, control in self.control_by_name.items()}
        shown = self._show(**values)
        self.words = shown.words
        self._picture.value = shown.figure._repr_png_()
        lines = shown.words.splitlines()
        if not self.letters:
            self.letters = tuple(ceil(MORE * len(line)) for line in lines)
        room = (ROOM * ceil(number / len(ROOM)) for number in self.letters)
        self._text.value = (
            f'<div class="tc-words"><div class="tc-room" aria-hidden="true">{"<br>".join(room)}'
            f'</div><div role="status">{"<br>".join(map(html.escape, lines))}</div></div>'
        )

    def _on_change(self, _change: object) -> None:
        self.update()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The widget, and for readers without a kernel the picture and the words."""
        bundle = super()._repr_mimebundle_(**options)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        png = base64.b64encode(self._picture.value).decode()
        return {**(data or {}), "image/png": png, "text/plain": f"{self.title}\n{self.words}"}


def float_slider(
    label: str, value: float, low: float, high: float, step: float, unit: str = "", digits: int = 2
) -> widgets.FloatSlider:
    """A slider for a number; the picture follows when it is let go."""
    return widgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=f"{label} ({unit})" if unit else label,
        readout_format=f".{digits}f",
        continuous_update=False,
    )


def int_slider(
    label: str, value: int, low: int, high: int, unit: str = "", step: int = 1
) -> widgets.IntSlider:
    """A slider for a whole number; the picture follows when it is let go."""
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=f"{label} ({unit})" if unit else label,
        continuous_update=False,
    )
