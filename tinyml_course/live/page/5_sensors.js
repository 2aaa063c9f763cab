// Sliders for what a board measures besides movement and sound, and a field to draw in.

const SUPPLY_V = 3.3;
const GASES = ["NO2", "C2H5OH", "VOC", "CO"];

const GESTURES = ["up", "down", "left", "right"];

function slider(label, max, step, unit, onvalue, min = 0, value = 0) {
  const input = make("input", { type: "range", min, max, step, value });
  const words = make("output", {}, `${value} ${unit}`);
  const say = throttled(30, () => onvalue(Number(input.value)));
  input.addEventListener("input", () => {
    words.textContent = `${input.value} ${unit}`;
    say();
  });
  const row = make("label", { class: "tc-slider" }, make("span", {}, label), input, words);
  row.input = input;
  return row;
}

function makeSliders(panel) {
  const { send, spec, face } = panel;
  const boxes = [];
  const volts = (pin) => (value) => send({ kind: "volts", pin, volts: value });
  if (spec.face.light_pin !== null) {
    const light = slider("Light", 100, 1, "%", (percent) => {
      send({ kind: "volts", pin: spec.face.light_pin, volts: (SUPPLY_V * percent) / 100 });
      face.style.setProperty("--daylight", percent / 100);
    });
    boxes.push(section("Light", spec.uses.includes("light"), light));
  }
  const analog = Object.entries(spec.face.analog);
  if (analog.length) {
    const isOpen = spec.uses.includes("analog") && !spec.uses.includes("light");
    boxes.push(section("Analogue pins", isOpen, ...analog.map(([name, pin]) => slider(name, SUPPLY_V, 0.05, "V", volts(pin)))));
  }
  if (spec.uses.includes("gas")) {
    const counts = [...(spec.gas_counts || [0, 0, 0, 0])];
    boxes.push(section("Gas", true, ...GASES.map((name, i) => slider(name, 1000, 1, "", (value) => {
      counts[i] = value;
      send({ kind: "gas", counts });
    }, 0, counts[i]))));
  }
  const feel = (name) => (value) => send({ kind: "feel", name, value });
  const rows = spec.feelings.map((each) => {
    if (each.name !== "gesture") {
      return slider(each.title, each.high, each.step, each.unit, feel(each.name), each.low, each.at_rest);
    }
    const keys = GESTURES.map((name, number) => button(name, null, () => feel("gesture")(number)));
    return make("div", { class: "tc-row", role: "group", "aria-label": "gesture" }, "Gesture", ...keys);
  });
  if (rows.length) boxes.push(section("Surroundings", true, ...rows));
  return boxes;
}

const FIELD = 160, PEN = 28; // thinner strokes are misread

function makeField(panel) {
  if (!panel.spec.uses.includes("drawing")) return null;
  const canvas = make("canvas", { class: "tc-field", width: FIELD, height: FIELD, tabindex: 0, role: "img" });
  canvas.setAttribute("aria-label", "a field to draw a digit in; typing a digit draws it");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  let isDrawing = false, timer = null;

  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, FIELD, FIELD);
  };
  const hand = () => {
    const pixels = pen.getImageData(0, 0, FIELD, FIELD).data;
    const ink = new Uint8Array(FIELD * FIELD);
    for (let i = 0; i < ink.length; i++) ink[i] = 255 - pixels[4 * i];
    panel.send({ kind: "drawing", rows: FIELD, columns: FIELD }, [new DataView(ink.buffer)]);
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * FIELD) / box.width, ((event.clientY - box.top) * FIELD) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (timer === null) clear();
    clearTimeout(timer);
    isDrawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
    pen.lineTo(...place(event));
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!isDrawing) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  const lift = () => {
    if (!isDrawing) return;
    isDrawing = false;
    timer = setTimeout(() => {
      timer = null; // the next stroke begins another digit
      hand();
    }, 700);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("keydown", (event) => {
    if (!/^[0-9]$/.test(event.key)) return;
    clear();
    pen.fillStyle = "#000";
    pen.font = "bold 150px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(event.key, FIELD / 2, FIELD / 2 + 8);
    hand();
  });
  clear();
  return section("Draw a digit", true, make("div", { class: "tc-row" }, canvas,
    make("div", { class: "tc-column" }, button("Send", null, hand), button("Clear", null, clear),
      make("p", { class: "tc-small" }, "Draw with the pointer. It is sent when you pause. Or type a digit."))));
}
