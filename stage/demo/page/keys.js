"use strict";
// The keys. None of them does anything while one types in a field.

/** The replica and the link that the keys act on: those that had the focus last. */
const chosen = { replica: 1, pair: 0 };

const KEYS = [
  { title: "scenarios" },
  { keys: [..."1234567"], shown: "1 to 7", does: "play a scenario", act: (key) => playScenario(key) },
  { keys: ["n"], does: "go on where it holds", act: () => act("next") },
  { keys: ["0"], does: "stop it", act: () => act("stop") },
  { title: "time" },
  { keys: [" "], shown: "space", does: "pause, go on", act: togglePause },
  {
    keys: ["ArrowLeft", "ArrowRight"], shown: "← →", does: "a second back, on (with shift: a tenth)",
    act: (key, shift) => moveBy((key === "ArrowLeft" ? -1 : 1) * (shift ? 100 : 1000)),
  },
  { keys: [",", "."], does: "an event back, on", act: (key) => stepEvent(key === "." ? 1 : -1) },
  { keys: ["[", "]"], does: "a mark back, on", act: (key) => stepMark(key === "]" ? 1 : -1) },
  { keys: ["-", "+", "="], shown: "- +", does: "slower, faster", act: (key) => changeSpeed(key === "-" ? 1 : -1) },
  { keys: ["l"], does: "live", act: () => goLive() },
  { title: "replicas" },
  { keys: ["u", "d", "s"], does: "choose us, de, sg (Enter: its menu)", act: (key) => cards["_uds".indexOf(key)].head.focus() },
  { keys: ["p"], does: "pause it, continue", act: () => pauseReplica(chosen.replica) },
  { keys: ["k"], does: "kill it with -9, start", act: () => killReplica(chosen.replica) },
  { keys: ["w"], does: "write to it", act: () => focusWrite() },
  { keys: ["g"], does: `more load: ${LOADS.join(", ")} writes a second`, act: () => moreLoad() },
  { title: "links" },
  { keys: ["v"], does: "choose the next link (Enter: its menu)", act: () => nextLink() },
  { keys: ["c"], does: "cut it both ways, heal it", act: () => cutPair(...PAIRS[chosen.pair]) },
  { keys: [">", "<"], does: "cut one way, heal that way", act: (key) => cutOneWay(key === ">") },
  { keys: ["h"], does: "heal all", act: () => act("heal") },
  { title: "page" },
  { keys: ["/", ":"], does: "any command", act: () => byId("command").focus() },
  { keys: ["m"], does: "messages and charts large", act: () => enlarge() },
  { keys: ["t"], does: "theme: light, dark", act: () => switchTheme() },
  { keys: ["?"], does: "this", act: () => showHelp() },
  { keys: ["Escape"], does: "close, leave a field", act: () => closeMenu() },
];

function makeKeys() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", choose);
  // A button that was clicked keeps the focus, and would take the space key away from the time.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (event.detail > 0 && button?.matches(":focus:not(.head, .pair, #menu *)")) button.blur();
  });
  byId("show-help").addEventListener("click", showHelp);
  byId("theme").addEventListener("click", switchTheme);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const { target, key } = event;
  const types = target.matches("select, textarea, input:not([type=range])");
  if (types && key === "Escape") target.blur();
  if (types && !byId("menu").contains(target)) return;
  if (types && key !== "Escape") return;
  // A slider in a menu goes by the arrows, and a button is pressed with the space; but replicas and links have the
  // focus so that the other keys act on them, and there the space is the time's.
  if (target.matches("#menu input[type=range]") && key.startsWith("Arrow")) return;
  if (key === " " && target.matches("button:not(.head, .pair)")) return;
  const found = KEYS.find(({ keys }) => keys?.includes(key));
  if (!found) return;
  event.preventDefault();
  if (key !== "Escape" && !byId("menu").hidden) closeMenu();
  found.act(key, event.shiftKey);
}

/** The keys act on what had the focus last. */
function choose({ target }) {
  const pair = PAIRS.findIndex(([a, b]) => target === pairButtons[laneName(a, b)]);
  if (pair >= 0) chosen.pair = pair;
  const replica = REPLICAS.find((id) => cards[id].card.contains(target));
  if (replica) {
    chosen.replica = replica;
    byId("put-replica").value = NAMES[replica];
  }
}

function showChosen() {
  for (const id of REPLICAS) put(cards[id].card, "data-chosen", id === chosen.replica);
  PAIRS.forEach(([a, b], place) => put(pairButtons[laneName(a, b)], "data-chosen", place === chosen.pair));
}

function moreLoad() {
  act(`load ${LOADS[(LOADS.indexOf(timeline.present().load) + 1) % LOADS.length]}`);
}

function nextLink() {
  pairButtons[laneName(...PAIRS[(chosen.pair + 1) % PAIRS.length])].focus();
}

function playScenario(key) {
  const name = scenarioOf(key);
  if (name) act(`scenario ${name}`);
}

function pauseReplica(id) {
  act(`${replicaOf(timeline.present(), id).state === "paused" ? "continue" : "pause"} ${NAMES[id]}`);
}

function killReplica(id) {
  act(`${replicaOf(timeline.present(), id).state === "down" ? "start" : "kill"} ${NAMES[id]}`);
}

function cutPair(a, b) {
  const up = linkOf(timeline.present(), a, b).up && linkOf(timeline.present(), b, a).up;
  act(`${up ? "cut" : "heal"} ${NAMES[a]} ${NAMES[b]}`);
}

function cutOneWay(forward) {
  const [a, b] = PAIRS[chosen.pair];
  const [from, to] = forward ? [a, b] : [b, a];
  act(`${linkOf(timeline.present(), from, to).up ? "cut" : "heal"} ${NAMES[from]} > ${NAMES[to]}`);
}

function focusWrite() {
  byId("put-replica").value = NAMES[chosen.replica];
  byId("put-key").select();
}

function showHelp() {
  const rows = KEYS.map(({ title, keys, shown, does }) => {
    if (title) return make("h3", {}, title);
    const names = (shown ?? keys.join(" ")).split(" ");
    return make("p", {}, make("span", {}, ...names.flatMap((name) => [name === "to" ? " to " : make("kbd", {}, name), " "])), does);
  });
  const close = make("button", { type: "button" }, "close");
  close.addEventListener("click", () => byId("help").close());
  byId("help").replaceChildren(make("h2", { id: "help-title" }, "Keys"), make("div", { class: "keys-list" }, ...rows), close);
  byId("help").showModal();
}
