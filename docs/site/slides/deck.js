// Turns the slides of a deck. The number in the address is the slide's, so a link leads to it.
const slides = [...document.querySelectorAll("section")];
const stage = document.getElementById("stage");
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const LEAST_SCALE = 0.78; // the smallest letters, of 18 pixels, are read at 14
let current = 0;

function show(number) {
  current = Math.min(Math.max(number, 0), slides.length - 1);
  slides.forEach((slide, place) => slide.classList.toggle("shown", place === current));
  history.replaceState(null, "", `#${current + 1}`);
  scrollTo(0, 0);
}

// A question shows its answers before the next slide comes.
function forward() {
  const slide = slides[current];
  if (slide.classList.contains("quiz") && !slide.classList.contains("answered")) {
    slide.classList.add("answered");
  } else {
    show(current + 1);
  }
}

function back() {
  const slide = slides[current];
  if (slide.classList.contains("answered")) {
    slide.classList.remove("answered");
  } else {
    show(current - 1);
  }
}

function fit() {
  const scale = Math.min(innerWidth / 1024, innerHeight / 768);
  root.classList.toggle("flow", scale < LEAST_SCALE);
  stage.style.transform = `scale(${scale})`;
  stage.style.left = `${(innerWidth - 1024 * scale) / 2}px`;
  stage.style.top = `${(innerHeight - 768 * scale) / 2}px`;
}

function colour(isDark) {
  root.dataset.theme = isDark ? "dark" : "light";
}

const keys = {
  ArrowRight: forward, ArrowDown: forward, PageDown: forward, " ": forward, Enter: forward,
  ArrowLeft: back, ArrowUp: back, PageUp: back, Backspace: back,
  Home: () => show(0),
  End: () => show(slides.length - 1),
  t: () => colour(root.dataset.theme === "light"),
  p: () => print(),
};

// Where a slide is a page that scrolls, these keys scroll it.
const scrolls = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp"]);

addEventListener("keydown", (event) => {
  if (scrolls.has(event.key) && root.classList.contains("flow")) return;
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    action();
  }
});
addEventListener("click", (event) => {
  if (!event.target.closest("a")) {
    event.clientX < innerWidth / 3 ? back() : forward();
  }
});
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
addEventListener("resize", fit);
// Paper is white.
let before = "";
addEventListener("beforeprint", () => { before = root.dataset.theme; colour(false); });
addEventListener("afterprint", () => colour(before === "dark"));
dark.addEventListener("change", (event) => colour(event.matches));

colour(dark.matches);
fit();
show(Number(location.hash.slice(1)) - 1 || 0);
