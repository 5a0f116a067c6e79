/** What is meant by a press on the map: pure. */

import { inside, toEdge } from "./within.js";

const ORDER = ["member", "station", "gate", "building", "area"];
const REACH = { member: 16, station: 14, gate: 6, building: 0, area: 0 };
export const TOUCH = 22; // half of 44 px

/** @typedef {{kind: string, id: any, point?: number[], rings?: number[][][]}} Candidate in pixels */

/** How far a thing is from a press, 0 on it. @param {Candidate} one @param {number[]} p */
export function distance(one, p) {
  if (one.point) return Math.max(0, Math.hypot(one.point[0] - p[0], one.point[1] - p[1]) - REACH[one.kind]);
  return inside(p, one.rings) ? 0 : toEdge(p, one.rings);
}

/**
 * The nearest candidate within a radius; of those at the same distance the smaller kind of thing.
 * An area is meant only where nothing else is near enough.
 * @param {Candidate[]} candidates @param {number[]} p @param {number} radius pixels
 */
export function nearest(candidates, p, radius) {
  const near = candidates
    .map((one) => ({ one, far: one.kind === "area" ? radius + 1 : distance(one, p) }))
    .filter(({ one, far }) => far <= radius || (one.kind === "area" && inside(p, one.rings)));
  near.sort((a, b) => a.far - b.far || ORDER.indexOf(a.one.kind) - ORDER.indexOf(b.one.kind));
  return near.length ? near[0].one : null;
}
