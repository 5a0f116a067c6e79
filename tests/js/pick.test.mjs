import assert from "node:assert/strict";
import test from "node:test";

import { nearest, TOUCH } from "../../web/static/js/map/pick.js";

const box = (x, y, w, h) => [[[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]];
const area = { kind: "area", id: "a", rings: box(0, 0, 500, 500) };
const building = { kind: "building", id: "b", rings: box(100, 100, 20, 10) };
const station = { kind: "station", id: "s", point: [150, 105] };
const gate = { kind: "gate", id: "g", point: [140, 120] };
const all = [area, building, station, gate];

test("with a mouse one presses what lies under it", () => {
  assert.equal(nearest(all, [110, 105], 3).id, "b");
  assert.equal(nearest(all, [150, 100], 3).id, "s");
  assert.equal(nearest(all, [300, 300], 3).id, "a");
  assert.equal(nearest(all, [600, 600], 3), null);
});

test("a finger means the nearest thing within 44 pixels", () => {
  assert.equal(nearest(all, [100, 122], TOUCH).id, "b");
  assert.equal(nearest(all, [140, 135], TOUCH).id, "g");
  assert.equal(nearest(all, [150, 70], TOUCH).id, "s");
  assert.equal(nearest(all, [250, 250], TOUCH).id, "a");
});

test("a sign wins over the building it stands on", () => {
  assert.equal(nearest([building, { ...station, point: [110, 105] }], [112, 104], 3).kind, "station");
});
