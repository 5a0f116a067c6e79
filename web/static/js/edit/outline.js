/** Whether a drawn shape can be used: told while it is drawn, before anything is sent. No browser. */

import { area, around, apart } from "./plane.js";

const LEAST_M2 = 1;

/**
 * What is wrong with a shape, and where: {key, at}; null: nothing.
 * @param {"point"|"line"|"polygon"} shape @param {number[][]} points a ring without its last corner
 */
export function fault(shape, points) {
  if (shape === "point") return points.length === 1 ? null : { key: "edit.fault.few", at: null };
  if (points.length < least(shape)) return { key: "edit.fault.few", at: points.at(-1) ?? null };
  const at = crossing(points, shape === "polygon");
  if (shape === "polygon" && at) return { key: "edit.fault.crosses", at };
  if (shape === "polygon" && area(points) < LEAST_M2) return { key: "edit.fault.flat", at: points[0] };
  return null;
}

/** How many corners it takes. */
export function least(shape) {
  return { point: 1, line: 2, polygon: 3 }[shape];
}

/** Where a line or ring crosses or touches itself; null: nowhere. */
export function crossing(points, isRing) {
  if (points.length < 3) return null;
  const plane = around(points[0]);
  const flat = points.map(plane.to);
  const count = isRing ? flat.length : flat.length - 1;
  const side = (i) => [flat[i], flat[(i + 1) % flat.length]];
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const isNext = j === i + 1 || (isRing && i === 0 && j === count - 1);
      const at = isNext ? folded(side(i), side(j)) : meeting(side(i), side(j));
      if (at) return plane.from(at);
    }
  }
  return null;
}

/** Where two stretches meet, ends too. */
export function meeting([a, b], [c, d]) {
  const [abx, aby, cdx, cdy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = abx * cdy - aby * cdx;
  if (cross === 0) return onLine(a, b, c) ?? onLine(a, b, d) ?? onLine(c, d, a);
  const s = ((c[0] - a[0]) * cdy - (c[1] - a[1]) * cdx) / cross;
  const u = ((c[0] - a[0]) * aby - (c[1] - a[1]) * abx) / cross;
  return s >= 0 && s <= 1 && u >= 0 && u <= 1 ? [a[0] + s * abx, a[1] + s * aby] : null;
}

/** Neighbouring stretches share a corner; they are at fault where one runs back along the other. */
function folded([a, b], [c, d]) {
  const [shared, one, other] = b === c ? [b, a, d] : [a, b, c];
  const [ux, uy, vx, vy] = [one[0] - shared[0], one[1] - shared[1], other[0] - shared[0], other[1] - shared[1]];
  return ux * vy === uy * vx && ux * vx + uy * vy > 0 ? shared : null;
}

function onLine(a, b, p) {
  const cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
  const isWithin = Math.min(a[0], b[0]) <= p[0] && p[0] <= Math.max(a[0], b[0])
    && Math.min(a[1], b[1]) <= p[1] && p[1] <= Math.max(a[1], b[1]);
  return cross === 0 && isWithin ? p : null;
}

/** Corners one after the other, without those at the same place. */
export function distinct(points) {
  return points.filter((point, i) => i === 0 || apart(points[i - 1], point) > 0.001);
}
