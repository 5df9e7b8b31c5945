"use strict";
// What the page can do is what a script can do: a line of text, and POST /do.

const LOADS = [0, 5, 20, 50];

/** How long an answer counts as recent, in milliseconds. */
const RECENT = 8000;

/** Lines that were given by hand, and which of them the arrow keys have come to. */
const given = { lines: [], place: 0, fades: 0 };

/** Does a command, and says what came of it. */
async function act(command) {
  try {
    const response = await fetch("/do", { method: "POST", body: command });
    answer(command, (await response.text()).trim(), response.ok);
  } catch {
    answer(command, "no answer: is the demo still running?", false);
  }
}

function answer(command, text, ok) {
  const element = byId("answer");
  put(element, "data-ok", ok);
  put(element, "data-command", command);
  say(element, `${ok ? "" : "not done: "}${text || "done"}`);
  element.title = `${command}: ${text}`;
  // What went wrong is shown at length for a while, over the charts.
  put(element, "data-recent", "true");
  clearTimeout(given.fades);
  given.fades = setTimeout(() => put(element, "data-recent", null), RECENT);
}

function makeCommands() {
  for (const id of REPLICAS) byId("put-replica").append(make("option", { value: NAMES[id] }, NAMES[id]));
  byId("put-form").addEventListener("submit", (event) => {
    event.preventDefault();
    act(putCommand(byId("put-replica").value, byId("put-key").value, byId("put-value").value));
  });
  byId("delete").addEventListener("click", () => act(deleteCommand(byId("put-replica").value, byId("put-key").value)));
  for (const load of LOADS) {
    const label = load === 0 ? "no load" : `${load}`;
    byId("load").append(make("button", {
      type: "button", "data-load": load, "data-command": `load ${load}`, "aria-label": `${load} writes a second`,
    }, label));
  }
  byId("load").append("writes/s");
  byId("command-form").addEventListener("submit", (event) => {
    event.preventDefault();
    giveCommand();
  });
  byId("command").addEventListener("keydown", recallCommand);
  // Every button that has a command does it, wherever it is.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-command]");
    if (button) act(button.dataset.command);
  });
}

function putCommand(replica, key, value) {
  return `put ${replica} ${key.trim()} ${value.trim()}`;
}

function deleteCommand(replica, key) {
  return `delete ${replica} ${key.trim()}`;
}

function giveCommand() {
  const line = byId("command").value.trim();
  if (!line) return;
  given.lines = [...given.lines.filter((one) => one !== line), line].slice(-50);
  given.place = given.lines.length;
  byId("command").value = "";
  act(line);
}

/** Up and down go through the lines given before. */
function recallCommand(event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  given.place = Math.min(Math.max(given.place + by, 0), given.lines.length);
  byId("command").value = given.lines[given.place] ?? "";
}

function showLoad(load) {
  for (const button of byId("load").querySelectorAll("button")) put(button, "aria-pressed", Number(button.dataset.load) === load);
}
