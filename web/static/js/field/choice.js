/** What of an answer is shown: which station first, which next, what is nearer but shut. No browser. */

const MORE = 2;

/** Whether one gets there while it is open. */
export function isReady(station) {
  return station.open && station.in_time;
}

/** The stations of an answer in order: {first, more, nearer}; `code` puts one first. */
export function choice({ stations }, isOnlyOpen, code = null) {
  const those = isOnlyOpen ? stations.filter(isReady) : stations;
  const shown = those.slice(0, 1 + MORE);
  const first = stations.find((one) => one.code === code) ?? shown[0] ?? null;
  const more = shown.filter((one) => one !== first).slice(0, MORE);
  return { first, more, nearer: isOnlyOpen ? nearer(stations, those[0], first) : [] };
}

/** Nearer than the nearest that is open, but shut: the nearest of them. */
function nearer(stations, open, first) {
  const before = stations.slice(0, open ? stations.indexOf(open) : stations.length);
  return before.filter((one) => one !== first && !isReady(one)).slice(0, MORE);
}

/** What is said of a station's hours: {key, at} with a clock, or only a key. */
export function opening({ open, in_time: inTime, since, until }, now) {
  if (open && !until) return { key: "field.always" };
  if (open) return { key: inTime ? "field.until" : "field.too_late", at: until };
  if (!until) return { key: "field.never" };
  if (since && since.slice(0, 10) === now.slice(0, 10)) return { key: "field.since", at: since };
  return { key: "field.from", at: until };
}

/** A clock as people say it on the day it is now: 20:30, 明天 08:30, 周三 08:30. */
export function clock(at, now, t) {
  const time = at.slice(11);
  const days = Math.round((day(at) - day(now)) / 86_400_000);
  if (days === 0) return time;
  if (days === 1) return t("field.tomorrow", { time });
  return t("field.on_day", { day: t(`hours.day${(new Date(day(at)).getUTCDay() + 6) % 7}`), time });
}

function day(at) {
  return Date.parse(`${at.slice(0, 10)}T00:00:00Z`);
}

/** The hours of a station in words. */
export function openingText(station, now, t) {
  const { key, at } = opening(station, now);
  return t(key, at ? { time: clock(at, now, t) } : {});
}
