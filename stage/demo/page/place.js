"use strict";
// Where a message is on its way: 0 at the sender, 1 at the receiver.

/** Where a lane is cut. */
const CUT = 0.5;

/** The difference that clocks and scheduling make: an arrival within it is an arrival in time, in milliseconds. */
const SLACK = 40;

/**
 * How far a message has come at a time, and whether it waits there. `link` is its lane at that time; `arrived` is
 * when it will arrive, where that is known: the page shows the past, so mostly it is.
 */
function placeOf(message, link, time, arrived) {
  const latency = Math.max(message.latency, 1);
  const flown = (time - message.sent) / latency;
  const took = arrived - message.sent;
  if (took <= latency * 1.25 + SLACK) return { way: within((time - message.sent) / took), waits: false };
  if (!link.up) return beforeCut(message, link, flown, latency);
  // It should have arrived before the link was healed, so it was held at the cut and goes on from there.
  if (link.turned > message.sent + latency) {
    const since = (time - link.turned) / Math.min(latency / 2, Math.max(arrived - link.turned, 1) || latency / 2);
    return waitingAt(CUT + since * (1 - CUT), 1);
  }
  return waitingAt(flown, 1);
}

/** On a lane that is cut nothing arrives: what had passed the cut when it was made stays where it was. */
function beforeCut(message, link, flown, latency) {
  const wasAt = (link.turned - message.sent) / latency;
  return waitingAt(flown, Math.max(CUT, within(wasAt)));
}

function waitingAt(way, end) {
  return { way: within(Math.min(way, end)), waits: way >= end };
}

function within(way) {
  return Math.min(Math.max(way, 0), 1);
}

/**
 * Messages drawn as one: of one kind, one after the other, so near that their signs would lie on each other.
 * `placed` are of one lane in the order in which they were sent; `near` is a part of the way.
 */
function groups(placed, near) {
  const found = [];
  const open = new Map();
  for (const one of placed) {
    const name = `${one.message.kind} ${one.waits}`;
    const group = open.get(name);
    // Grouped by when they were sent, not by where they are, so that a group stays together on its way.
    const apart = group && !one.waits && (one.message.sent - group.last.sent) / Math.max(one.message.latency, 1) > near;
    if (group && !apart) {
      group.messages.push(one.message);
      continue;
    }
    const fresh = { kind: one.message.kind, way: one.way, waits: one.waits, last: one.message, messages: [one.message] };
    open.set(name, fresh);
    found.push(fresh);
  }
  return found;
}
