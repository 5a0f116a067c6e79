/** Stations as features with sign, name and hours. */

import { minuteOfWeek, shutNote } from "./hours.js";

const ORDER = ["centre", "community", "post", "shared"];

/** The short name for the map: 东祥社区党群服务站 → 东祥. @param {string} name */
export function shortName(name) {
  const short = name.replace(/(?:社区)?党群服务站$/, "").replace(/党群服务中心$/, "中心").replace(/(?:共享)?驿站/, "");
  return short || name;
}

/** Which of the four fillings a station has. */
export function stateOf({ state, open, full }) {
  if (state === "planned") return "planned";
  if (state === "closed" || open === false) return "closed";
  return full ? "full" : "open";
}

/**
 * @param {object} one of the API's stations @param {string|null} at the time that was asked
 * @param {(key: string, values?: object) => string} words
 */
export function feature(one, at, words) {
  const state = stateOf(one);
  const shut = state === "closed" ? shutNote(one.hours, minuteOfWeek(at)) : null;
  const note = one.note ?? (shut ? words(shut.key, { time: shut.time }) : "");
  return {
    type: "Feature",
    properties: {
      id: one.id, code: one.code, kind: one.kind, name: one.name, short: shortName(one.name), state,
      icon: `${one.kind}-${state}`, dot: `dot-${state}`, note: note && `\n${note}`, order: ORDER.indexOf(one.kind),
    },
    geometry: { type: "Point", coordinates: one.point },
  };
}

export class Stations {
  #ground;
  #words;
  #list = [];
  #chosen = null;
  #at = null;
  #met = null;

  /** @param {(point: number[]) => boolean} isOut of the chosen area */
  constructor(ground, words, isOut) {
    this.isOut = isOut;
    this.#ground = ground;
    this.#words = words;
  }

  /** @param {object[]} list */
  set(list) {
    this.#list = list;
    this.show();
  }

  time(at) {
    this.#at = at;
    this.show();
  }

  /** The station a path leads to does not step back. @param {number[]|null} point */
  meet(point) {
    if (String(point) === String(this.#met)) return;
    this.#met = point;
    this.show();
  }

  choose(id) {
    if (id === this.#chosen) return;
    this.#chosen = id;
    this.show();
  }

  show() {
    const features = this.#list.map((one) => feature(one, this.#at, this.#words));
    for (const { properties, geometry } of features) {
      properties.chosen = properties.id === this.#chosen;
      const isMeant = properties.chosen || String(geometry.coordinates) === String(this.#met);
      properties.out = !isMeant && this.isOut(geometry.coordinates);
    }
    this.#ground.put("stations", { type: "FeatureCollection", features });
  }
}
