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

/** Shows the caption of the moment; what can be done about a scenario follows from the present. */
function showCaption(caption, present) {
  const runs = Boolean(caption?.scenario);
  const element = byId("caption");
  put(element, "data-scenario", runs ? caption.scenario : "");
  put(element, "data-holds", Boolean(runs && caption.holds));
  put(element, "data-step", runs ? caption.step : null);
  put(element, "data-failed", caption?.failed || null);
  put(byId("play"), "data-runs", runs || Boolean(caption?.failed));
  say(element.querySelector(".step"), runs ? `step ${caption.step} of ${caption.steps}` : "");
  byId("go-on").hidden = !(present?.scenario && present.holds);
  byId("stop").hidden = !present?.scenario;
  for (const button of byId("scenes").children) put(button, "aria-pressed", runs && button.dataset.scenario === caption.scenario);
  // Last: how much room there is for it depends on the buttons beside it.
  showText(element, captionText(caption));
}

let captionRoom = 0;

/** In the larger type, and in the smaller one where that has no room. */
function showText(element, words) {
  const text = element.querySelector(".text");
  if (text.textContent === words && text.clientWidth === captionRoom) return;
  captionRoom = text.clientWidth;
  say(text, words);
  put(element, "data-long", false);
  put(element, "data-long", text.scrollHeight > text.clientHeight + 2);
}

function captionText(caption) {
  if (!caption) return "";
  if (caption.failed) return `Failed, ${caption.failed}`;
  return caption.text || caption.title || "";
}
