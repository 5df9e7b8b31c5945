"use strict";
// Small helpers. Text always goes in as text, never as HTML: values come from whoever writes to the cluster.

const SVG = "http://www.w3.org/2000/svg";

function byId(id) {
  return document.getElementById(id);
}

/** An element with attributes and children; a string among the children is text. */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) put(element, name, value);
  element.append(...children);
  return element;
}

/**
 * Sets an attribute where it differs, or takes it away where there is no value: the page is drawn sixty times a second,
 * and mostly nothing has changed.
 */
function put(element, name, value) {
  if (value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** The same for text. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The sign of a region: a circle, a square, a triangle. */
function regionSign(id) {
  const shapes = {
    1: ["circle", { cx: 8, cy: 8, r: 6 }],
    2: ["rect", { x: 2.5, y: 2.5, width: 11, height: 11 }],
    3: ["path", { d: "M8 1.5 15 14H1z" }],
  };
  const sign = draw("svg", { viewBox: "0 0 16 16", class: `region ${NAMES[id]}`, "aria-hidden": "true" });
  if (shapes[id]) sign.append(draw(...shapes[id]));
  return sign;
}

/** The sign of a kind of message, for the legend. */
function kindSign(kind) {
  return draw("svg", { viewBox: "-9 -9 18 18", class: `glyph ${kind}`, "aria-hidden": "true" }, draw("use", { href: `#kind-${kind}` }));
}

/** Whether nothing should glide. */
const stillMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
