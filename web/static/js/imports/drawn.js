/** The rows of a preview on Leaflet's canvas: their shapes, and a sign each; a press chooses one. */

import { colour } from "./sign.js";
import { COLOUR, draw } from "./signs.js";

const SIGNED = 600; // with more shapes in view only dots have signs
const R = 6;
const ORDER = { unchanged: 0, new: 1, changed: 2, refused: 3 };

export class Drawn {
  #shapes = [];
  #state = null;
  #chosen = null;

  /** @param {L.Map} map @param {(n: number) => void} picked */
  constructor(map, picked) {
    map.createPane("imports").style.zIndex = 460;
    Object.assign(this, { map, picked });
    this.renderer = L.canvas({ pane: "imports", padding: 0.3, tolerance: 4 });
    this.layer = L.layerGroup().addTo(map);
    this.mark = L.layerGroup().addTo(map);
    this.Sign = signs();
  }

  /** @param {{n: number, state: string, point: number[], shape?: object}[]} shapes */
  set(shapes) {
    this.#shapes = [...shapes].sort((a, b) => ORDER[a.state] - ORDER[b.state]);
    this.draw();
  }

  filter(state) {
    this.#state = state;
    this.draw();
  }

  /** Mark a row: its shape, and where it was. */
  choose(row) {
    this.#chosen = row;
    this.#ring();
  }

  draw() {
    this.layer.clearLayers();
    const shown = this.#shapes.filter((one) => !this.#state || one.state === this.#state);
    const isSigned = shown.length <= SIGNED;
    for (const one of shown) {
      if (one.shape) this.#add(one, this.#outline(one.shape, style(one.state)));
      if (!one.shape || (isSigned && one.state !== "unchanged")) this.#add(one, this.#sign(one));
    }
    this.#ring();
  }

  #add(one, layer) {
    layer.on("click", (event) => { L.DomEvent.stop(event); this.picked(one.n); });
    this.layer.addLayer(layer);
  }

  #sign({ state, point: [lon, lat] }) {
    return new this.Sign([lat, lon], { renderer: this.renderer, pane: "imports", radius: R, state });
  }

  #outline(geometry, how) {
    return L.geoJSON(geometry, { style: { renderer: this.renderer, pane: "imports", ...how }, pointToLayer: (_, at) => L.circleMarker(at, { radius: R }) });
  }

  #ring() {
    this.mark.clearLayers();
    const one = this.#chosen;
    if (!one?.box) return;
    const still = { interactive: false };
    if (one.was) this.mark.addLayer(this.#outline(JSON.parse(one.was), { ...still, fill: false, color: colour("ink-2"), weight: 2, dashArray: "4 4" }));
    const drawn = this.#shapes.find(({ n }) => n === one.n);
    for (const how of [{ weight: 6.5, color: colour("paper") }, { weight: 3.2, color: colour("chosen") }]) {
      if (drawn?.shape) this.mark.addLayer(this.#outline(drawn.shape, { ...still, ...how, fill: false }));
    }
    const [west, south, east, north] = one.box;
    const at = drawn?.point ?? [(west + east) / 2, (south + north) / 2];
    for (const how of [{ weight: 6, color: colour("paper") }, { weight: 3, color: colour("chosen") }]) {
      if (!drawn?.shape) this.mark.addLayer(L.circleMarker([at[1], at[0]], { ...still, ...how, renderer: this.renderer, pane: "imports", radius: R + 6, fill: false }));
    }
  }
}

/** How the shape of a state is drawn: what is refused is dashed, what stays recedes. */
function style(state) {
  const own = colour(COLOUR[state]);
  if (state === "unchanged") return { color: own, weight: 0.8, opacity: 0.7, fillColor: own, fillOpacity: 0.06 };
  if (state === "refused") return { color: own, weight: 1.8, dashArray: "6 4", fillColor: own, fillOpacity: 0.12 };
  return { color: own, weight: state === "changed" ? 2 : 1.4, fillColor: own, fillOpacity: state === "changed" ? 0.06 : 0.3 };
}

/** A marker that draws its sign; Leaflet is there once the frame is. */
function signs() {
  return L.CircleMarker.extend({
    _updatePath() {
      const { _renderer: renderer, _point: at } = this;
      if (!renderer._drawing || this._empty()) return;
      draw(renderer._ctx, this.options.state, at.x, at.y, this.options.radius, colour);
    },
  });
}
