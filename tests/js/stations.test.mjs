import assert from "node:assert/strict";
import test from "node:test";

import { pathFeatures } from "../../web/static/js/map/path.js";
import { feature, shortName, stateOf } from "../../web/static/js/map/stations.js";

const words = (key, values) => `${key} ${values?.time ?? ""}`.trim();
const one = { id: 1, code: "S1", name: "东祥社区党群服务站", kind: "community", hours: "Mo-Fr 08:30-17:30", state: "open", open: true, point: [115, 35] };

test("names are short on the map", () => {
  assert.equal(shortName("东祥社区党群服务站"), "东祥");
  assert.equal(shortName("东城街道党群服务中心"), "东城街道中心");
  assert.equal(shortName("泰和巷共享驿站"), "泰和巷");
  assert.equal(shortName("人民路驿站(三)"), "人民路(三)");
  assert.equal(shortName("驿站"), "驿站");
});

test("the filling says the state", () => {
  assert.equal(stateOf(one), "open");
  assert.equal(stateOf({ ...one, open: false }), "closed");
  assert.equal(stateOf({ ...one, full: true }), "full");
  assert.equal(stateOf({ ...one, state: "planned", open: false }), "planned");
  assert.equal(stateOf({ ...one, state: "closed" }), "closed");
});

test("a shut station says since when", () => {
  const shut = feature({ ...one, open: false }, "2026-11-23T19:30", words).properties;
  assert.equal(shut.icon, "community-closed");
  assert.equal(shut.note, "\nmap.closed_since 17:30");
  assert.equal(feature(one, "2026-11-23T19:30", words).properties.note, "");
});

test("a path reaches from door to door, and none is nothing", () => {
  const line = { type: "LineString", coordinates: [[1, 1], [2, 1]] };
  const found = pathFeatures(line, { from: [1, 0], to: [2, 0] });
  assert.deepEqual(found.features[0].geometry.coordinates, [[1, 0], [1, 1], [2, 1], [2, 0]]);
  assert.deepEqual(found.features[1].geometry.coordinates, [1, 0]);
  assert.equal(pathFeatures(line, null).features.length, 2);
  assert.equal(pathFeatures(null, null).features.length, 0);
});
