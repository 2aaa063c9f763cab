# %% [markdown]
# # 01 Data from physics
#
# ![The chain from a signal to a board; you are here: signal](pictures/chain_signal.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [00 Start here](00_start_here.ipynb).
#
# A model learns from examples. Before you have a board and a hundred volunteers, you can make
# examples yourself, if you know what makes the signal. For motion you do: it is school physics.
#
# In this lesson you follow one step of one person from the foot to the number that the sensor
# reports. Then you let many people walk, and see what happens when the examples mean nothing.

# %% [markdown]
# ## What you will be able to do
#
# - Build a signal from its causes: gravity, steps, shocks, the way the phone sits, the sensor.
# - Cut recordings into windows, write them as CSV files, and read what is wrong with a bad file.
# - Show why labels must come from what happened, and why one sample is not enough.

# %% [markdown]
# ## Predict
#
# An **accelerometer** is a tiny weight on springs. A phone that lies on a table reads 1 g, because
# the table pushes it up. (**g** is the pull of the earth: 9.81 m/s².)
#
# A runner is in the air for a moment of every step, with both feet off the ground. What does the
# phone in the runner's pocket read at that moment? Replace the `...` by your guess, in g.

# %%
# --- solution
my_guess_g = 0.0
# --- your turn
# my_guess_g = ...
# --- end

# %% [markdown]
# ## Build
#
# ### A person
#
# People differ: in the length of their legs, in how fast and how hard they step. The course draws
# such values from ranges that fit real people, one set for each person. A **seed** is a number
# that fixes what the random generator draws, so person 6 of seed 2026 is the same on your computer.
#
# The number of steps in a second is the **cadence**. Its unit is hertz (Hz): times per second.

# %%
from tinyml_course.datasets.motion import make_person

person = make_person(seed=2026, number=6)
print(f"{person.name}: legs of {person.leg_m:.2f} m")
print(f"walks {person.walk_step_hz:.2f} steps in a second, ", end="")
print(f"each {person.walk_step_m:.2f} m long")
print(f"runs  {person.run_step_hz:.2f} steps in a second")

# %% [markdown]
# ### Walking
#
# A walker's hip rides on a stiff leg like the top of a compass: highest when the leg is upright,
# lowest when both feet are down. So the hip goes up and down by some height $h$, once a step.
#
# What rises and falls like a wave, $\frac{h}{2}\sin(2\pi f t)$, is accelerated by
# $\frac{h}{2}(2\pi f)^2$ at most. That is all we need to know how strong the wave is.

# %%
import numpy as np
from tinyml_course.datasets import motion_physics as physics

rise_m = physics.pendulum_rise_m(person.leg_m, person.walk_step_m)
rise_m = rise_m * person.bounce  # knees and hips flatten the arc
wave_rad_s = 2 * np.pi * person.walk_step_hz
bounce_g = rise_m / 2 * wave_rad_s**2 / physics.GRAVITY_MS2
print(f"the hip rises {100 * rise_m:.1f} cm")
print(f"that takes up to {bounce_g:.2f} g")

# %% [markdown]
# No step is a perfect wave. Any shape that repeats is a sum of waves: one at the cadence, and weaker
# ones at two, three, four times the cadence. These are its **harmonics**. A sound of the same pitch
# differs from violin to flute for the same reason.
#
# And a heel does not land softly. The **heel strike** is a short shock that rings and dies away.

# %%
rng = np.random.default_rng(1)
# 3.25 steps: a quarter into step 3
steps = physics.count_steps(person.walk_step_hz, 2.0, rng)
wave = 1 + bounce_g * physics.harmonics(steps, [1.0], [0.0])
strengths, starts = [1.0, *person.overtones], [0.0, *person.offsets]
shaped = 1 + bounce_g * physics.harmonics(steps, strengths, starts)
shock = person.strike_g * physics.heel_strike(
    steps, person.walk_step_hz, person.strike_hz, person.strike_decay_s
)

# %%
from tinyml_course.observe.plots import plot_curves

time_s = np.arange(len(steps)) / physics.PHYSICS_RATE_HZ
curves = {"and heel strike": shaped + shock, "with harmonics": shaped,
          "one wave": wave}  # the last one is drawn on top
plot_curves(time_s, curves, title="What the ground does to a walker",
            xlabel="time (s)", ylabel="push upwards (g)")

# %% [markdown]
# All three swing around 1 g. That is no accident: who neither climbs nor sinks must be carried, on
# average, with exactly the pull of the earth.
#
# ### Running
#
# A runner flies part of the time. In the air nothing pushes. But the average must be 1 g all the
# same, so the foot has to push much harder while it is down.

# %%
rng = np.random.default_rng(2)
run_steps = physics.count_steps(person.run_step_hz, 20.0, rng)
# contact: the share of a step that the foot is on the ground
push = physics.flight_push(run_steps, person.contact)
curves = {"walk": shaped + shock, "run": push[: len(time_s)]}
plot_curves(time_s, curves, title="Walk and run", xlabel="time (s)",
            ylabel="push upwards (g)")

# %%
print(f"the push of a runner: {push.mean():.3f} g on average, ", end="")
print(f"{push.max():.2f} g at most, {push.min():.2f} g at least")

# %% tags=["bounds"]
assert abs(push.mean() - 1) < 0.02 and push.max() > 2 and push.min() == 0

# %% [markdown]
# Here is the answer to the prediction. An accelerometer does not feel gravity. It feels the push
# that holds against gravity, and in flight there is none.

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_g, push.min(), "g")

# %% [markdown]
# ### How the phone sits
#
# The push points up, but a phone in a pocket does not know where up is. It reports along its own
# three axes x, y and z. The **mounting** is how the phone is turned.
#
# ![One push upwards, seen by three phones that are turned differently: the numbers on x, y and z change, their length stays 1](pictures/01_axes_of_a_phone.svg)
#
# A turn is written as a **rotation matrix** $R$: three rows of three numbers. Row $i$ says how much
# of the world's x, y and z lands on the phone's axis $i$. For one force $f$ that is the product
# $R f$. NumPy keeps many forces as rows of an array `(n, 3)`. A product with rows has its matrix on the
# right, and then the matrix must be transposed: its rows become columns.

# %% [markdown]
# ## Exercise 1.1: through the phone's eyes
#
# Write a function that turns forces `(n, 3)` into what a phone with this mounting feels, `(n, 3)`.
# `@` multiplies matrices, `.T` transposes one.
#
# Example: `turn_into_phone(np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]]), np.array([[0, 1, 0]]))` gives `[[1, 0, 0]]`.

# %%
def turn_into_phone(rotation, forces_g):
    # --- solution
    return forces_g @ rotation.T
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("1.1", turn_into_phone)

# %% [markdown]
# Gravity's counterpart, 1 g upwards, seen by three phones that lie differently:

# %%
for number in range(3):
    rotation = physics.random_rotation(np.random.default_rng(number))
    x, y, z = rotation @ [0, 0, 1]
    length = np.sqrt(x**2 + y**2 + z**2)
    print(f"x {x:+.2f} g   y {y:+.2f} g   z {z:+.2f} g   length {length:.2f} g")

# %% [markdown]
# Each axis reads something else. The length, $\sqrt{x^2+y^2+z^2}$, stays. It is called the
# **magnitude**. Keep it in mind: it is the key to lesson 02.
#
# ### What the sensor adds
#
# No sensor is perfect. A cheap one has a **bias** (it reads a little too much all the time), a
# **scale error** (1 g is reported as 1.01 g), and **noise** (a trembling of the last digits).
#
# And it has only so many numbers to choose from. Ours has 12 **bits**, which makes
# $2^{12} = 4096$ numbers, spread evenly from -4 g to +4 g. So it counts in steps of
# $8 / 4096 = 1/512$ g. Anything beyond the range is cut off: it **saturates**.

# %% [markdown]
# ## Exercise 1.2: the 12-bit grid
#
# Write what such a sensor reports for an acceleration in g. Go to whole steps of 1/512 g
# (`np.rint` rounds to whole numbers), stay within -2048 and 2047 (`np.clip(value, low, high)`), and
# return to g.
#
# Example: `report_on_grid(np.array([0.001, 1.0, 9.0]))` gives `[0.001953125, 1.0, 3.998046875]`.

# %%
def report_on_grid(accel_g):
    # --- solution
    codes = np.clip(np.rint(accel_g * 512), -2048, 2047)
    return codes / 512
    # --- your turn
    # codes = ...
    # return ...
    # --- end

# %% [markdown]
# The package's own sensor is `physics.measure`. It rounds as you do. It also averages four readings
# of the physics, 200 for each second, into one of the sensor's 50.

# %% tags=["nbval-check-output"]
check("1.2", report_on_grid)

# %% [markdown]
# Here is what a phone on a table reports when its sensor has some of everything. One mg is a
# thousandth of a g.

# %%
at_rest = np.tile([0.0, 0.0, 1.0], (200, 1))  # one second
faults = {"bias_g": np.array([0, 0, 0.02]), "scale": np.ones(3)}
report = physics.measure(at_rest, np.random.default_rng(4), noise_g=0.003,
                         **faults)
curves = {"the push": np.zeros(50),
          "what is reported": 1000 * (report[:, 2] - 1)}
plot_curves(np.arange(50) / 50, curves, xlabel="time (s)",
            title="One second at rest: bias, noise and the grid",
            ylabel="difference from 1 g (mg)")

# %% [markdown]
# ### A whole recording
#
# `synthesize_recording` puts all of this together, and adds what we left out: swinging arms and
# legs, fidgeting, trembling, a ride on a bus for those who are *still*. One line gives ten seconds.

# %%
from tinyml_course.datasets.motion import make_mounting, synthesize_recording

mounting = make_mounting(np.random.default_rng(5), place="waist")
walk = synthesize_recording(person, "walk", 10.0, seed=6, mounting=mounting)
plot_curves(
    np.arange(len(walk)) / 50,
    {"x": walk[:, 0], "y": walk[:, 1], "z": walk[:, 2]},
    title="Ten seconds of walking, as the phone reports them",
    xlabel="time (s)", ylabel="acceleration (g)",
)

# %% [markdown]
# ### Windows
#
# A model takes an input of fixed size, so a recording is cut into **windows**. Ours hold 100 samples:
# two seconds. The next window begins one **hop** later. With a hop of 50 samples, windows overlap by
# half, and a step that is cut in two by one window is whole in the next.

# %% [markdown]
# ## Exercise 1.3: cut windows
#
# Cut a recording `(n, 3)` into windows `(how many, window, 3)`. Samples at the end that do not fill a
# window are left out. Hint: `range(start, stop, step)` counts in hops; where does the last window
# begin?
#
# Example: `my_windows(np.arange(5), 2, 2)` gives `[[0, 1], [2, 3]]`.

# %%
def my_windows(recording, window, hop):
    # --- solution
    starts = range(0, len(recording) - window + 1, hop)
    return np.stack([recording[s : s + window] for s in starts])
    # --- your turn
    # starts = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("1.3", my_windows)

# %% [markdown]
# ### A recording as a file
#
# Your own recordings come as **CSV** files: text with one row for each sample and commas in between. The
# first row names the columns and their units. `data/README.md` describes the format, and the folder
# `data` holds a few examples.

# %%
from pathlib import Path
from tempfile import TemporaryDirectory
from tinyml_course.datasets.recordings import Recording, write_recordings

workshop = TemporaryDirectory()  # gone when the notebook is closed
file = Path(workshop.name) / "walk.csv"
recording = Recording(walk, "walk", subject="ann", sample_rate_hz=50.0)
write_recordings(file, [recording])
rows = file.read_text().splitlines(keepends=True)
print("".join(rows[:4]))

# %% tags=["nbval-check-output"]
from tinyml_course.datasets.recordings import read_recordings

there_and_back = read_recordings(file)[0]
changed = np.sum(there_and_back.x != walk)
print(f"{there_and_back.sample_rate_hz} Hz, {changed} of {walk.size} "
      "numbers changed on the way")

# %% tags=["bounds"]
assert changed == 0

# %% [markdown]
# Files from real life are rarely that good. The reader checks every row, and a bad file is refused
# with the line, the reason and what to do. Three common troubles, each in a file of its own:

# %%
from textwrap import fill
from tinyml_course.errors import DataError

def explain_refusal(name, text):
    bad = file.with_name(name)
    bad.write_text(text)
    try:
        read_recordings(bad)
    except DataError as error:
        print(fill(str(error).replace(str(bad), name), 78))

# %% tags=["nbval-check-output"]
in_ms2 = [Recording(walk[:100] * 9.80665, "walk", "ann", 50.0)]
text_in_ms2 = write_recordings(file.with_name("unit.csv"), in_ms2).read_text()
explain_refusal("unit.csv", text_in_ms2)

# %% tags=["nbval-check-output"]
lost_30 = "".join(rows[:101] + rows[131:])
explain_refusal("gap.csv", lost_30)

# %% tags=["nbval-check-output"]
explain_refusal("comma.csv", "".join(rows).replace("400,", "400,ca. ", 1))

# %% [markdown]
# ## Move it
#
# Turn the sensor and put it off, and watch the three axes and their magnitude. Which slider moves the magnitude, and
# why not the others?

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_rotation

explore_rotation()

# %% [markdown]
# ## Measure
#
# Enough of one person. Here are forty. `make_motion_dataset` lets each of them stand, walk and run,
# three times with the phone mounted anew, and cuts windows. The result is a **Dataset**: windows `x`,
# labels `y`, and in `groups` who it was. Learning will use the first half of the people, judging the
# second.

# %%
from tinyml_course.datasets import make_motion_dataset

known = make_motion_dataset(seed=2026, people=20)
strangers = make_motion_dataset(seed=2026, people=20, first_person=20)
for name, part in (("to learn from", known), ("to judge with", strangers)):
    people = len(set(part.groups))
    print(f"{name}: {len(part)} windows of {people} people, in {part.unit}")

# %% [markdown]
# A **spectrum** takes a signal apart into waves and shows how strong each one is. You met the waves
# above. Can you find the cadence of walkers and of runners, and the harmonics?

# %%
from tinyml_course.observe.plots import plot_spectrum

plot_spectrum(known, up_to_hz=12)

# %% [markdown]
# The low hill belongs to the walkers, the high peak to the right of it to the runners; its faint echo
# at twice the frequency is a harmonic. Every person has another cadence, so the peaks are broad. Those
# who are still have none.

# %% [markdown]
# ## Exercise 1.4: read the cadence
#
# Person 6 walks for twenty seconds. `strength` holds how strong each wave is, `wave_hz` its
# frequency. Write a function that returns the frequency of the strongest wave. (`argmax` gives the
# place of the largest value.)
#
# Example: `cadence(np.array([0, 3, 1]), np.array([0.0, 0.5, 1.0]))` gives `0.5`.

# %%
long_walk = synthesize_recording(person, "walk", 20.0, seed=7,
                                 mounting=mounting)
magnitude = np.linalg.norm(long_walk, axis=1)
strength = np.abs(np.fft.rfft(magnitude - magnitude.mean()))
wave_hz = np.fft.rfftfreq(len(magnitude), d=1 / 50)

# %%
def cadence(strength, wave_hz):
    # --- solution
    return wave_hz[strength.argmax()]
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("1.4", cadence)

# %%
from tinyml_course.classroom import reference_answer

# A checked cadence, so that this runs without yours:
strongest_hz = reference_answer("1.4")(strength, wave_hz)
print(f"measured {strongest_hz:.2f} Hz")
print(f"this person's habit is {person.walk_step_hz:.2f} Hz")

# %% [markdown]
# The two differ a little, because nobody walks at the same pace every day.

# %% [markdown]
# ## Break it on purpose
#
# Many tutorials skip all this work. They draw random numbers for the signal, or random words for the
# labels, and go on to train. What can be learnt from that?
#
# To find out we need a quick learner. A **random forest** is many small trees of yes-no questions
# that vote. It stands in for the network of lesson 03, because it learns in a second. And instead of
# the raw windows it gets eight numbers about each, the **features** of lesson 02.

# %%
from sklearn.ensemble import RandomForestClassifier
from tinyml_course.features import MotionFeatures

def learn_and_judge(x_known, y_known, x_strangers, y_strangers):
    """Shares of right answers: on windows it knows, and on new ones."""
    forest = RandomForestClassifier(n_estimators=50, random_state=0)
    forest.fit(x_known, y_known)
    on_known = forest.score(x_known, y_known)
    return on_known, forest.score(x_strangers, y_strangers)

# %%
about_known = MotionFeatures().apply(known.x)
about_strangers = MotionFeatures().apply(strangers.x)

# %% [markdown]
# First as it should be: the label says what the person did.

# %%
learnt, judged = learn_and_judge(about_known, known.y, about_strangers,
                                 strangers.y)
print(f"right labels: {learnt:.2f} on known windows, "
      f"{judged:.2f} on strangers")

# %% [markdown]
# *Mistake one: random labels.* The windows stay, but each label is drawn like a card, whatever the
# person did.

# %%
cards = np.random.default_rng(8)
drawn_known = cards.integers(0, 3, len(known))
drawn_strangers = cards.integers(0, 3, len(strangers))
learnt_drawn, judged_drawn = learn_and_judge(
    about_known, drawn_known, about_strangers, drawn_strangers
)
print(f"random labels: {learnt_drawn:.2f} on known windows, "
      f"{judged_drawn:.2f} on strangers")

# %% [markdown]
# Look at both numbers. On the windows it learnt from, the forest seems perfect: it has learnt each
# answer by heart. On new windows there is nothing it could know. A card does not depend on the
# window, so any answer is right once in three times, as with guessing.
#
# *Mistake two: one sample.* Now the labels are right, but instead of a window the learner gets one
# reading from its middle: three numbers.

# %%
middle = known.window // 2
_, judged_sample = learn_and_judge(
    known.x[:, middle], known.y, strangers.x[:, middle], strangers.y
)
print(f"one sample: {judged_sample:.2f} on strangers")

# %%
from tinyml_course.observe.plots import plot_bars

shares = {"windows, right labels": judged, "one sample": judged_sample,
          "random labels": judged_drawn}
plot_bars(shares, title="Right answers on people never met",
          label="share of right answers", reference=1 / 3,
          reference_name="guessing")

# %% [markdown]
# One reading of a walker can be one reading of somebody who stands. Walking is what happens between
# the readings, so a model has to see time.

# %% tags=["bounds"]
assert judged >= 0.9 and judged_sample < 0.7
assert abs(judged_drawn - 1 / 3) < 0.05 and learnt_drawn > 0.99

# %% [markdown]
# ## Explain it
#
# Somebody in a lift that begins to go down feels lighter for a moment. What does the phone in their hand read at that moment, and what does it read while the lift goes down evenly? Explain it to somebody who thinks that an accelerometer measures speed.
#
# <details>
# <summary>One way to say it</summary>
#
# When the lift begins to go down, the floor holds less than it did, so the phone reads less than 1 g. While the lift
# moves evenly, the floor carries the whole weight again: 1 g, as at rest. The sensor feels the push that carries it.
# Speed does not push, only a change of speed does.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The sensor has 12 bits for -4 g to +4 g. Suppose somebody builds in a cheaper one of 8 bits: steps of 1/32 g
# instead of 1/512 g. Will the forest still tell the three movements apart? Predict its share of right answers, then
# run the cells. Afterwards, try 4 bits and 2.

# %%
# --- solution
my_prediction = 0.9
# --- your turn
# my_prediction = ...
# --- end

# %%
def on_coarse_grid(x, bits):
    steps_per_g = 2**bits / 8
    return (np.rint(x * steps_per_g) / steps_per_g).astype(np.float32)

coarse = [MotionFeatures().apply(on_coarse_grid(part.x, bits=8))
          for part in (known, strangers)]
_, judged_coarse = learn_and_judge(coarse[0], known.y, coarse[1], strangers.y)
compare_guess(my_prediction, judged_coarse)

# %% tags=["bounds"]
assert judged_coarse >= 0.85

# %% [markdown]
# Hardly less than with 12 bits. A step of 1/32 g is small beside the pushes that tell the movements apart, and each
# feature sums up a hundred readings, whose roundings partly cancel. With 4 bits a step is half a g, with 2 bits 2 g:
# as large as the pushes themselves.

# %% [markdown]
# ## Open task ★
#
# Add a fourth movement from physics: jumping rope, climbing stairs, riding a bicycle. What are its causes, and what
# are their sizes? Write a function that returns the push in g, look at it beside walk and run, and say what a model
# could tell it by. Begin with `physics.flight_push`.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("01")

# %% [markdown]
# ## Takeaways
#
# - An accelerometer feels the push that holds against gravity: 1 g at rest, nothing in flight.
# - A signal is built from causes. Each cause is a line of code that you can check by itself.
# - Labels must come from what happened. From random ones a model learns by heart, and then guesses.
# - Motion needs windows: one sample cannot tell a walker from somebody who stands.

# %% [markdown]
# ## Further reading
#
# - A. D. Kuo, [The six determinants of gait and the inverted pendulum analogy](https://doi.org/10.1016/j.humov.2007.04.003), Human Movement Science 2007: why the hip rises and falls as it does.
# - NumPy, [Random sampling](https://numpy.org/doc/stable/reference/random/index.html): generators, and why a seed belongs to each.
# - A. Downey, [Think DSP](https://greenteapress.com/wp/think-dsp/): waves, harmonics and spectra, with code; free to read.

# %% [markdown]
# ## Next
#
# [02 Splits and features](02_splits_and_features.ipynb): who may judge a model, and which eight numbers tell it what it
# needs.
