"use strict";
// The message log: rows up to the moment shown, the newest at the bottom.

/** Rows in the log, as many as the largest view has room for. Who wants to see earlier ones goes back in time. */
const MOST_ROWS = 50;

/** The least time between two changes, in milliseconds: it costs more than all else that is drawn. */
const BETWEEN = 300;

const hidden = new Set();
const shownLog = { timeline: null, count: 0, last: null, text: 0, at: 0 };

function makeLog() {
  for (const kind of [...KINDS, NOTE]) {
    const button = make("button", { type: "button", "data-kind": kind, "aria-pressed": "true" }, kindSign(kind), kind);
    button.addEventListener("click", () => {
      if (!hidden.delete(kind)) hidden.add(kind);
      put(button, "aria-pressed", !hidden.has(kind));
      shownLog.timeline = null;
    });
    byId("kinds").append(button);
  }
  const seekRow = (event) => {
    const row = event.target.closest("[data-at]");
    if (row) seekTo(Number(row.dataset.at));
  };
  byId("log").addEventListener("click", seekRow);
  byId("log").addEventListener("keydown", (event) => {
    if (event.key === "Enter") seekRow(event);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by) walkRows(by);
    if (by) event.preventDefault();
  });
}

/** The arrow keys go from row to row, from the newest on. */
function walkRows(by) {
  const rows = [...byId("log").children];
  const now = rows.indexOf(document.activeElement);
  rows[now < 0 ? rows.length - 1 : Math.min(Math.max(now + by, 0), rows.length - 1)]?.focus();
}

function showLog(timeline, time) {
  const text = labelWidth();
  const count = timeline.countAt(time);
  // The last event tells whether others were put in before it, or dropped.
  const goesOn = shownLog.timeline === timeline && shownLog.text === text && count >= shownLog.count
    && timeline.events[shownLog.count - 1] === shownLog.last;
  const now = performance.now();
  if (goesOn && (count === shownLog.count || now - shownLog.at < BETWEEN)) return;
  const log = byId("log");
  // Rows beyond these would be dropped again at once.
  const rows = rowsBefore(timeline, count, goesOn ? shownLog.count : 0, text);
  if (goesOn) log.append(...rows);
  else log.replaceChildren(...rows);
  while (log.childElementCount > MOST_ROWS) log.firstElementChild.remove();
  if (rows.length > 0) log.scrollTop = log.scrollHeight;
  say(byId("log-head"), headRow(text));
  Object.assign(shownLog, { timeline, count, last: timeline.events[count - 1], text, at: now });
}

/** The rows of the events up to one, beginning no earlier than another. */
function rowsBefore(timeline, end, begin, text) {
  const rows = [];
  for (let place = end - 1; place >= begin && rows.length < MOST_ROWS; place -= 1) {
    const event = timeline.events[place];
    const message = timeline.messages.get(event.message);
    const kind = event.type === "note" ? NOTE : message?.kind;
    const words = hidden.has(kind) ? null : rowOf(event, message, text);
    if (words) rows.push(rowElement(event, kind, words, message?.label));
  }
  return rows.reverse();
}

function rowElement(event, kind, words, label) {
  return make("div", {
    class: `row ${kind}`, title: label, tabindex: -1,
    "data-at": event.at, "data-kind": kind, "data-type": event.type, "data-message": event.message,
  }, ...barsApart(words));
}

/** The bars of the columns are drawn quietly, so that what was said stands out. */
function barsApart(words) {
  return words.split(/([│┼]+)/).map((part) => (/^│/.test(part) ? make("i", {}, part) : part));
}

/** How many characters of a label fit in a column, so that all three columns are seen. */
function labelWidth() {
  if (!shownLog.letter || shownLog.size !== window.innerWidth * 10_000 + window.innerHeight) {
    shownLog.size = window.innerWidth * 10_000 + window.innerHeight;
    const probe = make("span", { class: "probe" }, "x".repeat(100));
    byId("log-head").append(probe);
    shownLog.letter = probe.getBoundingClientRect().width / 100;
    probe.remove();
    shownLog.width = byId("log").clientWidth;
    shownLog.timeline = null;
  }
  const columns = Math.floor(shownLog.width / shownLog.letter) - TIME - 3;
  return Math.max(10, Math.min(28, Math.floor(columns / REPLICAS.length) - HEAD - SHAFT));
}
