import assert from "node:assert/strict";
import { test } from "node:test";
import { cornersOf, Drawing, told } from "../../web/static/js/edit/drawing.js";
import { Kept } from "../../web/static/js/edit/kept.js";
import { KINDS, SNAPS, TOOLS, toolsOf } from "../../web/static/js/edit/kinds.js";
import { crossing, fault } from "../../web/static/js/edit/outline.js";
import { apart, area, around, lattice, length, moved } from "../../web/static/js/edit/plane.js";
import { isServed } from "../../web/static/js/edit/served.js";
import { foot, snap } from "../../web/static/js/edit/snapping.js";
import { Stack } from "../../web/static/js/edit/stack.js";
import { Subject } from "../../web/static/js/edit/subject.js";

const HOME = [115.45, 35.25];
const plane = around(HOME);
const at = (x, y) => plane.from([x, y]);
const box = (line) => [Math.min(...line.map((p) => p[0])), Math.min(...line.map((p) => p[1])), Math.max(...line.map((p) => p[0])), Math.max(...line.map((p) => p[1]))];
const thing = (id, ...metres) => {
  const line = metres.map(([x, y]) => at(x, y));
  return { id, lines: [line], box: box(line) };
};

test("metres and degrees go over into each other, on the lattice", () => {
  const place = at(812.34, -455.5);
  assert.deepEqual(lattice(place), place);
  assert.ok(Math.abs(plane.to(place)[0] - 812.34) < 1e-3);
  assert.ok(Math.abs(apart(HOME, at(300, 400)) - 500) < 0.05);
  assert.ok(Math.abs(apart(HOME, moved(HOME, 0, 5)) - 5) < 1e-3);
});

test("a degree is as long as the ellipsoid of CGCS2000 has it", () => {
  assert.ok(Math.abs(apart([115, 35.25], [115, 35.26]) - 1109.5) < 0.5); // meridian: a(1-e²)/(1-e²sin²φ)^1.5
  assert.ok(Math.abs(apart([115, 35.25], [115.01, 35.25]) - 910.2) < 0.5); // parallel: a cos φ/√(1-e²sin²φ)
});

test("lengths and areas", () => {
  assert.ok(Math.abs(length([at(0, 0), at(30, 40), at(30, 100)]) - 110) < 0.02);
  assert.ok(Math.abs(area([at(0, 0), at(20, 0), at(20, 10), at(0, 10)]) - 200) < 0.05);
});

test("a corner is preferred to a line, the nearest of them to others", () => {
  const road = thing("road", [0, 0], [100, 0]);
  const lane = thing("lane", [50, 4], [50, 90]);
  assert.deepEqual(snap(at(48, 3), [road, lane], 10).at, at(50, 4));
  const hit = snap(at(20, 3), [road, lane], 10);
  assert.equal(hit.isCorner, false);
  assert.ok(apart(hit.at, at(20, 0)) < 1e-3);
  assert.equal(snap(at(20, 30), [road, lane], 10), null);
});

test("what a place is drawn to is an exact corner of the thing: ways join there", () => {
  const road = thing("road", [0, 0], [33.3333, 12.1], [100, 0]);
  const hit = snap(at(34, 11), [road], 10);
  assert.ok(hit.isCorner);
  assert.equal(hit.at, road.lines[0][1]);
});

test("of no things there is nothing to be drawn to, and far things are not looked at", () => {
  assert.equal(snap(HOME, [], 10), null);
  assert.equal(snap(HOME, [{ box: box([at(500, 0), at(600, 9)]), get lines() { throw new Error("looked at"); } }], 10), null);
});

test("the nearest point of a stretch is on it", () => {
  assert.deepEqual(foot([-5, 3], [5, 3]), [0, 3]);
  assert.deepEqual(foot([2, 1], [5, 1]), [2, 1]);
  assert.deepEqual(foot([2, 2], [2, 2]), [2, 2]);
});

const ring = (...metres) => metres.map(([x, y]) => at(x, y));

test("a ring that crosses itself is told, with the place", () => {
  assert.equal(crossing(ring([0, 0], [10, 0], [10, 10], [0, 10]), true), null);
  const bow = crossing(ring([0, 0], [10, 10], [10, 0], [0, 10]), true);
  assert.ok(apart(bow, at(5, 5)) < 1e-2);
  assert.equal(fault("polygon", ring([0, 0], [10, 10], [10, 0], [0, 10])).key, "edit.fault.crosses");
});

test("a ring that touches itself or runs back on itself is none", () => {
  assert.ok(crossing(ring([0, 0], [10, 0], [10, 10], [5, 0], [0, 10]), true));
  assert.ok(crossing([[0, 0], [10, 0], [4, 0]], true));
});

test("a line may cross itself, a ring needs an area", () => {
  assert.equal(fault("line", ring([0, 0], [10, 10], [10, 0], [0, 10])), null);
  assert.equal(fault("line", ring([0, 0])).key, "edit.fault.few");
  assert.equal(fault("polygon", ring([0, 0], [3, 0], [0, 0.1])).key, "edit.fault.flat");
  assert.equal(fault("polygon", ring([0, 0], [3, 0])).key, "edit.fault.few");
});

test("a drawing grows corner by corner and goes back", () => {
  const drawing = new Drawing(TOOLS.find((tool) => tool.name === "building"));
  for (const [x, y] of [[0, 0], [10, 0], [10, 0], [10, 10]]) drawing.add(at(x, y));
  assert.equal(drawing.points.length, 3);
  assert.ok(drawing.isEnough);
  assert.equal(drawing.fault(at(5, -5)).key, "edit.fault.crosses");
  assert.ok(drawing.back());
  assert.equal(drawing.isEnough, false);
  drawing.back();
  drawing.back();
  assert.equal(drawing.back(), false);
});

test("a ring is told closed, and read without its last corner", () => {
  const points = ring([0, 0], [10, 0], [10, 10]);
  const [closed] = told("polygon", points);
  assert.deepEqual(closed.at(-1), points[0]);
  assert.deepEqual(cornersOf({ type: "Polygon", coordinates: [closed] }), points);
  assert.deepEqual(cornersOf({ type: "MultiPolygon", coordinates: [[closed]] }), points);
  assert.deepEqual(cornersOf({ type: "Point", coordinates: HOME }), [HOME]);
});

test("what has several parts or a hole is not reshaped here", () => {
  assert.equal(cornersOf({ type: "MultiPolygon", coordinates: [[[[0, 0]]], [[[1, 1]]]] }), null);
  assert.equal(cornersOf({ type: "Polygon", coordinates: [[[0, 0]], [[1, 1]]] }), null);
});

test("what was undone is done again, until something new is done", () => {
  const stack = new Stack();
  stack.push("a");
  stack.push("b");
  stack.undone("b'");
  assert.deepEqual([stack.last, stack.next], ["a", "b'"]);
  stack.redone("b''");
  assert.deepEqual([stack.last, stack.next], ["b''", null]);
  stack.undone("b'");
  stack.push("c");
  assert.deepEqual([stack.last, stack.next], ["c", null]);
  stack.forget("c");
  assert.equal(stack.last, "a");
});

const STATION = {
  kind: "station", id: 7, version: 3, may: true, geometry: { type: "Point", coordinates: HOME },
  values: { name: "东站", kind: "post", state: "open", services: ["s1"], hours: "24/7", capacity: 20, floor_area: null },
};

test("only what differs is sent, with the version that was read", () => {
  const subject = Subject.of(STATION);
  assert.equal(subject.isChanged, false);
  subject.values.services = ["s1", "s2"];
  assert.deepEqual(subject.body(), { version: 3, services: ["s1", "s2"] });
  subject.values.capacity = null;
  assert.deepEqual(subject.body(), { version: 3, services: ["s1", "s2"], empty: ["capacity"] });
  subject.reshape([at(5, 0)]);
  assert.deepEqual(subject.onlyShape().body(), { version: 3, point: at(5, 0) });
  assert.ok(subject.stepBack());
  assert.equal(subject.isMoved, false);
});

test("something new is sent as a whole, with what its tool means", () => {
  const bridge = Subject.drawn(TOOLS.find((tool) => tool.name === "bridge"), [at(0, 0), at(0, 50)]);
  assert.deepEqual(bridge.body(), { line: [at(0, 0), at(0, 50)], name: "", highway: "footway", bridge: true, tunnel: false, steps: false, foot: "both" });
  const compound = Subject.drawn(TOOLS.find((tool) => tool.name === "compound"), ring([0, 0], [10, 0], [10, 10]));
  assert.deepEqual(Object.keys(compound.body()).sort(), ["name", "polygon"]);
});

test("what is kept beside the page comes back as it was", () => {
  const subject = Subject.of(STATION);
  subject.values.name = "西站";
  const again = Subject.again(JSON.parse(JSON.stringify(subject.kept())));
  assert.deepEqual(again.body(), subject.body());
  const held = new Map();
  const kept = new Kept("x", { setItem: (k, v) => held.set(k, v), getItem: (k) => held.get(k) ?? null, removeItem: (k) => held.delete(k) });
  assert.equal(kept.get(), null);
  kept.put({ a: 1 });
  assert.deepEqual(kept.get(), { a: 1 });
  kept.put(null);
  assert.equal(kept.get(), null);
  const full = new Kept("x", { setItem() { throw new Error("full"); }, getItem: () => "{", removeItem() {} });
  full.put({ a: 1 });
  assert.equal(full.get(), null);
});

test("tools have keys of their own; who edits part of a district has no ways", () => {
  assert.equal(new Set(TOOLS.map((tool) => tool.key)).size, TOOLS.length);
  assert.deepEqual(toolsOf(["stations", "compounds", "buildings"]).map((tool) => tool.name), ["choose", "station", "building", "compound"]);
  for (const kind of Object.keys(KINDS)) {
    assert.ok(SNAPS[kind]);
    assert.deepEqual(KINDS[kind].fields.map((field) => field.name).sort(), Object.keys(KINDS[kind].values).sort());
  }
});

test("a building is served within the limit", () => {
  assert.deepEqual([15, 16, 254, 255, null].map((after) => isServed({ after }, 15)), [true, false, false, false, false]);
});
