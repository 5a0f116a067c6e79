import assert from "node:assert/strict";
import test from "node:test";

import { inWords, isOpen, minuteOfWeek, ofDay, ranges, shutNote, WORKDAY } from "../../web/static/js/map/hours.js";

test("a local time is a minute of the week from Monday", () => {
  assert.equal(minuteOfWeek("2026-11-23T19:30"), 19 * 60 + 30); // a Monday
  assert.equal(minuteOfWeek("2026-11-29T00:00"), 6 * 1440);
  assert.equal(minuteOfWeek(null), WORKDAY);
});

test("a multirange opens at its start and shuts at its end", () => {
  const text = "{[480,1110),[1920,2550)}";
  assert.deepEqual(ranges(text), [[480, 1110], [1920, 2550]]);
  assert.deepEqual([479, 480, 1109, 1110, 2000].map((m) => isOpen(text, m)), [false, true, true, false, true]);
  assert.equal(isOpen("{}", 600), false);
  assert.equal(isOpen("{[0,10080)}", 10079), true);
});

test("hours of a day", () => {
  const text = "Mo-Fr 08:30-11:30,14:00-17:30; Sa 09:00-12:00";
  assert.deepEqual(ofDay(text, 0), [[510, 690], [840, 1050]]);
  assert.deepEqual(ofDay(text, 5), [[540, 720]]);
  assert.deepEqual(ofDay(text, 6), []);
  assert.deepEqual(ofDay("24/7", 6), [[0, 1440]]);
  assert.deepEqual(ofDay("off", 0), []);
});

test("why a place is shut", () => {
  const text = "Mo-Fr 08:30-11:30,14:00-17:30";
  assert.equal(shutNote(text, 10 * 60), null);
  assert.deepEqual(shutNote(text, 19 * 60), { key: "map.closed_since", time: "17:30" });
  assert.deepEqual(shutNote(text, 12 * 60), { key: "map.closed_since", time: "11:30" });
  assert.deepEqual(shutNote(text, 7 * 60), { key: "map.opens_at", time: "08:30" });
  assert.deepEqual(shutNote(text, 6 * 1440 + 600), { key: "map.shut_today" });
});

test("hours in words", () => {
  const words = (key, values = {}) => ({ "map.day.range": `${values.from}至${values.to}` })[key] ?? `周${"一二三四五六日"[key.at(-1)]}`;
  assert.equal(inWords("Mo-Su 06:00-22:00", words), "06:00–22:00");
  assert.equal(inWords("Mo-Fr 08:30-17:30; Sa 09:00-12:00", words), "周一至周五 08:30–17:30\n周六 09:00–12:00");
  assert.equal(inWords("off", words), "");
});
