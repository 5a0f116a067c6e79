import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { choice, clock, openingText } from "../../web/static/js/field/choice.js";
import { locate, NoPosition, rounded } from "../../web/static/js/field/position.js";
import { heading } from "../../web/static/js/field/standing.js";
import { setWords, t } from "../../web/static/js/words.js";

const texts = (name) => JSON.parse(readFileSync(new URL(`../../web/translations/${name}.json`, import.meta.url), "utf-8"));
setWords(texts("zh"));
const NOW = "2026-11-23T17:50"; // a Monday

const station = (code, open, inTime = open) => ({ code, open, in_time: inTime });
const answer = { stations: [station("a", false), station("b", true, false), station("c", true), station("d", true), station("e", true), station("f", true)] };
const codes = ({ first, more, nearer }) => [first?.code, more.map((one) => one.code).join(""), nearer.map((one) => one.code).join("")];

test("the nearest that is open when one gets there comes first, then two more, then what is nearer but shut", () => {
  assert.deepEqual(codes(choice(answer, true)), ["c", "de", "ab"]);
});

test("without the condition the nearest come as they are", () => {
  assert.deepEqual(codes(choice(answer, false)), ["a", "bc", ""]);
});

test("a station that was chosen comes first, the others stay", () => {
  assert.deepEqual(codes(choice(answer, true, "e")), ["e", "cd", "ab"]);
  assert.deepEqual(codes(choice(answer, true, "a")), ["a", "cd", "b"]);
});

test("nothing open: nothing is first, and what is shut is named", () => {
  assert.deepEqual(codes(choice({ stations: [station("a", false)] }, true)), [undefined, "", "a"]);
  assert.deepEqual(codes(choice({ stations: [] }, true)), [undefined, "", ""]);
});

test("hours are told by the day it is", () => {
  const text = (open, inTime, since, until) => openingText({ open, in_time: inTime, since, until }, NOW, t);
  assert.equal(text(true, true, "2026-11-23T08:30", "2026-11-23T20:30"), "开到 20:30");
  assert.equal(text(true, true, "2026-11-23T20:00", "2026-11-24T02:00"), "开到 明天 02:00");
  assert.equal(text(true, false, "2026-11-23T08:30", "2026-11-23T18:00"), "开到 18:00，走到时已关");
  assert.equal(text(false, false, "2026-11-23T17:30", "2026-11-24T08:30"), "17:30 已关");
  assert.equal(text(false, false, "2026-11-22T12:00", "2026-11-25T08:30"), "周三 08:30 开门");
  assert.equal(text(true, true, null, null), "全天开放");
  assert.equal(text(false, false, null, null), "不开放");
});

test("days are counted across the end of a month", () => {
  assert.equal(clock("2026-12-01T08:30", "2026-11-30T23:59", t), "明天 08:30");
  assert.equal(clock("2026-12-03T08:30", "2026-11-30T00:00", t), "周四 08:30");
});

test("a position is said to a metre", () => {
  assert.deepEqual(rounded([115.480312345, 35.241099999]), [115.48031, 35.2411]);
});

const phone = (getCurrentPosition, isSecureContext = true) => ({ isSecureContext, navigator: { geolocation: { getCurrentPosition } } });

test("where the phone is, or why it does not say", async () => {
  const given = await locate(null, phone((done) => done({ coords: { longitude: 115.123456789, latitude: 35.1, accuracy: 28.2 } })));
  assert.deepEqual(given, { kind: "phone", point: [115.12346, 35.1], accuracy: 29 });
  const why = (from) => assert.rejects(locate(null, from), (error) => error instanceof NoPosition && from.why === error.why);
  await why({ ...phone(() => {}, false), why: "insecure" });
  await why({ isSecureContext: true, navigator: {}, why: "missing" });
  for (const [code, word] of [[1, "denied"], [2, "silent"], [3, "silent"]]) await why({ ...phone((_, failed) => failed({ code })), why: word });
});

test("what is said of where one stands follows how well that is known", () => {
  const at = (accuracy, n, kind = "phone") => heading(Array(n).fill({}), { kind, accuracy });
  assert.equal(at(29, 1), "您在（误差 ±29 米）");
  assert.equal(at(29, 2), "您在（误差 ±29 米，靠近边界）");
  assert.match(at(900, 3), /位置不准/);
  assert.equal(at(null, 1, "map"), "那里是");
});
