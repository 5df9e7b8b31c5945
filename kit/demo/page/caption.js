"use strict";
// Scenarios, and the caption of the one that runs.

/** A button for each scenario that the server has. */
function makeScenes(scenarios) {
  byId("scenes").replaceChildren(...scenarios.map(({ name, title, key }) => make("button",
    { type: "button", "data-scenario": name, "data-command": `scenario ${name}`, title },
    make("kbd", {}, key), make("span", {}, SHORT_TITLES[name] ?? title))));
}

/** The name of the scenario that a key plays. */
function scenarioOf(key) {
  return [...byId("scenes").children].find((button) => button.firstChild.textContent === key)?.dataset.scenario;
}

/** Letters that go into two lines of the larger type. */
const TWO_LINES = 140;

/** Shows the caption of the moment; what can be done about a scenario follows from the present. */
function showCaption(caption, present) {
  const runs = Boolean(caption?.scenario);
  const element = byId("caption");
  put(element, "data-scenario", runs ? caption.scenario : "");
  put(element, "data-holds", Boolean(runs && caption.holds));
  put(element, "data-step", runs ? caption.step : null);
  put(element, "data-failed", caption?.failed || null);
  put(byId("play"), "data-runs", runs || Boolean(caption?.failed));
  const text = captionText(caption);
  say(element.querySelector(".text"), text);
  put(element, "data-long", text.length > TWO_LINES);
  say(element.querySelector(".step"), runs ? `step ${caption.step} of ${caption.steps}` : "");
  byId("go-on").hidden = !(present?.scenario && present.holds);
  byId("stop").hidden = !present?.scenario;
  for (const button of byId("scenes").children) put(button, "aria-pressed", runs && button.dataset.scenario === caption.scenario);
}

function captionText(caption) {
  if (!caption) return "";
  if (caption.failed) return `Failed, ${caption.failed}`;
  return caption.text || caption.title || "";
}
