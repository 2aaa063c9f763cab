# %% [markdown]
# # 07 From a file to C
#
# Time: {measured_time} on two cores. Board: not needed.
#
# A microcontroller has no disk. There is no folder to put a model file in, and nothing that could
# open it. What a program needs must be in the program: the model becomes an array of bytes in C.
#
# That sounds like a matter of one command, and the internet knows the command. In this lesson you
# find out what it costs, and write something better.

# %% [markdown]
# ## What you will be able to do
#
# - Turn a `.tflite` file into a C header, and read every line of it.
# - Say what `const` and alignment are worth, in bytes that you measured.
# - Give TensorFlow Lite Micro the operators and the memory that a model needs, and no more.

# %% [markdown]
# ## Predict
#
# The motion model's file has a few thousand bytes. Written as a C array the usual way, how much of
# the board's **RAM** will it take: nothing, a tenth of the file, or all of it? Write 0, 0.1 or 1.

# %%
# --- solution
my_share_of_ram = 1
# --- your turn
# my_share_of_ram = ...
# --- end

# %%
from pathlib import Path
from tempfile import mkdtemp

from tinyml_course.bundle import Bundle

folder = Path(mkdtemp())
bundle = Bundle.load_shipped("motion")
print(f"{bundle.name}: a model of {len(bundle.model):,} bytes")

# %% [markdown]
# ## Build
#
# A `.tflite` file begins with a little address book. Bytes 4 to 7 say what it is. **TFL3** means
# TensorFlow Lite, third version of the format.

# %% tags=["nbval-check-output"]
print("bytes 4 to 7:", bundle.model[4:8])

# %% [markdown]
# C wants those bytes as text: `0x1c, 0x00, ...`, where `0x` says that a number is written in base
# 16, in which one byte is just two digits.

# %% [markdown]
# ## Exercise 7.1: bytes to C
#
# Write a function that turns bytes into C's text, twelve to a line. `f"0x{byte:02x}"` writes one
# byte. Join them with `", "`, and end each line with a comma.

# %%
# --- solution
def to_c_lines(data):
    """Bytes as C text, twelve in a line."""
    rows = [data[i : i + 12] for i in range(0, len(data), 12)]
    return [", ".join(f"0x{byte:02x}" for byte in row) + "," for row in rows]
# --- your turn
# def to_c_lines(data):
#     """Bytes as C text, twelve in a line."""
#     return ...
# --- end

# %% tags=["nbval-check-output"]
from tinyml_course.exercises import check

wanted = ["0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b,", "0x0c,"]
check("7.1", to_c_lines, lambda f: f(bytes(range(13))) == wanted, hint="slice data[i : i + 12]")

# %% [markdown]
# The package does the same and adds what a program needs around it. This is the header's upper half,
# up to where the bytes begin:

# %%
from tinyml_course.export.c_array import export_c_array

array = export_c_array(bundle.model, folder, "motion", bundle.class_names)
header = array.header.read_text()
print(header[: header.index("MOTION_ALIGN16 static")])

# %% [markdown]
# Read it from the top.
#
# - The comment says which model this is. **SHA-256** is a fingerprint: another model, another line.
# - `#ifndef ... #define` is an **include guard**. Whoever includes the file twice gets it once.
# - The **operators** are the kinds of computation in the model. TensorFlow Lite Micro (**TFLM**)
#   carries code for over a hundred; a program should link just the ones it needs.
# - Scale and zero point are those of lesson 04. The sketch needs them to make integers of a
#   measurement, and a score of an integer.

# %% [markdown]
# ## Exercise 7.2: use the header's numbers
#
# A feature has the value 0.7. Which int8 number goes into the model? Take scale and zero point from
# `array.facts.inputs[0]`, round, and stay between -128 and 127.

# %%
facts = array.facts.inputs[0]
print("scale", facts.scale, " zero point", facts.zero_point)

# %%
# --- solution
q = max(-128, min(127, round(0.7 / facts.scale) + facts.zero_point))
# --- your turn
# q = ...
# --- end

# %% tags=["nbval-check-output"]
check(
    "7.2", q,
    lambda q: abs((q - facts.zero_point) * facts.scale - 0.7) <= facts.scale / 2,
    hint="real = scale * (q - zero_point)",
)

# %% [markdown]
# ## Measure
#
# Now the usual way. The tool `xxd -i` writes an array too, and many courses use it as it comes:

# %%
from tinyml_course.export.c_array import render_xxd

print("\n".join(render_xxd(bundle.model, "motion").splitlines()[:2]), "...")

# %% [markdown]
# Compare the first word. There is no `const`. In C that means: the program may change these bytes.
# Flash cannot be changed while the program runs, so the start-up code **copies the whole array into
# RAM** before your program begins.
#
# Do not believe it; measure it. The course brings a compiler for the board's processor, a Cortex-M4.
# `build_program` makes a whole program for it and counts its bytes. `keep` names a function that
# must stay although nobody calls it.

# %%
from tinyml_course.board.build.toolchain import build_program

def measure_program(name, text):
    """Flash and RAM of a program for a Cortex-M4 that holds `text`."""
    source = folder / f"{name}.c"
    source.write_text(text + "int main(void) { return 0; }")
    return build_program([source], out_dir=folder / name, keep=("model",)).sizes

# %%
no_model = measure_program("nothing", "int model(void) { return 0; }\n")
usual = measure_program(
    "usual", render_xxd(bundle.model, "motion") + "char model(void) { return *motion_tflite; }\n"
)
better = measure_program(
    "better", header + "const unsigned char *model(void) { return motion_model; }\n"
)
for name, sizes in {"no model": no_model, "plain xxd": usual, "const": better}.items():
    print(f"{name:<9}  flash {sizes.flash_bytes:>5,} B   RAM {sizes.ram_bytes:>5,} B")

# %%
from tinyml_course.observe.plots import plot_bars

ram = {"plain xxd": usual.ram_bytes, "const and aligned": better.ram_bytes}
plot_bars(ram, title="What the same model takes of RAM", label="bytes")

# %% [markdown]
# ## Exercise 7.3: the price of a missing word
#
# How many bytes of RAM does the missing `const` cost, in bytes and as a share of the model's file?
# Compute both from `usual`, `better` and `bundle.model`.

# %%
# --- solution
wasted_bytes = usual.ram_bytes - better.ram_bytes
share = wasted_bytes / len(bundle.model)
# --- your turn
# wasted_bytes = ...
# share = ...
# --- end

# %% tags=["nbval-check-output"]
check("7.3", wasted_bytes, lambda w: w >= len(bundle.model), hint="RAM of one minus RAM of the other")

# %%
if my_share_of_ram is not ...:
    print(f"you said {my_share_of_ram} of the file; measured: {usual.ram_bytes / len(bundle.model):.2f}")

# %% [markdown]
# And **alignment**? The file's fields are numbers of four bytes. TFLM reads them in place, and many
# processors read such a number in one go only if its address is divisible by four; some stop with a
# fault otherwise. `alignas(16)` puts the array at an address that suits every field in it.

# %% [markdown]
# ## The memory that TFLM wants
#
# TFLM asks for one block of RAM when it starts, the **arena**, and divides it up: room for the values
# between two layers, and for its own bookkeeping. The `tflite_micro` wheel holds the real TFLM for
# your computer, so we can ask it.

# %%
from tinyml_course.interpreters.tflm import is_available, measure_arena, smallest_arena

arena = measure_arena(bundle.model) if is_available() else None
print(arena or "TFLM has no wheel for this system: read this section with its stored outputs")

# %%
from tinyml_course.observe.plots import plot_arena

plot_arena(arena) if arena else None

# %% [markdown]
# The values themselves take the smallest part. The rest is what it costs to find out at run time
# what was known all along: which layer comes after which. Lesson 08 does away with that.

# %% [markdown]
# ## Break it on purpose
#
# A popular recipe: start with a large arena, call `arena_used_bytes()`, write that number into the
# program. Let us do just that. `runs_with` tries an arena in a process of its own. That is wise,
# because TFLM may crash when the arena is too small.

# %% tags=["nbval-check-output"]
from tinyml_course.interpreters.arena_search import runs_with

if arena:
    print("runs with the bytes it uses: ", runs_with(bundle.model, arena.total_bytes))
    print("runs with the smallest arena:", runs_with(bundle.model, smallest_arena(bundle.model)))

# %% [markdown]
# While TFLM sets up, it needs more than it keeps afterwards. The number it reports is the use, not
# the need. So search for the smallest arena that works, then add a margin, and say which:

# %%
from tinyml_course.pipeline.run import with_margin

if arena:
    need = smallest_arena(bundle.model)
    print(f"used {arena.total_bytes:,} B, needed {need:,} B, with a tenth to spare {with_margin(need):,} B")

# %% [markdown]
# A 32-bit board needs a little less than your 64-bit computer, because the addresses in TFLM's
# bookkeeping are half as long. So the number is on the safe side.

# %% [markdown]
# ## What is refused, and why
#
# Some files cannot run on a board. Better to hear it now than from a board that hangs. A model whose
# weights are small integers but whose values are floats is called **hybrid**, and TFLM refuses it.
# The exporter says so before it writes anything. So it does with bytes that are no model at all:

# %% tags=["nbval-check-output"]
from tinyml_course.errors import ExportError

try:
    export_c_array(b"certainly not a model, but long enough", folder, "motion")
except ExportError as error:
    print(error)

# %% [markdown]
# ## The same integers everywhere
#
# Does the model still answer as it did? The Bundle's **golden vectors** are inputs with the outputs
# they must give. TFLM gets the bytes out of our header, not out of the file:

# %% tags=["nbval-check-output"]
import re

from tinyml_course.interpreters.tflm import run_integer_model

bytes_in_c = re.findall(r"0x([0-9a-f]{2})", header[header.index("motion_model[") :])
model = bytes(int(text, 16) for text in bytes_in_c)
outputs = run_integer_model(model, bundle.golden.inputs).outputs
print("output bytes compared:", outputs.size)
print("differing:", int((outputs != bundle.golden.outputs).sum()))

# %% [markdown]
# ## Takeaways
#
# - A model goes to a board as an array in C: `const`, so that it stays in flash, and aligned.
# - One missing word costs as much RAM as the model is long.
# - A program links the operators that its model uses, and the model's file knows which.
# - The arena in use is less than the arena needed. Search for the need, and add a stated margin.

# %% [markdown]
# ## Next
#
# `08_inside_the_c`: no interpreter, no arena, no library. The model itself becomes C that you can read.
