# %% [markdown]
# # 00 Start here
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: nothing. [The NumPy primer](00b_python_and_numpy.ipynb) helps who has never seen Python arrays.
#
# A phone knows that you are walking. A watch knows that you are asleep. Neither asks a server: a
# chip the size of a fingernail does it, with less memory than this page takes on your screen.
#
# That is **TinyML**: a trained model, small enough to run on a **microcontroller**. In this lesson you
# let one answer, look inside, and see the road that the next lessons walk.
#
# Why not ask a server? Because a radio costs more energy than a small model, an answer must not wait for
# a network, and what a microphone hears at home is nobody's business. What is decided at the **edge**,
# where the data arises, need not travel. So TinyML is found where things must last for years on a
# battery, answer at once, or stay private: watches, hearing aids, sensors on pumps and bearings, in fields
# and beehives, words that wake a device up.

# %% [markdown]
# ## What you will be able to do
#
# - Check that your computer has all that the course needs.
# - Let a trained model answer, and say what goes in and what comes out.
# - Tell the four sizes that decide whether a model fits a board: weights, file, flash and RAM.

# %% [markdown]
# ## Predict
#
# The model below tells *still*, *walk* and *run* apart. It looks at two seconds from an
# accelerometer, the sensor in every phone that feels motion and gravity.
#
# How large is that model, do you think? A photo from your phone takes about three million bytes.
# Replace the `...` by your guess, in bytes. There is no wrong answer yet.

# %%
# --- solution
my_guess_bytes = 20_000
# --- your turn
# my_guess_bytes = ...
# --- end

# %% [markdown]
# ## Build
#
# First, does your computer have everything? `tinyml doctor` in a terminal prints the same list,
# with a remedy beside each thing that is missing.

# %% tags=["nbval-check-output"]
from tinyml_course.doctor import examine

problems = [finding for finding in examine() if finding.status == "problem"]
for finding in problems:
    print(finding.topic, finding.found, "->", finding.remedy)
print("problems found:", len(problems))

# %% [markdown]
# Now the model. It comes with the course in a **Bundle**: one folder with a model and everything
# that belongs to it. You will make such a Bundle yourself in lesson 03.

# %%
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("motion")
bundle

# %% [markdown]
# The model needs something to look at. The course makes its own signals, from the physics of
# people who stand, walk and run (that is lesson 01). Here are people whom the model has never met.
#
# Data is cut into **windows**: two seconds each, 50 readings a second, three axes. The unit is
# **g**, the pull of the earth: a phone lying still reads 1 g, not 0.

# %%
from tinyml_course.datasets import make_motion_dataset

strangers = make_motion_dataset(seed=2026, people=6)
print(f"{len(strangers)} windows, each of {strangers.window} samples")
print(f"of {strangers.x.shape[2]} axes, from {strangers.source}")

# %%
from tinyml_course.observe.plots import plot_windows

plot_windows(strangers)

# %% [markdown]
# Look at the three rows before you read on. What does running have that walking lacks? You have
# just done what the model has to do. Let it answer, for one window of each kind:

# %% tags=["nbval-check-output"]
import numpy as np

first = [int(np.argmax(strangers.y == k)) for k in range(strangers.n_classes)]
truth = [strangers.class_names[strangers.y[i]] for i in first]
answers = bundle.classify(strangers.x[first])
print("truth: ", truth)
print("answer:", answers)

# %% [markdown]
# Behind each answer stand three **scores**, one for each class. They add up to about 1, and the
# largest one wins.

# %%
from tinyml_course.table import Table

scores = bundle.predict_scores(strangers.x[first])
rows = [(name, *(f"{score:.2f}" for score in row))
        for name, row in zip(truth, scores)]
Table(("truth", *bundle.class_names), tuple(rows))

# %% [markdown]
# ## Exercise 0.1: all of them
#
# Three windows prove little. **Accuracy** is the share of windows that get the right answer.
#
# Write a function that computes it. `scores` has one row for each window, `(n, 3)`, and `y` holds the
# number of the right class for each. `.argmax(axis=1)` gives the number of the largest score in each row.
#
# Example: `accuracy_of(np.array([[0.9, 0.1], [0.4, 0.6]]), np.array([0, 0]))` gives `0.5`.

# %%
def accuracy_of(scores, y):
    # --- solution
    return np.mean(scores.argmax(axis=1) == y)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("0.1", accuracy_of)

# %% [markdown]
# Now over all strangers, with the same function of the package:

# %%
from tinyml_course.training import accuracy

right = accuracy(bundle.predict_scores(strangers.x), strangers.y)
print(f"{right:.3f} of {len(strangers)} windows get the right answer")

# %% tags=["bounds"]
assert 0.9 < right <= 1.0

# %% [markdown]
# ## Move it
#
# Before we measure, take it into your hand. Run the cell, and a board lies on the desk, with the same model inside an
# Arduino program, a *sketch*. Drag its sensor to tilt and shake it. Can you make it say *run*? (A page that shows this
# lesson without running it has a picture here.)

# %% tags=["alone"]
from tinyml_course.live import BoardPanel

BoardPanel("motion", "wio_terminal")

# %% [markdown]
# ## Measure
#
# A microcontroller has two kinds of memory. **Flash** keeps its content without power: the program
# and the model's weights live there. **RAM** is the desk to work on: it holds the numbers between
# two layers while the model thinks.
#
# ![A window of readings goes into the microcontroller: flash holds program and weights, RAM the values between layers; scores come out](pictures/00_flash_and_ram.svg)
#
# The board this course uses most, an Arduino Nano 33 BLE Sense, has 1 MB of flash and 256 KB of RAM
# (ArduinoCore-mbed, boards.txt). A laptop of 16 GB has about 66,000 times that RAM.

# %%
from tinyml_course.interpreters.tflm import is_available, measure_arena

file_bytes = len(bundle.model)
weight_bytes = sum(t.data.nbytes for t in bundle.model.network.constants())
print(f"the weights: {weight_bytes:,} bytes")
print(f"the model's file: {file_bytes:,} bytes")
if is_available():
    in_use = measure_arena(bundle.model).total_bytes
    print(f"the memory that TFLM uses to run it: {in_use:,} bytes of RAM")

# %% [markdown]
# That was measured by TensorFlow Lite Micro (**TFLM**), the program that most boards use to run a
# model. Here it runs on your computer, with the same integers as on a board. (To *start*, it needs a
# little more than it uses in the end; lesson 07 shows it.)
#
# These are three of the four sizes that decide whether a model fits a board:
#
# - *Weights*: the numbers that training found. Here each takes one byte, and a few of them four.
# - *File*: the weights, and a description of the layers that use them.
# - *Flash*: the file, and the program around it. Lesson 09 builds such a program and counts its bytes.
# - *RAM*: the values between two layers, and the notes of the program that computes them.

# %% [markdown]
# ## Exercise 0.2: what share?
#
# What share of a whole does a part take? Write the function; below, it says how much of a photo of
# 3,000,000 bytes the model's file would fill.
#
# Example: `share(1, 4)` gives `0.25`.

# %%
def share(part_bytes, whole_bytes):
    # --- solution
    return part_bytes / whole_bytes
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("0.2", share)

# %%
from tinyml_course.classroom import reference_answer

# A checked share, so that this runs without yours:
of_a_photo = reference_answer("0.2")(file_bytes, 3_000_000)
print(f"the model fills {of_a_photo:.2%} of a photo")

# %% [markdown]
# How good was your guess from the beginning?

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_bytes, file_bytes, "bytes")

# %% [markdown]
# ## Break it on purpose
#
# The model was trained on windows in g. Many sensors speak in m/s² instead, where 1 g is 9.81. Feed
# it the same windows in the wrong unit, and it will not complain. It will just be wrong.

# %%
in_ms2 = bundle.predict_scores(strangers.x * 9.81)
wrong = accuracy(in_ms2, strangers.y)
print(f"right in g: {right:.3f}, right in m/s²: {wrong:.3f}")
said = np.bincount(in_ms2.argmax(axis=1), minlength=3)
print("answers in m/s²:", dict(zip(strangers.class_names, said.tolist())))

# %% tags=["bounds"]
assert wrong < 0.6

# %%
from tinyml_course.observe.plots import plot_bars

plot_bars(
    {"in g": right, "in m/s²": wrong},
    title="The same windows, in two units",
    label="accuracy",
    reference=1 / 3,
    reference_name="guessing",
)

# %% [markdown]
# A model never says "this is not what I was trained for". That is why in this course every signal
# carries its unit, and why a recording in the wrong unit is refused with the line that gave it away.

# %% [markdown]
# ## Explain it
#
# A friend asks: "My phone counts my steps. Does it send my walking to a server?" Answer in three sentences: what goes into the model, where it runs, what comes out.
#
# <details>
# <summary>One way to say it</summary>
#
# Not necessarily. A small model in the phone looks at two seconds of acceleration at a time, 300 numbers. It
# turns them into one score for each kind of movement, takes the largest, and only that word leaves the chip,
# if anything does.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# What if the phone lies the other way round in the pocket? Turn every window by half a circle: x and y
# change their sign. Will the accuracy fall? Write the share that you predict, then run the next cell. After
# that, change the line `turn = ...` yourself: what about swapping two axes, or doubling one?

# %%
# --- solution
my_prediction = 0.9
# --- your turn
# my_prediction = ...
# --- end

# %%
turn = np.array([-1, -1, 1], dtype="float32")
turned = accuracy(bundle.predict_scores(strangers.x * turn), strangers.y)
compare_guess(my_prediction, turned)

# %% tags=["bounds"]
assert abs(turned - right) < 0.01

# %% [markdown]
# Nothing changes, and that is the point: what this model is given are features of the *length* of the acceleration
# (lesson 02), and no turn changes a length. Swapping two axes is no news to it either. Doubling one is.

# %% [markdown]
# ## Open task ★
#
# The model answers one of three words, always. What does it say to a bus ride, to somebody who jumps, to a phone
# that falls? Make such a window of your own, 100 rows of three numbers in g, and ask `bundle.predict_scores`. Can
# you find a window of nonsense about which it is very sure? There is no single right answer.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("00")

# %% [markdown]
# ## Takeaways
#
# - A model turns a window of numbers into one score for each class; the largest one is its answer.
# - Flash holds the weights, RAM holds the work; both are small, and you can measure both here.
# - Accuracy counts only on people the model has never met.
# - A model does not notice a wrong unit. You must.

# %% [markdown]
# ## Further reading
#
# - P. Warden and D. Situnayake, *TinyML*, O'Reilly 2019: the first book on the subject.
# - R. David and others, [TensorFlow Lite Micro: Embedded Machine Learning on TinyML Systems](https://arxiv.org/abs/2010.08678), 2020: the program that measured the RAM above.
# - C. Banbury and others, [Benchmarking TinyML Systems: Challenges and Direction](https://arxiv.org/abs/2003.04821), 2020: what is special about systems that run on milliwatts.
# - This course's [map](../docs/map.md): what leads where, and in how many weeks.

# %% [markdown]
# ## Next
#
# [00b Python and NumPy](00b_python_and_numpy.ipynb) if arrays are new to you; otherwise
# [01 Data from physics](01_data_synthesis.ipynb): where the windows come from, and why they must be more than random
# numbers.
