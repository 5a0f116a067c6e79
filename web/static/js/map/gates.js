/** Gates: which are shut at the asked time. Tiles carry their minutes of the week as text. */

import { isOpen, minuteOfWeek } from './hours.js';

export class Gates {
  #ground;
  #seen = new Map(); // text of opening minutes → shut now
  #minute = minuteOfWeek(null);

  constructor(ground) {
    this.#ground = ground;
    ground.gl.on('sourcedata', (e) => e.sourceId === 'town' && e.tile && this.#look());
  }

  /** @param {string|null} at local time; null: a working day at 10:00 */
  time(at) {
    this.#minute = minuteOfWeek(at);
    for (const text of this.#seen.keys()) this.#seen.set(text, !isOpen(text, this.#minute));
    this.#show();
  }

  #look() {
    const before = this.#seen.size;
    for (const { properties } of this.#ground.gl.querySourceFeatures('town', { sourceLayer: 'gate' })) {
      if (!this.#seen.has(properties.open)) this.#seen.set(properties.open, !isOpen(properties.open, this.#minute));
    }
    if (this.#seen.size > before) this.#show();
  }

  #show() {
    const shut = [...this.#seen].filter(([, is]) => is).map(([text]) => text);
    const is = ['in', ['get', 'open'], ['literal', shut]];
    this.#ground.filter('gate-shut', is);
    this.#ground.filter('gate', ['!', is]);
  }
}
