"""What the head of a WAV file says: which numbers are in it, and where.

A file is a row of parts, each a name of four letters and a length. The part `fmt` says what a
sample is; recorders and sound editors write it in a short form or, as WAVE_FORMAT_EXTENSIBLE, with
a long name for the same thing. Source: Microsoft, "Multiple channel audio data and WAVE files".
Lesson 12 reads such files.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

PCM, EXTENSIBLE = 1, 0xFFFE
FORMATS = {
    2: "compressed samples (ADPCM)",
    3: "floating-point samples",
    6: "compressed samples (A-law)",
    7: "compressed samples (mu-law)",
    0x11: "compressed samples (ADPCM)",
    0x31: "compressed samples (GSM)",
    0x50: "compressed samples (MPEG)",
    0x55: "compressed samples (MP3)",
    0xFF: "compressed samples (AAC)",
    0x161: "compressed samples (WMA)",
}
FAMILY = bytes.fromhex("0000000010008000 00aa00389b71")  # how a long name of a format ends
LONGEST_FORM = 1 << 16  # bytes
OTHER_HEADS = {
    b"RIFX": "a WAV file of the other order of bytes, RIFX",
    b"RF64": "a WAV file for more than 4 GB, RF64",
    b"ID3\x03": "an MP3",
    b"ID3\x04": "an MP3",
    b"OggS": "an Ogg file",
    b"fLaC": "a FLAC file",
    b"FORM": "an AIFF file",
    b"PK\x03\x04": "an archive",
}


class WavError(Exception):
    """The head of a file that cannot be read: what it is instead."""


@dataclass(frozen=True)
class WavHead:
    """What the samples are.

    Attributes:
        kind: what is wrong with them, in words; empty for whole numbers without compression.
        bits: of a sample.
        channels, rate_hz: as they stand in the file.
        begin: where the samples begin, in bytes.
        data_bytes: how long they are, as the file announces.
    """

    kind: str
    bits: int
    channels: int
    rate_hz: int
    begin: int
    data_bytes: int


def read_head(file: BinaryIO) -> WavHead:
    """The head of an open file.

    Raises:
        WavError: it is something else, or ends in its head.
    """
    head = file.read(12)
    if not head:
        raise WavError("the file is empty")
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise WavError(f"it is {OTHER_HEADS.get(head[:4], 'no WAV file, whatever its name says')}")
    form = b""
    while True:
        part = file.read(8)
        if len(part) < 8:
            raise WavError("it ends before its samples")
        name, size = part[:4], struct.unpack("<I", part[4:])[0]
        if name == b"data":
            break
        begin = file.tell()
        if name == b"fmt ":
            form = file.read(min(size, LONGEST_FORM))
        file.seek(begin + size + size % 2)
    if len(form) < 16:
        raise WavError("it does not say what its samples are")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", form)
    return WavHead(_kind_of(tag, form), bits, channels, rate_hz, file.tell(), size)


def _kind_of(tag: int, form: bytes) -> str:
    if tag == EXTENSIBLE:
        if len(form) < 40:
            raise WavError("it does not say what its samples are")
        tag = struct.unpack_from("<H", form, 24)[0]
        if form[26:40] != FAMILY:
            return "samples of a format that only its maker knows"
    return "" if tag == PCM else FORMATS.get(tag, f"samples of the unknown format {tag:#06x}")
