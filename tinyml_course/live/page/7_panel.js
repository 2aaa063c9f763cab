// The panel: everything put together, its state, and what goes to and comes from the kernel.

// One word each, so that the line has room for it beside the buttons; the rest when pointed at.
const PHASES = {
  building: "compiling", running: "running", paused: "paused", error: "error",
  unwatched: "asleep", stopped: "off", waiting: "waiting",
};
const PHASE_TITLES = { unwatched: "asleep: nobody looked", waiting: "waiting for the kernel" };
const PACES = [0.1, 0.25, 0.5, 1, 2, 5, 10];
const HEARTBEAT_MS = 15000, PATIENCE_MS = 5000;

function meter(label, title) {
  const value = make("b", {}, "–");
  const box = make("div", { class: "tc-meter", title }, make("span", {}, label), value);
  box.set = (words) => {
    if (value.textContent !== words) value.textContent = words;
  };
  return box;
}

function makeMeters(spec) {
  const time = meter("board's time", "virtual seconds since the board was switched on");
  const loops = meter("loop() runs", "how often loop() was entered");
  const instructions = meter("instructions", "executed since the start, counted exactly");
  const awake = meter("awake", "share of the last half second in which the processor did not rest");
  const current = meter("current", "the processor's alone, estimated from its data sheet and the share awake; lamps, regulators and screen come on top");
  const stack = meter("stack", "the deepest so far, of what the board has");
  const box = make("div", { class: "tc-meters" }, time, loops, instructions, awake, current, stack);
  box.show = (state) => {
    if (state.time_s === undefined) return;
    time.set(`${state.time_s.toFixed(1)} s`);
    loops.set(grouped(state.loops));
    instructions.set(state.instructions < 1e7 ? grouped(state.instructions) : `${(state.instructions / 1e6).toFixed(1)} M`);
    awake.set(state.awake === null ? "–" : `${(100 * state.awake).toFixed(1)} %`);
    current.set(state.current_ma === null ? "unknown" : `${state.current_ma.toPrecision(2)} mA`);
    stack.set(`${grouped(state.stack_bytes)} of ${grouped(state.stack_limit_bytes)} B`);
  };
  return box;
}

function makeControls(panel) {
  let isPlaying = true;
  const play = button("Pause", "pause", () => panel.send({ kind: "control", do: isPlaying ? "pause" : "play" }));
  const step = button("Step", "step", () => panel.send({ kind: "control", do: "step" }), { title: "one run of loop(), then pause" });
  const reset = button("Reset", "reset", () => panel.send({ kind: "control", do: "reset" }));
  const pace = make("select", { "aria-label": "pace" });
  for (const factor of PACES) pace.append(make("option", { value: factor, selected: factor === 1 }, `${factor} ×`));
  pace.addEventListener("change", () => panel.send({ kind: "pace", factor: Number(pace.value) }));
  const box = make("div", { class: "tc-controls" }, play, step, reset, make("label", { class: "tc-pace" }, "pace", pace));
  box.show = (state) => {
    isPlaying = state.phase !== "paused";
    play.setText(isPlaying ? "Pause" : "Play", isPlaying ? "pause" : "play");
    if (state.pace && document.activeElement !== pace) pace.value = state.pace;
  };
  return box;
}

function render({ model, el }) {
  const spec = model.get("spec");
  // Typing into a panel must not press the keys of the notebook around it.
  const root = make("div", { class: "tc-panel", "data-lm-suppress-shortcuts": "true" });
  const send = (message, buffers) => model.send(message, undefined, buffers);
  const panel = { send, spec, root };

  const pill = make("span", { class: "tc-pill", role: "status" });
  const error = make("pre", { class: "tc-error", role: "alert", hidden: true });
  const note = make("p", { class: "tc-note", role: "status", hidden: true });
  panel.complain = (words) => {
    note.textContent = words;
    note.hidden = !words;
  };
  const caption = make("p", { class: "tc-caption", "aria-live": "polite" });
  const hint = spec.has_accelerometer ? "Drag the board to tilt or shake it; point at a pin to see what it does." : "Point at a pin to see what it does.";
  const says = (words) => (caption.textContent = words || hint);
  says("");

  panel.face = drawFace(spec.face, send, says);
  const stage = make("div", { class: "tc-stage" }, panel.face);
  const hand = spec.has_accelerometer ? makeHand(panel, stage, panel.face) : null;
  const ears = spec.has_microphone ? makeEars(panel) : null;
  const buzzer = makeBuzzer(panel);
  const monitor = makeMonitor(panel), plotter = makePlotter();
  const pins = makePins(panel);
  const meters = makeMeters(spec), controls = makeControls(panel);
  const order = ["drawing", "motion", "sound"];
  const sensors = [makeField(panel), hand, ears].map((box, i) => ({ box, isUsed: spec.uses.includes(order[i]) }));
  const used = sensors.filter((each) => each.box && each.isUsed).map((each) => each.box);
  const others = sensors.filter((each) => each.box && !each.isUsed).map((each) => each.box);

  root.append(
    make("header", {}, make("div", { class: "tc-title" }, make("b", {}, spec.sketch), make("span", {}, spec.face.title)), pill, controls),
    error, note,
    make("div", { class: "tc-desk" },
      make("div", { class: "tc-left" }, stage, caption, meters),
      make("div", { class: "tc-right" }, ...used, ...makeSliders(panel), pins, ...others, buzzer)),
    make("div", { class: "tc-serial" }, monitor, plotter));
  el.append(root);

  const parts = [panel.face, hand, ears, buzzer, pins, meters, controls].filter(Boolean);
  let state = {}, isAnswered = false, last = null;
  function show() {
    const phase = state.phase || "waiting";
    root.dataset.phase = phase;
    pill.textContent = PHASES[phase] || phase;
    pill.title = PHASE_TITLES[phase] || "";
    error.hidden = !state.error;
    if (state.error) error.textContent = state.error;
    const words = state.note;
    if (words !== last) panel.complain((last = words) || "");
    for (const part of parts) part.show(state);
  }
  function take(message, buffers) {
    if (message.kind !== "state") return;
    isAnswered = true;
    root.classList.remove("tc-still");
    state = { ...state, ...message };
    for (const sink of [monitor, plotter]) {
      if (message.serial_history !== undefined) sink.add(message.serial_history, true);
      else if (message.serial) sink.add(message.serial, false);
    }
    if (message.screen && buffers?.length) showScreen(panel.face, message.screen, buffers[0]);
    show();
  }
  model.on("msg:custom", take);
  show();
  send({ kind: "hello" });
  const beat = setInterval(() => {
    if (!document.hidden || state.sound?.source) send({ kind: "heartbeat" });
  }, HEARTBEAT_MS);
  const wakes = () => document.hidden || send({ kind: "heartbeat" });
  document.addEventListener("visibilitychange", wakes);

  // A page that was saved has no kernel: it shows the last picture.
  const patience = setTimeout(() => {
    const picture = model.get("snapshot");
    if (isAnswered || !picture) return;
    root.classList.add("tc-still");
    root.prepend(make("img", { class: "tc-snapshot", src: `data:image/png;base64,${picture}`, alt: spec.described }));
  }, PATIENCE_MS);

  return () => {
    clearInterval(beat);
    clearTimeout(patience);
    document.removeEventListener("visibilitychange", wakes);
    model.off("msg:custom", take);
    for (const part of [hand, ears, buzzer, plotter]) part?.end?.();
  };
}

export default { render };
