/** What was done and can be undone, what was undone and can be done again. No browser. */

export class Stack {
  #done = [];
  #undone = [];

  /** Something new was done: what was undone before cannot be done again. */
  push(deed) {
    this.#done.push(deed);
    this.#undone = [];
  }

  get last() {
    return this.#done.at(-1) ?? null;
  }

  get next() {
    return this.#undone.at(-1) ?? null;
  }

  /** The last deed has been undone; `now` is how it is done again. */
  undone(now) {
    this.#done.pop();
    this.#undone.push(now);
  }

  /** The last undone deed has been done again; `now` is how it is undone. */
  redone(now) {
    this.#undone.pop();
    this.#done.push(now);
  }

  /** Somebody else has changed something of it: it can no more be undone from here. */
  forget(deed) {
    this.#done = this.#done.filter((one) => one !== deed);
    this.#undone = this.#undone.filter((one) => one !== deed);
  }
}
