import assert from "node:assert/strict";
import { test } from "node:test";
import { minutesOf } from "../../web/static/js/edit/hours-field.js";
import { clock, DAY, faultOf, LAYOUTS, layoutOf, read, span, write } from "../../web/static/js/week.js";

const texts = [
  "24/7", "off", "Mo-Su 06:00-22:00", "Mo-Fr 08:30-17:30; Sa 09:00-12:00", "Mo-Fr 08:30-12:00,14:00-17:30",
  "Mo-Fr 18:00-02:00; PH off", "Mo,We,Fr 09:00-18:00; Tu 10:00-12:00", "Sa-Su 00:00-24:00", "24/7; PH off", "Mo-Su 20:00-24:00; PH 10:00-16:00",
];

for (const text of texts) {
  test(`hours are written as they are read: ${text}`, () => assert.equal(write(read(text)), text));
}

test("hours are read as the service reads them", () => {
  assert.deepEqual(read("Fr-Mo 10:00-11:00").days.map((day) => day.length), [1, 0, 0, 0, 1, 1, 1]);
  assert.deepEqual(read("08:00-9:30").days[6], [[480, 570]]);
  assert.deepEqual(read("Mo-Su 08:00-20:00; We off").days[2], []);
  assert.deepEqual(read("PH,Su off").holiday, []);
  assert.deepEqual(read("SH off").days[0], []);
  assert.deepEqual(read("Mo").days[0], [[0, DAY]]);
});

for (const text of ["25:00", "Mo-Fr 25:00-26:00", "Xx 08:00-09:00", "Mo 08:00", "Mo 08:00-08:00", "", "Mo 08:61-09:00", "sunrise-sunset"]) {
  test(`this is not read: "${text}"`, () => assert.equal(read(text), null));
}

test("a span past midnight belongs to the day it begins on", () => {
  assert.deepEqual(span(1080, 120), [1080, 1560]);
  assert.deepEqual(span(0, DAY), [0, DAY]);
  assert.equal(span(540, 540), null);
  assert.equal(span(DAY, 60), null);
  assert.equal(write({ days: Array(7).fill([[1080, 1560]]), holiday: null }), "Mo-Su 18:00-02:00");
});

test("a week is laid out in as few rows as say all of it", () => {
  assert.equal(layoutOf(read("24/7")), "same");
  assert.equal(layoutOf(read("Mo-Fr 08:00-17:00")), "weekend");
  assert.equal(layoutOf(read("Mo-Fr 08:00-17:00; Sa 09:00-12:00")), "saturday");
  assert.equal(layoutOf(read("Mo,We 08:00-17:00")), "each");
  for (const rows of Object.values(LAYOUTS)) assert.deepEqual(rows.flat(), [0, 1, 2, 3, 4, 5, 6]);
});

test("spans that overlap or have no length are faults", () => {
  assert.equal(faultOf([[540, 720], [700, 800]]), "edit.hours.overlap");
  assert.equal(faultOf([[1080, 1560], [540, 720]]), null);
  assert.equal(faultOf([[540, 540]]), "edit.hours.same");
  assert.equal(faultOf([]), null);
});

test("clocks as people write them", () => {
  const said = { "8:30": 510, "0830": 510, "08:30": 510, "８：３０": 510, 8: 480, "24:00": DAY, "0:00": 0 };
  for (const [text, minutes] of Object.entries(said)) assert.equal(minutesOf(text), minutes, text);
  for (const text of ["25:00", "8:60", "", "abc", "24:30", "8-30"]) assert.equal(minutesOf(text), null, text);
  assert.equal(clock(510), "08:30");
});
