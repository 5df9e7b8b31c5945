import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const script = readFileSync(new URL("../look.js", import.meta.url), "utf8");

/** A page that was just loaded. */
function load(storage) {
  const classes = new Set();
  const toggle = (name, on = !classes.has(name)) => {
    if (on) classes.add(name);
    else classes.delete(name);
    return on;
  };
  const documentElement = { dataset: {}, classList: { toggle } };
  const window = { matchMedia: () => ({ matches: false }) };
  const context = vm.createContext({ document: { documentElement }, window, shownLog: {} });
  Object.defineProperty(context, "localStorage", { get: storage });
  vm.runInContext(script, context);
  const looks = () => [documentElement.dataset.theme, classes.has("large")];
  return { looks, press: (what) => vm.runInContext(`${what}()`, context) };
}

test("the theme and the large log are kept over a reload", () => {
  const items = new Map();
  const storage = () => ({ getItem: (name) => items.get(name) ?? null, setItem: (name, value) => items.set(name, String(value)) });
  const page = load(storage);
  assert.deepEqual(page.looks(), [undefined, false]);
  page.press("switchTheme");
  page.press("enlarge");
  assert.deepEqual(load(storage).looks(), ["dark", true]);
  page.press("switchTheme");
  page.press("enlarge");
  assert.deepEqual(load(storage).looks(), ["light", false]);
});

test("where a browser keeps nothing, the switches work all the same", () => {
  const page = load(() => { throw new Error("forbidden"); });
  page.press("switchTheme");
  page.press("enlarge");
  assert.deepEqual(page.looks(), ["dark", true]);
});
