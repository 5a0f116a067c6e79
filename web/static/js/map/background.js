/** Pictures of others between our own ground and the buildings: where one is missing, ours shows. */

const LABELS = ["cva", "cia"];
const OWN_NAMES = ["compound-name", "land-name", "road-name-side", "road-name", "water-name"];

/** @param {string[]} sets of `/basemap`, from below @param {{bounds: number[], edition: number}} of @param {string} theme */
export function background(ground, sets, { bounds, edition }, theme) {
  ground.rasters(sets.map((name) => ({
    id: `basemap-${name}`, bounds,
    tiles: `${location.origin}/basemap/${name}/{z}/{x}/{y}?v=${edition}`,
    before: LABELS.includes(name) ? firstName(ground) : "building",
  })), theme);
  const isNamed = sets.some((name) => LABELS.includes(name));
  for (const id of OWN_NAMES) if (ground.gl.getLayer(id)) ground.lay(id, "visibility", isNamed ? "none" : "visible");
}

/** The lowest of our own names and signs: labels of others lie under them. */
function firstName(ground) {
  return ground.gl.getStyle().layers.find(({ type }) => type === "symbol")?.id;
}
