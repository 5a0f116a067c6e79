/** Points and polygons: pure. Coordinates are pixels or degrees alike. */

/** Square distance of a point from a stretch. */
function square(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = dx || dy ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy) : 0;
  const t = Math.max(0, Math.min(1, along));
  return (p[0] - a[0] - t * dx) ** 2 + (p[1] - a[1] - t * dy) ** 2;
}

/** Whether a point lies inside rings, holes counted. @param {number[]} p @param {number[][][]} rings */
export function inside(p, rings) {
  let is = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i], ring[j]];
      if (a[1] > p[1] !== b[1] > p[1] && p[0] < ((b[0] - a[0]) * (p[1] - a[1])) / (b[1] - a[1]) + a[0]) is = !is;
    }
  }
  return is;
}

/** Distance of a point from the nearest edge of rings. */
export function toEdge(p, rings) {
  let best = Infinity;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) best = Math.min(best, square(p, ring[i - 1], ring[i]));
  }
  return Math.sqrt(best);
}

/**
 * The point of rings that lies deepest inside: the best of a grid, refined (Mapbox' polylabel by plain halving).
 * @param {number[][][]} rings @param {number} squeeze width of a unit of x in units of y
 */
export function deepest(rings, squeeze = 1) {
  const flat = rings.map((ring) => ring.map(([x, y]) => [x * squeeze, y]));
  const xs = flat[0].map((p) => p[0]);
  const ys = flat[0].map((p) => p[1]);
  let box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  let best = { p: flat[0][0], depth: -Infinity };
  for (let round = 0; round < 4; round++) {
    const [w, h] = [(box[2] - box[0]) / 12, (box[3] - box[1]) / 12];
    for (let i = 0; i <= 12; i++) {
      for (let j = 0; j <= 12; j++) {
        const p = [box[0] + i * w, box[1] + j * h];
        const depth = inside(p, flat) ? toEdge(p, flat) : -Infinity;
        if (depth > best.depth) best = { p, depth };
      }
    }
    box = [best.p[0] - w, best.p[1] - h, best.p[0] + w, best.p[1] + h];
  }
  return [best.p[0] / squeeze, best.p[1]];
}
