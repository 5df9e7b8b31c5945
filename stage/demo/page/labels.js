"use strict";
// The labels of messages: beside their signs, as many as have room, and never one on another.

/** With more signs than this, labels are only in the way. */
const MOST_LABELLED = 12;

/** The width of a letter of a label, in units of the drawing. */
const LETTER = 7.9;

/** Gives each sign `text`, and `aside`, which is how far its label stands from it so that it stays on its lane. */
function placeLabels(signs) {
  const few = signs.length <= MOST_LABELLED;
  const taken = new Map(LANES.map(([from, to]) => [laneName(from, to), []]));
  // A loss is what one wants to read first, then a change; what opens a stream can wait.
  const order = [...signs].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  for (const sign of order) {
    const { left, right } = RUNS[sign.lane.run];
    sign.text = cutText(sign.count > 1 ? `${sign.label}, +${sign.count - 1}` : sign.label, Math.floor((right - left + 8) / LETTER));
    const half = (sign.text.length * LETTER) / 2;
    const middle = Math.min(Math.max(sign.x, left + half - 4), right - half + 4);
    const others = taken.get(sign.lane.name);
    const free = others.every((other) => Math.abs(other.middle - middle) > other.half + half + 6);
    sign.aside = middle - sign.x;
    sign.labelled = few && free && sign.text !== "";
    if (sign.labelled) others.push({ middle, half });
  }
  // The number beside a sign gives way to the labels of others.
  for (const sign of order) {
    const others = taken.get(sign.lane.name);
    sign.counted = sign.count > 1 && others.every((other) => Math.abs(other.middle - sign.x - 12) > other.half + 10);
  }
}
