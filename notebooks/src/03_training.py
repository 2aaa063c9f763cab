# %% [markdown]
# # 03 Training
#
# ![The chain from a signal to a board; you are here: train](pictures/chain_train.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [02 Splits and features](02_splits_and_features.ipynb).
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
from tinyml_course.datasets import check_no_leakage, split_by_group
from tinyml_course.datasets import make_motion_dataset
from tinyml_course.labs.motion import MOTION

split = split_by_group(make_motion_dataset(seed=0, people=45))
check_no_leakage(split)

# %%
choice = MOTION.models["dense"]  # what the motion lab says about this model
preprocessing = choice.make_preprocessing().fit(split.train.x)
x = {name: preprocessing.apply(part.x) for name, part in split.items()}
for name, part in split.items():
    people, features = len(set(part.groups)), x[name].shape[1]
    print(f"{name:>5}: {len(part)} windows of {people} people, {features} "
          f"features")

# %% [markdown]
# ### A layer
#
# A **neuron** multiplies each of its inputs by a **weight**, adds the products and a last number, its
# **bias**. If the sum is below zero, it gives 0 instead. That bend is called **ReLU**; without it, many
# layers could do no more than one.
#
# ![A neuron multiplies its inputs by weights, adds them and a bias, and bends the sum; a layer is many neurons that see the same inputs](pictures/03_neuron_and_layer.svg)
#
# A **dense layer** is a row of neurons that all see the same inputs. With the weights in a table $W$,
# one column for each neuron, the whole layer is
#
# $$\text{out} = \max(0,\; x W + b)$$

# %%
from tinyml_course.training import build_dense

print("loading TensorFlow, which takes some seconds ...")
model = build_dense(input_shape=(8,), n_classes=3)
weights, bias = model.get_layer("hidden_1").get_weights()
print("weights:", weights.shape, " biases:", bias.shape)

# %% [markdown]
# ## Exercise 3.1: one layer
#
# Write the formula in NumPy. `@` multiplies matrices, `np.maximum(0, values)` is ReLU.
#
# Example: `dense_layer(np.array([1, 2]), np.array([[1, -1], [1, -1]]), np.array([0.5, 0.5]))` gives `[3.5, 0.0]`.

# %%
import numpy as np

def dense_layer(inputs, weights, bias):
    # --- solution
    return np.maximum(0, inputs @ weights + bias)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("3.1", dense_layer)

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
# A score of 1 costs nothing. A score near 0 for the right class costs a lot. Whoever always says one
# third for each class pays $\ln 3 \approx 1.10$.

# %% [markdown]
# ## Exercise 3.2: the loss
#
# `scores` has one row for each window and one column for each class, `y` the right classes. The score of the right
# class in each row is `scores[np.arange(len(y)), y]`. `np.log` is the logarithm.
#
# Example: `cross_entropy(np.array([[0.5, 0.5]]), np.array([0]))` gives `0.6931`.

# %%
def cross_entropy(scores, y):
    # --- solution
    return -np.mean(np.log(scores[np.arange(len(y)), y]))
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("3.2", cross_entropy)

# %%
from tinyml_course.classroom import reference_answer  # stands for yours
from tinyml_course.training import predict_scores

untrained = predict_scores(model, x["train"])
loss = reference_answer("3.2")(untrained, split.train.y)
print(f"loss before training:      {loss:.2f}")
print(f"loss of one third for each: {np.log(3):.2f}")

# %% [markdown]
# ### Training
#
# **Training** takes a few windows (a **batch**), asks for each weight in which direction the loss falls, and
# moves every weight a little that way. How far is set by the **learning rate**. After all batches one
# **epoch** is over, and it begins again with another order.
#
# `fit_model` prints the loss, and how many windows of the validation part come out right.

# %%
from tinyml_course.training import fit_model

history = fit_model(
    model, x["train"], split.train.y, x["val"], split.val.y,
    epochs=choice.epochs, batch_size=choice.batch_size,
    learning_rate=choice.learning_rate, seed=0, log_every=10,
)

# %%
from tinyml_course.observe.plots import plot_history

plot_history(history)

# %% [markdown]
# Read the curves like this. Both losses fall: it learns. The dot is the epoch whose weights `fit_model`
# keeps: the one with the best *accuracy* on the validation part. The loss may go on falling behind it, while
# the scores only become surer of the same answers. (The axis of the accuracy does not begin at 0.)
#
# What does it look like when it goes wrong? Take a larger network, give it the 300 raw readings, and only four
# people to learn from.

# %%
from tinyml_course.features import Standardize

raw = {name: Standardize().fit(split.train.x).apply(part.x)
       for name, part in split.items()}
few = np.isin(split.train.groups, sorted(set(split.train.groups))[:4])
large = build_dense((100, 3), 3, hidden=(128, 32))
by_heart_4 = fit_model(
    large, raw["train"][few], split.train.y[few], raw["val"], split.val.y,
    epochs=20, batch_size=32, learning_rate=2e-3, seed=0, keep_best=False,
)

# %%
plot_history(by_heart_4)

# %% tags=["bounds"]
assert by_heart_4.loss[-1] < 0.15
assert by_heart_4.val_loss[-1] > 1.5 * by_heart_4.val_loss[0]

# %% [markdown]
# The training loss falls to almost nothing. The validation loss *rises* from the first epochs on: from there
# on the network learns four people by heart. That is **overfitting**. More people help most. A smaller network
# helps, features help, and so does **dropout**, which you meet in a moment.
#
# ### The same without this course
#
# `build_dense` and `fit_model` are short. Here is what you would write in a project of your own, with **Keras**
# itself. `Dropout(0.2)` sets a fifth of the values to zero while it trains, at random, so that no neuron can rely
# on a single other one. The **optimizer** is the rule by which the weights move: SGD goes down the slope, Adam
# also keeps a step size for each weight.

# %%
from tinyml_course.training import import_keras
keras = import_keras()

def build_with_keras():
    keras.utils.set_random_seed(0)
    return keras.Sequential([
        keras.layers.Dense(32, activation="relu", input_shape=(8,)),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(3, activation="softmax")])

# %%
build_with_keras().summary(line_length=70)

# %%
def train_with(optimizer):
    network = build_with_keras()
    network.compile(optimizer, "sparse_categorical_crossentropy", ["accuracy"])
    judges = x["val"], split.val.y
    return network.fit(x["train"], split.train.y, epochs=10, batch_size=64,
                       validation_data=judges, verbose=0).history

# %%
from tinyml_course.observe.plots import plot_curves

optimizers = {"SGD": keras.optimizers.SGD(0.01),
              "SGD with momentum": keras.optimizers.SGD(0.01, momentum=0.9),
              "Adam": keras.optimizers.Adam(0.001)}
runs = {}
for name, optimizer in optimizers.items():
    runs[name] = train_with(optimizer)
    print(f"{name}: validation loss {runs[name]['val_loss'][-1]:.2f}")

# %%
losses = {name: run["val_loss"] for name, run in runs.items()}
plot_curves(np.arange(1, 11), losses, title="Three optimizers, ten epochs",
            xlabel="epoch", ylabel="validation loss")

# %% tags=["bounds"]
assert losses["SGD"][-1] > losses["Adam"][-1]
assert runs["Adam"]["val_accuracy"][-1] > 0.93

# %% [markdown]
# Plain SGD gets there too, only later. With another learning rate the order may change: an optimizer and its
# learning rate are chosen together, on the validation part. This course's `fit_model` uses Adam.
#
# To watch a long training, add `callbacks=[keras.callbacks.TensorBoard("logs")]` to `fit`, and type
# `tensorboard --logdir logs` in a terminal: TensorBoard shows such curves in the browser while they grow.

# %% [markdown]
# ## Exercise 3.3: count before it exists
#
# The numbers that training finds are the **parameters**: weights and biases. They will lie in the
# board's flash. Each weight is used in one multiplication, whose product is added to a sum: one **MAC**
# (multiply-accumulate). MACs are what takes the time. Biases cost none.
#
# Write a function that counts both for one dense layer with so many inputs and so many neurons. For the three
# layers 8 → 32 → 16 → 3 one then adds up three times.
#
# Example: `count_dense(3, 2)` gives `(8, 6)`.

# %%
def count_dense(inputs, neurons):
    # --- solution
    macs = inputs * neurons
    return macs + neurons, macs
    # --- your turn
    # parameters, macs = ..., ...
    # return parameters, macs
    # --- end

# %% tags=["nbval-check-output"]
check("3.3", count_dense)

# %%
from tinyml_course.classroom import compare_guess
from tinyml_course.training import count_macs

compare_guess(my_guess_parameters, model.count_params(), "parameters")
print(f"one answer takes {count_macs(model):,} MACs")

# %% [markdown]
# ### How large should it be?
#
# Articles give rules: two or three layers, 8 to 64 neurons, ReLU, under 10,000 parameters, under 100 kB. Do not
# believe them, measure. Six networks, the first without any **hidden layer** between inputs and scores:

# %%
rows_of_sizes = []
for hidden in ((), (4,), (8,), (32, 16), (128, 64), (16, 16, 16, 16)):
    network = build_dense((8,), 3, hidden=hidden)
    fit_model(network, x["train"], split.train.y, x["val"], split.val.y,
              epochs=10, batch_size=64, learning_rate=3e-3, seed=0, log_every=0)
    scores = predict_scores(network, x["val"])
    right = (scores.argmax(axis=1) == split.val.y).mean()
    rows_of_sizes.append((hidden, network.count_params(), right))
    print(f"{hidden!s:>16}: {network.count_params():>6,} parameters, "
          f"{right:.3f} right")

# %% tags=["bounds"]
shares = [right for _, _, right in rows_of_sizes]
assert shares[3] > shares[0] and shares[3] > 0.95
assert shares[4] - shares[3] < 0.02

# %% [markdown]
# In ten epochs, one hidden layer of a few neurons does most of it. (The first network is not at its end by then. It
# is the same model as logistic regression, below, which gets more out of as many parameters.) Beyond (32, 16), ten
# times the parameters buy nothing, and neither does depth: the features are good, and one point is about six windows.
# So begin small, and grow while the *validation* accuracy grows by more than its spread. The limits of 10,000
# parameters and 100 kB are not laws of learning: they are what a small board has left beside its other software
# (lesson 10).

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
size = tuple(conv.get_layer("conv_1").kernel.shape[:2])
print("a filter of the first layer:", size, "readings, channels")

# %% [markdown]
# ## Exercise 3.4: the first convolution
#
# It has 8 filters of 7 readings and 4 channels, and uses each of them at 50 places. Write a function that
# returns the weights and the MACs of such a layer.
#
# Example: `count_conv(3, 2, 4, 10)` gives `(24, 240)`.

# %%
def count_conv(readings, channels, filters, places):
    # --- solution
    weights = readings * channels * filters
    return weights, weights * places
    # --- your turn
    # weights, macs = ..., ...
    # return weights, macs
    # --- end

# %% tags=["nbval-check-output"]
check("3.4", count_conv)

# %% [markdown]
# Few weights, and each is used at many places: cheap in flash, expensive in time. A dense layer uses each
# weight once.
#
# Now train it. `train_choice` does what you did above, for any model of a lab: fit the preprocessing,
# build, train.

# %%
from dataclasses import replace
from tinyml_course.features import Preprocessing
from tinyml_course.pipeline.stages import train_choice

with_magnitude = replace(MOTION.models["conv1d"], epochs=15)
axes_only = replace(with_magnitude, make_preprocessing=lambda:
                    Preprocessing((Standardize(),)))
conv_4 = train_choice("conv1d, axes and magnitude", with_magnitude, split, 0,
                      print)
conv_3 = train_choice("conv1d, axes only", axes_only, split, 0, print)

# %%
plot_history(conv_4.history)

# %% [markdown]
# The same function with the dense network. **Seeds** fix the first weights and the order of the windows,
# so the result must be yours from above, weight for weight.

# %%
dense = train_choice("dense", choice, split, 0, print)

# %%
pairs = zip(model.get_weights(), dense.model.get_weights())
unequal = sum(int((a != b).sum()) for a, b in pairs)
print(f"{unequal} of {model.count_params()} weights differ")

# %% tags=["bounds"]
assert unequal == 0

# %% [markdown]
# ## Move it
#
# The step that training takes is the learning rate. Here a single layer learns from raw readings, every tenth of a
# window. Move the rate: where does the loss creep, where does it fall, and where does it jump from one side of the
# valley to the other?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_learning_rate

explore_learning_rate()

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
weights, share = control.coef_.size, control.score(x["val"], split.val.y)
rows = [(weights + control.intercept_.size, weights, share)]
for one in (dense, conv_4, conv_3):
    share = accuracy(predict_scores(one.model, one.inputs["val"]), split.val.y)
    rows.append((one.model.count_params(), count_macs(one.model), share))

# %%
names = ("logistic regression", dense.name, conv_4.name, conv_3.name)
rows = [(name, f"{parameters:,}", f"{macs:,}", f"{share:.3f}")
        for name, (parameters, macs, share) in zip(names, rows)]
Table(("model", "parameters", "MACs", "validation accuracy"), tuple(rows))

# %%
hidden, parameters, ten_epochs = rows_of_sizes[0]
print(f"network {hidden}, ten epochs: {parameters} parameters, "
      f"{ten_epochs:.3f} right")
print(f"{rows[0][0]}: {rows[0][1]} parameters, {rows[0][3]} right")

# %% [markdown]
# The last two lines are the same model: three weighted sums. The network had ten epochs of Adam; logistic
# regression is computed until the loss falls no further.
#
# - With good features, the control is about as good as the dense network. The hand-made features did the
#   work. An honest engineer would now ask whether the network is worth it. We keep it, because it is a
#   good size for learning what the next lessons do to a network.
# - The convolution needs no hand-made features, and pays with many more MACs.
# - What is the magnitude worth to it? Compare the last two rows, and do not be sure too soon. A weighted sum
#   cannot take the root of squares, so the magnitude should help. But many neurons together, each with its
#   bend, come close to a root, and the two rows may stand either way round: measured on other machines and with
#   other seeds, these results moved by up to five points. To know, one would average over seeds and over people.
#
# So do not read too much into small differences. The validation part has nine people: a single odd one
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

plot_confusion_matrix(confusion_matrix(scores, split.test.y),
                      split.test.class_names)

# %% [markdown]
# A matrix counts mistakes, it does not show them. Here is the same one with the windows behind each number: click on
# a cell, or choose a row and a column. What do the runs look like that were taken for walks?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_confusion

explore_confusion(scores, split.test.y, split.test.x,
                  split.test.class_names)

# %%
test_accuracy = accuracy(scores, split.test.y)
print(f"on people never met: {test_accuracy:.3f}")

# %% tags=["bounds"]
assert test_accuracy >= 0.93
assert rows[0][1] == str(parameters) and float(rows[0][3]) > ten_epochs

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
report = Report(lab="motion", model="dense", data=describe_data(split),
                accuracy=measured)
model_int8 = convert_to_int8(dense.model, dense.inputs["train"])

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

workshop = TemporaryDirectory()  # gone when the notebook is closed
folder = Path(workshop.name) / "motion"
saved = make_bundle("motion", dense, model_int8, split.test,
                    report).save(folder)
for part in sorted(saved.folder.iterdir()):
    print(f"{part.name:<20} {part.stat().st_size:>7,} bytes")

# %% [markdown]
# `golden.npz` holds some windows and the whole numbers that the model must answer, byte for byte. Every
# later stage, down to the board, has to give them again. Let us load the Bundle and ask.

# %%
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.bundle import Bundle

bundle = Bundle.load(saved.folder)
outputs = run_integer_model(bundle.model, bundle.golden.inputs).outputs
differing = int((outputs != bundle.golden.outputs).sum())
print(f"{differing} of {outputs.size} golden answers differ")
in_int8 = accuracy(bundle.predict_scores(split.test.x), split.test.y)
print(f"accuracy {test_accuracy:.3f} in float, {in_int8:.3f} in int8")

# %% tags=["bounds"]
assert differing == 0 and test_accuracy - in_int8 < 0.01

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
parrot = build_dense((100, 3), 3, hidden=(128, 32))
by_heart = fit_model(
    parrot, raw["train"][picked], drawn["train"][picked], raw["val"],
    drawn["val"], epochs=50, batch_size=32, learning_rate=3e-3, seed=0,
    log_every=25, keep_best=False,
)

# %%
plot_history(by_heart)

# %%
judged = accuracy(predict_scores(parrot, raw["test"]), drawn["test"])
print(f"{parrot.count_params():,} parameters for 300 labels")
print(f"right on the windows it learnt: {by_heart.accuracy[-1]:.2f}")
print(f"right on the test part:         {judged:.2f}")

# %% tags=["bounds"]
assert parrot.count_params() > 300 and by_heart.accuracy[-1] > 0.7
assert abs(judged - 1 / 3) < 0.06

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
    teach = conv_4.inputs["train"], split.train.y
    judge = conv_4.inputs["val"], split.val.y
    return fit_model(net, *teach, *judge, epochs=4, batch_size=256, seed=0,
                     learning_rate=5e-3, log_every=4, keep_best=False)

# %%
broken, repaired = train_with_momentum(0.99), train_with_momentum(0.9)
plot_history(broken)

# %% [markdown]
# The training curve looks healthy. On the validation part the very same weights do far worse. The running
# average has not arrived yet:

# %%
from tinyml_course.observe.plots import plot_bars

steps = 4 * -(-len(split.train) // 256)  # 4 epochs of so many batches
print(f"after {steps} steps the average still keeps of its first value")
print(f"{0.99**steps:.0%} with momentum 0.99, {0.9**steps:.1%} with 0.9")
bars = {}
for name, run in (("0.99", broken), ("0.9", repaired)):
    bars[f"{name}, training"] = run.accuracy[-1]
    bars[f"{name}, validation"] = run.val_accuracy[-1]

# %%
plot_bars(bars, title="Momentum of the batch normalization",
          label="share of right answers", reference=1 / 3,
          reference_name="guessing")

# %% tags=["bounds"]
gaps = [run.accuracy[-1] - run.val_accuracy[-1] for run in (broken, repaired)]
assert gaps[0] > 0.3 and gaps[1] < 0.25

# %% [markdown]
# ### Looking too often
#
# Why may the test part be read only once? Here are 300 models that know nothing: each of them guesses.
# We "choose" the best of them on the windows of one person, and report how good it is there.

# %%
is_one = split.test.groups == split.test.groups[0]  # one person's windows
one, rest = split.test.y[is_one], split.test.y[~is_one]
guesses = np.random.default_rng(1).integers(0, 3, (300, len(split.test)))
on_one = (guesses[:, : len(one)] == one).mean(axis=1)
best = on_one.argmax()
elsewhere = (guesses[best, len(one) :] == rest).mean()
print(f"the best of 300 guessers, where it was chosen: {on_one[best]:.2f}")
print(f"the same guesser on everybody else:            {elsewhere:.2f}")

# %% tags=["bounds"]
assert on_one[best] > 0.45 and elsewhere < 0.4

# %% [markdown]
# Luck was chosen, and sold as skill. Whoever looks at the test part, changes something, and looks again
# does the same thing slowly.

# %% [markdown]
# ## Explain it
#
# Your validation loss rises while the training loss falls, and your colleague says: "Great, it is still learning." Explain what is happening, and name three things that could help, the best one first.
#
# <details>
# <summary>One way to say it</summary>
#
# It is still learning, but about the windows it knows, not about people. The training loss measures how well it recites;
# the validation loss how well it copes with somebody new, and that gets worse. Best: more people. Then: a smaller
# network, or features that leave out what does not matter. Then: stop at the best epoch, dropout, or training
# examples that are varied a little.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# Without the bend, a network of three layers is just one weighted sum. So what happens to the accuracy if ReLU is
# taken out of both hidden layers? Predict the share of right answers on the validation part (with ReLU, after ten
# epochs, the table above has it), then run. Afterwards, try `"tanh"` or `"sigmoid"`.

# %%
# --- solution
my_prediction = 0.9
# --- your turn
# my_prediction = ...
# --- end

# %%
bend = "linear"
keras.utils.set_random_seed(0)
unbent = keras.Sequential([keras.layers.Dense(32, bend, input_shape=(8,)),
                           keras.layers.Dense(16, bend),
                           keras.layers.Dense(3, "softmax")])
fit_model(unbent, x["train"], split.train.y, x["val"], split.val.y, epochs=10,
          batch_size=64, learning_rate=3e-3, seed=0, log_every=0)
without = accuracy(predict_scores(unbent, x["val"]), split.val.y)
compare_guess(my_prediction, without)

# %% tags=["bounds"]
assert 0.8 < without <= 1

# %% [markdown]
# Surprised? Compare with the control, logistic regression: it is one weighted sum too. Three layers without a bend
# can say no more than that; they only came there sooner than the network `()` of the first table. Where somebody has
# thought of good features, the bend has little left to do. Try the same with `raw["train"]` and an `input_shape` of
# `(100, 3)`, with a `Flatten` layer in front.

# %% [markdown]
# ## Open task ★
#
# Find the smallest network that you would put into a product. Decide first what you ask of it (how many of a hundred
# windows of a new person, how many MACs), write it down, and only then try sizes, seeds and people. How many
# seeds do you need until two neighbours in your table keep their order?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("03")

# %% [markdown]
# ## Takeaways
#
# - Training lowers a loss on known windows. What counts is the other curve, on people never met.
# - Parameters lie in flash, MACs take time. Both can be counted before a model is trained.
# - A control beside every result: a simple model tells what the network is worth.
# - Choose on validation, read the test part once, and pack the model with everything it needs.

# %% [markdown]
# ## Further reading
#
# - D. P. Kingma and J. Ba, [Adam: A Method for Stochastic Optimization](https://arxiv.org/abs/1412.6980), 2014.
# - N. Srivastava and others, [Dropout](https://jmlr.org/papers/v15/srivastava14a.html), JMLR 2014: a simple way to prevent neural networks from overfitting.
# - S. Ioffe and C. Szegedy, [Batch Normalization](https://arxiv.org/abs/1502.03167), 2015.
# - C. Zhang and others, [Understanding deep learning requires rethinking generalization](https://arxiv.org/abs/1611.03530), 2016: networks that learn random labels by heart.
# - A. Zhang and others, [Dive into Deep Learning](https://d2l.ai/): a whole book, free to read.

# %% [markdown]
# ## Next
#
# [04 Quantization](04_quantization.ipynb): the same network in whole numbers of 8 bits, and what that costs.
