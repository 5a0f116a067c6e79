/** Loads in households against what is set, as a bar and in words. No browser. */

/**
 * The parts of a bar in percent: what somebody has, what would come, what is too much. The bar is
 * as long as the limit, or as the load if that is more.
 *
 * @param {{before: number, after: number, limit: ?{low: number, high: number}}} load
 * @returns {{before: number, more: number, over: number, low: ?number}}
 */
export function bar({ before, after, limit }) {
  const whole = Math.max(limit?.high ?? after, after, 1);
  const high = limit?.high ?? after;
  const kept = Math.min(before, high);
  const percent = (n) => Math.round((1000 * n) / whole) / 10;
  return {
    before: percent(kept),
    more: percent(Math.max(0, Math.min(after, high) - kept)),
    over: percent(Math.max(0, after - high)),
    low: limit && limit.low > 0 ? percent(limit.low) : null,
  };
}

/** Whether a load is too small, within what is set, too large, or not measured. */
export function verdict(after, limit) {
  if (!limit) return "free";
  if (after > limit.high) return "over";
  return after < limit.low ? "under" : "within";
}

/** Days as they are told: 12 天; none for less than a day. */
export function days(n) {
  return n === null || n === undefined || n < 1 ? null : n;
}

/** The surname on a disc: the first sign of a name. */
export function surname(name) {
  return [...name][0] ?? "?";
}

/** The day of a moment of the district's clock: "2026-11-23T…" gives "2026-11-23". */
export function dayOf(moment) {
  return moment ? moment.slice(0, 10) : null;
}

/** The last day of a period whose end, a moment, does not belong to it. */
export function lastDay(until) {
  if (!until) return null;
  if (!/T00:00:00/.test(until)) return until.slice(0, 10);
  const day = new Date(`${until.slice(0, 10)}T00:00:00Z`);
  return new Date(day.getTime() - 86_400_000).toISOString().slice(0, 10);
}
