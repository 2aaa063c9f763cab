# %% [markdown]
# # 05 Pruning
#
# ![The chain from a signal to a board; you are here: compress](pictures/chain_compress.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [04 Quantization](04_quantization.ipynb).
#
# Most weights of a trained network are small. Do they matter? **Pruning** sets them to zero, and often
# nobody notices. Many articles conclude that the model is now ten times smaller.
#
# Is it? In this lesson you prune, weigh the result in three ways, and find out who sees a zero. Then you
# remove whole neurons instead, and compare that with something hardly anybody compares it with.

# %% [markdown]
# ## What you will be able to do
#
# - Prune a network weight by weight, and read what it costs and what it saves, and where.
# - Remove whole neurons, so that flash and time really shrink.
# - Judge pruning against its control: a small network trained from scratch.

# %% [markdown]
# ## Predict
#
# You set nine of ten weights of a network to zero. The file is a list of weights, one byte each, and goes
# into flash as it is. By how many percent does it shrink?

# %%
# --- solution
my_guess_percent = 0
# --- your turn
# my_guess_percent = ...
# --- end

# %% [markdown]
# ## Build
#
# ### A network with something to lose
#
# The motion network is so small that there is little to prune. We take handwritten digits, as in lesson
# 04: images of 8 by 8 pixels, and a network that has more weights than it needs.
#
# The writers are not known. But the digits come from filled-in forms, so whole forms take the place of people,
# and each form goes into one part.

# %%
from tinyml_course.datasets import check_no_leakage, split_by_group
from tinyml_course.datasets.digits import make_digits_dataset

split = split_by_group(make_digits_dataset(), seed=0)
check_no_leakage(split)
parts = (split.train.x, split.train.y, split.val.x, split.val.y)
print({name: len(part) for name, part in split.items()})

# %%
from tinyml_course.training import accuracy, build_dense
from tinyml_course.training import fit_model, predict_scores

RECIPE = {"batch_size": 32, "learning_rate": 2e-3, "seed": 0}
model = build_dense((8, 8), n_classes=10, hidden=(64, 32))
fit_model(model, *parts, epochs=15, **RECIPE)
print(f"{model.count_params():,} parameters")

# %% [markdown]
# Here are the weights of the three layers. A **histogram** counts how many of them lie in each small range.

# %%
from tinyml_course.observe.plots import plot_weight_histogram

names = ("first layer", "second layer", "last layer")
plot_weight_histogram(dict(zip(names, model.get_weights()[::2], strict=True)))

# %% [markdown]
# Many weights are near zero: they hardly move the sum of their neuron. Pruning by **magnitude** takes
# those first. Magnitude means the size without the sign.

# %% [markdown]
# ## Exercise 5.1: prune one matrix
#
# Return a copy of `weights` in which the given share, those of the smallest magnitude, is zero. `round(share *
# weights.size)` of them go.
# `np.argsort(np.abs(weights), axis=None)` lists the places from the smallest to the largest, counted through
# the whole matrix. `pruned.flat[places] = 0` writes to such places.
#
# Example: `zero_smallest(np.array([[1, -4], [3, -2]]), 0.5)` gives `[[0, -4], [3, 0]]`.

# %%
import numpy as np

def zero_smallest(weights, share):
    pruned = weights.copy()
    # --- solution
    order = np.argsort(np.abs(weights), axis=None)
    pruned.flat[order[: round(share * weights.size)]] = 0
    return pruned
    # --- your turn
    # order = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.compress import prune
from tinyml_course.classroom import check

check("5.1", zero_smallest)

# %% [markdown]
# Now prune all three matrices at once, to different shares, and see how many digits are still read right.
# Biases stay: there are few of them.

# %%
from tinyml_course.training import copy_model

def prune_at_once(share):
    pruned = copy_model(model)
    pruned.set_weights([w if w.ndim == 1 else prune.zero_smallest(w, share)
                        for w in model.get_weights()])
    return accuracy(predict_scores(pruned, split.val.x), split.val.y)

SHARES = (0.0, 0.5, 0.8, 0.9, 0.95)
at_once = [prune_at_once(share) for share in SHARES]

# %% [markdown]
# At once is brutal. It is better to prune a little, let the other weights adapt, prune a little more, and so
# on. `sweep_magnitude_pruning` does that for five **epochs** (passes over the training part) for each share. It
# uses TensorFlow's model optimization toolkit, and turns each result into an int8 file.
#
# The share of zeros is called **sparsity**. The first row has none: it only trains on, for as long as the
# others. That row is the **control**. Without it, we might praise pruning for what more training alone
# would have done.

# %%
sweep = prune.sweep_magnitude_pruning(model, *parts, sparsities=SHARES,
                                      epochs=5, **RECIPE)

# %%
from tinyml_course.observe.plots import plot_curves

trained_on = [row.accuracy for row in sweep]
plot_curves(
    np.array(SHARES), {"at once": at_once, "a little at a time": trained_on},
    title="Digits read right after pruning", ylabel="accuracy (validation)",
    xlabel="share of weights set to zero",
)

# %%
for share, once, slowly in zip(SHARES, at_once, trained_on):
    print(f"{share:>4.0%} zeros: at once {once:.3f}, slowly {slowly:.3f}")

# %% tags=["bounds"]
assert trained_on[1] > trained_on[0] - 0.03
assert trained_on[3] > at_once[3] + 0.2
assert trained_on[4] < trained_on[0] - 0.15

# %% [markdown]
# Were half of the weights of no use? Not quite: cut at once, that half costs some points. The other weights learn to
# do without it, and then nothing is missing. Further on, it falls off a cliff.
#
# ### The same without this course
#
# `prune_magnitude` is a few lines around TensorFlow's toolkit. In a project of your own they look like this: a *schedule*
# says how the share of zeros grows, a wrapper holds the zeros while the network trains, and is taken off in the end.

# %%
from tinyml_course.training import import_keras, import_toolkit

keras, tfmot = import_keras(), import_toolkit()
per_epoch = -(-len(split.train) // RECIPE["batch_size"])  # steps
schedule = tfmot.sparsity.keras.PolynomialDecay(
    initial_sparsity=0.0, final_sparsity=0.5, begin_step=0,
    end_step=3 * per_epoch, frequency=10)

# %%
keras.utils.set_random_seed(0)
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copy_model(model), schedule)
wrapped.compile("adam", "sparse_categorical_crossentropy", ["accuracy"])
_ = wrapped.fit(split.train.x, split.train.y, epochs=3, verbose=0,
                batch_size=RECIPE["batch_size"],
                callbacks=[tfmot.sparsity.keras.UpdatePruningStep()])
half = tfmot.sparsity.keras.strip_pruning(wrapped)

# %%
zeros = [float((w == 0).mean()) for w in half.get_weights() if w.ndim == 2]
print("share of zeros in each layer:", np.round(zeros, 2))
right = accuracy(predict_scores(half, split.val.x), split.val.y)
print(f"accuracy on the validation part {right:.3f}")

# %% tags=["bounds"]
assert min(zeros) > 0.45 and right > trained_on[0] - 0.05

# %% [markdown]
# ## Move it
#
# Set more and more weights of the motion model to zero, without any training after it. Watch three figures: accuracy, the
# file, and the file gzipped. Which of them never moves?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_sparsity

explore_sparsity()

# %% [markdown]
# ## Measure
#
# What has been saved? Three sizes, because people mean different things when they say *smaller*:
#
# - the **int8 file**: what lies in flash,
# - the same file **gzipped**: packed for a download, and unpacked again before use,
# - the number of weights that are *not zero*.

# %%
sweep

# %%
from tinyml_course.observe.plots import plot_pruning_sweep

plot_pruning_sweep(sweep)

# %% [markdown]
# Do not read too much into a point more or less in accuracy: one point is about four images here, and the
# validation part holds the handwriting of very few people.

# %% [markdown]
# ## Break it on purpose
#
# ### Flash does not see a zero
#
# "90 % sparsity: ten times smaller." Let us ship it. What was your prediction?

# %%
dense, sparse = sweep.rows[0], sweep.rows[3]
shrunk_percent = 100 * (1 - sparse.file_bytes / dense.file_bytes)
packed_percent = 100 * (1 - sparse.gzip_bytes / dense.gzip_bytes)
print(f"{sparse.sparsity:.1%} of the weights are zero")
print(f"the file has shrunk by {shrunk_percent:.0f} %")
print(f"the download by {packed_percent:.0f} %")

# %% tags=["bounds"]
assert sparse.sparsity >= 0.89 and shrunk_percent == 0
assert packed_percent >= 50

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_percent, shrunk_percent, "%")

# %% [markdown]
# Not by a byte. Why? Look into the file: the weights of the first neuron, at 90 %.

# %%
from tinyml_course.compress.quantize import convert_int8, representative_dataset

samples = representative_dataset(split.train.x)
pruned = prune.prune_magnitude(model, *parts, sparsity=0.9, epochs=5, **RECIPE)
pruned_file = convert_int8(pruned, samples)
layers = [o for o in pruned_file.network.operators if o.kind
          == "FULLY_CONNECTED"]
print(pruned_file.network.input_of(layers[0], 1).data[0])

# %% [markdown]
# A zero is a number like any other. It takes one byte of flash, and the processor multiplies with it, just as
# patiently as with all the others. Only gzip notices that so many bytes are equal. But a board cannot run a
# gzipped model: it would have to unpack it into RAM first, and RAM is what it has least of.
#
# Could we store only the weights that are not zero? Then each of them needs its place as well.

# %% [markdown]
# ## Exercise 5.2: a list instead of a table
#
# The first layer has 64 x 64 weights of 1 byte. In a list, each weight that is not zero takes 1 byte for its
# value and 2 bytes for its place. From which sparsity on is the list smaller than the table? Write a function
# that returns it, a share between 0 and 1, from the bytes that a weight takes in the table, and that its value
# and its place take in the list. Try it on paper with 1, 1 and 2 first.
#
# Example: `break_even(1, 1, 1)` gives `0.5`.

# %%
def break_even(table_bytes, value_bytes, place_bytes):
    # --- solution
    return 1 - table_bytes / (value_bytes + place_bytes)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("5.2", break_even)

# %% [markdown]
# So up to there a list is *larger*. Beyond, it would save flash, if there were code to read it. TFLM's dense layer
# reads tables only, and so does the C that this course makes.
#
# What does help is to take away whole rows and columns: then a smaller table is left, and nobody needs to know
# that it was larger before.

# %% [markdown]
# ### The repair: remove neurons
#
# A neuron of the first layer owns one column of the first matrix (what enters it) and one row of the second
# (what leaves it). Remove both, and the network goes on working without this neuron. That is **structured**
# pruning.
#
# Which neurons? One that hears little, or whom nobody listens to, can go. So take as strength the length of its
# column times the length of its row, the lengths as in school geometry (root of the sum of squares).
#
# ![Left, zeros in a table of weights: as many bytes as before. Right, a removed neuron takes a column of one table and a row of the next](pictures/05_row_and_column.svg)

# %% [markdown]
# ## Exercise 5.3: the strongest neurons
#
# Return the numbers of the `count` strongest neurons, in ascending order. `np.linalg.norm(matrix, axis=0)` gives
# the length of each column, `axis=1` that of each row. `np.argsort(-strength)` begins with the strongest.
#
# Example: `strongest_neurons(np.array([[3, 0, 1]]), np.array([[1], [5], [2]]), 2)` gives `[0, 2]`.

# %%
def strongest_neurons(enters, leaves, count):
    # --- solution
    strength = np.linalg.norm(enters, axis=0) * np.linalg.norm(leaves, axis=1)
    return np.sort(np.argsort(-strength)[:count])
    # --- your turn
    # strength = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("5.3", strongest_neurons)

# %%
smaller = prune.remove_neurons(model, keep=(32, 16))
for name, network in (("before", model), ("after", smaller)):
    print(f"{name:>6}:", [w.shape for w in network.get_weights() if w.ndim
                          == 2],
          f"{network.count_params():,} parameters")

# %% [markdown]
# A network that has just lost half of its neurons is confused. Some epochs of further training repair it:
# **fine-tuning**.
#
# And now the question hardly anybody asks. You end up with a network of 32 and 16 neurons. You could have built
# one of that size in the first place, and trained it *from scratch*. Was the detour worth it? To be fair, the
# control gets all epochs: those of the large network and those of fine-tuning.

# %%
print("cut, tuned, and trained from scratch: some seconds ...")
comparison = prune.compare_structured_pruning(
    model, *parts, shapes=((32, 16), (10, 8)), epochs=6, scratch_epochs=15 + 6,
    scratch_learning_rate=2e-3, **RECIPE,
)
comparison

# %%
for row in comparison:
    print(f"{row.hidden!s:>8}: cut {row.cut_accuracy:.3f}, then tuned "
          f"{row.tuned_accuracy:.3f}, from scratch {row.scratch_accuracy:.3f}")

# %% tags=["bounds"]
rows = list(comparison)
assert all(row.tuned_accuracy > row.cut_accuracy + 0.1 for row in rows)
assert rows[0].tuned_accuracy > trained_on[0] - 0.03
assert abs(rows[0].scratch_accuracy - rows[0].tuned_accuracy) < 0.05
assert rows[1].scratch_accuracy >= rows[1].tuned_accuracy

# %% [markdown]
# Compare the last two columns. With half the neurons, the two ways come out close together. Try another `seed` in
# `RECIPE`, and the order may turn round. With only 10 and 8 neurons, hardly anything of use is left after the cut,
# and from scratch is the better way. So the detour over a large network gains little, and may even lose. Cutting
# is for when you *have* a trained network, and its training was expensive.
#
# ### All of it on one scale
#
# What does a board get? One table: flash, RAM and the work for one answer. **MACs** are multiplications with
# an addition, and take most of the time.

# %%
fit_model(smaller, *parts, epochs=6, log_every=0, **RECIPE)
files = {"as trained": (model, convert_int8(model, samples)),
         "90 % zeros": (pruned, pruned_file),
         "half the neurons": (smaller, convert_int8(smaller, samples))}

# %%
from tinyml_course.interpreters.tflm import is_available, score_model
from tinyml_course.interpreters.tflm import smallest_arena
from tinyml_course.training import count_macs

def row_of(name, network, file):
    right = accuracy(score_model(file, split.val.x), split.val.y)
    arena = f"{smallest_arena(file):,}" if is_available() else "-"
    macs = f"{count_macs(network):,}"
    return name, f"{right:.3f}", f"{len(file):,}", arena, macs

# %%
from tinyml_course.table import Table

header = ("network", "accuracy", "flash (bytes)", "arena (bytes)", "MACs")
Table(header, tuple(row_of(name, *both) for name, both in files.items()))

# %%
from tinyml_course.observe.plots import plot_bars

plot_bars({name: len(file) for name, (_, file) in files.items()},
          title="What lies in flash", label="int8 file (bytes)")

# %%
sizes = {name: len(file) for name, (_, file) in files.items()}
whole = sizes["as trained"]
for name, size in sizes.items():
    print(f"{name:<16} saves {whole - size:,} bytes of flash")
share = count_macs(smaller) / count_macs(model)
print(f"half the neurons: {share:.0%} of the MACs")

# %% tags=["bounds"]
assert whole == sizes["90 % zeros"]
assert sizes["half the neurons"] < 0.65 * whole and share < 0.5

# %% [markdown]
# The arena hardly moves: in networks of this size, most of it is what TFLM remembers about each layer (lesson
# 04), and both have three layers.
#
# The choice is made, on the validation part: half the neurons. Now the test part may speak, once.

# %%
small_file = files["half the neurons"][1]
on_test = accuracy(score_model(small_file, split.test.x), split.test.y)
print(f"half the neurons, int8, on {len(split.test)} test images: "
      f"{on_test:.3f}")

# %% [markdown]
# More than on the validation part? Other forms judged, and other hands are easier or harder to read. Figures of
# different judges cannot be compared; only the two rows of one table can.

# %% [markdown]
# ## Explain it
#
# An article says: "We pruned 90 % of the weights, so our model is ten times smaller and ten times faster." Explain in a few sentences what is true of it, and what you would ask the authors.
#
# <details>
# <summary>One way to say it</summary>
#
# Zeros are numbers: in flash they take a byte each, and the chip multiplies with them. So neither flash nor time has
# changed; a packed download has shrunk. I would ask which size they mean, with which program it runs, and what a small
# network reaches that was trained from scratch for as long.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The strongest half of the neurons stayed. What if one keeps the *weakest* half instead, and tunes as long? Predict the
# accuracy on the validation part after tuning, then run.

# %%
# --- solution
my_prediction = 0.8
# --- your turn
# my_prediction = ...
# --- end

# %%
def keep(network, chosen_1, chosen_2):
    w1, b1, w2, b2, w3, b3 = network.get_weights()
    small = build_dense((8, 8), 10, hidden=(len(chosen_1), len(chosen_2)))
    small.set_weights([w1[:, chosen_1], b1[chosen_1],
                       w2[np.ix_(chosen_1, chosen_2)], b2[chosen_2],
                       w3[chosen_2], b3])
    return small

# %%
def weakest(enters, leaves, count):
    length = np.linalg.norm
    strength = length(enters, axis=0) * length(leaves, axis=1)
    return np.sort(np.argsort(strength)[:count])

w1, _, w2, _, w3, _ = model.get_weights()
weak = keep(model, weakest(w1, w2, 32), weakest(w2, w3, 16))
fit_model(weak, *parts, epochs=6, log_every=6, **RECIPE)
tuned = accuracy(predict_scores(weak, split.val.x), split.val.y)
compare_guess(my_prediction, tuned)

# %% tags=["bounds"]
assert 0.5 < tuned < 0.95

# %% [markdown]
# Six epochs of tuning repair much of what was cut. The strongest half, tuned as long, does better here: compare with
# the table above.

# %% [markdown]
# ## Open task ★
#
# How small can the digits network become? Choose your own way (fewer neurons, one layer less, pruning, all of it), decide
# beforehand which accuracy you ask for, keep the test part closed until the end, and give the control for each step.
# Report flash, MACs and accuracy of your winner in one line.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("05")

# %% [markdown]
# ## Takeaways
#
# - Many weights can be zero before anybody notices. Pruning a little at a time, while training, is kinder.
# - Flash and time do not see zeros; only what packs the file does. Say which size you mean.
# - Removing neurons leaves a smaller table: less flash, fewer MACs.
# - The control counts: a small network trained from scratch may be just as good.

# %% [markdown]
# ## Further reading
#
# - S. Han and others, [Learning both Weights and Connections for Efficient Neural Networks](https://arxiv.org/abs/1506.02626), 2015: pruning by magnitude.
# - M. Zhu and S. Gupta, [To prune, or not to prune](https://arxiv.org/abs/1710.01878), 2017: a little at a time; TensorFlow's toolkit follows it.
# - Z. Liu and others, [Rethinking the Value of Network Pruning](https://arxiv.org/abs/1810.05270), 2018: the control from scratch.
# - TensorFlow, [Model optimization toolkit](https://github.com/tensorflow/model-optimization): `tfmot` itself.

# %% [markdown]
# ## Next
#
# [06 Clustering, distillation, QAT](06_distillation_clustering_qat.ipynb): three more ways to compress a network, each with
# its control.
