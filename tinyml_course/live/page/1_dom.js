// Elements, icons and words that all parts of the panel share. The files of this folder are joined
// in the order of their numbers: they are one module, written without a build step.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const ICONS = {
  play: "M5 3l9 6-9 6z",
  pause: "M4 3h4v12H4zM10 3h4v12h-4z",
  step: "M3 3l7 6-7 6zM12 3h3v12h-3z",
  reset: "M9 3a6 6 0 1 0 5.6 3.9l-1.9.7A4 4 0 1 1 9 5v2.6l4.2-3.6L9 .4z",
  mic: "M9 1a2.6 2.6 0 0 0-2.6 2.6v4.8a2.6 2.6 0 0 0 5.2 0V3.6A2.6 2.6 0 0 0 9 1zM4 8.4a5 5 0 0 0 4.1 4.9V16H6v1.4h6V16H9.9v-2.7A5 5 0 0 0 14 8.4h-1.6a3.4 3.4 0 0 1-6.8 0z",
  stop: "M4 4h10v10H4z",
};

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(label, iconName, onclick, attributes = {}) {
  const text = make("span", {}, label);
  const element = make("button", { type: "button", onclick, ...attributes }, iconName ? icon(iconName) : null, text);
  element.setText = (words, name) => {
    text.textContent = words;
    if (name) element.firstChild.replaceWith(icon(name));
  };
  return element;
}

function section(title, isOpen, ...children) {
  return make("details", { class: "tc-section", open: isOpen }, make("summary", {}, title), ...children);
}

// Not more often than every `ms`, but the last call always gets through.
function throttled(ms, call) {
  let timer = null, waiting = null, last = 0;
  return (...values) => {
    waiting = values;
    if (timer !== null) return;
    const wait = Math.max(0, last + ms - performance.now());
    timer = setTimeout(() => {
      timer = null;
      last = performance.now();
      call(...waiting);
    }, wait);
  };
}

function clamp(value, low, high) {
  return Math.min(high, Math.max(low, value));
}

function grouped(number) {
  return Math.round(number).toLocaleString("en-US");
}
