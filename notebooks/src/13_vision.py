# %% [markdown]
# # 13 Vision
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [03 Training](03_training.ipynb) and [04 Quantization](04_quantization.ipynb).
#
# A picture is a table of numbers too. In this lesson you read handwritten digits by real people, write
# the two kinds of convolution that small vision networks are made of, and count what they cost.

# %% [markdown]
# ## What you will be able to do
#
# - Write a convolution and a depthwise convolution, and count their multiplications before they run.
# - Choose between three kinds of small vision network by accuracy, time, flash and RAM.
# - Say which mixtures of number formats run on a board, and what a digit in the wrong place costs.

# %% [markdown]
# ## Predict
#
# A layer looks at 3 x 3 pixels of a picture with 24 channels, and makes 32 new channels. It can do that
# in one step, or in two: first look at each channel by itself, then mix the channels. How many times
# fewer multiplications does the second way take? Guess.

# %%
# --- solution
my_guess_times_fewer = 2
# --- your turn
# my_guess_times_fewer = ...
# --- end

# %% [markdown]
# ## Build
#
# ### Digits by real people
#
# Some people filled in printed forms with digits. Each digit was cut out, stretched to the same height, and
# divided into 8 x 8 blocks. What is kept is the share of each block that has ink: 0 for white paper, 1 for
# full ink. (Source: Alpaydin and Kaynak, UCI Machine Learning Repository, 1998; it comes with
# scikit-learn.)

# %%
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.observe.plots import plot_pictures

digits = make_digits_dataset()
plot_pictures(digits.x[:20], digits.y[:20].astype(str),
              title=f"20 of {len(digits):,} pictures")

# %% [markdown]
# Who wrote which digit? The set does not say. But look at the labels in the order in which they come. They
# begin with 0 to 9, three times. Where else does that occur?

# %%
labels = "".join(map(str, digits.y))
begin = 3 * "0123456789"
for place in range(len(labels)):
    if labels.startswith(begin, place):
        print(f"{place:>5}: {labels[place : place + 60]} ...")

# %% [markdown]
# The same text again and again: a printed form, filled in by one person after the other. Between two lines
# lies one form of about 130 digits; in two long gaps, the next form lacks one of its first digits. So a form
# can be the **group** that must not stand on both sides of a split, as a person was in lesson 02. There are
# fourteen forms.
#
# Is it worth the trouble? Take the simplest classifier there is: give each picture the label of the most
# similar picture in the training part. Judge it on random pictures, and on forms it has never seen.

# %%
from sklearn.neighbors import KNeighborsClassifier
from tinyml_course.datasets import check_no_leakage, split_by_group
from tinyml_course.datasets.splits import leaky_split_rows_at_random

split = split_by_group(digits, seed=0)
check_no_leakage(split)
leaky = leaky_split_rows_at_random(digits, seed=0)

# %%
for name, parts in (("pictures at random", leaky), ("whole forms", split)):
    known, asked = (p.x.reshape(-1, 64) for p in (parts.train, parts.test))
    nearest = KNeighborsClassifier(1).fit(known, parts.train.y)
    print(f"{name:<19} {nearest.score(asked, parts.test.y):.3f}")

# %% [markdown]
# The difference is the writer's own hand, seen before. From here on, whole forms.
#
# Which forms, though? Here is the first 7 of each.

# %%
form_names = sorted(set(digits.groups))
sevens = [digits.x[(digits.groups == form) & (digits.y == 7)]
          for form in form_names]
plot_pictures([of_form[0] for of_form in sevens], form_names, columns=7,
              title="How each form writes a 7")

# %% [markdown]
# Thirteen have a bar, `form_03` has none. Hold out one form after the other, learn from the other thirteen, and
# ask for its sevens.

# %%
for form, asked in zip(form_names, sevens, strict=True):
    others = digits.subset(digits.groups != form)
    nearest = KNeighborsClassifier(1).fit(others.x.reshape(-1, 64), others.y)
    found = nearest.predict(asked.reshape(-1, 64))
    print(f"{form}: {(found == 7).sum():>2} of {len(found)} sevens found")

# %% [markdown]
# What no hand in the training part has shown, a network cannot know. One that was trained in full without `form_03`
# found 1 of its 13 sevens, and took 93 of 200 sevens of another set, MNIST, for 1s: many people draw no bar
# (`data/bundles/README.md`). If `form_03` is not among the judges, the test part gives a fine figure all the same; only
# other people's digits tell. So the lab does not draw anew for each seed who is held out: the split above stays, with
# `form_03` in the training part.
#
# ### A convolution in two dimensions
#
# Lesson 03 slid a filter along time. Here it slides over rows and columns. A filter of 3 x 3 lies on the
# picture; each of its nine **weights** is multiplied with the pixel below it, and the products are added.
# That sum is one pixel of the new picture. Then the filter moves on by one pixel.
#
# A picture in colour has three values for each pixel, a picture inside a network has many: its **channels**.
# So a filter has nine weights *for each channel*, and makes *one* new channel:
#
# $$\text{out}[r, c, k] = \sum_{i=0}^{2}\sum_{j=0}^{2}\sum_{m} \text{in}[r+i,\, c+j,\, m]\; w[i, j, m, k]$$
#
# $r$ and $c$ are row and column, $m$ the channel that goes in, $k$ the one that comes out.

# %% [markdown]
# ## Exercise 13.1: a convolution
#
# Write it for one picture `(rows, columns, channels)` and weights `(3, 3, channels, new channels)`. For
# each place $(i, j)$ of the filter, take the part of the picture that lies below it, and let `@` multiply
# and add over the channels. The result is two rows and two columns smaller than the picture.
#
# Example: `convolve(np.ones((3, 3, 1)), np.ones((3, 3, 1, 2)))` gives `[[[9.0, 9.0]]]`.

# %%
import numpy as np

def convolve(picture, w):
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    out = np.zeros((rows, columns, w.shape[3]))
    for i, j in np.ndindex(3, 3):
        # --- solution
        out += picture[i : i + rows, j : j + columns] @ w[i, j]
        # --- your turn
        # return ...  # instead: add something to `out`
        # --- end
    return out

# %%
from tinyml_course.training import import_keras

print("loading TensorFlow, which takes some seconds ...")
layers = import_keras().layers
pixels = np.random.default_rng(0)
picture = pixels.normal(size=(8, 8, 24)).astype(np.float32)
plain = layers.Conv2D(32, 3, use_bias=False)
from_plain = plain(picture[None])[0]
print("a plain convolution:", picture.shape, "->", tuple(from_plain.shape))

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("13.1", convolve)

# %% [markdown]
# ### Two steps instead of one
#
# ![A plain convolution mixes places and channels at once; a depthwise one looks at places in each channel by itself, a pointwise one mixes channels](pictures/13_two_steps.svg)
#
# A **depthwise** convolution looks at each channel by itself: one filter of 3 x 3 for each channel, and no
# mixing.
#
# $$\text{out}[r, c, m] = \sum_{i=0}^{2}\sum_{j=0}^{2} \text{in}[r+i,\, c+j,\, m]\; w[i, j, m]$$
#
# A **pointwise** convolution then mixes: a filter of 1 x 1, so at each pixel the new channels are weighted
# sums of the old ones, and nothing else. Both together are a **depthwise separable** convolution.

# %% [markdown]
# ## Exercise 13.2: a depthwise convolution
#
# The weights are now `(3, 3, channels)`. Hardly anything changes.
#
# Example: `convolve_depthwise(np.ones((4, 3, 1)), np.ones((3, 3, 1)))` gives `[[[9.0]], [[9.0]]]`.

# %%
def convolve_depthwise(picture, w):
    rows, columns = picture.shape[0] - 2, picture.shape[1] - 2
    out = np.zeros((rows, columns, w.shape[2]))
    for i, j in np.ndindex(3, 3):
        # --- solution
        out += picture[i : i + rows, j : j + columns] * w[i, j]
        # --- your turn
        # return ...  # instead: add something to `out`
        # --- end
    return out

# %% tags=["nbval-check-output"]
check("13.2", convolve_depthwise)

# %% [markdown]
# ### What they cost
#
# A **MAC** is one multiplication whose product is added to a sum. With $P$ places in the new picture, $M$
# channels in and $K$ out:
#
# $$\text{plain: } 9\,M K P \qquad \text{depthwise: } 9\,M P \qquad \text{pointwise: } M K P$$
#
# So the two steps take $\frac{9MP + MKP}{9MKP} = \frac{1}{K} + \frac{1}{9}$ of the plain one: with
# many channels, about a ninth.

# %% [markdown]
# ## Exercise 13.3: count by hand
#
# Write a function that returns both: the MACs of a plain convolution, and those in two steps, with `m` channels in, `k`
# out and `p` places in the new picture. (Try it for 24, 32 and 4 x 4.)
#
# Example: `count_both(2, 3, 1)` gives `(54, 24)`.

# %%
def count_both(m, k, p):
    # --- solution
    plain = 9 * m * k * p
    return plain, 9 * m * p + m * k * p
    # --- your turn
    # plain, two_steps = ..., ...
    # return plain, two_steps
    # --- end

# %% [markdown]
# The package counts from the layers. Its two networks have the same pictures and channels inside; the
# second one splits each convolution after the first in two.

# %% tags=["nbval-check-output"]
from tinyml_course.training import list_macs
from tinyml_course.training.vision_models import build_cnn, build_separable

plain_macs = list_macs(build_cnn((8, 8), 10))
split_macs = list_macs(build_separable((8, 8), 10))
two_steps = split_macs["depthwise_2"] + split_macs["pointwise_2"]
check("13.3", count_both)

# %%
times = plain_macs["conv_2"] / two_steps
print(f"this layer: {times:.1f} times fewer in two steps")
print(f"the whole network: {sum(plain_macs.values()):,} MACs plain, "
      f"{sum(split_macs.values()):,} separable")

# %%
from tinyml_course.classroom import compare_guess, reference_answer

compare_guess(my_guess_times_fewer, times, "times fewer")
count = reference_answer("13.3")  # checked: the next cells need it

# %% [markdown]
# ### The same for famous networks
#
# With these formulas one can count any network from its description. AlexNet (2012) made vision with networks famous;
# MobileNet (2017) made it small. Here are AlexNet's five convolutions and three dense layers, and MobileNet's 27
# convolutions and one dense layer, for pictures of 227 and 224 pixels.

# %%
# places, filter, channels in (for each of two halves), channels out
alexnet = np.array([
    (55**2, 11**2, 3, 96), (27**2, 5**2, 48, 256), (13**2, 9, 256, 384),
    (13**2, 9, 192, 384), (13**2, 9, 192, 256), (1, 1, 9216, 4096),
    (1, 1, 4096, 4096), (1, 1, 4096, 1000)])
macs = alexnet.prod(axis=1).sum()
weights = alexnet[:, 1:].prod(axis=1).sum()
print(f"AlexNet:   {macs / 1e6:,.0f} million MACs, "
      f"{weights / 1e6:.1f} million weights")

# %%
# (channels in, out, side of the new picture) of the 13 separable blocks
blocks = [(32, 64, 112), (64, 128, 56), (128, 128, 56), (128, 256, 28),
          (256, 256, 28), (256, 512, 14), *5 * [(512, 512, 14)],
          (512, 1024, 7), (1024, 1024, 7)]
macs_m = 112**2 * 9 * 3 * 32 + 1024 * 1000
weights_m = 9 * 3 * 32 + 1024 * 1000
for m, k, side in blocks:
    macs_m += count(m, k, side**2)[1]
    weights_m += count(m, k, 1)[1]  # a weight is used once at each place

# %%
print(f"MobileNet: {macs_m / 1e6:,.0f} million MACs, "
      f"{weights_m / 1e6:.1f} million weights")
print(f"in int8: {weights / 1e6:.0f} MB and {weights_m / 1e6:.1f} MB; "
      "the Nano has 1 MB of flash")

# %% tags=["bounds"]
assert 700 < macs / 1e6 < 740
assert 60 < weights / 1e6 < 62
assert 560 < macs_m / 1e6 < 575
assert 4.1 < weights_m / 1e6 < 4.3

# %% [markdown]
# MobileNet needs hardly fewer MACs than AlexNet, but a fifteenth of the weights: AlexNet keeps most of its weights in
# three dense layers, where each is used once. Neither fits our boards. What fits is the same idea with fewer channels
# and smaller pictures.

# %% [markdown]
# ### A third way
#
# The mixing is now the expensive part: it grows with the channels in times the channels out. The
# **inverted residual** block (MobileNetV2) keeps few channels between the blocks, and many only inside:
# widen with 1 x 1, filter each channel, narrow with 1 x 1. If the shape is the same before and after, the
# input is *added* to the result, so that a block only has to learn what to change. On the board that
# is the operator ADD.

# %%
from tinyml_course.training.vision_models import build_inverted_residual

block = list_macs(build_inverted_residual((8, 8), 10))
for name in ("widen_3", "depthwise_3", "narrow_3"):
    print(f"{name:<12} {block[name]:>7,} MACs")

# %% [markdown]
# ### More pictures than there are
#
# The training part holds eight forms, so eight hands at most. The network should also read those who lean to
# the left, or write smaller. **Augmentation** makes such pictures from the ones there are: in every epoch each
# digit is moved, turned, stretched and slanted a little, with a little noise. Here is one digit, ten times.

# %%
from tinyml_course.labs.digits import AUGMENTER

one_digit = np.repeat(split.train.x[12:13], 10, axis=0)
varied = AUGMENTER.apply(one_digit, None, np.random.default_rng(1))
plot_pictures(varied,
              title=f"One handwritten {split.train.y[12]}, ten variations")

# %% [markdown]
# Never more than a person would do: a 6 turned by half a circle is a 9, and its label would be wrong.
#
# A picture of 8 x 8 is coarse, and mixing its pixels makes it soft. So the lab also draws each digit anew. First it
# looks for the bitmap of 32 x 32 that the shares of ink were counted from: which black and white picture would give
# them? That bitmap is turned, stretched and slanted a little, and then read as a photograph of yours would be:
# straightened, cut out, divided into blocks.

# %%
from tinyml_course.features.digit_forms import draw_forms, restore_bitmaps

few = split.train.x[10:18]
plot_pictures(restore_bitmaps(few), columns=8, title="The bitmaps, found again")

# %%
anew = [draw_forms(few, seed) for seed in (0, 1)]
plot_pictures(np.concatenate([few, *anew]), columns=8,
              title="Eight digits, and each drawn anew twice")

# %% [markdown]
# Now train the separable network for a short time, with augmentation and without. `fit_model` is lesson
# 03's; the lab's own `fit` draws digits anew three times, and new variations in every epoch.

# %%
from dataclasses import replace
from tinyml_course.labs.digits import DIGITS
from tinyml_course.pipeline.stages import train_choice

short = replace(DIGITS.models["separable"], epochs=12)
# as many pictures in all: 1,036 in each epoch, not 2,048
plain_fit = replace(short, epochs=24, fit=None)
augmented = train_choice("augmented", short, split, 0, print)
as_they_are = train_choice("as they are", plain_fit, split, 0, print)

# %%
from tinyml_course.observe.plots import plot_bars
from tinyml_course.training import accuracy, predict_scores

def share_right(trained, pictures, labels=split.val.y):
    return accuracy(predict_scores(trained.model, pictures), labels)

values = {one.name: share_right(one, split.val.x)
          for one in (as_they_are, augmented)}
for name, share in values.items():
    print(f"{name:<12} {share:.3f} (one picture is {1 / len(split.val):.4f})")

# %%
plot_bars(values, title="A short training", label="accuracy (validation)")

# %% [markdown]
# On digits as neat as these, the difference is small, and with so few forms, chance is large: another split
# may turn it round. And `fit_model` keeps its best epoch on these very pictures, which flatters it a little.
# What augmentation is good for becomes clear where digits are less neat, below in *Break it on purpose*.

# %% [markdown]
# ## Measure
#
# ### Three networks, two sizes of picture
#
# The full training takes longer than a lesson. Its results come with the course: `tinyml run digits` made the
# Bundle `digits`, and `tinyml run digits_28x28` another one, from the same digits enlarged to 28 x 28. Their
# reports hold the figures of the whole test part, as int8.

# %%
from tinyml_course.bundle import Bundle
from tinyml_course.labs.digits import DIGITS_28
from tinyml_course.table import Table
from tinyml_course.training import count_macs

# %%
def row_of(report, name, choice, size):
    stage = "int8" if name == report.model else f"{name}_int8"
    macs = count_macs(choice.build((size, size), 10))
    figures = (macs, report.bytes[stage], report.arena_bytes[stage])
    share = f"{report.accuracy[stage]:.3f}"
    return name, f"{size} x {size}", share, *(f"{f:,}" for f in figures)

# %%
rows = []
for lab, size in ((DIGITS, 8), (DIGITS_28, 28)):
    report = Bundle.load_shipped(lab.name).report
    rows += [row_of(report, name, choice, size)
             for name, choice in lab.models.items()]
header = ("int8 network", "picture", "test accuracy", "MACs", "file bytes",
          "TFLM arena bytes")
Table(header, tuple(rows))

# %% [markdown]
# Compare the first two rows of each size, which have the same channels inside.
#
# - MACs: the separable network takes a small part of the plain one's.
# - File bytes, that is flash: the saving is smaller. Part of a file this small is not weights, but names,
#   shapes and scales, and each layer brings its own; the separable network has more layers.
# - Arena bytes, that is RAM: nothing is saved. The pictures between the layers are as large as before,
#   TFLM keeps books on each layer, and the inverted residual one has wide pictures inside.
# - Accuracy: is one size of picture kinder to the separable network than the other?
#
# And 28 x 28? Enlarging adds nothing to the handwriting. It gives the network more places to look at, and
# the moves of augmentation finer steps. What it costs is in the column of the MACs.
#
# The test part has three forms. With other forms as judges each of these figures moves by several points.
# Look at large differences, and leave the small ones alone.

# %% tags=["bounds"]
for lab, bound in ((DIGITS, 0.94), (DIGITS_28, 0.95)):
    bundle = Bundle.load_shipped(lab.name)
    assert bundle.report.accuracy["int8"] >= bound

# %% [markdown]
# ### MACs are not yet time
#
# A MAC is the unit of the formulas. What does the processor say? Here are the plain and the separable network
# as generated C on an emulated Cortex-M4, that of the Nano 33 BLE. (They are not trained: the weights do not
# change how long an answer takes.)

# %%
from tinyml_course.board.bench import bench_model
from tinyml_course.pipeline.stages import convert_to_int8

cycles_a_mac = {}
for build, counted in ((build_cnn, plain_macs), (build_separable, split_macs)):
    file = convert_to_int8(build((8, 8), 10), split.train.x)
    cycles = bench_model(file, "nano33ble").measurement.estimated_cycles
    each = cycles_a_mac[build.__name__] = cycles / sum(counted.values())
    print(f"{build.__name__:<16} {cycles:>9,} cycles estimated, "
          f"{cycles / 64_000:.2f} ms, {each:.1f} cycles for each MAC")

# %%
dearer = cycles_a_mac["build_separable"] / cycles_a_mac["build_cnn"]
print(f"a MAC of the separable network takes {dearer:.1f} times as long")

# %% tags=["bounds"]
assert dearer > 1.2

# %% [markdown]
# Each value that is fetched from memory is used many times in a plain convolution, and only nine times in a
# depthwise one. And the work around the sums (places, edges, scaling to int8) is the same for few MACs as
# for many. So the network is faster, but by less than its MACs promise. Count, then measure.
#
# ### The same in C
#
# Lesson 08 opened the generated C. It knows the two kinds of convolution and ADD as well. Every picture of
# the test part through the C and through TFLM, with the network that you just trained:

# %%
from tinyml_course.pipeline.stages import verify_on_test

model_int8 = convert_to_int8(augmented.model, split.train.x)
found = verify_on_test(model_int8, split.test.x)
print(f"{found.bytes_compared} output bytes compared, ", end="")
print(f"{found.bytes_differing} differ")

# %% tags=["bounds"]
assert found.bytes_compared == 10 * len(split.test)
assert found.bytes_differing == 0

# %% [markdown]
# ### Full and mixed quantization
#
# In **full** quantization weights and the values between layers are int8. *Mixed* quantization is anything
# between that and float. Two mixtures are common:
#
# - **16x8**: weights int8, the values between layers int16. Finer steps where sums are passed on.
# - **dynamic range**: weights int8, everything else float. Small file, and float arithmetic.
#
# What does each cost, and what does it save?

# %%
from tinyml_course.compress import quantize
from tinyml_course.compress.schemes import compare_schemes

samples = quantize.representative_dataset(split.train.x)
models = {
    "fp32": quantize.convert_fp32(augmented.model),
    "dynamic_range": quantize.convert_dynamic_range(augmented.model),
    "int16x8": quantize.convert_int16x8(augmented.model, samples),
    "int8": model_int8,
}

# %%
compare_schemes(models, split.val.x, split.val.y)

# %% [markdown]
# The last column decides first: TFLM refuses the dynamic-range file, and so does the course's exporter. It
# has no kernels that multiply floats with int8. So on the board the choice is between int8 and 16x8.
# 16x8 stays closer to the float network (the *error* columns), but hardly changes an answer here, and needs
# more RAM. What does it take in time?

# %%
cycles_of = {}
for name in ("int8", "int16x8"):
    bench = bench_model(models[name], "nano33ble")
    cycles_of[name] = bench.measurement.estimated_cycles
    print(f"{name:<8} {cycles_of[name]:>9,} cycles estimated, ", end="")
    print(f"{bench.latency_us / 1000:.2f} ms, ", end="")
    print(f"{bench.measurement.ram_bytes:,} bytes of RAM")

# %% [markdown]
# 16x8 is slower. The generated C has fast forms for int8, with two products in one instruction. For 16x8 it
# goes product by product, and the sums need 64 bits. 16x8 earns its keep where int8 loses accuracy; here it
# does not.

# %% [markdown]
# ### On a screen
#
# The Bundle `digits` has a sketch, `arduino_sketches/digits`, with the network as C inside. It runs, not one letter
# changed, on a Nano and on a Wio Terminal, here on the virtual one. These boards have no camera, so the sketch
# carries some pictures of the test part and shows one every two seconds:

# %%
from tinyml_course.board.run import run_sketch
from tinyml_course.observe.board_plots import plot_screen

wio = run_sketch("digits", "wio_terminal", seconds=15)  # of the board's time
plot_screen(wio.board.screen.image)

# %% [markdown]
# The picture, the answer in green if the label says the same, and a bar for the score of each digit. To the computer
# the board writes a line for each picture: label, class, microseconds, and the ten integers that came out.
#
# It also takes a picture from the computer, as a line of text: `p`, and then each pixel from `00` for paper to
# `ff` for ink. (Two digits in base 16 hold one byte.) We send one that the board does not carry:

# %%
grey = np.rint(split.val.x[7] * 255).astype(np.uint8)
line = f"p {grey.tobytes().hex()}\n"
sent = run_sketch("digits", "wio_terminal", seconds=1, send=line)
plot_screen(sent.board.screen.image, title="Sent by the computer")

# %% [markdown]
# Now the answer is blue, because the board does not know the label. Are the ten integers those of TFLM?

# %%
import re
from tinyml_course.interpreters.tflm import run_integer_model

on_board = [int(q) for q in re.findall(r"q\d:(-?\d+)", sent.lines[-1])]
model = Bundle.load_shipped("digits").model
q = model.input.quantize(grey[None] / 255)
in_tflm = run_integer_model(model, q).outputs[0].tolist()
print("board:", on_board)
print("TFLM: ", in_tflm)

# %% tags=["bounds"]
assert on_board == in_tflm

# %% [markdown]
# ## Move it
#
# The same sketch to play with: draw a digit with the mouse, and send it. Draw one small, in a corner, or with a thin
# stroke. What does the next section call that?

# %% tags=["alone"]
from tinyml_course.live import BoardPanel

BoardPanel("digits", "wio_terminal")

# %% [markdown]
# ## Break it on purpose
#
# ### White on black
#
# A drawing program gives white digits on black, or a scanner turns things round. To us it is the same digit.

# %%
inverted = 1 - split.val.x
plot_pictures(np.concatenate([split.val.x[:5], inverted[:5]]), columns=5)

# %%
as_written = share_right(augmented, split.val.x)
in_white = share_right(augmented, inverted)
print(f"as written {as_written:.3f}, inverted {in_white:.3f}, guessing 0.100")

# %% [markdown]
# The network never learnt that ink is what matters; it learnt numbers, and these are others. Do not train this
# away: put the picture right before the network sees it. What most of the edge shows is paper.

# %% [markdown]
# ## Exercise 13.4: ink on paper
#
# Write a function that returns one picture `(rows, columns)` with ink high and paper low, whichever way it
# came. `np.median` of the outermost columns tells what the paper is; values go from 0 to 1.
#
# Example: `put_right(np.array([[1, 1, 1], [1, 0, 1]]))` gives `[[0, 0, 0], [0, 1, 0]]`.

# %%
def put_right(picture):
    edge = np.concatenate([picture[:, 0], picture[:, -1]])
    # --- solution
    return 1 - picture if np.median(edge) > 0.5 else picture
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("13.4", put_right)

# %% [markdown]
# `tinyml run digits --data FOLDER` reads your own digits, `FOLDER/7/ann_1.png` and so on. It puts them right in
# the same way, straightens a leaning digit and cuts it out. It puts the middle of the ink into the middle of the
# picture, presses a wide hand and widens a narrow one until the ink spreads as the forms' does, and makes the strokes
# thicker or thinner until they hold as much ink. Then it measures the ink in 8 x 8 blocks. So a picture from a
# telephone looks like those from the forms.
#
# ### A pixel to the left
#
# All digits of the set fill their frame. What if a camera sees one a little off? Move the pictures, and ask the
# network that was trained with augmentation and the one without.
#
# A third one joins them. The course's networks end in the **average** over all places of the last picture,
# so they do not know where something was. A network that is **flattened** hands every place to its last layer
# separately. Which of the two should mind less if the digit moves?

# %%
def build_flat(input_shape, n_classes):
    return build_separable(input_shape, n_classes, flatten=True)

flat_choice = replace(plain_fit, build=build_flat)
flat = train_choice("as they are, flattened", flat_choice, split, 0, print)

# %%
from tinyml_course.features.image_augment import warp
from tinyml_course.observe.plots import plot_curves

# %%
def moved(pixels):
    still = np.broadcast_to(np.eye(2), (len(split.val), 2, 2))
    shifts = np.tile([0.0, pixels], (len(split.val), 1))
    return warp(split.val.x, still, shifts)

pixels = np.linspace(-2, 2, 9)
curves = {one.name: np.array([share_right(one, moved(p)) for p in pixels])
          for one in (flat, as_they_are, augmented)}

# %%
plot_curves(pixels, curves, title="Digits that stand beside their place",
            xlabel="moved sideways (pixels of 8)", ylabel="accuracy")

# %%
gain = np.mean(curves[augmented.name] - curves[as_they_are.name])
print(f"over all places, augmentation gains {100 * gain:.1f} points")

# %% tags=["bounds"]
assert gain > 0.02

# %% [markdown]
# The average minds less than the flattened network, but it is far from indifferent to place, as one often
# reads. In a picture this small the edges are always near, strides of 2 see every other place only, and part of
# the digit is cut off. What helps is to train on moved pictures, and to cut the digit out before, as the reader
# of your folder does.

# %% [markdown]
# ## Explain it
#
# A colleague replaces all convolutions by separable ones, counts a ninth of the MACs and promises a ninth of
# the time. Explain why it will be more than that.
#
# <details>
# <summary>One way to say it</summary>
#
# A separable network also has a first layer, dense layers, and twice as many layers, each with work around its
# sums:
# places, edges, scaling. In a depthwise convolution each value that is fetched is used only nine times, so
# fetching
# weighs more. The MACs shrink to about a ninth where there are many channels; the time shrinks less. Count,
# then measure.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# A digit that is *noisy* instead of moved: each pixel gets a random amount added. Predict the share of right
# answers of
# the network that was trained with augmentation (which includes a little noise), then run the cells and change
# `noise`.

# %%
# --- solution
my_prediction = 0.8
# --- your turn
# my_prediction = ...
# --- end

# %%
noise = 0.2
grain = np.random.default_rng(3).normal(0, noise, split.val.x.shape)
noisy = np.clip(split.val.x + grain, 0, 1).astype(np.float32)
plot_pictures(noisy[:10], columns=10, title=f"Noise of {noise}")

# %%
seen = share_right(augmented, noisy)
print(f"as written {as_written:.3f}")
compare_guess(my_prediction, seen)

# %% tags=["bounds"]
assert 0.1 < seen <= as_written + 0.02

# %% [markdown]
# The augmentation's noise was a small part of this. A network copes with what it has met in training, and a little
# beyond; then its accuracy falls. Noise that the board will have belongs in the augmentation.

# %% [markdown]
# ## Open task ★
#
# Photograph ten digits of your own, or draw them, put them into folders `mine/0` to `mine/9`, and run `tinyml
# run digits
# --data mine`. For which of them does the network fail, and why? Find the step that goes wrong (cutting,
# thickness, the
# network), and say what you would change.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("13")

# %% [markdown]
# ## Takeaways

# %%
saved = sum(plain_macs.values()) / sum(split_macs.values())
slower = cycles_of["int16x8"] / cycles_of["int8"]
with_it, without = (curves[one.name][6] for one in (augmented, as_they_are))
print(f"- a separable network takes {saved:.1f} times fewer MACs than a plain")
print(f"- but each of its MACs takes {dearer:.1f} times as many cycles")
print(f"- 16x8 takes {slower:.1f} times the cycles of int8")
print(f"- one pixel to one side: {with_it:.2f} right with augmentation,")
print(f"  {without:.2f} without")

# %% [markdown]
# - Depthwise separable saves MACs most, flash and time less, and no RAM.
# - A mixture of number formats is worth only what the board's kernels make of it.
# - Find out what the groups are before you split, even when nobody wrote it down, and what each of them alone
#   shows.

# %% [markdown]
# ## Further reading
#
# - A. G. Howard and others, [MobileNets](https://arxiv.org/abs/1704.04861), 2017: depthwise separable convolutions, and their cost.
# - M. Sandler and others, [MobileNetV2](https://arxiv.org/abs/1801.04381), 2018: inverted residuals.
# - A. Krizhevsky, I. Sutskever and G. E. Hinton, [ImageNet classification with deep convolutional neural networks](https://doi.org/10.1145/3065386), CACM 2017: AlexNet's layers.
# - J. Lin and others, [MCUNet](https://arxiv.org/abs/2007.10319), 2020: vision on microcontrollers.
# - E. Alpaydin and C. Kaynak, [Optical Recognition of Handwritten Digits](https://doi.org/10.24432/C50P49), UCI, 1998.

# %% [markdown]
# ## Next
#
# [14 The fan that was convicted on the wrong evidence](14_anomaly_detection.ipynb): a machine of which there are only
# healthy recordings. And the page [Add a lab](../docs/add_a_lab.md) shows how the digits became a lab, and how a task of
# your own can.
