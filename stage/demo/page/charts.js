"use strict";
// Charts over the recorded time. They share their axis with each other, and a line stands at the moment shown.

const WIDE = 1000;
const HIGH = 100;

/** Which chart shows which lines. `least` keeps a calm axis while little happens. */
const CHARTS = [
  {
    id: "lag", title: "lag", unit: "changes behind, the worst pair", least: 4,
    lines: [{ name: "", series: (m) => m.lag, class: "area" }],
  },
  {
    id: "bytes", title: "bytes a second", unit: "", least: 1000,
    lines: PAIRS.map(([a, b]) => laneName(a, b))
      .map((name) => ({ name, series: (m) => m.bytes[name], class: `line ${name}` })),
  },
  {
    id: "conflicts", title: "conflicts", unit: "", least: 4,
    lines: [
      { name: "keys differ", series: (m) => m.differ, class: "area differ" },
      { name: "stomps", series: (m) => m.stomps, class: "line stomps" },
    ],
  },
];

const chartParts = {};

function makeCharts() {
  for (const chart of CHARTS) {
    const lines = chart.lines.map((line) => draw("path", { class: line.class }));
    const cursor = draw("path", { class: "cursor" });
    const box = { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" };
    const plot = draw("svg", box, ...lines, cursor);
    const values = chart.lines.map((line) => make("span", { class: "value" }));
    const legend = chart.lines.map((line, place) => {
      const stroke = draw("path", { class: line.class.replace("area", "line"), d: "M0 4H20" });
      const sample = chart.lines.length > 1 ? [draw("svg", { viewBox: "0 0 20 8", class: "sample" }, stroke)] : [];
      return make("li", {}, ...sample, values[place], ` ${line.name || chart.unit}`);
    });
    const top = make("span", { class: "top" });
    byId("charts").append(make("figure", { id: `chart-${chart.id}` },
      make("figcaption", {}, make("b", {}, chart.title), make("ul", {}, ...legend)), make("div", { class: "plot" }, plot, top)));
    chartParts[chart.id] = { lines, cursor, values, top };
    plot.addEventListener("click", (event) => {
      const { left, width } = plot.getBoundingClientRect();
      const { start, edge } = recorded();
      seekTo(start + ((edge - start) * (event.clientX - left)) / width);
    });
  }
}

/** Draws the lines anew; a few times a second are enough. */
function showCharts(measures, start, edge) {
  for (const chart of CHARTS) {
    const { lines, top } = chartParts[chart.id];
    const series = chart.lines.map((line) => line.series(measures));
    const most = niceTop(Math.max(chart.least, ...series.map((one) => one.most())));
    series.forEach((one, place) => {
      const area = chart.lines[place].class.startsWith("area");
      put(lines[place], "d", pathOf(one.points, start, edge, most, area));
    });
    say(top, short(most));
  }
}

/** Moves the cursor, and says the values where it stands. */
function showCursor(measures, time, start, edge) {
  const x = Math.round((WIDE * (time - start)) / Math.max(edge - start, 1));
  for (const chart of CHARTS) {
    const { cursor, values } = chartParts[chart.id];
    put(cursor, "d", `M${x} 0V${HIGH}`);
    chart.lines.forEach((line, place) => say(values[place], short(line.series(measures).at(time))));
  }
}

/** Steps: a value stands until the next. */
function pathOf(points, start, edge, most, area) {
  const x = (at) => Math.max(0, (WIDE * (at - start)) / Math.max(edge - start, 1)).toFixed(1);
  const y = (value) => (HIGH - 3 - (value / most) * (HIGH - 8)).toFixed(1);
  let path = "";
  for (const { at, value } of points) {
    if (at > edge) break;
    path += path ? `H${x(at)}V${y(value)}` : `M${x(at)} ${y(value)}`;
  }
  if (!path) return "";
  path += `H${WIDE}`;
  return area ? `${path}V${HIGH}H${x(points[0].at)}Z` : path;
}

/** The least 1, 2 or 5 with zeros that is as much. */
function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((step) => step * power >= value);
}

/** "7", "12 k". */
function short(value) {
  return value >= 1000 ? `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} k` : `${Math.round(value)}`;
}
