import assert from "node:assert/strict";
import test from "node:test";

import { outlines, outside } from "../../web/static/js/map/mesh.js";

/** A square of a checkerboard as an area. */
const square = (level, x, y, w = 1, h = 1) => ({
  type: "Feature",
  properties: { level },
  geometry: { type: "MultiPolygon", coordinates: [[ring(x, y, w, h)]] },
});

/** A ring with a vertex at every whole number, as neighbours that share their vertices have it. */
function ring(x, y, w, h) {
  const along = (n, at) => Array.from({ length: n }, (_, i) => at(i));
  return [
    ...along(w, (i) => [x + i, y]), ...along(h, (i) => [x + w, y + i]),
    ...along(w, (i) => [x + w - i, y + h]), ...along(h, (i) => [x, y + h - i]), [x, y],
  ];
}

const board = [
  square("district", 0, 0, 4, 2), square("community", 0, 0, 2, 2), square("community", 2, 0, 2, 2),
  ...[0, 1, 2, 3].flatMap((x) => [square("grid", x, 0), square("grid", x, 1)]),
];

function stretches(collection) {
  return collection.features.flatMap(({ properties, geometry }) => geometry.coordinates.flatMap((line) =>
    line.slice(1).map((p, i) => ({ level: properties.level, key: [line[i].join(), p.join()].sort().join(" ") }))));
}

test("every stretch is drawn once, under the highest level it bounds", () => {
  const found = stretches(outlines(board));
  assert.equal(new Set(found.map((one) => one.key)).size, found.length);
  const count = (level) => found.filter((one) => one.level === level).length;
  assert.equal(count("district"), 12);
  assert.equal(count("community"), 2);
  assert.equal(count("grid"), 8); // the long inner line and two short ones
});

test("stretches are joined into few lines", () => {
  const lines = Object.fromEntries(outlines(board).features.map((one) => [one.properties.level, one.geometry.coordinates]));
  assert.equal(lines.district.length, 1);
  assert.deepEqual(lines.district[0][0], lines.district[0].at(-1));
  assert.equal(lines.community.length, 1);
});

test("the order of areas changes nothing but the order of lines", () => {
  const keys = (areas) => stretches(outlines(areas)).map((one) => `${one.level} ${one.key}`).sort();
  assert.deepEqual(keys([...board].reverse()), keys(board));
});

test("an area alone is its own outline, and its veil has it as a hole", () => {
  const alone = square("grid", 3, 3);
  assert.equal(stretches(outlines([alone])).length, 4);
  const veil = outside(alone);
  assert.equal(veil.coordinates.length, 2);
  assert.deepEqual(veil.coordinates[1], alone.geometry.coordinates[0][0]);
});
