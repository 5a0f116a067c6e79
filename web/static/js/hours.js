/**
 * Opening hours as they are written in the data, read for people: "Mo-Fr 08:30-17:30; Sa off".
 * Times are the district's own; a moment is "2026-11-23T19:30". No browser.
 */

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const DAY = 1440;

/** The rules of a text: days as numbers from Monday, ranges in minutes; null if it is not read. */
export function parse(text) {
  if (text === "24/7") return [{ days: [0, 6], ranges: [[0, DAY]] }];
  const rules = [];
  for (const part of text.split(";").map((s) => s.trim()).filter(Boolean)) {
    const found = /^([A-Z][a-z])(?:-([A-Z][a-z]))? (.+)$/.exec(part);
    const days = found ? [found[1], found[2] ?? found[1]] : ["Mo", "Su"];
    const rule = { days: days.map((d) => DAYS.indexOf(d)), ranges: ranges(found?.[3] ?? part) };
    if (rule.days.includes(-1) || rule.ranges === null) return null;
    rules.push(rule);
  }
  return rules.length ? rules : null;
}

/** Whether it is open at a moment, and the clock when that changes on the same day. */
export function stateAt(text, moment) {
  const rules = parse(text);
  if (!rules) return null;
  const time = minutes(moment.slice(11));
  const today = rangesOf(rules, weekday(moment));
  const now = today.find(([from, to]) => from <= time && time < to);
  if (now) return { isOpen: true, until: now[1] < DAY ? clock(now[1]) : null };
  const next = today.find(([from]) => from > time);
  const before = today.filter(([, to]) => to <= time).at(-1);
  return { isOpen: false, from: next ? clock(next[0]) : null, since: before ? clock(before[1]) : null };
}

/** The text of the hours in the words of the page. */
export function written(text, t) {
  if (text === "24/7") return t("hours.always");
  if (text === "off") return t("hours.never");
  const rules = parse(text);
  if (!rules) return text;
  return rules.map((rule) => `${daysOf(rule.days, t)} ${times(rule.ranges, t)}`).join(t("hours.and"));
}

/** Monday is 0. */
export function weekday(moment) {
  return (new Date(`${moment.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function daysOf([from, to], t) {
  if (from === 0 && to === 6) return t("hours.daily");
  const name = (day) => t(`hours.day${day}`);
  return from === to ? name(from) : t("hours.days", { from: name(from), to: name(to) });
}

function times(ranges, t) {
  return ranges.length ? ranges.map((r) => r.map(clock).join("–")).join(t("hours.comma")) : t("hours.never");
}

/** The last rule that names the day counts. */
function rangesOf(rules, day) {
  const isIn = ({ days: [from, to] }) =>
    from <= to ? from <= day && day <= to : day >= from || day <= to;
  return rules.filter(isIn).at(-1)?.ranges ?? [];
}

function ranges(text) {
  if (text === "off") return [];
  const found = text.split(",").map((part) => /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(part.trim()));
  if (found.some((one) => one === null)) return null;
  return found.map((one) => [minutes(one[1]), minutes(one[2])]);
}

function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return 60 * hour + minute;
}

function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
