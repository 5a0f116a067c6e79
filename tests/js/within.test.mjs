import assert from "node:assert/strict";
import test from "node:test";

import { chosenSpots, spots } from "../../web/static/js/map/labels.js";
import { deepest, inside, toEdge } from "../../web/static/js/map/within.js";

const box = (x, y, w, h) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]];
const ring = [box(0, 0, 10, 10), box(4, 4, 2, 2)];

test("a hole is outside", () => {
  assert.ok(inside([1, 1], ring));
  assert.ok(!inside([5, 5], ring));
  assert.ok(!inside([11, 5], ring));
});

test("the edge of a hole is an edge", () => {
  assert.equal(toEdge([5, 3], ring), 1);
  assert.equal(toEdge([-3, -4], ring), 5);
});

test("the deepest point of a box is its middle, of a ring not in the hole", () => {
  const [x, y] = deepest([box(0, 0, 10, 4)]);
  assert.ok(Math.abs(y - 2) < 0.05 && x >= 2 && x <= 8);
  assert.ok(inside(deepest(ring), ring));
});

test("the deepest point beats every point of a fine grid", () => {
  const shape = [[[0, 0], [9, 1], [7, 4], [8, 9], [2, 8], [4, 5], [0, 0]]];
  const best = toEdge(deepest(shape), shape);
  for (let x = 0; x <= 9; x += 0.1) {
    for (let y = 0; y <= 9; y += 0.1) if (inside([x, y], shape)) assert.ok(toEdge([x, y], shape) <= best + 0.05);
  }
});

test("a thing in two pieces is named once, in the larger", () => {
  const pieces = [box(0, 0, 0.01, 0.01), box(0.01, 0, 0.001, 0.01)].map((one) => ({ geometry: { type: "Polygon", coordinates: [one] } }));
  const found = chosenSpots(pieces.flatMap(spots), 180);
  assert.equal(found.length, 1);
  assert.ok(found[0][0] < 0.01);
});

test("a long river is named again far away only", () => {
  const candidates = [0, 1, 2, 3, 4].map((x) => ({ point: [x, 0], depth: 1 - x / 10 }));
  assert.deepEqual(chosenSpots(candidates, 2).map((p) => p[0]), [0, 2, 4]);
});
