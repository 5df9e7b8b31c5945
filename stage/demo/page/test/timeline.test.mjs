import assert from "node:assert/strict";
import { test } from "node:test";
import { base, load, plain, sent } from "./load.mjs";

const page = load();
const Timeline = page("Timeline");
const object = (value, counter, writer) => ({ value, counter, writer, deleted: value === null });
const objects = (at, replica, set, gone = []) => ({ seq: 0, at, type: "objects", replica, set, gone, total: 9 });
const timeline = (events) => new Timeline({ base: base(), events });
const flying = (line, at) => [...line.stateAt(at).flying.keys()];

test("a state is what the events up to its moment make of it", () => {
  const line = timeline([
    objects(10, 1, { apple: object("red", 1, 1), pear: object("green", 2, 1) }),
    objects(20, 1, { apple: object(null, 3, 2) }, ["pear"]),
    { seq: 3, at: 30, type: "link", from: 1, to: 2, up: false, latency: 40 },
    { seq: 4, at: 40, type: "replica", replica: 3, state: "down", why: "killed" },
  ]);
  const held = (at) => Object.entries(line.stateAt(at).replicas[0].objects).map(([key, { value }]) => `${key} ${value}`);
  assert.deepEqual(plain([5, 15, 25].map(held)), [[], ["apple red", "pear green"], ["apple null"]]);
  assert.deepEqual(plain([25, 35].map((at) => line.stateAt(at).links[0].up)), [true, false]);
  assert.deepEqual(plain([35, 45].map((at) => line.stateAt(at).replicas[2].state)), ["running", "down"]);
});

test("going back gives the same states as going forward", () => {
  const events = Array.from({ length: 3000 }, (_, n) => (n % 2 ? { seq: n, at: n, type: "arrived", message: n - 1 } : sent(n, n, 1, 2)));
  const line = timeline(events);
  const forward = [10, 700, 1500.5, 2999].map((at) => flying(line, at));
  assert.deepEqual([2999, 1500.5, 700, 10].map((at) => flying(line, at)).reverse(), forward);
  assert.deepEqual(forward, [[10], [700], [1500], []]);
});

test("an event that comes late takes its place, and the states behind it change", () => {
  const line = timeline([objects(10, 1, { apple: object("red", 1, 1) }), objects(30, 1, { fig: object("blue", 2, 1) })]);
  assert.equal(Object.keys(line.stateAt(40).replicas[0].objects).length, 2);
  line.insert(objects(20, 1, { pear: object("green", 2, 1) }));
  assert.deepEqual(Object.keys(line.stateAt(40).replicas[0].objects).sort(), ["apple", "fig", "pear"]);
  assert.deepEqual(Object.keys(line.stateAt(25).replicas[0].objects).sort(), ["apple", "pear"]);
});

test("an arrival that is told before its message was sent is kept until then", () => {
  const line = timeline([{ seq: 1, at: 50, type: "arrived", message: 7 }, sent(10, 7, 1, 2)]);
  assert.deepEqual([5, 20, 60].map((at) => flying(line, at)), [[], [7], []]);
});

test("what was given up and arrives after all was not lost", () => {
  const line = timeline([sent(10, 7, 1, 2), { seq: 2, at: 30, type: "lost", message: 7 }]);
  assert.deepEqual(flying(line, 35), []);
  line.insert({ seq: 3, at: 60, type: "arrived", message: 7 });
  assert.deepEqual(flying(line, 35), [7]);
  assert.deepEqual(flying(line, 61), []);
  assert.ok(line.events.every(({ type }) => type !== "lost"));
});

test("a stage begins anew", () => {
  const line = timeline([
    objects(10, 1, { apple: object("red", 1, 1) }), sent(15, 7, 1, 2),
    { seq: 3, at: 16, type: "load", per_second: 20 },
    { seq: 4, at: 17, type: "verdict", differ: 1, since: 17, keys: ["apple"], unknown: [2] },
    { seq: 5, at: 20, type: "stage", arguments: ["--x"] },
  ]);
  const { replicas, flying, load, verdict, arguments: given } = line.stateAt(20);
  assert.deepEqual(plain([replicas[0].objects, flying.size, load, verdict.differ, given]), [{}, 0, 0, 0, ["--x"]]);
});

test("what is older than five minutes is forgotten, and what is left is the same", () => {
  const events = Array.from({ length: 4000 }, (_, n) => objects(n * 100, 1, { [`k${n % 50}`]: object("v", n, 1) }));
  const line = timeline(events);
  const before = JSON.stringify(line.stateAt(399_000));
  line.prune(400_000);
  assert.ok(line.events.length < 3300 && line.start > 70_000, `${line.events.length} events from ${line.start}`);
  assert.equal(JSON.stringify(line.stateAt(399_000)), before);
});

test("an hour under load leaves no more than five minutes", () => {
  const line = timeline([]);
  for (let second = 0; second < 3600; second += 1) {
    for (let n = 0; n < 20; n += 1) {
      const message = second * 20 + n;
      line.insert(sent(second * 1000 + n, message, 1, 2));
      // One in twenty never comes to an end, as when a replica is killed.
      if (n > 0) line.insert({ seq: 0, at: second * 1000 + n + 500, type: "arrived", message });
    }
    if (second % 300 === 299) line.insert({ seq: 0, at: second * 1000 + 999, type: "stage", arguments: [] });
    line.prune(second * 1000);
  }
  assert.ok(line.events.length < 13_000, `${line.events.length} events`);
  assert.ok(line.messages.size < 7_000, `${line.messages.size} messages`);
});
