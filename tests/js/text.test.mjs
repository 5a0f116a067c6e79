import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { count, day, metres, moment, now, share, speed } from "../../web/static/js/format.js";
import { stateAt, weekday, written } from "../../web/static/js/hours.js";
import { rules } from "../../web/static/js/week.js";
import { fill, has, parts, setWords, t } from "../../web/static/js/words.js";

const texts = (name) => JSON.parse(readFileSync(new URL(`../../web/translations/${name}.json`, import.meta.url), "utf-8"));
setWords(texts("zh"));
const TODAY = "2026-11-23T14:05"; // a Monday

test("numbers are grouped, shares have one decimal, halves go to even", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(count), ["0", "999", "1,000", "1,234,567"]);
  assert.equal(share(1, 0), "–");
  assert.deepEqual([share(420, 500), share(1, 16), share(3, 16), share(2, 3), share(7, 7)], ["84.0", "6.2", "18.8", "66.7", "100.0"]);
  assert.deepEqual([metres(0), metres(1), metres(100_000), metres(100_001)], ["0", "1", "1,000", "1,001"]);
  assert.equal(speed(290_000), "2.9");
});

test("a moment is told as people do", () => {
  assert.equal(moment("2026-11-23T19:30", TODAY, t), "今晚 19:30");
  assert.equal(moment("2026-11-23T09:00", TODAY, t), "今天 09:00");
  assert.equal(moment("2026-11-20T09:00", TODAY, t), "11月20日 09:00");
  assert.equal(day("2027-01-01", TODAY, t), "2027年1月1日");
});

test("the clock is that of the district, not of the reader", () => {
  const date = new Date("2026-11-23T17:30:00Z");
  assert.equal(now("Asia/Shanghai", date), "2026-11-24T01:30");
  assert.equal(now("UTC", date), "2026-11-23T17:30");
});

test("hours are read: days, ranges, the last rule that names a day", () => {
  assert.deepEqual(rules("Mo-Fr 08:30-12:00,14:00-17:30; Sa off").map((rule) => rule.spans.length), [2, 0]);
  for (const text of ["", "whenever", "Mo-Xx 08:00-18:00", "Mo-Fr 8-18"]) assert.equal(rules(text), null);
  assert.equal(weekday("2026-11-23T00:00"), 0);
  assert.equal(weekday("2026-11-29T23:59"), 6);
});

test("open until, opens at, closed since", () => {
  const hours = "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00";
  assert.deepEqual(stateAt(hours, "2026-11-23T08:30"), { isOpen: true, until: "12:00" });
  assert.deepEqual(stateAt(hours, "2026-11-23T12:00"), { isOpen: false, from: "14:00", since: "12:00" });
  assert.deepEqual(stateAt(hours, "2026-11-23T17:30"), { isOpen: false, from: null, since: "17:30" });
  assert.deepEqual(stateAt(hours, "2026-11-29T10:00"), { isOpen: false, from: null, since: null });
  assert.deepEqual(stateAt("24/7", "2026-11-29T10:00"), { isOpen: true, until: null });
  assert.deepEqual(stateAt("off", "2026-11-29T10:00"), { isOpen: false, from: null, since: null });
  assert.equal(stateAt("by appointment", TODAY), null);
  const late = "Fr 18:00-02:00";
  assert.deepEqual(stateAt(late, "2026-11-27T23:00"), { isOpen: true, until: "02:00" });
  assert.deepEqual(stateAt(late, "2026-11-28T01:59"), { isOpen: true, until: "02:00" });
  assert.deepEqual(stateAt(late, "2026-11-28T02:00"), { isOpen: false, from: null, since: "02:00" });
  assert.deepEqual(stateAt(late, "2026-11-27T01:00"), { isOpen: false, from: "18:00", since: null });
});

test("hours in words, in both languages", () => {
  const hours = "Mo-Fr 08:30-12:00,14:00-17:30; Sa off";
  assert.equal(written(hours, t), "周一至周五 08:30–12:00、14:00–17:30；周六 不开放");
  assert.equal(written("Mo-Su 06:00-22:00", t), "每天 06:00–22:00");
  assert.equal(written("by appointment", t), "by appointment");
  assert.equal(written("Mo-Su 18:00-02:00; PH off", t), "每天 18:00–次日 02:00；节假日 不开放");
  assert.equal(written("Mo,We-Fr 09:00-18:00", t), "周一、周三至周五 09:00–18:00");
  setWords(texts("en"));
  assert.equal(written(hours, t), "Mon–Fri 08:30–12:00, 14:00–17:30; Sat closed");
  setWords(texts("zh"));
});

test("a text is filled in once: a value that looks like a place stays a value", () => {
  assert.equal(fill("{a}和{b:,}", { a: "{b}", b: 12345 }), "{b}和12,345");
  assert.equal(fill("{a}", {}), "{a}");
  assert.equal(t("no.such.key"), "no.such.key");
  assert.ok(has("nav.coverage") && !has("no.such.key"));
});

test("the sentence of conditions names its four parts in both languages", () => {
  for (const name of ["zh", "en"]) {
    setWords(texts(name));
    for (const key of ["ask.sentence", "ask.sentence_at"]) {
      const names = parts(key).flatMap((part) => part.name ?? []).sort();
      assert.deepEqual(names, ["at", "minutes", "profile", "service"]);
    }
  }
  setWords(texts("zh"));
});
