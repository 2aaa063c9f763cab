// The board's drawing: lamps that shine, keys that are pressed, pins that say what they do.

let faces = 0;

const MODES = ["input", "output", "input with pull-up", "input with pull-down"];

function drawFace(face, send, says) {
  // Gradients are named for the whole page: two panels must not share names.
  const mine = `tc${faces++}-`;
  const holder = make("div", { class: "tc-face" });
  holder.innerHTML = face.drawing
    .replace(/\bid="/g, `id="${mine}`)
    .replace(/url\(#/g, `url(#${mine}`);
  const svg = holder.querySelector("svg");

  for (const key of svg.querySelectorAll("[data-key]")) bindKey(key, face, send);
  for (const pin of svg.querySelectorAll("[data-pin]")) {
    const number = pin.dataset.pin;
    const tell = () => says(`${pinTitle(face, number)}: ${describePin(holder.pins?.[number], holder.held?.[number])}`);
    showPin(pin, pinTitle(face, number));
    bindPin(pin, number, holder, send);
    const begin = () => (holder.tell = tell)(); // again whenever something has changed
    const end = () => {
      holder.tell = undefined;
      says("");
    };
    for (const name of ["pointerenter", "focus"]) pin.addEventListener(name, begin);
    for (const name of ["pointerleave", "blur"]) pin.addEventListener(name, end);
  }

  const slot = svg.querySelector(".tc-screen-slot");
  if (slot) {
    holder.screen = make("canvas", { class: "tc-screen", width: 320, height: 240, role: "img" });
    holder.screen.setAttribute("aria-label", "the board's screen");
    slot.append(holder.screen);
  }
  holder.show = (state) => showFace(holder, svg, face, state);
  return holder;
}

function bindKey(key, face, send) {
  const pin = key.dataset.key;
  const isReset = pin === "reset";
  const title = isReset ? "reset" : face.keys.find((known) => String(known.pin) === pin)?.title || `key ${pin}`;
  key.setAttribute("role", "button");
  key.setAttribute("tabindex", "0");
  key.setAttribute("aria-label", title);
  const label = document.createElementNS(SVG, "title");
  label.textContent = title;
  key.append(label);
  let isDown = false;
  const press = (down) => {
    if (down === isDown) return;
    isDown = down;
    key.classList.toggle("down", down);
    if (isReset) {
      if (down) send({ kind: "control", do: "reset" });
    } else {
      send({ kind: "pin", pin: Number(pin), value: down ? 0 : null });
    }
  };
  key.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // the board itself is not dragged
    key.setPointerCapture(event.pointerId);
    press(true);
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) key.addEventListener(name, () => press(false));
  key.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      press(true);
    }
  });
  key.addEventListener("keyup", (event) => {
    if (event.key === " " || event.key === "Enter") press(false);
  });
}

function pinTitle(face, number) {
  return face.pins[number] || `pin ${number}`;
}

function describePin(pin, held) {
  if (!pin) return "not used by the sketch";
  const [mode, level] = pin;
  if (level === null) return `${MODES[mode] || "input"}, reads ${readsAs(pin, held)}; press it, as a button would`;
  const words = level === 0 ? "low" : level === 1 ? "high" : `high ${Math.round(100 * level)} % of the time`;
  return `${MODES[mode ?? 1] || "output"}, ${words}`;
}

function brightness(lamp, pins) {
  const level = pins?.[lamp.pin]?.[1];
  if (level === null || level === undefined) return 0;
  return lamp.low_is_on ? 1 - level : level;
}

function showFace(holder, svg, face, state) {
  // Only what has changed: each touch makes the browser paint the whole drawing again.
  const pins = JSON.stringify([state.pins, state.held]);
  if (pins === holder.shown) return;
  holder.shown = pins;
  holder.pins = state.pins;
  holder.held = state.held;
  const spots = {};
  for (const lamp of face.lamps) (spots[lamp.spot] ||= []).push(lamp);
  for (const [spot, lamps] of Object.entries(spots)) {
    const group = svg.querySelector(`[data-lamp="${spot}"]`);
    if (!group) continue;
    const shares = lamps.map((lamp) => brightness(lamp, state.pins));
    const strongest = Math.max(...shares);
    const color = mixColors(lamps.map((lamp) => lamp.color), shares, strongest);
    // The eye hears loudness and sees light alike: a tenth of the power is not a tenth as bright.
    group.style.setProperty("--light", strongest ? Math.pow(strongest, 0.6).toFixed(3) : 0);
    group.style.setProperty("--color", color);
    const lit = lamps.filter((_, i) => shares[i] > 0).map((lamp) => lamp.title);
    group.setAttribute("aria-label", lit.length ? `${lit.join(", ")} on` : `${spot} lamp off`);
    group.setAttribute("role", "img");
    group.dataset.light = strongest.toFixed(2);
    group.dataset.lit = lit.join(" ");
  }
  for (const pin of svg.querySelectorAll("[data-pin]")) {
    const number = pin.dataset.pin;
    showPin(pin, pinTitle(face, number), state.pins?.[number], state.held?.[number]);
  }
  holder.tell?.();
}

function mixColors(colors, shares, strongest) {
  if (!strongest) return "#000";
  const sum = [0, 0, 0];
  colors.forEach((color, i) => {
    for (let c = 0; c < 3; c++) sum[c] += (shares[i] / strongest) * parseInt(color.slice(1 + 2 * c, 3 + 2 * c), 16);
  });
  return `rgb(${sum.map((value) => Math.min(255, Math.round(value))).join(",")})`;
}

async function showScreen(holder, size, bytes) {
  if (!holder.screen) return;
  const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  if (holder.screen.width !== size.width || holder.screen.height !== size.height) {
    holder.screen.width = size.width;
    holder.screen.height = size.height;
  }
  holder.screen.getContext("2d").drawImage(bitmap, 0, 0);
  holder.screen.dataset.pictures = Number(holder.screen.dataset.pictures || 0) + 1;
}
