// The page's scripts are classic ones, which share their names. Here they run one after the other in a context of
// their own, as they do in a browser.
import { readFileSync } from "node:fs";
import vm from "node:vm";

/** The parts that need no browser, in their order. */
const PURE = ["names.js", "state.js", "timeline.js", "player.js", "place.js", "rows.js", "series.js"];

/** Gives what an expression says in the page, for example `page("Timeline")`. */
export function load() {
  const context = vm.createContext({});
  for (const name of PURE) {
    vm.runInContext(readFileSync(new URL(`../${name}`, import.meta.url), "utf8"), context, { filename: name });
  }
  return (expression) => vm.runInContext(expression, context);
}

/** Objects of another context have other prototypes, which a strict comparison minds. */
export function plain(value) {
  return JSON.parse(JSON.stringify(value));
}

/** A state as the server sends it: three replicas that hold nothing, all links open. */
export function base(now = 0) {
  const replica = (id, name) => ({
    replica: id, name, title: name, state: "running", why: null, objects: {}, total: 0, lag: {}, stomps: 0, collected: 0, suspects: [],
  });
  const pairs = [[1, 2, 40], [2, 1, 40], [2, 3, 75], [3, 2, 75], [1, 3, 110], [3, 1, 110]];
  return {
    seq: 0, now, replicas: [replica(1, "us"), replica(2, "de"), replica(3, "sg")],
    links: pairs.map(([from, to, latency]) => ({ from, to, up: true, latency })),
    flying: [], bytes: [], verdict: { differ: 0, since: 0, keys: [], unknown: [] }, load: 0, caption: null, arguments: [], mine: null,
  };
}

/** An event that says that a message is sent. */
export function sent(at, message, from, to, kind = "change", label = `change ${message}@${from}`) {
  return { seq: message, at, type: "sent", message, from, to, stream: "replication", kind, label };
}
