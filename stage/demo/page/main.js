"use strict";
// The page: what is recorded, the moment shown, and the drawing of it, frame by frame.

let timeline = new Timeline({
  base: {
    now: 0,
    replicas: REPLICAS.map((replica) => ({
      replica, name: NAMES[replica], title: TITLES[replica], state: "starting", why: null,
      objects: {}, total: 0, lag: {}, stomps: 0, collected: 0, suspects: [],
    })),
    links: LANES.map(([from, to]) => ({ from, to, up: true, latency: 0 })),
    flying: [], bytes: [], verdict: { differ: 0, since: 0, keys: [], unknown: REPLICAS }, load: 0, caption: null, arguments: [],
  },
  events: [],
});
let measures = null;
const player = new Player();

/** What is drawn less often than each frame, in milliseconds. */
const SELDOM = 500;
let seldom = 0;
let frame = 0;

/** All that was told before is replaced. The moment shown stays, where it is still recorded. */
function showHistory(history) {
  timeline = new Timeline(history);
  measures = new Measures(history.base);
  for (const event of timeline.events) measures.hear(event);
  makeScenes(history.base.scenarios ?? []);
  showMine(history.base.mine);
  if (player.time > history.now) player.goLive(recorded().edge);
  seldom = 0;
}

function hearEvent(event) {
  timeline.insert(event);
  measures?.hear(event);
}

/** From when to when there is something to show. */
function recorded() {
  const edge = Math.max(serverNow() - EDGE, 0);
  return { start: Math.min(timeline.start, edge), edge };
}

function show(now) {
  requestAnimationFrame(show);
  if (!measures) return;
  const { start, edge } = recorded();
  player.advance(now - frame, start, edge);
  frame = now;
  const state = timeline.stateAt(player.time);
  const present = timeline.present();
  showVerdict(state, player.time);
  showCaption(state.caption, present.caption);
  showLinks(state);
  showMessages(timeline, state, player);
  showCards(state, player);
  showTime(player, start, edge);
  showLog(timeline, player.time);
  showLoad(present.load);
  showChosen();
  showCursor(measures, player.time, start, edge);
  if (now - seldom > SELDOM) {
    seldom = now;
    showMarks(marksOf(timeline.events), start, edge);
    showCharts(measures, start, edge);
    timeline.prune(edge);
    measures.prune(timeline.start);
  }
}

makeGlyphs();
drawMap();
makeLinks();
makeCards();
makeLog();
makeCharts();
makeTimebar();
makeCommands();
makeMenu();
makeKeys();
connect();
requestAnimationFrame(show);
