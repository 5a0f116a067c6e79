/**
 * What the page shows, and its address: one is worked out from the other, without the browser.
 *
 * @typedef {{kind: string, id: number}} Chosen
 * @typedef {{zoom: number, lat: number, lon: number}} View
 * @typedef {{area: ?string, at: ?string, profile: string, minutes: ?number, service: ?string,
 *   bands: ?number[], edit: boolean, sel: ?Chosen, layers: ?string, view: ?View}} State
 * @typedef {{profiles: {code: string, minutes: number, bands: number[]}[],
 *   services: {code: string}[], edits: string[]}} Known `edits`: what one may mend
 */

export const KINDS = ["building", "station"];
export const LAYERS = ["own", "vec", "vec.plain", "img", "img.plain"];
const MENDED = [...KINDS, "gate", "compound", "way", "barrier"];
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const NUMBER = "(-?\\d{1,3}(?:\\.\\d+)?)";
const VIEW = new RegExp(`^#${NUMBER}/${NUMBER}/${NUMBER}$`);

/** The state an address asks for; what is not known there is left out. @returns {State} */
export function read(search, hash, known) {
  const asked = new URLSearchParams(search);
  const profile = find(known.profiles, asked.get("profile")) ?? standard(known);
  const minutes = Number(asked.get("minutes"));
  const edit = asked.get("edit") === "1" && Boolean(known.edits?.length);
  return {
    area: asked.get("area") || null,
    at: moment(asked.get("at")),
    profile: profile.code,
    minutes: profile.bands.includes(minutes) && minutes !== profile.minutes ? minutes : null,
    service: find(known.services, asked.get("service"))?.code ?? null,
    bands: pressed(asked.get("bands"), profile),
    edit,
    sel: chosen(asked.get("sel"), edit ? MENDED : KINDS),
    layers: LAYERS.includes(asked.get("layers")) ? asked.get("layers") : null,
    view: view(hash),
  };
}

/** The address of a state, without what is as usual: "?…#…". */
export function write(state, known) {
  const parts = new URLSearchParams();
  for (const name of ["area", "at", "minutes", "service"]) {
    if (state[name] !== null) parts.set(name, String(state[name]));
  }
  if (state.profile !== standard(known).code) parts.set("profile", state.profile);
  if (state.bands) parts.set("bands", state.bands.join("."));
  if (state.layers) parts.set("layers", state.layers);
  if (state.edit) parts.set("edit", "1");
  if (state.sel) parts.set("sel", `${state.sel.kind}:${state.sel.id}`);
  const query = parts.toString().replaceAll("%3A", ":");
  return (query && `?${query}`) + hash(state.view);
}

/** The question to the server that a state asks: the same words as in the address. */
export function conditions(state) {
  const { profile, at, service } = state;
  return Object.fromEntries(Object.entries({ profile, at, service }).filter(([, v]) => v !== null));
}

/** Whether two states ask the server the same. */
export function sameConditions(one, other) {
  return JSON.stringify(conditions(one)) === JSON.stringify(conditions(other));
}

export function hash(view) {
  if (!view) return "";
  return `#${+view.zoom.toFixed(2)}/${+view.lat.toFixed(5)}/${+view.lon.toFixed(5)}`;
}

function standard(known) {
  return find(known.profiles, "standard") ?? known.profiles[0];
}

function find(those, code) {
  return those.find((one) => one.code === code);
}

/** A moment of the district's own clock, if it is one: 31 February is not. */
function moment(text) {
  if (!MOMENT.test(text ?? "")) return null;
  const time = new Date(`${text}:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text) ? text : null;
}

/** The classes that are pressed, in order: those of a profile, the one over all, the unconnected. */
function pressed(text, { bands }) {
  const those = (text ?? "").split(".").filter((one) => /^\d$/.test(one)).map(Number);
  const known = [...new Set(those)].filter((one) => one < bands.length + 2).sort((a, b) => a - b);
  return known.length ? known : null;
}

function chosen(text, kinds) {
  const [kind, id] = (text ?? "").split(":");
  return kinds.includes(kind) && /^\d{1,18}$/.test(id ?? "") ? { kind, id: Number(id) } : null;
}

function view(text) {
  const found = VIEW.exec(text ?? "");
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1).map(Number);
  const sane = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return sane ? { zoom, lat, lon } : null;
}
