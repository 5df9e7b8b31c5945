"use strict";
// The state of the cluster as a fold over its events. A state is never changed, only followed by another, so that
// a checkpoint costs nothing but a reference.

/** The state that the server sends, in the form that `apply` goes on from. */
function stateFrom(sent) {
  return {
    replicas: sent.replicas.map((replica) => ({ ...replica, objects: withTime(replica.objects, -Infinity) })),
    links: sent.links.map((link) => ({ ...link, turned: -Infinity })),
    flying: new Map(sent.flying.map((message) => [message.message, flight(sent.links, message, message.sent)])),
    bytes: sent.bytes,
    verdict: sent.verdict,
    load: sent.load,
    caption: sent.caption,
    arguments: sent.arguments,
  };
}

/** The state after an event. Of an unknown type nothing follows: a newer server may tell more. */
function apply(state, event) {
  const follows = Object.hasOwn(FOLLOWS, event.type) ? FOLLOWS[event.type] : () => ({});
  return { ...state, ...follows(state, event) };
}

/** What follows from an event, by its type: the parts of the state that are new. */
const FOLLOWS = {
  stage: (state, event) => ({
    replicas: state.replicas.map((replica) => ({
      ...replica, objects: {}, total: 0, lag: {}, stomps: 0, collected: 0, suspects: [],
    })),
    flying: new Map(),
    bytes: [],
    verdict: { differ: 0, since: event.at, keys: [], unknown: [] },
    load: 0,
    arguments: event.arguments,
  }),

  replica: (state, { replica, state: now, why }) => ({
    replicas: withReplica(state.replicas, replica, () => ({ state: now, why })),
  }),

  link: (state, { from, to, up, latency, at }) => ({
    links: state.links.map((link) => {
      if (link.from !== from || link.to !== to) return link;
      return { ...link, up, latency, turned: up === link.up ? link.turned : at };
    }),
  }),

  sent: (state, event) => ({
    flying: new Map(state.flying).set(event.message, flight(state.links, event, event.at)),
  }),

  arrived: (state, { message }) => ({ flying: without(state.flying, message) }),
  lost: (state, { message }) => ({ flying: without(state.flying, message) }),

  objects: (state, { replica, set, gone, total, at }) => ({
    replicas: withReplica(state.replicas, replica, ({ objects }) => {
      const now = { ...objects, ...withTime(set, at) };
      for (const key of gone) delete now[key];
      return { objects: now, total };
    }),
  }),

  measured: (state, { replica, lag, stomps, collected, suspects }) => ({
    replicas: withReplica(state.replicas, replica, () => ({ lag, stomps, collected, suspects })),
  }),

  carried: (_, { bytes }) => ({ bytes }),
  verdict: (_, { differ, since, keys, unknown }) => ({ verdict: { differ, since, keys, unknown } }),
  load: (_, { per_second }) => ({ load: per_second }),
  caption: (_, { type, seq, at, ...caption }) => ({ caption }),
};

/** A message on its way. It keeps the latency that its link had when it was sent. */
function flight(links, { message, from, to, stream, kind, label }, sent) {
  const link = links.find((link) => link.from === from && link.to === to);
  return { message, from, to, stream, kind, label, sent, latency: link ? link.latency : 0 };
}

function without(flying, message) {
  if (!flying.has(message)) return flying;
  const rest = new Map(flying);
  rest.delete(message);
  return rest;
}

function withReplica(replicas, id, change) {
  return replicas.map((replica) => (replica.replica === id ? { ...replica, ...change(replica) } : replica));
}

/** Each object with the time at which it was seen to change. */
function withTime(objects, changed) {
  return Object.fromEntries(Object.entries(objects).map(([key, object]) => [key, { ...object, changed }]));
}

/** The link of a state from one replica to another. */
function linkOf(state, from, to) {
  return state.links.find((link) => link.from === from && link.to === to) ?? { from, to, up: true, latency: 0, turned: -Infinity };
}

/** A replica of a state. */
function replicaOf(state, id) {
  return state.replicas.find((replica) => replica.replica === id);
}
