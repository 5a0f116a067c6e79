/** A shape being drawn, corner by corner. No browser. */

import { fault, least } from "./outline.js";

export class Drawing {
  /** @param {object} tool one of `TOOLS` @param {number[][]} points */
  constructor(tool, points = []) {
    Object.assign(this, { tool, points, joins: [] });
  }

  get shape() {
    return this.tool.shape;
  }

  get isEnough() {
    return this.points.length >= least(this.shape);
  }

  /** Add a corner; one at the place of the last is none. Tells whether it is one. */
  add(point, join = null) {
    if (String(this.points.at(-1)) === String(point)) return false;
    this.points.push(point);
    this.joins.push(join);
    return true;
  }

  /** Take the last corner back; tells whether there was one. */
  back() {
    this.joins.pop();
    return this.points.pop() !== undefined;
  }

  /** What is wrong with it so far; too few corners are no fault while it is drawn. */
  fault(next = null) {
    const points = next ? [...this.points, next] : this.points;
    return points.length < least(this.shape) ? null : fault(this.shape, points);
  }
}

/** Corners as the interface takes them. */
export function told(shape, points) {
  if (shape === "point") return points[0];
  return shape === "line" ? points : [[...points, points[0]]];
}

/** The corners of GeoJSON of one part without holes; null: its shape is not changed by hand here. */
export function cornersOf({ type, coordinates }) {
  if (type === "Point") return [coordinates];
  if (type === "LineString") return coordinates;
  const rings = type === "MultiPolygon" && coordinates.length === 1 ? coordinates[0] : coordinates;
  const isPlain = rings.length === 1 && (type === "Polygon" || coordinates.length === 1);
  return isPlain ? rings[0].slice(0, -1) : null;
}
