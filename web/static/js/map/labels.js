/**
 * One name for each thing that tiles cut into pieces: pure.
 * A piece is a polygon of a tile; the name stands deepest inside the largest piece, and again only far away.
 */

import { deepest, inside, toEdge } from "./within.js";

/** Depth [degrees of latitude] of a point in rings, x narrowed by `squeeze`. */
function depth(p, rings, squeeze) {
  const flat = (q) => [q[0] * squeeze, q[1]];
  const own = rings.map((ring) => ring.map(flat));
  return inside(flat(p), own) ? toEdge(flat(p), own) : 0;
}

/** @param {{geometry: {type: string, coordinates: any}}} feature @returns {{point: number[], depth: number}[]} */
export function spots({ geometry: { type, coordinates } }) {
  const parts = type === "Polygon" ? [coordinates] : coordinates;
  return parts.map((rings) => {
    const squeeze = Math.cos((rings[0][0][1] * Math.PI) / 180);
    const point = deepest(rings, squeeze);
    return { point, depth: depth(point, rings, squeeze) };
  });
}

/**
 * Choose where a name stands: the deepest spot first, others only `apart` from those chosen.
 * @param {{point: number[], depth: number}[]} candidates @param {number} apart degrees of latitude
 */
export function chosenSpots(candidates, apart) {
  const chosen = [];
  for (const one of [...candidates].sort((a, b) => b.depth - a.depth)) {
    const squeeze = Math.cos((one.point[1] * Math.PI) / 180);
    const far = (other) => Math.hypot((one.point[0] - other.point[0]) * squeeze, one.point[1] - other.point[1]) >= apart;
    if (chosen.every(far)) chosen.push(one);
  }
  return chosen.map((one) => one.point);
}

/** A box round a point, moved down. @param {{x: number, y: number}} p @returns {number[]} west, north, east, south in pixels */
export function around({ x, y }, width, height, down = 0) {
  return [x - width / 2, y + down - height / 2, x + width / 2, y + down + height / 2];
}

/** Take a box if nothing is in it yet. @param {number[][]} taken grows by the box */
export function free(taken, box) {
  const is = taken.every((one) => one[2] <= box[0] || one[0] >= box[2] || one[3] <= box[1] || one[1] >= box[3]);
  if (is) taken.push(box);
  return is;
}
