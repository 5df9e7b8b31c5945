"use strict";
// The replicas: a card each, with what the replica holds. All cards have the same keys in the same order, so that what
// differs stands side by side.

/** Keys that a card has room for. */
const MOST_KEYS = 24;

/** How long a change stays marked, in milliseconds of the one who looks. */
const FRESH = 1000;

const cards = {};

function makeCards() {
  for (const id of REPLICAS) {
    const name = NAMES[id];
    const state = make("span", { class: "state" });
    const head = make("button", { class: "head", type: "button", "aria-haspopup": "dialog" },
      regionSign(id), make("b", {}, name), make("span", { class: "title" }, TITLES[id]), state);
    head.addEventListener("click", () => openReplicaMenu(id));
    const facts = make("p", { class: "facts" });
    const keys = make("ul", { id: `keys-${name}`, class: "keys", "aria-label": `keys of ${name}` });
    const card = make("section", { id: `replica-${name}`, class: `card ${name}`, "aria-label": `replica ${name}, ${TITLES[id]}` },
      head, facts, keys);
    cards[id] = { card, head, state, facts, keys, rows: new Map() };
    byId("stage").append(card);
  }
}

function showCards(state, player) {
  const keys = shownKeys(state);
  for (const replica of state.replicas) showCard(replica, state, keys, player);
}

function showCard(replica, state, keys, player) {
  const parts = cards[replica.replica];
  put(parts.card, "data-state", replica.state);
  say(parts.state, replica.state);
  put(parts.head, "aria-label", `${NAMES[replica.replica]}, ${TITLES[replica.replica]}, ${replica.state}`);
  const facts = replica.why ?? (replica.state === "down" ? "what it held when last heard" : factsOf(replica, keys));
  say(parts.facts, facts);
  put(parts.card, "data-why", Boolean(replica.why));
  put(parts.facts, "title", facts || null);
  put(parts.keys, "data-size", size(keys.shown.length));
  parts.keys.style.setProperty("--rows", Math.max(8, Math.ceil(keys.shown.length / 2)));
  showKeys(parts, replica, state, keys.shown, player);
}

/** How large the rows of so many keys may be. */
function size(keys) {
  if (keys <= 5) return "large";
  if (keys <= 8) return "medium";
  return keys <= 12 ? "small" : "compact";
}

/** What its metrics say, as far as it is worth saying. */
function factsOf(replica, keys) {
  const names = (ids) => ids.map((id) => NAMES[id] ?? id).join(", ");
  const behind = Object.entries(replica.lag).filter(([, lag]) => lag > 0).map(([peer, lag]) => `${NAMES[peer] ?? peer} ${lag}`);
  const parts = behind.length > 0 ? [`behind: ${behind.join(", ")}`] : [];
  if (replica.stomps > 0) parts.push(count(replica.stomps, "stomp"));
  if (replica.collected > 0) parts.push(`${replica.collected} collected`);
  if (replica.suspects.length > 0) parts.push(`suspects ${names(replica.suspects)}`);
  if (keys.more > 0) parts.unshift(`and ${keys.more} more`);
  return parts.join(" · ");
}

let shownFor = { objects: [], keys: { shown: [], more: 0 } };

/** The keys that all cards show: where there are too many, first those that differ, then those that changed last. */
function shownKeys(state) {
  const objects = state.replicas.map((replica) => replica.objects);
  if (objects.every((one, place) => one === shownFor.objects[place])) return shownFor.keys;
  const all = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const weight = new Map(all.map((key) => [key, weightOf(key, objects)]));
  const shown = all.length <= MOST_KEYS ? all : all.sort((a, b) => weight.get(b) - weight.get(a)).slice(0, MOST_KEYS);
  const total = Math.max(all.length, ...state.replicas.map((replica) => replica.total));
  shownFor = { objects, keys: { shown: shown.sort(), more: total - shown.length } };
  return shownFor.keys;
}

function weightOf(key, objects) {
  const versions = new Set(objects.map((one) => versionText(one[key])));
  const changed = Math.max(...objects.map((one) => one[key]?.changed ?? -Infinity));
  return (versions.size > 1 ? 1e12 : 0) + Math.max(changed, 0);
}

function showKeys(parts, replica, state, keys, { time, speed }) {
  const same = parts.state0 === state.replicas && parts.shown === keys;
  parts.state0 = state.replicas;
  if (!same) {
    for (const [key, row] of parts.rows) {
      if (keys.includes(key)) continue;
      row.item.remove();
      parts.rows.delete(key);
    }
    keys.forEach((key, place) => showKey(parts, place, key, replica, state));
    parts.shown = keys;
  }
  for (const key of keys) {
    const object = replica.objects[key];
    put(parts.rows.get(key).item, "data-fresh", object && (time - object.changed) / speed < FRESH ? "true" : null);
  }
}

function showKey(parts, place, key, replica, state) {
  const object = replica.objects[key];
  const row = parts.rows.get(key) ?? makeRow(parts, key);
  if (parts.keys.children[place] !== row.item) parts.keys.insertBefore(row.item, parts.keys.children[place] ?? null);
  const stale = state.replicas.some((other) => isLater(other.objects[key], object));
  put(row.item, "data-version", versionText(object));
  put(row.item, "data-value", object?.value ?? null);
  put(row.item, "data-deleted", object?.deleted ? "true" : null);
  put(row.item, "data-stale", stale ? "true" : null);
  put(row.item, "title", `${key} ${valueText(object)} ${versionText(object)}${stale ? ", another replica holds a later version" : ""}`);
  say(row.value, valueText(object));
  put(row.version, "class", `version ${NAMES[object?.writer] ?? ""}`);
  if (row.writer !== object?.writer) row.version.firstChild.replaceWith(regionSign(object?.writer));
  row.writer = object?.writer;
  say(row.number, object ? String(object.counter) : "");
  say(row.at, object ? `@${NAMES[object.writer] ?? object.writer}` : "");
  say(row.stale, stale ? (object ? "old" : "none") : "");
}

function valueText(object) {
  if (!object) return "";
  return object.deleted ? "deleted" : object.value ?? "";
}

function makeRow(parts, key) {
  const value = make("span", { class: "value" });
  const number = make("span", {});
  const at = make("span", { class: "at" });
  const version = make("span", { class: "version" }, regionSign(), number, at);
  const stale = make("span", { class: "stale" });
  const item = make("li", { "data-key": key }, make("span", { class: "key" }, key), value, stale, version);
  const row = { item, value, version, number, at, stale, writer: undefined };
  parts.rows.set(key, row);
  return row;
}
