# %% [markdown]
# # 04 Quantization
#
# ![The chain from a signal to a board; you are here: compress](pictures/chain_compress.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [03 Training](03_training.ipynb).
#
# So far every weight was a **float**: a number with a decimal point, stored in 32 bits, that is 4
# bytes. A small processor is slow with such numbers, and four bytes for each weight fill its flash.
#
# **Quantization** replaces them by whole numbers of 8 bits. In this lesson you do it by hand, down to
# the one multiplication and the one shift that a board computes, and then measure what it saves.
# That is less than most people promise, and sometimes nothing.

# %% [markdown]
# ## What you will be able to do
#
# - Find scale and zero point of a tensor, and turn real numbers into int8 and back.
# - Say what a layer computes without a single float, and where multiplier and shift come from.
# - Choose a number format by figures: accuracy, flash, RAM, and whether it runs on a board at all.

# %% [markdown]
# ## Predict
#
# The network of lesson 03 has 867 parameters. As floats they take 4 bytes each, as 8-bit numbers 1
# byte. How many times smaller will the model's *file* be? Write your guess, for instance 3.5.

# %%
# --- solution
my_guess_times_smaller = 4.0
# --- your turn
# my_guess_times_smaller = ...
# --- end

# %% [markdown]
# ## Build
#
# ### A trained network
#
# The motion network again: eight features in, three scores out. `train_choice` is the whole of
# lesson 03 in one call.

# %%
from tinyml_course.datasets import make_motion_dataset, split_by_group
from tinyml_course.labs.motion import MOTION
from tinyml_course.pipeline.stages import train_choice

split = split_by_group(make_motion_dataset(seed=0, people=60), seed=0)
trained = train_choice("dense", MOTION.models["dense"], split, 0, print)

# %% [markdown]
# ### From a range to 256 steps
#
# An **int8** is a whole number from -128 to 127: 256 different values, no more. Which real numbers
# should they stand for? All that occur, evenly spread. So we need to know the range of what occurs.
#
# The converter finds out by watching. It gets some samples, the **representative dataset**, runs the
# network on them, and notes the least and the greatest value at every place. These ranges become part
# of the model. So the samples must come from the training part, like everything else that is learnt.

# %%
from tinyml_course.compress.quantize import representative_dataset

samples = representative_dataset(trained.inputs["train"])  # 200, at random
low, high = float(samples.x.min()), float(samples.x.max())
print(f"{len(samples)} samples; inputs run from {low:.2f} to {high:.2f}")

# %% [markdown]
# Every quantized number $q$ stands for a real number by one rule:
#
# $$\text{real} = \text{scale} \cdot (q - \text{zero point})$$
#
# The **scale** is the width of one step. The **zero point** is the integer that stands for exactly 0.
# An exact zero matters: ReLU gives it all the time.
#
# Put the lowest real number at $q = -128$ and the highest at $q = 127$: that is 255 steps from end to
# end. Two equations, two unknowns.

# %% [markdown]
# ## Exercise 4.1: scale and zero point
#
# Find both. Round the zero point to a whole number with `round(...)`. The first line makes sure that
# 0 lies within the range, even if no sample had it.
#
# Example: `scale_and_zero_point(-1.0, 1.55)` gives `(0.01, -28)`.

# %%
def scale_and_zero_point(low, high):
    low, high = min(low, 0.0), max(high, 0.0)
    # --- solution
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)
    # --- your turn
    # scale = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("4.1", scale_and_zero_point)

# %% [markdown]
# Now the package converts the model, and we read what it chose for the input. A **tensor** is a block of
# numbers in the model: the input, the weights of a layer, its output. A `TensorSpec` tells how to read
# one. **TFLite** is the file format, `convert_int8` writes it.

# %%
from tinyml_course.compress.quantize import convert_int8

int8 = convert_int8(trained.model, samples)
spec = int8.input
spec

# %% [markdown]
# What is behind `convert_int8`? TensorFlow's own converter, which you would call in a project of your own. Here it
# is, line by line. `strip_model` takes off names and signatures that a board does not need; then both files are
# the same.

# %%
import tensorflow as tf
from tinyml_course.compress.quantize import strip_model

shape = tf.TensorSpec((1, 8), tf.float32, name="input")
run = tf.function(lambda x: trained.model(x, training=False))
converter = tf.lite.TFLiteConverter.from_concrete_functions(
    [run.get_concrete_function(shape)], trained.model
)
converter.optimizations = [tf.lite.Optimize.DEFAULT]
converter.representative_dataset = samples

# %%
from tinyml_course.native_output import silence_native_output

ops = tf.lite.OpsSet.TFLITE_BUILTINS_INT8  # refuse what has no int8 form
converter.target_spec.supported_ops = [ops]
converter.inference_input_type = converter.inference_output_type = tf.int8
# Dense layers with one scale each: the last section says why.
converter._experimental_disable_per_channel_quantization_for_dense_layers = True
with silence_native_output():  # it talks a lot while it works
    raw = converter.convert()
stripped = strip_model(raw)

# %%
print(f"from the converter {len(raw):,} bytes, stripped {len(stripped):,}")
differing = sum(a != b for a, b in zip(bytes(stripped), bytes(int8)))
print(f"bytes that differ from convert_int8: {differing}")
print("operators:", [operator.kind for operator in int8.network.operators])

# %% tags=["bounds"]
assert bytes(stripped) == bytes(int8)

# %% [markdown]
# Look at the operators. Three layers have three FULLY_CONNECTED, and no RELU: the converter has put each ReLU
# *into* the layer before it. That is **operator fusion**. On a chip it saves writing all values to RAM and reading
# them again. Batch normalization disappears in the same way, into weights and biases.

# %% [markdown]
# ### Rounding
#
# To turn a real number into an integer, divide by the scale, round, and add the zero point. But what is
# rounding? At exactly one half there are two habits. NumPy goes to the *even* neighbour. `lround` of the
# language C, which runs on the board, goes *away from zero*.

# %%
import numpy as np

halves = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
away = np.trunc(halves + np.copysign(0.5, halves))
print("the numbers: ", halves)
print("NumPy's rint:", np.rint(halves).astype(int))
print("C's lround:  ", away.astype(int))

# %% [markdown]
# `np.trunc` cuts off what stands behind the point, and `np.copysign(0.5, x)` is a half with the sign of
# `x`. If laptop and board rounded differently, their answers would differ in rare cases, which are the
# hardest to find. So the course rounds like C everywhere.
#
# What lies beyond the range has no integer of its own. It is **clamped**: it gets the nearest end.

# %% [markdown]
# ## Exercise 4.2: quantize
#
# Divide, round like C, add the zero point, clamp with `np.clip(values, -128, 127)`, and make it int8.
#
# Example: `quantize(np.array([0.25, -0.25, 100.0]), 0.5, 3)` gives `[4, 2, 127]`.

# %%
def quantize(x, scale, zero_point):
    # --- solution
    steps = x / scale
    rounded = np.trunc(steps + np.copysign(0.5, steps))
    return np.clip(rounded + zero_point, -128, 127).astype(np.int8)
    # --- your turn
    # steps = ...
    # rounded = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("4.2", quantize)

# %% [markdown]
# ## Exercise 4.3: and back
#
# The rule from above. Beware: NumPy computes int8 minus a whole number in int8 again, and 127 minus a
# negative zero point does not fit there. So first make `q` a float: `q.astype(np.float32)`.
#
# Example: `dequantize(np.array([127], np.int8), 0.5, -100)` gives `[113.5]`.

# %%
def dequantize(q, scale, zero_point):
    # --- solution
    return scale * (q.astype(np.float32) - zero_point)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("4.3", dequantize)

# %% [markdown]
# Here is what that does to a number. With 256 steps you would not see the steps, so the figure has only
# 16 of them: 4 bits, q from -8 to 7, for the same range.

# %%
from tinyml_course.observe.plots import plot_quantization_grid

coarse = (high - low) / 15
plot_quantization_grid(coarse, round(-8 - low / coarse), q_min=-8, q_max=7)

# %% [markdown]
# Left: the straight line becomes a staircase, and flat at both ends. Right: the error. Within the range
# it is half a step at most. Beyond the range it grows without limit.
#
# Is that so for our 256 steps? We take the validation part: people who gave no samples.

# %%
x = trained.inputs["val"]
errors = np.abs(spec.dequantize(spec.quantize(x)) - x)
lowest, highest = spec.dequantize(np.array([-128, 127]))
inside = (x >= lowest) & (x <= highest)
print(f"half a step is {spec.scale / 2:.4f}")
print(f"largest error inside the range: {errors[inside].max():.4f}")
print(f"values beyond the range: {np.sum(~inside)} of {x.size}")
if np.any(~inside):
    print(f"largest error there: {errors[~inside].max():.2f}")

# %% tags=["bounds"]
assert errors[inside].max() <= spec.scale / 2 * 1.001

# %% [markdown]
# ### Weights
#
# Weights are quantized as well, a little more simply: the range is made symmetric, so that the zero
# point is 0. The scale is the largest weight, without its sign, divided by 127. Here is the first layer as
# it stands in the file.

# %%
graph = int8.network
layer = graph.operators[0]
weights, biases = graph.input_of(layer, 1), graph.input_of(layer, 2)
print(f"{layer.kind}: weights {weights.shape} {weights.dtype}, "
      f"biases {biases.dtype}")
print("the first neuron's weights:", weights.data[0])

# %%
kernel, bias = trained.model.get_layer("hidden_1").get_weights()
by_hand = np.abs(kernel).max() / 127
print(f"largest weight / 127 is {by_hand:.7f}")
print(f"the scale in the file   {weights.scale:.7f}")
print("zero point:", weights.zero_point)

# %% tags=["bounds"]
assert np.isclose(weights.scale, by_hand) and weights.zero_point == 0

# %% [markdown]
# ### A layer without a float
#
# A neuron multiplies inputs by weights and adds up. With integers:
#
# $$\text{acc} = \sum (q_\text{in} - \text{zero point}_\text{in}) \cdot q_\text{weight}
# + q_\text{bias}$$
#
# All of these are whole numbers. The sum, the **accumulator**, has 32 bits. Each product is at most $255 \cdot 127$,
# so it cannot overflow with up to 66,000 inputs: no layer of a small board has so many. What
# is one unit of it worth? One step of the input times one step of the weights:
# $s_\text{in} \cdot s_\text{w}$. The biases were stored in that unit, so they can simply be added.
#
# The output is an int8 with a scale of its own, $s_\text{out}$. So the accumulator has to be multiplied by
#
# $$M = \frac{s_\text{in} \cdot s_\text{w}}{s_\text{out}}$$
#
# This $M$ is a real number, mostly between 0 and 1. Here comes the trick. Write it as
#
# $$M = M_0 \cdot 2^{-n} \quad\text{with } M_0 \text{ between } \tfrac12 \text{ and } 1$$
#
# ![int8 inputs times int8 weights add up in a 32-bit accumulator; a multiplier and a shift lead to the int8 numbers of the next layer](pictures/04_multiplier_and_shift.svg)
#
# Multiplying by $2^{-n}$ is a **shift**: the processor moves all bits $n$ places to the right. And $M_0$ is
# stored as the 32-bit integer $M_0 \cdot 2^{31}$, the **multiplier**. So: one integer multiplication, then a
# shift. No float anywhere.

# %% [markdown]
# ## Exercise 4.4: multiplier and shift
#
# `math.frexp(M)` gives the pair $(M_0, e)$ with $M = M_0 \cdot 2^{e}$, so $e = -n$. Return the multiplier
# as a rounded integer, and `e` as the shift. One special case: if $M_0$ is so close to 1 that the multiplier
# rounds to $2^{31}$, which a signed 32-bit number cannot hold, return half of it, and `e` + 1.
#
# Example: `multiplier_and_shift(0.25)` gives `(1073741824, -1)`.

# %%
import math

def multiplier_and_shift(factor):
    # --- solution
    m0, exponent = math.frexp(factor)
    multiplier = round(m0 * 2**31)
    if multiplier == 2**31:
        multiplier, exponent = 2**30, exponent + 1
    return multiplier, exponent
    # --- your turn
    # multiplier, exponent = ..., ...
    # return multiplier, exponent
    # --- end

# %%
from tinyml_course.network.fixed_point import quantize_multiplier

source, output = graph.input_of(layer, 0), graph.output_of(layer)
M = float(source.scale) * float(weights.scale) / float(output.scale)
print(f"one step of the input is {source.scale:.5f}, ", end="")
print(f"of the weights {weights.scale:.5f}, of the output {output.scale:.5f}")
print(f"M = {M:.8f}")
value, shift = quantize_multiplier(M)
print(f"multiplier {value:,}, shift {shift}")
print(f"together {value / 2**31 * 2.0**shift:.8f}")

# %% tags=["nbval-check-output"]
check("4.4", multiplier_and_shift)

# %% [markdown]
# Now the whole first layer for one window, in integers. ReLU costs nothing extra: it is a clamp at the
# integer that stands for 0.

# %%
from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier

q_in = spec.quantize(x[:1])
steps = q_in.astype(np.int32) - source.zero_point
acc = steps @ weights.data.astype(np.int32).T + biases.data
scaled = multiply_by_quantized_multiplier(acc, *quantize_multiplier(M))
q_out = np.clip(scaled + output.zero_point, output.zero_point, 127)
print("accumulators:", acc[0, :6])
print("outputs:     ", q_out[0, :6])

# %% [markdown]
# Are these the integers that the model computes? `run_layers` runs it, layer by layer, with the arithmetic
# of the boards. And are they close to what the float network says there?

# %%
from tinyml_course.network.reference import run_layers

theirs = run_layers(graph, [q_in])[output.index]
differing = int((q_out != theirs).sum())
exact = np.maximum(0, x[:1] @ kernel + bias)
real = float(output.scale) * (q_out - output.zero_point)
distance = np.abs(real - exact).max() / output.scale
print(f"{differing} of {q_out.size} outputs differ from the model's")
print(f"from the float network: {distance:.1f} steps at most")

# %% tags=["bounds"]
assert differing == 0 and distance <= 3

# %% [markdown]
# ## Move it
#
# Take bits away, and narrow the range. Which of the two errors grows: that of the steps, or that of the cut-off ends?
# With 4 bits, is the full range the best one?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_quantizer

explore_quantizer()

# %% [markdown]
# ## Measure
#
# Eight bits everywhere is not the only choice. The common **number formats**:
#
# | name | weights | between the layers | made for |
# |---|---|---|---|
# | fp32 | float, 32 bits | float | training |
# | fp16 | float, 16 bits | float | phones and their graphics processors |
# | dynamic range | int8 | float, turned into int8 for each multiplication | phones, servers |
# | int8 | int8 | int8 | microcontrollers |
# | 16x8 | int8 | 16-bit integers | microcontrollers, where int8 loses too much |
#
# Where weights and values have different formats, one speaks of *mixed* quantization: dynamic range and 16x8 are
# two kinds of it. One more way, training with the rounding in mind, comes in lesson 06.

# %%
from tinyml_course.compress import quantize as formats

def convert_all(model, samples):
    """The model as .tflite files, by the name of the number format."""
    return {"fp32": formats.convert_fp32(model),
            "fp16": formats.convert_fp16(model),
            "dynamic range": formats.convert_dynamic_range(model),
            "int8": formats.convert_int8(model, samples),
            "16x8": formats.convert_int16x8(model, samples)}

# %% [markdown]
# We are choosing, so we judge with the validation part. The **arena** is the RAM that TFLM takes to run
# the model; the table has the smallest one that works. *Errors* are differences of the scores from those of
# fp32. *Changed* counts the windows that get another class than from fp32.

# %%
print("five conversions, and a search for each arena: some seconds ...")
files = convert_all(trained.model, samples)
table = formats.compare_schemes(files, x, split.val.y)
table

# %%
from tinyml_course.observe.plots import plot_schemes

plot_schemes(table)

# %%
lost = {row.name: table["fp32"].accuracy - row.accuracy for row in table}
print("points lost:", {name: f"{100 * p:+.1f}" for name, p in lost.items()})
times_smaller = table["fp32"].file_bytes / table["int8"].file_bytes
print(f"the int8 file is {times_smaller:.2f} times smaller")

# %% tags=["bounds"]
assert max(map(abs, lost.values())) < 0.015 and times_smaller < 2.5

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_times_smaller, times_smaller, "times smaller")

# %% [markdown]
# Three surprises.
#
# *fp16 halves the weights and hardly changes a score. But TFLM refuses the file.* It has no arithmetic for
# 16-bit floats. fp16 is for phones. "If int8 loses accuracy, take fp16" is
# advice for another kind of computer; on a microcontroller the remedy is 16x8, or lesson 06.
#
# *Dynamic range equals fp32.* The converter leaves weight tables of fewer than 1024 numbers alone, and
# this network has no larger one.
#
# *The int8 file is far from four times smaller.* Why? Look at what is in it.

# %% [markdown]
# ## Exercise 4.5: parameters in int8
#
# In int8 a weight takes 1 byte, a bias takes 4, because it is added to a 32-bit accumulator. Write a function that
# says how many bytes the parameters of a dense layer take. The network is 8 → 32 → 16 → 3: three such layers.
#
# Example: `layer_bytes(3, 2)` gives `14`.

# %%
def layer_bytes(inputs, neurons):
    # --- solution
    return inputs * neurons + 4 * neurons
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("4.5", layer_bytes)

# %%
dense = [o for o in graph.operators if o.kind == "FULLY_CONNECTED"]
stored_bytes = sum(graph.input_of(o, place).size_bytes
                   for o in dense for place in (1, 2))
print(f"in the file: {stored_bytes:,} bytes of weights and biases")

# %% tags=["bounds"]
assert stored_bytes == 8 * 32 + 32 * 16 + 16 * 3 + 4 * (32 + 16 + 3)

# %%
from tinyml_course.table import Table

fp32_bytes = 4 * trained.model.count_params()
sizes = {"fp32": fp32_bytes, "int8": stored_bytes}
rows = [(name, f"{part:,}", f"{len(files[name]) - part:,}",
         f"{len(files[name]):,}") for name, part in sizes.items()]
Table(("file", "parameters", "all the rest", "together (bytes)"), tuple(rows))

# %% [markdown]
# The parameters did shrink, almost as promised. The rest is the description of the network: names, shapes,
# operators, and in int8 also a scale and a zero point for each tensor. It is larger in int8, and in a small
# network it is most of the file.
#
# The arena tells the same story. What passes between the layers shrinks to a quarter. What TFLM needs to
# remember about each layer does not. (While it loads the model, TFLM needs more for a moment. That is why the
# smallest arena that works, in the table above, is larger than what is in use afterwards.)

# %%
from tinyml_course.interpreters.tflm import is_available, measure_arena

if is_available():
    uses = {name: measure_arena(files[name]) for name in ("fp32", "int8")}
    rows = [(name, f"{use.activations_bytes:,}", f"{use.persistent_bytes:,}")
            for name, use in uses.items()]
    print(Table(("arena", "between the layers", "TFLM's own (bytes)"),
                tuple(rows)))

# %% [markdown]
# From lesson 08 on we write C without TFLM, and this part goes away. Time is another matter: many small
# processors have no unit for floats and build each float operation out of many instructions. They gain by int8
# whatever the size of the file.
#
# ### A larger network
#
# Does int8 pay where there are more weights? Handwritten digits need more: 8 rows of 8 pixels go in, ten
# scores come out. They are real data, and come with scikit-learn. People filled in printed forms with them.
# Nobody says who wrote what, but we know where each form begins. So whole forms take the place of people.

# %%
from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.training import build_dense, fit_model

digits = split_by_group(make_digits_dataset(), seed=0)
reader = build_dense((8, 8), digits.train.n_classes, hidden=(64, 32))
fit_model(reader, digits.train.x, digits.train.y, digits.val.x, digits.val.y,
          epochs=10, batch_size=32, learning_rate=2e-3, seed=0)
print(f"{reader.count_params():,} parameters")

# %%
digit_samples = representative_dataset(digits.train.x)
digit_files = convert_all(reader, digit_samples)
digit_table = formats.compare_schemes(digit_files, digits.val.x, digits.val.y)
digit_table

# %%
saved = digit_table["fp32"].file_bytes / digit_table["int8"].file_bytes
lost = digit_table["fp32"].accuracy - digit_table["int8"].accuracy
print(f"the int8 file is {saved:.2f} times smaller, ", end="")
print(f"and loses {100 * lost:.1f} points")
print(f"one image is {100 / len(digits.val):.1f} points")

# %% tags=["bounds"]
assert saved >= 3 and abs(lost) < 0.015

# %%
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.observe.plots import plot_output_errors

scores = {name: run_litert(content, digits.val.x)
          for name, content in digit_files.items()}
plot_output_errors(scores.pop("fp32"), scores)

# %% [markdown]
# How to read the figure: at the height of 50 %, half of all scores of a format are closer to fp32 than where
# its line crosses. Small errors change no answer, so look at the right end. There the formats with 8-bit
# weights come together, whatever they use between the layers. Only fp16 stays far to the left.

# %%
worst = {row.name: row.max_error for row in digit_table}
for name, error in worst.items():
    print(f"{name:>13}: largest error {error:.4f}")

# %% tags=["bounds"]
least = min(worst[name] for name in ("dynamic range", "int8", "16x8"))
assert least >= 5 * worst["fp16"]

# %% [markdown]
# So much of the loss comes from the weights, and 16 bits between the layers do not bring it back. They help
# where the *inputs* of a layer span a wide range.
#
# And now TFLM refuses dynamic range as well. Its layers would compute with int8 weights and floats at the
# same time. It calls that *hybrid*, and has no code for it.

# %% [markdown]
# ## Break it on purpose
#
# ### Times 127
#
# Many sketches on the web turn the input into int8 by `x * 127`. That would be right if all inputs lay between
# -1 and 1 and the model had been made so. Ours was not. No error, no warning:

# %%
from tinyml_course.interpreters.tflm import run_integer_model

def share_right(q):
    outputs = run_integer_model(int8, q).outputs
    return np.mean(outputs.argmax(axis=1) == split.val.y)

by_spec = share_right(spec.quantize(x))
clamped = share_right(np.clip(x * 127, -128, 127).astype(np.int8))
# as C does it: bits are cut off
wrapped = share_right((x * 127).astype(np.int32).astype(np.int8))

# %%
from tinyml_course.observe.plots import plot_bars

shares = {"x / scale + zero point": by_spec, "x * 127, clamped": clamped,
          "x * 127, as C casts it": wrapped}
plot_bars(shares, title="The same model, three ways to feed it",
          label="share of right answers", reference=1 / 3,
          reference_name="guessing")

# %%
for name, share in shares.items():
    print(f"{name:<22} {share:.3f}")

# %% tags=["bounds"]
assert by_spec >= 0.85 and clamped < by_spec - 0.1 and wrapped < 0.6

# %% [markdown]
# The repair is Exercise 4.2, with the numbers of *this* model. The package writes them into the C it makes,
# so that nobody types them.
#
# ### What does an output mean?
#
# The output is int8 too, with a scale of its own. For softmax it is fixed at 1/256 and zero point -128, so
# that 256 steps cover 0 to 1. Three ways to print the same three integers:

# %%
out = int8.output
raw = run_integer_model(int8, spec.quantize(x)).outputs
# a window that is not clear-cut
unsure = np.abs(out.dequantize(raw).max(axis=1) - 0.8).argmin()
ways = {"raw integers": raw, "by the input's scale": spec.dequantize(raw),
        "by the output's scale": out.dequantize(raw)}
for name, scores_of in ways.items():
    three = scores_of[unsure]
    shown = "  ".join(f"{score:7.2f}" for score in three)
    print(f"{name:>22}: {shown}   sum {three.sum():7.2f}")

# %% tags=["bounds"]
assert np.abs(out.dequantize(raw).sum(axis=1) - 1).max() < 0.02
assert (np.abs(spec.dequantize(raw).sum(axis=1) - 1) > 0.02).all()

# %% [markdown]
# The largest is the same in all three rows, so the *class* comes out right, and the mistake stays hidden. Until
# somebody writes "only if the score is above 0.9".
#
# ### A scale for each neuron, and a library that does not know
#
# A finer way to quantize weights: one scale for each neuron instead of one for the layer, **per channel**
# instead of **per tensor**. Today's converter does that for dense layers unless told otherwise.
#
# The TFLM libraries that Arduino users have date from 2023. In dense layers they read the first scale and use
# it for every neuron. `keep_first_dense_scale` makes a file that gives the answers of such a board.

# %%
from tinyml_course.network.rewrite import keep_first_dense_scale

def answers(content, spec, x):
    return run_integer_model(content, spec.quantize(x)).outputs

finer = convert_int8(reader, digit_samples, per_channel_dense=True)
digit_spec = finer.input
right = answers(finer, digit_spec, digits.val.x)
old_board = answers(keep_first_dense_scale(finer), digit_spec, digits.val.x)

# %%
differ = np.any(right != old_board, axis=1)
changed = right.argmax(axis=1) != old_board.argmax(axis=1)
print(f"of {len(right)} images, {differ.sum()} get other scores "
      f"and {changed.sum()} another digit")
print("errors or warnings: none")

# %% [markdown]
# Few digits change, because all neurons of this network have weights of similar size. That is luck. Networks
# with batch normalization often have neurons of very different size.
#
# We can make such a network without changing a single answer. Multiply all that enters a neuron by 16, and all
# that leaves it by 1/16: ReLU lets factors pass, so the float network stays the same.

# %%
from tinyml_course.training import accuracy, copy_model, predict_scores

uneven = copy_model(reader)
first_w, first_b, second_w, *others = uneven.get_weights()
factor = np.where(np.arange(64) % 2, 16.0, 1.0)  # every other neuron
uneven.set_weights([first_w * factor, first_b * factor,
                    second_w / factor[:, None], *others])
before, after = (predict_scores(m, digits.val.x) for m in (reader, uneven))
print(f"largest difference of scores: {np.abs(after - before).max():.6f}")

# %%
coarse_file = convert_int8(uneven, digit_samples)
fine_file = convert_int8(uneven, digit_samples, per_channel_dense=True)
cases = {"fp32": formats.convert_fp32(uneven), "int8, per tensor": coarse_file,
         "int8, per channel": fine_file,
         "the same, library of 2023": keep_first_dense_scale(fine_file)}

# %%
shares = {name: accuracy(run_litert(content, digits.val.x), digits.val.y)
          for name, content in cases.items()}
plot_bars(shares, title="A network with neurons of different size",
          label="accuracy", reference=0.1, reference_name="guessing")

# %%
old = answers(keep_first_dense_scale(coarse_file), digit_spec, digits.val.x)
new = answers(coarse_file, digit_spec, digits.val.x)
print(f"per tensor: {(old != new).sum()} of {new.size} bytes differ")
for name, share in shares.items():
    print(f"{name:<26} {share:.3f}")

# %% tags=["bounds"]
assert np.array_equal(old, new)
assert shares["the same, library of 2023"] < shares["int8, per channel"] - 0.05

# %% [markdown]
# So `convert_int8` makes dense layers per tensor, and the export in lesson 07 refuses other files and says why.
# Convolutions are always per channel; those libraries do read all their scales.

# %% [markdown]
# ## Explain it
#
# Your sketch prints "score 212" for class 1, and a colleague wants to report "212 %". Explain what the number is, and how to make a probability of it.
#
# <details>
# <summary>One way to say it</summary>
#
# It is the integer that came out of the last layer, perhaps with 128 added. The output tensor has a scale and a zero
# point, for softmax 1/256 and -128: score = (q + 128) / 256. The scale of the input must not be used for it, and the
# largest integer is the answer whether one converts it or not. A limit such as 0.9 must be converted.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The converter watched 200 samples. What if it sees only one? Its ranges then come from a single window. We draw ten
# such windows, one after the other. Predict the accuracy on the validation part with the *worst* of them, then run the
# next cells. Afterwards, change `count` to 2, 5 and 20.

# %%
# --- solution
my_prediction = 0.7
# --- your turn
# my_prediction = ...
# --- end

# %%
count, tries = 1, []
for seed in range(10):
    few = representative_dataset(trained.inputs["train"], samples=count,
                                 seed=seed)
    narrow = convert_int8(trained.model, few)
    outputs = run_integer_model(narrow, narrow.input.quantize(x)).outputs
    share = np.mean(outputs.argmax(axis=1) == split.val.y)
    tries.append((255 * narrow.input.scale, share))

# %%
for width, share in sorted(tries):
    print(f"an input range {width:.1f} wide: {share:.3f} right")
print(f"with 200 samples: {by_spec:.3f} right")
compare_guess(my_prediction, min(share for _, share in tries))

# %% tags=["bounds"]
assert max(share for _, share in tries) > by_spec - 0.02
assert min(share for _, share in tries) < by_spec - 0.2

# %% [markdown]
# Most single windows are enough, by luck: at least one of their features lies far from 0, and the range reaches far
# enough. Those that fail have small features only. The range is narrow then, and whatever lies beyond is clamped to its
# end. Nothing warns you. With many samples one need not be lucky.

# %% [markdown]
# ## Open task ★
#
# Is 8 a magic number? Write `quantize` for any number of bits, round the weights of the first layer with it, put them
# back into the float network (`set_weights`), and draw accuracy against bits, from 8 down to 1. Where is the cliff, and
# is it at the same place for the digits? Lesson 06 does something about it.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("04")

# %% [markdown]
# ## Takeaways
#
# - real = scale * (q - zero point). Scale and zero point come from a range, the range from training data.
# - A layer computes in integers; one multiplier and one shift lead to the next layer's scale.
# - int8 shrinks weights to a quarter. On a small network most of the file is not weights.
# - Wrong scales raise no error. Take them from the model, and compare answers byte by byte.

# %% [markdown]
# ## Further reading
#
# - B. Jacob and others, [Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference](https://arxiv.org/abs/1712.05877), 2017: scale, zero point, multiplier and shift come from here.
# - R. Krishnamoorthi, [Quantizing deep convolutional networks for efficient inference](https://arxiv.org/abs/1806.08342), 2018: per channel against per tensor, measured.
# - gemmlowp, [Building a quantization paradigm from first principles](https://github.com/google/gemmlowp/blob/master/doc/quantization.md): the arithmetic, derived.
# - This course's FAQ: [what the articles say, what we measured](../docs/faq.md).

# %% [markdown]
# ## Next
#
# [05 Pruning](05_pruning.ipynb): leaving weights out altogether, and who notices.
