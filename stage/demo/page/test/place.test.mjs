import assert from "node:assert/strict";
import { test } from "node:test";
import { load, plain } from "./load.mjs";

const page = load();
const [placeOf, groups] = [page("placeOf"), page("groups")];
const message = { message: 1, kind: "check", sent: 100, latency: 40 };
const open = { up: true, latency: 40, turned: -Infinity };
const ways = (link, times, arrived) => plain(times.map((at) => placeOf(message, link, at, arrived).way));

test("a message goes in the time of its link, and waits at the end for what is not told yet", () => {
  assert.deepEqual(ways(open, [100, 120, 140, 200]), [0, 0.5, 1, 1]);
  assert.equal(placeOf(message, open, 200).waits, true);
});

test("where its arrival is known, it is there then", () => {
  assert.deepEqual(ways(open, [100, 150, 200], 150), [0, 1, 1]);
});

test("on a lane that is cut it waits at the cut", () => {
  const cut = { ...open, up: false, turned: 90 };
  assert.deepEqual(ways(cut, [110, 120, 500]), [0.25, 0.5, 0.5]);
  assert.equal(placeOf(message, cut, 500).waits, true);
});

test("what had passed the cut when it was made stays where it was", () => {
  assert.deepEqual(ways({ ...open, up: false, turned: 130 }, [128, 135, 500]), [0.7, 0.75, 0.75]);
});

test("when the lane is healed it goes on from the cut", () => {
  assert.deepEqual(ways({ ...open, turned: 1000 }, [1000, 1010, 1020, 1100]), [0.5, 0.75, 1, 1]);
});

test("messages of a kind that are near each other are drawn as one", () => {
  const placed = [100, 101, 102, 130].map((at, n) => ({ message: { ...message, message: n, sent: at }, way: 0.1, waits: false }));
  assert.deepEqual(plain(groups(placed, 0.05).map((group) => group.messages.map((one) => one.message))), [[0, 1, 2], [3]]);
});
