"use strict";
// The menus of links and replicas. What they offer follows from the present, since that is what a command acts on.

/** The longest round trip that the slider offers; the field beside it takes any. */
const LONGEST = 2000;

const openMenu = { from: null };

function openLinkMenu(a, b) {
  const [x, y] = [NAMES[a], NAMES[b]];
  const [there, back] = [linkOf(timeline.present(), a, b), linkOf(timeline.present(), b, a)];
  const items = [];
  if (there.up && back.up) items.push(item(`cut ${x} ${y}`, "cut both ways", "c"));
  else items.push(item(`heal ${x} ${y}`, "heal both ways", "c"));
  for (const [link, from, to] of [[there, x, y], [back, y, x]]) {
    const command = `${link.up ? "cut" : "heal"} ${from} > ${to}`;
    items.push(item(command, `${command} only`, link === there ? ">" : "<"));
  }
  showMenu(pairButtons[laneName(a, b)], `link ${x} - ${y}`, [...items, tripForm(x, y, there.latency + back.latency)]);
}

function openReplicaMenu(id) {
  const name = NAMES[id];
  const { state } = replicaOf(timeline.present(), id);
  const items = [];
  if (state === "running") items.push(item(`pause ${name}`, "pause", "p"));
  if (state === "paused") items.push(item(`continue ${name}`, "continue", "p"));
  if (state === "down") items.push(item(`start ${name}`, "start", "k"));
  else items.push(item(`kill ${name}`, "kill -9", "k"));
  showMenu(cards[id].head, `replica ${name}`, [...items, writeForm(name)]);
}

function item(command, words, key) {
  return make("button", { type: "button", "data-command": command }, words, make("kbd", {}, key));
}

function tripForm(x, y, trip) {
  const slider = make("input", { type: "range", min: 0, max: LONGEST, step: 10, value: trip, "aria-label": "round trip, ms" });
  const field = make("input", { type: "number", min: 0, max: 10000, value: Math.round(trip), "aria-label": "round trip, ms" });
  slider.addEventListener("input", () => { field.value = slider.value; });
  const change = (event) => act(`rtt ${x} ${y} ${event.target.value}`);
  slider.addEventListener("change", change);
  field.addEventListener("change", change);
  return make("label", { class: "trip" }, "round trip", slider, field, "ms");
}

function writeForm(name) {
  const key = make("input", { value: byId("put-key").value, size: 6, "aria-label": "key", spellcheck: "false" });
  const value = make("input", { value: byId("put-value").value, size: 6, "aria-label": "value", spellcheck: "false" });
  const remove = make("button", { type: "button" }, "delete");
  const form = make("form", { autocomplete: "off" }, key, value, make("button", { type: "submit" }, "put"), remove);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(putCommand(name, key.value, value.value));
    closeMenu();
  });
  remove.addEventListener("click", () => {
    act(deleteCommand(name, key.value));
    closeMenu();
  });
  return form;
}

function showMenu(from, title, items) {
  const menu = byId("menu");
  menu.replaceChildren(make("h2", {}, title), ...items);
  menu.setAttribute("aria-label", title);
  menu.hidden = false;
  openMenu.from = from;
  const anchor = from.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(Math.max(anchor.left + anchor.width / 2 - width / 2, 8), window.innerWidth - width - 8);
  const top = Math.min(anchor.bottom + 6, window.innerHeight - height - 8);
  menu.style.left = `${left + window.scrollX}px`;
  menu.style.top = `${top + window.scrollY}px`;
  menu.querySelector("button").focus();
}

function closeMenu() {
  const menu = byId("menu");
  if (menu.hidden) return;
  menu.hidden = true;
  if (menu.contains(document.activeElement) || document.activeElement === document.body) openMenu.from?.focus();
}

function makeMenu() {
  const menu = byId("menu");
  menu.addEventListener("click", (event) => {
    if (event.target.closest("[data-command]")) closeMenu();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.hidden = true;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.hidden = true;
  });
  menu.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target.matches("input")) return;
    event.preventDefault();
    const all = [...menu.querySelectorAll("button, input")];
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
  });
}
