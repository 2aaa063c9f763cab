# %% [markdown]
# # 11 Your own data
#
# Time: {measured_time} on two cores. Board: a virtual one; a real one if you have it.
#
# So far others decided what the model should know. Now you do. You record movements through a board,
# label them, train, and put the result back on the board: from your hand to the chip and back.
#
# Without a board, hands made from physics hold the virtual one. With a board, the same cells record
# *your* hand.

# %% [markdown]
# ## What you will be able to do
#
# - Record labelled movements from a board, and judge whether a recording is any good.
# - Take your own classes from CSV to a model on the board, and check it there.
# - Find the person for whom a model fails, and say what a turned board does to it.

# %% [markdown]
# ## Predict
#
# Your model tells a swipe to the left from a swipe to the right. Then a friend holds the board upside
# down: turned by half a circle, flat on the hand. What will the model say to a swipe to the left:
# `"left"`, `"right"` or `"rest"`?

# %%
# --- solution
my_guess = "right"
# --- your turn
# my_guess = ...
# --- end

# %% [markdown]
# ## Build
#
# Five gestures: `rest`, `left`, `right`, `circle`, `shake`. A hand that moves from here to there takes
# the smoothest way: first it speeds up, then it slows down. What does the sensor feel of that?

# %%
import numpy as np

from tinyml_course.datasets.gestures import GESTURES, make_hand, synthesize_session
from tinyml_course.observe.plots import plot_curves

hand = make_hand(seed=11, number=0)
swipe = synthesize_session(hand, "left", repeats=1)
time_s = np.arange(len(swipe)) / 50
plot_curves(time_s, {"x, to the right": swipe[:, 0], "z, up": swipe[:, 2]},
            title="A swipe to the left, and back", xlabel="time (s)", ylabel="g")

# %% [markdown]
# It feels no position and no speed, only pushes: first one to the left, then one to the right that stops
# the hand. Then the slower way back. And all the time gravity, 1 g, upwards.

# %% [markdown]
# ## Exercise 11.1: which way first?
#
# Write a function that takes the x values of a slot and says `"left"` or `"right"`: by the sign of the
# first value that is further than 0.15 g from the median. (No network at all. A good question to ask of
# every task: how far does one line of code get?)

# %%
def first_push(x):
    """"left" or "right", by the first strong push along x."""
    # --- solution
    away = x - np.median(x)
    strong = np.flatnonzero(np.abs(away) > 0.15)
    return "right" if away[strong[0]] > 0 else "left"
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("11.1", first_push)

# %% [markdown]
# ## Record
#
# The sketch `recorder` prints one line a sample. `record_csv` listens to a port and writes a CSV file
# with your label in it. **With a real board**, upload `recorder`, write your port instead of the
# `virtual://` address, and call it once for each gesture:
#
#     record_csv("/dev/ttyACM0", "left", 20, "mine.csv", subject="me")
#
# Here, a hand holds the virtual board. It plays the hand's movement as a trace:

# %%
from pathlib import Path
from tempfile import mkdtemp

from tinyml_course.datasets.recordings import Recording, write_recordings

folder = Path(mkdtemp())
takes = folder / "takes"

# %%
def hold_board(number, gesture, repeats=8):
    """The address of a virtual board in the hand of person `number`, who makes a gesture."""
    hand = make_hand(11, number)
    x = synthesize_session(hand, gesture, repeats, [11, number, GESTURES.index(gesture)])
    trace = write_recordings(folder / "trace.csv", [Recording(x, gesture, hand.name, 50.0)])
    return f"virtual://nano33ble?sketch=recorder&trace={trace}"

# %%
from tinyml_course.observe.recorder import record_csv

take = record_csv(hold_board(0, "left"), "left", 16, folder / "one_take.csv", subject="h000")
print(f"{take.state}: {take.samples} samples in {take.seconds:.1f} s, {take.rate_hz:.1f} a second")
print(f"missing {take.dropped}, damaged lines {take.damaged}")

# %% [markdown]
# Look at those figures whenever you record. Missing samples mean that something made the sketch wait;
# damaged lines mean a bad cable or a wrong speed. The file is plain text:

# %%
print("\n".join((folder / "one_take.csv").read_text().splitlines()[:4]))

# %% [markdown]
# Now the other gestures of the same hand, one file each:

# %%
for gesture in GESTURES:
    take = record_csv(hold_board(0, gesture), gesture, 16, takes / f"h000_{gesture}.csv", "h000")
    print(f"{gesture:<6} {take.samples} samples, {take.dropped} missing")

# %% [markdown]
# One person is not enough, as you know from lesson 02. Fourteen friends recorded theirs at home and sent
# you the files. (They are written here without the detour over a board, to save you the waiting.)

# %%
for number in range(1, 15):
    friend = make_hand(11, number)
    recordings = [
        Recording(synthesize_session(friend, name, 8, [11, number, k]), name, friend.name, 50.0)
        for k, name in enumerate(GESTURES)
    ]
    write_recordings(takes / f"{friend.name}.csv", recordings)
print(f"{len(list(takes.iterdir()))} files")

# %% [markdown]
# ## From files to windows
#
# `load_recordings` reads a folder, checks every row, and cuts windows that cross no gap and no change of
# label or person. Everybody moved on a beat of two seconds (a metronome helps). So a window of 100 samples
# holds one gesture, and the next window begins 100 samples later: `hop=100`.

# %%
from tinyml_course.datasets import check_no_leakage, load_recordings, split_by_group

gestures = load_recordings(takes, class_names=GESTURES, hop=100)
split = split_by_group(gestures, seed=0)
check_no_leakage(split)
for name, part in split.items():
    print(f"{name:>5}: {len(part)} windows of {len(set(part.groups))} people")

# %%
from tinyml_course.observe.plots import plot_windows

plot_windows(gestures, a_class=3, seed=1)

# %% [markdown]
# ## Exercise 11.2: is it balanced?
#
# A class with few windows is learnt badly, and accuracy hides it. Count the windows of each class in the
# training part: a list of five numbers. `np.bincount` counts how often each number occurs.

# %%
def count_classes(y, n_classes):
    # --- solution
    return np.bincount(y, minlength=n_classes).tolist()
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("11.2", count_classes)

# %% [markdown]
# ## Train, as in lesson 03
#
# The movement's course matters, so the network gets the readings themselves: the Conv1D. The readings are
# scaled with what the training part says.

# %%
from tinyml_course.features import Preprocessing, Standardize
from tinyml_course.labs.lab import ModelChoice
from tinyml_course.pipeline.stages import convert_to_int8, train_choice
from tinyml_course.training import build_conv1d

choice = ModelChoice(lambda: Preprocessing((Standardize(),)), build_conv1d, epochs=30,
                     batch_size=32, learning_rate=3e-3, accuracy_floor=0.85)
trained = train_choice("gestures", choice, split, 0, print)
model = convert_to_int8(trained.model, trained.inputs["train"])

# %% [markdown]
# ## Measure

# %%
from tinyml_course.interpreters.tflm import score_model
from tinyml_course.observe.plots import plot_confusion_matrix
from tinyml_course.training import confusion_matrix

scores = score_model(model, trained.inputs["test"])
plot_confusion_matrix(confusion_matrix(scores, split.test.y), GESTURES)

# %% tags=["nbval-check-output"]
from tinyml_course.training import accuracy

print("int8, on people never trained on, at least 0.85:", accuracy(scores, split.test.y) >= 0.85)

# %% [markdown]
# On a board nobody moves on a beat. There, a sketch should begin its window when the reading first leaves
# its rest, or look at overlapping windows and believe the one with the highest score.

# %% [markdown]
# ## Deploy
#
# The model and everything that belongs to it goes into a Bundle, and from there into a sketch. The
# folder that `write_sketch` makes opens in the Arduino IDE as it is.

# %%
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.pipeline.run import describe_data, make_bundle
from tinyml_course.report import Report

right = {"int8": round(accuracy(scores, split.test.y), 4)}
report = Report(lab="gestures", model=trained.name, data=describe_data(split), accuracy=right)
bundle = make_bundle("gestures", trained, model, split.test, report)
sketch = write_sketch(bundle, "selftest", folder / "sketches")
print(sorted(path.name for path in sketch.iterdir()))

# %% tags=["nbval-check-output"]
from tinyml_course.observe.link import open_link
from tinyml_course.observe.selftest import run_selftest

inputs = model.input.quantize(trained.inputs["test"])
with open_link(f"virtual://nano33ble?sketch={sketch}") as link:
    result = run_selftest(link, inputs)
same = result.outputs.argmax(axis=1) == scores.argmax(axis=1)
print("every window gets the same answer on the board:", bool(same.all()))

# %%
print(f"{len(inputs)} windows on the board, {result.median_latency_us:.0f} us each (estimated)")

# %% [markdown]
# ## Break it on purpose
#
# Your friend's board is turned by half a circle. For the sensor, x points the other way, and so does y.
# Nothing else has changed, least of all the movement:

# %%
turned = split.test.x * np.array([-1, -1, 1], dtype="float32")
turned_scores = score_model(model, trained.preprocessing.apply(turned))
plot_confusion_matrix(confusion_matrix(turned_scores, split.test.y), GESTURES)

# %% tags=["nbval-check-output"]
swipes = np.isin(split.test.y, [GESTURES.index("left"), GESTURES.index("right")])
upright = accuracy(scores[swipes], split.test.y[swipes])
upside_down = accuracy(turned_scores[swipes], split.test.y[swipes])
print("swipes named rightly as recorded: at least 0.75:", upright >= 0.75)
print("turned by half a circle: less than 0.25:        ", upside_down < 0.25)

# %% [markdown]
# The network did just what it was taught. Left *is* right for a board that is upside down. Two ways
# out: tell people how to hold it (print an arrow on the case), or record it in every position and give up
# on telling left from right by x. No amount of training repairs a question that the data cannot answer.

# %% [markdown]
# ## Exercise 11.3: the person it fails
#
# One accuracy for everybody hides a person for whom nothing works. Compute the accuracy of each person in
# the test part, and give the lowest. `split.test.groups` says whose window each is.

# %%
right = scores.argmax(axis=1) == split.test.y

# %%
def lowest_accuracy(right, groups):
    # --- solution
    return min(right[groups == name].mean() for name in set(groups))
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("11.3", lowest_accuracy)

# %%
from tinyml_course.observe.plots import plot_bars

people = sorted(set(split.test.groups))
by_person = {name: right[split.test.groups == name].mean() for name in people}
plot_bars(by_person, title="The same model, person by person", label="accuracy",
          reference=right.mean(), reference_name="everybody")

# %%
from tinyml_course.classroom import compare_guess

left = split.test.y == GESTURES.index("left")
said = np.bincount(turned_scores[left].argmax(axis=1), minlength=5).argmax()
compare_guess(my_guess, GESTURES[said])

# %% [markdown]
# ## Takeaways
#
# - A recording has a rate, missing samples and damaged lines. Look at them before you train.
# - Labels, people and windows: the same rules as with any other data, now for your own.
# - How the board is held is part of the data.
# - One accuracy hides people. Look at the one for whom it is lowest.

# %% [markdown]
# ## Next
#
# `12_keyword_spotting`: the same road with a microphone.
