/** Classes of minutes: pure. A class is its place in the bar of minutes, left to right. */

export const UNCONNECTED = 254;

/** Ids as they travel: the first, then differences. @param {number[]} coded @returns {number[]} */
export function decode(coded) {
  let last = 0;
  return coded.map((step) => (last += step));
}

/**
 * The class of a building: 0 for the first band, …, bands.length for farther, one more for unconnected.
 * @param {number} minutes rounded up; 255 over the reach, 254 unconnected
 * @param {number[]} bands upper ends in minutes, ascending
 */
export function classOf(minutes, bands) {
  if (minutes === UNCONNECTED) return bands.length + 1;
  const found = bands.findIndex((end) => minutes <= end);
  return found < 0 ? bands.length : found;
}

/**
 * The colour of each class, 0–4 for m1–m5, 5 for the hatch. Bands within the limit take m1–m3,
 * beyond it m4, the farthest m5: hue turns once, at the limit.
 * @param {number[]} bands @param {number} limit minutes
 */
export function colours(bands, limit) {
  const near = bands.map((end, i) => (end <= limit ? Math.min(i, 2) : 3));
  return [...near, 4, 5];
}

/** The least share served of each class but the last. */
export const SHARES = [0.99, 0.95, 0.85, 0.7];

/** The class of a share served, 0–4. @param {number} share 0–1 */
export function classOfShare(share) {
  const found = SHARES.findIndex((least) => share >= least);
  return found < 0 ? SHARES.length : found;
}
