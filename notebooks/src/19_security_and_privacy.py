# %% [markdown]
# # 19 Security and privacy
#
# ![The chain from a signal to a board; you are here: board](pictures/chain_board.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed (a Nano 33 BLE Sense or a Wio Terminal is fun).
# Before it: [04 Quantization](04_quantization.ipynb), [09 On the board](09_on_the_board.ipynb).
#
# A board hangs on a wall, lies in a bag, or belongs to somebody else. Whoever holds it can read it, change it, and shake
# it. In this lesson you attack the motion board of lesson 09 in five ways, all of them on a virtual board, and
# measure what each defence is worth. Attack only what is yours, or what you were asked to attack.

# %% [markdown]
# ## What you will be able to do
#
# - Let a board refuse a model that was changed, and say what that costs and what it rests on.
# - Read a model and a key out of a board's flash, and say what holds a reader back and what does not.
# - Measure how small a nudge changes an answer, and how much about its owner a device tells with each kind of message.

# %% [markdown]
# ## Predict
#
# Somebody sits still with the board in a pocket, and the model says *still*. You may move each of the 300 values of a
# window a little, up or down, as you like. By how many thousandths of a g must you be allowed to move each value until the
# model says something else? Guess.

# %%
# --- solution
my_guess_mg = 100
# --- your turn
# my_guess_mg = ...
# --- end

# %% [markdown]
# ## Build
#
# ### The model as data
#
# In lesson 07 the model became C: a program with numbers in it. Here it becomes an **image**: the same numbers as one
# piece of data, with a small program beside it that computes any image. Data can be checked as a whole, and replaced
# without a new program.

# %%
from tinyml_course.bundle import Bundle
from tinyml_course.export.sealed.image import ModelImage

bundle = Bundle.load_shipped("motion")
image = ModelImage.of(bundle, version=1)
data = image.to_bytes()
print(f"{len(data)} bytes, version {image.version}; they begin with {data[:4]}")

# %% [markdown]
# What can one wrong bit do? A bit turns because flash ages, because a write is interrupted, or because somebody helps. Let
# us turn single bits of the image, 400 of them, drawn at random, and ask each damaged model about 200 windows of people
# whom it has never met. (A wrong bit in the head of the image may make the image unreadable. Such cases are counted apart.)

# %%
import numpy as np
from tinyml_course.datasets.motion import make_motion_dataset
from tinyml_course.errors import DataError

people = make_motion_dataset(people=4, first_person=500)
asked = np.random.default_rng(0).choice(len(people), 200, replace=False)
windows, truth = people.x[asked], people.y[asked]
inputs = bundle.model.input.quantize(bundle.preprocessing.apply(windows))

# %%
def share_right(one):
    return np.mean(one.run(inputs).argmax(axis=1) == truth)

def flip(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)

# %%
bits = np.random.default_rng(1).choice(8 * len(data), 400, replace=False)
damaged, unreadable = [], 0
for bit in bits:
    try:
        damaged.append(share_right(ModelImage.read(flip(data, int(bit)))))
    except DataError:
        unreadable += 1

# %%
from tinyml_course.observe.plots import plot_bars

whole, damaged = share_right(image), np.array(damaged)
print(f"whole: {whole:.3f}; one bit turned, worst: {damaged.min():.3f}; "
      f"unreadable: {unreadable} of {len(bits)}")
lost = whole - damaged
counts = {"as before": np.mean(lost < 0.01),
          "1 to 10 points lost": np.mean((lost >= 0.01) & (lost < 0.1)),
          "more than 10 lost": np.mean(lost >= 0.1)}
plot_bars(counts, title="One bit of the model turned", label="share of bits")

# %% tags=["bounds"]
assert whole > 0.9 and damaged.min() < 0.6 and counts["as before"] > 0.5

# %% [markdown]
# Most bits do next to nothing, and that is the trouble: a damaged model goes on answering, fluently. A few bits ruin it, and
# nothing in the answers says so.
#
# ### A fingerprint
#
# A **hash** makes 32 bytes out of any message. The hash **SHA-256** [FIPS 180-4] is public and has no secret. Turn one bit of
# the message, and about half of the 256 bits of its hash change:

# %%
import hashlib

def fingerprint_bits(content):
    return np.unpackbits(np.frombuffer(hashlib.sha256(content).digest(),
                                       np.uint8))

changed = [np.sum(fingerprint_bits(data) != fingerprint_bits(flip(data, k)))
           for k in range(100)]
print(f"bits of 256 that change: {min(changed)} to {max(changed)}, "
      f"mean {np.mean(changed):.0f}")

# %% tags=["bounds"]
assert 120 < np.mean(changed) < 136

# %% [markdown]
# Against an accident that is enough: keep the hash beside the model, compute it again at each start, and compare. Against a
# person it is worth nothing: whoever swaps the model also computes the new hash, and swaps that too.
#
# ### A tag
#
# ![An image and its tag go to the board, which computes the tag again with its own key and compares](pictures/19_image_and_tag.svg)
#
# A **tag** is a hash that can be computed only by somebody who has the **key**. **HMAC** [RFC 2104] makes a tag from any hash
# $H$. The key $k$ is filled up with zeros to 64 bytes, the length of SHA-256's block, and it goes in twice:
#
# $$\mathrm{HMAC}(k, m) = H\big((k \oplus \mathrm{5c5c...})\ \|\ H((k \oplus \mathrm{3636...})\ \|\ m)\big)$$
#
# $m$ is the message. $\oplus$ is the exclusive or, byte by byte: a bit of it is 1 where exactly one of the two bits is 1.
# $\|$ puts one message behind the other.

# %% [markdown]
# ## Exercise 19.1: a tag by hand
#
# `key` and `message` are bytes, and the key has at most 64 of them. Return the tag as hexadecimal digits, with nothing but
# `sha256`. (`bytes(b ^ 0x36 for b in key)` is the exclusive or, and `key.ljust(64, b"\0")` fills up with zeros.)
#
# Example: `make_tag(b"Jefe", b"what do ya want for nothing?")` gives `"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"`.

# %%
from hashlib import sha256

def make_tag(key, message):
    # --- solution
    key = key.ljust(64, b"\0")
    inside = sha256(bytes(b ^ 0x36 for b in key) + message).digest()
    return sha256(bytes(b ^ 0x5C for b in key) + inside).hexdigest()
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("19.1", make_tag)

# %% [markdown]
# Why does the key go in twice? Suppose that the tag were just $H(k \| m)$. Then whoever sees a message and its tag could
# append something to the message, and compute the tag of the longer message without the key, because the tag is the state
# of the hash after $m$.
#
# ### The key is yours
#
# The course's sketch has a key that stands in a public repository, so it is not really a key. The sketch says so when it
# starts. Make a key of your own from words that nobody guesses, or better, outside a notebook, with
# `secrets.token_bytes(32)`:

# %%
# --- solution
my_words = b"a blue owl ate 71 kilos of sand, twice"
# --- your turn
# my_words = b"EXAMPLE: change these words"
# --- end
my_key = hashlib.sha256(my_words).digest()

# %%
import tempfile
from pathlib import Path
from tinyml_course.export.firmware.sealed import export_sealed_c
from tinyml_course.export.firmware.sketch_folder import write_sketch

workshop = tempfile.TemporaryDirectory()
folder = write_sketch(bundle, "security", Path(workshop.name))
written = export_sealed_c(bundle, folder, "security", key=my_key, version=1)
print(*sorted(path.name for path in written), sep="\n")

# %% [markdown]
# `security_image.c` holds the image and its tag, SHA-256, HMAC and the network's arithmetic, and needs no library.
# `security_key.h` holds your key. Now the same folder goes onto a virtual Nano. When the board starts, it computes the tag
# again, and it runs the model only if the tag is right.

# %%
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.debug_port import DebugPort
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.shipped import DATA

nano_sketch = build_sketch(folder, "nano33ble")
walker = read_trace(DATA / "motion_p003.csv")

# %%
def power_on(prepare=lambda port: None, seconds=5, trace=walker, stored=b""):
    board = VirtualBoard(nano_sketch, [trace], stored)
    port = DebugPort(board)
    prepare(port)
    board.run(seconds)
    return board, port, board.uart.take().decode().splitlines()

# %%
_, _, lines = power_on()
print(*lines[:4], sep="\n")

# %% tags=["bounds"]
assert lines[1].startswith("check:0,version:1") and "window:0" in lines[2]

# %% [markdown]
# `check:0` means "in order", and `check_us` is how many microseconds the check took on the Nano, compiled to be small.
#
# ## Measure
#
# ### What a check costs
#
# Here the C alone was compiled to be fast, and measured on three emulated cores. The flash is that of SHA-256 and HMAC, with
# a few bytes of start-up code. The last column is for a model as large as the digits network of lesson 13.

# %%
from tinyml_course.board.catalog import get_board
from tinyml_course.board.measure import measure_function

cores = {"nano33ble": "cortex-m4", "wio_terminal": "cortex-m4",
         "xiao_samd21": "cortex-m0plus", "esp32c3": "riscv32"}
tag = bytearray(32)
costs = {core: measure_function([folder / "security_image.c"], "security_hmac",
                                my_key, data, len(data), tag, target=core,
                                include_dirs=[folder])
         for core in set(cores.values())}

# %%
def cycles_a_byte(board):
    return costs[cores[board]].estimated_cycles / len(data)

def milliseconds(board, content_bytes):
    cycles = cycles_a_byte(board) * content_bytes
    return f"{1000 * cycles / get_board(board).clock_hz:.1f} ms"

# %%
from tinyml_course.table import Table

rows = [(b, f"{costs[core].flash_bytes:,}", f"{cycles_a_byte(b):.0f}",
         milliseconds(b, len(data)), milliseconds(b, 31_376))
        for b, core in cores.items()]
heads = ("board", "flash bytes", "cycles a byte", "this model", "31 kB")
Table(heads, tuple(rows))

# %% tags=["bounds"]
assert bytes(tag).hex() == make_tag(my_key, data)
assert all(cost.flash_bytes < 2500 for cost in costs.values())

# %% [markdown]
# A check costs two kilobytes, and a few milliseconds once at the start. For the larger model it takes up to a seventh of a
# second on the slowest of these boards. There is no reason not to check.
#
# ### On the board
#
# Before the power comes on, somebody uses the **debug port** (two wires that every such chip has) to turn one bit of one
# weight:

# %%
def turn_a_bit(port):
    at = nano_sketch.program.address_of("security_sealed")
    port.flip_bit(at + 700, bit=6)

board, _, lines = power_on(turn_a_bit, seconds=2.5)
print(*lines[1:], sep="\n")
lamp = [c.time_us / 1e6 for c in board.gpio.changes if c.pin == 13]
print(f"the lamp changed {len(lamp)} times in 2.5 s: a fast blink")

# %% tags=["bounds"]
assert lines[1].startswith("check:2,version:0") and len(lamp) > 40
assert not any(line.startswith("window:") for line in lines)

# %% [markdown]
# No window is classified any more. A board that says nothing is better than a board that may say anything.
#
# ## Break it on purpose
#
# ### 1. Read it out
#
# The same two wires read as well as they write. Here they read all that is in the flash of the Nano. An attacker who knows
# the format (it is in a public course) and nothing else finds this in it:

# %%
from tinyml_course.attacks.readout import find_images

_, port, _ = power_on()
dump = port.read_flash()
used = len(dump.rstrip(b"\xff"))
((at, stolen),) = find_images(dump)
print(f"{len(dump):,} bytes, {used:,} of them used; a model at {at:,}")

# %%
same = stolen.run(inputs) == image.run(inputs)
print(f"{np.mean(same):.0%} of {same.size} answers' bytes are the same")
print("the key is in the dump, at", dump.find(my_key))

# %% tags=["bounds"]
assert same.all() and dump.find(my_key) > 0

# %% [markdown]
# The attacker has both the model and the key. A model in TensorFlow Lite's own format would be found as easily, by the
# letters `TFL3` (`find_tflite_models` in the same file finds it whole). And the key does more harm than the model: whoever
# has it can sign. Our thief exchanges two classes, gives the image a higher version, seals it with your key, and sends it:

# %%
from dataclasses import replace
from tinyml_course.export.sealed.seal import seal_image

last = stolen.layers[-1]
swapped = replace(last, weights=last.weights[[1, 0, 2]],
                  bias=last.bias[[1, 0, 2]])
evil = replace(stolen, version=2, layers=(*stolen.layers[:-1], swapped))

# %%
def send(board, sealed, seconds=0.3):
    board.uart.give(b"u " + sealed.hex().encode() + b"\n")
    board.run(seconds)
    lines = board.uart.take().decode().splitlines()
    return [line for line in lines if line.startswith(("update", "# update"))]

board, _, _ = power_on(seconds=0.5)
print(*send(board, seal_image(evil, my_key)))

# %%
board.run(4)
print(*board.uart.take().decode().splitlines()[:2], sep="\n")
print("and the person stands still")

# %% [markdown]
# The tag was right. HMAC says "made by somebody with the key", and a key that lies in every device is no secret.
#
# And who can *write* need not read the key at all. The thief builds the public sketch, and looks how far in front of the
# model its key stands. There he writes a key of his own over yours, and over the model an image whose tag fits his key:

# %%
from tinyml_course.board.virtual.debug_port import flash_image
from tinyml_course.export.sealed.seal import EXAMPLE_KEY

public = flash_image(build_sketch("security", "nano33ble").program)
((model_at, _),) = find_images(public)
in_front = model_at - public.find(EXAMPLE_KEY)
thiefs_key = bytes(32)

# %%
def overwrite(port):
    model = nano_sketch.program.memory.flash_start + at
    sealed = seal_image(replace(evil, version=1), thiefs_key)
    port.write_flash(model - in_front, thiefs_key)
    port.write_flash(model, sealed)

_, _, overwritten = power_on(overwrite)
print(*overwritten[1:3], sep="\n")

# %% tags=["bounds"]
assert overwritten[1].startswith("check:0,version:1,")
assert overwritten[2].startswith("window:0,class:1,")

# %% [markdown]
# `check:0`, and the person stands still. The key lies in the same flash as the model, and so does the program that checks.
# So a tag holds against those who send updates. Against those who write the flash it holds nothing, and a public key in
# that flash would hold no more.
#
# ### 2. Lock it
#
# Chips have a lock against this. On the Nano's nRF52840 it is called **APPROTECT**, and on the SAM D51 of the Wio Terminal
# it is called the security bit. The virtual board does what the data sheets promise:

# %%
from tinyml_course.errors import BoardError

port.protect()
for attack in (DebugPort.read_flash, overwrite):
    try:
        attack(port)
    except BoardError as error:
        print(error)
port.erase_all()
print(set(port.read_flash()), "is all that is left")

# %%
wio = DebugPort(VirtualBoard(build_sketch("security", "wio_terminal")))
wio.protect()
bootloader = wio.read_flash(through="bootloader")
print(f"the locked Wio's bootloader gives {len(find_images(bootloader))} model")

# %% tags=["bounds"]
assert len(find_images(bootloader)) == 1

# %% [markdown]
# Three honest remarks belong to this. First, a **bootloader** runs on the chip itself, where the lock stops nobody: the
# bootloaders of the SAMD boards give the flash away as a file, or to `bossac --read`, even when the bit is set. Second, the
# locks of cheap chips have been opened: a short drop of the supply voltage at the right moment, a glitch, makes an nRF52840
# forget to lock (CVE-2020-27211, 2020). A later revision of the chip is built differently. A virtual board has no supply
# voltage, so we cannot measure that. Read a lock as a price, not as a wall.
#
# Third, no lock stops an upload: the boards of this course take any sketch over USB, also one with the thief's key. Only
# **secure boot** closes that: what runs first cannot be overwritten, and starts nothing that the maker has not signed. The
# ESP32-C3 has it in its ROM from revision 3 on, with the hash of the public key in fuses. For the nRF52840, Nordic's nRF5
# SDK has a bootloader that checks the signature at each start; the lock keeps the two wires away from it. The sketches of
# this course use neither.
#
# ### 3. The old one again
#
# Updates have a second weakness: the tag of an old update stays right for ever. If version 2 had a fault, somebody who
# recorded it can send it again after version 3 has come. So the board asks for two things: a right tag, and a new version.

# %% [markdown]
# ## Exercise 19.2: which update is taken?
#
# `tag_is_right` is True or False, `version` stands in the update, and `at_work` is the version of the model at work. Return
# whether the board takes the update. The same version again is a **replay**, and is not taken.

# %%
def takes(tag_is_right, version, at_work):
    # --- solution
    return tag_is_right and version > at_work
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("19.2", takes)

# %%
board, _, _ = power_on(seconds=0.5)
second, third = (replace(image, version=v) for v in (2, 3))
updates = {"unsigned": third.to_bytes(),
           "another's key": seal_image(third, bytes(32)),
           "version 3": seal_image(third, my_key),
           "version 3 again": seal_image(third, my_key),
           "back to version 2": seal_image(second, my_key)}
said = {name: send(board, sealed) for name, sealed in updates.items()}

# %%
for name, lines in said.items():
    what = lines[1].removeprefix("# ") if len(lines) > 1 else "taken"
    print(f"{name:<18}{what}")

# %% tags=["bounds"]
assert [len(lines) for lines in said.values()] == [2, 2, 1, 2, 2]

# %% [markdown]
# A counter is worth as much as the memory that holds it. The sketch keeps an update in flash, and checks it at each start,
# as it checks the shipped model. So a reset does not take the version back. Nor does it help to pull the cable while an
# update is being written: two places take turns, and the update before it lies in the other place. (With only one place,
# pulling that cable was the cheapest attack of this lesson.) But somebody who can write to that flash does take the version
# back: if it is empty, the board behaves as if no update had ever come.

# %%
kept = board.storage.content
for name, stored in (("off and on", kept), ("emptied by a thief", b"")):
    board, _, _ = power_on(seconds=0.5, stored=stored)
    old = send(board, seal_image(second, my_key))
    print(f"{name}: version 2 is {'taken' if len(old) == 1 else 'refused'}")

# %% tags=["bounds"]
assert len(kept) > 1000 and len(old) == 1

# %% [markdown]
# A tag is **symmetric**, which means: whoever can check can also sign. A **signature** separates the two. The maker keeps a
# secret key, and the board has a public key, with which one can only check. Ed25519 [RFC 8032] is such a signature, and in
# `export/sealed/ed25519.py` it takes some hundred lines of Python:

# %%
from tinyml_course.export.sealed.ed25519 import is_signed, public_key, sign

secret = sha256(b"kept in a drawer: " + my_words).digest()
on_the_board = public_key(secret)
signature = sign(secret, third.to_bytes())
forged = sign(on_the_board, evil.to_bytes())  # with what a dump shows
for who, one, signed in (("the maker's", third, signature),
                         ("the thief's", evil, forged)):
    is_right = is_signed(on_the_board, one.to_bytes(), signed)
    print(f"{who} update is {'taken' if is_right else 'refused'}")

# %% tags=["bounds"]
assert is_signed(on_the_board, third.to_bytes(), signature)
assert not is_signed(on_the_board, evil.to_bytes(), forged)

# %% [markdown]
# Now a copy of the flash gives the thief nothing to sign with. The course has no C for Ed25519 (a check multiplies numbers
# of 255 bits, again and again). So our sketch has the symmetric tag, and you know now what that means: if one board is
# read, all boards are read, unless each board has a key of its own.
#
# ### 4. Nudge it
#
# Here nobody touches the board. Only what the sensor says is changed a little. Whoever has the weights, as our thief does,
# can compute the **gradient**: it says for each of the 300 values in which direction the answer tips. The thief goes a
# small step along the signs of the gradient, looks at the answer, and goes on until the integers of the board answer
# something else. The control beside it takes random signs, with the same size.

# %%
from tinyml_course.attacks.nudge import (StolenModel, random_nudges,
                                         smallest_nudge)
from tinyml_course.datasets.motion import make_person, synthesize_recording

thief = StolenModel(stolen, bundle)
sitting = [synthesize_recording(make_person(0, 2000 + n), "still", 12, [n, 9])
           for n in range(12)]
quiet = np.stack([recording[200:300] for recording in sitting])
nudges = [smallest_nudge(thief, window, towards=1) for window in quiet]

# %%
from tinyml_course.classroom import compare_guess

rng = np.random.default_rng(2)
sizes = np.array([nudge.size for nudge in nudges])
print("mg, by person:", np.sort(np.round(1000 * sizes)).astype(int))
by_chance = [thief.answer(w + random_nudges(w.shape, s, 50, rng)) != 0
             for w, s in zip(quiet, sizes)]
print(f"random signs of the same size: {np.mean(by_chance):.1%} change it")
compare_guess(my_guess_mg, 1000 * np.median(sizes), "mg")

# %% tags=["bounds"]
assert np.median(sizes) <= 0.06 and np.mean(by_chance) <= 0.01
assert (thief.answer(quiet) == 0).all()

# %%
from tinyml_course.observe.plots import plot_curves

first = quiet[0]
plot_curves(np.arange(100) / 50, {"as it was": first[:, 2],
            "nudged": (first + nudges[0].delta)[:, 2]},
            title="Still, and no longer still for the model",
            xlabel="time (s)", ylabel="z (g)")

# %% [markdown]
# Sitting people now "walk", and an insurer who pays for steps is deceived. A nudge of 40 mg is as much as a tilt by little
# more than two degrees. By chance it takes far more: noise of the same size changes nothing, because it pushes 300 values
# in 300 directions.
#
# Does the nudge survive in the real world? Each row of the table changes one thing. In each column the nudge is multiplied
# by another factor, to make it larger than it has to be.

# %%
from tinyml_course.datasets.motion import GRID_G, cut_windows

def share_fooled(changed):
    return np.mean([np.mean(thief.answer(c.reshape(-1, 100, 3)) != 0)
                    for c in changed])

def noisy(window, mg):
    noise = np.random.default_rng(3).normal(0, mg / 1000, (50, *window.shape))
    return window + noise

# %%
def nudge_once(recording, delta):
    changed = recording.copy()
    changed[200:300] += delta
    return changed

def smoothed(recording, delta):
    windows = cut_windows(nudge_once(recording, delta))
    scores = thief.outputs(windows).astype(float)
    three = np.lib.stride_tricks.sliding_window_view(scores, 3, axis=0)
    return np.any(three.mean(axis=-1).argmax(axis=1) != 0)

# %%
factors = (1.0, 1.25, 1.5)
deltas = {f: [f * nudge.delta for nudge in nudges] for f in factors}
tests = {
    "float to int8": lambda w, r, d: w + d,
    "12-bit sensor": lambda w, r, d: np.round((w + d) / GRID_G) * GRID_G,
    "noise of 0.9 mg": lambda w, r, d: noisy(w + d, 0.9),
    "noise of 5 mg": lambda w, r, d: noisy(w + d, 5),
    "window 0.2 s later": lambda w, r, d: nudge_once(r, d)[210:310],
    "window 0.8 s later": lambda w, r, d: nudge_once(r, d)[240:340]}

# %%
survives = {name: [share_fooled([test(w, r, d) for w, r, d
                                 in zip(quiet, sitting, deltas[f])])
                   for f in factors] for name, test in tests.items()}
survives["mean of three answers"] = [
    np.mean([smoothed(r, d) for r, d in zip(sitting, deltas[f])])
    for f in factors]
rows = [(name, *(f"{s:.2f}" for s in shares))
        for name, shares in survives.items()]
Table(("share that still fools it", "x 1", "x 1.25", "x 1.5"), tuple(rows))

# %% tags=["bounds"]
assert survives["float to int8"] == [1, 1, 1]
assert survives["noise of 0.9 mg"][1] > 0.9
assert survives["mean of three answers"] == [0, 0, 0]
assert survives["window 0.8 s later"][0] < 0.1

# %% [markdown]
# Quantization is no defence: the nudge was judged on the int8 model. The noise of the sensor is no defence either. But the
# attacker must know to a fraction of a second *when* a window begins, and a detector that asks three windows in a row is
# not moved by a single nudged one. An attacker who knows that will nudge all three, with more effort. So it is a matter of
# price. The mean of three answers raises it, and costs a second of delay. On the board, we show a nudged window, and after
# it the same window untouched:

# %%
from tinyml_course.board.virtual.traces import acceleration_trace

nudged = sitting[0][:300].copy()
nudged[:100] = quiet[0] + 1.25 * nudges[0].delta
nudged[100:200] = quiet[0]
_, _, lines = power_on(seconds=6, trace=acceleration_trace(nudged))
print(*[line.split(",latency")[0] for line in lines if "window" in line][:4],
      sep="\n")

# %% tags=["bounds"]
assert "window:0,class:1" in "\n".join(lines)

# %% [markdown]
# ### 5. What leaves the device
#
# The last attack needs no board at all, but only what it sends. Thirty people walk, and each of them walks twice, for 20 s.
# From the first walk we know who is who. For the second walk we guess who it is, by the **nearest neighbour**: who walked
# most like that?

# %% [markdown]
# ## Exercise 19.3: who is it?
#
# `known` has the shape `(n, values)`, with one row for each of n people; `names` holds their n names; `asked` has the shape
# `(values,)`. Return the name whose row is nearest to `asked`, by the sum of squared differences.
#
# Example: `who_is_it(np.array([[0, 0], [3, 4]]), ["Ann", "Bo"], np.array([2, 2]))` gives `"Bo"`.

# %%
def who_is_it(known, names, asked):
    # --- solution
    return names[np.argmin(((known - asked) ** 2).sum(axis=1))]
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("19.3", who_is_it)

# %%
from tinyml_course.datasets.motion import make_mounting

def walk(number, take, same_pocket):
    day = 0 if same_pocket else take
    mounting = make_mounting(np.random.default_rng([number, day]))
    recording = synthesize_recording(make_person(0, 1000 + number), "walk",
                                     20, [number, take, 5], mounting)
    return cut_windows(recording)

# %%
def messages(windows):
    """What could be sent of each window, from the most to the least."""
    scores = bundle.predict_scores(windows)
    features = bundle.preprocessing.apply(windows)
    return {"raw windows": windows.reshape(len(windows), -1),
            "eight features": bundle.model.input.quantize(features),
            "three scores": scores,
            "one answer": scores.argmax(axis=1)[:, None].astype(float)}

# %%
def listen(take, same_pocket):
    walks = [walk(number, take, same_pocket) for number in range(30)]
    who = np.repeat(np.arange(30), [len(one) for one in walks])
    return messages(np.concatenate(walks)), who

days = {"same pocket": (listen(1, True), listen(2, True)),
        "worn anew": (listen(1, False), listen(2, False))}

# %%
from sklearn.neighbors import KNeighborsClassifier

kinds = {"raw windows": 600, "eight features": 8, "three scores": 3,
         "one answer": 1}
known = {day: {kind: KNeighborsClassifier(1).fit(first[kind], who)
               .score(second[kind], who_later) for kind in kinds}
         for day, ((first, who), (second, who_later)) in days.items()}

# %%
from tinyml_course.observe.plots import plot_grouped_bars

rows = [(kind, str(sent), *(f"{known[day][kind]:.3f}" for day in days))
        for kind, sent in kinds.items()]
print(f"chance: {1 / 30:.3f}")
Table(("sent of each window", "bytes", *days), tuple(rows))

# %% tags=["bounds"]
assert known["same pocket"]["raw windows"] > 0.7
assert known["worn anew"]["eight features"] > 5 / 30
assert all(known[day]["one answer"] < 0.06 for day in days)

# %%
plot_grouped_bars(known, title="One of thirty recognised by a walk",
                  label="share of windows")

# %% [markdown]
# Read the last column twice. Raw windows tell who it is as long as the phone stays in the same pocket. If it is turned,
# they tell nothing, at least to this simple attacker. The eight features were made to survive turning, and so does what
# they tell: 8 bytes are right about ten times as often as chance. Features are not anonymous. One answer for each window
# tells no more than chance. But a day of answers still says when somebody sleeps and when they leave home.
#
# ### Real voices
#
# These people are made by a program. So the same question was asked about real people: volunteers of *Speech Commands* (P.
# Warden 2018, CC BY 4.0). 255 clips of *yes* and *no* by 38 of them were judged with the keyword network of lesson 12. The
# course contains none of these clips. For each clip we look for the nearest other clip of the same word, among the clips of
# all 90 speakers of the folder. Is it by the same speaker?
#
# | sent of each word | the same speaker |
# |---|---|
# | the sound | 0.176 |
# | the log-mel picture, 49 times 20 numbers | 0.522 |
# | the mean of the picture over time, 20 numbers | 0.745 |
# | the four scores | 0.183 |
# | the answer | 0.027 |
# | chance | 0.027 |
#
# A part of that comes from the microphone and the room, which are the same in all clips of a speaker. To this attacker,
# twenty numbers tell more about the speaker than sixteen thousand do, and even four scores tell something. Repeat the
# measurement on a folder of your own with
#
#     python -m tinyml_course.labs.voices FOLDER
#
# About real walkers, see the first case in `docs/teaching/ethics.md`.

# %% [markdown]
# ## Move it
#
# Here is a still window, and a change of it: either along the gradient, or with random signs. How large may the change be
# until the model answers something else?

# %%
from tinyml_course.live.explorers import explore_nudge

explore_nudge(quiet[0], bundle)

# %% [markdown]
# ## The threat table
#
# Every claim about security is about an attacker. These are ours:
#
# | attack | who can | defence | what it costs | what stays open |
# |---|---|---|---|---|
# | a bit flips | nobody, time | hash or tag at the start | 2 kB, some ms | RAM, and flash after the start |
# | model and key are overwritten | who has the cable | lock and secure boot; a tag does not help | the debugger is gone for you too | glitch; here also any upload |
# | model and key are read out | who has the cable | lock; no key, but a public one | the debugger is gone for you too | bootloader, glitch |
# | an old update again | who recorded it | version counter | 4 bytes that stay | who can empty that flash |
# | an update by somebody else | anybody near | tag, or signature | 64 bytes and a public key | tag: any board that was read |
# | a nudge | who knows the model | several windows, plausibility | a second of delay | nudge all windows |
# | who is it? | who gets the messages | send answers, not features | nothing | habits |
#
# And this is what was measured here, without each defence and with it. To see a board without the defence, we leave it out:
# in a second sketch, nobody compares the tags or the versions. It gets two of the updates that the first sketch refused.

# %%
from tinyml_course.export.sealed.seal import Seal, check_seal

sealed = seal_image(image, my_key)
found = sum(check_seal(flip(sealed, int(bit)), my_key, image.interface)
            is not Seal.GOOD for bit in bits)
refused = {name: "taken" if len(lines) == 1 else "refused"
           for name, lines in said.items()}

# %%
import re

bare = write_sketch(bundle, "security", Path(workshop.name) / "bare")
export_sealed_c(bundle, bare, "security", key=my_key, version=1)
code = (bare / "security_image.c").read_text()
code, tags = re.subn(r".*return SECURITY_WRONG_TAG;\n", "", code)
code, versions = re.subn(r"\? SECURITY_OLD", "? SECURITY_GOOD", code)

# %%
(bare / "security_image.c").write_text(code)
naive = VirtualBoard(build_sketch(bare, "nano33ble"), [walker])
naive.run(0.5)
naive.uart.take()
taken = {name: "taken" if len(send(naive, updates[name])) == 1 else "refused"
         for name in ("another's key", "back to version 2")}

# %%
def read_out(port, way):
    try:
        return f"{len(find_images(port.read_flash(through=way)))} model"
    except BoardError:
        return "refused"

_, locked, _ = power_on(DebugPort.protect, seconds=0)
read = (f"Nano: {read_out(locked, 'debugger')}, "
        f"Wio's bootloader: {read_out(wio, 'bootloader')}")
anew = known["worn anew"]

# %%
try:
    overwrite(locked)
    overwriting = "taken"
except BoardError:
    overwriting = "refused"

fooled, steady = survives["float to int8"], survives["mean of three answers"]

# %%
rows = (("a bit turned", f"down to {damaged.min():.0%} right",
         f"{found} of {len(bits)} refused"),
        ("another's update", taken["another's key"], refused["another's key"]),
        ("key and model overwritten", "taken", f"with a lock: {overwriting}"),
        ("readout", f"{len(find_images(dump))} model, a key", read),
        ("an old update", taken["back to version 2"],
         refused["back to version 2"]),
        ("a nudge, once", f"{fooled[0]:.0%} fooled", f"{steady[0]:.0%} fooled"),
        ("who is it?", f"{anew['eight features']:.0%} by features",
         f"{anew['one answer']:.0%} by answers"))

# %%
Table(("attack", "without", "with the defence"), rows)

# %% tags=["bounds"]
assert found == len(bits)
assert rows[1][2] == rows[4][2] == "refused" and rows[5][2] == "0% fooled"
assert overwriting == "refused"
assert tags == versions == 1
assert rows[1][1] == rows[4][1] == "taken"
assert read == "Nano: refused, Wio's bootloader: 1 model"

# %% [markdown]
# The course's own virtual boards have another table, for strangers' sketches and models:
# [virtual boards](../docs/virtual_boards.md).

# %% [markdown]
# ## Explain it
#
# A colleague says: "Our model is safe. It is quantized, so nobody can nudge it; we store its SHA-256, so nobody can swap
# it; and only features leave the device, so nobody is recognised." Answer in a few sentences.
#
# <details>
# <summary>One way to say it</summary>
#
# The answer is no, three times. The nudge is computed for the quantized model, and a few hundredths of a g are enough. A
# hash without a key protects only against accidents: whoever swaps the model also swaps the hash. So use a tag, or better a
# signature, and keep in mind where the key lies: whoever can write there swaps the key as well. And features that survive a turned phone still carry what is the person's
# own. Compare a nearest neighbour with chance before you call them anonymous. Send answers, if answers are what is needed.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# Somebody shakes the sitting person's chair, so that every value changes by 100 mg, with a random sign. Which share of the
# windows does the model no longer call *still*? Predict it, then run the cell, and change `size_mg` until half of the
# windows are no longer called still.

# %%
# --- solution
my_prediction = 0.5
# --- your turn
# my_prediction = ...
# --- end

# %%
size_mg = 100
shaken = [thief.answer(w + random_nudges(w.shape, size_mg / 1000, 30, rng)) != 0
          for w in quiet]
compare_guess(my_prediction, float(np.mean(shaken)))

# %% tags=["bounds"]
assert np.mean(shaken) < 0.2

# %% [markdown]
# Random pushes mostly cancel in the features, which sum up a hundred readings. A nudge along the gradient pushes every
# reading the way that counts. So a size in mg says little without its direction.

# %% [markdown]
# ## Open task ★
#
# Give each board a key of its own, so that when one board is read, only this board is lost. Let the maker derive the key
# from the board's number and from a master key that never leaves the house (`hmac` of the number). Write down what the
# maker must store, what happens to an update for a thousand boards, and where the number stands. Or find the weights in the
# flash of `arduino_sketches/motion`. There they are no image, but tables in the order in which a kernel reads them;
# `export/kernels/packings.py` knows the order.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("19")

# %% [markdown]
# ## Takeaways
#
# - A model is data: check it at the start. SHA-256 finds accidents, a tag finds updates from people without the key.
# - Whoever can write the flash writes the key too. A lock on the debug port and secure boot close that, no tag does.
# - A symmetric key in a board is as safe as the board's flash. If one board is read, all boards are read.
# - Locks refuse the debugger, not the bootloader, and the locks of cheap chips have been opened with a glitch.
# - A right tag does not make an update new: count versions, and keep the counter where a reset leaves it.
# - Nudges survive quantization. Say their size, and what chance does with the same size.
# - Features that work for everybody may still say who somebody is, by walk or by voice. Measure that against chance.

# %% [markdown]
# ## Further reading
#
# - NIST, [FIPS 180-4, Secure Hash Standard](https://doi.org/10.6028/NIST.FIPS.180-4), 2015.
# - H. Krawczyk and others, [RFC 2104, HMAC](https://www.rfc-editor.org/rfc/rfc2104), 1997; its vectors for SHA-256 in [RFC 4231](https://www.rfc-editor.org/rfc/rfc4231).
# - S. Josefsson, I. Liusvaara, [RFC 8032, EdDSA](https://www.rfc-editor.org/rfc/rfc8032), 2017.
# - B. Moran and others, [RFC 9019, A Firmware Update Architecture for Internet of Things](https://www.rfc-editor.org/rfc/rfc9019), 2021.
# - Espressif, [Secure Boot V2 of the ESP32-C3](https://docs.espressif.com/projects/esp-idf/en/v5.3.4/esp32c3/security/secure-boot-v2.html), and Nordic Semiconductor, [Secure boot and firmware updates](https://docs.nordicsemi.com/r/bundle/nrf5_sdk_v17.1.0/page/lib_secure_boot.html) in the nRF5 SDK.
# - Nordic Semiconductor, [nRF52840 Product Specification](https://docs.nordicsemi.com/bundle/ps_nrf52840/page/keyfeatures_html5.html), chapter Debug and trace; and the glitch, [CVE-2020-27211](https://nvd.nist.gov/vuln/detail/CVE-2020-27211).
# - Microchip, [SAM D5x/E5x family data sheet, DS60001507](https://ww1.microchip.com/downloads/aemDocuments/documents/MCU32/ProductDocuments/DataSheets/SAM-D5x-E5x-Family-Data-Sheet-DS60001507.pdf), 12.7 Chip Erase and 25.6.10 Security Bit; and the [bootloader that does not honor it](https://github.com/arduino/ArduinoCore-samd/issues/570).
# - I. Goodfellow and others, [Explaining and Harnessing Adversarial Examples](https://arxiv.org/abs/1412.6572), 2015.
# - A. Kurakin and others, [Adversarial Examples in the Physical World](https://arxiv.org/abs/1607.02533), 2017.

# %% [markdown]
# ## Next
#
# `docs/teaching/ethics.md` of the course has cases to talk about, and
# [20 Ten minutes on a stage](20_workshop_demo.ipynb) shows to others what you have built.
