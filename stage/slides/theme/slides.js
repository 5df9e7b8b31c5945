// Starts reveal.js, and changes between dark and light.
"use strict";

const root = document.documentElement;

// A file may have no storage; then the choice holds for this page.
const stored = {
  get: () => { try { return localStorage.getItem("atoll-theme"); } catch { return null; } },
  set: (theme) => { try { localStorage.setItem("atoll-theme", theme); } catch { /* as above */ } },
};

const theme = stored.get();
if (theme) root.dataset.theme = theme;

const other = () => {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  stored.set(root.dataset.theme);
};

// A browser that prints without a window draws no frames, and reveal.js would wait for one for ever.
if (/print-pdf/.test(location.search)) {
  window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 0);
}

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  controls: false,
  transition: "none",
  backgroundTransition: "none",
  pdfSeparateFragments: false,
  // Every slide has its seconds; without a default the speaker view shows no pacing.
  defaultTiming: 120,
  plugins: [RevealNotes],
});
Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, other);
