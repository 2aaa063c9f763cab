"""The speech synthesizer's own process: reads requests on stdin, writes samples on stdout.

    python -m tinyml_course.datasets.speech_engine < requests.json > samples

`speech.synthesize` starts it; nobody else needs to. A process of its own has two reasons: a few of
espeak-ng's voices end in a segmentation fault, and an utterance depends in its last bits on those
before it, so that only a fresh process, asked in the same order, gives the same samples again.

Answers: for each utterance an int32 count, then so many int16 samples; first the sample rate as an
int32. A negative count says that there is no such voice.
"""

from __future__ import annotations

import ctypes
import json
import struct
import sys
from collections.abc import Iterable

# from espeak-ng's speak_lib.h
SYNCHRONOUS, POSITION_CHARACTER, UTF8 = 2, 1, 1
RATE, PITCH, PITCH_RANGE = 1, 3, 4
ATTEMPTS = 3  # now and then a request returns nothing: ask again
NO_SUCH_VOICE = -1


class Engine:
    """The library, its one callback, and the chunks that the callback collected."""

    def __init__(self, library_path: str, data_path: str) -> None:
        self.library = ctypes.CDLL(library_path)
        self._declare_functions()
        self.sample_rate_hz = self.library.espeak_Initialize(SYNCHRONOUS, 0, data_path.encode(), 0)
        if self.sample_rate_hz <= 0:
            raise OSError(f"espeak-ng does not start with its data in {data_path}")
        prototype = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self.chunks: list[bytes] = []
        self.callback = prototype(self._collect)  # kept: the library holds only its address
        self.library.espeak_SetSynthCallback(self.callback)

    def _declare_functions(self) -> None:
        """Argument types that ctypes would otherwise take as int: wrong for sizes and pointers."""
        integer, unsigned = ctypes.c_int, ctypes.c_uint
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        library = self.library
        library.espeak_Initialize.argtypes = [integer, integer, text, integer]
        library.espeak_SetVoiceByName.argtypes = [text]
        library.espeak_SetParameter.argtypes = [integer, integer, integer]
        library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
        library.espeak_Synth.argtypes = [
            *(text, ctypes.c_size_t, unsigned, integer),
            *(unsigned, unsigned, pointer, pointer),
        ]

    def _collect(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self.chunks.append(ctypes.string_at(samples, 2 * count))
        return 0

    def speak(
        self, text: str, voice: str, words_per_minute: int, pitch: int, pitch_range: int
    ) -> bytes | None:
        """One utterance as native int16 samples, or None if there is no such voice."""
        if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            return None
        settings = {RATE: words_per_minute, PITCH: pitch, PITCH_RANGE: pitch_range}
        for parameter, value in settings.items():
            self.library.espeak_SetParameter(parameter, value, 0)
        encoded = text.encode()
        for _ in range(ATTEMPTS):
            # breath noise: seeded with the time of day unless told otherwise
            self.library.espeak_ng_SetRandSeed(1)
            self.chunks.clear()
            self.library.espeak_Synth(
                encoded, len(encoded) + 1, 0, POSITION_CHARACTER, 0, UTF8, None, None
            )
            if self.chunks:
                break
        return b"".join(self.chunks)


def answer(requests: Iterable[list], engine: Engine) -> None:
    """Speak every request and write the answers."""
    out = sys.stdout.buffer
    out.write(struct.pack("<i", engine.sample_rate_hz))
    for request in requests:
        samples = engine.speak(*request)
        if samples is None:
            out.write(struct.pack("<i", NO_SUCH_VOICE))
        else:
            out.write(struct.pack("<i", len(samples) // 2) + samples)
    out.flush()


def main() -> int:
    """Speak what standard input asks for: the process that `speak` starts."""
    try:
        import espeakng_loader

        engine = Engine(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())
    except (ImportError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    answer(json.load(sys.stdin), engine)
    return 0


if __name__ == "__main__":
    sys.exit(main())
