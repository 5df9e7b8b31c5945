"use strict";
// Which moment is shown. Times are milliseconds since the demo began; nothing here reads a clock.

const SPEEDS = [{ speed: 1, label: "1" }, { speed: 0.25, label: "1/4" }, { speed: 0.1, label: "1/10" }, { speed: 0.04, label: "1/25" }];

/** How far the live edge lies behind now: what happened until then is told by then. */
const EDGE = 400;

class Player {
  constructor() {
    this.time = 0;
    this.live = true;
    this.paused = false;
    this.speed = 1;
  }

  /** Some time has gone by, and so much is recorded. */
  advance(elapsed, start, edge) {
    if (!this.live && !this.paused) this.time += elapsed * this.speed;
    if (this.live || (this.time >= edge && this.speed === 1)) this.goLive(edge);
    this.time = Math.min(Math.max(this.time, start), edge);
  }

  goLive(edge) {
    this.live = true;
    this.paused = false;
    this.speed = 1;
    this.time = edge;
  }

  /** Shows another moment, and stays there where the time stands still. */
  seek(time) {
    this.time = time;
    this.live = false;
  }

  pause(paused) {
    this.paused = paused;
    this.live = false;
  }

  /** Slow motion falls behind what happens, so it is never live. */
  setSpeed(speed) {
    this.speed = speed;
    if (speed !== 1) this.live = false;
    this.paused = false;
  }
}
