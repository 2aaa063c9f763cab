# %% [markdown]
# # 07 From a file to C
#
# ![The chain from a signal to a board; you are here: export](pictures/chain_export.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [04 Quantization](04_quantization.ipynb).
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

# %%
print("bytes 4 to 7:", bundle.model[4:8])

# %% [markdown]
# ### C from nothing
#
# Six words of C, and you can read what follows.
#
# - A C program is text. The *compiler* turns each `.c` file into machine code, and the *linker* puts the pieces together
#   into one program with addresses.
# - A *header*, `.h`, says what there is, so that several `.c` files may use it. `#include "motion.h"` pastes it in.
# - `const uint8_t data[3] = {1, 2, 3};` is an array of three bytes that may not be changed. **uint8_t** is a whole
#   number of 8 bits without a sign: a byte, 0 to 255.
# - **static** before such an array says: only this `.c` file knows it. Another file may have one of the same name.
# - A *pointer* is an address. `const uint8_t *p = data;` points to the first byte, `p[1]` is the second.
# - `int add(int a, int b) { return a + b; }` is a function. The word in front says what comes back.
#
# ### Bytes as text
#
# C wants those bytes as text: `0x1c, 0x00, ...`, where `0x` says that a number is written in base
# 16, in which one byte is just two digits.

# %% [markdown]
# ## Exercise 7.1: bytes to C
#
# Write a function that turns bytes into C's text: a list of lines, with twelve bytes in each.
# `f"0x{byte:02x}"` writes one byte. Join them with `", "`, and end each line with a comma.
#
# Example: `to_c_lines(bytes([1, 255]))` gives `["0x01, 0xff,"]`.

# %%
def to_c_lines(data):
    """Bytes as C text, twelve in each line."""
    # --- solution
    rows = [data[i : i + 12] for i in range(0, len(data), 12)]
    return [", ".join(f"0x{byte:02x}" for byte in row) + "," for row in rows]
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("7.1", to_c_lines)

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
#   The list of them, which the program hands to TFLM, is its **resolver**.
# - Scale and zero point are those of lesson 04. The sketch needs them to make integers of a
#   measurement, and a score of an integer.

# %% [markdown]
# ## Exercise 7.2: use the header's numbers
#
# A feature has a value, say 0.7. Which int8 number goes into the model? Write the function: with the scale and the
# zero point that the header gives, rounded, and between -128 and 127. (`round` is good enough here.)
#
# Example: `quantize_one(1.0, 0.5, 10)` gives `12`.

# %%
facts = array.facts.inputs[0]
print("scale", facts.scale, " zero point", facts.zero_point)

# %%
def quantize_one(value, scale, zero_point):
    # --- solution
    q = round(value / scale) + zero_point
    return max(-128, min(127, q))
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("7.2", quantize_one)

# %% [markdown]
# ## Measure
#
# Now the usual way. The tool `xxd -i` writes an array too, and many courses use it as it comes:

# %%
from tinyml_course.export.c_array import render_xxd

print("\n".join(render_xxd(bundle.model, "motion").splitlines()[:2]), "...")

# %% [markdown]
# These lines were written by the package, so that you need not have the tool. Have you? Then let the tool itself do it,
# in a terminal `xxd -i motion_tflite`, and compare:

# %%
import shutil
import subprocess

(folder / "motion_tflite").write_bytes(bytes(bundle.model))
if shutil.which("xxd"):
    done = subprocess.run(["xxd", "-i", "motion_tflite"], cwd=folder,
                          capture_output=True, text=True, check=True)
    same = done.stdout.split() == render_xxd(bundle.model, "motion").split()
    print("xxd writes", "the same" if same else "something else")

# %% [markdown]
# Compare the first word. There is no `const`. In C that means: the program may change these bytes.
# Flash can be erased and written while a program runs, but only in whole pages, slowly, and not like a
# variable. So the start-up code *copies the whole array into RAM* before your program begins.
#
# ![Without const the start-up code copies the array from flash into RAM; with const it is read where it lies](pictures/07_const.svg)
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
use = "char model(void) { return *motion_tflite; }\n"
usual = measure_program("usual", render_xxd(bundle.model, "motion") + use)
use = "const unsigned char *model(void) { return motion_model; }\n"
better = measure_program("better", header + use)

# %%
cases = {"no model": no_model, "plain xxd": usual, "const": better}
for name, sizes in cases.items():
    print(f"{name:<9}  flash {sizes.flash_bytes:>5,} B", end="")
    print(f"   RAM {sizes.ram_bytes:>5,} B")

# %% tags=["bounds"]
assert usual.ram_bytes - better.ram_bytes >= len(bundle.model)

# %%
from tinyml_course.observe.plots import plot_bars

ram = {"plain xxd": usual.ram_bytes, "const and aligned": better.ram_bytes}
plot_bars(ram, title="What the same model takes of RAM", label="bytes")

# %% [markdown]
# ## Exercise 7.3: the price of a missing word
#
# What does the missing `const` cost? Write a function that returns two numbers: the bytes of RAM that are wasted, and
# their share of the model's file.
#
# Example: `price(300, 100, 400)` gives `(200, 0.5)`.

# %%
def price(usual_ram, better_ram, model_bytes):
    # --- solution
    wasted = usual_ram - better_ram
    return wasted, wasted / model_bytes
    # --- your turn
    # wasted, share = ..., ...
    # return wasted, share
    # --- end

# %% tags=["nbval-check-output"]
check("7.3", price)

# %%
from tinyml_course.classroom import compare_guess, reference_answer

# A checked price, so that this runs without yours:
wasted_bytes, of_the_file = reference_answer("7.3")(
    usual.ram_bytes, better.ram_bytes, len(bundle.model))
compare_guess(my_share_of_ram, of_the_file, "of the file")

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
from tinyml_course.interpreters.tflm import is_available, measure_arena

arena = measure_arena(bundle.model) if is_available() else None
print(arena or "no TFLM for this system: read on in the solutions")

# %%
from tinyml_course.observe.plots import plot_arena

plot_arena(arena) if arena else None

# %% [markdown]
# The values themselves take the smallest part. The rest is what it costs to find out at run time
# what was known all along: which layer comes after which. Lesson 08 does away with that.

# %% [markdown]
# ## Move it
#
# A model of 200 KiB on a Nano 33 BLE: take its `const` away. What is left of the RAM? Which boards could still hold it?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_const

explore_const(200, 20)

# %% [markdown]
# ## Break it on purpose
#
# A popular recipe: start with a large arena, call `arena_used_bytes()`, write that number into the
# program. Let us do just that. `runs_with` tries an arena in a process of its own. That is wise,
# because TFLM may crash when the arena is too small.

# %%
from tinyml_course.interpreters.arena_search import runs_with
from tinyml_course.interpreters.tflm import smallest_arena

if arena:
    need = smallest_arena(bundle.model)
    for size in (arena.total_bytes, need):
        works = runs_with(bundle.model, size)
        print(f"an arena of {size:,} bytes:", "runs" if works
              else "does not run")

# %% tags=["bounds"]
if arena:
    assert not runs_with(bundle.model, arena.total_bytes)
    assert runs_with(bundle.model, need)

# %% [markdown]
# While TFLM sets up, it needs more than it keeps afterwards. The number it reports is the use, not
# the need. So search for the smallest arena that works, then add a margin, and say which:

# %%
from tinyml_course.pipeline.run import with_margin

if arena:
    print(f"used {arena.total_bytes:,} B, needed {need:,} B, ", end="")
    print(f"with a tenth to spare {with_margin(need):,} B")

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

# %%
import re

from tinyml_course.interpreters.tflm import run_integer_model

bytes_in_c = re.findall(r"0x([0-9a-f]{2})",
                        header[header.index("motion_model[") :])
model = bytes(int(text, 16) for text in bytes_in_c)
outputs = run_integer_model(model, bundle.golden.inputs).outputs
differing = int((outputs != bundle.golden.outputs).sum())
print(f"{outputs.size} output bytes compared, {differing} differ")

# %% tags=["bounds"]
assert differing == 0

# %% [markdown]
# ## Explain it
#
# Your sketch with a model of 60 kB does not link for a board with 64 kB of RAM: "region RAM overflowed". The board has 512 kB of flash. Explain to its author what has happened, and the one-word repair.
#
# <details>
# <summary>One way to say it</summary>
#
# The array of the model has no `const`, so the program may change it, so it must be in RAM. Before `main` begins, the
# start-up code copies all 60 kB from flash to RAM, and with everything else that is too much. With `const` the array is
# read from flash, where there is room, and takes no RAM.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# A header is pasted in wherever it is included. Suppose two `.c` files of a program include our header with its
# `const` array, which is `static`. How much flash does the model take then? Predict it in bytes, and run.

# %%
# --- solution
my_prediction = 2_768
# --- your turn
# my_prediction = ...
# --- end

# %%
two = []
for name in ("one", "two"):
    source = folder / f"{name}.c"
    source.write_text(
        header + f"const unsigned char *{name}(void) {{ return motion_model; }}"
        + "int main(void) { return 0; }" * (name == "one"))
    two.append(source)
both = build_program(two, out_dir=folder / "both", keep=("one", "two")).sizes

# %%
compare_guess(my_prediction, both.flash_bytes - no_model.flash_bytes, "bytes")

# %% tags=["bounds"]
assert both.flash_bytes - no_model.flash_bytes >= 2 * len(bundle.model)

# %% [markdown]
# Twice: the include guard works within one `.c` file, and each of them gets a copy of its own. That is why the header
# says "include it in one file only".

# %% [markdown]
# ## Open task ★
#
# Write `xxd` anew: a command of your own that takes a .tflite file and writes a header with `const`, `alignas(16)`, the
# length and an include guard, and compare it with `tinyml export --format c-array`. What does the course's header say
# that nobody could know from the bytes alone, and where does it read it from?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("07")

# %% [markdown]
# ## Takeaways
#
# - A model goes to a board as an array in C: `const`, so that it stays in flash, and aligned.
# - One missing word costs as much RAM as the model is long.
# - A program links the operators that its model uses, and the model's file knows which.
# - The arena in use is less than the arena needed. Search for the need, and add a stated margin.

# %% [markdown]
# ## Further reading
#
# - TensorFlow Lite Micro, [the repository](https://github.com/tensorflow/tflite-micro): the interpreter, its kernels and its documentation.
# - R. David and others, [TensorFlow Lite Micro](https://arxiv.org/abs/2010.08678), 2020: why there is an arena, and how it is divided.
# - FlatBuffers, [the format inside a .tflite file](https://flatbuffers.dev/): fields that are read in place.
# - The C standard as its last free draft has it, [N1570](https://www.open-std.org/jtc1/sc22/wg14/www/docs/n1570.pdf): 6.2.4 says how long an object lives, 6.2.8 what alignment is.

# %% [markdown]
# ## Next
#
# [08 Inside the C](08_inside_the_c.ipynb): no interpreter, no arena, no library. The model itself becomes C that you can
# read.
