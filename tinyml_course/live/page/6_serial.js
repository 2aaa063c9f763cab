// The serial monitor, and a plotter for its numbers.

const MOST_TEXT = 30000; // characters kept on the page
const MOST_POINTS = 400; // lines in the plot
const FEWEST_POINTS = 20; // that fill its width
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#777777"];
const DASHES = [[], [7, 3], [2, 2], [9, 3, 2, 3], [], [7, 3], [2, 2], [9, 3, 2, 3]];
const NOT_DRAWN = /(_ms|_us)$|^(window|picture|label|sum|class)$/;

function makeMonitor(panel) {
  const log = make("pre", { class: "tc-log", tabindex: 0, role: "log", "aria-label": "what the sketch printed" });
  const input = make("input", { type: "text", placeholder: "a line for the sketch", "aria-label": "a line for the sketch" });
  const sendLine = () => {
    panel.send({ kind: "serial", text: `${input.value}\n` });
    input.value = "";
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") sendLine();
  });
  const form = make("div", { class: "tc-row" }, input, button("Send", null, sendLine),
    button("Clear", null, () => (log.textContent = "")));
  const box = make("div", { class: "tc-monitor" }, make("h4", {}, "Serial monitor"), log, form);
  box.add = (text, isHistory) => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
    const whole = (isHistory ? "" : log.textContent) + text;
    if (isHistory || whole.length > MOST_TEXT) log.textContent = whole.slice(-MOST_TEXT);
    else log.append(text);
    if (isAtEnd || isHistory) log.scrollTop = log.scrollHeight;
  };
  return box;
}

// Lines of `name:value,name:value` or of plain numbers, as the Arduino IDE's plotter takes them.
function readNumbers(line) {
  if (line.startsWith("#")) return null;
  const found = {};
  const parts = line.trim().split(/[,\t ]+/);
  for (let i = 0; i < parts.length; i++) {
    const colon = parts[i].lastIndexOf(":");
    const name = colon > 0 ? parts[i].slice(0, colon) : `value ${i + 1}`;
    const text = parts[i].slice(colon + 1);
    if (text === "" || Number.isNaN(Number(text))) return null;
    found[name] = Number(text);
  }
  return Object.keys(found).length ? found : null;
}

function makePlotter() {
  const canvas = make("canvas", { class: "tc-plot", role: "img" });
  const legend = make("div", { class: "tc-legend" });
  const box = make("div", { class: "tc-plotter" }, make("h4", {}, "Plotter"), canvas, legend);
  let rest = "", rows = [], frame = null;
  const series = new Map(); // name: {isShown, chip}

  function know(name) {
    if (series.has(name) || series.size >= 16) return;
    const number = series.size;
    const entry = { isShown: !NOT_DRAWN.test(name), color: COLORS[number % COLORS.length], dash: DASHES[number % DASHES.length] };
    entry.value = make("span", {});
    entry.chip = make("button", { type: "button", "aria-pressed": String(entry.isShown) }, make("i", {}), `${name} `, entry.value);
    entry.chip.style.setProperty("--series", entry.color);
    entry.chip.addEventListener("click", () => {
      entry.isShown = !entry.isShown;
      entry.chip.setAttribute("aria-pressed", String(entry.isShown));
      wish();
    });
    series.set(name, entry);
    legend.append(entry.chip);
  }

  box.add = (text, isHistory) => {
    if (isHistory) {
      rest = "";
      rows = [];
    }
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const numbers = readNumbers(line);
      if (!numbers) continue;
      for (const name of Object.keys(numbers)) know(name);
      rows.push(numbers);
    }
    if (rows.length > MOST_POINTS) rows = rows.slice(-MOST_POINTS);
    wish();
  };
  function wish() {
    if (frame === null) frame = requestAnimationFrame(draw);
  }

  function draw() {
    frame = null;
    const width = canvas.clientWidth, height = canvas.clientHeight, scale = window.devicePixelRatio || 1;
    if (!width) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const ink = getComputedStyle(canvas);
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.font = `11px ${ink.fontFamily}`;
    const shown = [...series].filter(([, entry]) => entry.isShown);
    const values = rows.flatMap((row) => shown.map(([name]) => row[name]).filter((value) => value !== undefined));
    let low = Math.min(...values), high = Math.max(...values);
    if (!values.length) [low, high] = [0, 1];
    if (high - low < 1e-9) [low, high] = [low - 1, high + 1];
    const left = 46, top = 8, right = width - 8, bottom = height - 10;
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - top);
    const x = (i) => left + (i / Math.max(FEWEST_POINTS, rows.length - 1)) * (right - left);
    pen.strokeStyle = ink.getPropertyValue("--tc-line");
    pen.fillStyle = ink.getPropertyValue("--tc-faint");
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (let i = 0; i <= 4; i++) {
      const value = low + ((high - low) * i) / 4;
      pen.beginPath();
      pen.moveTo(left, y(value));
      pen.lineTo(right, y(value));
      pen.stroke();
      pen.fillText(Number(value.toPrecision(3)).toString(), left - 6, y(value));
    }
    pen.lineWidth = 1.8;
    for (const [name, entry] of shown) {
      pen.strokeStyle = entry.color;
      pen.setLineDash(entry.dash);
      pen.beginPath();
      let isDown = false;
      rows.forEach((row, i) => {
        if (row[name] === undefined) return;
        isDown ? pen.lineTo(x(i), y(row[name])) : pen.moveTo(x(i), y(row[name]));
        isDown = true;
      });
      pen.stroke();
    }
    const last = rows[rows.length - 1] || {};
    const words = [];
    for (const [name, entry] of series) {
      entry.value.textContent = last[name] ?? "";
      if (entry.isShown) words.push(`${name} ${last[name] ?? "unknown"}`);
    }
    canvas.setAttribute("aria-label", words.length ? `the last line: ${words.join(", ")}` : "no numbers yet");
  }
  const resized = new ResizeObserver(wish);
  resized.observe(canvas);
  box.end = () => resized.disconnect();
  return box;
}
