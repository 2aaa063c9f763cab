# %% [markdown]
# # 16 A pond, three hours ahead
#
# ![The chain from a signal to a board; you are here: train](pictures/chain_train.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed (a Wio Terminal with probes is fun).
# Before it: [03 Training](03_training.ipynb), [04 Quantization](04_quantization.ipynb).
#
# In a fish pond, oxygen runs out before sunrise. Whoever knows it at midnight switches on the aerator, which blows air
# into the water. Whoever sees it only at five in the morning counts dead fish. So the model of this lesson does not answer
# with a class. It answers with numbers: what four probes will read in three hours. And because probes fail, the lesson
# also asks what tells a dying pond from a dying probe.

# %% [markdown]
# ## What you will be able to do
#
# - Train a network that answers with values, and bring it as int8 C onto a board.
# - Say what a forecast is worth, beside persistence, yesterday and a straight line.
# - Choose the alarm that finds a stuck, a jumping or a drifting probe, and know which of these faults no alarm finds.

# %% [markdown]
# ## Predict
#
# A forecaster watches a probe for pH, which says how acid the water is. The probe dies and repeats its last number for six
# hours. Take 100 pairs at random, each of a dead probe and a healthy one. In how many of them is the forecaster *more*
# surprised by the dead probe? Guess.

# %%
# --- solution
my_guess_of_100 = 80
# --- your turn
# my_guess_of_100 = ...
# --- end

# %% [markdown]
# ## Build
#
# ### A pond breathes
#
# ![By day algae make oxygen from light; by night everything breathes it away](pictures/16_day_and_night.svg)
#
# By day algae take light and carbon dioxide, and make oxygen. At night the algae, the fish and the mud breathe the oxygen.
# Carbon dioxide makes the water acid, so pH goes up and down with the oxygen. Warm water lies on top of cold water and
# keeps the air away from the bottom. Ammonia comes from the fish, and the higher the pH is, the more of the ammonia is
# toxic. All this is in `datasets/pond_physics.py`, with its sources. Here are three days of one pond:

# %%
import numpy as np
from tinyml_course.datasets.pond import UNITS, make_readings
from tinyml_course.observe.plots import plot_curves

one = make_readings(seed=5, ponds=1, days=3)[0]
hours = np.arange(len(one)) / 6
plot_curves(hours, {"pH": one[:, 0], "oxygen (mg/L)": one[:, 2]},
            title="A pond for three days", xlabel="hours",
            ylabel="what the probes read")

# %% [markdown]
# ### Windows with values
#
# A window is a day of readings, with one reading every ten minutes. What belongs to a window is not a label but four
# values: the readings three hours later. A model that answers with values is called a **regression**. A group is a pond:
# two days of one pond resemble each other more than two ponds do, so whole ponds are held out.

# %%
from tinyml_course.datasets import split_by_group
from tinyml_course.datasets.pond import make_pond_dataset

data = make_pond_dataset(seed=0)
split = split_by_group(data, seed=0)
train, val, test = split.train, split.val, split.test
print(train.x.shape, train.y.shape, *zip(data.target_names, UNITS))
print(f"{len(set(test.groups))} ponds judge, none of them trained on")

# %% [markdown]
# ### The controls first
#
# Before you train any network, ask what can be said without one. **Persistence** says "it will be as it is now".
# "Yesterday" says what was read at that hour a day before. A third way takes today's last reading, and adds to it what
# *changed* yesterday.

# %% [markdown]
# ## Exercise 16.1: as it went yesterday
#
# `x` has the shape `(n, window, channels)`. Each window holds a day: `x[:, 0]` is a day ago, `x[:, -1]` is now. For each
# window and channel, return the last reading plus what changed yesterday. Yesterday's change is what the signal gained
# from a day ago until `ahead` readings later.
#
# Example: `like_yesterday(np.array([[[1], [3], [4], [6]]]), 1)` gives `[[8]]`.

# %%
def like_yesterday(x, ahead):
    # --- solution
    return x[:, -1] + x[:, ahead] - x[:, 0]
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("16.1", like_yesterday)

# %% [markdown]
# The error of a forecast is the root of the mean squared difference (*rms*), in the signal's own unit. Here is the error
# of each control on the ponds that judge:

# %%
from tinyml_course.labs.pond import POND
from tinyml_course.training import rms_errors

errors = {name: rms_errors(control(train, test), test.y)
          for name, control in POND.controls.items()}

# %%
from tinyml_course.table import Table

def table_of(errors):
    heads = [f"{n} ({u})" for n, u in zip(data.target_names, UNITS)]
    rows = [(name, *(f"{e:.3f}" for e in row)) for name, row in errors.items()]
    return Table(("rms error", *heads), tuple(rows))

table_of(errors)

# %% tags=["bounds"]
assert all(np.array(errors["ridge"]) < errors["persistence"])

# %% [markdown]
# The last row is **ridge**: a straight line through 36 features. They say where each signal stands, how far it has moved
# in the last half hour, in the last hour, and so on up to a day, and what it did yesterday in the hours to come. Ridge is
# far better than anything that you can say without arithmetic. *That* is what a network has to beat.

# %% [markdown]
# ### What a network should learn
#
# A value consists of two parts: what is known already, and what will change. Let the network learn only the second part.
# And let it learn numbers of about the size of 1, whatever the unit is: take the mean change away, and divide by the
# spread of the change. Then an output of 0 says "as it is now, plus what it gains on average".

# %% [markdown]
# ## Exercise 16.2: what is to be learnt
#
# `now` and `later` have the shape `(n, signals)`. `mean` and `scale` are the mean and the spread of the change, with one
# number for each signal. Return what the network is to answer.
#
# Example: `encode(np.array([[6.0]]), np.array([[8.0]]), np.array([1.0]), np.array([0.5]))` gives `[[2.0]]`.

# %%
def encode(now, later, mean, scale):
    # --- solution
    return (later - now - mean) / scale
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("16.2", encode)

# %% [markdown]
# In the package this is the class `Targets`. It encodes the values before training, and decodes the network's answers.
# Its mean and scale travel to the board in the Bundle.

# %%
from tinyml_course.features import Targets
from tinyml_course.labs.pond import make_preprocessing

before = make_preprocessing().fit(train.x)
targets = Targets.fit(train.x, train.y, data.target_names, UNITS,
                      change_of=(0, 1, 2, 3))
x = {name: before.apply(part.x) for name, part in split.items()}
y = {name: targets.encode(part.x, part.y) for name, part in split.items()}

# %% [markdown]
# ### A network that ends in numbers
#
# Two things differ from lesson 03: the last layer has no softmax, and the loss is the mean squared error (*mse*) and not
# the cross-entropy. Here the network is built in Keras itself, and trained for a few epochs:

# %%
from tinyml_course.training import import_keras

keras = import_keras()
keras.utils.set_random_seed(0)
network = keras.Sequential([
    keras.layers.Input((36,)),
    keras.layers.Dense(48, "relu"), keras.layers.Dense(24, "relu"),
    keras.layers.Dense(4)])
network.compile(keras.optimizers.Adam(3e-3), "mse")

# %%
fitted = network.fit(x["train"], y["train"], batch_size=64, epochs=10,
                     validation_data=(x["val"], y["val"]), verbose=0)
outputs = network.predict(x["test"], verbose=0)
few = rms_errors(targets.decode(test.x, outputs), test.y)
print(f"{network.count_params():,} parameters, mse on other ponds",
      f"{fitted.history['val_loss'][-1]:.3f}")
table_of({"ridge": errors["ridge"], "network, 10 epochs": few})

# %% [markdown]
# ## Measure
#
# The Bundle `pond` holds the same network as int8. It was trained for 30 epochs with a learning rate that falls. Here are
# the errors of its answers on the ponds that judge, beside those of every control:

# %%
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("pond")
answers = bundle.predict_values(test.x)
errors["network, int8"] = rms_errors(answers, test.y)
table_of(errors)

# %% tags=["bounds"]
int8 = np.array(errors["network, int8"])
for control in ("persistence", "ridge"):
    assert (int8 < errors[control]).sum() >= 3
assert (int8 < 0.6 * np.array(errors["persistence"])).all()

# %% [markdown]
# One number can stand for all four signals: the **skill**. It is the share of persistence's squared error that the model
# takes away. A skill of 0 is as good as persistence, a skill of 1 is without any error, and below 0 a model is worse than
# persistence.

# %%
from tinyml_course.observe.plots import plot_bars

base = np.array(errors["persistence"]) ** 2
skills = {name: float(np.mean(1 - np.array(row) ** 2 / base))
          for name, row in errors.items()}
plot_bars(skills, title="Skill on ponds never trained on", label="skill")

# %% [markdown]
# Mind what is small here: a straight line already gets most of the skill. Is the network's lead over ridge more than luck
# with the ponds? Draw the ponds that judge anew, some twice and some not at all, a thousand times. Each time, divide the
# network's error by that of ridge. Nine of ten draws lie between these numbers:

# %%
forecasts = {name: way(train, test) for name, way in POND.controls.items()}
forecasts["network, int8"] = answers

def squares(values):
    off = (values - test.y) ** 2
    return np.array([off[test.groups == pond].sum(axis=0)
                     for pond in np.unique(test.groups)])

# %%
ours, line = squares(answers), squares(forecasts["ridge"])
draws = np.random.default_rng(0).choice(len(ours), (1000, len(ours)))
ratios = np.sqrt(ours[draws].sum(axis=1) / line[draws].sum(axis=1))
ends = np.percentile(ratios, [5, 95], axis=0)
for name, least, most in zip(data.target_names, *ends):
    print(f"{name:<12} {least:.2f} to {most:.2f}")

# %% tags=["bounds"]
assert ends[1][1] < 0.97 and ends[1][3] < 0.97  # temperature, ammonia
assert ends[1][0] > 0.99 and ends[1][2] > 0.99  # pH, oxygen

# %% [markdown]
# For temperature and ammonia the network is ahead. For pH and oxygen the range reaches up to 1: there these ponds cannot
# tell the two apart.

# %%
from tinyml_course.observe.value_plots import plot_values

plot_values(test.y, answers, data.target_names, UNITS)

# %% [markdown]
# A point on the line is a perfect answer. Look at the oxygen below 3 mg/L, because there the answers matter most.

# %%
low = test.y[:, 2] < 3
print(f"{low.sum()} of {len(low)} times oxygen was low three hours later")
said = {name: values[:, 2] < 3 for name, values in forecasts.items()}
counts = {name: ((low & so).sum(), (low & ~so).sum(), (so & ~low).sum())
          for name, so in said.items()}
for name, (foretold_it, missed, false) in counts.items():
    print(f"{name:<19} foretold {foretold_it}, missed {missed}, "
          f"false alarms {false}")

# %% tags=["bounds"]
assert counts["network, int8"][0] > 0.5 * low.sum()
assert counts["yesterday's change"][0] >= counts["network, int8"][0]

# %% [markdown]
# "Yesterday's change", which needs one subtraction and one sum, foretells as often as the network, and pays with a few more
# false alarms. Ridge foretells three fewer. By this count the network buys little.

# %% [markdown]
# ### The same bytes in C
#
# The way from int8 to C, and the comparison with TFLM, are as before. What is new comes after the model: an output has to
# become a value in units. `value = (mean + scale * output) + last` does it, with two multiplications for each signal in
# `pond_predict.c`. (All outputs share one int8 scale. Because each signal was standardized, none of them is coarse.)

# %%
from tinyml_course.export.check.verify import verify_model

inputs = bundle.model.input.quantize(bundle.preprocessing.apply(test.x))
verified = verify_model(bundle.model, inputs=[[q[None]] for q in inputs])
print(f"{verified.bytes_differing} of {verified.bytes_compared:,} output bytes "
      "of the C differ from TFLM's")
step = bundle.model.output.scale * np.array(bundle.targets.scale)
print("one step of int8:", *(f"{s:.3f} {u}" for s, u in zip(step, UNITS)))

# %% tags=["bounds"]
assert verified.passed

# %% [markdown]
# ### On the Wio
#
# The sketch `arduino_sketches/pond` reads four probes, keeps the readings of a day, makes forecasts, and raises alarms. The
# trace holds two days of a pond that no model was trained with. In its second night oxygen gets low. At noon one reading
# of the thermometer is far off, and in the afternoon the pH probe gets stuck.

# %%
from tinyml_course.board.run import run_sketch
from tinyml_course.observe.board_plots import plot_screen
from tinyml_course.shipped import DATA

wio = run_sketch("pond", "wio_terminal", [DATA / "pond/probes.csv"])
records = [dict(field.split(":") for field in line.split(","))
           for line in wio.lines if "_3h:" in line]
print(f"{len(records)} forecasts, {records[0]['latency_us']} us each")

# %%
for earlier, record in zip([records[0], *records], records):
    if record["alarms"] != earlier["alarms"]:
        day, minute = divmod(int(record["t_min"]), 1440)
        print(f"day {day + 1}, {minute // 60:02d}:{minute % 60:02d}  alarms "
              f"{record['alarms']:>2}   oxygen {record['oxygen']}, in 3 h "
              f"{record['oxygen_3h']}, pH {record['ph']}")
plot_screen(wio.board.screen.image)

# %% tags=["bounds"]
seen = {int(record["alarms"]) for record in records}
assert all(any(bits & bit for bits in seen) for bit in (1, 2, 4, 8, 16))

# %% [markdown]
# The number behind `alarms` is a sum. 1 means that oxygen is low, 2 that it will be low, 4 that a probe is stuck, 8 that a
# probe has jumped, and 16 that a probe reads something that was not forecast. Did alarm 16 find the dead pH probe? Give
# the board one fault at a time:

# %%
import re
import tempfile
from tinyml_course.datasets.pond_recordings import write_probe_trace

folder, when = tempfile.TemporaryDirectory(), {}
for fault in ("stuck", "spike"):
    volts = write_probe_trace(folder.name, f"{fault}.csv", faults=(fault,))
    one_fault = run_sketch("pond", "wio_terminal", [volts]).lines
    when[fault] = [re.findall(r"(?:t_min|alarms):(\d+)", line)
                   for line in one_fault if "_3h:" in line]

# %%
meant = {4: "stuck", 8: "jumped", 16: "not forecast"}
for fault, pairs in when.items():
    for bit, name in meant.items():
        times = [int(t) - 1440 for t, alarms in pairs if int(alarms) & bit]
        at = ", ".join(f"{t // 60:02d}:{t % 60:02d}" for t in times[:8])
        print(f"{fault}: {name:<12} {len(times):>2} times: {at}")

# %% tags=["bounds"]
raised = {(fault, bit): sum(int(alarms) & bit > 0 for _, alarms in pairs)
          for fault, pairs in when.items() for bit in meant}
assert raised["stuck", 4] > 10 and raised["stuck", 16] == 0
assert raised["spike", 8] == 2 and raised["spike", 16] == 8

# %% [markdown]
# It did not. The dead probe raises alarm 4 alone, after almost six hours; alarm 16 never comes. The alarms 16 of the afternoon
# belong to the one bad reading of the thermometer: first it was not forecast itself, and three hours later the healthy
# readings are compared with forecasts that were made from it. Those are false alarms, an echo.
#
# ### Two limits
#
# Close to a limit, noise switches an alarm on and off, and nobody heeds a siren that flickers. So the sketch has two
# limits: the alarm "low" comes below 3 mg/L, and it goes when there are 3.5 mg/L again. That is **hysteresis**. Here are
# the forecasts of oxygen with one limit, and with two:

# %%
from tinyml_course.datasets.pond import FINE_OXYGEN_MG_L, LOW_OXYGEN_MG_L
from tinyml_course.features.hysteresis import alarm_below

foretold = np.array([float(record["oxygen_3h"]) for record in records])
for limit in (LOW_OXYGEN_MG_L, FINE_OXYGEN_MG_L):
    is_on = alarm_below(foretold, LOW_OXYGEN_MG_L, limit)
    comes = is_on[1:] & ~is_on[:-1]
    print(f"gone from {limit} mg/L on; how often it comes: {comes.sum()}")

# %% tags=["bounds"]
on_board = np.array([int(record["alarms"]) & 2 > 0 for record in records])
assert comes.sum() == 1 and np.array_equal(on_board, is_on)

# %% [markdown]
# The price is that the alarm goes later. And two limits help only against noise close to a limit. Which of these alarms
# deserves to be believed is the next question.

# %% [markdown]
# ## Move it
#
# A pH probe fails after twelve hours. Choose how it fails, and how much. The lower curve is the **residual**: it says how
# far the reading lies from what was forecast an hour before. Which faults does the residual see? Which faults does a rule
# see? And which does nobody see?

# %%
from tinyml_course.live.explorers import explore_probe

explore_probe()

# %% [markdown]
# ## Exercise 16.3: it does not move
#
# This is the plainest rule of all. `readings` is a list, with the newest reading at its end. Return how many readings just
# before the newest one have the same value as it, without a break.
#
# Example: `unchanged_for([7.1, 7.2, 7.2, 7.2])` gives `2`.

# %%
def unchanged_for(readings):
    # --- solution
    count = 0
    for reading in reversed(readings[:-1]):
        if reading != readings[-1]:
            break
        count += 1
    return count
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("16.3", unchanged_for)

# %% [markdown]
# ### Four faults, four detectors
#
# Now take many cases: healthy days of the ponds that judge, and the same days with a fault. There are four faults. The
# probe is *stuck* for six hours; there is a *spike* in the newest reading; there is an *offset* for an hour; or there is a
# *drift* over a day. Each detector gives each case a number. AUC says how often a faulty case gets a higher number than a
# healthy case: 1 is always, and 0.5 is as often as by chance.

# %%
from tinyml_course.labs.pond_faults import (
    cut_histories, fault_table, measure_faults)
from tinyml_course.labs.pond_real import Line, detectors_with, look_back

learn = make_readings(0, 40, 2)[..., 0]
rows = np.arange(37, 280, 6)[:, None]
past = learn[:, rows + np.arange(-36, 1)].reshape(-1, 37)
then = (learn[:, rows[:, 0] + 6] - learn[:, rows[:, 0]]).reshape(-1)
hour_ahead = Line.fit(look_back(past), then, alpha=10.0)

# %%
def forecast(histories):
    change = hour_ahead.predict(look_back(histories))
    return histories[:, -1] + change

judged = make_readings(0, 20, 4, first_pond=500)[..., 0]
healthy = np.concatenate([cut_histories(pond, every=12) for pond in judged])
areas = measure_faults(healthy, detectors_with(forecast), size=0.3)
fault_table(areas, "pH; 0.3 pH")

# %%
from tinyml_course.classroom import compare_guess

compare_guess(my_guess_of_100, 100 * areas["stuck"]["residual"], "of 100")

# %% tags=["bounds"]
assert areas["stuck"]["unchanged"] >= 0.95 and areas["stuck"]["residual"] < 0.4
assert areas["spike"]["jump"] >= 0.95 and areas["offset"]["jump"] >= 0.95
assert abs(areas["drift"]["residual"] - 0.5) < 0.1

# %% [markdown]
# A forecaster *loves* a dead sensor: nothing is easier to forecast than a straight line. A detector that looks at the
# residual alone is calmest when the probe is dead. The rule "unchanged for a long time" costs one comparison, and it
# always finds the dead probe.
#
# And a slow drift? No detector finds it. The forecast begins at the drifted reading and drifts along with it, and from
# step to step the drift is smaller than the noise. That is no weakness of these detectors. The drift cannot be seen in the
# probe's own readings, because a pond whose pH really rises looks the same. You need a reference to see it: a water whose
# pH is known, once a week, or a second probe.

# %% [markdown]
# ## Break it on purpose
#
# ### A figure that flatters
#
# Forecasts are often judged by *R2*, the share of the variance that is explained. Take persistence, the forecast that
# knows nothing, and compute its R2.

# %%
from sklearn.metrics import r2_score

lazy = r2_score(test.y, test.x[:, -1], multioutput="raw_values")
ours = r2_score(test.y, answers, multioutput="raw_values")
Table(("R2", *data.target_names), (
    ("persistence", *(f"{value:.2f}" for value in lazy)),
    ("network", *(f"{value:.2f}" for value in ours))))

# %% tags=["bounds"]
assert lazy[0] > 0.5 and lazy[1] > 0.85

# %% [markdown]
# "Our model explains nine tenths of the temperature." So does the sentence "it will be as it is now", because ponds differ
# from each other far more than one pond changes in three hours. A figure without its control is not a result.
#
# ### A clock that steps back
#
# Features that look back need a clock that runs without a break. Shift the readings of the last day by three hours, as
# happens when a clock is set to another time zone, and leave only the newest reading in its place. Then shift only a part
# of the day. What hurts, a wrong yesterday or a wrong today?

# %%
moved = np.concatenate([test.x[:, :18], test.x[:, :-18]], axis=1)

def with_right(rows):
    part = moved.copy()
    part[:, rows] = test.x[:, rows]
    return rms_errors(bundle.predict_values(part), test.y)

# %%
wrong_clock = {"all but the newest": with_right([-1]),
               "the last 12 h but the newest": with_right([*range(72), -1]),
               "all but the last 6 h": with_right(range(-36, 0))}
table_of({"persistence": errors["persistence"],
          "network": errors["network, int8"], **wrong_clock})

# %% tags=["bounds"]
as_it_was = errors["network, int8"][2]
everything, today, yesterday = (row[2] for row in wrong_clock.values())
assert min(everything, today) > 3 * as_it_was > 2 * yesterday

# %% [markdown]
# A wrong today. With a jump of three hours just before the newest reading, the pond seems to change at a mad speed, and the
# network is worse than persistence. Once the last six hours are right again, a yesterday that is three hours off costs 10
# to 20 %. So after a step of the clock, a monitor should be silent for some hours.

# %% [markdown]
# ## A real pond
#
# Somebody hung probes into a fish pond for a week, and published what they read each minute: temperature, pH, and how
# cloudy the water was ("Real-time evaluation of water quality for aquaculture applications", Mendeley Data, 34rczh25kc).
# Oxygen is not among the readings, and the course contains none of them. The clock of the recording steps back twice, and
# those readings are dropped. The tables below use means of ten minutes, at a depth of 30 cm. Everything before the last
# three days was learnt from, and the last three days judge. Each signal is forecast from its own last six hours. The
# figures of networks are means of five seeds. In brackets stands how much better than persistence a forecast is:
#
# | temperature, rms error in C | 1 h ahead | 3 h ahead | 6 h ahead |
# |---|---|---|---|
# | persistence | 0.600 | 1.651 | 2.862 |
# | the last hour's slope goes on | 0.341 (+43%) | 1.393 (+16%) | 3.388 (-18%) |
# | yesterday | 2.849 (-374%) | 2.849 (-73%) | 2.849 (+0%) |
# | yesterday's change | 0.747 (-24%) | 2.012 (-22%) | 3.321 (-16%) |
# | ridge | 0.296 (+51%) | 1.118 (+32%) | 2.331 (+19%) |
# | ridge learnt from synthetic ponds | 0.314 (+48%) | 1.160 (+30%) | 2.466 (+14%) |
# | network | 0.290 (+52%) | 1.044 (+37%) | 2.202 (+23%) |
# | network learnt from synthetic ponds | 0.305 (+49%) | 1.090 (+34%) | 2.260 (+21%) |
#
# | pH, rms error | 1 h ahead | 3 h ahead | 6 h ahead |
# |---|---|---|---|
# | persistence | 0.134 | 0.360 | 0.577 |
# | the last hour's slope goes on | 0.091 (+33%) | 0.383 (-7%) | 0.933 (-62%) |
# | yesterday | 0.650 (-385%) | 0.650 (-81%) | 0.650 (-13%) |
# | yesterday's change | 0.195 (-45%) | 0.522 (-45%) | 0.806 (-40%) |
# | ridge | 0.062 (+54%) | 0.268 (+26%) | 0.545 (+6%) |
# | ridge learnt from synthetic ponds | 0.074 (+45%) | 0.289 (+20%) | 0.564 (+2%) |
# | network | 0.076 (+43%) | 0.284 (+21%) | 0.538 (+7%) |
# | network learnt from synthetic ponds | 0.078 (+42%) | 0.303 (+16%) | 0.606 (-5%) |
#
# Read the tables slowly. For one hour ahead, letting the last hour's slope go on gets most of what a model gets; without
# that row, ridge would look like magic. For six hours ahead, a forecast of pH is hardly better than "it will be as it is
# now". Yesterday is of no help in this week. Ridge and network cannot be told apart on three days. And the models that
# learnt from the course's physics alone, without a single reading of this pond, lose 2 to 5 points of temperature to those
# that learnt from the pond itself, and 1 to 12 points of pH: for six hours ahead, such a network forecasts pH worse than
# persistence does. The equations were not fitted to any pond. That they carry over to this pond's temperature, and to its
# pH for some hours, says nothing about its oxygen, which nobody measured.
#
# In the last table the probes of the same days were made to fail. It holds AUCs:
#
# | 1 C, or 0.3 pH | unchanged | jump | rate | residual |
# |---|---|---|---|---|
# | temperature: stuck | 1.00 | 0.00 | 0.00 | 0.00 |
# | spike | 0.50 | 1.00 | 0.33 | 0.97 |
# | offset | 0.50 | 1.00 | 0.33 | 0.99 |
# | a day's drift | 0.50 | 0.47 | 0.45 | 0.49 |
# | pH: stuck | 1.00 | 0.01 | 0.00 | 0.11 |
# | spike | 0.43 | 1.00 | 0.65 | 0.99 |
# | offset | 0.50 | 1.00 | 0.65 | 1.00 |
# | a day's drift | 0.43 | 0.51 | 0.51 | 0.51 |
#
# For each fault the same detector wins as on synthetic ponds, and for the drift none does. If you have the set, repeat the
# measurement with
#
#     python -m tinyml_course.labs.pond_real FOLDER

# %% [markdown]
# ## Explain it
#
# A company sells a pond monitor: "our AI finds every sensor fault, R2 of the forecast 0.96". Explain in a few sentences
# what you would ask.
#
# <details>
# <summary>One way to say it</summary>
#
# What R2 does persistence get on the same data? If it gets 0.93, the forecast is worth little. Please show me the error in
# units, beside that of persistence and of a straight line, on ponds that you did not train on. Which faults did you try?
# A residual cannot see a stuck probe, so there must be a rule for that. And a slow drift cannot be seen without a
# reference, whatever the AI is. How often does the monitor raise an alarm in a healthy week?
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# The oxygen probe is dead and reads 6.0 mg/L all day. The network still gets pH, temperature and ammonia. By which factor
# does the error of the *pH* forecast grow? Predict it, then run the cell and change `dead`.

# %%
# --- solution
my_prediction = 1.5
# --- your turn
# my_prediction = ...
# --- end

# %%
dead = {2: 6.0}
broken = test.x.copy()
for channel, value in dead.items():
    broken[:, :, channel] = value
blind = rms_errors(bundle.predict_values(broken), test.y)
factor = blind[0] / errors["network, int8"][0]
compare_guess(my_prediction, factor)

# %% tags=["bounds"]
assert factor > 1.05

# %% [markdown]
# A network that was never shown a dead probe believes every probe. A network that loses a probe at random while it trains
# may do better on the day when one dies. What this costs on all other days would have to be measured.

# %% [markdown]
# ## Open task ★
#
# The network has never seen an aerator that fails at two in the morning. Make such nights (`_aerator` in
# `datasets/pond_physics.py` says when it runs), and measure how long before oxygen is low the forecast says so. Then
# train with some of these nights. What does that cost on the other nights? Print both figures, and those of persistence
# beside them.

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("16")

# %% [markdown]
# ## Takeaways
#
# - A network that answers with values ends in a linear layer, learns by mse, and learns the change best.
# - The error of a forecast means nothing without persistence and a straight line beside it.
# - A forecaster loves a dead sensor. A rule finds it.
# - A slow drift cannot be seen without a reference.
# - Physics that was not fitted to any pond may carry over to a real one. Measure it; do not hope.

# %% [markdown]
# ## Further reading
#
# - A. H. Murphy, [Skill scores based on the mean square error](https://doi.org/10.1175/1520-0493%281988%29116%3C2417:SSBOTM%3E2.0.CO;2), Monthly Weather Review 116, 1988.
# - The recordings: [Real-time evaluation of water quality for aquaculture applications](https://data.mendeley.com/datasets/34rczh25kc), Mendeley Data.
# - K. Emerson and others, [Aqueous ammonia equilibrium calculations](https://doi.org/10.1139/f75-274), Journal of the Fisheries Research Board of Canada 32, 1975.
# - R. Hyndman and G. Athanasopoulos, [Forecasting: Principles and Practice](https://otexts.com/fpp3/), 3rd edition, 2021: simple methods first.

# %% [markdown]
# ## Next
#
# [17 Gestures](17_gestures.ipynb): a wrist, two sensors, and a trigger. How a task whose answers are values becomes a lab
# stands in [Add a lab](../docs/add_a_lab.md).
