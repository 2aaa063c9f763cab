// Pins from outside: a press on the drawing, or a level that the list holds, low or high.

const FREE = null, PRESSED = "press";
const LEVELS = [[0, "low"], [FREE, "free"], [1, "high"]];
const OUTPUT_MODE = 1, PULLUP_MODE = 2;

function isInput(pin) {
  return Boolean(pin) && (pin[0] ?? OUTPUT_MODE) !== OUTPUT_MODE;
}

function readsAs(pin, held) {
  const atRest = pin?.[0] === PULLUP_MODE ? 1 : 0;
  const level = held === PRESSED ? 1 - atRest : held ?? atRest;
  return level ? "high" : "low";
}

// While it is pressed, a button wired to the pin pulls it to the level that it has not at rest.
function bindPin(element, number, holder, send) {
  let before = FREE, isDown = false;
  const press = (down) => {
    if (down === isDown) return;
    if (down) before = holder.held?.[number] ?? FREE;
    isDown = down;
    element.classList.toggle("down", down);
    send({ kind: "pin", pin: Number(number), value: down ? PRESSED : before });
  };
  element.addEventListener("pointerdown", (event) => {
    if (!isInput(holder.pins?.[number])) return; // the board is dragged
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    press(true);
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) element.addEventListener(name, () => press(false));
  element.addEventListener("keydown", (event) => {
    if ((event.key !== " " && event.key !== "Enter") || !isInput(holder.pins?.[number])) return;
    event.preventDefault();
    event.stopPropagation();
    press(true);
  });
  element.addEventListener("keyup", (event) => (event.key === " " || event.key === "Enter") && press(false));
}

function showPin(element, title, pin, held) {
  const canPress = isInput(pin);
  element.classList.toggle("input", canPress);
  element.classList.toggle("high", canPress ? readsAs(pin, held) === "high" : Boolean(pin?.[1]));
  element.setAttribute("tabindex", canPress ? "0" : "-1");
  element.setAttribute("role", canPress ? "button" : "img");
  element.setAttribute("aria-label", canPress ? `press ${title}` : title);
}

function pinRow(title, number, send) {
  const says = make("output", {});
  const choices = make("div", { class: "tc-choice", role: "radiogroup", "aria-label": `hold ${title}` });
  const buttons = LEVELS.map(([level, words]) =>
    button(words, null, () => send({ kind: "pin", pin: number, value: level }), { role: "radio" }));
  choices.append(...buttons);
  choices.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.focus();
    next.click();
  });
  const row = make("div", { class: "tc-pin" }, make("span", {}, title), choices, says);
  row.show = (pin, held) => {
    const chosen = LEVELS.findIndex(([level]) => level === (held === PRESSED ? FREE : held ?? FREE));
    buttons.forEach((each, i) => {
      each.setAttribute("aria-checked", String(i === chosen));
      each.setAttribute("tabindex", i === chosen ? "0" : "-1");
    });
    says.textContent = `reads ${readsAs(pin, held)}`;
    says.title = MODES[pin?.[0]] || "not used by the sketch yet";
  };
  return row;
}

// The pins that the sketch reads, and any other that somebody adds.
function makePins(panel) {
  const { face } = panel.spec;
  const apart = new Set([...face.keys.map((key) => String(key.pin)), String(face.light_pin)]);
  const list = make("div", {});
  const more = make("select", { "aria-label": "hold another pin" }, make("option", { value: "" }, "another pin"));
  for (const [number, title] of Object.entries(face.pins)) more.append(make("option", { value: number }, title));
  const rows = new Map();
  const box = section("Digital pins", false, list,
    make("div", { class: "tc-row" }, more),
    make("p", { class: "tc-small" }, "Pins that the sketch reads. On the drawing, a press holds one for as long as it lasts."));
  let isTouched = false, state = {};
  box.querySelector("summary").addEventListener("click", () => (isTouched = true));
  const add = (number) => {
    if (rows.has(number)) return;
    const row = pinRow(face.pins[number] || `pin ${number}`, Number(number), panel.send);
    rows.set(number, row);
    const after = [...rows.keys()].filter((other) => Number(other) > Number(number)).sort((a, b) => a - b)[0];
    list.insertBefore(row, after === undefined ? null : rows.get(after));
  };
  const refresh = () => {
    for (const [number, row] of rows) row.show(state.pins?.[number], state.held?.[number]);
  };
  more.addEventListener("change", () => {
    if (more.value) add(more.value);
    more.value = "";
    refresh();
  });
  box.show = (news) => {
    state = news;
    for (const [number, pin] of Object.entries(state.pins || {})) {
      if (isInput(pin) && !apart.has(number)) add(number);
    }
    if (rows.size && !isTouched) box.open = true;
    refresh();
  };
  return box;
}
