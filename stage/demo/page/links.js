"use strict";
// The links: two lanes each, and between them a button with the round trip.

/** From where to where the lanes of each link run, and at which height; the stage is 1248 by 344 units, 16 to a rem. */
const RUNS = {
  "us-de": { left: 302, right: 470, y: 150 },
  "de-sg": { left: 778, right: 946, y: 150 },
  "us-sg": { left: 302, right: 946, y: 306 },
};

/** From the middle of a link to each of its lanes. */
const ASIDE = 17;

/** The ends of a lane. What goes to the right takes the upper one. */
function laneEnds(from, to) {
  const rightwards = from < to;
  const { left, right, y } = RUNS[rightwards ? laneName(from, to) : laneName(to, from)];
  return rightwards ? { x1: left, x2: right, y: y - ASIDE } : { x1: right, x2: left, y: y + ASIDE };
}

/** A lane's name, the run that it is part of, and whether it is the upper one, whose labels stand above it. */
function laneOf(from, to) {
  return { name: laneName(from, to), run: from < to ? laneName(from, to) : laneName(to, from), above: from < to };
}

const laneParts = {};
const pairButtons = {};

function makeLinks() {
  for (const [from, to] of LANES) makeLane(from, to);
  for (const [a, b] of PAIRS) {
    const { left, right, y } = RUNS[laneName(a, b)];
    const button = make("button", { id: `pair-${laneName(a, b)}`, class: "pair", type: "button", "aria-haspopup": "dialog" });
    button.style.left = `${(left + right) / 32}rem`;
    button.style.top = `${y / 16}rem`;
    button.addEventListener("click", () => openLinkMenu(a, b));
    pairButtons[laneName(a, b)] = button;
    byId("stage").append(button);
  }
}

function makeLane(from, to) {
  const { x1, x2, y } = laneEnds(from, to);
  const name = laneName(from, to);
  const forward = Math.sign(x2 - x1);
  const cut = x1 + (x2 - x1) * CUT;
  const near = draw("path", { class: "near", d: `M${x1} ${y}H${cut - 9 * forward}` });
  const bridge = draw("path", { class: "bridge", d: `M${cut - 9 * forward} ${y}h${18 * forward}` });
  const far = draw("path", { class: "far", d: `M${cut + 9 * forward} ${y}H${x2}` });
  const head = draw("path", { class: "head", d: `M${x2 - 9 * forward} ${y - 5}L${x2} ${y}l${-9 * forward} 5` });
  const marks = draw("path", { class: "marks", d: `M${cut - 9} ${y + 9}l7 -18M${cut + 2} ${y + 9}l7 -18` });
  const waits = draw("text", { class: "more", id: `more-${name}`, x: cut, y: y + (forward > 0 ? -14 : 23), "text-anchor": "middle" });
  const lane = draw("g", { id: `link-${name}`, class: "lane", role: "img" }, near, bridge, far, head, marks, waits);
  const pair = [Math.min(from, to), Math.max(from, to)];
  lane.append(draw("rect", { class: "touch", x: Math.min(x1, x2), y: y - 14, width: Math.abs(x2 - x1), height: 28 }));
  lane.addEventListener("click", () => openLinkMenu(...pair));
  laneParts[name] = { lane, waits };
  byId("links").append(lane);
}

function showLinks(state) {
  for (const [from, to] of LANES) {
    const link = linkOf(state, from, to);
    const { lane } = laneParts[laneName(from, to)];
    put(lane, "data-up", link.up);
    put(lane, "data-latency", link.latency);
    put(lane, "aria-label", `${NAMES[from]} to ${NAMES[to]}: ${link.up ? "open" : "cut"}, ${link.latency} ms`);
  }
  for (const [a, b] of PAIRS) showPair(a, b, linkOf(state, a, b), linkOf(state, b, a));
}

function showPair(a, b, there, back) {
  const button = pairButtons[laneName(a, b)];
  const cut = whatIsCut(a, b, there, back);
  const trip = `${Math.round(there.latency + back.latency)} ms`;
  put(button, "data-cut", Boolean(cut));
  put(button, "aria-label", `link of ${NAMES[a]} and ${NAMES[b]}, round trip ${trip}, ${cut || "open"}`);
  say(button, cut ? `${cut} · ${trip}` : trip);
}

/** "" where both lanes are open. */
function whatIsCut(a, b, there, back) {
  if (!there.up && !back.up) return "cut";
  if (!there.up) return `${NAMES[a]} > ${NAMES[b]} cut`;
  return back.up ? "" : `${NAMES[b]} > ${NAMES[a]} cut`;
}
