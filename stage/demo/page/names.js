"use strict";
// The names of the cluster, and how versions and times are said.

const REPLICAS = [1, 2, 3];
const NAMES = { 1: "us", 2: "de", 3: "sg" };
const TITLES = { 1: "United States", 2: "Germany", 3: "Singapore" };

/** The links, each with its two directions. */
const PAIRS = [[1, 2], [2, 3], [1, 3]];

/** All ways that a message may go. */
const LANES = PAIRS.flatMap(([a, b]) => [[a, b], [b, a]]);

/** Kinds of messages, in the order in which one meets them. */
const KINDS = ["change", "ack", "check", "repair", "complete", "open"];

/** What the log also shows. */
const NOTE = "note";

/** Titles of scenarios that seven buttons in a row have room for. */
const SHORT_TITLES = {
  quiet: "quiet", partition: "partition", stomp: "stomp", tombstone: "delete", slow: "slow peer", returns: "an hour away",
  "no-streaming": "no streams",
};

/** "us-de" for what us sends to de. */
function laneName(from, to) {
  return `${NAMES[from]}-${NAMES[to]}`;
}

/** "5@us", or "none" where a replica holds nothing. */
function versionText(object) {
  return object ? `${object.counter}@${NAMES[object.writer] ?? object.writer}` : "none";
}

/** Whether one object comes after another in the order that all replicas share: counter, then writer. */
function isLater(object, than) {
  if (!object || !than) return Boolean(object);
  return object.counter - than.counter > 0 || (object.counter === than.counter && object.writer > than.writer);
}

/** Milliseconds as seconds: "3.4 s", "2 min 5 s". */
function duration(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** "1 key", "2 keys". */
function count(n, word) {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

/** Names as people say them: "us", "us and de", "us, de and sg". */
function list(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
