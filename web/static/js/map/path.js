/** The walked way from a building to a station. */

/**
 * @param {object|null} geojson LineString, Feature or null
 * @param {{from?: number[], to?: number[], straight?: boolean}|null} [ends]
 */
export function pathFeatures(geojson, ends) {
  const { from, to, straight } = ends ?? {};
  const geometry = geojson?.geometry ?? geojson;
  if (!geometry?.coordinates?.length) return { type: "FeatureCollection", features: [] };
  const one = (kind, shape) => ({ type: "Feature", properties: { kind }, geometry: shape });
  const [first, last] = [from ?? geometry.coordinates[0], to ?? geometry.coordinates.at(-1)];
  const whole = { type: "LineString", coordinates: [first, ...geometry.coordinates, last] };
  const features = [one("walk", whole), one("from", { type: "Point", coordinates: first })];
  if (straight) features.push(one("straight", { type: "LineString", coordinates: [first, last] }));
  return { type: "FeatureCollection", features };
}
