# %% [markdown]
# # 09 On the board
#
# ![The chain from a signal to a board; you are here: board](pictures/chain_board.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: a virtual one; a real one if you have it.
# Before it: [07 From a file to C](07_c_export.ipynb); [08](08_inside_the_c.ipynb) helps.
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
# - Measure a model's accuracy and time *on the device*, over the whole test set.

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
# - `if (rest_until(next_sample_us)) return;` says: not yet, come back later. Nothing waits here, so the
#   lamp can blink and the serial port can work in between. What it asks, in `rest.h`, is
#   `(int32_t)(due_us - micros()) > 0`: is the moment still ahead?
# - `next_sample_us += PERIOD_US;` adds to the *plan*, not to the present. A sample that came late
#   does not push the next one.
#
# ![A loop that waits after its work drifts and loses samples; a loop that adds the period to its plan stays on time](pictures/09_plan_of_a_loop.svg)
#
# `memmove` keeps the second half of the window, so that a new answer comes every second from the last
# two.

# %% [markdown]
# ## Exercise 9.1: a clock that turns over
#
# `micros()` counts microseconds in 32 bits. After $2^{32}$ of them it begins again at 0. Write a function that says
# after how many minutes a counter of so many bits and so many ticks in a second is at 0 again.
#
# Example: `minutes_to_zero(8, 1)` gives `4.2667`.

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
fit = built.fit
print(f"the program: {built.flash_bytes:,} B of flash, ", end="")
print(f"{built.ram_bytes:,} B of static RAM")
print("left on a real board, beside Arduino's own core: ", end="")
print(f"{fit.flash_free_bytes:,} B of flash, {fit.ram_free_bytes:,} B of RAM")

# %% [markdown]
# Where is the model in it? Not in the `.ino`, but in `motion.c` beside it, the C that `tinyml export` wrote, and in
# `motion_classify.c`, which makes features of a window. A sketch of your own needs their headers and three calls:

# %%
begin = sketch.index("void classify()")
print("\n".join(sketch[begin:].splitlines()[:12]))

# %% [markdown]
# The sensor needs something to feel. A **trace** is a recording that the virtual accelerometer plays
# back: here somebody stands, walks and runs.

# %%
from tinyml_course.board.virtual.traces import read_trace

trace = read_trace(DATA / "motion_p003.csv")
samples, axes = trace.values.shape
print(f"{trace.seconds:.0f} s, {samples} samples of {axes} axes")

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

# %%
import numpy as np

from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("motion")
starts = range(0, len(trace.values) - bundle.window + 1, bundle.window // 2)
windows = np.stack([trace.values[s : s + bundle.window] for s in starts])
python = bundle.predict_scores(windows).argmax(axis=1)

# %%
answered = run.lines[1 : len(python) + 1]
device = np.array([int(line.split("class:")[1][0]) for line in answered])
same = int((python == device).sum())
print(f"{len(python)} windows, {same} with the same class on the board")

# %% tags=["bounds"]
assert same == len(python)

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
# ## Move it
#
# Now take the board into your hand. Run the cell, and a board lies on the desk: drag in its sensor to tilt and shake
# it, and watch lamp, screen and serial port. With a still hand it says *still*; can you make it say *run*? (Where no
# kernel runs, you see a picture of it.)

# %%
from tinyml_course.live import BoardPanel

BoardPanel("motion", "wio_terminal")

# %% [markdown]
# ## Measure
#
# A few seconds of one person prove little. The sketch `selftest` takes any window over the serial port
# and answers with the model's integers and the microseconds it took. So the *whole* test set can go
# through the device.
#
# *This is the one line to change* for a real board: upload `selftest` with the Arduino IDE, and
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
print(f"answers: {len(result.outputs)}, lines sent again because of noise: "
      f"{result.repeated}")

# %%
from tinyml_course.interpreters.tflm import run_integer_model

expected = run_integer_model(bundle.model, inputs).outputs
accuracy = float((result.outputs.argmax(axis=1) == test.y).mean())
differing = int((result.outputs != expected).sum())
print(f"accuracy on the device: {accuracy:.3f}")
print(f"{expected.size} output bytes, {differing} differ from TFLM's")

# %% tags=["bounds"]
assert accuracy >= 0.95
assert differing == 0

# %% [markdown]
# One number is missing: the time. It must be that of the inference alone. A program that reads the
# sensor between its two looks at the clock has measured the sensor.

# %% [markdown]
# ## Exercise 9.3: one number out of many
#
# `result.latency_us` holds the microseconds of every inference. On a real board a few of them are larger, because the
# processor was interrupted. Write a function that returns the one typical number: half of the inferences take no
# longer than it, and one that was interrupted for a whole second does not change it. With an even count, two are in the
# middle: return their mean.
#
# Example: `typical([61, 62, 1_000_000])` gives `62`.

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
print(f"one inference: {result.median_latency_us:.0f} us, estimated "
      "by Arm's published timings")
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_ms, result.median_latency_us / 1000, "ms")

# %% [markdown]
# Instructions are counted exactly here; the clock ticks that each of them takes are an estimate. A real
# board reads its program from flash, which can make it wait. Expect a real figure in the same range,
# and measure it: the line to change is above. Lesson 08 counted less for the same network. There the C was compiled for
# speed (`-O2`), a sketch is compiled for size (`-Os`); and it ran on random inputs, for which softmax has less to do than
# for most windows.

# %% [markdown]
# ## Break it on purpose
#
# The most common line in Arduino tutorials is `delay(1000);`. It waits, and while it waits nothing else
# happens. Put a short one into the loop of the `recorder` sketch, which sends one line for each sample:

# %%
import shutil
from pathlib import Path
from tempfile import mkdtemp

# %%
def make_lazy(milliseconds):
    """A copy of the recorder sketch that waits after each sample."""
    folder = Path(mkdtemp()) / "recorder"
    shutil.copytree(SKETCHES / "recorder", folder)
    code = (folder / "recorder.ino").read_text()
    sent = "  message.send();\n  digitalWrite"
    late = f"  message.send();\n  delay({milliseconds});\n  digitalWrite"
    code = code.replace(sent, late)
    (folder / "recorder.ino").write_text(code)
    return folder

# %%
def record(sketch):
    """What arrives at the computer while the trace plays: `(n, 3)` in g."""
    run = run_sketch(sketch, "nano33ble", [trace], seconds=trace.seconds)
    lines = [line for line in run.lines if line.startswith("t_ms:")]
    return np.array([[float(field.split(":")[1]) for field in
                      line.split(",")[1:]] for line in lines], np.float32)

# %%
takes = {"as it is": record("recorder"), "delay(30)": record(make_lazy(30)),
         "delay(90)": record(make_lazy(90))}
for name, x in takes.items():
    print(f"{name:>9}: {len(x)} samples in {trace.seconds:.0f} s")

# %% [markdown]
# Samples are gone. The sketch says so, in lines that begin with `#`; whoever reads only the numbers does not notice. What
# does a model make of it that was trained at 50 Hz, and takes what comes for 50 readings in a second? The person in the trace stands, then walks, then runs, eight seconds each.

# %%
def look(x):
    starts = range(0, len(x) - 99, 50)
    answers = bundle.classify(np.stack([x[s : s + 100] for s in starts]))
    m = np.linalg.norm(x, axis=1)[2 * len(x) // 5 : 3 * len(x) // 5]  # walking
    strength = np.abs(np.fft.rfft(m - m.mean()))
    return answers, np.fft.rfftfreq(len(m), d=1 / 50)[strength.argmax()]

seen = {name: look(x) for name, x in takes.items()}

# %%
for name, (answers, steps_hz) in seen.items():
    counts = {c: answers.count(c) for c in bundle.class_names}
    print(f"{name:>9}: the walker seems to take {steps_hz:.1f} steps a second")
    print(f"{'':>9}  windows called {counts}")

# %% tags=["bounds"]
steps = [steps_hz for _, steps_hz in seen.values()]
assert steps[0] < steps[1] < steps[2]
assert set(seen["delay(90)"][0]) == {"walk"}
assert len(takes["as it is"]) > 1150 > 900 > len(takes["delay(30)"])

# %% [markdown]
# Too few samples, read as if they were 50 in a second, make the world look *faster*: the walker's steps follow each
# other in fewer readings. With `delay(30)` the classes happen to survive; with `delay(90)` every window is called
# *walk*: the standing and the running are gone. There are few windows, and each spans many seconds. The
# board's clock is the only witness, and `tinyml record` reads it: it counts the samples that are missing.
#
# Other mistakes are loud, if somebody listens. A classic, an array larger than the board:

# %%
from tinyml_course.errors import DoesNotFitError

huge = Path(mkdtemp()) / "huge"
huge.mkdir()
array = "char all[300000];\nvoid setup() { all[0] = 1; }\nvoid loop() {}\n"
(huge / "huge.ino").write_text(array)
try:
    build_sketch(huge, "nano33ble")
except DoesNotFitError as error:
    print(str(error).replace(str(huge), "huge"))

# %% [markdown]
# ## Explain it
#
# A sketch counts 50 samples and then asks the model; between the samples it calls `delay(20)`. Explain why its
# windows are longer than a second, and by how much they are off after a minute of 1 ms of work for each sample.
#
# <details>
# <summary>One way to say it</summary>
#
# `delay(20)` begins after the work is done, so each round takes 20 ms plus the work: here 21 ms. A window of 50
# samples
# lasts 1.05 s, and in a minute 143 of 3,000 samples are missing. Adding 20 ms to a *plan* keeps the rounds at
# 20 ms as
# long as the work fits in.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The trace lasts 24 seconds, and a window is classified every second from the second one on. What if the person
# in the
# trace runs at double speed: every second sample left out? Predict how many of the windows the *board* will
# call *run*,
# then run the cell. Afterwards, slow it down: `np.repeat(trace.values, 2, axis=0)`.

# %%
# --- solution
my_prediction = 5
# --- your turn
# my_prediction = ...
# --- end

# %%
from dataclasses import replace

hasty = replace(trace, values=trace.values[::2])
quick = run_sketch("motion", "nano33ble", [hasty], seconds=hasty.seconds)
named = [line.split("class:")[1][0] for line in quick.lines if "class:" in line]
print(f"{len(named)} windows: {named}")
compare_guess(my_prediction, named.count("2"), "windows called run")

# %% tags=["bounds"]
assert len(named) >= 9

# %% [markdown]
# A walk played at double speed is not simply a run. The features say how strong the pushes are as well as how they
# repeat, and playing faster makes no push stronger. Who really hurries pushes harder. So a recording played faster is
# no recording of somebody fast.

# %% [markdown]
# ## Open task ★
#
# Write a sketch of your own that uses the model: blink the lamp only if *two* windows one after the other say
# *run*, or
# count steps, or sound an alarm if somebody who walked lies still. Copy `arduino_sketches/motion`, change its
# `.ino`, run
# it with `run_sketch(folder, "nano33ble", [trace])`, and show the lamp with `plot_pins`.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("09")

# %% [markdown]
# ## Takeaways
#
# - A loop that never waits keeps its promises to sensor, lamp and port alike.
# - The board's answers can be compared with Python's one by one, so compare them.
# - Accuracy on the device means the whole test set, on the device.
# - A latency is the inference alone, the median of many, and it says whether it is estimated.

# %% [markdown]
# ## Further reading
#
# - Arduino, [Language reference](https://docs.arduino.cc/language-reference/): `millis`, `micros`, `delay`.
# - Arduino, [Nano 33 BLE Sense](https://docs.arduino.cc/hardware/nano-33-ble-sense/): pins, sensors, data sheets.
# - Seeed Studio, [Wio Terminal](https://wiki.seeedstudio.com/Wio-Terminal-Getting-Started/).
# - C. Banbury and others, [MLPerf Tiny Benchmark](https://arxiv.org/abs/2106.07597), 2021: how others measure time and energy on a board.

# %% [markdown]
# ## Next
#
# [10 Fit, power and choice](10_fit_power_and_choice.ipynb): which board to buy, and how long its battery lasts.
