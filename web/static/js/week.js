/**
 * Opening hours by days, as people fill them in, and as OpenStreetMap writes them. No browser.
 *
 * A span is [from, to] in minutes of its day; beyond 1440 it goes on the next day. `holiday` is
 * null where holidays are as any day.
 *
 * @typedef {{days: number[][][], holiday: ?number[][]}} Week days from Monday
 */

export const NAMES = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
export const DAY = 1440;
const ALL = [0, 1, 2, 3, 4, 5, 6];
const RULE = /^(?:([A-Z][A-Za-z, -]*?)\s*)?(\d[\d:, -]*|off|closed)?$/;
const SPAN = /^(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)$/;

/** The ways to lay out a week in rows. */
export const LAYOUTS = {
  same: [ALL],
  weekend: [[0, 1, 2, 3, 4], [5, 6]],
  saturday: [[0, 1, 2, 3, 4], [5], [6]],
  each: ALL.map((day) => [day]),
};

/** The rules of a text in their order, with the days each one names; null: it is not understood. */
export function rules(text) {
  const found = text.split(";").map((part) => ruleOf(part.trim()));
  return found.includes(null) ? null : found;
}

/** The week of a text: of the rules that name a day the last one holds. @returns {?Week} */
export function read(text) {
  const week = { days: ALL.map(() => []), holiday: null };
  const those = rules(text);
  if (!those) return null;
  for (const rule of those) {
    for (const day of rule.days) week.days[day] = rule.spans;
    if (rule.isHoliday) week.holiday = rule.spans;
  }
  return week;
}

function ruleOf(part) {
  if (part === "24/7") return { days: ALL, spans: [[0, DAY]], isHoliday: false };
  const found = RULE.exec(part);
  if (!part || !found) return null;
  const those = found[1] === undefined ? { days: ALL, isHoliday: false } : daysOf(found[1]);
  const spans = spansOf(found[2]);
  return those && spans ? { ...those, spans } : null;
}

function daysOf(text) {
  const days = [];
  let isHoliday = false;
  for (const part of text.trim().split(/\s*,\s*/)) {
    const [first, last = first] = part.split("-");
    if (["PH", "SH"].includes(part)) isHoliday ||= part === "PH";
    else if (!NAMES.includes(first) || !NAMES.includes(last)) return null;
    else days.push(...range(NAMES.indexOf(first), NAMES.indexOf(last)));
  }
  return { days, isHoliday };
}

function range(from, to) {
  const count = ((to - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, i) => (from + i) % 7);
}

function spansOf(text) {
  if (text === undefined) return [[0, DAY]];
  if (text === "off" || text === "closed") return [];
  const spans = text.split(",").map((part) => spanOf(part.trim()));
  return spans.includes(null) ? null : spans;
}

function spanOf(part) {
  const found = SPAN.exec(part)?.slice(1).map(Number);
  if (!found || found[1] > 59 || found[3] > 59) return null;
  return span(60 * found[0] + found[1], 60 * found[2] + found[3]);
}

/** A span of two clocks; the second at or before the first is the next day's. Null: it is none. */
export function span(from, to) {
  if (from >= DAY || to > DAY || from === to) return null;
  return [from, to > from ? to : to + DAY];
}

/** The text of a week, as short as it is usual. @param {Week} week */
export function write({ days, holiday }) {
  const texts = days.map(spansText);
  const those = [...new Set(texts)].filter((text) => text !== "off")
    .map((text) => `${daysText(ALL.filter((day) => texts[day] === text))} ${text}`);
  const usual = texts.every((text) => text === "00:00-24:00") ? ["24/7"] : those.length ? those : ["off"];
  return [...usual, ...(holiday ? [`PH ${spansText(holiday)}`] : [])].join("; ");
}

function spansText(spans) {
  return spans.map(([from, to]) => `${clock(from)}-${clock(to > DAY ? to - DAY : to)}`).join(",") || "off";
}

/** Days in order as runs of days one after the other. */
export function runs(days) {
  const found = [];
  for (const day of days) {
    if (found.at(-1)?.at(-1) === day - 1) found.at(-1).push(day);
    else found.push([day]);
  }
  return found;
}

function daysText(days) {
  return runs(days).map((run) => (run.length > 1 ? `${NAMES[run[0]]}-${NAMES[run.at(-1)]}` : NAMES[run[0]])).join(",");
}

/** 08:30; the end of a day is 24:00. */
export function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** The layout with the fewest rows that says all of a week. @param {Week} week */
export function layoutOf({ days }) {
  const isSame = (rows) => rows.every((row) => row.every((day) => String(days[day]) === String(days[row[0]])));
  return Object.keys(LAYOUTS).find((name) => isSame(LAYOUTS[name]));
}

/** What is wrong with spans of a day: the key of its text; null: nothing. */
export function faultOf(spans) {
  if (spans.some(([from, to]) => from === to)) return "edit.hours.same";
  const sorted = [...spans].sort((a, b) => a[0] - b[0]);
  const meets = sorted.some(([from], i) => i > 0 && from < sorted[i - 1][1]);
  return meets ? "edit.hours.overlap" : null;
}
