/** The ground without WebGL: the same style and the same calls as `Ground`, drawn by Leaflet. */

import { evaluate } from "./expression.js";
import { fetched } from "./style.js";
import { hatch, palette } from "./images.js";
import { Overlays } from "./plain-overlays.js";
import { fetchTile, tileLayer } from "./plain-tiles.js";

const KEPT = 200; // tiles
const DRAWN = ["fill", "line", "circle"];

export class PlainGround {
  #style;
  #address;
  #tiles = new Map();
  #states = new Map();
  #again = 0;

  /** @param {L.Map} map @param {string|object} style @param {'light'|'dark'} theme */
  static async create(map, style, theme) {
    const ground = new PlainGround();
    ground.map = map;
    ground.#address = style;
    ground.#style = await fetched(style, theme);
    ground.overlays = new Overlays(map, ground);
    ground.layer = tileLayer(ground).addTo(map);
    return ground;
  }

  get colour() { return palette(this.map.getContainer()); }

  get land() { return this.colour("land"); }

  /** Layers of the style that are drawn from tiles at a zoom. */
  tileLayers(zoom) {
    return this.layers((layer) => layer["source-layer"] && (layer.minzoom ?? 0) <= zoom + 0.5 && zoom < (layer.maxzoom ?? 30));
  }

  layers(test) {
    return this.#style.layers.filter((layer) => DRAWN.includes(layer.type) && test(layer));
  }

  pattern(c) {
    return c.createPattern(hatch(this.colour, 1), "repeat");
  }

  stateOf(source, id) {
    return this.#states.get(`${source} ${id}`);
  }

  tile(source, { z, x, y }) {
    return this.#tiles.get(`${source} ${z} ${x} ${y}`);
  }

  /** Have both sets of tiles of a place. */
  async load({ z, x, y }) {
    const sets = Object.entries(this.#style.sources).filter(([, source]) => source.tiles);
    await Promise.all(sets.map(async ([name, { tiles: [address] }]) => {
      const key = `${name} ${z} ${x} ${y}`;
      if (this.#tiles.has(key)) return;
      const place = { z, x, y };
      this.#tiles.set(key, await fetchTile(address.replace(/\{(z|x|y)\}/g, (_, which) => place[which])));
      if (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value);
    }));
  }

  /** Ask for the tiles of these sources anew; what is drawn stays until they are there. */
  async renew(sources) {
    if (!sources.length) return;
    for (const key of [...this.#tiles.keys()]) if (sources.includes(key.split(" ")[0])) this.#tiles.delete(key);
    await this.layer.reload();
  }

  put(source, data) { this.overlays.put(source, data); }

  mark(source, sourceLayer, id, state) {
    const key = `${source} ${id}`;
    this.#states.set(key, { ...this.#states.get(key), ...state });
    this.#redraw();
  }

  filter(id, filter) {
    this.#style.layers.find((layer) => layer.id === id).filter = filter;
    this.#redraw();
  }

  lay() {}

  async setTheme(theme) {
    this.#style = await fetched(this.#address, theme);
    this.#redraw();
  }

  #redraw() {
    cancelAnimationFrame(this.#again);
    this.#again = requestAnimationFrame(() => {
      this.layer.repaint();
      this.overlays.restyle();
    });
  }

  pixel([lon, lat]) {
    const p = this.map.latLngToContainerPoint([lat, lon]);
    return [p.x, p.y];
  }

  /** Features round a place, as MapLibre would name them. */
  near(latLng) {
    return [...this.overlays.near(), ...this.#buildings(latLng)];
  }

  #buildings(latLng) {
    const zoom = Math.min(17, Math.round(this.map.getZoom()));
    const p = this.map.project(latLng, zoom).divideBy(512);
    const found = this.tile("town", { z: zoom - 1, x: Math.floor(p.x), y: Math.floor(p.y) })?.get("building");
    const lngLat = ([x, y]) => {
      const { lng, lat } = this.map.unproject(L.point(Math.floor(p.x) + x / found.extent, Math.floor(p.y) + y / found.extent).multiplyBy(512), zoom);
      return [lng, lat];
    };
    return (found?.features ?? []).map(({ id, properties, lines }) => ({
      id, properties, layer: { id: "building" }, geometry: { type: "Polygon", coordinates: lines.map((line) => line.map(lngLat)) },
    }));
  }

  evaluate(e, properties, state) {
    return evaluate(e, { zoom: this.map.getZoom() - 1, properties, state });
  }
}
