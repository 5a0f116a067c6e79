/** What a page lays on the ground, drawn by Leaflet: outlines, veil, path, names of areas, stations. */

import { picture, station } from "./images.js";
import { around, free } from "./labels.js";

const SIGNED = ["stations", "places"];

export class Overlays {
  #map;
  #ground;
  #data = new Map();
  #groups = new Map(); // id of a style layer → Leaflet layer

  constructor(map, ground) {
    this.#map = map;
    this.#ground = ground;
    this.canvas = L.canvas({ padding: 0.3 });
    this.signs = L.layerGroup().addTo(map);
    map.on("zoomend", () => this.restyle());
  }

  put(source, data) {
    this.#data.set(source, data?.features ?? []);
    this.#draw();
  }

  /** All groups anew, in the order of the style: the canvas paints in the order of adding. */
  #draw() {
    for (const group of this.#groups.values()) group.remove();
    this.#groups.clear();
    for (const layer of this.#ground.layers((one) => this.#data.has(one.source) && !SIGNED.includes(one.source) && one.id !== "edge-band")) {
      const filter = ({ properties }) => this.#ground.evaluate(layer.filter, properties);
      const group = L.geoJSON({ type: "FeatureCollection", features: this.#data.get(layer.source).filter(filter) }, {
        renderer: this.canvas, interactive: false, style: (feature) => this.#style(layer, feature),
        pointToLayer: (_, at) => L.circleMarker(at),
      });
      this.#groups.set(layer.id, group.addTo(this.#map));
    }
    this.#sign();
  }

  restyle() {
    for (const layer of this.#ground.layers((one) => this.#groups.has(one.id))) {
      this.#groups.get(layer.id).setStyle((feature) => this.#style(layer, feature));
    }
    this.#sign();
  }

  #style(layer, { properties }) {
    const of = (name, other) => this.#ground.evaluate(layer.paint[name] ?? other, properties, this.#ground.stateOf(layer.source, properties.id));
    const zoom = this.#map.getZoom() - 1;
    const seen = (layer.minzoom ?? 0) <= zoom && zoom < (layer.maxzoom ?? 30);
    const opacity = seen ? of(`${layer.type}-opacity`, 1) : 0;
    if (layer.type === "fill") return { stroke: false, fill: opacity > 0, fillColor: of("fill-color"), fillOpacity: opacity };
    if (layer.type === "circle") return { radius: of("circle-radius", 4), fillColor: of("circle-color"), fillOpacity: 1, color: of("circle-stroke-color"), weight: of("circle-stroke-width", 0) };
    const width = of("line-width", 1);
    const dashes = (layer.paint["line-dasharray"] ?? []).map((n) => n * width).join();
    return { stroke: opacity > 0, color: of("line-color"), weight: width, opacity, dashArray: dashes || null, fill: false };
  }

  /** Stations with their signs, and the names of areas that the style shows at this zoom. */
  #sign() {
    this.signs.clearLayers();
    const zoom = this.#map.getZoom();
    const size = zoom < 13 ? 12 : zoom < 15 ? 20 : 30;
    const level = zoom < 13 ? "subdistrict" : zoom < 15.5 ? "community" : "grid";
    const stations = this.#data.get("stations") ?? [];
    const places = (this.#data.get("places") ?? []).filter((one) => one.properties.level === level);
    const taken = stations.map((one) => around(this.#at(one), size, size));
    const fits = (one, text, down) => free(taken, around(this.#at(one), text.length * 13, 16, down));
    for (const one of stations) {
      const { short } = one.properties;
      const name = zoom >= 15.5 && fits(one, short, size / 2 + 8) ? short : "";
      this.signs.addLayer(marker(one, sign(one.properties, name, size, this.#ground.colour)));
    }
    for (const one of places) if (fits(one, one.properties.name, 0)) this.signs.addLayer(marker(one, label(one.properties)));
  }

  #at({ geometry: { coordinates: [lon, lat] } }) {
    return this.#map.latLngToLayerPoint([lat, lon]);
  }

  near() {
    const point = (source) => (this.#data.get(source) ?? []).map((one) => ({ ...one, id: one.properties.id, layer: { id: "station" } }));
    const shown = (this.#data.get("areas") ?? []).filter((one) => one.properties.shown);
    return [...point("stations"), ...shown.map((one) => ({ ...one, id: one.properties.id, layer: { id: "area" } }))];
  }
}

function marker({ geometry: { coordinates: [lon, lat] } }, element) {
  const icon = L.divIcon({ html: element, className: "map-sign-at", iconSize: [0, 0] });
  return L.marker([lat, lon], { interactive: false, keyboard: false, icon });
}

function sign({ kind, state, chosen, out }, name, size, colour) {
  const element = document.createElement("span");
  element.className = `map-sign${chosen ? " chosen" : ""}${out ? " out" : ""}`;
  const canvas = picture(size, 2, (c) => c.drawImage(station(kind, state, colour, 2), 0, 0, size, size));
  canvas.style.width = canvas.style.height = `${size}px`;
  element.append(canvas);
  if (name) element.append(named(name));
  return element;
}

function label({ name, out }) {
  const element = named(name);
  element.className = `map-place${out ? " out" : ""}`;
  return element;
}

function named(text) {
  const element = document.createElement("b");
  element.textContent = text;
  return element;
}
