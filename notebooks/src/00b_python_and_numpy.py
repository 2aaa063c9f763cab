# %% [markdown]
# # 00b Python and NumPy, as much as you need
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: nothing. Whoever knows NumPy goes on to [01](01_data_synthesis.ipynb).
#
# The lessons are written in Python, with arrays of the library NumPy. This one shows the six things that occur
# again and again: how a notebook works, arrays and their shape, an axis, broadcasting, masks, and `@`.

# %% [markdown]
# ## What you will be able to do
#
# - Run, change, undo and restart a notebook, and read an error message from its last line.
# - Say the shape of an array before and after an operation along an axis.
# - Write a sum of products without a loop.

# %% [markdown]
# ## Predict
#
# A table has 4 rows and 3 columns. You take the mean along `axis=0`. How many numbers come out?

# %%
# --- solution
my_guess_numbers = 4
# --- your turn
# my_guess_numbers = ...
# --- end

# %% [markdown]
# ## Build
#
# ### A notebook
#
# A notebook is made of cells. Shift + Enter runs one and goes to the next. The value of its last line is shown.
# What a cell defines, the next ones know: the **kernel**, a Python that runs behind the page, remembers it. Run cells
# from top to bottom; *Run > Run All Cells* does it for you.
#
# - Typed something wrong? Ctrl + Z undoes it. `git checkout NAME.ipynb`, or a new copy by `tinyml lessons`, brings
#   a whole lesson back.
# - Nothing makes sense any more? *Kernel > Restart Kernel and Run All Cells*.
# - A cell runs for ever? *Kernel > Interrupt Kernel*.
# - An error is a long message. Its *last* line says what is wrong, and an arrow shows where.

# %%
readings = [1.02, 0.98, 1.01]  # a list
total = 0
for reading in readings:
    total = total + reading
print(f"{len(readings)} readings, mean {total / len(readings):.3f} g")

# %% [markdown]
# `def` gives a piece of code a name. What stands behind `return` comes back. In this course an exercise is mostly
# such a function: you replace the `...` and keep the first line.

# %%
def to_ms2(accel_g):
    """An acceleration in g, as m/s²."""
    return accel_g * 9.81

to_ms2(1.5)

# %% [markdown]
# ### Arrays and their shape
#
# An **array** holds many numbers of one kind, and computes with all of them at once. Its `shape` says how many there
# are in each direction. A window of a phone has the shape `(100, 3)`: 100 readings of three axes.

# %%
import numpy as np

window = np.random.default_rng(7).normal(size=(100, 3))
print("shape:", window.shape, " type:", window.dtype)
print("the first reading:", window[0].round(2))
print("readings 10 to 12 of axis x:", window[10:13, 0].round(2))

# %% [markdown]
# Count from 0: `window[0]` is the first reading. `10:13` means 10, 11, 12: the last number is not included. And the
# generator got a **seed**, 7, so that you see the same numbers as everybody.
#
# ### An axis, and broadcasting
#
# `mean`, `sum`, `max` can go along one **axis**, and that axis disappears.
#
# ![axis=0 goes down the rows and gives a number for each column; axis=1 goes along a row; a short array is used again for each row](pictures/00b_axis_and_broadcasting.svg)

# %%
table = np.array([[1.0, 10, 100], [2, 20, 200], [3, 30, 300], [4, 40, 400]])
print("axis=0:", table.mean(axis=0))
print("axis=1:", table.mean(axis=1))

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_numbers, len(table.mean(axis=0)), "numbers")

# %% [markdown]
# A table minus one row: the shapes `(4, 3)` and `(3,)` differ, but they agree from the right. NumPy uses the row again
# for each row of the table. That is **broadcasting**.

# %% [markdown]
# ## Exercise 00b.1: take the means away
#
# Write a function that takes from each column of `x` its own mean. Afterwards each column has the mean 0.
#
# Example: `without_means(np.array([[1, 10], [3, 30]]))` gives `[[-1, -10], [1, 10]]`.

# %%
def without_means(x):
    # --- solution
    return x - x.mean(axis=0)
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("00b.1", without_means)

# %% [markdown]
# ## Move it
#
# Choose an axis and see which entries go together. Then look at the last line below the picture, where the result is
# taken from the table: for which sizes does `axis=1` raise an error, and for which is it wrong without a word?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_axis

explore_axis()

# %% [markdown]
# ### Masks
#
# A comparison of an array gives an array of True and False, a *mask*. It picks out what is true, and its mean is a
# share, because True counts as 1.

# %%
loud = np.abs(window) > 2
print("how many:", loud.sum(), " share:", loud.mean())
print("the first of them:", window[loud][:3].round(2))

# %% [markdown]
# ### Sums of products
#
# A neuron multiplies each input by a weight and adds up. With `@` that is one sign, for one input or for a thousand.

# %%
inputs, weights = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])
print("one by one:", inputs * weights)
print("added up:  ", inputs @ weights)

# %% [markdown]
# ## Exercise 00b.2: many sums at once
#
# `x` has one row of inputs for each window, `weights` one weight for each column. Return one sum for each row.
#
# Example: `weighted_sums(np.array([[1, 2], [3, 4]]), np.array([10, 1]))` gives `[12, 34]`.

# %%
def weighted_sums(x, weights):
    # --- solution
    return x @ weights
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("00b.2", weighted_sums)

# %% [markdown]
# ## Measure
#
# Why not a loop? Take a thousand windows, and do the same both ways. (A checked answer stands for yours, so that the
# cell runs before you have one.)

# %%
import time
from tinyml_course.classroom import reference_answer

add_up = reference_answer("00b.2")
x, w = np.random.default_rng(0).normal(size=(1000, 300)), np.ones(300)

# %%
start = time.perf_counter()
slow = [sum(a * b for a, b in zip(row, w)) for row in x]
loop_s = time.perf_counter() - start
start = time.perf_counter()
fast = add_up(x, w)
array_s = time.perf_counter() - start
print(f"loop {1000 * loop_s:.0f} ms, @ {1000 * array_s:.2f} ms")

# %% tags=["bounds"]
assert np.allclose(slow, fast) and loop_s > 5 * array_s

# %%
from tinyml_course.observe.plots import plot_curves

time_s = np.arange(100) / 50
plot_curves(time_s, {"x": window[:, 0], "y": window[:, 1]}, xlabel="time (s)",
            title="Two columns of an array", ylabel="random numbers")

# %% [markdown]
# ## Break it on purpose
#
# The most common trouble with arrays is a wrong axis. Where the table is square, nothing complains:

# %%
square = np.array([[0.0, 100], [0, 100]])
print("right:", (square - square.mean(axis=0)).tolist())
print("wrong:", (square - square.mean(axis=1)).tolist())

# %%
try:
    table - table.mean(axis=1)
except ValueError as error:
    print(error)

# %% [markdown]
# With 4 rows and 3 columns it is an error, and the message names the shapes. With as many rows as columns it is just
# wrong. So print shapes while you work, and test with numbers of rows and columns that differ.

# %% [markdown]
# ## Explain it
#
# What is the difference between `x.max(axis=1)` and `x.argmax(axis=1)`? Say it with an example from school marks.
#
# <details>
# <summary>One way to say it</summary>
#
# A table has one row for each pupil and one column for each subject. `max(axis=1)` is each pupil's best mark,
# `argmax(axis=1)` the subject, as the number of its column, in which the pupil got it.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# A mask is negated by `~`. What share of the readings is *not* loud, and do both shares add up to 1? Predict the
# share, run the cell, then change the limit from 2 to 1.

# %%
# --- solution
my_prediction = 0.95
# --- your turn
# my_prediction = ...
# --- end

# %%
limit = 2
quiet = ~(np.abs(window) > limit)
compare_guess(my_prediction, quiet.mean())

# %% tags=["bounds"]
assert 0.9 < quiet.mean() < 1

# %% [markdown]
# A reading is loud or it is not, so the two shares add up to 1. With a lower limit more readings are loud, and the
# quiet share falls.

# %% [markdown]
# ## Open task ★
#
# Write, without a loop, a function that takes windows `(n, 100, 3)` and returns for each window the number of times
# that axis z crosses its own mean. What could that number say about walking? Try it in the next lesson.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("00b")

# %% [markdown]
# ## Takeaways
#
# - A notebook knows what was run since the last restart, and nothing else.
# - An operation along an axis makes that axis disappear.
# - Arrays of different shape agree from the right, or not at all.
# - `@` multiplies and adds up.

# %% [markdown]
# ## Further reading
#
# - NumPy, [the absolute basics for beginners](https://numpy.org/doc/stable/user/absolute_beginners.html).
# - NumPy, [Broadcasting](https://numpy.org/doc/stable/user/basics.broadcasting.html).
# - Python, [the tutorial](https://docs.python.org/3/tutorial/index.html).
# - C. R. Harris and others, [Array programming with NumPy](https://doi.org/10.1038/s41586-020-2649-2), Nature 2020.

# %% [markdown]
# ## Next
#
# [01 Data from physics](01_data_synthesis.ipynb): where the course's signals come from.
