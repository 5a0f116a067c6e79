/**
 * What the page of assignments shows, and its address. No browser.
 *
 * @typedef {{kind: "grid"|"building"|"station", key: string}} Chosen a code, of a building its id
 * @typedef {{role: string, area: ?string, sel: ?Chosen, view: ?import("../state.js").View}} State
 */

import { hash } from "../state.js";

const KEYS = { grid: /^\d{6,15}$/, building: /^\d{1,15}$/, station: /^[\w.-]{1,64}$/ };
const VIEW = /^#(\d{1,2}(?:\.\d+)?)\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;

/** The state an address asks for; what is not known is left out. @returns {State} */
export function read(search, fragment, roles) {
  const asked = new URLSearchParams(search);
  return {
    role: roles.includes(asked.get("role")) ? asked.get("role") : roles[0],
    area: /^\d{6,15}$/.test(asked.get("area") ?? "") ? asked.get("area") : null,
    sel: chosen(asked.get("sel")),
    view: view(fragment),
  };
}

/** The address of a state, without what is as usual. */
export function write(state, roles) {
  const parts = new URLSearchParams();
  if (state.role !== roles[0]) parts.set("role", state.role);
  if (state.area) parts.set("area", state.area);
  if (state.sel) parts.set("sel", `${state.sel.kind}:${state.sel.key}`);
  const query = parts.toString().replaceAll("%3A", ":");
  return (query && `?${query}`) + hash(state.view);
}

/** The question that names a chosen thing. */
export function asked(sel) {
  return { [sel.kind]: sel.key };
}

function chosen(text) {
  const at = (text ?? "").indexOf(":");
  const kind = at > 0 ? text.slice(0, at) : "";
  const key = at > 0 ? text.slice(at + 1) : "";
  return KEYS[kind]?.test(key) ? { kind, key } : null;
}

function view(text) {
  const found = VIEW.exec(text ?? "");
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1).map(Number);
  return zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}
