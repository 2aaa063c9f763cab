# %% [markdown]
# # 03 Training
#
# Time: {measured_time} on two cores. Board: not needed.
#
# A **neural network** is a long formula with many numbers in it. **Training** finds the numbers. In
# this lesson you compute one piece of such a formula yourself, train two small networks, judge them
# as strictly as they deserve, and pack the winner for the board.

# %% [markdown]
# ## What you will be able to do
#
# - Train a small network, and read from its curves whether it learns or learns by heart.
# - Count its parameters and its multiplications by hand, before it exists.
# - Choose on the validation part, read the test part once, and pack the result into a Bundle.

# %% [markdown]
# ## Predict
#
# The first network takes the 8 features of lesson 02. They go into 32 neurons, those into 16, and those
# into 3: one for each class. How many numbers does training have to find? Guess first; you will count
# them later.

# %%
# --- solution
my_guess_parameters = 1000
# --- your turn
# my_guess_parameters = ...
# --- end

# %% [markdown]
# ## Build
#
# First the data, as in lesson 02: people from physics, split by person, features scaled with what the
# training part says.

# %%
from tinyml_course.datasets import check_no_leakage, make_motion_dataset, split_by_group
from tinyml_course.labs.motion import MOTION

split = split_by_group(make_motion_dataset(seed=0, people=45))
check_no_leakage(split)
choice = MOTION.models["dense"]  # what the motion lab says about this model
preprocessing = choice.make_preprocessing().fit(split.train.x)
x = {name: preprocessing.apply(part.x) for name, part in split.items()}
for name, part in split.items():
    print(f"{name:>5}: {len(part)} windows of {len(set(part.groups))} people, {x[name].shape[1]} features")

# %% [markdown]
# ### A layer
#
# A **neuron** multiplies each of its inputs by a **weight**, adds the products and a last number, its
# **bias**. If the sum is below zero, it gives 0 instead. That bend is called **ReLU**; without it, many
# layers could do no more than one.
#
# A **dense layer** is a row of neurons that all see the same inputs. With the weights in a table $W$,
# one column a neuron, the whole layer is
#
# $$\text{out} = \max(0,\; x W + b)$$

# %%
from tinyml_course.training import build_dense

model = build_dense(input_shape=(8,), n_classes=3)  # the first call loads TensorFlow
weights, bias = model.get_layer("hidden_1").get_weights()
print("weights:", weights.shape, " biases:", bias.shape)

# %% [markdown]
# ## Exercise 3.1: one layer
#
# Write the formula in NumPy. `@` multiplies matrices, `np.maximum(0, values)` is ReLU.

# %%
import numpy as np

def dense_layer(inputs, weights, bias):
    # --- solution
    return np.maximum(0, inputs @ weights + bias)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.exercises import check

from_keras = model.get_layer("hidden_1")(x["train"][:50]).numpy()
check("3.1", dense_layer,
      lambda f: np.allclose(f(x["train"][:50], weights, bias), from_keras, atol=1e-5),
      hint="inputs @ weights + bias, then np.maximum")

# %% [markdown]
# **Keras** is the library that holds and trains the network. It computes what you just wrote.
#
# ### The loss
#
# The last layer gives three **scores** that add up to 1 (a function called **softmax** sees to that).
# At first they mean nothing, because the weights are random. How wrong are they? The usual measure is
# the **cross-entropy**: take the score $s$ of the *right* class, and its logarithm with a minus sign.
#
# $$\text{loss} = -\frac{1}{n}\sum_{i=1}^{n} \ln s_i$$
#
# A score of 1 costs nothing. A score near 0 for the right class costs a lot. Who always says one third
# for each class pays $\ln 3 \approx 1.10$.

# %% [markdown]
# ## Exercise 3.2: the loss
#
# `scores` has one row a window and one column a class, `y` the right classes. The score of the right
# class in each row is `scores[np.arange(len(y)), y]`. `np.log` is the logarithm.

# %%
def cross_entropy(scores, y):
    # --- solution
    return -np.mean(np.log(scores[np.arange(len(y)), y]))
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.training import import_keras, predict_scores

untrained = predict_scores(model, x["train"])
losses = import_keras().losses.sparse_categorical_crossentropy(split.train.y, untrained)
check("3.2", cross_entropy,
      lambda f: abs(f(untrained, split.train.y) - losses.numpy().mean()) < 1e-4,
      hint="minus the mean of the logarithms")

# %%
print(f"loss before training {losses.numpy().mean():.2f}, of one third each {np.log(3):.2f}")

# %% [markdown]
# ### Training
#
# Training takes a few windows (a **batch**), asks for each weight in which direction the loss falls, and
# moves every weight a little that way. How far is set by the **learning rate**. After all batches one
# **epoch** is over, and it begins again with another order.
#
# `fit_model` prints the loss, and how many windows of the validation part come out right.

# %%
from tinyml_course.training import fit_model

history = fit_model(
    model, x["train"], split.train.y, x["val"], split.val.y,
    epochs=choice.epochs, batch_size=choice.batch_size, learning_rate=choice.learning_rate,
    seed=0, log_every=10,
)

# %%
from tinyml_course.observe.plots import plot_history

plot_history(history)

# %% [markdown]
# Read the curves like this. Both losses fall: it learns. The training loss goes on falling while the
# validation loss stays or rises: from here on the network learns the known people by heart. That is
# **overfitting**. `fit_model` keeps the weights of the best epoch on the validation part, the dot.

# %% [markdown]
# ## Exercise 3.3: count by hand
#
# The numbers that training finds are the **parameters**: weights and biases. They will lie in the
# board's flash. Each weight is used in one multiplication, whose product is added to a sum: one **MAC**
# (multiply-accumulate). MACs are what takes the time. Biases cost none.
#
# A layer of 32 neurons with 8 inputs has $8 \cdot 32$ weights and 32 biases. Count all three layers:
# 8 → 32 → 16 → 3.

# %%
# --- solution
my_parameters = (8 * 32 + 32) + (32 * 16 + 16) + (16 * 3 + 3)
my_macs = 8 * 32 + 32 * 16 + 16 * 3
# --- your turn
# my_parameters = ...
# my_macs = ...
# --- end

# %% tags=["nbval-check-output"]
from tinyml_course.training import count_macs

check("3.3", (my_parameters, my_macs),
      lambda mine: mine == (model.count_params(), count_macs(model)),
      hint="weights of a layer: inputs times neurons; parameters: and one bias a neuron")

# %%
if my_guess_parameters is not ...:
    print(f"you guessed {my_guess_parameters:,} parameters, there are {model.count_params():,}")
print(f"one answer takes {count_macs(model):,} MACs")

# %% [markdown]
# ### A network that finds its own features
#
# The eight features were made by people who thought about walking. A **convolution** looks for features
# itself. It has small **filters**: the first layer's are 7 readings long. Each filter slides along the
# window, two readings at a time, and gives one weighted sum at each of the 50 places. What is tuned to
# a heel strike answers wherever in the window a heel strikes.
#
# Three such layers, the average over time, then three scores: `build_conv1d`. It takes windows with four
# channels: the three axes and their magnitude.

# %%
from tinyml_course.training import build_conv1d

conv = build_conv1d(input_shape=(100, 4), n_classes=3)
print(f"{conv.count_params():,} parameters, {count_macs(conv):,} MACs")
print("a filter of the first layer:", conv.get_layer("conv_1").kernel.shape[:2], "readings, channels")

# %% [markdown]
# ## Exercise 3.4: the first convolution
#
# It has 8 filters of 7 readings and 4 channels, and uses each of them at 50 places. How many weights,
# and how many MACs?

# %%
# --- solution
conv_weights = 7 * 4 * 8
conv_macs = conv_weights * 50
# --- your turn
# conv_weights = ...
# conv_macs = ...
# --- end

# %% tags=["nbval-check-output"]
first = conv.get_layer("conv_1")
weights_there = int(np.prod(first.kernel.shape))
check("3.4", (conv_weights, conv_macs),
      lambda mine: mine == (weights_there, weights_there * first.output_shape[1]),
      hint="each weight is used once at every place")

# %% [markdown]
# Few weights, many MACs: a convolution is cheap in flash and expensive in time. A dense layer is the
# other way round.
#
# Now train it. `train_choice` does what you did above, for any model of a lab: fit the preprocessing,
# build, train.

# %%
from dataclasses import replace
from tinyml_course.features import Preprocessing, Standardize
from tinyml_course.pipeline.stages import train_choice

with_magnitude = replace(MOTION.models["conv1d"], epochs=15)
axes_only = replace(with_magnitude, make_preprocessing=lambda: Preprocessing((Standardize(),)))
conv_4 = train_choice("conv1d, axes and magnitude", with_magnitude, split, 0, print)
conv_3 = train_choice("conv1d, axes only", axes_only, split, 0, print)

# %%
plot_history(conv_4.history)

# %% [markdown]
# The same function with the dense network. **Seeds** fix the first weights and the order of the windows,
# so the result must be yours from above, weight for weight.

# %%
dense = train_choice("dense", choice, split, 0, print)

# %% tags=["nbval-check-output"]
pairs = zip(model.get_weights(), dense.model.get_weights())
print("the same weights, to the last bit:", all(np.array_equal(a, b) for a, b in pairs))

# %% [markdown]
# ## Measure
#
# ### Choose on the validation part
#
# One more candidate must be there: the simplest one, as a **control**. **Logistic regression** is a single
# layer: three weighted sums, no hidden neurons. If a network does not beat it, you do not need a network.

# %%
from sklearn.linear_model import LogisticRegression
from tinyml_course.table import Table
from tinyml_course.training import accuracy
control = LogisticRegression(max_iter=1000).fit(x["train"], split.train.y)
rows = [("logistic regression", "27", "24", f"{control.score(x['val'], split.val.y):.3f}")]
for one in (dense, conv_4, conv_3):
    share = accuracy(predict_scores(one.model, one.inputs["val"]), split.val.y)
    parameters, macs = one.model.count_params(), count_macs(one.model)
    rows.append((one.name, f"{parameters:,}", f"{macs:,}", f"{share:.3f}"))
Table(("model", "parameters", "MACs", "validation accuracy"), tuple(rows))

# %% [markdown]
# Take your time with this table.
#
# - With good features, the control is about as good as the dense network. The hand-made features did the
#   work. An honest engineer would now ask whether the network is worth it. We keep it, because it is a
#   good size for learning what the next lessons do to a network.
# - The convolution needs no hand-made features, and pays with many more MACs.
# - What is the magnitude worth to it? Compare the last two rows. A weighted sum cannot take the root of
#   squares. Many bent sums in many directions, averaged over time, come close, but have to be learnt.
#
# Do not read too much into small differences. The validation part has few people: a single odd one
# among them moves the result by several points.

# %% [markdown]
# ### Open the test part, once
#
# The choice is made: the dense network. Nothing in the table is clearly better, and of the two kinds of
# network it needs far fewer MACs. Now, and not before, the test part tells how good it is on people who
# had no say in anything.

# %%
from tinyml_course.training import class_report

scores = predict_scores(dense.model, dense.inputs["test"])
class_report(scores, split.test.y, split.test.class_names)

# %% [markdown]
# **Precision**: of all windows called *walk*, how many were walks? **Recall**: of all walks, how many were
# called so? **F1** is a mean of both. The **confusion matrix** shows which class is taken for which: a row
# for what is true, a column for what was answered.

# %%
from tinyml_course.observe.plots import plot_confusion_matrix
from tinyml_course.training import confusion_matrix

plot_confusion_matrix(confusion_matrix(scores, split.test.y), split.test.class_names)

# %% tags=["nbval-check-output"]
test_accuracy = accuracy(scores, split.test.y)
print("on people never met, at least 0.93:", test_accuracy >= 0.93)

# %% [markdown]
# ### Pack it
#
# A model alone is useless on a board. It needs the means and deviations of the features, the names of the
# classes, the rate, the unit. All that goes into one folder, the **Bundle**. The model itself is rewritten
# with whole numbers of 8 bits; how that works is lesson 04.

# %%
from tinyml_course.pipeline.run import describe_data, make_bundle
from tinyml_course.pipeline.stages import convert_to_int8
from tinyml_course.report import Report

measured = {"float": round(test_accuracy, 4)}
report = Report(lab="motion", model="dense", data=describe_data(split), accuracy=measured)
model_int8 = convert_to_int8(dense.model, dense.inputs["train"])

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

workshop = TemporaryDirectory()  # a folder that is gone when the notebook is closed
saved = make_bundle("motion", dense, model_int8, split.test, report).save(Path(workshop.name) / "motion")
for part in sorted(saved.folder.iterdir()):
    print(f"{part.name:<20} {part.stat().st_size:>7,} bytes")

# %% [markdown]
# `golden.npz` holds some windows and the whole numbers that the model must answer, byte for byte. Every
# later stage, down to the board, has to give them again. Let us load the Bundle and ask.

# %% tags=["nbval-check-output"]
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.bundle import Bundle

bundle = Bundle.load(saved.folder)
outputs = run_integer_model(bundle.model, bundle.golden.inputs).outputs
print("golden answers equal in every byte:", np.array_equal(outputs, bundle.golden.outputs))
cost = test_accuracy - accuracy(bundle.predict_scores(split.test.x), split.test.y)
print("whole numbers cost less than one point:", cost < 0.01)

# %% [markdown]
# `tinyml run motion --out FOLDER` in a terminal does this whole lesson in one go, and more.

# %% [markdown]
# ## Break it on purpose
#
# ### Random labels, once more
#
# In lesson 01 a forest learnt random labels by heart. Can a network do that too? This one is larger, gets
# 300 windows, and labels drawn like cards.

# %%
cards = np.random.default_rng(0)
picked = cards.permutation(len(split.train))[:300]
drawn = {name: cards.integers(0, 3, len(part)) for name, part in split.items()}
scaled = {name: Standardize().fit(split.train.x).apply(part.x) for name, part in split.items()}
parrot = build_dense((100, 3), 3, hidden=(128, 32))
by_heart = fit_model(
    parrot, scaled["train"][picked], drawn["train"][picked], scaled["val"], drawn["val"],
    epochs=50, batch_size=32, learning_rate=3e-3, seed=0, log_every=0, keep_best=False,
)
plot_history(by_heart)

# %% tags=["nbval-check-output"]
print("more parameters than numbers to learn:", parrot.count_params() > 300)
print("on the windows it learnt, above 0.7:  ", by_heart.accuracy[-1] > 0.7)
judged = accuracy(predict_scores(parrot, scaled["test"]), drawn["test"])
print("on the test part, within 0.06 of 1/3: ", abs(judged - 1 / 3) < 0.06)

# %% [markdown]
# It has more parameters than there are labels, so it can store them. A falling training loss proves
# nothing. Only the other curve counts.
#
# ### Right in training, useless in use
#
# After each convolution of `build_conv1d` stands a **batch normalization**: it brings the sums to mean 0 and
# deviation 1. In training it takes both from the current batch. In use there is no batch, so it takes a
# running average, which follows slowly: at each step it keeps a share of its old value, the **momentum**.
#
# Keras's default for it is 0.99. The course uses 0.9. What is the difference, in a short training?

# %%
def train_with_momentum(momentum):
    net = build_conv1d((100, 4), 3)
    for layer in net.layers:
        if hasattr(layer, "momentum"):
            layer.momentum = momentum
    data = conv_4.inputs["train"], split.train.y, conv_4.inputs["val"], split.val.y
    return fit_model(net, *data, epochs=4, batch_size=256, learning_rate=5e-3, seed=0,
                     log_every=0, keep_best=False)

# %%
broken, repaired = train_with_momentum(0.99), train_with_momentum(0.9)
plot_history(broken)

# %% [markdown]
# The training curve looks healthy. On the validation part the very same weights do far worse. The running
# average has not arrived yet:

# %%
from tinyml_course.observe.plots import plot_bars

steps = 4 * -(-len(split.train) // 256)  # 4 epochs, the batches of each rounded up
print(f"after {steps} steps, {0.99**steps:.0%} of the average is still its first value", end="; ")
print(f"with momentum 0.9: {0.9**steps:.1%}")
plot_bars({"0.99, training": broken.accuracy[-1], "0.99, validation": broken.val_accuracy[-1],
           "0.9, training": repaired.accuracy[-1], "0.9, validation": repaired.val_accuracy[-1]},
          title="Momentum of the batch normalization", label="share of right answers",
          reference=1 / 3, reference_name="guessing")

# %% tags=["nbval-check-output"]
gaps = [run.accuracy[-1] - run.val_accuracy[-1] for run in (broken, repaired)]
print("0.99: training flatters by more than 0.3:", gaps[0] > 0.3)
print("0.9:  by less than 0.25:                 ", gaps[1] < 0.25)

# %% [markdown]
# ### Looking too often
#
# Why may the test part be read only once? Here are 300 models that know nothing: each of them guesses.
# We "choose" the best of them on the windows of one person, and report how good it is there.

# %% tags=["nbval-check-output"]
one = split.test.y[split.test.groups == split.test.groups[0]]  # the labels of one person
rest = split.test.y[split.test.groups != split.test.groups[0]]
guesses = np.random.default_rng(1).integers(0, 3, (300, len(split.test)))
on_one = (guesses[:, : len(one)] == one).mean(axis=1)
best = on_one.argmax()
print(f"the best of 300 guessers, where it was chosen: {on_one[best]:.2f}")
print(f"the same guesser on everybody else: {(guesses[best, len(one) :] == rest).mean():.2f}")

# %% [markdown]
# Luck was chosen, and sold as skill. Whoever looks at the test part, changes something, and looks again
# does the same thing slowly.

# %% [markdown]
# ## Takeaways
#
# - Training lowers a loss on known windows. What counts is the other curve, on people never met.
# - Parameters lie in flash, MACs take time. Both can be counted before a model is trained.
# - A control beside every result: a simple model tells what the network is worth.
# - Choose on validation, read the test part once, and pack the model with everything it needs.

# %% [markdown]
# ## Next
#
# `04_quantization`: the same network in whole numbers of 8 bits, and what that costs.
