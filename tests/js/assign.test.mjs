import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, read, write } from "../../web/static/js/assign/address.js";
import { bar, lastDay, surname, verdict } from "../../web/static/js/assign/load.js";

const ROLES = ["grid_member", "building_head", "station"];
const USUAL = { role: "grid_member", area: null, sel: null, view: null };

test("an address of assignments without anything is the usual state, and the other way round", () => {
  assert.deepEqual(read("", "", ROLES), USUAL);
  assert.equal(write(USUAL, ROLES), "");
});

test("a state of assignments survives its address", () => {
  for (const role of ROLES) {
    for (const area of [null, "371702001"]) {
      for (const sel of [null, { kind: "grid", key: "371702001001001" }, { kind: "building", key: "77" }, { kind: "station", key: "S-1.a" }]) {
        const state = { role, area, sel, view: { zoom: 15.5, lat: 35.24, lon: 115.48 } };
        const [search, hash] = write(state, ROLES).split("#");
        assert.deepEqual(read(search, `#${hash}`, ROLES), state);
      }
    }
  }
});

test("what no address may hold is left out", () => {
  for (const text of ["?role=king", "?sel=grid:abc", "?sel=building:1x", "?sel=member:4", "?sel=grid", "?sel=:1", "?area=x", "?sel=station:a%20b"]) {
    assert.deepEqual(read(text, "#99/99/999", ROLES), USUAL, text);
  }
});

test("a chosen thing is asked for by its kind", () => {
  assert.deepEqual(asked({ kind: "grid", key: "1" }), { grid: "1" });
});

test("the parts of a load never exceed the bar, and what is too much is apart", () => {
  const limit = { low: 300, high: 500 };
  assert.deepEqual(bar({ before: 0, after: 440, limit }), { before: 0, more: 88, over: 0, low: 60 });
  assert.deepEqual(bar({ before: 341, after: 781, limit }), { before: 43.7, more: 20.4, over: 36, low: 38.4 });
  assert.deepEqual(bar({ before: 600, after: 900, limit }), { before: 55.6, more: 0, over: 44.4, low: 33.3 });
  assert.deepEqual(bar({ before: 10, after: 20, limit: null }), { before: 50, more: 50, over: 0, low: null });
  for (let before = 0; before < 1200; before += 37) {
    for (let more = 0; more < 1200; more += 41) {
      const { before: a, more: b, over: c } = bar({ before, after: before + more, limit });
      assert.ok(a + b + c <= 100.2 && a >= 0 && b >= 0 && c >= 0);
    }
  }
});

test("a load is judged against both limits, each of them allowed", () => {
  const limit = { low: 300, high: 500 };
  assert.deepEqual([299, 300, 500, 501].map((n) => verdict(n, limit)), ["under", "within", "within", "over"]);
  assert.equal(verdict(9999, null), "free");
});

test("a period that ends at midnight lasts through the day before", () => {
  assert.equal(lastDay("2027-01-01T00:00:00+08:00"), "2026-12-31");
  assert.equal(lastDay("2026-11-24T07:12:00+08:00"), "2026-11-24");
  assert.equal(lastDay(null), null);
});

test("a surname is a whole sign", () => {
  assert.equal(surname("𠮷田"), "𠮷");
  assert.equal(surname(""), "?");
});
