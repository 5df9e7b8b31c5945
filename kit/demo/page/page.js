"use strict";
setInterval(async () => {
  const state = await (await fetch("/state")).json();
  document.getElementById("state").textContent = JSON.stringify(state, null, 1);
}, 500);
