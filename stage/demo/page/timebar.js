"use strict";
// The time: a player over what is recorded.

/** Marks that the slider shows at most, the latest ones. */
const MOST_MARKS = 60;

function makeTimebar() {
  for (const { speed, label } of SPEEDS) {
    const button = make("button", { type: "button", "data-speed": speed, "aria-label": `speed ${label}` }, label);
    button.addEventListener("click", () => setSpeed(speed));
    byId("speeds").append(button);
  }
  byId("slider").addEventListener("input", (event) => seekTo(Number(event.target.value)));
  byId("pause").addEventListener("click", togglePause);
  byId("back").addEventListener("click", () => stepEvent(-1));
  byId("forward").addEventListener("click", () => stepEvent(1));
  byId("live").addEventListener("click", goLive);
  byId("marks").addEventListener("click", (event) => {
    if (event.target.dataset.at) seekTo(Number(event.target.dataset.at));
  });
}

function showTime({ time, live, paused, speed }, start, edge) {
  const bar = byId("time");
  put(bar, "data-live", live);
  put(bar, "data-paused", paused);
  put(bar, "data-speed", speed);
  put(byId("pause"), "aria-label", paused ? "go on" : "pause the time");
  put(byId("live"), "aria-pressed", live);
  for (const button of byId("speeds").children) put(button, "aria-pressed", Number(button.dataset.speed) === speed);
  const slider = byId("slider");
  put(slider, "min", Math.round(start));
  put(slider, "max", Math.round(edge));
  slider.value = Math.round(time);
  const ago = duration(edge - time);
  put(slider, "aria-valuetext", live ? "live" : `${ago} ago`);
  say(byId("moment"), live ? `${(time / 1000).toFixed(1)} s` : `-${ago}`);
  const past = byId("past");
  past.hidden = live;
  if (!live) {
    say(past.firstElementChild, `You look at the past, ${ago} ago`);
    say(past.lastElementChild, `${paused ? "The time stands still. " : ""}Live: l. What you do happens now.`);
  }
  put(byId("stage"), "data-live", live);
}

/** What has a mark at the slider: what was done, and what a scenario said. */
function marksOf(events) {
  const marks = [];
  for (let place = events.length - 1; place >= 0 && marks.length < MOST_MARKS; place -= 1) {
    const event = events[place];
    if (event.type === "note") marks.push({ at: event.at, kind: "note", text: noteText(event) });
    if (event.type === "caption" && event.text) marks.push({ at: event.at, kind: "caption", text: event.text });
  }
  return marks.reverse();
}

function noteText({ replica, text }) {
  return replica ? `${NAMES[replica] ?? replica}: ${text}` : text;
}

function showMarks(marks, start, edge) {
  const bar = byId("marks");
  while (bar.childElementCount > marks.length) bar.lastElementChild.remove();
  marks.forEach(({ at, kind, text }, place) => {
    const mark = bar.children[place] ?? bar.appendChild(make("span", {}));
    put(mark, "class", kind);
    put(mark, "data-at", at);
    put(mark, "data-note", text);
    put(mark, "title", text);
    mark.style.left = `${((at - start) / Math.max(edge - start, 1)) * 100}%`;
    mark.hidden = at < start || at > edge;
  });
}

// What moves the time; the buttons, the keys and the log all come here.

function seekTo(time) {
  player.seek(time);
}

function moveBy(ms) {
  const { edge } = recorded();
  if (player.time + ms >= edge) goLive();
  else seekTo(player.time + ms);
}

function togglePause() {
  player.pause(!player.paused);
}

function goLive() {
  player.goLive(recorded().edge);
}

function setSpeed(speed) {
  player.setSpeed(speed);
}

/** One step slower or faster. */
function changeSpeed(by) {
  const now = SPEEDS.findIndex(({ speed }) => speed === player.speed);
  const next = SPEEDS[Math.min(Math.max(now + by, 0), SPEEDS.length - 1)];
  setSpeed(next.speed);
}

/** To the next or the previous event that one can see, and there the time stands still. */
function stepEvent(by) {
  const seen = ["sent", "arrived", "lost", "note", "link", "replica"];
  const { events } = timeline;
  let place = by > 0 ? timeline.countAt(player.time) : timeline.countAt(player.time - 0.05) - 1;
  while (events[place] && (!seen.includes(events[place].type) || (by < 0 && events[place].at >= player.time))) place += by;
  player.pause(true);
  if (events[place]) seekTo(events[place].at);
}

/** To the mark before or after. */
function stepMark(by) {
  const marks = marksOf(timeline.events).filter(({ at }) => (by > 0 ? at > player.time + 1 : at < player.time - 1));
  const mark = by > 0 ? marks[0] : marks[marks.length - 1];
  if (mark) seekTo(mark.at);
}
