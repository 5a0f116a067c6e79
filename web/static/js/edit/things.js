/** What can be mended in the part of the map that is seen: exact shapes and versions. */

import { get } from "../api.js";
import { isInside } from "../geometry.js";
import { kindOf } from "./kinds.js";
import { boxOf } from "./plane.js";
import { snap } from "./snapping.js";

const ORDER = ["station", "gate", "way", "barrier", "building", "compound"];
const MARGIN = 0.25;
const WIDEST = 0.06;

export class Things extends EventTarget {
  #box = null;
  #all = new Map();

  constructor(district) {
    super();
    this.path = `/api/${district}/drawn`;
  }

  get all() {
    return [...this.#all.values()];
  }

  of(kind, id) {
    return this.#all.get(`${kind}:${id}`) ?? null;
  }

  /** Have all within a box [west, south, east, north]; what is there already is not asked for. */
  async around(box, isAnew = false) {
    if (!isAnew && this.#box && isWithin(box, this.#box)) return;
    const wide = wider(box);
    if (wide[2] - wide[0] > WIDEST || wide[3] - wide[1] > WIDEST) return;
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const [west, south, east, north] = wide;
    const { things } = await get(this.path, { west, south, east, north }, signal);
    if (signal.aborted) return;
    this.#box = wide;
    this.#all = new Map(things.map((one) => ready(one)).map((one) => [`${one.kind}:${one.id}`, one]));
    this.dispatchEvent(new Event("change"));
  }

  /** What is known grows stale with every edit; the next look asks anew. */
  async one(kind, id) {
    const found = ready(await get(`${this.path}/${kind}s/${id}`));
    this.#all.set(`${kind}:${id}`, found);
    return found;
  }

  /** What lies at a place, the smallest kinds first; `reach` in metres. */
  at(place, reach) {
    const near = this.all.filter((one) => one.isSolid ? isInside(place, one.geometry) : snap(place, [one], reach));
    return near.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.size - b.size);
  }

  /** To what a place is drawn. */
  snap(place, kinds, reach, except = null) {
    const those = this.all.filter((one) => kinds.includes(one.kind) && `${one.kind}:${one.id}` !== except);
    return snap(place, those, reach);
  }
}

function ready(one) {
  const kind = kindOf(one.kind);
  const lines = linesOf(one.geometry);
  const box = boxOf(lines.flat());
  return {
    ...one, kind, lines, box, name: one.values.name || "",
    isSolid: ["building", "compound"].includes(kind) && one.geometry.type.endsWith("Polygon"),
    size: (box[2] - box[0]) * (box[3] - box[1]),
  };
}

/** All the lines of a geometry; a point is a line of one corner. */
export function linesOf({ type, coordinates }) {
  if (type === "Point") return [[coordinates]];
  if (type === "LineString") return [coordinates];
  return type === "MultiPolygon" ? coordinates.flat() : coordinates;
}

function isWithin(a, b) {
  return a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
}

function wider([west, south, east, north]) {
  const [x, y] = [MARGIN * (east - west), MARGIN * (north - south)];
  return [west - x, south - y, east + x, north + y];
}
