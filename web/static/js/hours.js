/**
 * Opening hours as they are written in the data, read for people: "Mo-Fr 18:00-02:00; PH off".
 * Times are the district's own; a moment is "2026-11-23T19:30". No browser.
 */

import { clock, DAY, read, rules, runs } from "./week.js";

/** Whether it is open at a moment, and the clock when that changes on the same day or night. */
export function stateAt(text, moment) {
  const week = read(text);
  if (!week) return null;
  const time = minutes(moment.slice(11));
  const spans = during(week, weekday(moment));
  const now = spans.find(([from, to]) => from <= time && time < to);
  if (now) return { isOpen: true, until: now[1] === DAY ? null : clock(now[1] % DAY) };
  const next = spans.find(([from]) => from > time);
  const before = spans.filter(([, to]) => to <= time).at(-1);
  return { isOpen: false, from: next ? clock(next[0]) : null, since: before ? clock(before[1]) : null };
}

/** The spans of a day, and before them what goes on from the day before. */
function during({ days }, day) {
  const late = days[(day + 6) % 7].filter(([, to]) => to > DAY).map(([, to]) => [0, to - DAY]);
  return [...late, ...days[day]];
}

/** The text of the hours in the words of the page. */
export function written(text, t) {
  if (text === "24/7") return t("hours.always");
  if (text === "off") return t("hours.never");
  const those = rules(text);
  if (!those) return text;
  return those.map((rule) => `${daysOf(rule, t)} ${times(rule.spans, t)}`).join(t("hours.and"));
}

/** Monday is 0. */
export function weekday(moment) {
  return (new Date(`${moment.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function daysOf({ days, isHoliday }, t) {
  const name = (day) => t(`hours.day${day}`);
  const named = days.length === 7 ? [t("hours.daily")]
    : runs([...days].sort()).map((run) => (run.length > 1 ? t("hours.days", { from: name(run[0]), to: name(run.at(-1)) }) : name(run[0])));
  return [...named, ...(isHoliday ? [t("hours.holidays")] : [])].join(t("hours.comma"));
}

function times(spans, t) {
  const end = (to) => (to > DAY ? t("hours.next_day", { time: clock(to - DAY) }) : clock(to));
  if (spans.length === 1 && spans[0][0] === 0 && spans[0][1] === DAY) return t("hours.always");
  return spans.length ? spans.map(([from, to]) => `${clock(from)}–${end(to)}`).join(t("hours.comma")) : t("hours.never");
}

function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return 60 * hour + minute;
}
