# %% [markdown]
# # 05 Pruning
#
# Time: {measured_time} on two cores. Board: not needed.
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
from tinyml_course.training import accuracy, build_dense, fit_model, predict_scores

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
# Return a copy of `weights` in which the given share, those of the smallest magnitude, is zero.
# `np.argsort(np.abs(weights), axis=None)` lists the places from the smallest to the largest, counted through
# the whole matrix. `pruned.flat[places] = 0` writes to such places.

# %%
import numpy as np

def zero_smallest(weights, share):
    pruned = weights.copy()
    # --- solution
    places = np.argsort(np.abs(weights), axis=None)[: round(share * weights.size)]
    pruned.flat[places] = 0
    # --- your turn
    # places = ...
    # ...
    # --- end
    return pruned

# %% tags=["nbval-check-output"]
from tinyml_course.compress import prune
from tinyml_course.exercises import check

second = model.get_weights()[2]
check("5.1", zero_smallest,
      lambda f: all(np.array_equal(f(second, s), prune.zero_smallest(second, s)) for s in (0.1, 0.9)),
      hint="the first round(share * weights.size) places of the sorted list")

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
# others. That row is the **control**. Without it, we might take for a merit of pruning what is only one of more
# training.

# %%
sweep = prune.sweep_magnitude_pruning(model, *parts, sparsities=SHARES, epochs=5, **RECIPE)

# %%
from tinyml_course.observe.plots import plot_curves

trained_on = [row.accuracy for row in sweep]
plot_curves(
    np.array(SHARES), {"at once": at_once, "a little at a time": trained_on},
    title="Digits read right after pruning", xlabel="share of weights set to zero",
    ylabel="accuracy (validation part)",
)

# %% tags=["nbval-check-output"]
print("half of the weights cost less than 3 points:", trained_on[1] > trained_on[0] - 0.03)
print("at 90 %, a little at a time is better by at least 0.2:", trained_on[3] > at_once[3] + 0.2)
print("at 95 %, it loses at least 0.15 as well:", trained_on[4] < trained_on[0] - 0.15)

# %% [markdown]
# Half of the weights were of no use to the network. Then it falls off a cliff.

# %% [markdown]
# ## Measure
#
# What has been saved? Three sizes, because people mean different things when they say *smaller*:
#
# - the **int8 file**: what lies in flash,
# - the same file **gzipped**: packed for a download, and unpacked again before use,
# - the number of weights that are **not zero**.

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

# %% tags=["nbval-check-output"]
dense, sparse = sweep.rows[0], sweep.rows[3]
shrunk_percent = 100 * (1 - sparse.file_bytes / dense.file_bytes)
print("sparsity at least 0.89:", sparse.sparsity >= 0.89)
print(f"the file has shrunk by {shrunk_percent:.0f} %")
print("the download by at least 50 %:", sparse.gzip_bytes <= 0.5 * dense.gzip_bytes)

# %%
if my_guess_percent is not ...:
    print(f"you guessed {my_guess_percent} %")

# %% [markdown]
# Not by a byte. Why? Look into the file: the weights of the first neuron, at 90 %.

# %%
from tinyml_course.compress.quantize import convert_int8, representative_dataset

samples = representative_dataset(split.train.x)
pruned = prune.prune_magnitude(model, *parts, sparsity=0.9, epochs=5, **RECIPE)
pruned_file = convert_int8(pruned, samples)
layers = [o for o in pruned_file.network.operators if o.kind == "FULLY_CONNECTED"]
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
# value and 2 bytes for its place. From which sparsity on is the list smaller than the table? Give it as a
# share between 0 and 1.

# %%
# --- solution
break_even = 1 - 1 / 3  # a list of share (1 - s) takes 3 * (1 - s) bytes a weight of the table
# --- your turn
# break_even = ...
# --- end

# %% tags=["nbval-check-output"]
check("5.2", break_even, lambda s: abs(3 * (1 - s) - 1) < 0.01,
      hint="3 bytes * (share not zero) = 1 byte")

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

# %% [markdown]
# ## Exercise 5.3: the strongest neurons
#
# Return the numbers of the `count` strongest neurons, in ascending order. `np.linalg.norm(matrix, axis=0)` gives
# the length of each column, `axis=1` that of each row. `np.argsort(-strength)` begins with the strongest.

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
first = model.get_weights()[0]
smaller = prune.remove_neurons(model, keep=(32, 16))
check("5.3", strongest_neurons,
      lambda f: np.array_equal(first[:, f(first, second, 32)], smaller.get_weights()[0]),
      hint="norm of the columns of `enters` times norm of the rows of `leaves`")

# %%
for name, network in (("before", model), ("after", smaller)):
    print(f"{name:>6}:", [w.shape for w in network.get_weights() if w.ndim == 2],
          f"{network.count_params():,} parameters")

# %% [markdown]
# A network that has just lost half of its neurons is confused. Some epochs of further training repair it:
# **fine-tuning**.
#
# And now the question hardly anybody asks. You end up with a network of 32 and 16 neurons. You could have built
# one of that size in the first place, and trained it **from scratch**. Was the detour worth it? To be fair, the
# control gets all epochs: those of the large network and those of fine-tuning.

# %%
comparison = prune.compare_structured_pruning(
    model, *parts, shapes=((32, 16), (10, 8)), epochs=6, scratch_epochs=15 + 6,
    scratch_learning_rate=2e-3, **RECIPE,
)
comparison

# %% tags=["nbval-check-output"]
rows = list(comparison)
print("fine-tuning regains at least 0.1 each time:",
      all(row.tuned_accuracy > row.cut_accuracy + 0.1 for row in rows))
print("half the neurons, within 3 points of the large network:",
      rows[0].tuned_accuracy > trained_on[0] - 0.03)
print("half the neurons, from scratch within 5 points of cut and tuned:",
      abs(rows[0].scratch_accuracy - rows[0].tuned_accuracy) < 0.05)
print("10 and 8 neurons, from scratch is at least as good:",
      rows[1].scratch_accuracy >= rows[1].tuned_accuracy)

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
from tinyml_course.interpreters.tflm import is_available, score_model, smallest_arena
from tinyml_course.table import Table
from tinyml_course.training import count_macs

rows = []
for name, (network, file) in files.items():
    right = accuracy(score_model(file, split.val.x), split.val.y)
    arena = f"{smallest_arena(file):,}" if is_available() else "-"
    rows.append((name, f"{right:.3f}", f"{len(file):,}", arena, f"{count_macs(network):,}"))
Table(("network", "accuracy", "flash (bytes)", "TFLM arena (bytes)", "MACs"), tuple(rows))

# %%
from tinyml_course.observe.plots import plot_bars

plot_bars({name: len(file) for name, (_, file) in files.items()},
          title="What lies in flash", label="int8 file (bytes)")

# %% tags=["nbval-check-output"]
sizes = {name: len(file) for name, (_, file) in files.items()}
print("90 % zeros, bytes saved in flash:  ", sizes["as trained"] - sizes["90 % zeros"])
print("half the neurons, under 0.65 of it:", sizes["half the neurons"] < 0.65 * sizes["as trained"])
print("half the neurons, under 0.5 of the MACs:", count_macs(smaller) < 0.5 * count_macs(model))

# %% [markdown]
# The arena hardly moves: in networks of this size, most of it is what TFLM remembers about each layer (lesson
# 04), and both have three layers.
#
# The choice is made, on the validation part: half the neurons. Now the test part may speak, once.

# %%
small_file = files["half the neurons"][1]
on_test = accuracy(score_model(small_file, split.test.x), split.test.y)
print(f"half the neurons, int8, on {len(split.test)} test images: {on_test:.3f}")

# %% [markdown]
# ## Takeaways
#
# - Many weights can be zero before anybody notices. Pruning a little at a time, while training, is kinder.
# - Flash and time do not see zeros; only what packs the file does. Say which size you mean.
# - Removing neurons leaves a smaller table: less flash, fewer MACs.
# - The control counts: a small network trained from scratch may be just as good.

# %% [markdown]
# ## Next
#
# `06_distillation_clustering_qat`: three more ways to compress a network, each with its control.
