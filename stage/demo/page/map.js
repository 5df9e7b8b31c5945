"use strict";
// The map, drawn once: faint dots where there is land. The outlines are our own, by eye, in degrees east and north.

const LAND = [
  // North America
  [-166, 66, -156, 71, -128, 70, -108, 68, -95, 70, -82, 69, -80, 63, -94, 60, -92, 57, -82, 55, -79, 52, -78, 60, -70, 61,
    -64, 58, -56, 52, -66, 49, -60, 46, -70, 43, -75, 38, -81, 31, -81, 26, -84, 30, -97, 28, -97, 22, -91, 19, -87, 21,
    -88, 16, -83, 14, -82, 9, -78, 8, -85, 10, -95, 16, -105, 20, -112, 28, -117, 33, -124, 40, -124, 48, -133, 56, -148, 60, -160, 57],
  // Greenland
  [-55, 70, -68, 76, -60, 81, -30, 83, -20, 78, -24, 70, -40, 65, -44, 60, -51, 63],
  // South America
  [-78, 8, -72, 12, -60, 8, -50, 1, -36, -6, -40, -20, -50, -28, -60, -38, -68, -50, -74, -40, -70, -18, -80, -6, -80, 0],
  // Africa
  [-6, 35, 10, 37, 20, 32, 32, 31, 36, 22, 43, 12, 51, 11, 40, -4, 40, -15, 33, -28, 20, -34, 12, -18, 9, 2, -7, 5, -17, 14, -16, 24],
  // Europe and Asia
  [-9, 37, -9, 43, -1, 44, -4, 48, 4, 52, 9, 57, 18, 55, 24, 58, 29, 60, 22, 61, 22, 65, 17, 62, 12, 56, 5, 60, 14, 67, 25, 71,
    40, 67, 60, 69, 75, 73, 100, 77, 115, 74, 140, 73, 160, 70, 178, 68, 178, 64, 163, 60, 162, 54, 156, 58, 142, 59, 136, 54,
    140, 48, 130, 42, 129, 36, 126, 38, 121, 39, 122, 31, 119, 25, 109, 21, 109, 12, 105, 9, 101, 13, 104, 2, 100, 7, 98, 16,
    92, 22, 86, 20, 80, 12, 77, 8, 73, 18, 67, 25, 57, 26, 60, 22, 45, 13, 36, 28, 36, 36, 27, 37, 28, 41, 41, 41, 37, 46, 30, 46,
    27, 41, 22, 37, 19, 42, 13, 45, 18, 40, 15, 38, 11, 44, 3, 43, 0, 39, -5, 36],
  // Britain, Japan, Sumatra, Borneo, Java, New Guinea, Australia
  [-5, 50, 1, 51, 0, 54, -3, 58, -6, 57, -3, 54],
  [131, 33, 137, 35, 141, 38, 142, 44, 144, 44, 140, 41, 139, 37, 133, 35],
  [96, 5, 104, -2, 106, -6, 101, -2], [109, 2, 117, 7, 118, 1, 115, -4, 110, -2], [106, -6, 114, -7, 114, -9, 106, -8],
  [132, -1, 141, -3, 150, -10, 140, -8], [114, -22, 130, -12, 137, -12, 142, -11, 153, -27, 146, -39, 132, -32, 116, -35],
];

/** The map's place on the stage: degrees from its left and upper edge, and units for each. */
const EAST = -140;
const NORTH = 74;
const DEGREE = 4.62;
const STEP = 2;

function drawMap() {
  let dots = "";
  for (let north = NORTH - 1; north > NORTH - 344 / DEGREE; north -= STEP) {
    // Each second row is moved by half a step, which looks calmer than a grid.
    const shift = ((NORTH - 1 - north) / STEP) % 2;
    for (let east = EAST; east < EAST + 1248 / DEGREE; east += STEP) {
      if (LAND.some((outline) => inside(outline, east + shift, north))) {
        dots += `M${((east + shift - EAST) * DEGREE).toFixed(1)} ${((NORTH - north) * DEGREE).toFixed(1)}h0`;
      }
    }
  }
  byId("map").append(draw("path", { d: dots }));
}

/** Whether a point lies within an outline: a ray from it crosses the outline an odd number of times. */
function inside(outline, x, y) {
  let odd = false;
  for (let i = 0, j = outline.length - 2; i < outline.length; j = i, i += 2) {
    const [x1, y1, x2, y2] = [outline[i], outline[i + 1], outline[j], outline[j + 1]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}
