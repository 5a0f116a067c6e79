/** Opening hours as minutes of the week from Monday 00:00: pure. */

export const WORKDAY = 600; // Monday 10:00, when no hour is asked

/** Minute of the week of a local time `2026-11-23T19:30`. @param {string|null} at */
export function minuteOfWeek(at) {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(at ?? "");
  if (!found) return WORKDAY;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return weekday * 1440 + hour * 60 + minute;
}

/** Ranges of a PostgreSQL multirange `{[480,1110),[1920,2550)}`. @param {string} text @returns {number[][]} */
export function ranges(text) {
  return [...(text ?? "").matchAll(/\[(\d+),(\d+)\)/g)].map((m) => [Number(m[1]), Number(m[2])]);
}

/** @param {string} text of a multirange @param {number} minute of the week */
export function isOpen(text, minute) {
  return ranges(text).some(([from, to]) => from <= minute && minute < to);
}

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/** Opening times of a day from `Mo-Fr 08:30-17:30; Sa 09:00-12:00`, in minutes. @returns {number[][]} */
export function ofDay(text, day) {
  if (text === "24/7") return [[0, 1440]];
  const parts = (text ?? "").split(";").map((part) => /^(\w\w)(?:-(\w\w))? (.+)$/.exec(part.trim())).filter(Boolean);
  const on = parts.filter(([, from, to]) => {
    const [a, b] = [DAYS.indexOf(from), DAYS.indexOf(to ?? from)];
    return a <= b ? a <= day && day <= b : day >= a || day <= b;
  });
  const spans = on.flatMap(([, , , times]) => [...times.matchAll(/(\d\d):(\d\d)-(\d\d):(\d\d)/g)]);
  return spans.map((m) => m.slice(1).map(Number)).map(([a, b, c, d]) => [a * 60 + b, c * 60 + d]);
}

const clock = (m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;

/**
 * Why a place is shut at a minute of the week: since when, or from when it opens; null when it is open.
 * @returns {{key: 'map.closed_since'|'map.opens_at'|'map.shut_today', time?: string}|null}
 */
export function shutNote(text, minute) {
  const [day, now] = [Math.floor(minute / 1440), minute % 1440];
  const spans = ofDay(text, day).sort((a, b) => a[0] - b[0]);
  if (spans.some(([from, to]) => from <= now && now < to)) return null;
  const next = spans.find(([from]) => from > now);
  const last = spans.filter(([, to]) => to <= now).pop();
  if (last) return { key: "map.closed_since", time: clock(last[1]) };
  return next ? { key: "map.opens_at", time: clock(next[0]) } : { key: "map.shut_today" };
}

/**
 * Hours for people: 06:00–22:00, 周一至周五 08:30–17:30.
 * @param {string} text as OpenStreetMap writes them @param {(key: string, values?: object) => string} words
 */
export function inWords(text, words) {
  const day = (name) => words(`map.day.${DAYS.indexOf(name)}`);
  const parts = text.split(";").map((part) => /^(?:(\w\w)(?:-(\w\w))? )?(\d.*)$/.exec(part.trim())).filter(Boolean);
  return parts.map(([, from, to, times]) => {
    const days = !from || (from === "Mo" && to === "Su") ? "" : to ? words("map.day.range", { from: day(from), to: day(to) }) : day(from);
    return `${days} ${times.replaceAll("-", "–")}`.trim();
  }).join("\n");
}
