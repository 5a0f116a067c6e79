/** Numbers, lengths and times as people read them. No browser. */

/** A whole number in groups of three. */
export function count(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share in percent with one decimal, rounded half to even; a dash where there is nothing. */
export function share(part, whole) {
  if (!whole) return "–";
  const tenths = (1000 * part) / whole;
  const low = Math.floor(tenths);
  const isTie = tenths - low === 0.5;
  const rounded = isTie ? low + (low % 2) : Math.round(tenths);
  return (rounded / 10).toFixed(1);
}

/** Whole metres, rounded up. */
export function metres(cm) {
  return count(Math.ceil(cm / 100));
}

/** Kilometres an hour with one decimal. */
export function speed(cmPerHour) {
  return (cmPerHour / 100_000).toFixed(1);
}

/** The moment it is in a zone: "2026-11-23T19:30". */
export function now(zone, date = new Date()) {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  return format.format(date).replace(" ", "T");
}

/** A moment in words: 今天 19:30, 今晚 19:30, 11月20日 19:30, with the year if it is another. */
export function moment(at, today, t) {
  const [date, time] = at.split("T");
  if (date === today.slice(0, 10)) return t(time >= "18:00" ? "time.tonight" : "time.today", { time });
  return t("time.on", { date: day(date, today, t), time });
}

/** A day in words, with the year if it is another. */
export function day(date, today, t) {
  const [year, month, number] = date.split("-").map(Number);
  return t(date.slice(0, 4) === today.slice(0, 4) ? "time.day" : "time.day_year", { year, month, day: number });
}
