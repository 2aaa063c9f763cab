# %% [markdown]
# # 09 On the board
#
# Time: {measured_time} on two cores. Board: a virtual one; a real one if you have it.
#
# Everything so far ran on your computer. Now the model meets a sensor, a clock and a lamp. You will
# run an Arduino program, unchanged, on a **virtual board**: a program that executes the board's
# instructions one by one, and plays the sensor, the serial port, the lamp and the screen.
#
# If you have a real board, change one line and do the same on the metal.

# %% [markdown]
# ## What you will be able to do
#
# - Read an Arduino sketch that samples, classifies and shows the result without losing a sample.
# - Run it on a board, read its serial lines, and hold them against Python window by window.
# - Measure a model's accuracy and time **on the device**, over the whole test set.

# %% [markdown]
# ## Predict
#
# The board's processor ticks 64 million times a second, your laptop's a few billion times. How many
# milliseconds will the board take for one inference? Write your guess.

# %%
# --- solution
my_guess_ms = 5.0
# --- your turn
# my_guess_ms = ...
# --- end

# %% [markdown]
# ## Build
#
# An Arduino program is called a **sketch**. `setup()` runs once, then `loop()` runs again and again,
# for ever. This is the loop of `arduino_sketches/motion/motion.ino`:

# %%
from tinyml_course.shipped import DATA, SKETCHES

sketch = (SKETCHES / "motion" / "motion.ino").read_text()
start = sketch.index("void loop()")
print(sketch[start : sketch.index("\n}\n", start) + 2])

# %% [markdown]
# Two lines deserve a second look:
#
# - `if ((int32_t)(micros() - next_sample_us) < 0) return;` says: not yet, come back later. Nothing
#   waits here, so the lamp can blink and the serial port can work in between.
# - `next_sample_us += PERIOD_US;` adds to the **plan**, not to the present. A sample that came late
#   does not push the next one.
#
# `memmove` keeps the second half of the window, so that a new answer comes every second from the last
# two.

# %% [markdown]
# ## Exercise 9.1: a clock that turns over
#
# `micros()` counts microseconds in 32 bits. After $2^{32}$ of them it begins again at 0. How many
# minutes is that?

# %%
def minutes_to_zero(bits, ticks_a_second):
    # --- solution
    return 2**bits / ticks_a_second / 60
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("9.1", minutes_to_zero)

# %% [markdown]
# A sketch that compares `micros() > next` stops working after that time, on the table of your first
# customer. The difference, taken as a *signed* number, stays right across the turn. That is what the
# `(int32_t)` is for.
#
# Now compile the sketch. The compiler comes with the course; nothing has to be installed.

# %%
from tinyml_course.board.build.sketch import build_sketch

built = build_sketch("motion", "nano33ble")
print(f"the program: {built.flash_bytes:,} B of flash, {built.ram_bytes:,} B of static RAM")
print(f"left on a real board, beside Arduino's own core: {built.fit.flash_free_bytes:,} B of flash,")
print(f"{built.fit.ram_free_bytes:,} B of RAM")

# %% [markdown]
# The sensor needs something to feel. A **trace** is a recording that the virtual accelerometer plays
# back: here somebody stands, walks and runs.

# %%
from tinyml_course.board.virtual.traces import read_trace

trace = read_trace(DATA / "motion_p003.csv")
print(f"{trace.seconds:.0f} s, {len(trace.values)} samples of {trace.values.shape[1]} axes")

# %%
from tinyml_course.board.run import run_sketch

run = run_sketch("motion", "nano33ble", [trace])
for line in [*run.lines[:4], "...", *run.lines[-2:]]:
    print(line)

# %% [markdown]
# ## Exercise 9.2: read a line
#
# Each line is a list of `name:value`, separated by commas. Turn one into a dictionary of numbers:
# `"a:1,b:0.5"` becomes `{"a": 1.0, "b": 0.5}`.

# %%
def read_record(line):
    """A serial line as names and numbers."""
    # --- solution
    fields = [field.split(":") for field in line.split(",")]
    return {name: float(value) for name, value in fields}
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("9.2", read_record)

# %% [markdown]
# ## Right on the PC, wrong on the board?
#
# That is the complaint that courses like this one hear most. So compare. The Bundle cuts the same
# trace into the same windows, in Python, and answers for each:

# %% tags=["nbval-check-output"]
import numpy as np

from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("motion")
starts = range(0, len(trace.values) - bundle.window + 1, bundle.window // 2)
windows = np.stack([trace.values[s : s + bundle.window] for s in starts])
python = bundle.predict_scores(windows).argmax(axis=1)
device = [int(line.split("class:")[1][0]) for line in run.lines[1 : len(python) + 1]]
print("windows:", len(python), " same class on the board:", int((python == device).sum()))

# %% [markdown]
# And the lamp? Off for still, on for walking, blinking for running. Pin 13 of the Nano is its orange
# lamp:

# %%
from tinyml_course.observe.board_plots import plot_pins

plot_pins(run.board.gpio.changes, {13: "lamp"}, run.seconds)

# %% [markdown]
# The same sketch, not one letter changed, on a Wio Terminal. It has another sensor, another processor
# clock, and a screen:

# %%
from tinyml_course.observe.board_plots import plot_screen

wio = run_sketch("motion", "wio_terminal", [trace])
plot_screen(wio.board.screen.image)

# %% [markdown]
# ## Measure
#
# A few seconds of one person prove little. The sketch `selftest` takes any window over the serial port
# and answers with the model's integers and the microseconds it took. So the *whole* test set can go
# through the device.
#
# **This is the one line to change** for a real board: upload `selftest` with the Arduino IDE, and
# write your port, for instance `"/dev/ttyACM0"`, or `"COM5"` on Windows. `tinyml ports` lists them.

# %%
PORT = "virtual://nano33ble?sketch=selftest"

# %%
from tinyml_course.datasets import split_by_group
from tinyml_course.labs import get_lab

lab = get_lab("motion")
test = split_by_group(lab.make_dataset(lab.seed), seed=lab.seed).test
inputs = bundle.model.input.quantize(bundle.preprocessing.apply(test.x))
print(f"{len(test)} windows of people whom the model has never met")

# %%
from tinyml_course.observe.link import open_link
from tinyml_course.observe.selftest import run_selftest

with open_link(PORT) as link:
    result = run_selftest(link, inputs)
print(f"answers: {len(result.outputs)}, lines sent again because of noise: {result.repeated}")

# %% tags=["nbval-check-output"]
from tinyml_course.interpreters.tflm import run_integer_model

expected = run_integer_model(bundle.model, inputs).outputs
accuracy = float((result.outputs.argmax(axis=1) == test.y).mean())
print("accuracy on the device at least 0.95:", accuracy >= 0.95)
print("output bytes:", expected.size, " differing from TFLM:", int((result.outputs != expected).sum()))

# %% [markdown]
# One number is missing: the time. It must be that of the inference alone. A program that reads the
# sensor between its two looks at the clock has measured the sensor.

# %% [markdown]
# ## Exercise 9.3: one number out of many
#
# `result.latency_us` holds the microseconds of every inference. On a real board a few of them are
# larger, because the processor was interrupted. Which single number describes them best: the mean,
# the median, or the smallest? Compute the one that an interruption disturbs least of the first two.

# %%
def typical(latency_us):
    # --- solution
    return np.median(latency_us)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("9.3", typical)

# %%
print(f"one inference: {result.median_latency_us:.0f} us, estimated by Arm's published timings")
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_ms, result.median_latency_us / 1000, "ms")

# %% [markdown]
# Instructions are counted exactly here; the clock ticks that each of them takes are an estimate. A real
# board reads its program from flash, which can make it wait. Expect a real figure in the same range,
# and measure it: the line to change is above.

# %% [markdown]
# ## Break it on purpose
#
# The most common line in Arduino tutorials is `delay(1000);`. It waits, and while it waits nothing else
# happens. Put a short one into the loop of the `recorder` sketch, which sends one line a sample:

# %%
import shutil
from pathlib import Path
from tempfile import mkdtemp

lazy = Path(mkdtemp()) / "recorder"
shutil.copytree(SKETCHES / "recorder", lazy)
code = (lazy / "recorder.ino").read_text()
lazy_code = code.replace("  Serial.println();", "  Serial.println();\n  delay(30);")
_ = (lazy / "recorder.ino").write_text(lazy_code)

# %% tags=["nbval-check-output"]
good = run_sketch("recorder", "nano33ble", [trace], seconds=10)
bad = run_sketch(lazy, "nano33ble", [trace], seconds=10)
print("samples in 10 s, as it is:   at least 490:", len(good.lines) > 490)
print("samples in 10 s, with delay: fewer than 350:", len(bad.lines) < 350)

# %% [markdown]
# Samples are gone, and nothing complains. A model trained at 50 Hz now sees a slower
# world: people run when they walk. The board's clock is the only witness, and `tinyml record` reads it:
# it counts the samples that are missing.
#
# Other mistakes are loud, if somebody listens. A classic, an array larger than the board:

# %% tags=["nbval-check-output"]
from tinyml_course.errors import DoesNotFitError

huge = Path(mkdtemp()) / "huge"
huge.mkdir()
(huge / "huge.ino").write_text("char all[300000];\nvoid setup() { all[0] = 1; }\nvoid loop() {}\n")
try:
    build_sketch(huge, "nano33ble")
except DoesNotFitError as error:
    print("300000" in str(error), "huge.ino" in str(error))

# %%
try:
    build_sketch(huge, "nano33ble")
except DoesNotFitError as error:
    print(str(error).replace(str(huge), "huge"))

# %% [markdown]
# ## Takeaways
#
# - A loop that never waits keeps its promises to sensor, lamp and port alike.
# - The board's answers can be compared with Python's one by one, so compare them.
# - Accuracy on the device means the whole test set, on the device.
# - A latency is the inference alone, the median of many, and it says whether it is estimated.

# %% [markdown]
# ## Next
#
# `10_fit_power_and_choice`: which board to buy, and how long its battery lasts.
