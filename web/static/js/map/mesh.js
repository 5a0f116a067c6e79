/**
 * Outlines of areas, each stretch once: pure. Neighbours share their vertices exactly, so a stretch
 * is known by its two ends; it belongs to the highest level that it bounds. Drawn twice, from both
 * sides, dashes would blur and thin lines darken.
 */

const RANK = { grid: 0, community: 1, subdistrict: 2, district: 3 };

/** @typedef {{type: 'Feature', properties: {level: string}, geometry: {type: string, coordinates: any}}} Area */

/** @param {{geometry: {type: string, coordinates: any}}} feature @returns {number[][][]} */
export function rings(feature) {
  const { type, coordinates } = feature.geometry;
  return type === "Polygon" ? coordinates : coordinates.flat();
}

/** Stretches of all rings under the highest level: start → ends. @param {Area[]} areas */
function stretches(areas) {
  const kept = new Map();
  for (const area of areas) {
    const level = area.properties.level;
    for (const ring of rings(area)) {
      for (let i = 1; i < ring.length; i++) {
        const [a, b] = [ring[i - 1].join(), ring[i].join()];
        const key = a < b ? `${a} ${b}` : `${b} ${a}`;
        const known = kept.get(key);
        if (!known || RANK[known.level] < RANK[level]) kept.set(key, { level, a, b, from: ring[i - 1], to: ring[i] });
      }
    }
  }
  return [...kept.values()];
}

/** Join stretches of one level, end to start, where just two meet. */
function chains(list) {
  const ends = new Map();
  for (const one of list) {
    for (const key of [one.a, one.b]) ends.set(key, [...(ends.get(key) ?? []), one]);
  }
  const used = new Set();
  const next = (key, one) => {
    const there = ends.get(key);
    const other = there.length === 2 ? there[there[0] === one ? 1 : 0] : null;
    return other && !used.has(other) && other.a === key ? other : null;
  };
  const walk = (one) => {
    const line = [one.from, one.to];
    used.add(one);
    for (let at = next(one.b, one); at; at = next(at.b, at)) {
      used.add(at);
      line.push(at.to);
    }
    return line;
  };
  const starts = (one) => ends.get(one.a).length !== 2 || ends.get(one.a).every((each) => each.a === one.a);
  const first = list.filter(starts).map(walk);
  return [...first, ...list.filter((one) => !used.has(one)).map((one) => (used.has(one) ? null : walk(one))).filter(Boolean)];
}

/**
 * @param {Area[]} areas of all levels
 * @returns {{type: 'FeatureCollection', features: object[]}} lines with `level`
 */
export function outlines(areas) {
  const all = stretches(areas);
  const features = Object.keys(RANK).map((level) => ({
    type: "Feature",
    properties: { level },
    geometry: { type: "MultiLineString", coordinates: chains(all.filter((one) => one.level === level)) },
  }));
  return { type: "FeatureCollection", features: features.filter((one) => one.geometry.coordinates.length) };
}

/** Everything but an area, for the veil. @param {Area} area */
export function outside(area) {
  const world = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]];
  const { type, coordinates } = area.geometry;
  const parts = type === "Polygon" ? [coordinates] : coordinates;
  return { type: "Polygon", coordinates: [world, ...parts.map((part) => part[0])] };
}
