import assert from "node:assert/strict";
import { test } from "node:test";
import { base, load } from "./load.mjs";

const page = load();

test("a version is later by its counter, then by its writer", () => {
  const isLater = page("isLater");
  const object = (counter, writer) => ({ counter, writer });
  assert.equal(isLater(object(2, 1), object(1, 3)), true);
  assert.equal(isLater(object(2, 3), object(2, 1)), true);
  assert.equal(isLater(object(2, 1), object(2, 1)), false);
  assert.equal(isLater(null, object(1, 1)), false);
  assert.equal(isLater(object(1, 1), null), true);
});

test("the player is live, falls behind in slow motion, and catches up where it meets the edge", () => {
  const player = page("new Player()");
  player.advance(16, 0, 1000);
  assert.equal(player.time, 1000);
  player.setSpeed(0.1);
  player.advance(1000, 0, 2000);
  assert.deepEqual([player.time, player.live], [1100, false]);
  player.pause(true);
  player.advance(1000, 0, 3000);
  assert.equal(player.time, 1100);
  player.advance(16, 1500, 3000);
  assert.equal(player.time, 1500, "what is forgotten cannot be shown");
  player.pause(false);
  player.setSpeed(1);
  player.seek(2995);
  player.advance(16, 0, 3005);
  assert.equal(player.live, true);
});

test("measures: rates of bytes, the worst lag, all stomps", () => {
  const measures = new (page("Measures"))(base());
  measures.hear({ type: "carried", at: 1000, bytes: [[1, 2, 500], [2, 1, 500]] });
  measures.hear({ type: "carried", at: 1500, bytes: [[1, 2, 1500], [2, 1, 500]] });
  measures.hear({ type: "measured", at: 1500, replica: 1, lag: { 2: 0, 3: 7 }, stomps: 2 });
  measures.hear({ type: "measured", at: 1600, replica: 2, lag: { 1: 1, 3: 3 }, stomps: 1 });
  const { bytes, lag, stomps } = measures;
  assert.deepEqual([bytes["us-de"].at(1600), lag.at(1600), stomps.at(1600), lag.at(1400)], [2000, 7, 3, 0]);
});
