import assert from "node:assert/strict";
import { test } from "node:test";
import { setsOf } from "../../web/static/js/layers.js";
import { LAYERS, read } from "../../web/static/js/state.js";

const ALL = ["vec", "cva", "img", "cia"];

test("a choice of layers means sets of pictures, from below", () => {
  const found = LAYERS.map((name) => setsOf(name, ALL));
  assert.deepEqual(found, [[], ["vec", "cva"], ["vec"], ["img", "cia"], ["img"]]);
});

test("what is not switched on is not asked for", () => {
  assert.deepEqual(setsOf("img", ["vec", "cva"]), []);
  assert.deepEqual(setsOf("vec", ["vec"]), ["vec"]);
  for (const name of [null, undefined, "", "x", "cva", "../x"]) assert.deepEqual(setsOf(name, ["vec", "img"]), []);
});

test("an address names layers that there are, or none", () => {
  const known = { profiles: [{ code: "standard", minutes: 15, bands: [15] }], services: [] };
  assert.equal(read("?layers=img", "", known).layers, "img");
  for (const text of ["?layers=", "?layers=x", "?layers=img.x"]) assert.equal(read(text, "", known).layers, null);
});
