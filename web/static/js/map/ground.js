/** MapLibre inside Leaflet: the style, its images, and what the page puts into its sources. */

import { leave } from "../api.js";
import { images, palette } from "./images.js";
import { fetched } from "./style.js";

const EMPTY = { type: "FeatureCollection", features: [] };

/** Whether this browser can draw with WebGL. */
export function hasWebGL() {
  try {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(gl);
  } catch {
    return false;
  }
}

/** How a picture of others is drawn; by night it is dimmed. */
function rasterLayer(id, theme) {
  return { id, type: "raster", source: id, paint: { "raster-fade-duration": 0, "raster-brightness-max": theme === "dark" ? 0.7 : 1 } };
}

export class Ground {
  #filters = new Map();
  #laid = new Map();
  #rasters = [];

  /** @param {L.Map} map @param {string|object} style @param {'light'|'dark'} theme */
  static async create(map, style, theme) {
    const ground = new Ground();
    ground.style = style;
    ground.element = map.getContainer();
    ground.layer = L.maplibreGL({
      style: await fetched(style, theme),
      localIdeographFontFamily: false, // the fonts of the style, for all letters
      fadeDuration: 0,
      attributionControl: false,
      maxTileCacheSize: 400,
      refreshExpiredTiles: false,
      padding: 0.15,
    }).addTo(map);
    ground.gl = ground.layer.getMaplibreMap();
    ground.gl.getCanvas().setAttribute("aria-hidden", "true");
    ground.gl.getCanvas().tabIndex = -1;
    ground.gl.on("error", (event) => ground.#failed(event));
    ground.#draw();
    await ground.#styled();
    ground.gl.on("styleimagemissing", () => ground.#draw());
    return ground;
  }

  #styled() {
    return this.gl.isStyleLoaded() ? Promise.resolve() : new Promise((done) => this.gl.once("style.load", done));
  }

  #draw() {
    const ratio = Math.min(3, Math.max(2, window.devicePixelRatio));
    for (const [name, canvas] of images(palette(this.element), ratio)) {
      const { width, height } = canvas;
      const data = canvas.getContext("2d").getImageData(0, 0, width, height);
      if (this.gl.hasImage(name)) this.gl.updateImage(name, data);
      else this.gl.addImage(name, data, { pixelRatio: ratio });
    }
  }

  /** Another theme: colours change, what is shown stays. */
  async setTheme(theme) {
    const style = await fetched(this.style, theme);
    const keep = (before, next) => ({ ...next, sources: before.sources, layers: this.#over(next.layers.map((layer) => this.#kept(layer)), theme) });
    this.gl.setStyle(style, { diff: true, transformStyle: keep });
    this.#draw();
  }

  /** The filters and texts that the page has set are kept. */
  #kept(layer) {
    const filter = this.#filters.get(layer.id) ?? layer.filter;
    const layout = { ...layer.layout, ...this.#laid.get(layer.id) };
    return filter ? { ...layer, filter, layout } : { ...layer, layout };
  }

  #failed({ error, sourceId }) {
    if (error?.status === 401) leave();
    else if (this.#rasters.some(({ id }) => id === sourceId)) this.rasterFailed?.(error);
    else console.error(`map: ${error?.message ?? error}`);
  }

  /** Layers with the rasters each under the layer that it names. */
  #over(layers, theme) {
    const under = (layer) => this.#rasters.filter(({ before }) => before === layer.id).map(({ id }) => rasterLayer(id, theme));
    return layers.flatMap((layer) => [...under(layer), layer]);
  }

  /**
   * Pictures of others, in place of those before; none: our own ground alone.
   * @param {{id: string, tiles: string, bounds: number[], before: string}[]} rasters
   * @param {'light'|'dark'} theme
   */
  rasters(rasters, theme) {
    for (const { id } of this.#rasters) {
      this.gl.removeLayer(id);
      this.gl.removeSource(id);
    }
    this.#rasters = rasters;
    for (const { id, tiles, bounds, before } of rasters) {
      this.gl.addSource(id, { type: "raster", tiles: [tiles], tileSize: 256, minzoom: 3, maxzoom: 18, bounds });
      this.gl.addLayer(rasterLayer(id, theme), before);
    }
  }

  /** Ask for the tiles of these sources anew; what is drawn stays until they are there. */
  renew(sources) {
    for (const source of sources) this.gl.refreshTiles(source);
  }

  /** Put GeoJSON into a source. @param {string} source @param {object|null} data */
  put(source, data) {
    this.gl.getSource(source).setData(data ?? EMPTY);
  }

  /** Set or clear the state of a feature; tiles that load later follow it too. */
  mark(source, sourceLayer, id, state) {
    this.gl.setFeatureState(sourceLayer ? { source, sourceLayer, id } : { source, id }, state);
  }

  filter(layer, filter) {
    this.#filters.set(layer, filter);
    this.gl.setFilter(layer, filter);
  }

  /** Set a property of a layer's layout. */
  lay(layer, property, value) {
    this.#laid.set(layer, { ...this.#laid.get(layer), [property]: value });
    this.gl.setLayoutProperty(layer, property, value);
  }

  /** Features drawn within a box of pixels round a place. */
  near(latLng, radius, layers) {
    const p = this.gl.project([latLng.lng, latLng.lat]);
    const box = [[p.x - radius, p.y - radius], [p.x + radius, p.y + radius]];
    return this.gl.queryRenderedFeatures(box, { layers: layers.filter((layer) => this.gl.getLayer(layer)) });
  }

  pixel(lngLat) {
    const p = this.gl.project(lngLat);
    return [p.x, p.y];
  }
}
