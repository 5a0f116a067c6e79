import assert from "node:assert/strict";
import { test } from "node:test";
import { conditions, read, sameConditions, write } from "../../web/static/js/state.js";

const KNOWN = {
  profiles: [
    { code: "brisk", minutes: 15, bands: [5, 10, 15, 20] },
    { code: "standard", minutes: 15, bands: [5, 10, 15, 20] },
  ],
  services: [{ code: "s1" }],
  edits: ["stations", "ways"],
};
const USUAL = { area: null, at: null, profile: "standard", minutes: null, service: null, bands: null, edit: false, sel: null, layers: null, view: null };

test("an address without anything is the usual state, and the other way round", () => {
  assert.deepEqual(read("", "", KNOWN), USUAL);
  assert.equal(write(USUAL, KNOWN), "");
});

test("a state survives its address, whatever is in it", () => {
  const choices = {
    area: [null, "371702001", "371702001001001"], at: [null, "2026-11-23T19:30"], profile: ["standard", "brisk"],
    bands: [null, [4], [0, 5]], edit: [false, true], minutes: [null, 10], service: [null, "s1"], sel: [null, { kind: "building", id: 7 }, { kind: "station", id: 123456789 }],
    layers: [null, "vec.plain"],
    view: [null, { zoom: 15.7, lat: 35.24112, lon: 115.48033 }, { zoom: 3, lat: -12, lon: -70.5 }],
  };
  let states = [{}];
  for (const [name, values] of Object.entries(choices)) {
    states = states.flatMap((state) => values.map((value) => ({ ...state, [name]: value })));
  }
  assert.equal(states.length, 3 * 2 * 2 * 3 * 2 * 2 * 2 * 3 * 2 * 3);
  for (const state of states) {
    const address = write(state, KNOWN);
    const [query, hash = ""] = address.split("#");
    assert.deepEqual(read(query, hash && `#${hash}`, KNOWN), state, address);
  }
});

test("an address is the one a person would write", () => {
  const state = { ...USUAL, at: "2026-11-23T19:30", sel: { kind: "building", id: 9 }, view: { zoom: 15.7, lat: 35.2411, lon: 115.4803 } };
  assert.equal(write(state, KNOWN), "?at=2026-11-23T19:30&sel=building:9#15.7/35.2411/115.4803");
});

for (const [name, search, hash] of [
  ["an unknown profile", "?profile=ghost", ""], ["minutes that are no band", "?minutes=7", ""], ["an unknown service", "?service=s9", ""],
  ["a day that is none", "?at=2026-02-31T10:00", ""], ["an hour that is none", "?at=2026-11-23T25:00", ""], ["text for a time", "?at=tonight", ""],
  ["a kind that is none", "?sel=constructor:1", ""], ["an id that is none", "?sel=building:1;drop", ""], ["an empty id", "?sel=building:", ""],
  ["a class that is none", "?bands=6", ""], ["classes that are no numbers", "?bands=x.-1", ""],
  ["a view off the globe", "", "#15/95/115"], ["a view that is none", "", "#top"], ["script", "?area=", "#<script>"],
]) {
  test(`${name} is left out`, () => assert.deepEqual(read(search, hash, KNOWN), USUAL));
}

test("minutes as usual are not written, so a link follows the profile", () => {
  assert.equal(read("?minutes=15", "", KNOWN).minutes, null);
});

test("only what the server counts by is asked of it", () => {
  const state = { ...USUAL, area: "371702001", minutes: 10, service: "s1" };
  assert.deepEqual(conditions(state), { profile: "standard", service: "s1" });
  assert.ok(sameConditions(state, { ...state, area: null, minutes: 5 }));
  assert.ok(!sameConditions(state, { ...state, at: "2026-11-23T19:30" }));
});

test("only who may mend the map is in the mode, and only there other things are chosen", () => {
  assert.deepEqual(read("?edit=1&sel=way:7", "", KNOWN).sel, { kind: "way", id: 7 });
  assert.equal(read("?sel=way:7", "", KNOWN).sel, null);
  assert.deepEqual(read("?edit=1&sel=way:7", "", { ...KNOWN, edits: [] }), USUAL);
});
