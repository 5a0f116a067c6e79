/** Areas: outlines, names, the shares they are filled with, the chosen one, and what is missing in them. */

import { outlines, outside, rings } from "./mesh.js";
import { classOfShare } from "./minutes.js";
import { deepest, inside } from "./within.js";

/** Where the name of an area stands: where the page says, else deep inside. */
function place(area) {
  if (area.properties.point) return area.properties.point;
  const parts = area.geometry.type === "Polygon" ? [area.geometry.coordinates] : area.geometry.coordinates;
  const largest = [...parts].sort((a, b) => b[0].length - a[0].length)[0];
  return deepest(largest, Math.cos((rings(area)[0][0][1] * Math.PI) / 180));
}

export class Areas {
  #ground;
  #features = [];
  #points = new Map();
  #notes = new Map();
  #holes = new Set();
  #words;
  level = "grid";

  /** @param {import('./ground.js').Ground} ground @param {(key: string, values?: object) => string} words */
  constructor(ground, words) {
    this.#ground = ground;
    this.#words = words;
  }

  /** @param {{features: object[]}} geojson of all levels @param {string} [level] that can be pressed */
  set(geojson, level = "grid") {
    this.level = level;
    if (geojson.features !== this.#features) {
      this.#features = geojson.features;
      this.#points = new Map(this.#features.map((one) => [one.properties.code, place(one)]));
      this.#ground.put("edges", outlines(this.#features));
    }
    const shown = this.#features.map((one) => ({ ...one, properties: { ...one.properties, shown: one.properties.level === level } }));
    this.#ground.put("areas", { type: "FeatureCollection", features: shown });
    this.#names();
  }

  get(code) {
    return this.#features.find((one) => one.properties.code === code) ?? null;
  }

  #names() {
    const named = this.#features.filter((one) => one.properties.level !== "district");
    const features = named.map((one) => ({
      type: "Feature",
      properties: { ...one.properties, ...this.#said(one) },
      geometry: { type: "Point", coordinates: this.#points.get(one.properties.code) },
    }));
    this.#ground.put("places", { type: "FeatureCollection", features });
  }

  /** What stands at the name of an area, and how it is written. */
  #said(area) {
    const { id, code, name } = area.properties;
    return {
      number: name.split(" ").pop(), note: this.#note(area.properties), tally: this.#tally(area.properties),
      hole: this.#holes.has(id), chosen: area === this.chosen, out: this.isOut(this.#points.get(code)),
    };
  }

  /** Whether a point lies outside the chosen area. @param {number[]} point */
  isOut(point) {
    return this.isVeiled ? !inside(point, rings(this.chosen)) : false;
  }

  #note({ code, households }) {
    if (this.#notes.has(code)) return this.#notes.get(code);
    return households ? this.#words("map.households", { n: households.toLocaleString("en") }) : "";
  }

  /** Fill areas by their share of households served, below the zoom of buildings. @param {Record<string, number|null>} shares */
  shares(shares) {
    for (const { properties: { id, code } } of this.#features) {
      const share = shares[code];
      this.#ground.mark("areas", null, id, { s: share === null || share === undefined ? -1 : classOfShare(share) });
    }
  }

  /** @param {Record<string, {state: 'hole'|'ok', label?: string}>|null} areas by code */
  assignment(areas) {
    this.#notes = new Map(Object.entries(areas ?? {}).filter(([, one]) => one.label).map(([code, one]) => [code, one.label]));
    for (const { properties: { id, code } } of this.#features) {
      const hole = areas?.[code]?.state === "hole";
      if (hole === this.#holes.has(id)) continue;
      this.#holes[hole ? "add" : "delete"](id);
      this.#ground.mark("areas", null, id, { hole });
    }
    this.#names();
  }

  #tally({ stations }) {
    return stations ? `\n${this.#words("map.stations", { n: stations })}` : "";
  }

  hover(id) {
    if (this.hovered === id) return;
    if (this.hovered != null) this.#ground.mark("areas", null, this.hovered, { hover: false });
    this.hovered = id;
    if (id != null) this.#ground.mark("areas", null, id, { hover: true });
  }

  /**
   * Mark an area; veil all land but it, so that names outside it step back.
   * @param {string|null} code @param {boolean} [veil]
   */
  choose(code, veil = true) {
    this.chosen = (code && this.get(code)) || null;
    this.isVeiled = veil && this.chosen !== null;
    this.#names();
    const part = (kind, geometry) => ({ type: "Feature", properties: { kind }, geometry });
    const around = this.isVeiled ? part("veil", outside(this.chosen)) : part("tint", this.chosen?.geometry);
    const parts = this.chosen ? [around, part("chosen", this.chosen.geometry)] : [];
    this.#ground.put("veil", { type: "FeatureCollection", features: parts });
  }
}
