/** To what a place on the map is drawn: a corner, or a point on a line. No browser. */

import { around } from "./plane.js";

/**
 * The nearest corner of these things within reach, or else the nearest point on their lines.
 * @param {number[]} place @param {{lines: number[][][], box: number[]}[]} things
 * @param {number} reach metres
 * @returns {{at: number[], thing: object, isCorner: boolean, away: number}|null}
 */
export function snap(place, things, reach) {
  const plane = around(place);
  const near = things.filter(({ box }) => isNear(box, plane, reach));
  return nearest(near.flatMap((thing) => corners(thing, plane, reach)))
    ?? nearest(near.flatMap((thing) => feet(thing, plane, reach)));
}

/** Things whose box comes within reach of the place the plane is around. */
function isNear([west, south, east, north], plane, reach) {
  const [[x0, y0], [x1, y1]] = [plane.to([west, south]), plane.to([east, north])];
  return x0 <= reach && y0 <= reach && x1 >= -reach && y1 >= -reach;
}

function nearest(found) {
  return found.reduce((best, one) => (best && best.away <= one.away ? best : one), null);
}

function corners(thing, plane, reach) {
  return thing.lines.flat().map((at) => ({ at, thing, isCorner: true, away: Math.hypot(...plane.to(at)) }))
    .filter((one) => one.away <= reach);
}

function feet(thing, plane, reach) {
  return thing.lines.flatMap((line) => line.slice(1).map((to, i) => foot(plane.to(line[i]), plane.to(to))))
    .map((xy) => ({ at: plane.from(xy), thing, isCorner: false, away: Math.hypot(...xy) }))
    .filter((one) => one.away <= reach);
}

/** The point of a stretch that is nearest to the origin. */
export function foot([ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const share = square ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square)) : 0;
  return [ax + share * dx, ay + share * dy];
}
