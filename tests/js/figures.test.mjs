import assert from "node:assert/strict";
import { test } from "node:test";
import { classes, isWithin, missing, ordered, roots, together, totals, tree, upward, within } from "../../web/static/js/figures.js";

//  d ── s1 ── c1 ── g1, g2        and in c2 one building that is in no grid
//    └─ s2    └ c2 ── g3
const AREAS = [
  ["d", "district", null], ["s1", "subdistrict", "d"], ["s2", "subdistrict", "d"], ["c1", "community", "s1"], ["c2", "community", "s1"],
  ["g1", "grid", "c1"], ["g2", "grid", "c1"], ["g3", "grid", "c2"],
].map(([code, level, parent]) => ({ code, name: code, level, parent }));
const three = (n) => ({ buildings: n, households: 10 * n, people: 30 * n });
const row = (code, parent, [all, ...upTo], away = 0, guessed = 0) => ({
  code, parent, ...three(all), unconnected: three(away), estimated: three(guessed),
  bands: [5, 10, 15, 20].map((minutes, i) => ({ minutes, ...three(upTo[i]) })),
});
const ROWS = [
  row("g1", "c1", [9, 2, 4, 6, 8], 1), row("g2", "c1", [5, 5, 5, 5, 5]), row("g3", "c2", [7, 0, 0, 0, 3], 4, 2),
  row("unassigned", "c2", [1, 0, 1, 1, 1]),
];
const { byCode, below } = tree(AREAS);
const sums = totals(byCode, ROWS);

test("each area is the sum of what lies in it, to the district", () => {
  assert.equal(sums.get("c1").households, 140);
  assert.equal(sums.get("c2").households, 80);
  assert.equal(sums.get("c2").unconnected.people, 120);
  assert.deepEqual(sums.get("s1"), sums.get("d"));
  assert.equal(sums.get("d").households, ROWS.reduce((n, one) => n + one.households, 0));
  assert.equal(sums.get("s2"), undefined);
});

test("several areas together are their sum; none is nothing", () => {
  assert.deepEqual(together(sums, ["c1", "c2"]), sums.get("s1"));
  assert.equal(together(sums, []).households, 0);
  assert.equal(within(together(sums, ["s2"]), 15).households, 0);
});

test("classes add up to all households for every limit, and turn at it", () => {
  for (const limit of [5, 10, 15, 20]) {
    const found = classes(sums.get("d"), limit);
    assert.equal(found.reduce((n, one) => n + one.households, 0), sums.get("d").households);
    const served = found.filter((one) => one.isServed);
    assert.equal(served.reduce((n, one) => n + one.households, 0), within(sums.get("d"), limit).households);
    assert.ok(served.every((one) => ["m1", "m2", "m3"].includes(one.tone)));
    assert.ok(found.filter((one) => !one.isServed).every((one) => ["m4", "m5", "hatch"].includes(one.tone)));
  }
  assert.deepEqual(classes(sums.get("g1"), 15).map((one) => one.households), [20, 20, 20, 20, 0, 10]);
});

test("ways up, and what lies within what", () => {
  assert.deepEqual(upward(byCode, "g3"), ["g3", "c2", "s1", "d"]);
  assert.deepEqual(upward(byCode, "elsewhere"), []);
  assert.ok(isWithin(byCode, "g1", ["s1"]) && isWithin(byCode, "s1", ["s1"]));
  assert.ok(!isWithin(byCode, "s1", ["c1"]) && !isWithin(byCode, "elsewhere", ["d"]));
  assert.deepEqual(below.get("c1"), ["g1", "g2"]);
});

test("rights on an area and on one in it are those on the area", () => {
  assert.deepEqual(roots(byCode, ["g1", "c1", "s2", "gone"]), ["c1", "s2"]);
  assert.deepEqual(roots(byCode, ["d", "g3"]), ["d"]);
});

test("the area with the most households out of reach comes first; equal ones by code", () => {
  assert.deepEqual(ordered(["g2", "g1", "g3"], sums, 15, "missed"), ["g3", "g1", "g2"]);
  assert.deepEqual(ordered(["s2", "c1", "g2"], sums, 20, "missed"), ["c1", "g2", "s2"]);
  assert.deepEqual(ordered(["g3", "g1", "g2"], sums, 15, "code"), ["g1", "g2", "g3"]);
  assert.equal(missing(undefined, 15), 0);
});
