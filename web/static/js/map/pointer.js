/** Presses and movements on the map become what is meant by them. */

import { nearest, TOUCH } from "./pick.js";

const KIND = { station: "station", gate: "gate", "gate-shut": "gate", building: "building", area: "area" };
const MOUSE = 3;

export class Pointer {
  #ground;
  #frame = 0;
  #touch = false;

  /** @param {L.Map} map @param {import('./ground.js').Ground} ground @param {(type: string, found: object) => void} tell */
  constructor(map, ground, tell) {
    this.#ground = ground;
    map.getContainer().addEventListener("pointerdown", (e) => (this.#touch = e.pointerType === "touch"), true);
    map.on("click", (e) => tell("pick", this.#at(e.latlng, this.#touch ? TOUCH : MOUSE)));
    map.on("mousemove", (e) => this.#hover(e, tell));
    map.on("mouseout", () => tell("hover", { kind: "nothing", id: null, code: null, lngLat: null, feature: null }));
  }

  #hover(e, tell) {
    cancelAnimationFrame(this.#frame);
    if (!this.#touch) this.#frame = requestAnimationFrame(() => tell("hover", this.#at(e.latlng, MOUSE)));
  }

  /** What lies at a place: its kind, id, code and properties. */
  #at(latLng, radius) {
    const found = this.#ground.near(latLng, radius + 12, Object.keys(KIND));
    const one = nearest(found.map((feature) => this.#candidate(feature)), this.#ground.pixel([latLng.lng, latLng.lat]), radius);
    const feature = one?.feature;
    return {
      kind: one?.kind ?? "nothing",
      id: feature?.id ?? null,
      code: feature?.properties.code ?? null,
      lngLat: [latLng.lng, latLng.lat],
      feature: feature?.properties ?? null,
    };
  }

  #candidate(feature) {
    const { type, coordinates } = feature.geometry;
    const pixels = (list) => list.map((p) => this.#ground.pixel(p));
    const one = { kind: KIND[feature.layer.id], id: feature.id, feature };
    if (type === "Point") return { ...one, point: this.#ground.pixel(coordinates) };
    return { ...one, rings: (type === "Polygon" ? coordinates : coordinates.flat()).map(pixels) };
  }
}
