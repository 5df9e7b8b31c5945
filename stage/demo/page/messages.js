"use strict";
// The messages in flight: a sign for each kind, a cross where one is lost, a ring where one arrives.

/** Signs that are drawn at once; what is more is a number at its lane. */
const MOST_ON_A_LANE = 24;

/** How long an arrival and a loss are seen, in milliseconds of the one who looks. */
const ARRIVAL = 350;
const LOSS = 2500;

/** How far two signs stand apart that wait one behind the other. */
const QUEUE = 17;

const drawn = new Map();

function makeGlyphs() {
  const glyphs = {
    change: [draw("circle", { r: 8, class: "solid" }), draw("circle", { r: 2.5, class: "hole" })],
    ack: [draw("circle", { r: 6.5, class: "hollow" }), draw("path", { class: "stroke", d: "M-3 0l2 2.5 4-5" })],
    check: [draw("rect", { x: -7, y: -7, width: 14, height: 14, rx: 3, class: "hollow" }), draw("text", { y: 4.5, class: "letter" }, "?")],
    repair: [draw("path", { d: "M0-9 9 0 0 9-9 0z", class: "solid" }), draw("path", { class: "inner", d: "M-4 0h8M0-4v8" })],
    complete: [draw("rect", { x: -7, y: -7, width: 14, height: 14, class: "solid" }), draw("path", { class: "inner", d: "M-2-4v8M2-4v8" })],
    open: [draw("path", { d: "M-4-7H4L8 0 4 7H-4L-8 0z", class: "hollow" })],
    note: [draw("path", { class: "stroke", d: "M0-6v12M-5-3 5 3M5-3-5 3" })],
    lost: [draw("path", { class: "cross", d: "M-7-7 7 7M7-7-7 7" })],
    arrived: [draw("circle", { r: 10, class: "ring" })],
  };
  for (const [kind, parts] of Object.entries(glyphs)) byId("glyphs").append(draw("g", { id: `kind-${kind}` }, ...parts));
}

function showMessages(timeline, state, player) {
  const signs = LANES.flatMap(([from, to]) => laneSigns(timeline, state, player.time, from, to));
  signs.push(...ended(timeline, state, player));
  placeLabels(signs.filter((sign) => sign.label));
  const left = new Set(drawn.keys());
  for (const sign of signs) {
    left.delete(sign.id);
    place(drawn.get(sign.id) ?? makeSign(sign), sign, player.paused);
  }
  for (const id of left) {
    drawn.get(id).group.remove();
    drawn.delete(id);
  }
}

/** What is on one lane. */
function laneSigns(timeline, state, time, from, to) {
  const link = linkOf(state, from, to);
  const { x1, x2, y } = laneEnds(from, to);
  const length = Math.abs(x2 - x1);
  const placed = [];
  for (const message of state.flying.values()) {
    if (message.from !== from || message.to !== to) continue;
    placed.push({ message, ...placeOf(message, link, time, timeline.messages.get(message.message)?.arrived) });
  }
  const all = groups(placed, 8 / length);
  const shown = all.slice(0, MOST_ON_A_LANE);
  const more = all.slice(MOST_ON_A_LANE).reduce((sum, group) => sum + group.messages.length, 0);
  say(laneParts[laneName(from, to)].waits, more ? `+ ${more} more` : "");
  let queue = 0;
  return shown.map((group) => {
    const back = group.waits ? QUEUE * (0.75 + queue++) : 0;
    const x = x1 + (length * steps(group.way) - back) * Math.sign(x2 - x1);
    const first = group.messages[0];
    return {
      id: `m${first.message}`, message: first.message, kind: group.kind, x, y, fate: group.waits ? "waits" : "flying",
      count: group.messages.length, label: first.label, opacity: 1, lane: laneOf(from, to),
    };
  });
}

/** Where nothing should glide, a message goes in four steps. */
function steps(way) {
  return stillMotion.matches ? Math.floor(way * 4) / 4 : way;
}

/** What arrived or was lost a moment ago. In slow motion that moment is longer, so that it is seen as long. */
function ended(timeline, state, { time, speed }) {
  const signs = new Map();
  for (let place = timeline.countAt(time) - 1; place >= 0; place -= 1) {
    const { type, at, message: id } = timeline.events[place];
    const age = (time - at) / speed;
    if (age > LOSS || type === "stage") break;
    const message = timeline.messages.get(id);
    if (!message || !(type === "lost" || (type === "arrived" && age < ARRIVAL))) continue;
    const sign = endSign(state, message, type, at, age);
    const same = signs.get(sign.id);
    if (same) same.count += 1;
    else if (signs.size < MOST_ON_A_LANE) signs.set(sign.id, sign);
  }
  return signs.values();
}

function endSign(state, message, type, at, age) {
  const { from, to } = message;
  const lane = laneName(from, to);
  const { x1, x2, y } = laneEnds(from, to);
  if (type === "arrived") {
    return {
      id: `a${lane}${message.kind}`, kind: "arrived", fate: "arrived", of: message.kind, x: x2, y,
      count: 1, label: "", opacity: 1 - age / ARRIVAL,
    };
  }
  const flight = { ...message, latency: message.latency ?? linkOf(state, from, to).latency };
  const way = Math.min(placeOf(flight, linkOf(state, from, to), at).way, 0.97);
  return {
    id: `x${lane}${Math.round(way * 20)}`, message: message.message, kind: "lost", fate: "lost", x: x1 + (x2 - x1) * way, y,
    count: 1, label: `lost: ${message.label}`, opacity: Math.min(1, 1.6 - (1.6 * age) / LOSS), lane: laneOf(from, to),
  };
}

function makeSign(sign) {
  const use = draw("use", { href: `#kind-${sign.kind}` });
  const label = draw("text", { class: "label", "text-anchor": "middle" });
  const count = draw("text", { class: "count", x: 9, y: -6 });
  const group = draw("g", { class: `message glyph ${sign.of ?? sign.kind}`, role: "img" }, use, count, label);
  const made = { group, label, count };
  drawn.set(sign.id, made);
  byId("messages").append(group);
  return made;
}

function place({ group, label, count }, sign, paused) {
  put(group, "transform", `translate(${sign.x.toFixed(1)} ${sign.y})`);
  put(group, "opacity", sign.opacity < 1 ? sign.opacity.toFixed(2) : null);
  put(group, "data-message", sign.message);
  put(group, "data-kind", sign.kind);
  put(group, "data-fate", sign.fate);
  put(group, "data-count", sign.count);
  put(group, "data-labelled", sign.labelled ? "true" : null);
  put(group, "aria-label", sign.label || null);
  // While the time runs, a sign is gone before one could come to it with the Tab key.
  put(group, "tabindex", paused && sign.label ? 0 : null);
  if (sign.label) {
    put(label, "x", sign.aside.toFixed(1));
    put(label, "y", sign.lane.above ? -14 : 23);
    say(label, sign.text);
  }
  say(count, sign.counted ? `${sign.count}` : "");
}
