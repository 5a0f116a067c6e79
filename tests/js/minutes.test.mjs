import assert from "node:assert/strict";
import test from "node:test";

import { classOf, classOfShare, colours, decode, UNCONNECTED } from "../../web/static/js/map/minutes.js";

const BANDS = [5, 10, 15, 20];

test("ids travel as differences", () => {
  assert.deepEqual(decode([7, 1, 1, 20]), [7, 8, 9, 29]);
  assert.deepEqual(decode([]), []);
});

test("a class is the first band that reaches", () => {
  const found = [0, 5, 6, 10, 11, 15, 16, 20, 21, 255, UNCONNECTED].map((m) => classOf(m, BANDS));
  assert.deepEqual(found, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5]);
});

test("the hue turns at the limit, wherever it lies", () => {
  assert.deepEqual(colours(BANDS, 15), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(colours(BANDS, 10), [0, 1, 3, 3, 4, 5]);
  assert.deepEqual(colours(BANDS, 5), [0, 3, 3, 3, 4, 5]);
  assert.deepEqual(colours(BANDS, 20), [0, 1, 2, 2, 4, 5]);
  assert.deepEqual(colours([5, 10, 15], 15), [0, 1, 2, 4, 5]);
});

test("served classes never take a colour of the unserved", () => {
  for (const limit of BANDS) {
    colours(BANDS, limit).slice(0, 4).forEach((colour, i) => assert.equal(colour <= 2, BANDS[i] <= limit));
  }
});

test("shares fall into five classes", () => {
  assert.deepEqual([1, 0.99, 0.98, 0.95, 0.9, 0.85, 0.8, 0.7, 0.69, 0].map(classOfShare), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
});
