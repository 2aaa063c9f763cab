# %% [markdown]
# # 00 Start here
#
# Time: {measured_time} on two cores. Board: not needed.
#
# A phone knows that you are walking. A watch knows that you are asleep. Neither asks a server: a
# chip the size of a fingernail does it, with less memory than this page takes on your screen.
#
# That is **TinyML**: a trained model, small enough to run on a microcontroller. In this lesson you
# let one answer, look inside, and see the road that the next lessons walk.

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
print(f"{len(strangers)} windows of {strangers.window} samples x {strangers.x.shape[2]} axes,")
print(f"from {strangers.source}")

# %%
from tinyml_course.observe.plots import plot_windows

plot_windows(strangers)

# %% [markdown]
# Look at the three rows before you read on. What does running have that walking lacks? You have
# just done what the model has to do. Let it answer, for one window of each kind:

# %% tags=["nbval-check-output"]
import numpy as np

first_of_each = [int(np.argmax(strangers.y == label)) for label in range(strangers.n_classes)]
truth = [strangers.class_names[strangers.y[i]] for i in first_of_each]
answers = bundle.classify(strangers.x[first_of_each])
print("truth: ", truth)
print("answer:", answers)

# %% [markdown]
# Behind each answer stand three **scores**, one for each class. They add up to about 1, and the
# largest one wins.

# %%
for name, scores in zip(truth, bundle.predict_scores(strangers.x[first_of_each]), strict=True):
    print(f"{name:>5}:", "  ".join(f"{c} {s:.2f}" for c, s in zip(bundle.class_names, scores)))

# %% [markdown]
# ## Exercise 0.1: all of them
#
# Three windows prove little. **Accuracy** is the share of windows that get the right answer.
# Compute it over all strangers: `bundle.predict_scores(strangers.x)` gives the scores `(n, 3)`,
# `.argmax(axis=1)` the number of the largest one, and `strangers.y` holds the right numbers.

# %%
# --- solution
accuracy = np.mean(bundle.predict_scores(strangers.x).argmax(axis=1) == strangers.y)
# --- your turn
# accuracy = ...
# --- end
accuracy

# %% tags=["nbval-check-output"]
from tinyml_course.exercises import check

check("0.1", accuracy, lambda a: 0.9 < a <= 1.0, hint="compare argmax with y, then take the mean")

# %% [markdown]
# ## Measure
#
# A microcontroller has two kinds of memory. **Flash** keeps its content without power: the program
# and the model's weights live there. **RAM** is the desk to work on: it holds the numbers between
# two layers while the model thinks.
#
# The board this course uses most, an Arduino Nano 33 BLE Sense, has 1 MB of flash and 256 KB of RAM
# (ArduinoCore-mbed, boards.txt). A laptop has some ten thousand times as much.

# %%
from tinyml_course.interpreters.tflm import is_available, measure_arena

file_bytes = len(bundle.model)
print(f"the model's file: {file_bytes:,} bytes of flash")
if is_available():
    print(f"its working memory: {measure_arena(bundle.model).total_bytes:,} bytes of RAM")

# %% [markdown]
# The working memory was measured by TensorFlow Lite Micro (**TFLM**), the program that most boards
# use to run a model. Here it runs on your computer, with the same integers as on a board.

# %% [markdown]
# ## Exercise 0.2: how many fit?
#
# How many photos of 3,000,000 bytes does the model's file take? Give the share as a number.

# %%
# --- solution
share_of_a_photo = file_bytes / 3_000_000
# --- your turn
# share_of_a_photo = ...
# --- end

# %% tags=["nbval-check-output"]
check("0.2", share_of_a_photo, lambda s: abs(s - file_bytes / 3e6) < 1e-9, hint="bytes / bytes")

# %% [markdown]
# How good was your guess from the beginning?

# %%
if my_guess_bytes is not ...:
    print(f"you said {my_guess_bytes:,} bytes, it is {file_bytes:,}:", end=" ")
    print(f"{max(my_guess_bytes, file_bytes) / min(my_guess_bytes, file_bytes):.1f} times apart")

# %% [markdown]
# ## Break it on purpose
#
# The model was trained on windows in g. Many sensors speak in m/s² instead, where 1 g is 9.81. Feed
# it the same windows in the wrong unit, and it will not complain. It will just be wrong.

# %% tags=["nbval-check-output"]
wrong_unit = strangers.x * 9.81
right = np.mean(bundle.predict_scores(strangers.x).argmax(axis=1) == strangers.y)
wrong = np.mean(bundle.predict_scores(wrong_unit).argmax(axis=1) == strangers.y)
print("in g, at least 0.9 right:    ", right >= 0.9)
print("in m/s2, less than 0.6 right:", wrong < 0.6)

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
# ## Takeaways
#
# - A model turns a window of numbers into one score for each class; the largest one is its answer.
# - Flash holds the weights, RAM holds the work; both are small, and you can measure both here.
# - Accuracy counts only on people the model has never met.
# - A model does not notice a wrong unit. You must.

# %% [markdown]
# ## Next
#
# `01_data_synthesis`: where the windows come from, and why they must be more than random numbers.
