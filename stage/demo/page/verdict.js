"use strict";
// The one verdict: whether all replicas hold the same.

function showVerdict(state, time) {
  const { differ, since, keys, unknown } = state.verdict;
  const verdict = differ > 0 ? "differ" : unknown.length > 0 ? "unknown" : "converged";
  const element = byId("verdict");
  put(element, "data-verdict", verdict);
  put(element, "data-differ", differ);
  const [sign, words, names] = ["sign", "words", "names"].map((part) => element.querySelector(`.${part}`));
  say(sign, { converged: "=", differ: "≠", unknown: "?" }[verdict]);
  const all = unknown.length === state.replicas.length;
  say(words, verdictWords(verdict, differ, all, time - since));
  say(names, namesText(keys, differ, unknown));
  // What is spoken holds no running clock: it would be read out ten times a second.
  say(element.querySelector(".spoken"), `${verdictWords(verdict, differ, all)} ${namesText(keys, differ, unknown)}`);
}

function verdictWords(verdict, differ, allUnknown, since) {
  if (verdict === "converged") return "converged";
  if (verdict === "unknown") return allUnknown ? "nobody answers" : "the same, as far as known";
  const words = differ === 1 ? "1 key differs" : `${differ} keys differ`;
  return since === undefined ? words : `${words}, for ${duration(since)}`;
}

/** Who does not answer comes first: it is short, and the names of keys may be cut off. */
function namesText(keys, differ, unknown) {
  const parts = [];
  if (unknown.length > 0 && unknown.length < Object.keys(NAMES).length) {
    parts.push(`${list(unknown.map((id) => NAMES[id] ?? id))} ${unknown.length === 1 ? "does" : "do"} not answer`);
  }
  if (differ > 0) parts.push(keys.join(", ") + (differ > keys.length ? ", ..." : ""));
  return parts.join(" · ");
}

/** What is still open in the attendee's own crates, where those run. */
function showMine(mine) {
  const banner = byId("mine");
  banner.hidden = !mine;
  if (!mine) return;
  const open = mine.length === 0 ? "no exercise is open" : `${count(mine.length, "exercise")} open`;
  say(banner, `Your own code, ${open}${mine.length > 0 ? `: ${mine[0]}${mine.length > 1 ? " ..." : ""}` : ""}`);
  banner.title = mine.join("\n");
}
