# %% [markdown]
# # 06 Clustering, distillation, QAT
#
# ![The chain from a signal to a board; you are here: compress](pictures/chain_compress.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [05 Pruning](05_pruning.ipynb).
#
# Three more ways to make a network smaller or cheaper. Each of them comes with impressive figures in
# articles, and each of them trains the network further while it works. So whenever something gets better
# there are two suspects: the method, and the additional training.
#
# In this lesson you write the heart of each method yourself, and give each of them a **control**: the same
# effort without the method.

# %% [markdown]
# ## What you will be able to do
#
# - Let the weights of a layer share a few values, and say who gains from that.
# - Train a small network with the answers of a large one, and tell when that pays.
# - Train with the rounding in the loop (QAT), and know when rounding afterwards is as good.

# %% [markdown]
# ## Predict
#
# A large network and a small one learn to read digits from the same labelled images. Then another
# small one learns from the *answers of the large one* to these images, which say more than a label does:
# "a 7, but it looks a bit like a 1". By how many points (percent) will it be better than the first small one?

# %%
# --- solution
my_guess_points = 0.0
# --- your turn
# my_guess_points = ...
# --- end

# %% [markdown]
# ## Build
#
# Digits again, as in lesson 05: whole forms that stand for people, and a network of 64 and 32 neurons.

# %%
from tinyml_course.datasets import split_by_group
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.training import accuracy, build_dense
from tinyml_course.training import fit_model, predict_scores

split = split_by_group(make_digits_dataset(), seed=0)
parts = (split.train.x, split.train.y, split.val.x, split.val.y)
print({name: len(part) for name, part in split.items()})

# %%
model = build_dense((8, 8), n_classes=10, hidden=(64, 32))
_ = fit_model(model, *parts, epochs=15, batch_size=32, learning_rate=2e-3,
              seed=0)

# %% [markdown]
# ![Clustering lets weights share a few values; distillation learns from soft answers; QAT rounds in the loop; each needs a control](pictures/06_three_ways.svg)
#
# ### Clustering: a few values for all weights
#
# The first layer has 4,096 weights, all different. What if there were only eight values to choose from, a
# **codebook**, and each weight took the nearest one?
#
# Good values are found by **k-means**. Begin with any, say an even grid. Then, in turns:
#
# 1. give each weight to its nearest value,
# 2. move each value to the mean of the weights it got.

# %% [markdown]
# ## Exercise 6.1: one round of k-means
#
# `nearest` holds for each weight the number of its nearest value. Return the new codebook: for each number `k`,
# the mean of the weights with `nearest == k`.
#
# Example: `better_codebook(np.array([0.0, 1.0, 9.0]), np.array([1.0, 10.0]))` gives `[0.5, 9.0]`.

# %%
import numpy as np

def better_codebook(weights, codebook):
    nearest = np.abs(weights[:, None] - codebook).argmin(axis=1)
    # --- solution
    return np.array([weights[nearest == k].mean()
                     for k in range(len(codebook))])
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.compress import cluster
from tinyml_course.classroom import check

check("6.1", better_codebook)

# %%
from tinyml_course.observe.plots import plot_weight_histogram

kernel = model.get_weights()[0]
eight = cluster.share_values(kernel, cluster.make_codebook(kernel, 8))
plot_weight_histogram({"as trained": kernel, "8 values": eight})

# %% [markdown]
# The right panel holds the same 4,096 weights. How many digits does a network read that has only so few
# different numbers in it? No training so far, only rounding to a codebook:

# %%
from tinyml_course.training import copy_model

def shared(weights, count):
    return cluster.share_values(weights, cluster.make_codebook(weights, count))

def cluster_at_once(count):
    few = copy_model(model)
    few.set_weights([w if w.ndim == 1 else shared(w, count)
                     for w in model.get_weights()])
    return accuracy(predict_scores(few, split.val.x), split.val.y)

# %%
from tinyml_course.table import Table

Table(("values in each layer", "accuracy, no training"),
      tuple((str(n), f"{cluster_at_once(n):.3f}") for n in (16, 8, 4)))

# %% [markdown]
# The package's `sweep_clusters` goes on from there: it trains the shared values for four more epochs, with
# TensorFlow's model optimization toolkit. Compare its files. *Gzipped* is what a download would take.

# %%
TUNING = {"epochs": 4, "batch_size": 32, "learning_rate": 1e-3, "seed": 0}
sweep = cluster.sweep_clusters(model, *parts, clusters=(8, 4), **TUNING)
sweep

# %%
plain, eight, four = sweep
print(f"accuracy {plain.accuracy:.3f}, with 8 values {eight.accuracy:.3f}")
print("bytes of flash saved:", plain.file_bytes - eight.file_bytes)
print(f"the download: {eight.gzip_bytes / plain.gzip_bytes:.0%} of it")

# %% tags=["bounds"]
assert abs(eight.accuracy - plain.accuracy) < 0.04
assert plain.file_bytes == eight.file_bytes
assert eight.gzip_bytes < 0.6 * plain.gzip_bytes

# %% [markdown]
# As with zeros in lesson 05: the file stores each weight in a byte of its own, whether or not it has many twins.
# Flash gains nothing, a download does. It would take a program that stores 3 bits for each weight and looks each value up
# in the codebook, and neither TFLM nor the C of this course does that.

# %% [markdown]
# ### Distillation: answers instead of labels
#
# A label says "7". A trained network says how much of a 7 it sees, and of every other digit. In
# **distillation** a small network, the **student**, learns from such answers of a large one, the **teacher**.
#
# A teacher is often so sure of itself that its answer is hardly more than a label. So its answers are softened
# by a **temperature** $T$: take each score to the power of $1/T$, then divide by their sum.
#
# $$p_i' = \frac{p_i^{1/T}}{\sum_k p_k^{1/T}}$$
#
# (That is softmax of $z/T$, if $p$ was softmax of $z$.)

# %% [markdown]
# ## Exercise 6.2: soften
#
# `scores` has one row for each image. `keepdims=True` in `sum(axis=1, keepdims=True)` keeps the sums as a column, so
# that you can divide by it.
#
# Example: `soften(np.array([[0.8, 0.2]]), 2)` gives `[[0.6667, 0.3333]]`.

# %%
def soften(scores, temperature):
    # --- solution
    raised = scores ** (1 / temperature)
    return raised / raised.sum(axis=1, keepdims=True)
    # --- your turn
    # raised = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.compress import distill

check("6.2", soften)

# %% [markdown]
# Here is one that the network reads right, but is least sure of:

# %%
answers = predict_scores(model, split.train.x)
right = answers.argmax(axis=1) == split.train.y
hesitant = np.where(right, answers.max(axis=1), 1).argmin()
for row in split.train.x[hesitant]:
    print("".join(2 * " .:oO@"[int(5 * ink)] for ink in row))
print("label:", split.train.y[hesitant])

# %%
columns = [distill.soften(answers[[hesitant]], t)[0] for t in (1, 2, 5)]
Table(("digit", "T = 1", "T = 2", "T = 5"),
      tuple((str(digit), *(f"{scores[digit]:.3f}" for scores in columns))
            for digit in range(10)))

# %% [markdown]
# The higher the temperature, the more the other digits have to say. In what follows it is 2.
#
# Now two cases, and they are very different.
#
# - *The same labels.* The student may learn from all the labels that the teacher had, or from the teacher.
# - *Few labels.* Somebody has trained a large network. You have many images but only 60 labels. The student may
#   learn from these, or from the teacher's answers to all images, which need no label at all.
#
# All students begin with the same weights and take about the same number of training steps. We do it twice, with
# other first weights and other 60 labels, because once may be luck.

# %%
def compare(seed):
    return distill.compare_distillation(
        lambda: build_dense((8, 8), 10, hidden=(64, 32), seed=seed),  # teacher
        lambda: build_dense((8, 8), 10, hidden=(16,), seed=seed),  # student
        *parts, labels=60, epochs=8, seed=seed,
    )

# %%
runs = []
for seed in (0, 1):
    print(f"run {seed + 1} of 2: a teacher and three students ...")
    runs.append(compare(seed))
runs[0]

# %%
from tinyml_course.observe.plots import plot_bars

names = ("teacher", "all_labels", "distilled", "few_labels")
mean = {name: np.mean([getattr(run, name) for run in runs]) for name in names}
titles = ("teacher", "student, all labels",
          "student, the teacher's answers", "student, 60 labels")
plot_bars(dict(zip(titles, mean.values(), strict=True)),
          title="Mean of two runs", label="accuracy (validation part)")

# %%
for other in ("all_labels", "few_labels"):
    gain = 100 * (mean["distilled"] - mean[other])
    print(f"distilled against {other}: {gain:+.1f} points")

# %% tags=["bounds"]
assert mean["distilled"] < mean["all_labels"] + 0.02
assert mean["distilled"] > mean["few_labels"] + 0.02

# %%
from tinyml_course.classroom import compare_guess

gain = 100 * (mean["distilled"] - mean["all_labels"])
compare_guess(my_guess_points, gain, "points")

# %% [markdown]
# So distillation is no magic that puts a large network into a small one. It is a way to get labels where there are
# none. On larger tasks than ours, articles report gains in the first case as well; measure yours, beside the
# control.

# %% [markdown]
# ### QAT: learning with the rounding
#
# Lesson 04 rounded a network *after* training. In **quantization-aware training** (QAT) the network is rounded in
# every step of the training: it computes with rounded weights, sees its mistakes, and corrects the unrounded ones
# behind. That is called **fake quantization**: the values lie on the integer grid, but they are still floats.
#
# With $b$ bits and a symmetric range, the integers run from $-(2^{b-1}-1)$ to $2^{b-1}-1$. With 8 bits that is
# -127 to 127, with 2 bits only -1, 0 and 1.

# %% [markdown]
# ## Exercise 6.3: fake quantization
#
# The largest weight, without its sign, gets the largest integer. Find the scale, round `weights / scale` with
# `np.round`, and multiply by the scale again.
#
# Example: `fake_quantize(np.array([-0.9, 0.2, 0.5]), 3)` gives `[-0.9, 0.3, 0.6]`.

# %%
def fake_quantize(weights, bits):
    largest_q = 2 ** (bits - 1) - 1
    # --- solution
    scale = np.abs(weights).max() / largest_q
    return np.round(weights / scale) * scale
    # --- your turn
    # scale = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.compress import qat

check("6.3", fake_quantize)

# %%
rounded = {f"{bits} bits": qat.round_weights(model, bits).get_weights()[0]
           for bits in (8, 3, 2)}
plot_weight_histogram(rounded)

# %% [markdown]
# One thing remains. Training asks for each weight: if I move it a little, does the loss fall? With rounding the
# answer is mostly "nothing changes", because a small move does not reach the next step. So QAT lies a little: on
# the way back it treats the rounding as if it were not there. This is the **straight-through** trick, and it works.

# %% [markdown]
# ## Move it
#
# How sure should a teacher sound? Move the temperature. What never changes, however high it is?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_temperature

explore_temperature()

# %% [markdown]
# ## Measure
#
# Where does QAT pay? Ever fewer bits for the weights, and three columns:
#
# - *rounded*: the trained weights, rounded, nothing else (as in lesson 04),
# - *more epochs, rounded*: the control. It trains on as long as QAT does, without rounding, and is rounded then,
# - *QAT*: the same number of epochs with the rounding in the loop.

# %%
print("three bit widths, each trained twice: some seconds ...")
bits = qat.compare_qat(model, *parts, bits=(8, 3, 2), **TUNING)
bits

# %%
from tinyml_course.observe.plots import plot_curves

rows = list(bits)
curves = {"rounded": [row.rounded for row in rows],
          "more epochs, rounded": [row.trained_on for row in rows],
          "QAT": [row.qat for row in rows]}
plot_curves(np.array([row.bits for row in rows]), curves,
            title="Fewer bits for the weights (three points, joined)",
            xlabel="bits for each weight", ylabel="accuracy (validation)")

# %%
gain = {row.bits: row.qat - max(row.rounded, row.trained_on) for row in rows}
for b, points in gain.items():
    print(f"{b} bits: QAT {100 * points:+.1f} points against its better "
          f"control")

# %% tags=["bounds"]
assert abs(gain[8]) < 0.03
assert gain[2] > 0.15

# %% [markdown]
# With 8 bits there is nothing to repair, so there is nothing to gain. With 2 bits, rounding afterwards costs a
# large part of the right answers, and QAT keeps most of them.
#
# TFLM computes with 8-bit weights, so on a board the 2-bit row is of no use by itself. What it shows is *when* to
# reach for QAT: when the table of lesson 04 says that int8 loses accuracy. Measure that first.

# %% [markdown]
# ## Break it on purpose
#
# ### A gain without its control
#
# Let us write an article. We take the trained network, turn it into int8 with and without QAT, and count right
# answers on the validation part.

# %%
from tinyml_course.compress.quantize import convert_int8, representative_dataset
from tinyml_course.interpreters.tflm import score_model

samples = representative_dataset(split.train.x)
files = {"as trained": convert_int8(model, samples),
         "QAT": convert_int8(qat.train_qat(model, *parts, **TUNING), samples)}
on_val = {name: accuracy(score_model(file, split.val.x), split.val.y)
          for name, file in files.items()}

# %%
better = 100 * (on_val["QAT"] - on_val["as trained"])
print('"With QAT, the accuracy of our int8 network changes by '
      f'{better:+.1f} points."')

# %% [markdown]
# Every number in that sentence is true. What is missing is the control: four more epochs of plain training, with
# the same learning rate. And a thought about chance. With $n$ images and a share $p$ of right ones, a share
# wanders by about $\sqrt{p(1-p)/n}$ from one set of images to the next. That is the **standard error**.

# %%
control = copy_model(model)
fit_model(control, *parts, log_every=0, **TUNING)
files["control: more epochs"] = convert_int8(control, samples)
for name, file in files.items():
    on_val[name] = accuracy(score_model(file, split.val.x), split.val.y)
p, n = on_val["as trained"], len(split.val)
error = (p * (1 - p) / n) ** 0.5
print(f"one image is {100 / n:.1f} points")
print(f"the standard error is {100 * error:.1f} points")

# %% [markdown]
# Nothing is chosen any more, so the test part may speak, once, for all three:

# %%
on_test = {name: accuracy(score_model(file, split.test.x), split.test.y)
           for name, file in files.items()}
Table(("int8 network", "validation", "test", "file (bytes)"),
      tuple((name, f"{on_val[name]:.3f}", f"{on_test[name]:.3f}",
             f"{len(file):,}")
            for name, file in files.items()))

# %%
for part, scores in (("validation", on_val), ("test", on_test)):
    difference = scores["QAT"] - scores["control: more epochs"]
    print(f"QAT against its control, {part}: {100 * difference:+.1f} points")

# %% tags=["bounds"]
for scores in (on_val, on_test):
    assert abs(scores["QAT"] - scores["control: more epochs"]) < 0.03

# %% [markdown]
# Look at the rows. Compare QAT with its control, not with the network as trained: the difference is a matter of a
# few images. Chance alone can do that, and on the test part the order may be another one. The honest sentence is:
# "With 8 bits we found no difference between QAT and as many epochs of plain training."

# %% [markdown]
# ## Explain it
#
# Explain to somebody who knows only labels why the answer "0.8 a seven, 0.2 a one" can teach more than the label "seven", and when it teaches nothing new.
#
# <details>
# <summary>One way to say it</summary>
#
# The label says what it is. The soft answer also says what it is *like*: this seven could nearly be a one. So each image
# teaches something about two digits. If the teacher is sure of everything, its answers are labels again, and if it is
# wrong, it teaches its mistakes. Where every image has a good label already, there is little left to gain.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The teacher's answers were softened with T = 2. What about a very high temperature, 50? Then all digits look nearly
# alike. Predict the share of right answers of the student, and run. Afterwards, try 1 and 5.

# %%
# --- solution
my_prediction = 0.6
# --- your turn
# my_prediction = ...
# --- end

# %%
hot = distill.compare_distillation(
    lambda: build_dense((8, 8), 10, hidden=(64, 32), seed=0),
    lambda: build_dense((8, 8), 10, hidden=(16,), seed=0),
    *parts, labels=60, epochs=8, seed=0, temperature=50.0,
)
print(f"with T = 2: {runs[0].distilled:.3f}")
compare_guess(my_prediction, hot.distilled)

# %% tags=["bounds"]
assert 0.1 <= hot.distilled <= 1

# %% [markdown]
# Softened so far, the teacher's ten scores are all close to a tenth. Little is left in them that a student could learn
# from.

# %% [markdown]
# ## Open task ★
#
# Pick one method of this lesson and write the honest paragraph about it: task, method, control, number of seeds, mean and
# spread, and one sentence on who gains from it on which hardware. At least five seeds. Would you still use it?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("06")

# %% [markdown]
# ## Takeaways
#
# - Clustering lets weights share values. A download shrinks, flash does not.
# - Distillation gives labels to images that have none. With the same labels, our student gained nothing.
# - QAT pays where rounding hurts. Measure first whether it does.
# - A method that trains further needs a control that trains further.

# %% [markdown]
# ## Further reading
#
# - G. Hinton, O. Vinyals and J. Dean, [Distilling the Knowledge in a Neural Network](https://arxiv.org/abs/1503.02531), 2015.
# - S. Han and others, [Deep Compression](https://arxiv.org/abs/1510.00149), 2015: weight sharing by k-means, and who decodes it.
# - Y. Bengio and others, [Estimating or Propagating Gradients Through Stochastic Neurons](https://arxiv.org/abs/1308.3432), 2013: the straight-through estimator.
# - B. Jacob and others, [Quantization and Training of Neural Networks](https://arxiv.org/abs/1712.05877), 2017: QAT as TensorFlow does it.

# %% [markdown]
# ## Next
#
# [07 From a file to C](07_c_export.ipynb): how a model gets onto a chip that has no disk.
