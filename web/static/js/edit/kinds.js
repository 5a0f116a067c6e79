/** What can be mended: the tools, and the fields of each kind. Tables, no browser. */

const options = (prefix, ...values) => ({ type: "choice", options: values.map((value) => [value, `${prefix}${value}`]) });
const list = (prefix, ...values) => ({ ...options(prefix, ...values), type: "list" });
const count = (name, label, unit, more = {}) => ({ name, label, type: "number", unit, step: 1, least: 0, ...more });
const text = (name, label, more = {}) => ({ name, label, type: "text", ...more });

/** Kinds by the word of the address; `path` is the interface's. */
export const KINDS = {
  station: {
    path: "stations", shape: "point", ends: "edit.end.station",
    fields: [
      text("name", "edit.name", { isNeeded: true }),
      { name: "kind", label: "edit.kind", ...list("station.kind_", "centre", "community", "post", "shared") },
      { name: "state", label: "edit.state", ...options("edit.state_", "open", "planned", "closed") },
      { name: "services", label: "station.services", type: "services" },
      { name: "hours", label: "station.hours", type: "hours" },
      count("capacity", "station.capacity", "edit.unit.households", { mayEmpty: true }),
      count("floor_area", "station.floor_area", "edit.unit.m2", { step: "any", mayEmpty: true }),
    ],
    values: { name: "", kind: "post", state: "open", services: [], hours: "24/7", capacity: null, floor_area: null },
  },
  gate: {
    path: "gates", shape: "point", ends: "edit.end.gate",
    fields: [
      text("name", "edit.name"),
      { name: "compound", label: "building.compound", type: "compound", mayEmpty: true },
      { name: "passage", label: "edit.passage", ...options("edit.passage_", "both", "in", "out") },
      { name: "hours", label: "station.hours", type: "hours" },
    ],
    values: { name: "", compound: null, passage: "both", hours: "24/7" },
  },
  compound: {
    path: "compounds", shape: "polygon", ends: "edit.end.compound",
    fields: [text("name", "edit.name"), { name: "wall", label: "edit.wall", type: "yes", isNew: true }],
    values: { name: "", wall: true },
  },
  building: {
    path: "buildings", shape: "polygon", ends: "edit.end.building",
    fields: [
      text("name", "edit.name"),
      { name: "kind", label: "edit.kind", ...list("building.", "slab", "tower", "house", "village_house", "shop", "school", "kindergarten", "hospital", "government", "factory", "dormitory", "other") },
      count("floors", "edit.floors", "edit.unit.floors"),
      count("households", "edit.households", "edit.unit.households"),
      count("people", "edit.people", "edit.unit.people"),
      { name: "estimated", label: "edit.estimated", type: "yes" },
      { name: "compound", label: "building.compound", type: "compound", mayEmpty: true },
    ],
    values: { name: "", kind: "slab", floors: 6, households: 0, people: 0, estimated: false, compound: null },
  },
  way: {
    path: "ways", shape: "line", ends: "edit.end.way",
    fields: [
      text("name", "edit.name"),
      { name: "highway", label: "edit.kind", ...list("edit.highway.", "footway", "path", "pedestrian", "steps", "living_street", "residential", "service", "track", "unclassified", "tertiary", "secondary", "primary", "trunk") },
      { name: "bridge", label: "edit.bridge", type: "yes" },
      { name: "tunnel", label: "edit.tunnel", type: "yes" },
      { name: "steps", label: "edit.steps", type: "yes" },
      { name: "foot", label: "edit.foot", ...options("edit.foot_", "both", "forward", "backward") },
    ],
    values: { name: "", highway: "footway", bridge: false, tunnel: false, steps: false, foot: "both" },
  },
  barrier: {
    path: "barriers", shape: "line", ends: "edit.end.barrier",
    fields: [{ name: "kind", label: "edit.kind", ...options("edit.barrier.", "wall", "fence", "railway", "river", "other") }],
    values: { kind: "wall" },
  },
};

/** The tools, in their order; each draws a kind, perhaps with some values of its own. */
export const TOOLS = [
  { name: "choose", key: "V" },
  { name: "station", key: "S", kind: "station" },
  { name: "building", key: "B", kind: "building" },
  { name: "compound", key: "C", kind: "compound" },
  { name: "gate", key: "G", kind: "gate" },
  { name: "footpath", key: "P", kind: "way", values: { highway: "footway" } },
  { name: "bridge", key: "R", kind: "way", values: { highway: "footway", bridge: true } },
  { name: "crossing", key: "X", kind: "way", values: { highway: "footway" }, named: "edit.crossing_name" },
  { name: "barrier", key: "W", kind: "barrier" },
].map((tool) => ({ ...tool, shape: tool.kind ? KINDS[tool.kind].shape : null }));

/** To what corners of a kind are drawn. */
export const SNAPS = {
  station: [], gate: ["way"], way: ["way", "gate"],
  building: ["building", "compound", "barrier"], compound: ["compound", "barrier", "building"], barrier: ["barrier", "compound", "building"],
};

/** The tools of somebody who may edit these kinds (as the interface names them). */
export function toolsOf(paths) {
  return TOOLS.filter(({ kind }) => !kind || paths.includes(KINDS[kind].path));
}

/** The kind of a path. */
export function kindOf(path) {
  return Object.keys(KINDS).find((kind) => KINDS[kind].path === path);
}
