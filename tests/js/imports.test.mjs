import assert from "node:assert/strict";
import { test } from "node:test";

import { body, choice, format, fresh, matched, missing } from "../../web/static/js/imports/order.js";
import { COLOUR, outline, STATES } from "../../web/static/js/imports/signs.js";
import { change, megabytes, said, value } from "../../web/static/js/imports/values.js";

const KIND = {
  name: "stations", placed: true, fields: [
    { name: "name", required: true, options: [] },
    { name: "hours", required: true, options: [] },
    { name: "kind", required: false, options: [["post", "驿站"], ["centre", "党群服务中心"]] },
  ],
};
const t = (key, values = {}) => `${key}${Object.keys(values).length ? ` ${JSON.stringify(values)}` : ""}`;

test("a heading chosen by hand, one value for all rows, and neither again", () => {
  const order = fresh("stations", "gcj02");
  const byHand = matched(order, "name", { heading: "叫什么" });
  assert.deepEqual(choice(byHand, "name", { name: "名称" }), { heading: "叫什么" });
  const same = matched(byHand, "name", { value: "驿站" });
  assert.deepEqual(choice(same, "name", { name: "名称" }), { value: "驿站" });
  assert.equal(same.columns.name, ""); // not read as well
  assert.deepEqual(matched(same, "name", {}), order);
  assert.deepEqual(order, fresh("stations", "gcj02")); // nothing is changed in place
});

test("a column may be left aside though it was recognised", () => {
  const order = matched(fresh("stations"), "kind", { heading: "" });
  assert.deepEqual(choice(order, "kind", { kind: "类型" }), {});
});

test("what is needed and has neither a column nor a value is missing", () => {
  const order = fresh("stations");
  assert.deepEqual(missing(KIND, order, {}), ["name", "hours"]);
  assert.deepEqual(missing(KIND, order, { name: "名称" }), ["hours"]);
  assert.deepEqual(missing(KIND, matched(order, "hours", { value: "24/7" }), { name: "名称" }), []);
  const members = { fields: [{ name: "area", required: true, options: [] }, { name: "within", required: false, options: [] }] };
  assert.deepEqual(missing(members, order, { within: "社区" }), []); // the wider area stands for the narrower
});

test("the body of the question names pairs, so that a heading may hold any sign", () => {
  const order = matched(matched(fresh("stations", "bd09"), "name", { heading: "a;b=c" }), "hours", { value: "24/7" });
  assert.deepEqual(body(order), {
    kind: "stations", datum: "bd09", layer: "", encoding: "", repair: false, trust: false,
    columns: [{ field: "name", value: "a;b=c" }, { field: "hours", value: "" }], set: [{ field: "hours", value: "24/7" }],
  });
});

test("which files have an encoding to choose", () => {
  assert.deepEqual(format("甲.CSV"), { suffix: "csv", hasEncoding: true });
  assert.deepEqual(format("a.b.gpkg"), { suffix: "gpkg", hasEncoding: false });
  assert.deepEqual(format("noname"), { suffix: "", hasEncoding: false });
});

test("values are told in words", () => {
  assert.equal(value(KIND, "kind", "post", t), "驿站");
  assert.equal(value(KIND, "kind", ["post", "centre"], t), "驿站、党群服务中心");
  assert.equal(value(KIND, "households", 12345, t), "12,345");
  assert.equal(value(KIND, "active", false, t), "imports.no");
  assert.equal(value(KIND, "name", null, t), "–");
  assert.deepEqual(change(KIND, ["hours", "24/7", "off"], t), { label: "field.hours", before: "24/7", after: "off" });
});

test("a shape tells how far it moved, or that it was drawn anew", () => {
  assert.equal(change(KIND, ["geometry", null, 3.04], t).after, 'imports.moved {"m":"3.0"}');
  assert.equal(change(KIND, ["geometry", null, 1234.4], t).after, 'imports.moved {"m":"1,234"}');
  assert.equal(change(KIND, ["geometry", null, 0], t).after, "imports.redrawn");
});

test("a problem is told in the words of the page, else in the server's", () => {
  const has = (key) => ["imports.error.columns_missing", "imports.error.datum_shift", "imports.datum_gcj02"].includes(key);
  const lacking = { key: "columns_missing", values: { names: "name、hours", have: "" }, detail: "--column" };
  assert.equal(said(lacking, t, has), 'imports.error.columns_missing {"names":"field.nameimports.jointfield.hours","have":""}');
  const shifted = { key: "datum_shift", values: { metres: 529, likely: "gcj02", datum: "mars" }, detail: "" };
  assert.match(said(shifted, t, has), /"likely":"imports.datum_gcj02","datum":"mars"/);
  assert.equal(said({ key: "zip_bomb", values: {}, detail: "服务器的话" }, t, has), "服务器的话");
});

test("the four signs differ in shape and in colour", () => {
  const shapes = STATES.map((state) => JSON.stringify(outline(state, 6)));
  assert.equal(new Set(shapes).size, 4);
  assert.equal(new Set(STATES.map((state) => COLOUR[state])).size, 4);
  for (const state of STATES) {
    const { fill = [], lines = [] } = outline(state, 6);
    for (const [x, y] of [...fill, ...lines.flat()]) assert.ok(Math.hypot(x, y) <= 6 * 1.3, state);
  }
});

test("sizes in megabytes", () => {
  assert.equal(megabytes(1.5 * 1024 * 1024), "1.5");
  assert.equal(megabytes(2048 * 1024 * 1024), "2,048");
});
