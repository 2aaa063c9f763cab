// A hand on the board: dragging tilts it or shakes it, and the accelerometer feels that in g.

const MM_A_PIXEL = 1; // a hand moves further than a mouse
const SPRING = 900, DAMPING = 42; // the board follows the pointer as if held by a springy hand
const SHAKE_HZ = 3, SHAKE_PIXELS = 45;
const MOST_G = 4;
const TRACE = "\n"; // no movement is called so

function makeHand(panel, stage, face) {
  const hand = { tiltX: 0, tiltY: 0, x: 0, y: 0, vx: 0, vy: 0, toX: 0, toY: 0, isShaking: false, frame: null };
  const readout = make("output", { class: "tc-g", "aria-live": "off" });
  const tell = throttled(25, (g) => panel.send({ kind: "g", g }));
  let mode = "tilt";

  function gravity() {
    const a = (hand.tiltX * Math.PI) / 180, b = (hand.tiltY * Math.PI) / 180;
    return [-Math.cos(a) * Math.sin(b), -Math.sin(a), Math.cos(a) * Math.cos(b)];
  }

  function feel(ax, ay) {
    const g = gravity();
    const perG = MM_A_PIXEL / 1000 / 9.81;
    g[0] += ax * perG;
    g[1] -= ay * perG; // up is positive on the board, down in the page
    const felt = g.map((value) => Number(clamp(value, -MOST_G, MOST_G).toFixed(3)) + 0);
    showG(felt);
    tell(felt);
  }

  function showG(g) {
    const words = g ? g.map((value) => value.toFixed(2).padStart(5)) : ["0.00", "0.00", "1.00"];
    readout.textContent = `x ${words[0]} g   y ${words[1]} g   z ${words[2]} g`;
  }

  function place() {
    face.style.transform =
      `perspective(900px) translate(${hand.x.toFixed(1)}px, ${hand.y.toFixed(1)}px) ` +
      `rotateX(${hand.tiltX.toFixed(1)}deg) rotateY(${hand.tiltY.toFixed(1)}deg)`;
  }

  function tilt(x, y) {
    hand.tiltX = clamp(x, -90, 90);
    hand.tiltY = clamp(y, -90, 90);
    place();
    feel(0, 0);
  }

  let before = 0;
  function swing(now) {
    const dt = Math.min(0.03, (now - before) / 1000 || 0.016);
    before = now;
    if (hand.isShaking) {
      hand.toX = SHAKE_PIXELS * Math.sin((2 * Math.PI * SHAKE_HZ * now) / 1000);
      hand.toY = 0.6 * SHAKE_PIXELS * Math.cos((2 * Math.PI * SHAKE_HZ * now) / 1000);
    }
    const ax = SPRING * (hand.toX - hand.x) - DAMPING * hand.vx;
    const ay = SPRING * (hand.toY - hand.y) - DAMPING * hand.vy;
    hand.vx += ax * dt;
    hand.vy += ay * dt;
    hand.x += hand.vx * dt;
    hand.y += hand.vy * dt;
    const rests = !hand.isShaking && !hand.isHeld && Math.hypot(hand.x, hand.y, hand.vx / 20, hand.vy / 20) < 0.5;
    if (rests) Object.assign(hand, { x: 0, y: 0, vx: 0, vy: 0, frame: null });
    else hand.frame = requestAnimationFrame(swing);
    place();
    rests ? feel(0, 0) : feel(ax, ay);
  }
  function startSwing() {
    if (hand.frame === null) {
      before = performance.now();
      hand.frame = requestAnimationFrame(swing);
    }
  }
  function shake(on) {
    hand.isShaking = on;
    if (!on) hand.toX = hand.toY = 0;
    startSwing();
  }

  let grip = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("[data-key]")) return;
    grip = { x: event.clientX, y: event.clientY, tiltX: hand.tiltX, tiltY: hand.tiltY };
    hand.isHeld = mode === "shake";
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("held");
  });
  stage.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const dx = event.clientX - grip.x, dy = event.clientY - grip.y;
    if (mode === "tilt") {
      tilt(grip.tiltX - dy * 0.5, grip.tiltY + dx * 0.5);
    } else {
      hand.toX = dx;
      hand.toY = dy;
      startSwing();
    }
  });
  const release = () => {
    grip = null;
    hand.isHeld = false;
    hand.toX = hand.toY = 0;
    stage.classList.remove("held");
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("keydown", (event) => {
    const turn = { ArrowUp: [5, 0], ArrowDown: [-5, 0], ArrowLeft: [0, -5], ArrowRight: [0, 5] }[event.key];
    if (event.target !== stage || (!turn && event.key !== "Home")) return;
    event.preventDefault();
    if (turn) tilt(hand.tiltX + turn[0], hand.tiltY + turn[1]);
    else tilt(0, 0);
  });
  stage.setAttribute("tabindex", "0");
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "the board: arrow keys tilt it, Home lays it flat");

  const modes = make("div", { class: "tc-choice", role: "radiogroup", "aria-label": "what dragging does" });
  for (const [name, words] of [["tilt", "Drag tilts"], ["shake", "Drag shakes"]]) {
    const choice = button(words, null, () => {
      mode = name;
      for (const each of modes.children) each.setAttribute("aria-checked", String(each === choice));
      stage.dataset.mode = name;
    }, { role: "radio", "aria-checked": String(name === mode) });
    modes.append(choice);
  }
  const shaker = button("Hold to shake", null, () => {});
  shaker.addEventListener("pointerdown", (event) => {
    shaker.setPointerCapture(event.pointerId);
    shake(true);
  });
  shaker.addEventListener("keydown", (event) => (event.key === " " || event.key === "Enter") && shake(true));
  for (const name of ["pointerup", "pointercancel", "keyup", "blur"]) shaker.addEventListener(name, () => shake(false));

  const select = make("select", { "aria-label": "recorded movement" }, make("option", { value: "" }, "by hand"));
  const { trace, movements } = panel.spec;
  if (trace !== null) select.append(make("option", { value: TRACE }, `the trace, ${trace}`));
  for (const name of movements) select.append(make("option", { value: name }, name));
  select.addEventListener("change", () => {
    if (select.value === TRACE) panel.send({ kind: "g", g: null });
    else if (select.value) panel.send({ kind: "movement", name: select.value });
    else feel(0, 0); // as the hand holds it
  });

  const box = section("Movement", panel.spec.uses.includes("motion"),
    make("div", { class: "tc-row" }, modes, button("Lay flat", null, () => tilt(0, 0)), shaker),
    make("label", { class: "tc-row" }, "Recorded movement", select), readout);
  showG(null);
  let mover = null; // what moves the board: a movement, the trace, or by hand
  box.show = (state) => {
    const now = state.movement || (state.plays_trace ? TRACE : "");
    if (now !== mover) select.value = mover = now;
    if (mover) readout.textContent = `playing ${mover === TRACE ? `the trace, ${trace}` : mover}`;
    else if (hand.frame === null && !grip) showG(state.g);
  };
  box.end = () => hand.frame !== null && cancelAnimationFrame(hand.frame);
  return box;
}
