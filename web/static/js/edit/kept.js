/** What was drawn and not saved, kept beside the page: a session that ends, a page that is closed. */

export class Kept {
  constructor(district, store = sessionStorage) {
    Object.assign(this, { key: `yige.edit.${district}`, store });
  }

  /** Keep a subject or a drawing; null: there is nothing. */
  put(value) {
    try {
      if (value) this.store.setItem(this.key, JSON.stringify(value));
      else this.store.removeItem(this.key);
    } catch {
      // a store that is full or shut off keeps nothing
    }
  }

  get() {
    try {
      return JSON.parse(this.store.getItem(this.key));
    } catch {
      return null;
    }
  }
}
