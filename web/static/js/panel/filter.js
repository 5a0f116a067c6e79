/** The classes that are pressed: only buildings in them are shown; none pressed shows all. */

export class Filter extends EventTarget {
  #those = new Set();

  get size() {
    return this.#those.size;
  }

  has(index) {
    return this.#those.has(index);
  }

  /** The pressed classes in order, null for all. */
  get indexes() {
    return this.size ? [...this.#those].sort((a, b) => a - b) : null;
  }

  toggle(index) {
    if (!this.#those.delete(index)) this.#those.add(index);
    this.dispatchEvent(new Event("change"));
  }

  clear() {
    if (!this.size) return;
    this.#those.clear();
    this.dispatchEvent(new Event("change"));
  }
}
