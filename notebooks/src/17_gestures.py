# %% [markdown]
# # 17 Gestures: a wrist, two sensors, and a trigger
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed (a Nano 33 BLE Sense on your wrist is fun).
# Before it: [03 Training](03_training.ipynb), [11 Your own data](11_your_own_data.ipynb).
#
# A board on the wrist is to know what the hand does: a swipe to the left or to the right, a circle, a shake, or a
# twist. A swipe to the left and one to the right consist of the same movements in another order. That decides how the
# network may be built, and when the board has to listen. And one of our two boards lacks a sensor.

# %% [markdown]
# ## What you will be able to do
#
# - Say when a network may average over time, and when it must not.
# - Write a trigger that waits for a gesture, in Python and in C, the same at every sample.
# - Say what a second sensor is worth, and let one network serve boards with it and without.

# %% [markdown]
# ## Predict
#
# A convolutional network averages its last map over time, as the one of lesson 03 did. It has learnt from fifty-four
# people. Eighteen other people swipe to the left and to the right. How many of 100 swipes does the network recognise as
# what they are? Guess.

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
# An **accelerometer** feels pushes and gravity. A **gyroscope** feels how fast it is turned, in degrees per second. Both
# sit on the back of a wrist. The forearm turns about the elbow, and the elbow is carried along. The readings of both
# sensors follow from this one movement (`datasets/wrist_physics.py`). Here is a swipe to the right:

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
# The accelerometer shows four humps: the arm speeds up and brakes on its way out, and does the same on its way back. The
# gyroscope shows two humps: the arm turns one way, stays there for a moment, and turns back. (It turns about z, and a turn
# against the clock is positive.)
#
# If degrees per second are added up over time, the sum is in degrees. It says how far the arm has turned.

# %% [markdown]
# ## Exercise 17.1: from speed to angle
#
# `rate_dps` is an array with a gyroscope's readings of one axis, in degrees per second. There are `sample_rate_hz`
# readings in each second. Return by how many degrees the board has been turned in the end.
#
# Example: `turned_degrees(np.array([100.0, 200.0, -50.0]), 50)` gives `5.0`.

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
# There are ninety people. Each of them has a speed, a size, a right or a left hand that wears the board, and a strap that
# sits a little askew. The class `rest` is all that is no gesture: a hand that does nothing, a slow reach for a cup, a
# knock against the table, a swinging arm. A **group** is a person, and eighteen people are held out.

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
# For each filter, **average pooling** keeps how much of its pattern there was, and forgets when it was there. A swipe to
# the right goes out and back, and so does a swipe to the left: they consist of the same pieces in another order. Only a
# filter that sees *both* pieces at once could tell the two apart. How much of the window does a filter see? That is its
# **receptive field**.

# %% [markdown]
# ## Exercise 17.2: how far a filter sees
#
# `kernels` and `strides` are lists with one entry for each convolution, beginning with the first one. Return how many
# samples of the window one place of the last map has seen.
#
# Example: `receptive_field([3, 3], [2, 1])` gives `7`.

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
from tinyml_course.classroom import reference_answer

# Ours has kernels 7, 5, 5 of stride 2. A checked one: this runs without yours.
seen = reference_answer("17.2")([7, 5, 5], [2, 2, 2])
print(f"a place of the last map sees {seen} samples, {seen / 50:.2f} s")

# %% [markdown]
# A swipe takes longer than that: the hand goes out, stays, and comes back. So let the last layer see every place of the
# last map, in one long row: the map is **flattened**. The price is that every number of the map needs a weight of its own
# for each class. Both networks have the same three convolutions:

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
# The network with the average is not blind: nobody's way back is exactly like the way out, and a quick swipe fits into
# the receptive field. But where order is the message, an average is the wrong last step. In lesson 03 it was the right
# one: a step is a step, wherever in the window it falls.

# %% [markdown]
# ### When to ask
#
# Fifty times a second the board gets a sample. The network could be asked each time, but that is much work, and most
# windows would hold only half a gesture. So something cheap waits until a gesture begins. It is called a **trigger**:
#
# 1. A slow mean follows each channel. It holds gravity, the tilt, and the sensor's constant error.
# 2. The mean is taken away, and what is left is the movement. Its squares add up to its energy (256 degrees per second
#    weigh as much as 1 g).
# 3. When the energy is above a threshold for two samples in a row, a gesture has begun. Its window begins 0.24 s earlier.
# 4. The next gesture can begin only after 0.2 s of quiet.

# %% [markdown]
# ## Exercise 17.3: the beginning of a gesture
#
# `energy` is a list with one value for each sample. A board *knows* that a gesture has begun when the energy was above
# `floor` for `confirm` samples in a row. Return the index of the sample at which it knows that for the first time, which
# is the last of these samples. If there is none, return -1.
#
# Example: `find_begin([0, 9, 0, 9, 9, 9], 5, 2)` gives `4`.

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
# The package's trigger does this in a stream, again and again. The course's trace holds five gestures of a wrist that no
# network has met, with rests between them:

# %%
from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.features.onset import (
    OnsetSpec, cut_gestures, find_onsets)
from tinyml_course.shipped import DATA

# %%
trace = DATA / "gestures/wrist.csv"
stream = np.concatenate([t.values for t in read_traces(trace)], axis=1)
rules = OnsetSpec.of(crowd.channel_names, 100, 50.0)
begun = find_onsets(stream, rules).begun
print("gestures begin at", *(f"{at / 50:.2f}" for at in begun), "s")
print(f"{len(stream):,} samples, and the network is asked {len(begun)} times")

# %% tags=["bounds"]
assert len(begun) == 5

# %% [markdown]
# All five were heard. The control is the class `rest`: which share of the windows of each class starts the trigger?

# %%
starts = np.array([len(find_onsets(one, rules).begun) > 0
                   for one in split.test.x])
for k, name in enumerate(crowd.class_names):
    print(f"{name:<7} {starts[split.test.y == k].mean():.0%}")

# %% tags=["bounds"]
assert starts[split.test.y > 0].mean() > 0.95
assert 0.3 < starts[split.test.y == 0].mean() < 0.7

# %% [markdown]
# The trigger hears every gesture, and it starts for half of what is no gesture: it tells movement from quiet, and no more.
# To tell a gesture from a cup is left to the network. How much is saved depends on how much the wearer moves.

# %% [markdown]
# ## Move it
#
# A lower threshold still hears the end of the movement before. A higher one misses slow gestures. And with a low
# threshold of 0.06 g, which gesture is lost if hardly any quiet is required before the next one? Move the sliders.

# %%
from tinyml_course.live.explorers import explore_onset

explore_onset()

# %% [markdown]
# ## Measure
#
# ### The lab's network
#
# The Bundle `gestures` holds the lab's network. It is flattened too, but it was trained for longer and with varied
# windows, and in half of them the gyroscope was left out. Beside it stand the controls: the network with the average, and
# a network for each sensor alone. All of them are int8. They are judged on the people who were held out, on twenty more
# people, and on these twenty people without a gyroscope.

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
# With clean physics a single sensor is nearly enough. The gyroscope alone is about as good as both sensors, because all
# these gestures turn the arm. (A network that has only the gyroscope, and then loses it, can only guess: it is right once
# in six times.) Without a gyroscope, the network that learnt to do without it is about as good as the network that never
# had one.
#
# ### Every byte
#
# Here the C of the network is compared with TFLM, on the whole test part:

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
# has no gyroscope: there the gyroscope's three channels are always 0, and the sketch says so.

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
# And here are the answers of Python, with the windows that the trigger cuts and the same network: first with the
# gyroscope, then with zeros in its place.

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
# The boards and Python agree. Without a gyroscope the twist of this wrist passes for a swipe. To an accelerometer, a twist
# is gravity that wanders from one axis to another, and the push of a swipe wanders in the same way.

# %% [markdown]
# Here you can watch the Nano. The trace plays again and again. Each answer flashes on the lamp (once for left, up to five
# times for twist), and it stands in the serial monitor. You can turn the board with the sliders, and drag it with the
# mouse.

# %%
from tinyml_course.live import BoardPanel

BoardPanel("gestures", "nano33ble", [trace])

# %% [markdown]
# ### An older model, carried elsewhere
#
# Does a model know a movement wherever the board is worn? The motion model of lessons 01 to 09 learnt from phones at the
# waist, in pockets, in hands and on wrists. Now twenty new people, who are made by the same physics, carry the phone in
# each of these places, and also in a bag on a strap, a place that the model has never met:

# %%
from tinyml_course.labs.motion_places import measure_places

places = measure_places()
places.table

# %% tags=["bounds"]
assert min(min(row.values()) for row in places.recall.values()) > 0.9

# %% [markdown]
# The model learnt from every way of wearing the phone, so it knows them all, and the bag as well: its features are
# computed from the magnitude, which no strap can turn. But here physics judges what learnt from physics. The only
# recordings of real people that we have had were made at the waist (lesson 02).

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
# The network does not refuse. It answers, and to this network zeros mean that nothing turns. Whoever left the sensor out
# in half of the training windows needs no second network.
#
# ### The strap the other way round
#
# Somebody puts the board on with the plug towards the hand. That is half a turn about z, so x and y change their signs in
# both sensors:

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
# The accelerometer says left where it should say right, and the gyroscope, whose z axis has not changed, contradicts it.
# No training on people who wear the strap the right way round prepares a network for that. A picture on the box does.

# %% [markdown]
# ## A real wand
#
# "Magic Wand Data" (nanguoyu, MIT licence) holds gestures that were made with a real wand, which carried a Nano 33 BLE
# Sense. There are five spells, recorded with 119 readings of six axes in a second. The course contains none of them. We
# had 100 samples (19, 18, 23, 19 and 21 of the five spells). They were dealt into five folds (**cross-validation**),
# with every class in each fold, and each fold was judged by a model that learnt from the other four. Each seed draws
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
# There are four things to take home. First, the network beats the plain controls only by a little. One of them answers
# with the most similar of the stored samples, and the other is a support vector machine, which draws the widest border
# between classes. Second, one control wins: it compares with every stored sample too, but it bends time until the two fit
# (dynamic time warping, **DTW**). The price is that it has to keep those samples: 80 samples of 40 readings of six axes
# are 19,200 numbers, and the network has 3,125. Third, pooling loses little here, because these spells consist of
# different pieces, and not of the same pieces in another order. And fourth, the spells that we made up from physics teach
# a network nothing about these: it does worse than to name the most frequent class each time. Nobody had told us how this
# hand holds its wand, and how it draws.
#
# Twenty samples in a fold cannot tell 0.93 from 0.95. And as far as anybody says, all folds hold the same hand: nothing
# here tells how another hand would do. If you have the folder, repeat the measurement, and train your own network with it:
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
# The trigger hears movements above 0.2 g. How many of 100 gestures of new people does it still hear if the threshold is
# 0.6 g? Predict, then run the cell, and change `threshold_g`.

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
# Most gestures push harder than 0.6 g at some time, so most are still heard. Lost are those of gentle hands, and no
# network can repair that.

# %% [markdown]
# ## Open task ★
#
# Teach the network gestures of your own. Run the sketch on a board, or on the panel above, and send `r`. It then prints the
# samples of each gesture, as README.md in its folder says. Make three gestures, twenty times each, and keep each gesture
# in a file of its own. Train with `tinyml run gestures --data FOLDER`. Then ask a friend to make them. Is the network
# still as good? If not, what would you record?

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
# - A trigger is a few sums for each sample. It says when to ask, and where the window begins. It fires at a cup, too.
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
