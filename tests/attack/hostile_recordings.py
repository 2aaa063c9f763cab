"""Recordings and sounds as nobody should write them, and whether they can be read all the same."""

import struct

HEADER = "t_ms,ax_g,ay_g,az_g,label,subject\n"


def rows(count=150, first_ms=0, step_ms=20, label="walk", subject="ann", az="1.0"):
    return [f"{first_ms + step_ms * k},0.1,-0.2,{az},{label},{subject}\n" for k in range(count)]


def with_row(row):
    """A good recording with one row that is something else."""
    return HEADER + "".join(rows()[:50]) + row + "\n" + "".join(rows()[51:])


GOOD = HEADER + "".join(rows())
# what it is -> the file, and whether it is read
RECORDINGS = {
    "good": (GOOD, True),
    "empty": ("", False),
    "a header alone": (HEADER, False),
    "no header": ("".join(rows()), False),
    "another header": (GOOD.replace("ax_g", "ax"), False),
    "a column too many in the header": (GOOD.replace("subject", "subject,more", 1), False),
    "a byte order mark": ("\ufeff" + GOOD, True),
    "Windows line ends": (GOOD.replace("\n", "\r\n"), True),
    "old Macintosh line ends": (GOOD.replace("\n", "\r"), True),
    "empty lines between": (GOOD.replace("\n", "\n\n"), True),
    "semicolons": (GOOD.replace(",", ";"), False),
    "UTF-16": (GOOD.encode("utf-16"), False),
    "Latin-1": (GOOD.replace("ann", "J\xfcrgen").encode("latin-1"), False),
    "umlauts": (GOOD.replace("ann", "J\xfcrgen"), True),
    "random bytes": (bytes(range(256)) * 40, False),
    "null characters": ("\0" * 5000, False),
    "a null in a number": (with_row("1000,0.1\0,-0.2,1.0,walk,ann"), False),
    "a t_ms of 5,000 digits": (with_row("9" * 5000 + ",0.1,-0.2,1.0,walk,ann"), False),
    "a value of 5,000 digits": (with_row("1000," + "1" * 5000 + ",-0.2,1.0,walk,ann"), False),
    "a field of 200,000 characters": (with_row("1000,0.1,-0.2,1.0,walk," + "a" * 200_000), False),
    "100,000 columns": (with_row("," * 100_000), False),
    "a quote that never ends": (with_row('"1000,0.1,-0.2,1.0,walk,ann'), False),
    "NaN": (with_row("1000,nan,-0.2,1.0,walk,ann"), False),
    "infinity": (with_row("1000,inf,-0.2,1.0,walk,ann"), False),
    "1e308": (with_row("1000,1e308,-0.2,1.0,walk,ann"), False),
    "t_ms of 1e308": (with_row("1e308,0.1,-0.2,1.0,walk,ann"), False),
    "t_ms of -1e308": (with_row("-1e308,0.1,-0.2,1.0,walk,ann"), False),
    "hexadecimal": (with_row("1000,0x1,-0.2,1.0,walk,ann"), False),
    "an underscore": (with_row("1000,1_0,-0.2,1.0,walk,ann"), False),
    "a formula": (with_row("=1+1,0.1,-0.2,1.0,walk,ann"), False),
    "16.5 g": (with_row("1000,16.5,-0.2,1.0,walk,ann"), False),
    "m/s2": (HEADER + "".join(rows(az="9.80665")), False),
    "no gravity": (HEADER + "".join(rows(az="0.0")), False),
    "an unknown label": (with_row("1000,0.1,-0.2,1.0,swim,ann"), False),
    "a label that is a path": (with_row("1000,0.1,-0.2,1.0,../../x,ann"), False),
    "an empty subject": (with_row("1000,0.1,-0.2,1.0,walk,"), False),
    "an escape code as subject": (with_row("1000,0.1,-0.2,1.0,walk,\x1b[2J"), False),
    "a subject of two lines": (with_row('1000,0.1,-0.2,1.0,walk,"a\nb"'), False),
    "a torn row": (with_row("1000,0.1,-0."), False),
    "time backwards": (with_row("10,0.1,-0.2,1.0,walk,ann"), False),
    "time stands still": (with_row("980,0.1,-0.2,1.0,walk,ann"), False),
    "five takes": (HEADER + "".join(rows() * 5), True),
    "a thousand takes of one row": (HEADER + "".join(rows(1) * 1000) + "".join(rows()), True),
    "a gap": (HEADER + "".join(rows()[:120] + rows(150, 9_000)), True),
    "a gap after every second row": (HEADER + "".join(rows() + rows()[::2]), True),
    "one sample in ten": (HEADER + "".join(rows(100, step_ms=200)), False),
    "seconds for milliseconds": (HEADER + "".join(rows(step_ms=0.02)), False),
    "one row": (HEADER + rows()[0], False),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(300), False),
    "a zip": (b"PK\x03\x04" + bytes(300), False),
    "ten megabytes in one line": (HEADER + "1" * 10_000_000, False),
}


def wav(
    rate=16_000,
    frames=16_000,
    channels=1,
    bits=16,
    kind=1,
    before=b"",
    announced=None,
    cut=None,
):
    """The bytes of a WAV file by hand."""
    samples = (b"\x10\x00" * (frames * channels))[: frames * channels * bits // 8]
    samples = samples.ljust(frames * channels * bits // 8, b"\0")
    form = struct.pack(
        "<HHIIHH", kind, channels, rate, rate * 2 & 0xFFFFFFFF, channels * bits // 8, bits
    )
    size = struct.pack("<I", len(samples) if announced is None else announced)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + before + b"data" + size + samples
    return (b"RIFF" + struct.pack("<I", len(body)) + body)[:cut]


def part(name, announced, content=b""):
    return name + struct.pack("<I", announced) + content


SOUNDS = {
    "good": (wav(), True),
    "4 kHz": (wav(4_000), True),
    "192 kHz": (wav(192_000), True),
    "eight channels": (wav(channels=8), True),
    "a part in between": (wav(before=part(b"LIST", 4, b"INFO")), True),
    "a megabyte of junk in between": (wav(before=part(b"JUNK", 10**6, bytes(10**6))), True),
    "1 Hz": (wav(1), False),
    "0 Hz": (wav(0), False),
    "3,999 Hz": (wav(3_999), False),
    "192,001 Hz": (wav(192_001), False),
    "4,000,000,000 Hz": (wav(4_000_000_000), False),
    "0 channels": (wav(channels=0), False),
    "33 channels": (wav(channels=33), False),
    "20,000 channels": (wav(channels=20_000, frames=2), False),
    "0 bits": (wav(bits=0), False),
    "8 bits": (wav(bits=8), False),
    "24 bits": (wav(bits=24), False),
    "65,535 bits": (wav(bits=65_528, frames=1), False),
    "floats": (wav(kind=3), False),
    "mu-law": (wav(kind=7), False),
    "MP3 inside": (wav(kind=85), False),
    "no sample": (wav(frames=0), False),
    "samples to come": (wav(announced=0xFFFFFFFF), False),
    "more samples than there are": (wav(announced=64_000), False),
    "a huge part of junk": (wav(before=part(b"JUNK", 0xFFFFFFF0, bytes(9))), False),
    "a part of 2 GiB": (wav(before=part(b"JUNK", 0x7FFFFFFF)), False),
    "half a part": (wav(before=b"JU"), False),
    "a head and no more": (wav(cut=44), False),
    "half a head": (wav(cut=20), False),
    "four bytes": (wav(cut=4), False),
    "nothing": (b"", False),
    "an ID3 head": (b"ID3" + bytes(200), False),
    "a big-endian RIFX": (b"RIFX" + wav()[4:], False),
    "text": (b"this is no sound\n" * 50, False),
}
