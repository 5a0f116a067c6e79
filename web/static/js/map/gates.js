/** Gates: which are shut at the asked time. Tiles carry their minutes of the week as text. */

import { inWords, isOpen, minuteOfWeek } from "./hours.js";

export class Gates {
  #ground;
  #seen = new Map(); // text of opening minutes → shut now
  #minute = minuteOfWeek(null);

  #hours = new Set();
  #words;

  /** @param {import('./ground.js').Ground} ground @param {Function} words */
  constructor(ground, words) {
    this.#words = words;
    this.#ground = ground;
    ground.gl.on("sourcedata", (e) => e.sourceId === "town" && e.tile && this.#look());
  }

  /** @param {string|null} at local time; null: a working day at 10:00 */
  time(at) {
    this.#minute = minuteOfWeek(at);
    for (const text of this.#seen.keys()) this.#seen.set(text, !isOpen(text, this.#minute));
    this.#show();
  }

  #look() {
    const before = this.#seen.size;
    for (const { properties } of this.#ground.gl.querySourceFeatures("town", { sourceLayer: "gate" })) {
      if (!this.#seen.has(properties.open)) this.#seen.set(properties.open, !isOpen(properties.open, this.#minute));
    }
    if (this.#seen.size > before) this.#show();
    this.#say();
  }

  /** Hours of gates in words. */
  #say() {
    const before = this.#hours.size;
    for (const { properties } of this.#ground.gl.querySourceFeatures("town", { sourceLayer: "gate" })) {
      if (properties.hours) this.#hours.add(properties.hours);
    }
    if (this.#hours.size === before) return;
    const pairs = [...this.#hours].flatMap((text) => [text, inWords(text, this.#words)]);
    this.#ground.lay("gate-hours", "text-field", ["match", ["get", "hours"], ...pairs, ""]);
  }

  #show() {
    const shut = [...this.#seen].filter(([, is]) => is).map(([text]) => text);
    const is = ["in", ["get", "open"], ["literal", shut]];
    this.#ground.filter("gate-shut", is);
    this.#ground.filter("gate", ["!", is]);
  }
}
