# %% [markdown] tags=["off-stage"]
# # 20 Ten minutes on a stage
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: a virtual one, to touch. On the stage: ten minutes.
# Before it: [00 Start here](00_start_here.ipynb). You have to write nothing to show it.
#
# You have ten minutes, a projector, and people who have never heard of **TinyML**. This lesson is what you show
# them: choose a task, shake a board and speak to it, quantize, prune, deploy, watch. `make workshop` opens it as a
# page without code; what you read here is for the evening before.

# %% [markdown] tags=["off-stage"]
# ## What you will be able to do
#
# - Show the whole chain in ten minutes, without writing a line.
# - Find out before the audience comes what will fail, and what to do about it.
# - Say which of the things shown is measured, which is estimated, and which was recorded.

# %% [markdown] tags=["off-stage"]
# ## Predict
#
# In step 4 you will set a model's smallest weights to zero, more and more of them, and train nothing afterwards. How
# many percent can go before the first of 32 windows is answered wrong?

# %% tags=["off-stage"]
# --- solution
my_guess_percent = 30
# --- your turn
# my_guess_percent = ...
# --- end

# %% [markdown]
# ## Build: from a movement to a chip, in ten minutes
#
# ![Six steps on a line of ten minutes: choose, shake and speak, quantize, prune, deploy, watch; below each stands what is shown if it fails](pictures/20_ten_minutes.svg)
#
# ### Before anybody is there
#
# Each thing that can fail is tried once, and says what to do if it did. One thing only you can try: in step
# 2, press *Use this computer's microphone*, let the browser use it, and say "yes". If the room is too loud, *Play*
# plays recorded words instead.

# %%
from tinyml_course.live.stage import on_stage, preflight

tried = preflight()
print(*tried, sep="\n")

# %% [markdown]
# If a step cannot be shown, it says so in a line, and the picture that was recorded of it stands in its place.
#
# ### 1. Choose a task (one minute)
#
# Many numbers go in, one answer comes out. What is a small model asked? Choose a task, then walk through its
# examples.

# %%
from tinyml_course.live import explorers

on_stage("choose", lambda: explorers.explore_tasks())

# %% [markdown]
# ## Move it: 2. Shake it, speak to it (three minutes)
#
# This is a **virtual board**: it executes the same program as a real one, instruction by instruction. It plays a
# recorded person until you take it. Drag the board to tilt it; "Hold to shake" makes it run.

# %%
from tinyml_course import live
from tinyml_course.shipped import DATA

PERSON = DATA / "motion_p003.csv"
on_stage("shake", lambda: live.BoardPanel("motion", "wio_terminal", PERSON))

# %% [markdown]
# Now the same board with ears. It hears recorded words first; press *Use this computer's microphone*, and say "yes"
# or "no".

# %%
WORDS = DATA / "keywords" / "yes_no.wav"
on_stage("hear", lambda: live.BoardPanel("keywords", "wio_terminal", WORDS))

# %% [markdown]
# ### 3. Quantize (one minute)
#
# A chip likes small whole numbers. With few **bits** the steps are coarse; with a narrow range the ends are cut off.
# Eight bits are the usual bargain: a quarter of the bytes, and hardly an error to see.

# %%
on_stage("quantize", lambda: explorers.explore_quantizer())

# %% [markdown]
# ### 4. Prune (two minutes)
#
# Which weights does nobody miss? Move the slider to the right until the accuracy falls. Look at the bytes as well:
# zeros make a file smaller only if somebody packs it.

# %%
on_stage("prune", lambda: explorers.explore_sparsity("motion"))

# %% [markdown]
# ### 5. Deploy (one minute)
#
# The movement model, as C, in a program for an Arduino. The compiler says how large it is; on which boards does it
# fit? Make it larger, and watch them drop out.

# %%
from tinyml_course.board.build.sketch import build_sketch

def deploy():
    built = build_sketch("motion", "wio_terminal")
    print(f"{built.flash_bytes:,} B of flash, {built.ram_bytes:,} B of RAM")
    return explorers.explore_fit(built.flash_bytes // 1024, 4)

on_stage("deploy", deploy)

# %% [markdown]
# ### 6. Watch (two minutes)
#
# Another board, a Nano 33 BLE Sense, with the same program. A person stands, walks and runs: its lamp is off, on,
# blinking. Nothing here was sent to a server; that is the point of it.

# %%
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.observe.board_plots import plot_pins

def watch():
    run = run_sketch("motion", "nano33ble", [read_trace(PERSON)])
    return plot_pins(run.board.gpio.changes, {13: "lamp"}, run.seconds)

on_stage("watch", watch)

# %% [markdown]
# *That was the whole chain. What you saw can be taken home: it needs a laptop, no board and no network.*

# %% [markdown] tags=["off-stage"]
# ## Measure
#
# Somebody in the third row will ask whether the board is right. So count beforehand. First the guess from above:
# the windows are those that come with the model, 32 of them, so each is worth 3 points.

# %% tags=["off-stage"]
import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.interpreters.litert import run_litert

bundle = Bundle.load_shipped("motion")
x = np.asarray(bundle.preprocessing.apply(bundle.golden.windows), np.float32)
print(f"{len(x)} windows, a model of {len(bundle.model):,} bytes")

# %% tags=["off-stage"]
from tinyml_course.classroom import compare_guess
from tinyml_course.compress.zeros_in_file import zero_smallest_in_file

first_error = None
for percent in range(95, 0, -5):
    scores = run_litert(zero_smallest_in_file(bundle.model, percent / 100), x)
    if (scores.argmax(axis=1) != bundle.golden.labels).any():
        first_error = percent
print("in steps of 5 %, the first wrong window comes at", first_error, "%")
compare_guess(my_guess_percent, first_error, "%")

# %% tags=["off-stage", "bounds"]
assert first_error is not None and first_error > 50
assert all(each.is_ready for each in tried), tried

# %% [markdown] tags=["off-stage"]
# Then the board: the same person, window by window, in Python and on the Nano. Say of each figure what it is. Bytes,
# instructions and right answers were *measured*, here. Microseconds and current are *estimated*, from published timings
# and data sheets: no real chip was asked. The person and the words were *recorded*; so is what a step shows when it
# fails, and a line above it says so.

# %% tags=["off-stage"]
def classes_on_board(trace):
    """The class that the board names for each window of a trace."""
    run = run_sketch("motion", "nano33ble", [trace], seconds=trace.seconds)
    lines = [line for line in run.lines if "class:" in line]
    return [int(line.split("class:")[1][0]) for line in lines]

# %% tags=["off-stage"]
trace = read_trace(PERSON)
starts = range(0, len(trace.values) - bundle.window + 1, bundle.window // 2)
windows = np.stack([trace.values[s : s + bundle.window] for s in starts])
python = bundle.predict_scores(windows).argmax(axis=1).tolist()
board = classes_on_board(trace)
same = sum(a == b for a, b in zip(board, python))
print(f"{len(board)} windows on the board, {same} as Python has them")

# %% tags=["off-stage", "bounds"]
assert same == len(board) >= len(python) - 1

# %% [markdown] tags=["off-stage"]
# ## Exercise 20.1: what is not ready
#
# A preflight check is worth as much as somebody reads of it. Write a function that takes a list of pairs, each of a
# thing and whether it is ready. Return the names of the things that are not ready, in their order.
#
# Example: `not_ready([("board", True), ("cable", False)])` gives `["cable"]`.

# %% tags=["off-stage"]
def not_ready(checks):
    # --- solution
    return [thing for thing, is_ready in checks if not is_ready]
    # --- your turn
    # return ...
    # --- end

# %% tags=["off-stage", "nbval-check-output"]
from tinyml_course.classroom import check

check("20.1", not_ready)

# %% [markdown] tags=["off-stage"]
# ## Exercise 20.2: the bytes of a dense layer
#
# "A quarter of the bytes", you said in step 3. That is nearly true: weights become int8, which takes one byte for each,
# but a layer adds its products in 32 bits, and so its biases stay int32. Return the bytes of a quantized dense layer
# with `inputs` inputs and `neurons` neurons, each of which has one bias.
#
# Example: `bytes_of_dense(3, 2)` gives `14`.

# %% tags=["off-stage"]
def bytes_of_dense(inputs, neurons):
    # --- solution
    return inputs * neurons + 4 * neurons
    # --- your turn
    # return ...
    # --- end

# %% tags=["off-stage", "nbval-check-output"]
check("20.2", bytes_of_dense)

# %% [markdown] tags=["off-stage"]
# ## Break it on purpose
#
# This happens on every stage: somebody brings a sensor of their own, and it speaks another unit. Our model learned
# **g**, and many sensors give m/s², which is 9.81 times as much. What does the model say about the same person, and
# what does the board say?

# %% tags=["off-stage"]
from collections import Counter
from dataclasses import replace

def count(classes):
    return dict(Counter(bundle.class_names[number] for number in classes))

mistaken = bundle.predict_scores(windows * 9.81).argmax(axis=1).tolist()
print("in g:   ", count(python))
print("in m/s²:", count(mistaken))

# %% tags=["off-stage"]
wrong_unit = replace(trace, values=trace.values * 9.81)
run = run_sketch("motion", "nano33ble", [wrong_unit], seconds=trace.seconds)
print(*run.lines[:3], "...", sep="\n")

# %% tags=["off-stage", "bounds"]
assert mistaken.count(0) < python.count(0)
assert not any("class:" in line for line in run.lines)

# %% [markdown] tags=["off-stage"]
# The model has no word for "that cannot be": it answers whatever comes in, without an error, and on a stage you would
# take it for a bad model. The sketch is wiser. Its sensor cannot feel so much, so it sits at the end of its range; the
# sketch notices that, says so, and classifies nothing.

# %% [markdown] tags=["off-stage"]
# ## Explain it
#
# A person in the audience says: "You pruned half of the weights, and the file is as large as before. So what is it
# good for?" Answer in three sentences.
#
# <details>
# <summary>One way to say it</summary>
#
# A zero takes one byte, as any other weight does, so the file stays as large; packed, with gzip, it is smaller, which
# counts when it is sent over the air. The plain multiply loops of a chip multiply by zero as well, so it is not faster
# either, unless the program skips them. What makes a model smaller and faster on a chip is leaving out whole neurons,
# and lesson 05 does that.
#
# </details>

# %% [markdown] tags=["off-stage"]
# ## Change it and predict
#
# Turn the board upside down, about its x axis: y and z change their sign. Predict how many of the windows get another
# class than before, then run the cell. Afterwards, swap two axes: `trace.values[:, [1, 0, 2]]`.

# %% tags=["off-stage"]
# --- solution
my_prediction = 5
# --- your turn
# my_prediction = ...
# --- end

# %% tags=["off-stage"]
turned = classes_on_board(replace(trace, values=trace.values * [1, -1, -1]))
other = sum(a != b for a, b in zip(turned, board))
compare_guess(my_prediction, other, "windows with another class")

# %% tags=["off-stage", "bounds"]
assert len(turned) == len(board)

# %% [markdown] tags=["off-stage"]
# None: the sketch computes its features from the *length* of the acceleration, and no turn changes a length. Nor does
# swapping two axes. The wrong unit above changed every length.

# %% [markdown] tags=["off-stage"]
# ## Open task ★
#
# Make the ten minutes your own: a sketch of yours on the panel, `live.BoardPanel(folder, "nano33ble")`, or your own
# gestures from lesson 11. Play it to one person with a clock beside you, note where you talked too long, and write
# down for each step what you will say if it shows a recording.

# %% [markdown] tags=["off-stage"]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %% tags=["off-stage"]
from tinyml_course.classroom import quiz

quiz("20")

# %% [markdown] tags=["off-stage"]
# ## Takeaways
#
# - A demonstration is a program: try each of its parts on the machine that will show it, shortly before.
# - A recording is honest if it says that it is one.
# - Half of the weights may be zero, and nobody misses them; the file is smaller only when packed.
# - A model answers whatever comes in. Check the unit before it, and let the sketch check the sensor.

# %% [markdown] tags=["off-stage"]
# ## Further reading
#
# - V. Janapa Reddi and others, [Widening Access to Applied Machine Learning with TinyML](https://arxiv.org/abs/2106.04008), 2021: how it is taught to many.
# - Arduino, [Nano 33 BLE Sense](https://docs.arduino.cc/hardware/nano-33-ble-sense/): the board of step 6.
# - Seeed Studio, [Wio Terminal](https://wiki.seeedstudio.com/Wio-Terminal-Getting-Started/): the board of step 2.

# %% [markdown] tags=["off-stage"]
# ## Next
#
# [00 Start here](00_start_here.ipynb): for whoever in the audience wants to know how it works. What the panel can do
# beyond this stands in [docs/panel.md](../docs/panel.md).
