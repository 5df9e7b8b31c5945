import assert from "node:assert/strict";
import { test } from "node:test";
import { load, sent } from "./load.mjs";

const page = load();

test("a row has the form of the snapshots", () => {
  const rowOf = page("rowOf");
  const change = { ...sent(0, 2, 1, 3) };
  const row = (event, message) => rowOf(event, message, 16);
  const rows = [
    page("headRow")(16),
    row({ ...sent(0, 2, 1, 2) }, sent(0, 2, 1, 2)),
    row(change, change),
    row({ at: 40, type: "arrived" }, sent(0, 2, 1, 2)),
    row(sent(40, 2, 2, 1, "ack", "ack 2, credit 1"), sent(40, 2, 2, 1, "ack", "ack 2, credit 1")),
    row({ at: 80, type: "arrived" }, sent(40, 2, 2, 1, "ack", "ack 2, credit 1")),
    row({ at: 95, type: "lost" }, sent(80, 3, 2, 3)),
    row({ at: 100, type: "note", replica: 2, text: "killed" }),
  ];
  assert.equal(rows.join("\n"), `
       s │  replica 1  us       │  replica 2  de       │  replica 3  sg
   0.000 │  change 2@1 ─────────┤                      │
   0.000 │  change 2@1 ─────────┼──────────────────────┤
   0.040 │                      ├▶ change 2@1          │
   0.040 │                      ├─ ack 2, credit 1     │
   0.080 │  ack 2, credit 1 ◀───┤                      │
   0.095 │                      │  change 3@2 ─────────x  lost
   0.100 │                      │  * killed            │`.slice(1));
});
