/** The map of a district: what pages put on it, and what people mean by pressing it. */

import { Areas } from "./areas.js";
import { background } from "./background.js";
import { Buildings } from "./buildings.js";
import { Gates } from "./gates.js";
import { Ground, hasWebGL } from "./ground.js";
import { Names } from "./names.js";
import { pathFeatures } from "./path.js";
import { People } from "./people.js";
import { PlainGround } from "./plain.js";
import { Pointer } from "./pointer.js";
import { Stations } from "./stations.js";

const NO_PADDING = { left: 0, top: 0, right: 0, bottom: 0 };
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The Leaflet map that Folium framed in or at an element. */
function framed(element) {
  const frame = element.leaflet ? element : element.querySelector(".map");
  if (!frame?.leaflet) throw new Error("no map is framed here");
  return frame.leaflet;
}

class View extends EventTarget {
  #padding = { ...NO_PADDING };
  #isStill = false;

  constructor(map, words) {
    super();
    this.map = map;
    this.words = words;
    this.people = new People(map, (one, at) =>
      this.tell("pick", { kind: "member", id: one.id, code: null, lngLat: [at.lng, at.lat], feature: one }));
    map.on("moveend", () => this.tell("move", this.where()));
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 90 }).addTo(map);
  }

  /** Put the layers on; `ground` draws them. */
  draw(ground) {
    this.ground = ground;
    this.areas = new Areas(ground, this.words);
    this.buildings = new Buildings(ground);
    this.stations = new Stations(ground, this.words, (point) => this.areas.isOut(point));
    this.gates = ground.gl ? new Gates(ground, this.words) : null;
    this.names = ground.gl ? new Names(ground) : null;
    this.pointer = new Pointer(this.map, ground, (type, found) => {
      if (type === "hover") this.#hover(found);
      this.tell(type, found);
    });
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** Whether areas light up and the hand shows under the mouse. */
  setHover(isOn) {
    this.#isStill = !isOn;
    if (this.#isStill) this.areas.hover(null);
  }

  #hover(found) {
    if (this.#isStill) return;
    this.areas.hover(found.kind === "area" ? found.id : null);
    this.map.getContainer().style.cursor = ["nothing", "area"].includes(found.kind) ? "" : "pointer";
  }

  /** @returns {{zoom: number, lat: number, lon: number}} */
  where() {
    const { lat, lng } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lon: lng };
  }

  /** Whether pictures of others can lie under this map. */
  get hasBackground() { return Boolean(this.ground.gl); }

  /** @param {string[]} sets of `/basemap`, none: our own ground @param {{bounds: number[], edition: number}} of @param {string} theme */
  setBackground(sets, of, theme) {
    background(this.ground, sets, of, theme);
    this.ground.rasterFailed = (problem) => this.tell("background", { problem });
  }

  setMinutes(answer) { this.buildings.set(answer); }

  setFilter(classes) { this.buildings.filter(classes); }

  setAreas(geojson, level) { this.areas.set(geojson, level); }

  setShares(shares) { this.areas.shares(shares); }

  setStations(list) { this.stations.set(list); }

  setTime(at) {
    this.stations.time(at);
    this.gates?.time(at);
  }

  /** @param {string|null} code @param {{veil?: boolean}} [how] without a veil the rest stays as it is */
  chooseArea(code, { veil = true } = {}) {
    this.areas.choose(code, veil);
    this.stations.show();
  }

  /** @param {'building'|'station'|'member'|'area'} kind @param {any} id null: nothing chosen */
  choose(kind, id) {
    this.buildings.choose(kind === "building" ? id : null);
    this.stations.choose(kind === "station" ? id : null);
    this.people.choose(kind === "member" ? id : null);
    if (kind === "area") this.chooseArea(id);
  }

  /** @param {object|null} geojson line @param {{from?: number[], to?: number[], straight?: boolean}|null} [ends] */
  showPath(geojson, ends) {
    this.ground.put("path", pathFeatures(geojson, ends));
    this.stations.meet(geojson ? ends?.to ?? null : null);
  }

  setAssignment({ areas, people } = {}) {
    this.areas.assignment(areas ?? null);
    this.people.set(people ?? []);
  }

  setPadding(padding) { this.#padding = { ...NO_PADDING, ...padding }; }

  /** @param {number[]} box west, south, east, north @param {number} [more] pixels round it */
  fit([west, south, east, north], more = 24) {
    const { left, top, right, bottom } = this.#padding;
    const room = { paddingTopLeft: [left + more, top + more], paddingBottomRight: [right + more, bottom + more], maxZoom: 18 };
    const bounds = [[south, west], [north, east]];
    if (still()) this.map.fitBounds(bounds, { ...room, animate: false });
    else this.map.flyToBounds(bounds, { ...room, duration: 0.32 });
  }

  /** @param {number[]} point lon, lat @param {number} [zoom] */
  flyTo([lon, lat], zoom = Math.max(16, this.map.getZoom())) {
    const { left, top, right, bottom } = this.#padding;
    const shift = L.point((right - left) / 2, (bottom - top) / 2);
    const centre = this.map.unproject(this.map.project([lat, lon], zoom).add(shift), zoom);
    if (still()) this.map.setView(centre, zoom, { animate: false });
    else this.map.flyTo(centre, zoom, { duration: 0.32 });
  }

  setView({ zoom, lat, lon }) { this.map.setView([lat, lon], zoom, { animate: false }); }

  zoomBy(step) { this.map.setZoom(this.map.getZoom() + step, { animate: !still() }); }

  /** What tiles are made of has changed. @param {string[]} sources ground, town */
  renew(sources) { return this.ground.renew(sources); }

  setTheme(theme) { return this.ground.setTheme(theme); }

  destroy() { this.map.remove(); }
}

/**
 * @param {Element} element that Folium's frame is or is in
 * @param {{district: string, style?: string|object, theme?: 'light'|'dark', words?: Function, webgl?: boolean}} options
 * @returns {Promise<View>}
 */
export async function createMap(element, { district, style, theme = "light", words = (key) => key, webgl = hasWebGL() }) {
  const view = new View(framed(element), words);
  view.hasWebGL = webgl;
  view.map.getContainer().view = view;
  view.draw(await (webgl ? Ground : PlainGround).create(view.map, style ?? `/tiles/${district}/style.json`, theme));
  queueMicrotask(() => view.tell("ready", {}));
  return view;
}
