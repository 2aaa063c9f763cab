# %% [markdown]
# # 21 From PyTorch
#
# ![The chain from a signal to a board; you are here: export](pictures/chain_export.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed. PyTorch: not needed either.
# Before it: [04 Quantization](04_quantization.ipynb), [08 Inside the C](08_inside_the_c.ipynb), [13 Vision](13_vision.ipynb).
#
# Many networks come from PyTorch. It keeps pictures in another order than TFLite, pads them in another way, and has its
# own batch normalization. Converters take care of all that, and you would have to believe them. Here you do the
# converter's work by hand for one layer, and then you compare every step with the one before it.

# %% [markdown]
# ## What you will be able to do
#
# - Bring pictures and weights from PyTorch's order into TFLite's order, and fold a batch normalization.
# - Turn any float .tflite file into int8 without Keras, and say what proves that nothing was lost.
# - Find the three usual faults of such a move: a reshape, a padding, and a wrong range.

# %% [markdown]
# ## Predict
#
# A picture of 28 x 28 pixels with three channels lies in memory with **channels first**: all numbers of red, then all of
# green, then all of blue. A board wants **channels last**: the three numbers of one pixel, then those of the next one.
# Somebody calls `reshape(28, 28, 3)`. How many of 100 numbers are now in their right place? Guess.

# %%
# --- solution
my_guess_of_100 = 10
# --- your turn
# my_guess_of_100 = ...
# --- end

# %% [markdown]
# ## Build
#
# ### The road
#
# ![PyTorch has channels first, the .tflite files and the C have channels last; the same twelve numbers in both orders; each step has its own proof](pictures/21_layouts.svg)
#
# The network is small, and it is built in the way of MobileNetV2: each block makes more channels, filters each of them, and
# makes fewer channels again (lesson 13 has it in Keras). It learnt the digits of lesson 13, with 28 x 28 pixels, in PyTorch,
# with `examples/from_pytorch/train.py`:
#
# ```python
# x = self.blocks(self.stem(x)).mean(dim=(2, 3))   # n, channels, rows, columns
# return self.classify(self.dropout(x))
# ```
#
# Google's `litert-torch` wrote this network as a float .tflite file. PyTorch and its converter take gigabytes, so they are
# not part of this course's environment. Their result is part of it, and `data/README.md` names the versions that made it.
# From here on you need neither PyTorch nor its converter. Beside the file lies what PyTorch itself had and said:

# %%
import numpy as np
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import MODELS

float_file = TfliteModel((MODELS / "digits_pytorch_float.tflite").read_bytes())
with np.load(MODELS / "digits_pytorch.npz") as stored:
    torch = {name: stored[name] for name in stored.files}
for name in ("stem_weight", "behind_stem", "last_weight", "answers"):
    print(f"{name:<12} {torch[name].shape}")

# %% [markdown]
# Read the shapes. `behind_stem` is the first test picture as it leaves the first layer: 1 sample, 12 channels, 14 rows, 14
# columns. This order is called NCHW: *number, channels, height, width*. TFLite's order is NHWC.

# %% [markdown]
# ## Exercise 21.1: pictures
#
# `x` has the shape `(n, channels, rows, columns)`. Return the same pictures in the shape `(n, rows, columns, channels)`.
#
# Example: `to_channels_last(np.array([[[[1, 2]], [[3, 4]]]]))` gives `[[[[1, 3], [2, 4]]]]`.

# %%
def to_channels_last(x):
    # --- solution
    return x.transpose(0, 2, 3, 1)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("21.1", to_channels_last)

# %%
from tinyml_course.classroom import compare_guess, reference_answer

first = np.arange(3 * 28 * 28).reshape(1, 3, 28, 28)
last = reference_answer("21.1")(first)  # a checked one: this runs without yours
at_home = (first.reshape(last.shape) == last).mean()
compare_guess(my_guess_of_100, 100 * at_home, "of 100")

# %% tags=["bounds"]
assert at_home < 0.05

# %% [markdown]
# Hardly any number is in its place, and nobody complains, because the shape is right. A picture with a single channel comes
# to no harm: for it, both orders are the same. So such a mistake sleeps until the first picture in colour comes, or until
# the second layer.

# %% [markdown]
# ## Move it
#
# Each box is a number in memory. Compare the three orders. With how many channels does the wrong `reshape` do no harm?
# And with which numbers of rows and columns?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_layout

explore_layout()

# %% [markdown]
# ### Weights
#
# A **filter** has an order too. PyTorch keeps it as `(out, in, rows, columns)`, and TFLite as `(out, rows, columns, in)`. A
# **depthwise convolution** has one filter for each channel: PyTorch keeps these filters as `(channels, 1, rows, columns)`, and
# TFLite as `(1, rows, columns, channels)`.

# %% [markdown]
# ## Exercise 21.2: weights
#
# `w` holds the weights in PyTorch's order. Return them in TFLite's order: those of a depthwise convolution if
# `is_depthwise` is true, and those of a plain one otherwise.
#
# Example: `to_tflite(np.array([[[[1, 2]]], [[[3, 4]]]]), True)` gives `[[[[1, 3], [2, 4]]]]`.

# %%
def to_tflite(w, is_depthwise):
    # --- solution
    return w.transpose(1, 2, 3, 0) if is_depthwise else w.transpose(0, 2, 3, 1)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("21.2", to_tflite)

# %% [markdown]
# ### Where the batch normalization went
#
# In PyTorch a **batch normalization** stands behind each convolution. From each channel it takes the channel's mean $\mu$
# away. It divides by the standard deviation, the root of the variance $v$, multiplies by $\gamma$ and adds $\beta$. (The
# small $\epsilon$ keeps it from dividing by zero.)
#
# $$y = \gamma\,\frac{w * x - \mu}{\sqrt{v + \epsilon}} + \beta$$
#
# After training, all five of these letters are constants. So the batch normalization can be *folded* into the convolution:
# with other weights and a bias, the convolution alone gives the same, and nothing else is left to compute. In which file
# did you see a batch normalization last? In none, because the converter folds it.

# %% [markdown]
# ## Exercise 21.3: fold it
#
# Return the new weights and the bias. `w` is in PyTorch's order. `gamma`, `beta`, `mean` and `variance` have one number for
# each filter.

# %%
def fold(w, gamma, beta, mean, variance, epsilon):
    # --- solution
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale[:, None, None, None], beta - mean * scale
    # --- your turn
    # new_w, bias = ..., ...
    # return new_w, bias
    # --- end

# %% tags=["nbval-check-output"]
check("21.3", fold)

# %% [markdown]
# Now look for your weights in the file. Its first convolution is a surprise: it is called depthwise. When only one channel
# goes in, a plain convolution *is* a depthwise one that makes twelve channels out of one, and the converter prefers this
# form.

# %%
layer = next(o for o in float_file.graph.operators if "CONV" in o.kind)
filter_, bias = (float_file.graph.input_of(layer, i).data for i in (1, 2))
norm = [torch[f"norm_{name}"]
        for name in ("weight", "bias", "mean", "variance", "epsilon")]
w, b = reference_answer("21.3")(torch["stem_weight"], *norm)  # gamma, beta, ...
in_order = reference_answer("21.2")(w, True)
print(layer.kind, filter_.shape)
print("weights differ by", np.abs(filter_ - in_order).max())
print("bias differs by   ", np.abs(bias - b).max())

# %% tags=["bounds"]
assert np.allclose(filter_, in_order, atol=1e-5)
assert np.allclose(bias, b, atol=1e-5)

# %% [markdown]
# The weights are folded as you did it, and they are in the order that you gave them. What differs is the last bit of a
# float.

# %% [markdown]
# ## Measure
#
# ### First proof: the same answers
#
# PyTorch's answers to the whole test part lie beside the .tflite file. Now the float .tflite file gets the same pictures.

# %%
from tinyml_course.datasets import split_by_group
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.interpreters.litert import run_litert

split = split_by_group(make_digits_dataset(size=28), seed=0)
x, y = split.test.x[..., None], split.test.y
answers = run_litert(float_file, x)
apart = np.abs(answers - torch["answers"]).max()
same = (answers.argmax(1) == torch["answers"].argmax(1)).sum()
print(f"scores differ by {apart:.1e} at most, {same} of {len(y)} answers equal")

# %% tags=["bounds"]
assert apart < 1e-4 and same == len(y)

# %% [markdown]
# ### Second proof: as good in integers
#
# Here is no Keras model that `tf.lite.TFLiteConverter` could take. But `ai-edge-quantizer` works on the file itself. As in
# lesson 04, samples of the training part are needed: they show which range of values each tensor takes. The command for it
# is `tinyml quantize float.tflite --samples samples.npy --out int8.tflite`.

# %%
from tinyml_course.compress.quantize_file import quantize_file

rng = np.random.default_rng(0)
draw = np.sort(rng.permutation(len(split.train))[:200])
samples = split.train.x[draw][..., None]
integers = quantize_file(float_file, samples)

# %%
for name, file in {"float": float_file, "int8": integers}.items():
    numbers = sum(t.data.nbytes for t in file.graph.constants())
    names = sum(len(t.name) for t in file.graph.tensors)
    print(f"{name:<5} {len(file):,} bytes: {numbers:,} of numbers, {names:,} "
          f"of names, {len(file) - numbers - names:,} of structure")

# %% tags=["bounds"]
assert 0.25 < numbers / 40_784 < 0.3  # those of the float file

# %% [markdown]
# Why is the file not a quarter as large? Only its numbers shrink so far. Half of the float file was names and structure:
# the quantizer wrote shorter names, and more structure, because each channel of the weights now has a scale and a zero
# point. The C below contains none of the names.

# %%
def share_right(model):
    return float((run_litert(model, x).argmax(1) == y).mean())

shares = {"PyTorch": float((torch["answers"].argmax(1) == y).mean()),
          "float.tflite": share_right(float_file),
          "int8.tflite": share_right(integers)}
for name, share in shares.items():
    print(f"{name:<13} {share:.4f}")

# %% tags=["bounds"]
assert shares["float.tflite"] >= 0.97
assert shares["int8.tflite"] >= shares["float.tflite"] - 0.015

# %% [markdown]
# ### Third proof: the same bytes
#
# The generated C is compared with TFLM, for every picture of the test part:

# %%
from tinyml_course.export.check.verify import verify_model

inputs = [[picture] for picture in integers.input.quantize(x)]
found = verify_model(integers, inputs=inputs)
print(f"{found.bytes_compared:,} bytes compared with {found.engine}, "
      f"{found.bytes_differing} differ")

# %% tags=["bounds"]
assert found.bytes_compared == 10 * len(y) and not found.bytes_differing

# %% [markdown]
# ### What the road left behind
#
# A file that came from PyTorch has operators that a file from Keras does not have. Which are they?

# %%
from collections import Counter
from tinyml_course.board.bench import bench_model

for kind, n in Counter(o.kind for o in integers.graph.operators).items():
    print(f"{n} {kind}")
bench = bench_model(integers, "wio_terminal")
measured = bench.measurement
print(f"{bench.latency_us / 1000:.1f} ms, {measured.flash_bytes:,} B of flash, "
      f"{measured.ram_bytes:,} B of RAM")

# %% [markdown]
# The first is `PAD`. PyTorch's `padding=1` adds a line on all four sides. TFLite's `SAME` adds as little as it can: with 28
# rows, stride 2 and a filter of 3, it adds one line below and one at the right. So the filters would lie one pixel further
# down. That would be another network, and therefore the converter writes the padding as a layer of its own.
#
# The second is `TRANSPOSE`. For the mean over rows and columns, the converter went back to channels first for a moment.
#
# ### On the Wio
#
# The network goes into a Bundle, and from there into the sketch `digits`. That sketch was written for a network from
# Keras, and it does not ask where this network comes from.

# %%
from dataclasses import replace
from tinyml_course.bundle import Bundle, Golden
from tinyml_course.interpreters.tflm import run_integer_model

ours = Bundle.load_shipped("digits_28x28")
q = integers.input.quantize(ours.golden.windows[..., None])
outputs = run_integer_model(integers, q).outputs
golden = Golden(ours.golden.windows, q, outputs, ours.golden.labels)
bundle = replace(ours, model=integers, golden=golden)

# %%
import tempfile
from pathlib import Path
from tinyml_course.board.run import run_sketch
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.observe.board_plots import plot_screen

folder = Path(tempfile.mkdtemp())
sketch = write_sketch(bundle, "digits", folder)
wio = run_sketch(sketch, "wio_terminal", seconds=5)
plot_screen(wio.board.screen.image)

# %%
import re

lines = [line for line in wio.lines if "q0:" in line]
on_board = [[int(n) for n in re.findall(r"q\d:(-?\d+)", line)]
            for line in lines]
equal = [row in outputs.tolist() for row in on_board]
print(f"{sum(equal)} of {len(equal)} lines have the integers of TFLM")

# %% tags=["bounds"]
assert equal and all(equal)

# %% [markdown]
# ## Break it on purpose
#
# ### Flatten
#
# Our network takes a mean before its last layer, so this layer does not care about places. Older networks flatten: they
# put all numbers into one row, in the order of the memory. Then the columns of the last layer are in PyTorch's order as
# well, and must be put into the new order. See what happens if somebody forgets it:

# %%
rng = np.random.default_rng(1)
features = rng.normal(size=(1, 4, 5, 5))           # channels first
columns = rng.normal(size=(10, 4 * 5 * 5))         # of a dense layer
wanted = features.reshape(1, -1) @ columns.T
moved = features.transpose(0, 2, 3, 1).reshape(1, -1)
in_order = columns.reshape(10, 4, 5, 5).transpose(0, 2, 3, 1).reshape(10, -1)

# %%
for name, w in {"forgotten": columns, "reordered": in_order}.items():
    off = np.abs(moved @ w.T - wanted).max()
    print(f"{name}: the ten sums are off by up to {off:.2g}")

# %% tags=["bounds"]
assert np.allclose(moved @ in_order.T, wanted)
assert not np.allclose(moved @ columns.T, wanted)

# %% [markdown]
# ### Samples from nowhere
#
# The quantizer takes any array of the right shape. Noise has this shape. So have pictures with pixels from 0 to 255, and
# dim pictures with pixels from 0 to a tenth.

# %%
given = {"training part": samples,
         "noise": rng.normal(size=(200, 28, 28, 1)),
         "0 to 255": 255 * samples, "0 to 0.1": samples / 10}
files = {name: quantize_file(float_file, those)
         for name, those in given.items()}
wrong = {name: share_right(file) for name, file in files.items()}

# %%
from tinyml_course.observe.plots import plot_bars

plot_bars(wrong, title="The same network, ranges from four kinds of samples",
          label="share of right answers", reference=0.1,
          reference_name="guessing")

# %% tags=["bounds"]
assert wrong["0 to 0.1"] < 0.3
assert wrong["0 to 255"] < wrong["training part"] - 0.05
assert wrong["noise"] < wrong["training part"] - 0.01

# %% [markdown]
# The file has the same size and the same operators each time. Only the second proof, the accuracy on the test part, shows
# that something is wrong. Did you expect 0 to 255 to be the worst? Look at the largest value that each file has room for:

# %%
def most(file, operators):
    tensors = [file.graph.output_of(o, 0) for o in operators]
    return max(float(t.scale * max(128 + t.zero_point, 127 - t.zero_point))
               for t in tensors)

# %%
rooms = {}
for name, file in files.items():
    steps = file.graph.operators  # PAD first; at the end the logits, softmax
    rooms[name] = most(file, steps[1:2]), most(file, steps[1:-2])
    print(f"{name:<13} first layer {rooms[name][0]:5.2f}, "
          f"any layer before the logits {rooms[name][1]:5.2f}")

# %% tags=["bounds"]
assert rooms["0 to 255"][0] <= 6.01 and 10 < rooms["0 to 255"][1] < 20
assert rooms["0 to 0.1"][0] < 0.5 * rooms["training part"][0]

# %% [markdown]
# 0 to 255 leaves only two steps for a picture, paper and ink, and that is nearly enough for a digit. Behind most layers
# stands ReLU6, which gives 0 for all that is below 0, and 6 for all that is above 6. Only the layers without it, such
# as the additions, get larger values. So further in, the ranges are about twice as wide as need be: one bit of eight is
# lost. A range that is too *narrow* is the disaster: everything above a tenth of full ink is cut off, and then each
# layer cuts again.

# %% [markdown]
# ## Explain it
#
# A colleague says: "The converter ran without an error, so the network on the board is mine." Name three things that could
# still be wrong, and what would find each.
#
# <details>
# <summary>One way to say it</summary>
#
# First, the layout may be wrong: somebody feeds channels first into a network that wants channels last. To find that,
# compare the answers of the float file with PyTorch's own answers on real pictures. Second, the ranges may come from the
# wrong samples. To find that, look at the accuracy of the integer file on the test part. Third, an operator of the C may
# have been generated wrongly. To find that, compare its bytes with those of TFLM. A run without an error proves only that
# all shapes fit.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# Do the ranges really need two hundred pictures? Predict the share of right answers if they come from only 2 pictures.
# Then run the cell, and change `number` to 1.

# %%
# --- solution
my_prediction = 0.95
# --- your turn
# my_prediction = ...
# --- end

# %%
number = 2
few = share_right(quantize_file(float_file, samples[:number]))
compare_guess(my_prediction, few)

# %% tags=["bounds"]
assert 0.8 < few <= 1

# %% [markdown]
# Every one of these pictures has paper and ink, so two of them show nearly the whole range already. In lesson 04 one
# window was not always enough.

# %% [markdown]
# ## Open task ★
#
# Take pictures of two or three things that lie on your desk, twenty pictures of each, as PNG files, in one folder for each
# thing. On a computer with PyTorch, `python examples/from_pytorch/train.py --data FOLDER --out OUT` trains the same network
# with them (`examples/from_pytorch/README.md` has the two lines of the installation). Then use `tinyml quantize` and
# `tinyml verify`, and come back to this lesson: do all three proofs hold for your network?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("21")

# %% [markdown]
# ## Takeaways
#
# - PyTorch has channels first, and TFLite has channels last. `transpose` moves numbers, `reshape` does not.
# - A batch normalization is folded into the layer before it. A PAD stays where SAME means something else.
# - Each step has its own proof: the same answers, the same accuracy, the same bytes.
# - A quantizer takes any samples of the right shape. Only the test part tells good ones from bad ones.

# %% [markdown]
# ## Further reading
#
# - M. Sandler and others, [MobileNetV2: Inverted Residuals and Linear Bottlenecks](https://arxiv.org/abs/1801.04381), 2018.
# - [litert-torch](https://github.com/google-ai-edge/litert-torch) and [ai-edge-quantizer](https://github.com/google-ai-edge/ai-edge-quantizer), Google's tools of this road.
# - PyTorch, [Channels last memory format](https://docs.pytorch.org/tutorials/intermediate/memory_format_tutorial.html).
# - B. Jacob and others, [Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference](https://arxiv.org/abs/1712.05877), 2018.

# %% [markdown]
# ## Next
#
# [Platforms](../docs/platforms.md): where else such a file can go, and what each place is for.
