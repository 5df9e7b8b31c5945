"use strict";
// Rows of the message log, in the form of the diagrams that the chapters' snapshots hold: a column for each replica,
// and an arrow from the sender's into the receiver's. What is sent and what arrives are rows of their own.

const TIME = 8;
const HEAD = 3;
const SHAFT = 4;

/** The row above all others. */
function headRow(text) {
  const row = emptyRow(text);
  REPLICAS.forEach((id, column) => row.write(row.bar(column) + HEAD, `replica ${id}  ${NAMES[id]}`));
  return `${"s".padStart(TIME)} ${row.text()}`;
}

/** The row of an event, with labels of `text` characters at most; null where the log shows nothing. */
function rowOf(event, message, text) {
  if (event.type === "note") return noteRow(event, text);
  if (!message || !["sent", "arrived", "lost"].includes(event.type)) return null;
  const row = emptyRow(text);
  const [from, to] = [message.from - 1, message.to - 1];
  const label = cutText(message.label, text);
  if (event.type === "arrived") drawArrived(row, from, to, label);
  else drawSent(row, from, to, label, event.type === "lost");
  return rowText(event.at, row);
}

function noteRow(event, text) {
  const row = emptyRow(text);
  row.write(row.bar((event.replica ?? 1) - 1) + HEAD, `* ${event.text}`);
  return rowText(event.at, row);
}

function rowText(at, row) {
  return `${(at / 1000).toFixed(3).padStart(TIME)} ${row.text()}`;
}

function drawSent(row, from, to, label, lost) {
  const rightwards = from < to;
  const edge = row.bar(rightwards ? to : to + 1);
  const tail = row.bar(from) + HEAD;
  row.write(tail, label);
  if (rightwards) row.shaft(tail + label.length + 1, edge);
  else row.shaft(edge + 1, tail - 1);
  row.write(edge, lost ? "x" : rightwards ? "┤" : "├");
  if (lost) row.write(rightwards ? edge + HEAD : edge - "lost ".length, "lost");
}

function drawArrived(row, from, to, label) {
  row.write(row.bar(to) + HEAD, label);
  if (from < to) {
    row.write(row.bar(to), "├▶");
    return;
  }
  const head = row.bar(to) + HEAD + label.length + 1;
  row.write(head, "◀");
  row.shaft(head + 1, row.bar(to + 1));
  row.write(row.bar(to + 1), "┤");
}

function emptyRow(text) {
  const width = HEAD + text + SHAFT;
  const cells = [];
  const row = {
    bar: (column) => column * width,
    write(at, words) {
      while (cells.length < at) cells.push(" ");
      [...words].forEach((cell, place) => { cells[at + place] = cell; });
    },
    /** A bar on its way is crossed. */
    shaft(from, to) {
      for (let at = from; at < to; at += 1) row.write(at, cells[at] === "│" ? "┼" : "─");
    },
    text: () => cells.map((cell) => cell ?? " ").join("").trimEnd(),
  };
  for (let column = 0; column < REPLICAS.length; column += 1) row.write(row.bar(column), "│");
  return row;
}

function cutText(label, most) {
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}
