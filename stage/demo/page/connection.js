"use strict";
// What the server tells: a history, and each event from then on. After a gap it sends a history again.

/** How long to wait before another try, in milliseconds. */
const AGAIN = 1000;

/** The server says its time once a second. With less than this it is there. */
const SILENCE = 5000;

const LOST = "The demo does not answer, so the page stands still; it goes on when an answer comes. "
  + "If the demo has ended: start it anew, and open the address that it prints.";

const server = { ahead: null, heard: 0, ended: null };

function connect() {
  const source = new EventSource("/events");
  const hear = (name, use) => source.addEventListener(name, ({ data }) => {
    connected(true);
    use(JSON.parse(data));
  });
  hear("history", (history) => {
    // A demo that was started anew begins its time anew.
    server.ahead = null;
    tellNow(history.now);
    showHistory(history);
  });
  hear("event", hearEvent);
  hear("now", ({ now }) => tellNow(now));
  const watch = setInterval(() => {
    if (performance.now() - server.heard < SILENCE) return;
    lost();
  }, AGAIN);
  function lost() {
    clearInterval(watch);
    source.close();
    connected(false);
    setTimeout(connect, AGAIN);
  }
  server.heard = performance.now();
  source.onerror = lost;
}

function connected(yes) {
  server.heard = performance.now();
  const banner = byId("connection");
  if (banner.dataset.connected === String(yes)) return;
  // What is shown stands still from then on: nobody knows how it goes on.
  server.ended = yes ? null : serverNow();
  put(banner, "data-connected", yes);
  banner.hidden = yes;
  say(banner, yes ? "" : LOST);
}

/** The server's time is never behind what it says: what it says has been on its way. */
function tellNow(now) {
  const ahead = now - performance.now();
  // A clock that runs slower than the other is followed slowly.
  server.ahead = server.ahead === null ? ahead : Math.max(ahead, server.ahead - 1);
}

/** The server's time now. */
function serverNow() {
  return server.ended ?? performance.now() + (server.ahead ?? 0);
}
