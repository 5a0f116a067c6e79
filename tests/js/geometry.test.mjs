import assert from "node:assert/strict";
import { test } from "node:test";
import { around, isInside } from "../../web/static/js/geometry.js";

const square = (x, y, size) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];

test("inside a shape with a hole, and in either of two parts", () => {
  const holed = { type: "Polygon", coordinates: [square(0, 0, 10), square(4, 4, 2)] };
  assert.ok(isInside([1, 1], holed) && isInside([3.9, 5], holed));
  assert.ok(!isInside([5, 5], holed) && !isInside([11, 5], holed) && !isInside([-1, 5], holed));
  const two = { type: "MultiPolygon", coordinates: [[square(0, 0, 1)], [square(5, 5, 1)]] };
  assert.ok(isInside([0.5, 0.5], two) && isInside([5.5, 5.5], two) && !isInside([3, 3], two));
});

test("areas that share an edge share no point", () => {
  const left = { type: "Polygon", coordinates: [square(0, 0, 1)] };
  const right = { type: "Polygon", coordinates: [square(1, 0, 1)] };
  for (let i = 0; i <= 40; i++) {
    const point = [i / 20, 0.5];
    if (point[0] < 2) assert.equal(isInside(point, left) + isInside(point, right), 1, String(point));
  }
});

test("one box round several", () => {
  assert.deepEqual(around([[1, 2, 3, 4], [0, 3, 2, 9]]), [0, 2, 3, 9]);
});
