"use strict";
// Measures over time, for the charts: a value stands until the next one.

class Series {
  constructor() {
    this.points = [];
  }

  /** Adds a value, which is later than all others but for a few. */
  add(at, value) {
    let place = this.points.length;
    while (place > 0 && this.points[place - 1].at > at) place -= 1;
    this.points.splice(place, 0, { at, value });
  }

  /** The value at a time. */
  at(time) {
    for (let place = this.points.length - 1; place >= 0; place -= 1) {
      if (this.points[place].at <= time) return this.points[place].value;
    }
    return 0;
  }

  /** Forgets what was before, but for the value that stood then. */
  prune(start) {
    const first = this.points.findIndex((point) => point.at > start);
    if (first > 1) this.points.splice(0, first - 1);
  }

  most() {
    return this.points.reduce((most, point) => Math.max(most, point.value), 0);
  }
}

/** All that the charts show, from the same events as all else. */
class Measures {
  constructor(base) {
    this.lag = new Series();
    this.stomps = new Series();
    this.differ = new Series();
    this.bytes = Object.fromEntries(PAIRS.map(([a, b]) => [laneName(a, b), new Series()]));
    this.carried = null;
    this.replicas = {};
    for (const replica of base.replicas) this.replicas[replica.replica] = replica;
    this.hear({ type: "carried", at: base.now, bytes: base.bytes });
    this.hear({ type: "verdict", at: base.now, differ: base.verdict.differ });
    this.sum(base.now);
  }

  hear(event) {
    if (event.type === "verdict") this.differ.add(event.at, event.differ);
    if (event.type === "carried") this.carry(event);
    if (event.type === "stage") {
      this.replicas = {};
      this.carried = null;
      this.sum(event.at);
    }
    if (event.type === "measured") {
      this.replicas[event.replica] = event;
      this.sum(event.at);
    }
  }

  /** The worst lag of all pairs, and the writes that were lost at any replica. */
  sum(at) {
    const all = Object.values(this.replicas);
    this.lag.add(at, Math.max(0, ...all.flatMap((replica) => Object.values(replica.lag))));
    this.stomps.add(at, all.reduce((sum, replica) => sum + replica.stomps, 0));
  }

  /** Bytes a second of each link, both ways, since the last time. */
  carry({ at, bytes }) {
    const before = this.carried;
    this.carried = { at, bytes: Object.fromEntries(bytes.map(([from, to, n]) => [laneName(from, to), n])) };
    if (!before || at <= before.at) return;
    for (const [a, b] of PAIRS) {
      const carried = (point) => (point.bytes[laneName(a, b)] ?? 0) + (point.bytes[laneName(b, a)] ?? 0);
      const rate = (Math.max(0, carried(this.carried) - carried(before)) * 1000) / (at - before.at);
      const series = this.bytes[laneName(a, b)];
      // Nothing is told while nothing is carried: the silence before this one was a rate of zero.
      const quiet = at - before.at > 1500;
      if (quiet) series.add(before.at, 0);
      series.add(quiet ? at - 500 : at, quiet ? rate * (at - before.at) / 500 : rate);
    }
  }

  prune(start) {
    for (const series of [this.lag, this.stomps, this.differ, ...Object.values(this.bytes)]) series.prune(start);
  }
}
