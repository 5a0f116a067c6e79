/** The classes that are pressed: only buildings in them are shown; none pressed shows all. */

export class Filter extends EventTarget {
  #model;

  constructor(model) {
    super();
    this.#model = model;
    model.addEventListener("change", ({ detail }) => {
      if (String(detail.before.bands) !== String(model.state.bands)) this.dispatchEvent(new Event("change"));
    });
  }

  /** The pressed classes in order, null for all. */
  get indexes() {
    return this.#model.state.bands;
  }

  get size() {
    return this.indexes?.length ?? 0;
  }

  has(index) {
    return Boolean(this.indexes?.includes(index));
  }

  toggle(index) {
    const others = (this.indexes ?? []).filter((one) => one !== index);
    this.#set(this.has(index) ? others : [...others, index]);
  }

  clear() {
    if (this.size) this.#set([]);
  }

  /** The address holds it, so that a link shows the same; it is no step to go back to. */
  #set(those) {
    this.#model.go({ bands: those.length ? those.sort((a, b) => a - b) : null }, { replace: true });
  }
}
