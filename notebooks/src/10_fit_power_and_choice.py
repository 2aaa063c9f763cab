# %% [markdown]
# # 10 Fit, power and choice
#
# ![The chain from a signal to a board; you are here: board](pictures/chain_board.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [09 On the board](09_on_the_board.ipynb).
#
# You have a model and a task. Which board do you buy? Will the program fit, will it be fast enough,
# and how long will the battery last? In this lesson you answer all three before you spend any money.

# %% [markdown]
# ## What you will be able to do
#
# - Say whether a model fits a board, counting what the board's own software takes.
# - Explain when int8 beats float32 by a little, and when by far.
# - Compute how long a battery lasts, from two currents and the share of time spent awake.

# %% [markdown]
# ## Predict
#
# A bracelet runs the motion model once a second. Its battery holds 150 mAh: it can give 150
# milliamperes for one hour, or 1 mA for 150 hours. The chip sleeps in between. Will the battery last
# for `"days"`, `"weeks"` or `"years"`? Write one of the three words, with its quotes.

# %%
# --- solution
my_guess = "years"
# --- your turn
# my_guess = ...
# --- end

# %% [markdown]
# ## Build
#
# The course keeps a **catalogue** of boards. Every figure in it knows where it comes from, and a figure
# that nobody measured says so.

# %%
from tinyml_course.board.catalog import BOARDS
from tinyml_course.table import Table
def describe(b):
    sizes = (f"{b.flash_bytes // 1000:,}", f"{b.ram_bytes // 1000:,}")
    current = (str(b.active_ma.value or "?"), b.active_ma.note)
    return b.title, b.core, f"{b.clock_hz / 1e6:.0f}", *sizes, *current

header = ("board", "processor", "MHz", "flash, kB", "RAM, kB", "active, mA",
          "where the current is from")
Table(header, tuple(describe(b) for b in BOARDS.values()))

# %% [markdown]
# Two words about the processors. **Cortex-M4F** has hardware for float numbers (the F) and for two
# multiplications at a time. **Cortex-M0+** has neither: it is smaller, cheaper, and must compute a float
# multiplication step by step in software.

# %% [markdown]
# ## Does it fit?
#
# A sketch is never alone. Before your first line, the board's Arduino software takes its share. On the
# Nano that is much more than our model:

# %%
from tinyml_course.board.bench import bench_model
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("motion")
nano = BOARDS["nano33ble"]
bench = bench_model(bundle.model, "nano33ble")
ours, core = bench.measurement.flash_bytes, nano.core_flash_bytes.value
print(f"our network: {ours:,} B of flash; Arduino's own software: "
      f"{core:,} B, {core / ours:.0f} times as much")

# %% [markdown]
# ## Exercise 10.1: what is left
#
# Write a function that says how many bytes of flash are left: of those that a sketch may use, less what the board's own
# software takes, less our network. If it does not fit, the number is negative.
#
# Example: `free_flash(1000, 300, 800)` gives `-100`.

# %%
def free_flash(flash, core, ours):
    # --- solution
    return flash - core - ours
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("10.1", free_flash)

# %% [markdown]
# The same network has other figures in lesson 08, which compiles for speed (`-O2`). Here it is compiled for size
# (`-Os`), as the boards' software compiles a sketch: fewer bytes, more time. Lesson 09 has a third time, of real windows
# instead of random inputs, measured by the sketch itself. A figure holds for one way of measuring.
#
# `tinyml fit MODEL.tflite` prints the same for all boards. RAM counts the stack too: the memory that
# functions use while they run.

# %%
from tinyml_course.board.bench import bench_boards

everywhere = bench_boards(bundle.model)

def fit_row(b):
    time = "?" if b.latency_us is None else f"{b.latency_us:.0f}"
    left = (f"{b.fit.flash_free_bytes:,}", f"{b.fit.ram_free_bytes:,}")
    counted = "yes" if b.fit.core_is_counted else "no: less is left than this"
    fits = "yes" if b.fit.fits else "no"
    return b.board.title, fits, *left, time, counted

# %%
header = ("board", "fits", "flash left, B", "RAM left, B",
          "one inference, us", "core counted")
Table(header, tuple(fit_row(b) for b in everywhere))

# %% [markdown]
# Such a small model fits everywhere. So fit decides nothing here; time and energy do. When would it decide? Make
# the program larger, and watch which board drops out first, and for want of which memory:

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_fit

explore_fit(flash_kib=300, ram_kib=100)

# %% [markdown]
# ## Fast enough?
#
# A bracelet may take its time. A device that listens may not: while it computes, people go on talking. The
# keyword model of lesson 12 is asked again every 240 ms, and a row of **features** is made of every 20 ms
# of sound. The *real-time factor* is the time that all of this takes, over the time that passes meanwhile.
# At 1 the processor does nothing else. Above 1 it falls behind, and never catches up.

# %%
from tinyml_course.board.listening import find_listening

words = Bundle.load_shipped("keywords_people")
listening = find_listening(words)
hearing = bench_boards(words.model, listening=listening)
print(f"asked every {listening.period_us / 1000:g} ms")

# %%
from tinyml_course.observe.plots import plot_bars

known = {b.board.title: b.real_time_factor for b in hearing
         if not b.is_stand_in}
plot_bars(
    known,
    title="Listening for keywords: share of time busy",
    label="real-time factor, features included, estimated",
    reference=1.0, reference_name="cannot keep up",
)

# %% tags=["bounds"]
assert max(known.values()) < 1

# %% [markdown]
# Even the smallest board keeps up, a Cortex-M0+ at 48 MHz. `tinyml fit` and `tinyml bench` print this share
# for a model in its Bundle. What is left of the time is not lost: the chip may sleep in it.

# %% [markdown]
# ## Measure
#
# Is int8 worth the trouble? On the Nano, with its float hardware, one might say no. Ask both
# processors. This trains the network once more, briefly, because a Bundle holds only the int8 model.
# Where TensorFlow is not installed, a float model that comes with the course stands in.

# %%
from tinyml_course.compress.quantize import convert_fp32
from tinyml_course.datasets import make_motion_dataset, split_by_group
from tinyml_course.extras import is_installed
from tinyml_course.labs import get_lab
from tinyml_course.pipeline.stages import convert_to_int8, train_choice
from tinyml_course.shipped import MODELS

split = split_by_group(make_motion_dataset(seed=0, people=20), seed=0)

# %%
if is_installed("tensorflow"):
    choice = get_lab("motion").models["dense"]
    trained = train_choice("dense", choice, split, 0, print)
    int8 = convert_to_int8(trained.model, trained.inputs["train"])
    files = {"float32": convert_fp32(trained.model), "int8": int8}
else:
    print("no TensorFlow here: two models that come with the course stand in")
    float_file = (MODELS / "motion_float32.tflite").read_bytes()
    files = {"float32": float_file, "int8": bundle.model}

# %%
from tinyml_course.board.measure import measure_model

PROCESSORS = {"Cortex-M4F": "cortex-m4", "Cortex-M0+": "cortex-m0plus"}
measured = {
    (kind, name): measure_model(content, target=target)
    for kind, content in files.items()
    for name, target in PROCESSORS.items()
}

# %%
counted = {f"{kind} on a {name}": m.instructions
           for (kind, name), m in measured.items()}
plot_bars(
    counted,
    title="One inference of the same network",
    label="instructions, counted",
)

# %%
gain = {}
for name in PROCESSORS:
    in_float, in_int8 = measured["float32", name], measured["int8", name]
    gain[name] = in_float.instructions / in_int8.instructions
    print(f"{name}: float32 takes {gain[name]:.1f} times the instructions")

# %% tags=["bounds"]
assert gain["Cortex-M4F"] > 1
assert gain["Cortex-M0+"] > 5

# %% [markdown]
# Without float hardware, each float multiplication is a small program of its own. There, int8 is not a
# refinement but the difference between yes and no.

# %% [markdown]
# ## The battery
#
# A device that wakes up, works and sleeps again draws two currents. With $d$ the share of time awake,
# the **duty cycle**:
#
# $$I = d\,I_{active} + (1 - d)\,I_{sleep} \qquad \text{life} = \frac{\text{capacity}}{I}$$

# %% [markdown]
# ## Exercise 10.2: two lines of physics
#
# Write both formulas. Currents in mA, capacity in mAh, life in hours.
#
# Example: `average_ma(10, 2, 0.5)` gives `6.0`.

# %%
def average_ma(active_ma, sleep_ma, duty):
    # --- solution
    return duty * active_ma + (1 - duty) * sleep_ma
    # --- your turn
    # return ...
    # --- end

# %%
def life_hours(capacity_mah, current_ma):
    # --- solution
    return capacity_mah / current_ma
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("10.2a", average_ma)

# %% tags=["nbval-check-output"]
check("10.2b", life_hours)

# %% [markdown]
# 150 mAh at 1.33 mA: the example that many courses give. The package computes it by the same two formulas:

# %% tags=["nbval-check-output"]
from tinyml_course.board.catalog import average_current_ma, battery_life_hours

print(f"150 mAh at 1.33 mA last {battery_life_hours(150, 1.33):.1f} h")

# %% [markdown]
# Now the bracelet: one inference a second. How much of each second is the chip awake for it?

# %%
duty = bench.latency_us / 1e6
sleep_ma = nano.sleep_ua.value / 1000
chip_ma = average_current_ma(nano.active_ma.value, sleep_ma, duty)
years = battery_life_hours(150, chip_ma) / 24 / 365
print(f"awake for {duty:.4%} of the time, {chip_ma * 1000:.1f} uA on average: "
      f"{years:.1f} years")
print("currents:", nano.active_ma.note, "|", nano.sleep_ua.note)

# %% [markdown]
# That looks wonderful. Be suspicious of it.

# %% [markdown]
# ## Move it
#
# Before you read on: move the number of inferences a minute and the time that each takes. Where does the battery
# last twice as long when an inference takes half the time, and where does that hardly help?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_battery

explore_battery()

# %% [markdown]
# ## Break it on purpose
#
# The calculation above is right, and its answer is wrong. It counted the **chip**. What a battery feeds
# is a **board**: a voltage regulator, a power lamp that somebody found pretty, a sensor that samples 50
# times a second and is never asleep. Put in one milliampere for all of that together, which is modest:
#
# ![Blue: the chip sleeps and wakes for short pulses. Orange: what the rest of the board draws all the time](pictures/10_two_currents.svg)

# %%
rest_ma = 1.0  # an assumption, to see what it does; measure your own board
board_days = battery_life_hours(150, chip_ma + rest_ma) / 24
print(f"the chip alone: {years:.1f} years; the board: {board_days:.1f} days")

# %% tags=["bounds"]
assert years > 1
assert board_days < 7

# %%
import numpy as np

from tinyml_course.observe.plots import plot_curves

per_second = np.logspace(-2, 2, 60)
def days(rest_ma):
    """Days from 150 mAh, with `rest_ma` for all but the chip."""
    awake = np.minimum(per_second * bench.latency_us / 1e6, 1)
    chip = awake * nano.active_ma.value + (1 - awake) * sleep_ma
    return 150 / (chip + rest_ma) / 24

# %%
plot_curves(
    per_second,
    {"chip alone": days(0), "with 0.1 mA for the rest": days(0.1),
     "with 1 mA": days(1.0)},
    title="What shortens a battery's life", is_log=True,
    xlabel="inferences a second", ylabel="days from 150 mAh",
)

# %% [markdown]
# Along the lower curves nothing you do to the model changes much: the rest of the board decides. A
# faster model pays where the chip is awake for a good part of the time, or where everything else has
# been switched off. Know on which curve you are before you optimize.

# %%
from tinyml_course.classroom import compare_guess

lives = f"{years:.1f} years for the chip, {board_days:.1f} days for the board"
compare_guess(my_guess, lives)

# %% [markdown]
# ## Exercise 10.3: choose
#
# A toy should answer in less than `limit_us` microseconds, and use as little energy as possible for
# each inference. Which of `boards` is it? Each has `latency_us`, `energy_uj` and `board.name`; a time
# or an energy that nobody knows is `None`, and such a board is left out. Return the name. If A takes 50 us and 3 uJ, B
# 400 us and 1 uJ, C 2,000 us and 0.5 uJ, the answer for 1,000 us is the name of B.

# %%
def choose(boards, limit_us):
    # --- solution
    known = [b for b in boards if None not in (b.latency_us, b.energy_uj)]
    quick = [b for b in known if b.latency_us < limit_us]
    return min(quick, key=lambda b: b.energy_uj).board.name
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("10.3", choose)

# %%
from tinyml_course.classroom import reference_answer

# A checked choice, so that this runs without yours:
chosen = reference_answer("10.3")(everywhere, 1000)
(best,) = (b for b in everywhere if b.board.name == chosen)
print(f"{best.board.title}: {best.latency_us:.0f} us and "
      f"{best.energy_uj:.1f} uJ for each inference")
print("on the current of:", best.board.active_ma.note)

# %% [markdown]
# ## Explain it
#
# A colleague halves the time of an inference and expects the battery to last twice as long. Explain when that
# is true, and why it mostly is not.
#
# <details>
# <summary>One way to say it</summary>
#
# It is true if the chip is awake nearly all the time, and the rest of the board draws next to nothing. Mostly
# the chip
# sleeps for nearly all of the time, and what empties the battery is the sleep current, the sensor and the
# regulator.
# Then half of almost nothing is saved. First find out where the current goes.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The bracelet asks once a second. What if it asks fifty times a second? Predict how many years the *chip alone*
# lasts,
# then run. Afterwards, add the rest of the board.

# %%
# --- solution
my_prediction = 5
# --- your turn
# my_prediction = ...
# --- end

# %%
rate = 50  # inferences a second
busy = min(1.0, rate * bench.latency_us / 1e6)
often_ma = average_current_ma(nano.active_ma.value, sleep_ma, busy)
often_years = battery_life_hours(150, often_ma) / 24 / 365
print(f"once a second: {years:.1f} years")
compare_guess(my_prediction, often_years, "years")

# %% tags=["bounds"]
assert 0 < often_years < years

# %% [markdown]
# Fifty times as often awake, and yet not a fiftieth of the life: at one inference a second nearly all of the charge
# goes into sleeping. At fifty, being awake counts.

# %% [markdown]
# ## Open task ★
#
# Choose a task of your own (a sensor in a beehive, a button in a bag, a doll that hears its name), and write
# its budget:
# how often it must answer, how long the battery shall last, which sensor, which board. Which single figure of
# your table
# is the least certain, and how would you measure it?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("10")

# %% [markdown]
# ## Takeaways
#
# - Fit is a subtraction, and the board's own software is part of it.
# - A device that listens needs a real-time factor below 1, features included.
# - On a processor without float hardware, int8 decides whether a model can run at all.
# - Battery life is capacity over average current. The average is taken over the whole board.
# - A figure without a source is a guess. A good table says which of its figures are guesses.

# %% [markdown]
# ## Further reading
#
# - Nordic Semiconductor, [nRF52840 product specification](https://docs.nordicsemi.com/bundle/ps_nrf52840/page/keyfeatures_html5.html): currents of the Nano's chip.
# - Arduino, [Nano 33 BLE Sense](https://docs.arduino.cc/hardware/nano-33-ble-sense/): board, schematics, data sheets.
# - C. Banbury and others, [MLPerf Tiny Benchmark](https://arxiv.org/abs/2106.07597), 2021: energy, measured in the same way by all.

# %% [markdown]
# ## Next
#
# [11 Your own data](11_your_own_data.ipynb): your movements, your labels, your model on the board.
