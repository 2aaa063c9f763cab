# %% [markdown]
# # 12 Keyword spotting
#
# ![The chain from a signal to a board; you are here: all of it](pictures/chain_all.svg)
#
# Time: {minutes_to_learn}.
# It runs in {measured_time} on two cores. Board: not needed.
# Before it: [03 Training](03_training.ipynb) and [04 Quantization](04_quantization.ipynb).
#
# A speaker on the shelf waits for its name. All day it listens, and nothing of what it hears leaves the
# room: a small chip decides whether the word was said. Finding one of a few words in a stream of sound is
# **keyword spotting**.
#
# Here the words are *yes* and *no*. You will turn sound into a small picture, in whole numbers, let a
# network look at it, and then make of that network something that can listen for hours.

# %% [markdown]
# ## What you will be able to do
#
# - Turn a second of sound into a log-mel picture, and show that chip and laptop compute the same integers.
# - Say how well a keyword model does on people, and go on training it, with recordings of your own.
# - Make a detector for a stream, and judge it by hits, misses, false reports an hour and latency.

# %% [markdown]
# ## Predict
#
# The network below gets more than nine of ten clips right, each a second long. Now it listens without
# end and answers several times a second. A word is said every few seconds. How many false reports will it make
# in an *hour*: a *yes* or a *no* that was not said, or once more one that it has reported already? Write a guess.

# %%
# --- solution
my_guess_an_hour = 100
# --- your turn
# my_guess_an_hour = ...
# --- end

# %% [markdown]
# ## Build
#
# ![Sound becomes windows, windows become twenty mel bands, a second of them is a picture; the network's scores are smoothed and reported once](pictures/12_from_sound_to_word.svg)
#
# ### What speech is to a chip
#
# Sound is air pressure that changes. A microphone measures it; the chip reads 16,000 of its numbers a
# second, each a whole number of 16 bits. They are **samples**, and 16,000 a second, 16 kHz, is the
# **sample rate**.
#
# The course brings words spoken by a machine, the program espeak-ng, in many voices. Each clip puts one
# into a room: with an echo, a noise, a level, and somewhere within the second. `data/README.md` says how
# they were made.

# %%
from tinyml_course.datasets.keywords import load_words, make_clips
from tinyml_course.features.mel import to_int16

words = load_words()
clips = make_clips(words, seed=7, silence=4)
sound = to_int16(clips.x[0, :, 0])
print(f"{len(clips)} clips, classes {', '.join(clips.class_names)}")
print(words.source)

# %% [markdown]
# The class *unknown* is any other word, *silence* is a room in which nobody speaks. A network must choose
# one of its classes, so it needs both: without them, each word and each noise would be a *yes* or a *no*.

# %%
import numpy as np

from tinyml_course.observe.plots import plot_curves

time_s = np.arange(len(sound)) / clips.sample_rate_hz
plot_curves(time_s, {words.texts[0]: sound},
            title=f'A clip: "{words.texts[0]}"',
            xlabel="time (s)", ylabel="sample")

# %% [markdown]
# Listen to it:

# %%
from IPython.display import Audio

Audio(sound, rate=16_000)

# %% [markdown]
# The curve does not look like a word. The same word a little later, or in another voice, gives quite other
# samples. What stays is *which pitches sound when*. So we make a picture of that, like a musician's score.

# %% [markdown]
# ### Windows
#
# Cut the second into pieces of 30 ms: long enough to hold a few vibrations of a voice, short enough that
# the mouth hardly moves. A new piece begins every 20 ms, so they overlap. The piece is the **window**, the
# step is the **hop**.

# %%
from tinyml_course.bundle import Bundle

bundle = Bundle.load_shipped("keywords_people")
spec = bundle.preprocessing.steps[0].spec
print(f"window {spec.window} samples, hop {spec.hop}, at "
      f"{spec.sample_rate_hz} Hz")

# %% [markdown]
# ## Exercise 12.1: how many windows?
#
# How many whole windows fit into so many samples? The first begins at 0, each further one a hop later, and
# the last must end within the sound. `//` divides and drops the rest.
#
# Example: `count_windows(100, 40, 20)` gives `4`.

# %%
def count_windows(samples, window, hop):
    # --- solution
    return 1 + (samples - window) // hop
    # --- your turn
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
from tinyml_course.classroom import check

check("12.1", count_windows)

# %% [markdown]
# ### From samples to pitches
#
# The **Fourier transform** says how much of each frequency is in a window. **Frequency** is vibrations a
# second, in hertz (Hz). The fast way to compute it is the **FFT**: 512 points here, so 257 frequencies,
# from 0 Hz to half the sample rate, 31.25 Hz apart.
#
# A picture of all of them, window after window, is a **spectrogram**. It takes NumPy and six lines:

# %%
frames = np.stack([sound[i : i + spec.window] for i in
                   range(0, len(sound) - spec.window + 1, spec.hop)])
faded = frames * np.hanning(spec.window)  # so that a window has no hard edges
energy = np.abs(np.fft.rfft(faded, n=512)) ** 2
spectrogram = np.log2(1 + energy)
print("windows, frequencies:", spectrogram.shape)

# %%
from tinyml_course.observe.sound_plots import plot_mel_pictures
from tinyml_course.observe.sound_plots import plot_spectrogram

plot_spectrogram(spectrogram, 31.25,
                 title="257 frequencies, 31.25 Hz apart")

# %% [markdown]
# That is finer than an ear. We tell 200 from 300 Hz easily, 5,000 from 5,100 Hz hardly. The **mel** scale
# stretches frequency as we hear it (O'Shaughnessy, 1987):
#
# $$\text{mel} = 2595 \cdot \log_{10}(1 + f / 700)$$
#
# On that scale 20 bands are laid out evenly. Each is a triangle: it rises from its left neighbour's middle
# to its own, and falls to the right neighbour's. Here are the 22 corners, counted in FFT points.

# %%
def mel(hz):
    return 2595 * np.log10(1 + hz / 700)

corners_mel = np.linspace(mel(spec.low_hz), mel(spec.high_hz), spec.n_mels + 2)
corners_hz = 700 * (10 ** (corners_mel / 2595) - 1)
corners = corners_hz / (spec.sample_rate_hz / 512)
print("corners in Hz:        ", corners_hz.round().astype(int)[[0, 1, 2, -2,
                                                                -1]])
print("corners in FFT points:", corners.round(1)[[0, 1, 2, -2, -1]])

# %% [markdown]
# The first bands are a few points wide, the last ones many.

# %% [markdown]
# ## Exercise 12.2: a triangle in whole numbers
#
# Write the rising side of a triangle: for each FFT point in `points`, the share of the way from `left` to
# `right`, as a whole number of 256ths. Use `np.round`, and let nothing exceed 255, so that a weight fits
# into one byte.
#
# Example: `rising_side(np.array([0, 1, 4]), 0, 4)` gives `[0, 64, 255]`.

# %%
def rising_side(points, left, right):
    # --- solution
    share = (points - left) / (right - left)
    return np.minimum(np.round(256 * share), 255)
    # --- your turn
    # share = ...
    # return ...
    # --- end

# %% tags=["nbval-check-output"]
check("12.2", rising_side)

# %% [markdown]
# The falling side of one band lies over the rising side of the next, and the two add up to 256. So the chip
# stores one side only.
#
# ### Logarithm
#
# A shout has a million times the energy of a whisper. Ears count *doublings*, so the last step is a
# logarithm: 8 steps of the result are a doubling of energy. What comes out fits into one byte.
#
# All of this is done in whole numbers, with a rule for every rounding. Why? A float computed by the laptop
# and by the chip may differ in its last digit, and some of these differences would end up as another byte.
# Then no test could ever say *equal*.
#
# `compute_log_mel` is that rule in Python. `export_log_mel_c` writes it as C, from the same tables. We
# compile the C for the chip of an Arduino Nano 33 BLE, and let an emulated chip run it.

# %%
from pathlib import Path
from tempfile import mkdtemp

from tinyml_course.board.measure import measure_function
from tinyml_course.export.firmware.log_mel import export_log_mel_c

# %%
folder = Path(mkdtemp())
_, c_file = export_log_mel_c(spec, folder, "ears", bundle.window)
from_chip = np.zeros((spec.frames(bundle.window), spec.n_mels), np.int8)
front_end = measure_function([c_file], "ears_picture", sound, from_chip,
                             include_dirs=[folder])

# %%
from tinyml_course.features.mel import compute_log_mel

from_python = compute_log_mel(sound, spec)
plot_mel_pictures({"Python": from_python, "C on the chip": from_chip})

# %% [markdown]
# Time runs to the right, pitch upwards, bright is loud. Find the word, and in it the hiss or the hum. Do you
# see a difference between the two pictures?

# %%
differing = int((from_python != from_chip).sum())
print(f"{from_python.size} numbers, {differing} differ")

# %% tags=["bounds"]
assert differing == 0

# %% [markdown]
# ### The network
#
# From here on sound is a picture, so a network for pictures will do: a **DS-CNN**, made for this task by
# Zhang and others ("Hello Edge", 2017). It slides small filters over the picture, in layers, each layer
# looking at what the one before found. Instead of filters that see all channels at once it takes one small
# filter for each channel and then mixes the channels: *depthwise separable*, with a fraction of the
# multiplications. Lesson 13 counts them.

# %%
from tinyml_course.board.measure import measure_model
from tinyml_course.labs.keywords import STREAM

network = measure_model(bundle.model)
hops = spec.sample_rate_hz / spec.hop
answers = hops / STREAM.stride
ears = front_end.estimated_cycles * hops / len(from_chip)
cycles = ears + answers * network.estimated_cycles

# %%
print(f"{network.weights_bytes:,} B of weights")
print(f"{network.macs:,} multiplications for each answer")
print(f"a second of sound with {answers:.1f} answers takes about "
      f"{cycles:,.0f} cycles")
print(f"a Nano has 64,000,000: {64e6 / cycles:.1f} times as many as needed")

# %% [markdown]
# ### What it was trained on, and what that is worth
#
# Two Bundles come with the course. `keywords_synthetic` has heard nothing but the speaking machine.
# `keywords_people` was then trained on with people. First both on the machine's voices, on those that
# neither has met:

# %%
from tinyml_course.datasets.keywords import Words

synthetic = Bundle.load_shipped("keywords_synthetic")
unmet = set(synthetic.report.data.held_out)
chosen = [i for i, voice in enumerate(words.voices) if voice in unmet]
samples, texts, voices = (tuple(part[i] for i in chosen) for part in
                          (words.samples, words.texts, words.voices))
strangers = Words(samples, texts, voices, words.source)

# %%
test = make_clips(strangers, seed=99, copies=3, silence=6)
print(f"{len(test)} clips of {len(set(voices))} voices")

# %%
def accuracy(model, x):
    return (model.predict_scores(x).argmax(axis=1) == test.y).mean()

before_people = accuracy(synthetic, test.x)
with_people = accuracy(bundle, test.x)
print(f"trained on synthetic speech: {before_people:.3f}")
print(f"trained on with people:      {with_people:.3f}")

# %% tags=["bounds"]
assert before_people >= 0.90
assert with_people >= 0.90

# %% [markdown]
# And on people? No recording of a person is part of this course. But the figures are: whoever trains a model
# and passes it on should say what it learnt from and how it was measured. That page is its **model card**.
# This is from the card of `keywords_people`; the clips are from *Speech Commands* (Warden 2018, licence CC BY
# 4.0). **Balanced accuracy** is the mean over the classes, so that frequent ones do not count more.

# %%
card = (bundle.folder / "MODEL_CARD.md").read_text()
print(card[card.index("## Learnt from") : card.index("Held out")])

# %%
from tinyml_course.observe.plots import plot_grouped_bars

people = bundle.report.your_data
before, after = people.before[bundle.report.model], people.after
bars = {"synthetic speech only": before.recall,
        "trained on with people": after.recall}
plot_grouped_bars(bars, title="Recognised of the clips of people",
                  label="share of the clips of a class")

# %% [markdown]
# The measure that matters is the last one in the card: speakers whom the model has *not* met. Synthetic speech
# alone is an honest start, not a product.
#
# *Your own voice.* Record yourself and at least four others, as 16-bit WAV files named `SPEAKER_NUMBER.wav`,
# in folders `yes`, `no`, `silence`, and others of any name. Then, in a terminal:
#
#     tinyml run keywords --data FOLDER --out my_keywords
#
# It trains on synthetic speech, judges that on your clips, trains on with most of your speakers, and judges on
# the others. `Bundle.load("my_keywords")` is then yours. It takes some minutes.
#
# ### Retrain a part
#
# One part is trained in seconds: the last layer. The layers before it turn a picture into a short row of numbers. We
# keep them, forget the last layer, and learn a new one from the clips of the other voices. This is how a
# network learns from little data: most of it stays as it is.

# %%
from tinyml_course.network.reference import run_layers

graph = synthetic.model.network
average = next(o for o in graph.operators if o.kind == "MEAN").outputs[0]
def numbers_before_the_last_layer(x):
    pictures = synthetic.model.input.quantize(synthetic.preprocessing.apply(x))
    return np.concatenate([run_layers(graph, [picture[None]])[average]
                           for picture in pictures])

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

met = np.array([group not in unmet for group in clips.groups])
classifier = LogisticRegression(C=0.1, max_iter=1000)
last_layer = make_pipeline(StandardScaler(), classifier)

# %%
print("the layers before, for all clips: some seconds ...")
known = numbers_before_the_last_layer(clips.x[met])
asked = numbers_before_the_last_layer(test.x)
retrained = last_layer.fit(known, clips.y[met]).score(asked, test.y)
print(f"the shipped last layer: {before_people:.3f}")
print(f"yours, from {met.sum()} clips: {retrained:.3f}")

# %% tags=["bounds"]
assert retrained > before_people - 0.06

# %% [markdown]
# ### From clips to a stream
#
# Nobody hands clips to a chip. Sound goes on and on, and the chip keeps the picture of the last second. Here
# are four minutes: voices that the models have not met, a word every few seconds, changing noise.

# %%
from tinyml_course.interpreters.litert import run_litert_raw
from tinyml_course.datasets.keywords_recording import make_recording

recording = make_recording(strangers, seconds=240, seed=1)
print(f"{recording.seconds:.0f} s, {len(recording.words)} words")

def ask(pictures):
    """The network's int8 scores for int8 pictures `(n, 49, 20)`."""
    pictures = np.ascontiguousarray(pictures[..., None])
    return run_litert_raw(bundle.model, pictures)

# %% [markdown]
# Several times a second the network is shown the last second's picture. `detect_keywords` does that; its rules
# follow below. For now we note what the network answers over the four minutes.

# %%
from dataclasses import replace
from tinyml_course.features.streaming import detect_keywords

# %%
noted = []

def ask_and_note(pictures):
    noted.append(ask(pictures))
    return noted[-1]

always = replace(STREAM, gate_level=-128)  # ask even when it is quiet
everything = (recording.samples, always, spec, bundle.window)
_ = detect_keywords(*everything, ask_and_note)

# %%
scores = noted[0].astype(int) + 128  # int8 to 0..255
seconds = STREAM.stride * spec.hop / spec.sample_rate_hz  # for each answer
heard_at = (1 + np.arange(len(scores))) * seconds
by_name = dict(zip(bundle.class_names[:2], scores.T))
print(f"{len(scores)} answers, one every {1000 * seconds:.0f} ms")

# %% [markdown]
# Look at the half minute in which the network is most often loud without reason: an answer of 128 or more, and no
# keyword within the last second and a half.

# %%
keywords = [w for w in recording.words if w.label < 2]
said = np.array([any(w.start_s <= t <= w.end_s + 1.5 for w in keywords)
                 for t in heard_at])
false_alarm = (scores[:, :2].max(axis=1) >= 128) & ~said
long = round(30 / seconds)  # answers in half a minute
counts = np.convolve(false_alarm, np.ones(long), mode="valid")
shown = slice(int(counts.argmax()), int(counts.argmax()) + long)
print(f"{false_alarm.sum()} such answers in all, "
      f"{false_alarm[shown].sum()} in this half minute")

# %%
from tinyml_course.observe.sound_plots import plot_scores

in_view = {name: values[shown] for name, values in by_name.items()}
plot_scores(heard_at[shown], in_view, 128, recording.words)

# %% tags=["bounds"]
assert false_alarm[shown].sum() >= 1

# %% [markdown]
# Grey: a word is being said. A word makes a hill, because it is in the picture for about a second. But there are
# also single peaks, where half a word, another word or a knock looks like a keyword for a moment.
#
# ## Exercise 12.3: smoothing
#
# A word lasts, a glitch does not. So average: each value becomes the mean of itself and the `count - 1` before
# it. Before the first there was silence: zeros. (The scores of a network are also called *posteriors*, and this is
# posterior smoothing: Chen, Parada and Heigold, 2014.)
#
# Example: `smooth(np.array([0.0, 6.0, 6.0]), 2)` gives `[0.0, 3.0, 6.0]`.

# %%
def smooth(values, count):
    # --- solution
    padded = np.concatenate([np.zeros(count - 1), values])
    return np.array([padded[i : i + count].mean() for i in range(len(values))])
    # --- your turn
    # padded = ...
    # return ...
    # --- end

# %% [markdown]
# The package's detector averages in the same way, in whole numbers.

# %% tags=["nbval-check-output"]
check("12.3", smooth)

# %% [markdown]
# ### The whole detector
#
# Three rules stand around the network:
#
# - **Gate**: If even the loudest moment of the last second is faint, do not ask the network. Nobody speaks, and a
#   battery lasts longer.
# - **Smoothing**: Report when the average reaches the threshold.
# - **Hold-off**: After a report, none for a second: one word, one report.

# %%
from tinyml_course.classroom import reference_answer
from tinyml_course.features.streaming import score_detections

result = detect_keywords(recording.samples, STREAM, spec, bundle.window, ask)
average = reference_answer("12.3")  # a checked one: this runs without yours
smoothed = {name: average(values, STREAM.smoothing)
            for name, values in by_name.items()}
plot_scores(heard_at, smoothed, STREAM.threshold, recording.words,
            result.detections)

# %% [markdown]
# The curves are averages like yours. Triangles are reports. A bar in a pale colour is a keyword that
# was said, a grey one another word. Are there keywords without a triangle of their colour, or triangles where no
# keyword was said?

# %% [markdown]
# ## Move it
#
# Threshold, smoothing and hold-off, on twelve seconds of sound. Find a setting that misses nothing, one that never cries
# wolf, and see whether one can have both.

# %% tags=["alone"]
from tinyml_course.live.explorers import explore_stream

explore_stream()

# %% [markdown]
# ## Measure
#
# A detector has four figures. **Hits** and **misses**: keywords that were reported, or not. **False reports an
# hour**: reports of what nobody said, and repeats. A word that was reported already counts as false the second
# time, because a lamp that is switched twice is off again. **Latency**: from the end of the word to the report.
# Compare the bare network, which reports whenever a keyword has half of the points, with the detector.

# %%
bare = replace(STREAM, smoothing=1, threshold=128, hold_off=0, gate_level=-128)

def judge(rules):
    found = detect_keywords(recording.samples, rules, spec, bundle.window, ask)
    return score_detections(found.detections, recording.words, rules.keywords,
                            recording.seconds)

# %%
print("three detectors listen to four minutes ...")
cases = {"the bare network": judge(bare),
         "with hold-off": judge(replace(bare, hold_off=STREAM.hold_off)),
         "the detector": judge(STREAM)}

# %%
for name, case in cases.items():
    print(f"{name:>16}: {case.hits} hits, {case.misses} misses, "
          f"{case.false_accepts_per_hour:,.0f} false reports an hour, "
          f"latency {1000 * np.median(case.latencies_s):.0f} ms")
    print(f"{'':>16}  {case.false_accepts} false reports in all, "
          f"{case.repeats} of them repeats")

# %%
from tinyml_course.classroom import compare_guess

an_hour = cases["the bare network"].false_accepts_per_hour
compare_guess(my_guess_an_hour, an_hour, "false reports an hour")

# %% [markdown]
# Most false reports of the bare network are repeats: it answers several times within one word. Hold-off is the
# rule against that.
#
# A negative latency is a report before the word has ended. Waiting makes the detector surer, and slower.
# Every detector trades one for the other.

# %% tags=["bounds"]
b, d = cases["the bare network"], cases["the detector"]
assert d.false_accepts <= b.false_accepts / 5
assert d.hits > 0.6 * (d.hits + d.misses)
assert b.repeats > b.false_accepts / 2

# %% [markdown]
# Mind the recording: a word every few seconds, many of them chosen because they sound like *yes* or *no*
# ("yet", "snow"). Nobody talks like that all day, so a false-report rate holds only together with the recording it
# was measured on.
#
# ### The board listens
#
# So far the detector ran in Python. `arduino_sketches/keywords` is all of it in a sketch: microphone, front end,
# gate, network and the three rules, in C that was written from the same Bundle. Below it runs on an emulated
# Nano, as it is, and the Nano's microphone hears a file: the first two of the four minutes.

# %%
from tinyml_course.board.run import run_sketch
from tinyml_course.datasets.wav import write_wav

two_minutes = recording.samples[: 120 * 16_000]
heard_by_board = write_wav(folder / "two_minutes.wav", two_minutes)
run = run_sketch("keywords", "nano33ble", [heard_by_board])
for line in [*run.lines[:4], "...", run.lines[-1]]:
    print(line)

# %% [markdown]
# A line for each report: when, which class, and how long the network took. Is that what Python heard?

# %%
records = [dict(field.split(":") for field in line.split(","))
           for line in run.lines[1:]]
on_board = [(int(r["time_ms"]), int(r["class"])) for r in records]
in_python = [(round(1000 * d.time_s), d.keyword)
             for d in result.detections if d.time_s <= 120]
print(len(on_board), "reports by the board,", len(in_python), "by Python")

# %%
print("the first of the board: ", on_board[:3])
print("the first in Python:    ", in_python[:3])

# %% tags=["bounds"]
assert on_board == in_python

# %% [markdown]
# It says the same, at the same millisecond. So the detector's hits, misses, false reports and latency above are
# the board's too. That is what the whole numbers are for: what you measure in Python holds on the board, and any
# difference is a mistake that can be found.
#
# ### What the gate saves
#
# A minute of a quiet room, nothing but a microphone's own hiss:

# %%
hiss = np.random.default_rng(8).normal(0, 1.5, 60 * 16_000)
hiss = hiss.round().astype(np.int16)
for name, rules in {"gate open": always, "gate": STREAM}.items():
    quiet = detect_keywords(hiss, rules, spec, bundle.window, ask)
    print(f"{name:>9}: network asked {quiet.inferences} times")

# %% [markdown]
# ## Break it on purpose
#
# Somebody records at 8 kHz, because the files are smaller. The network reads 16,000 samples a second and has no
# way to know. A word recorded at half the rate is, to the network, said twice as fast and an octave higher.

# %%
def record_at_8_khz(x):
    """Every other sample, and silence around it to fill the second."""
    return np.pad(x[:, ::2], ((0, 0), (4_000, 4_000), (0, 0)))

# %%
from tinyml_course.observe.plots import plot_bars

too_fast = record_at_8_khz(test.x)
bars = {"16 kHz": accuracy(bundle, test.x),
        "8 kHz, taken for 16 kHz": accuracy(bundle, too_fast)}
plot_bars(bars, title="The same words at the wrong rate", label="accuracy",
          reference=0.25, reference_name="guessing")

# %% tags=["bounds"]
assert bars["8 kHz, taken for 16 kHz"] < bars["16 kHz"] - 0.15

# %% [markdown]
# No error, no warning, only wrong answers. A WAV file *says* its rate, in its head. The repair is to read it:
# `read_wav` resamples, that is, it computes the samples that a recording at 16 kHz would have had.

# %%
from tinyml_course.datasets.wav import read_wav

def through_a_file(clip):
    path = write_wav(folder / "clip.wav", to_int16(clip[::2, 0]),
                     sample_rate_hz=8_000)
    return read_wav(path, 16_000)[0][:, None] / np.float32(32768)

# %%
resampled = np.stack([through_a_file(clip) for clip in test.x])
repaired = accuracy(bundle, resampled)
print(f"8 kHz taken for 16 kHz: {bars['8 kHz, taken for 16 kHz']:.3f}")
print(f"8 kHz, resampled:       {repaired:.3f}")

# %% tags=["bounds"]
assert repaired > bars["8 kHz, taken for 16 kHz"] + 0.1

# %% [markdown]
# Not all: what lies above 4 kHz, the sharpest part of an *s*, was never recorded. `tinyml run keywords --data`
# reads your files this way, and refuses what it cannot read, such as 8-bit samples, with the way out.

# %% [markdown]
# ## Explain it
#
# A family reports that their lamp goes on when they watch films. The model is right in 95 of 100 clips. Explain
# how both can be true, and what you would change first.
#
# <details>
# <summary>One way to say it</summary>
#
# The 95 are of clips with one word each. A film is an hour of other words, and the network answers several
# times a
# second: 15,000 answers. If one in a thousand is wrong, the lamp goes on fifteen times. I would look at the
# false reports
# an hour on recordings like theirs, raise the threshold or the smoothing, and pay with hits and latency.
#
# </details>

# %% [markdown]
# ## Change it and predict
#
# Smoothing takes the mean of the last three answers. What if it takes five, with the same threshold? Predict how many
# of the 24 keywords it still reports, then run. What happens to false reports and latency? Change `count` to 1 and 2
# as well.

# %%
# --- solution
my_prediction = 20
# --- your turn
# my_prediction = ...
# --- end

# %%
count = 5
slow = judge(replace(STREAM, smoothing=count))
print(f"the detector: {cases['the detector'].hits} hits")
print(f"{slow.false_accepts_per_hour:.0f} false reports an hour, ", end="")
print(f"latency {1000 * np.median(slow.latencies_s):.0f} ms")
compare_guess(my_prediction, slow.hits, "hits")

# %% tags=["bounds"]
assert 0 < slow.hits < cases["the detector"].hits

# %% [markdown]
# A word's hill is not wide enough for a mean of five at that height: it misses most. Who smooths more must lower the
# threshold, and the two are chosen together.

# %% [markdown]
# ## Open task ★
#
# Make a detector of another pair of words from the course's speaking machine, or of your own recordings
# (`tinyml run
# keywords --data FOLDER`). Choose threshold, smoothing and hold-off on one recording, judge on another, and
# write the
# model card: for whom does it work, and how often does it cry wolf?

# %% [markdown]
# ## Quiz
#
# Click on an answer to see what is to be said about it.

# %%
from tinyml_course.classroom import quiz

quiz("12")

# %% [markdown]
# ## Takeaways
#
# - A log-mel picture holds what matters in a second of sound; in whole numbers, chip and laptop agree in each.
# - Synthetic voices start a keyword model; only people whom it never met tell what it is worth.
# - A classifier of clips is no detector. Gate, smoothing and hold-off make it one.
# - A sample rate is part of the data. Carry it along, and read it.

# %% [markdown]
# ## Further reading
#
# - Y. Zhang and others, [Hello Edge: Keyword Spotting on Microcontrollers](https://arxiv.org/abs/1711.07128), 2017: the DS-CNN.
# - P. Warden, [Speech Commands](https://arxiv.org/abs/1804.03209), 2018: the recordings behind `keywords_people`.
# - G. Chen, C. Parada and G. Heigold, [Small-footprint keyword spotting using deep neural networks](https://doi.org/10.1109/ICASSP.2014.6854370), 2014: posterior smoothing.
# - M. Mitchell and others, [Model Cards for Model Reporting](https://arxiv.org/abs/1810.03993), 2018.

# %% [markdown]
# ## Next
#
# [13 Vision](13_vision.ipynb): the same network on pictures, and where its multiplications are.
