# %% [markdown]
# # 08 Inside the C
#
# ![The chain from a signal to a board; you are here: export](pictures/chain_export.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [04 Quantization](04_quantization.ipynb) and [07 From a file to C](07_c_export.ipynb).
#
# In lesson 07 the model was a block of bytes, and a library read it while the program ran. Here the
# model *is* the program: one C file that you can read from top to bottom, with no library at all.
#
# You will not have to take its word for anything. You compute one layer by hand, in integers, and
# then hold the C against your own numbers.

# %% [markdown]
# ## What you will be able to do
#
# - Compute a dense layer as a microcontroller does, with nothing but integers.
# - Read a generated C file: tables, kernels, layers, memory, and the one function you call.
# - Count what a network costs on a chip, and say what the special instructions of a chip are worth.

# %% [markdown]
# ## Predict
#
# For one window the motion model multiplies and adds once for each of its weights. You counted them in
# lesson 03; it is under a thousand. How many **instructions** will one inference take on the chip? An
# instruction is one step of the processor, for instance "load a number" or "add two numbers".

# %%
# --- solution
my_guess_instructions = 8_000
# --- your turn
# my_guess_instructions = ...
# --- end

# %% [markdown]
# ## Build
#
# The exporter first turns the file into a **graph**: the list of operators in order, each with its
# tensors. This is all that is left of Keras.
#
# ![A .tflite file becomes tables, a function for each kind of layer, one array of RAM that the values share, and one call for your sketch](pictures/08_file_to_c.svg)

# %% tags=["nbval-check-output"]
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("motion")
graph = bundle.model.graph
for operator in graph.operators:
    shape = "x".join(map(str, graph.output_of(operator).shape))
    print(f"{operator.kind:<16} -> {shape}")

# %% [markdown]
# Take the first one apart. A `FULLY_CONNECTED` layer has an input, weights (TFLite calls them
# **filter**), and one **bias** for each neuron. All of them are integers with a scale.

# %%
layer = graph.operators[0]
x, weights, bias = (graph.input_of(layer, i) for i in range(3))
y = graph.output_of(layer)
tensors = {"input": x, "filter": weights, "bias": bias, "output": y}
for name, tensor in tensors.items():
    print(f"{name:<7} {tensor.dtype:<6} {tensor.shape!s:<8} ", end="")
    print(f"scale {tensor.scale:.6f}", end="")
    print(f"  zero point {tensor.zero_point}")

# %% [markdown]
# Real numbers would give $y = \sum w\,x + b$. Put $real = scale \cdot (q - zero\_point)$ in for each
# of them, and look at what remains:
#
# $$s_y\,(q_y - z_y) = s_w s_x \sum q_w\,(q_x - z_x) + s_w s_x\, q_b$$
#
# The weights' zero point is 0, and the bias has the scale $s_w s_x$ just so that it can be added. All
# under the sum is integer. One real number is left, $M = s_w s_x / s_y$:
#
# $$q_y = z_y + M \left(q_b + \sum q_w\,(q_x - z_x)\right)$$
#
# The bracket is called the **accumulator**. It needs 32 bits.

# %% [markdown]
# ## Exercise 8.1: the accumulators
#
# Compute all 32 of them for one window. `weights.data` is `(32, 8)`, `bias.data` is `(32,)`. Use
# `int64` or `int32`: eight bits overflow at once. `w @ v` multiplies a matrix by a vector.
#
# Example: `accumulate(np.array([[1, 2]]), np.array([5, 6]), np.array([10]), 4)` gives `[15]`.

# %%
q_x = bundle.golden.inputs[0].astype("int64")
q_w, q_b = weights.data.astype("int64"), bias.data.astype("int64")
print("the input, as the chip gets it:", q_x)

# %%
def accumulate(q_w, q_x, q_b, zero_point):
    # --- solution
    return q_w @ (q_x - zero_point) + q_b
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("8.1", accumulate)

# %% [markdown]
# ## Exercise 8.2: a real number without real numbers
#
# $M$ is a fraction, and many chips have no hardware for fractions. So it is written as
# $M = M_0 \cdot 2^{n}$ with $M_0$ between one half and one. Then $M_0$ times $2^{31}$ is an integer of
# 31 bits, the **multiplier**, and $2^n$ is a **shift**: moving the bits to the right halves a number.
#
# Python's `math.frexp(M)` splits a number just so: `frexp(0.3)` is `(0.6, -1)`, for $0.6 \cdot 2^{-1}$.
# Return multiplier and shift. If the multiplier rounds to $2^{31}$ itself, take half of it, and one
# more as the shift: a signed 32-bit number ends at $2^{31} - 1$.
#
# Example: `multiplier_and_shift(0.25)` gives `(1073741824, -1)`.

# %%
import math

M = float(x.scale) * float(weights.scale) / float(y.scale)
print(f"M = {M:.9f},  frexp gives {math.frexp(M)}")

# %%
def multiplier_and_shift(factor):
    # --- solution
    fraction, shift = math.frexp(factor)
    multiplier = round(fraction * 2**31)
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift + 1
    return multiplier, shift
    # --- your turn
    # multiplier, shift = ..., ...
    # return multiplier, shift
    # --- end

# %% tags=["nbval-check-output"]
check("8.2", multiplier_and_shift)

# %% [markdown]
# Now everything is there. `multiply_by_quantized_multiplier` multiplies, takes the upper half, and
# shifts, rounding each time. Then the zero point is added, and the result is **clamped** to what
# eight bits can hold. The clamp is also the ReLU: its lower end is the zero point, which means 0.
# (The sums come from a checked answer to 8.1, so that the cell runs without yours.)

# %%
import numpy as np
from tinyml_course.classroom import reference_answer
from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier
from tinyml_course.network.fixed_point import quantize_multiplier
from tinyml_course.network.reference import run_layers

sums = reference_answer("8.1")(q_w, q_x, q_b, x.zero_point)
scaled = multiply_by_quantized_multiplier(sums, *quantize_multiplier(M))
low = max(-128, y.zero_point)
by_hand = np.clip(scaled + y.zero_point, low, 127)

# %%
package = run_layers(graph, [q_x.astype("int8")])[y.index].reshape(-1)
differing = int((by_hand != package).sum())
print(f"{by_hand.size} neurons, {differing} differ from the package")

# %% tags=["bounds"]
assert differing == 0

# %% [markdown]
# ## Move it
#
# Take bits of the multiplier away. How many may go before an accumulator comes to another integer? Does a smaller M
# need a longer multiplier, or only a larger shift?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_multiplier

explore_multiplier()

# %% [markdown]
# ## The same layer in C
#
# `tinyml export model.tflite --format c-source --out DIR` writes two files. Here are they as text.
# This is the **kernel**, the function for the kind of layer you just computed. Find your subtraction,
# your sum, the multiplier and the clamp in it:

# %%
from tinyml_course.export.model_c.source import generate_model_c

code = generate_model_c(bundle.model, "motion", allow_fast=False)
start = code.source.index("/* FULLY_CONNECTED, one scale")
print(code.source[start : code.source.index("\n}\n", start) + 2])

# %% [markdown]
# Each layer has a block that says what it is and what it costs, then its tables. The tables are your
# `q_w` and `q_b`. This is the last dense layer:

# %%
start = code.source.index(" * Layer 2:")
print("/*\n" + code.source[start : code.source.index("\n}\n", start) + 2])

# %% [markdown]
# And this is all that a sketch calls. Each line is a layer. The values between them live in one small
# array, the arena; a **planner** put each where nothing that is still needed lies. `motion_invoke` brings
# an arena of its own, so only one call may run at a time. `motion_invoke_with` takes yours: two models can
# take turns in the same memory, and two threads can have one each.

# %%
print(code.source[code.source.index("void motion_invoke") :])

# %% [markdown]
# ## Measure
#
# Does it answer as TFLM does? `HostModel` compiles the C for your computer. The Bundle's golden
# vectors hold TFLM's outputs, byte for byte.

# %%
from tinyml_course.export.check.host_build import HostModel

with HostModel.build(bundle.model) as model:
    outputs = np.stack([model.invoke(q)[0].reshape(-1)
                        for q in bundle.golden.inputs])
differing = int((outputs != bundle.golden.outputs).sum())
print(f"{outputs.size} bytes compared, {differing} differ")

# %% tags=["bounds"]
assert differing == 0

# %% [markdown]
# Now on a chip. The course brings a *virtual* Cortex-M4, the processor of the Nano and of the Wio
# Terminal: a program that executes the chip's instructions one by one and counts them.
#
# The Cortex-M4 has instructions that multiply *two* pairs of numbers and add both products at once
# (**SIMD**: single instruction, multiple data). The C file holds a second, faster kernel that uses
# them, and the first, readable one. A macro chooses; the bytes are the same.

# %%
from tinyml_course.board.measure import measure_model

readable = measure_model(bundle.model, defines={"NETWORK_FAST_KERNELS": 0})
fast = measure_model(bundle.model)
differing = int((readable.outputs[0] != fast.outputs[0]).sum())
print(f"{differing} of {fast.outputs[0].size} outputs differ")

# %% tags=["bounds"]
assert differing == 0

# %%
from tinyml_course.observe.plots import plot_bars

counted = {"readable kernels": readable.instructions,
           "SIMD kernels": fast.instructions}
plot_bars(counted, title="One inference on a Cortex-M4",
          label="instructions, counted")

# %%
from tinyml_course.table import Table

rows = [(name, f"{m.instructions:,}", f"{m.instructions / m.macs:.1f}",
         f"{m.flash_bytes:,}", str(m.ram_bytes), str(m.stack_bytes))
        for name, m in (("readable", readable), ("SIMD", fast))]
header = ("kernels", "instructions", "for each MAC", "flash bytes",
          "RAM bytes", "stack bytes")
Table(header, tuple(rows),
      f"the .tflite file alone has {len(bundle.model):,} bytes")

# %% [markdown]
# A **MAC** is one multiply-and-accumulate; the **stack** is the RAM that functions use while they run. So small a network spends much of its time around its sums,
# not in them: in the softmax, and in rescaling.
#
# Compare the RAM with the arena of lesson 07: there, TFLM's bookkeeping took far more than the values.
# And TFLM itself would come on top in flash.

# %%
profile = sorted(fast.profile, key=lambda row: -row.instructions)[:5]
plot_bars(
    {row.name.removeprefix("network_"): row.instructions for row in profile},
    title="Where the instructions go",
    label="instructions, counted",
)

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_instructions, fast.instructions, "instructions")

# %% [markdown]
# ## Exercise 8.3: how fast is that?
#
# The Nano's clock ticks 64,000,000 times a second, and `fast.estimated_cycles` says how many ticks one
# inference takes. (Instructions are counted exactly; cycles are an estimate from Arm's published
# timings, because some instructions take longer than one tick.) How many microseconds is that?
#
# Example: `microseconds(64, 1_000_000)` gives `64.0`.

# %%
def microseconds(cycles, clock_hz):
    # --- solution
    return cycles / clock_hz * 1e6
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("8.3", microseconds)

# %%
us = reference_answer("8.3")(fast.estimated_cycles, 64_000_000)
print(f"one inference: {us:.1f} us, estimated")

# %% [markdown]
# ## One layer on three families of cores
#
# Not every chip has such instructions. The Seeed XIAO has a **Cortex-M0+**: no SIMD, no division, and short
# instructions that reach only eight registers. The ESP32-C3 has a **RISC-V** core, an open design. So the C
# file holds kernels for these two families as well, behind the same macro.
#
# Take one layer that works hard: the third of the keyword model of lesson 12. At 250 places it mixes 16
# channels into 32. `cut_layer` makes a model of this layer alone.

# %%
from tinyml_course.network.rewrite import cut_layer

mixing = cut_layer(Bundle.load_shipped("keywords_people").model, 2)
CORES = {
    "Cortex-M4": "cortex-m4",
    "Cortex-M0+": "cortex-m0plus",
    "RISC-V": "riscv32",
}

# %%
KERNELS = {"readable": {"NETWORK_FAST_KERNELS": 0}, "own": {}}
on_core = {
    (core, kernel): measure_model(mixing, target=target, defines=defines)
    for core, target in CORES.items()
    for kernel, defines in KERNELS.items()
}

# %%
for_each_mac = {f"{core}, {kernel}": m.instructions / m.macs
                for (core, kernel), m in on_core.items()}
plot_bars(
    for_each_mac,
    title="The same layer on three families of cores",
    label="instructions for each of the layer's multiplications, counted",
)

# %%
Table(
    ("core", "kernel", "MACs", "instructions", "estimated cycles"),
    tuple((core, kernel, f"{m.macs:,}", f"{m.instructions:,}",
           f"{m.estimated_cycles:,}") for (core, kernel), m in on_core.items()),
)

# %%
answers = [m.outputs[0] for m in on_core.values()]
differing = sum(int((a != answers[0]).sum()) for a in answers)
print(f"{len(answers)} programs, {answers[0].size:,} values each, "
      f"{differing} differ")

# %% tags=["bounds"]
assert differing == 0
for core in CORES:
    own, plain = (on_core[core, kernel].instructions
                  for kernel in ("own", "readable"))
    assert own < 0.6 * plain, core

# %% [markdown]
# On the Cortex-M4 one instruction multiplies twice. The other two cores have nothing of the kind, and yet
# their own kernels take about half of the readable one's instructions. How?
#
# A multiplication of 32-bit numbers makes 32 bits, and the product of two 8-bit numbers needs only half of
# them. So put *two pixels into one word*, $word = 65536\,x_1 + x_0$, and multiply once:
#
# $$w \cdot word = 65536\,(w\,x_1) + w\,x_0$$
#
# Both products are in there, one in the upper 16 bits and one in the lower 16.

# %% [markdown]
# ## Exercise 8.4: two products in one multiplication
#
# Take such a product apart: return `low` and `high`, which are $w\,x_0$ and $w\,x_1$. Mind the sign. The
# lower 16 bits hold a number from -32768 to 32767; where it is negative, it has borrowed one from the upper
# half. `%` and `//` by 65536 give the lower and the upper half of a number.
#
# Example: `take_apart(65536 * 2 + 5)` gives `(5, 2)`.

# %%
w, x_0, x_1 = -7, 100, -3
product = w * (65536 * x_1 + x_0)
print(f"one multiplication gives {product:,}")
print(f"in it are {w} * {x_0} = {w * x_0} and {w} * {x_1} = {w * x_1}")

# %%
def take_apart(product):
    # --- solution
    low = (product + 32768) % 65536 - 32768
    high = (product - low) // 65536
    return low, high
    # --- your turn
    # low, high = ..., ...
    # return low, high
    # --- end

# %% tags=["nbval-check-output"]
check("8.4", take_apart)

# %% [markdown]
# The kernel adds two such products before it looks at the lower half. Their sum must still fit 16 bits with a
# sign: 128 times the sizes of both weights, so together at most 255. The *exporter* knows every weight and
# proves it, layer by layer. A layer for which it cannot be proven keeps the readable kernel, and the head of
# the C file says so.

# %% tags=["nbval-check-output"]
from tinyml_course.export.layers.small import can_pair_pixels

for pair in ([127, -127], [-128, 127], [-128, -128]):
    fits = can_pair_pixels(np.array([pair], "int8"))
    print(f"weights {pair}: {'share' if fits else 'cannot share'} a word")

# %% [markdown]
# ## Break it on purpose
#
# Rounding twice looks clumsy. Why not multiply by the float $M$ and round once? Surely nobody notices
# a half step. Try it on all windows and all 32 neurons:

# %%
def first_layer(window, rescale):
    """The first layer's outputs; `rescale` leads to output steps."""
    sums = q_w @ (window.astype("int64") - x.zero_point) + q_b
    return np.clip(rescale(sums) + y.zero_point, max(-128, y.zero_point), 127)

def exact(sums):
    return multiply_by_quantized_multiplier(sums, *quantize_multiplier(M))

# %%
def careless(sums):
    return np.floor(sums * M).astype("int64")

many = np.random.default_rng(8).integers(-128, 128, (500, 8))
wrong = [(first_layer(w, careless) != first_layer(w, exact)).mean()
         for w in many]
print(f"cut off instead of rounded: {np.mean(wrong):.0%} of the outputs differ")

# %%
def nearly(sums):
    return np.round(sums * np.float32(M)).astype("int64")

close = sum(int((first_layer(w, nearly) != first_layer(w, exact)).sum())
            for w in many)
print(f"rounded once, in float: {close} of {500 * 32:,} outputs differ")

# %% tags=["bounds"]
assert np.mean(wrong) > 0.2
assert close < 0.01 * 500 * 32

# %% [markdown]
# The second variant looks harmless, and often it is. But "often" cannot be tested. If every byte must
# be equal, one wrong sign or one missing offset shows at once. If a few may differ, nobody knows which
# of them is the error. That is why the C here follows TFLM's arithmetic to the last bit.

# %% [markdown]
# ## Explain it
#
# Why does this course insist that every byte of two programs is equal, instead of "equal to within one step"?
# Explain it to a colleague who finds that pedantic.
#
# <details>
# <summary>One way to say it</summary>
#
# If one step may differ, a test cannot tell a harmless rounding from a wrong sign in a rare case: both differ a
# little,
# sometimes. With equality the first wrong byte is an error, and its place tells where. And equality is possible
# here,
# because everything is whole numbers with a rule for each rounding.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# Leave out one thing of the arithmetic: the input's zero point. Predict the share of the first layer's outputs
# that
# change over the 500 windows, then run. Afterwards, leave out the biases instead.

# %%
# --- solution
my_prediction = 0.9
# --- your turn
# my_prediction = ...
# --- end

# %%
def without_zero_point(window):
    sums = q_w @ window.astype("int64") + q_b
    return np.clip(exact(sums) + y.zero_point, max(-128, y.zero_point), 127)

changed = np.mean([without_zero_point(w) != first_layer(w, exact)
                   for w in many])
compare_guess(my_prediction, changed)

# %% tags=["bounds"]
assert 0.2 < changed < 1

# %% [markdown]
# Without the zero point, each neuron's sum is off by one amount: the zero point times the sum of the neuron's weights.
# Where the output changes nevertheless not, both sums end in the same place, mostly at the lower clamp: a neuron that
# ReLU silences hides the mistake.

# %% [markdown]
# ## Open task ★
#
# Call the generated C from a program of your own. Write `motion.c` and `motion.h` with `tinyml export`, and a
# `main.c` that
# feeds one golden input, prints the three integers and compares them with the golden output. Compile it with
# any C
# compiler. Then change one weight in `motion.c` by one. Does your program notice? For how many of the golden
# inputs?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("08")

# %% [markdown]
# ## Takeaways
#
# - A dense layer on a chip is integer multiplications, one multiplier, one shift, one clamp.
# - A model can be a plain C file: tables, a few small functions, one array of RAM, one call.
# - Special instructions make it faster and leave every byte as it was; without them, arithmetic helps: two
#   small products fit into one large multiplication.
# - Equal in every byte is the only equality that a test can hold on to.

# %% [markdown]
# ## Further reading
#
# - B. Jacob and others, [Integer-arithmetic-only inference](https://arxiv.org/abs/1712.05877), 2017: the arithmetic of this lesson.
# - L. Lai, N. Suda and V. Chandra, [CMSIS-NN](https://arxiv.org/abs/1801.06601), 2018: fast kernels for the Cortex-M.
# - Arm, [CMSIS-NN, the library](https://github.com/ARM-software/CMSIS-NN): its source.
# - TensorFlow Lite Micro, [reference kernels](https://github.com/tensorflow/tflite-micro): what the bytes are compared with.

# %% [markdown]
# ## Next
#
# [09 On the board](09_on_the_board.ipynb): the same C inside an Arduino sketch, on a board that you may or may
# not have.
