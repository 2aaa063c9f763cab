# %% [markdown]
# # 17 Gestures: a wrist, two sensors, and a trigger
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed (a Nano 33 BLE Sense on your wrist is fun).
# Before it: [03 Training](03_training.ipynb), [11 Your own data](11_your_own_data.ipynb).
#
# A board on the wrist is to know what the hand does: a swipe to the left or to the right, a circle, a shake, a
# twist. Left and right hold the same movements in another order. That decides how the network may be built, and when
# the board has to listen. And one of our two boards lacks a sensor.

# %% [markdown]
# ## What you will be able to do
#
# - Say when a network may average over time, and when it must not.
# - Write a trigger that waits for a gesture, in Python and in C, the same at every sample.
# - Say what a second sensor is worth, and let one network serve boards with it and without.

# %% [markdown]
# ## Predict
#
# A convolutional network averages its last map over time, as in lesson 03. It has learnt from fifty-four people. Eighteen others
# swipe to the left and to the right. How many of 100 swipes does it name rightly? Guess.

# %%
# --- solution
my_guess_of_100 = 60
# --- your turn
# my_guess_of_100 = ...
# --- end

# %% [markdown]
# ## Build
#
# ### One arm, two sensors
#
# An **accelerometer** feels pushes and gravity. A **gyroscope** feels how fast it is turned, in degrees a second. Both sit
# on the back of a wrist. The forearm turns about the elbow, the elbow is carried along, and from this one movement
# follow both sensors' readings (`datasets/wrist_physics.py`). Here is a swipe to the right:

# %%
import numpy as np
from tinyml_course.datasets.wrist_gestures import (
    make_wrist, synthesize_wrist_gesture)
from tinyml_course.observe.plots import plot_curves

wrist = make_wrist(seed=0, number=1)
rng = np.random.default_rng(17)
swipe = synthesize_wrist_gesture(wrist, "right", rng)
time_s = np.arange(100) / 50

# %%
plot_curves(time_s, dict(zip(("x right", "y away", "z up"), swipe.T)),
            title="A swipe to the right: the accelerometer",
            xlabel="time (s)", ylabel="acceleration (g)")

# %%
turns = dict(zip(("about x", "about y", "about z"), swipe.T[3:]))
plot_curves(time_s, turns, title="The same swipe: the gyroscope",
            xlabel="time (s)", ylabel="turning (degrees a second)")

# %% [markdown]
# The accelerometer needs four humps for it: speed up, brake, and the same on the way back. The gyroscope needs two: the
# arm turns one way (about z, against the clock is positive), stays out a moment, and turns back.
#
# Degrees a second, added up over time, are degrees. That is how far the arm has turned.

# %% [markdown]
# ## Exercise 17.1: from speed to angle
#
# `rate_dps` holds a gyroscope's readings of one axis, in degrees a second, `sample_rate_hz` of them a second. Return
# by how many degrees the board has been turned in the end.

# %%
def turned_degrees(rate_dps, sample_rate_hz):
    # --- solution
    return rate_dps.sum() / sample_rate_hz
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("17.1", turned_degrees)

# %% [markdown]
# ### A crowd
#
# Ninety people, each with a speed, a size, a right or a left hand, and a strap that sits a little askew. `rest` is all
# that is no gesture: nothing, a slow reach for a cup, a knock against the table, a swinging arm. A **group** is a
# person; eighteen people are held out.

# %%
from tinyml_course.datasets import split_by_group
from tinyml_course.labs import get_lab

lab = get_lab("gestures")
crowd = lab.make_dataset(0)
split = split_by_group(crowd, lab.split, seed=0)
print(crowd.class_names)
print({name: len(part) for name, part in split.items()})

# %% [markdown]
# ### What an average forgets
#
# ![A swipe to the right and one to the left hold the same pieces in another order](pictures/17_order.svg)
#
# **Average pooling** keeps for each filter how much of its pattern there was, and forgets when. Out and back to the
# right, and out and back to the left: the same pieces in another order. Only a filter that sees *both* pieces at once
# could tell them apart. How much does a filter see? That is its **receptive field**.

# %% [markdown]
# ## Exercise 17.2: how far a filter sees
#
# `kernels` and `strides` are lists, one entry a convolution, the first one first. Return how many samples of the window
# one place of the last map has seen.

# %%
def receptive_field(kernels, strides):
    # --- solution
    field, step = 1, 1
    for kernel, stride in zip(kernels, strides):
        field += (kernel - 1) * step
        step *= stride
    return field
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("17.2", receptive_field)

# %%
seen = 7 + (5 - 1) * 2 + (5 - 1) * 4  # ours: kernels 7, 5, 5 of stride 2
print(f"a place of the last map sees {seen} samples, {seen / 50:.2f} s")

# %% [markdown]
# A swipe, its stay and its way back take longer. So let the last layer see every place of the last map, **flattened**.
# The price is a weight for each place and class. Both networks have the same three convolutions:

# %%
from tinyml_course.features import Preprocessing, Standardize
from tinyml_course.labs.gestures import build_flatten, build_pooling
from tinyml_course.training import fit_model

scaler = Preprocessing((Standardize(),)).fit(split.train.x)
inputs = {name: scaler.apply(part.x) for name, part in split.items()}
networks = {"pooling": build_pooling((100, 6), 6),
            "flatten": build_flatten((100, 6), 6)}

# %%
for name, network in networks.items():
    fit_model(network, inputs["train"], split.train.y, inputs["val"],
              split.val.y, epochs=14, batch_size=32, learning_rate=4e-3,
              seed=0, log_every=14)
    print(f"{name}: {network.count_params():,} parameters")

# %%
def recall_of(network, x, y):
    right = network.predict(x, verbose=0).argmax(axis=1) == y
    return {name: float(right[y == k].mean())
            for k, name in enumerate(crowd.class_names)}

found = {name: recall_of(network, inputs["test"], split.test.y)
         for name, network in networks.items()}

# %%
from tinyml_course.classroom import compare_guess
from tinyml_course.observe.plots import plot_grouped_bars

swipes = (found["pooling"]["left"] + found["pooling"]["right"]) / 2
compare_guess(my_guess_of_100, 100 * swipes, "of 100")
plot_grouped_bars(found, title="Eighteen people who were held out",
                  label="share recognised")

# %% tags=["bounds"]
flat = found["flatten"]
assert min(flat["left"], flat["right"]) > 0.85 and swipes < 0.93
assert np.mean(list(flat.values())) > 0.93

# %% [markdown]
# It is not blind: people's way back is not exactly their way out, and a quick swipe fits into its field. But where order
# is the message, an average is the wrong last step. In lesson 03 it was the right one: a step is a step, wherever
# in the window it falls.

# %% [markdown]
# ### When to ask
#
# Fifty times a second the board gets a sample. Asking the network each time would cost a hundred times the energy, and
# most windows would hold half a gesture. So something cheap waits for the begin, a **trigger**:
#
# 1. A slow mean follows each channel: gravity, tilt and a sensor's error stand in it.
# 2. What is left is the movement. Its squares add up to its energy (256 degrees a second weigh as 1 g).
# 3. Louder than a threshold for two samples: a gesture has begun. Its window reaches 0.24 s back.
# 4. The next one can begin only after 0.2 s of quiet.

# %% [markdown]
# ## Exercise 17.3: the begin of a gesture
#
# `energy` is a list, one value a sample. Return the index at which a board *knows* that a gesture has begun: the last of
# the first `confirm` samples in a row with an energy above `floor`. If there is none, return -1.

# %%
def find_begin(energy, floor, confirm):
    loud = 0
    for at, value in enumerate(energy):
        # --- solution
        loud = loud + 1 if value > floor else 0
        if loud == confirm:
            return at
        # --- your turn
        # return ...
        # --- end
    return -1

# %% tags=["nbval-check-output"]
check("17.3", find_begin)

# %% [markdown]
# The package's trigger does that in a stream, again and again. The course's trace holds five gestures of a wrist that no
# network has met, with rests between them:

# %%
from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.features.onset import (
    OnsetSpec, cut_gestures, find_onsets)
from tinyml_course.shipped import DATA

trace = DATA / "gestures/wrist.csv"
stream = np.concatenate([t.values for t in read_traces(trace)], axis=1)
rules = OnsetSpec.of(crowd.channel_names, 100, 50.0)
begun = find_onsets(stream, rules).begun
print("gestures begin at", *(f"{at / 50:.2f}" for at in begun), "s")

# %% tags=["bounds"]
assert len(begun) == 5

# %% [markdown]
# ## Move it
#
# A lower threshold hears the end of the movement before. A higher one loses slow gestures. And at a low one, 0.06 g,
# which gesture is lost if hardly any quiet is asked for? Move the sliders.

# %%
from tinyml_course.live.explorers import explore_onset

explore_onset()

# %% [markdown]
# ## Measure
#
# ### The lab's network
#
# The Bundle `gestures` holds the lab's network: flattened, trained longer, on varied windows, in half of which the
# gyroscope was left out. Beside it stand the controls: the average, and each sensor alone. All are int8, and judged on
# people who were held out; on twenty more people; and on these twenty without a gyroscope.

# %%
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("gestures")
report = bundle.report
kept = {f"{name}_int8": name for name in lab.models}
held_out = {"flatten_int8": report.accuracy["int8"]} | report.accuracy
parts = [held_out, report.elsewhere["other people"],
         report.elsewhere["no gyroscope"]]

# %%
from tinyml_course.table import Table

rows = [(name, *(f"{part[key]:.3f}" for part in parts))
        for key, name in kept.items()]
Table(("network", "held out", "20 others", "no gyroscope"), tuple(rows))

# %% tags=["bounds"]
assert report.accuracy["int8"] >= 0.95
assert report.elsewhere["no gyroscope"]["flatten_int8"] >= 0.9

# %% [markdown]
# With clean physics one sensor nearly does. The gyroscope alone is about as good as both: all these gestures turn the arm.
# (Alone and absent, it guesses: one of six.)
# Without a gyroscope, the network that learnt to do without is about as good as one that never had one.
#
# ### Every byte
#
# The C of the network against TFLM, on the whole test part:

# %%
from tinyml_course.export.check.verify import verify_model

x_test = bundle.preprocessing.apply(split.test.x)
vectors = [[one[None]] for one in bundle.model.input.quantize(x_test)]
verified = verify_model(bundle.model, inputs=vectors)
print(f"{verified.bytes_differing} of {verified.bytes_compared:,} differ")

# %% tags=["bounds"]
assert verified.bytes_differing == 0 and verified.samples == len(split.test)

# %% [markdown]
# ### Both boards
#
# The sketch `arduino_sketches/gestures` holds the trigger and the network as C. The Nano has both sensors. The Wio Terminal
# has no gyroscope: its three channels stand at 0, and the sketch says so.

# %%
from tinyml_course.board.run import run_sketch

answers = {}
for board in ("nano33ble", "wio_terminal"):
    lines = run_sketch("gestures", board, [trace], seconds=22).lines
    taken = [line for line in lines if line.startswith("gesture:")]
    said = [int(line.split(",")[1].removeprefix("class:")) for line in taken]
    answers[board] = [bundle.class_names[k] for k in said]
    print(board, *answers[board])

# %% [markdown]
# And Python, with the trigger's windows and the same network, with the gyroscope and with zeros in its place:

# %%
windows = cut_gestures(stream, rules)
without = cut_gestures(stream * [1, 1, 1, 0, 0, 0], rules)
print(*bundle.classify(windows))
print(*bundle.classify(without))

# %% tags=["bounds"]
made = ["left", "right", "circle", "shake", "twist"]
assert answers["nano33ble"] == bundle.classify(windows) == made
assert answers["wio_terminal"] == bundle.classify(without)

# %% [markdown]
# Boards and Python agree. Without a gyroscope the twist of this wrist passes for a swipe: to an accelerometer a twist is
# gravity that wanders from one axis to another, and a swipe's push wanders so too.

# %% [markdown]
# Here is the Nano to watch: the trace plays again and again; each answer flashes on the lamp (once for left, five times
# for twist) and stands in the serial monitor. Sliders turn the board; a mouse drags it.

# %%
from tinyml_course.live import BoardPanel

BoardPanel("gestures", "nano33ble", [trace])

# %% [markdown]
# ### An older model, carried elsewhere
#
# Does a model know a movement wherever the board is worn? The motion model of lessons 01 to 09 learnt from phones at the
# waist, in pockets, hands and on wrists. Twenty new people of the same physics carry it in each place alone, and in a bag
# on a strap, which it has never met:

# %%
from tinyml_course.labs.motion_places import measure_places

places = measure_places()
places.table

# %% tags=["bounds"]
assert min(min(row.values()) for row in places.recall.values()) > 0.9

# %% [markdown]
# It learnt from every mounting, so it knows every mounting, also the bag: its features are those of the magnitude, which
# no strap can turn. This is physics answering physics. Of people's recordings we have had the waist alone (lesson 02).

# %% [markdown]
# ## Break it on purpose
#
# ### A sensor that is not there
#
# Take *your* flattened network, which has always had both sensors, and put it on a Wio:

# %%
bare = split.test.x.copy()
bare[:, :, 3:] = 0.0
never_without = np.mean(list(recall_of(
    networks["flatten"], scaler.apply(bare), split.test.y).values()))
learnt_it = np.mean(bundle.predict_scores(bare).argmax(axis=1)
                    == split.test.y)
print(f"never without: {never_without:.3f}, learnt it: {learnt_it:.3f}")

# %% tags=["bounds"]
assert never_without < learnt_it - 0.1 and learnt_it > 0.9

# %% [markdown]
# It does not refuse. It answers, and zeros mean to it that nothing turns. Whoever left the sensor out in half of the
# training windows needs no second network.
#
# ### The strap the other way round
#
# Somebody puts the board on with the plug towards the hand: half a turn about z. Then x and y change their signs, in both
# sensors:

# %%
from tinyml_course.observe.plots import plot_confusion_matrix
from tinyml_course.training import confusion_matrix

turned = split.test.x * np.float32([-1, -1, 1, -1, -1, 1])
scores = bundle.predict_scores(turned)
plot_confusion_matrix(confusion_matrix(scores, split.test.y),
                      crowd.class_names)

# %% tags=["bounds"]
wrong = scores.argmax(axis=1) != split.test.y
assert wrong[np.isin(split.test.y, (1, 2))].mean() > 0.2

# %% [markdown]
# The accelerometer says left for right, and the gyroscope, whose z axis has not changed, contradicts it. No training on
# people with the strap the right way round prepares for that. A picture on the box does.

# %% [markdown]
# ## A real wand
#
# "Magic Wand Data" (nanguoyu, MIT licence) holds gestures of a real wand with a Nano 33 BLE Sense: five spells, 119
# readings of six axes in a second. The course contains none of them. We had 100 samples (19, 18, 23, 19, 21). They are
# dealt into five folds (**cross-validation**), every class in each, and each fold is judged by what learnt from the other four; a seed draws
# the folds and the first weights anew. The networks are judged as int8:
#
# | learnt from four folds, judged on the fifth | seeds | mean | least |
# |---|---|---|---|
# | flatten, both sensors (3,125 parameters) | 3 | 0.937 | 0.930 |
# | pooling, both sensors | 2 | 0.925 | 0.920 |
# | flatten, accelerometer alone | 1 | 0.920 | 0.920 |
# | flatten, gyroscope alone | 1 | 0.940 | 0.940 |
# | support vector machine, the control | 3 | 0.920 | 0.910 |
# | nearest neighbour, the control | 3 | 0.927 | 0.920 |
# | nearest neighbour in bent time (DTW), the control | 3 | 0.973 | 0.970 |
# | flatten, learnt from synthetic spells alone | 3 | 0.150 | 0.100 |
# | the most frequent class | | 0.230 | |
#
# Four things to take home. The network beats the plain controls (the most alike of the stored samples, and a support
# vector machine, which draws the widest border between classes) by little. One control wins: comparing with every stored
# sample, with time bent to fit, knows more. It keeps those samples: 80 of 40 readings of six axes are 19,200 numbers, where
# the network has 3,125. Pooling loses little here: these spells consist of different pieces, not of the same ones in another order. And the spells that we
# made up from physics teach a network nothing about these: worse than the most frequent class. Nobody had told us how
# this hand holds its wand, and how it draws.
#
# Twenty samples in a fold cannot tell 0.93 from 0.95. And all folds hold the same hand, as far as
# anybody says: nothing here tells of another. If you have the folder, repeat it, and train your own network with it:
#
#     python -m tinyml_course.labs.gestures_real FOLDER
#     tinyml run gestures --data FOLDER --out out/wand

# %% [markdown]
# ## Explain it
#
# A colleague's watch counts sit-ups well with global average pooling. She wants the same network to tell "volume up" (turn
# the wrist out, then back) from "volume down" (in, then back), and to listen all the time. Explain in a few sentences
# what you would change, and what you would measure.
#
# <details>
# <summary>One way to say it</summary>
#
# A sit-up is a sit-up wherever it falls in the window, so the average is right there. Up and down consist of the same two
# turns in another order, so the last layer must see where something was: flatten the last map, and check that one
# filter's receptive field is shorter than the gesture. Then a window must begin where the gesture begins, so a trigger on
# the energy of the movement comes before the network; it saves energy as well. I would measure on people who were held
# out, left hands too: the recall of each gesture, how many gestures the trigger misses, and how often it fires in an hour
# in which nobody wants anything.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The trigger hears movements above 0.2 g. How many of 100 gestures of new people does it still hear at 0.6 g? Predict, then
# run the cell, and change `threshold_g`.

# %%
# --- solution
my_prediction = 80
# --- your turn
# my_prediction = ...
# --- end

# %%
threshold_g = 0.6
stricter = OnsetSpec.of(crowd.channel_names, 100, 50.0,
                        threshold_g=threshold_g)
made_ones = split.test.x[split.test.y > 0]
heard = [len(find_onsets(one, stricter).begun) > 0 for one in made_ones]
compare_guess(my_prediction, 100 * np.mean(heard), "of 100")

# %% tags=["bounds"]
at_home = [len(find_onsets(one, rules).begun) > 0 for one in made_ones]
assert np.mean(heard) < np.mean(at_home) and np.mean(at_home) > 0.85

# %% [markdown]
# ## Open task ★
#
# Gestures of your own: run the sketch on a board, or on the panel above, and send `r`. It prints the samples of each
# gesture, as README.md in its folder says. Make three gestures twenty times each, a file each, and train with
# `tinyml run gestures --data FOLDER`. Then ask a friend to make them. Is it still as good? If not, what would you record?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("17")

# %% [markdown]
# ## Takeaways
#
# - An average over time forgets order. Where order is the message, flatten.
# - A trigger is a few sums a sample; it says when to ask, and where the window begins.
# - A gyroscope feels turns that no accelerometer feels. What it is worth depends on the gestures.
# - Leave a sensor out in part of the training, and one network serves boards with it and without.
# - A network answers to a missing sensor and a turned strap as if nothing had happened. Try both.

# %% [markdown]
# ## Further reading
#
# - T. Flash and N. Hogan, [The coordination of arm movements: an experimentally confirmed mathematical model](https://doi.org/10.1523/JNEUROSCI.05-07-01688.1985), Journal of Neuroscience 5, 1985.
# - H. Sakoe and S. Chiba, [Dynamic programming algorithm optimization for spoken word recognition](https://doi.org/10.1109/TASSP.1978.1163055), IEEE Transactions on Acoustics, Speech, and Signal Processing 26, 1978: time that may be bent.
# - N. Srivastava and others, [Dropout: a simple way to prevent neural networks from overfitting](https://jmlr.org/papers/v15/srivastava14a.html), Journal of Machine Learning Research 15, 2014: leaving out, by value and not by sensor.
# - The recordings: [Magic Wand Data](https://github.com/nanguoyu/Magic_Wand_Data).

# %% [markdown]
# ## Next
#
# [18 Training on the device](18_training_on_the_device.ipynb): a network that goes on learning from its owner. How the
# gestures became a lab, and how a task of your own can, stands in [Add a lab](../docs/add_a_lab.md).
