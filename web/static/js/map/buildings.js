/** Colours of buildings by minutes, as states of their features. */

import { classOf, colours, decode } from "./minutes.js";

export class Buildings {
  #ground;
  #classes = new Map(); // id → class
  #state = new Map(); // id → what the map was told, as one number
  #palette = [];
  #filter = null;
  #chosen = null;

  /** @param {import('./ground.js').Ground} ground */
  constructor(ground) {
    this.#ground = ground;
  }

  /** @param {{ids: number[], minutes: number[], bands: number[], limit?: number}} answer of the API, and the limit that is asked */
  set({ ids, minutes, bands, limit = 15 }) {
    this.#palette = colours(bands, limit);
    this.#classes = new Map(decode(ids).map((id, i) => [id, classOf(minutes[i], bands)]));
    this.#show();
  }

  /** Show only these classes in full; null: all. @param {number[]|null} classes */
  filter(classes) {
    this.#filter = classes && new Set(classes);
    this.#show();
  }

  #show() {
    for (const [id, of] of this.#classes) {
      const state = { c: this.#palette[of], off: Boolean(this.#filter) && !this.#filter.has(of) };
      const told = state.c * 2 + Number(state.off);
      if (this.#state.get(id) === told) continue;
      this.#state.set(id, told);
      this.#ground.mark("town", "building", id, state);
    }
  }

  choose(id) {
    if (this.#chosen !== null) this.#ground.mark("town", "building", this.#chosen, { chosen: false });
    this.#chosen = id;
    if (id !== null) this.#ground.mark("town", "building", id, { chosen: true });
  }
}
