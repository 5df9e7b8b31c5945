"use strict";
// What is recorded: a state, and the events since. The state of any moment is folded from the nearest checkpoint.

/** How many events lie between two checkpoints, and are dropped at once. */
const CHECKPOINT = 256;

/** How long an event is kept, in milliseconds; the server keeps them as long. */
const KEPT = 5 * 60_000;

/** How many are kept at most: as many as the server keeps. */
const MOST = 150_000;

class Timeline {
  constructor({ base, events }) {
    this.events = [];
    /** The state before event 0, before event 256, and so on as far as they were needed. */
    this.checkpoints = [stateFrom(base)];
    this.forgetCursors();
    /** By message: how it was sent and what became of it, for those that have an event here or are flying. */
    this.messages = new Map();
    this.early = new Map();
    this.start = base.now;
    for (const flight of this.checkpoints[0].flying.values()) this.messages.set(flight.message, { ...flight });
    for (const event of events) this.insert(event);
  }

  /** Adds an event. Events come nearly in the order of their time: one goes back only a few places. */
  insert(event) {
    if (event.type === "sent") this.messages.set(event.message, { ...event, sent: event.at });
    if (event.type === "arrived" || event.type === "lost") {
      const message = this.messages.get(event.message);
      if (!message) {
        this.wait(event);
        return;
      }
      // One that was given up may have been in the pipe and arrive after all: what arrives was not lost.
      if (event.type === "lost" && message.arrived !== undefined) return;
      if (event.type === "arrived" && message.lost !== undefined) this.takeBackLoss(message);
      // Two processes tell of it, so the end may seem to come first. The fold needs the beginning first.
      event = { ...event, at: Math.max(event.at, message.sent + 0.1) };
      message[event.type] = event.at;
    }
    let place = this.events.length;
    while (place > 0 && this.events[place - 1].at > event.at) place -= 1;
    this.events.splice(place, 0, event);
    this.changedAt(place);
    if (event.type === "sent") {
      const end = this.early.get(event.message);
      this.early.delete(event.message);
      if (end) this.insert(end);
    }
  }

  /** What follows from the events from this place on has to be folded anew. */
  changedAt(place) {
    this.checkpoints.length = Math.min(this.checkpoints.length, Math.floor(place / CHECKPOINT) + 1);
    if (place < this.shown.count || place < this.newest.count) this.forgetCursors();
  }

  takeBackLoss(message) {
    const place = this.events.findLastIndex((event) => event.type === "lost" && event.message === message.message);
    delete message.lost;
    if (place < 0) return;
    this.events.splice(place, 1);
    this.changedAt(place);
  }

  /** Keeps the end of a message until its beginning comes. Of a message sent long ago it never does. */
  wait(event) {
    this.early.set(event.message, event);
    if (this.early.size > CHECKPOINT) this.early.delete(this.early.keys().next().value);
  }

  /** How many events have happened at a time. */
  countAt(time) {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle].at <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The states that were asked for last, since the next is mostly a few events later. */
  forgetCursors() {
    this.shown = { count: 0, state: this.checkpoints[0] };
    this.newest = { count: 0, state: this.checkpoints[0] };
  }

  /** The state at a time. */
  stateAt(time) {
    this.shown = this.stateAfter(this.countAt(time), this.shown);
    return this.shown.state;
  }

  /** The state as it is known now, which is the one that commands act on. */
  present() {
    this.newest = this.stateAfter(this.events.length, this.newest);
    return this.newest.state;
  }

  /** The state after so many events, from the nearest one known. */
  stateAfter(events, { count, state }) {
    const near = Math.min(Math.floor(events / CHECKPOINT), this.checkpoints.length - 1);
    if (count > events || count < near * CHECKPOINT) {
      count = near * CHECKPOINT;
      state = this.checkpoints[near];
    }
    for (; count < events; count += 1) {
      if (count === this.checkpoints.length * CHECKPOINT) this.checkpoints.push(state);
      state = apply(state, this.events[count]);
    }
    return { count, state };
  }

  /** Forgets the oldest events where they are too old or too many. */
  prune(now) {
    while (this.events.length > CHECKPOINT
      && (this.events.length > MOST || this.events[CHECKPOINT].at < now - KEPT)) {
      const base = this.stateAfter(CHECKPOINT, { count: 0, state: this.checkpoints[0] }).state;
      const dropped = this.events.splice(0, CHECKPOINT);
      this.checkpoints.shift();
      this.checkpoints[0] = base;
      this.forgetCursors();
      this.start = dropped[dropped.length - 1].at;
      this.forgetMessages(base.flying);
    }
  }

  /** Forgets the messages that were sent before all that is kept, but for those that were still flying then. */
  forgetMessages(flying) {
    for (const [id, { sent }] of this.messages) {
      // They stand in the order in which they were told, which is nearly that of their times.
      if (sent > this.start + 1000) break;
      if (sent <= this.start && !flying.has(id)) this.messages.delete(id);
    }
  }
}
