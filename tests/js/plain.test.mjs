import assert from "node:assert/strict";
import test from "node:test";

import { evaluate } from "../../web/static/js/map/expression.js";
import { around, free } from "../../web/static/js/map/labels.js";
import { decodeTile } from "../../web/static/js/map/mvt.js";

const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]);
const field = (number, wire, bytes) => [...varint(number * 8 + wire), ...bytes];
const part = (number, bytes) => field(number, 2, [...varint(bytes.length), ...bytes]);
const text = (number, string) => part(number, [...new TextEncoder().encode(string)]);
const zig = (n) => (n < 0 ? -2 * n - 1 : 2 * n);

/** A tile with one square under an id beyond 32 bits. */
function tile() {
  const geometry = [9, zig(10), zig(20), 26, zig(5), zig(0), zig(0), zig(5), zig(-5), zig(0), 15].flatMap(varint);
  const feature = [
    ...field(1, 0, varint(2 ** 40 + 7)), ...part(2, [0, 0, 1, 1, 2, 2]), ...field(3, 0, [3]), ...part(4, geometry),
  ];
  const layer = [
    ...field(15, 0, [2]), ...text(1, "building"), ...part(2, feature),
    ...text(3, "name"), ...text(3, "floors"), ...text(3, "bridge"),
    ...part(4, text(1, "利民苑5号楼")), ...part(4, field(6, 0, varint(zig(-3)))), ...part(4, field(7, 0, [1])),
    ...field(5, 0, varint(4096)),
  ];
  return new Uint8Array(part(3, layer)).buffer;
}

test("a tile is read: names, numbers, rings, large ids", () => {
  const { extent, features: [one] } = decodeTile(tile()).get("building");
  assert.equal(extent, 4096);
  assert.equal(one.id, 2 ** 40 + 7);
  assert.deepEqual(one.properties, { name: "利民苑5号楼", floors: -3, bridge: true });
  assert.deepEqual(one.lines, [[[10, 20], [15, 20], [15, 25], [10, 25], [10, 20]]]);
});

test("an empty tile has no layers", () => {
  assert.equal(decodeTile(new ArrayBuffer(0)).size, 0);
});

const at = (zoom, properties = {}, state) => ({ zoom, properties, state });

test("interpolation is exact at its stops and bends by its base", () => {
  const width = ["interpolate", ["exponential", 2], ["zoom"], 10, 1, 12, 4];
  assert.deepEqual([9, 10, 11, 12, 13].map((z) => evaluate(width, at(z))), [1, 1, 2, 4, 4]);
  assert.equal(evaluate(["interpolate", ["linear"], ["zoom"], 10, 1, 12, 4], at(11)), 2.5);
});

test("a step holds until the next one", () => {
  const field = ["step", ["zoom"], "a", 12, "b", 14, ["get", "name"]];
  assert.deepEqual([11, 12, 13.9, 14].map((z) => evaluate(field, at(z, { name: "c" }))), ["a", "b", "b", "c"]);
});

test("match takes lists of labels, case the first that is true", () => {
  const match = ["match", ["get", "kind"], ["a", "b"], 1, "c", 2, 3];
  assert.deepEqual(["a", "b", "c", "d"].map((kind) => evaluate(match, at(0, { kind }))), [1, 1, 2, 3]);
  const colour = ["case", ["==", ["get", "households"], 0], "other", ["match", ["coalesce", ["feature-state", "c"], -1], 0, "m1", "none"]];
  assert.equal(evaluate(colour, at(0, { households: 0 })), "other");
  assert.equal(evaluate(colour, at(0, { households: 2 }, { c: 0 })), "m1");
  assert.equal(evaluate(colour, at(0, { households: 2 })), "none");
});

test("what is not known is refused", () => {
  assert.throws(() => evaluate(["within", {}], at(0)), /within/);
});

test("names do not overlap", () => {
  const taken = [];
  assert.ok(free(taken, around({ x: 50, y: 50 }, 40, 16)));
  assert.ok(!free(taken, around({ x: 80, y: 50 }, 40, 16)));
  assert.ok(free(taken, around({ x: 80, y: 50 }, 40, 16, 20)));
  assert.equal(taken.length, 2);
});
