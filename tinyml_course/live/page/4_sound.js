// Sound to the board, from the computer's microphone or a file, and from it, the buzzer.

const CAPTURE_HZ = 16000, CHUNK = 640; // 40 ms

// Runs in the audio thread: collects chunks of int16. A browser that refuses 16,000 Hz gives its own
// rate; then each sample is the mean of those it stands for.
const CAPTURE = `
registerProcessor("tc-capture", class extends AudioWorkletProcessor {
  constructor() { super(); this.chunk = new Int16Array(${CHUNK}); this.filled = 0; this.sum = 0; this.count = 0; this.phase = 0; }
  put(value) {
    this.chunk[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
    if (this.filled === ${CHUNK}) { this.port.postMessage(this.chunk); this.chunk = new Int16Array(${CHUNK}); this.filled = 0; }
  }
  process(inputs) {
    const samples = inputs[0][0];
    if (!samples) return true;
    if (sampleRate === ${CAPTURE_HZ}) { for (const value of samples) this.put(value); return true; }
    for (const value of samples) {
      this.sum += value; this.count++; this.phase += ${CAPTURE_HZ} / sampleRate;
      if (this.phase >= 1) { this.put(this.sum / this.count); this.phase -= 1; this.sum = 0; this.count = 0; }
    }
    return true;
  }
});`;

async function openCapture(connect, onChunk) {
  let context;
  try {
    context = new AudioContext({ sampleRate: CAPTURE_HZ });
  } catch {
    context = new AudioContext();
  }
  const url = URL.createObjectURL(new Blob([CAPTURE], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
  const node = new AudioWorkletNode(context, "tc-capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  let number = 0;
  node.port.onmessage = (event) => onChunk(event.data, number++, performance.now() / 1000);
  const close = await connect(context, node);
  await context.resume();
  return async () => {
    close();
    await context.close();
  };
}

function makeEars(panel) {
  const { send, spec } = panel;
  let close = null, isOpening = false;

  const sendChunk = (chunk, number, time_s) =>
    send({ kind: "audio", number, time_s }, [new DataView(chunk.buffer)]);

  async function open(source, connect) {
    if (close || isOpening) await stop();
    isOpening = true;
    panel.complain("");
    try {
      send({ kind: "mic", on: true, source });
      close = await openCapture(connect, sendChunk);
    } catch (error) {
      send({ kind: "mic", on: false });
      const why = error.name === "NotAllowedError" ? "the browser was told not to let this page listen" : error.message;
      panel.complain(`No sound: ${why}.`);
    } finally {
      isOpening = false;
    }
  }
  async function stop() {
    const closing = close;
    close = null;
    send({ kind: "mic", on: false });
    if (closing) await closing();
  }

  const listen = (context, node) => {
    if (!navigator.mediaDevices) throw new Error("a microphone needs a page from this computer (localhost) or https");
    return navigator.mediaDevices
      .getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 } })
      .then((stream) => {
        const input = context.createMediaStreamSource(stream);
        input.connect(node);
        return () => stream.getTracks().forEach((track) => track.stop());
      });
  };
  const playFile = (file) => async (context, node) => {
    const sound = await context.decodeAudioData(await file.arrayBuffer());
    const player = new AudioBufferSourceNode(context, { buffer: sound });
    player.connect(node);
    player.connect(context.destination);
    player.onended = () => setTimeout(() => close && stop(), 1500);
    player.start(context.currentTime + 0.3);
    return () => player.disconnect();
  };

  const mic = button("Use this computer's microphone", "mic", () => (close ? stop() : open("microphone", listen)), { class: "tc-mic" });
  const select = make("select", { "aria-label": "recorded sound" });
  for (const name of spec.sounds) select.append(make("option", { value: name }, name));
  const play = button("Play", "play", () => send({ kind: "sound", name: isPlaying ? null : select.value }));
  const file = make("input", { type: "file", accept: "audio/*", "aria-label": "a sound file of yours" });
  file.addEventListener("change", () => {
    if (file.files[0]) open(file.files[0].name, playFile(file.files[0]));
    file.value = "";
  });
  const level = make("meter", { min: 0, max: 1, low: 0.02, high: 0.9, optimum: 0.3, value: 0, "aria-label": "loudness" });
  const words = make("output", { class: "tc-small tc-heard" });
  let isPlaying = false;

  const box = section("Sound", spec.uses.includes("sound"),
    make("div", { class: "tc-row" }, mic, level),
    make("div", { class: "tc-row" }, select, play),
    make("label", { class: "tc-row" }, "A sound file", file), words);
  box.show = (state) => {
    const sound = state.sound;
    if (!sound) return;
    isPlaying = sound.source !== null && spec.sounds.includes(sound.source);
    play.setText(isPlaying ? "Stop" : "Play", isPlaying ? "stop" : "play");
    mic.setText(close ? "Stop listening" : "Use this computer's microphone", close ? "stop" : "mic");
    mic.setAttribute("aria-pressed", String(Boolean(close)));
    level.value = sound.peak;
    box.dataset.lost = sound.lost_samples;
    if (!sound.source) words.textContent = "The board hears silence.";
    else if (!sound.is_heard) words.textContent = `${sound.source}: the sketch has not begun to listen`;
    else if (isPlaying) words.textContent = `The board hears: ${sound.source}.`;
    else words.textContent = `${sound.source}: ${sound.seconds.toFixed(1)} s heard, ${sound.lost_samples} samples lost`;
  };
  box.end = () => close && stop();
  return box;
}

// What the sketch plays with tone(), as a quiet square wave.
function makeBuzzer(panel) {
  let context = null, told_us = -1;
  const mute = make("input", { type: "checkbox", checked: true });
  const wake = () => {
    if (!context && mute.checked) context = new AudioContext();
  };
  panel.root.addEventListener("pointerdown", wake, { once: true });
  const box = make("label", { class: "tc-check" }, mute, "buzzer to the loudspeaker");
  box.show = (state) => {
    const tones = state.tones || [];
    const now_us = (state.time_s || 0) * 1e6;
    if (now_us < told_us - 1e6) told_us = -1; // the board was reset
    const fresh = tones.filter(([time_us]) => time_us > told_us);
    if (fresh.length) told_us = fresh[fresh.length - 1][0];
    const last = tones[tones.length - 1];
    const sounds = last && last[2] > 0 && (last[3] === 0 || now_us < last[0] + 1000 * last[3]);
    panel.face.classList.toggle("tc-sounding", Boolean(sounds));
    const hz = String(sounds ? last[2] : 0);
    if (panel.face.dataset.tone !== hz) panel.face.dataset.tone = hz;
    if (!context || !mute.checked) return;
    fresh.forEach(([time_us, , hz, ms], i) => {
      const begin = context.currentTime + Math.max(0, 0.1 + (time_us - now_us) / 1e6);
      const next = fresh[i + 1];
      const seconds = Math.min(ms ? ms / 1000 : 2, next ? Math.max(0, (next[0] - time_us) / 1e6) : 10);
      if (hz > 0 && seconds > 0) beep(context, hz, begin, seconds);
    });
  };
  box.end = () => context && context.close();
  return box;
}

function beep(context, hz, begin, seconds) {
  const wave = new OscillatorNode(context, { type: "square", frequency: hz });
  const loudness = new GainNode(context, { gain: 0.04 });
  wave.connect(loudness).connect(context.destination);
  wave.start(begin);
  wave.stop(begin + seconds);
}
