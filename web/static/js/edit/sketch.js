/** What is drawn over the map while it is mended: outlines, the line in the hand, corners, marks. */

import { el } from "../dom.js";

const PANE = "edit";

export class Sketch {
  #layers = new Map();

  constructor(map) {
    this.map = map;
    const pane = map.getPane(PANE) ?? map.createPane(PANE);
    pane.style.zIndex = 620;
    this.renderer = L.svg({ pane: PANE, padding: 0.5 });
  }

  /** Put a layer in place of the one of this name; null takes it away. */
  put(name, layer) {
    this.#layers.get(name)?.remove();
    this.#layers.delete(name);
    if (layer) this.#layers.set(name, layer.addTo(this.map));
    return layer;
  }

  clear() {
    for (const name of [...this.#layers.keys()]) this.put(name, null);
  }

  /** Outline a geometry; `look` is its class: chosen, hover, theirs, gained, lost. */
  outline(name, geometry, look) {
    this.put(name, geometry && L.layerGroup(casings(look).map((one) => this.shape(geometry, one))));
  }

  outlines(name, those, look) {
    this.put(name, those.length ? L.layerGroup(those.map((geometry) => this.shape(geometry, look))) : null);
  }

  shape(geometry, look) {
    const area = geometry.type.endsWith("Polygon") ? " area" : "";
    return L.geoJSON(geometry, {
      interactive: false, style: { className: `sketch ${look}${area}`, renderer: this.renderer, pane: PANE },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 13, className: `sketch ${look}`, renderer: this.renderer, pane: PANE, interactive: false }),
    });
  }

  /** The line or ring in the hand; the part to the cursor is thin. */
  line(points, shape, { next = null, isFault = false, ends = true } = {}) {
    if (!points.length) return this.put("line", null);
    const at = points.map(latLng);
    const style = (look) => ({ className: `sketch ${look}${isFault ? " fault" : ""}`, renderer: this.renderer, pane: PANE, interactive: false });
    const parts = [shape === "polygon" && points.length > 2 && !next ? L.polygon(at, style("drawn filled")) : L.polyline(at, style("drawn"))];
    if (next) parts.push(L.polyline([at.at(-1), latLng(next), ...(shape === "polygon" && points.length > 1 ? [at[0]] : [])], style("rubber")));
    if (ends) parts.push(...at.map((one) => L.circleMarker(one, { ...style("dot"), radius: 4 })));
    return this.put("line", L.layerGroup(parts));
  }

  /** Where the next corner joins, and to what. */
  joint(hit, text) {
    if (!hit) return this.put("joint", null);
    const look = hit.isCorner ? "corner" : "line";
    const icon = L.divIcon({ className: "joint-at", iconSize: [0, 0], html: el(`span.joint.${look}`, {}, el("b", {}, text)) });
    return this.put("joint", L.marker(latLng(hit.at), { icon, interactive: false, keyboard: false, pane: PANE }));
  }

  /** A place where something is wrong, with the sentence that says what. */
  fault(at, text) {
    if (!at) return this.put("fault", null);
    const icon = L.divIcon({ className: "joint-at", iconSize: [0, 0], html: el("span.fault-mark", {}, el("b", {}, text)) });
    return this.put("fault", L.marker(latLng(at), { icon, interactive: false, keyboard: false, pane: PANE }));
  }

  /** The old place of something that is moved, and a dotted line to the new one. */
  ghost(from, to) {
    if (!from || !to || String(from) === String(to)) return this.put("ghost", null);
    const style = { className: "sketch ghost", renderer: this.renderer, pane: PANE, interactive: false };
    return this.put("ghost", L.layerGroup([L.circleMarker(latLng(from), { ...style, radius: 12 }), L.polyline([latLng(from), latLng(to)], style)]));
  }
}

export function latLng([lon, lat]) {
  return [lat, lon];
}

export function place({ lng, lat }) {
  return [lng, lat];
}

/** A chosen outline lies on a white one. */
function casings(look) {
  return look === "chosen" ? ["casing", "chosen"] : [look];
}
