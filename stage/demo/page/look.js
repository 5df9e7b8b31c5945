"use strict";
// How the page looks, which the browser keeps for the next time.

/** What was kept under a name. Where a browser keeps nothing, nothing was. */
function kept(name) {
  try {
    return localStorage.getItem(`atoll-${name}`);
  } catch {
    return null;
  }
}

/** Keeps it, where the browser does. */
function keep(name, value) {
  try {
    localStorage.setItem(`atoll-${name}`, value);
  } catch {
    // It is forbidden, or full: the page looks so until it is closed.
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function switchTheme() {
  const { theme } = document.documentElement.dataset;
  const dark = theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
  keep("theme", dark ? "light" : "dark");
}

/** The log and the charts in place of the map, for who wants to read them from the back. */
function enlarge() {
  const large = document.documentElement.classList.toggle("large");
  keep("large", large);
  shownLog.timeline = null;
  shownLog.size = null;
}

// Before there is a body: a light page must not flash up in a dark room.
if (["light", "dark"].includes(kept("theme"))) setTheme(kept("theme"));
document.documentElement.classList.toggle("large", kept("large") === "true");
