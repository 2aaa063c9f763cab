"""All the C that a listening sketch needs, from one Bundle: ears, network, and the stream's rules.

    NAME_ears.h, .c     sound to log-mel rows         (log_mel)
    NAME.h, .c          rows to scores                (model_c)
    NAME_stream.h, .c   scores to keywords            (stream)

`tinyml run keywords` puts them beside the sketch, which lesson 12 runs.
"""

from __future__ import annotations

from pathlib import Path

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError
from tinyml_course.export.firmware.log_mel import export_log_mel_c
from tinyml_course.export.firmware.stream import export_stream_c
from tinyml_course.export.model_c.source import export_model_c
from tinyml_course.features.mel import LogMel
from tinyml_course.network.state import refuse_state


def export_listener_c(bundle: Bundle, out_dir: Path | str, name: str) -> list[Path]:
    """Write the six files; their paths.

    The stream's rules are the Bundle's own: `bundle.stream`.

    Raises:
        ExportError: a Bundle whose preprocessing is not the log-mel front end alone, or that has
            no rules for a stream.
        UnsupportedOperatorError: a model with state.
    """
    steps = bundle.preprocessing.steps
    if len(steps) != 1 or not isinstance(steps[0], LogMel) or bundle.stream is None:
        raise ExportError(
            f"the Bundle {bundle.name!r} cannot listen to a stream: that takes the log-mel front "
            "end as its only preprocessing and the stream's rules in stream.json, as "
            "`tinyml run keywords` writes them"
        )
    refuse_state(bundle.model.network, f"{name}_stream")
    front_end, inputs = steps[0].spec, bundle.model.input
    frames = front_end.frames(bundle.window)
    return [
        *export_log_mel_c(
            front_end, out_dir, f"{name}_ears", bundle.window, inputs.scale, inputs.zero_point
        ),
        *export_model_c(bundle.model, out_dir, name),
        *export_stream_c(
            bundle.stream,
            out_dir,
            f"{name}_stream",
            frames,
            front_end.n_mels,
            bundle.class_names,
        ),
    ]
