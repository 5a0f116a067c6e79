/** What the page knows: where from, under which conditions, the answer, what went wrong. */

import { ask } from "./question.js";

export class Field extends EventTarget {
  place = null; // {kind: "phone" | "map" | "thing", point, accuracy, name}
  service = null;
  isOnlyOpen = true;
  isTapping = false;
  answer = null;
  problem = null;
  code = null; // of the station that is shown first
  asked = 0;

  constructor({ district, services, bbox }) {
    super();
    Object.assign(this, { district, services, bbox });
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }

  set(what, name = "change") {
    Object.assign(this, what);
    this.tell(name);
  }

  /** Ask from a place: an older answer that comes later is left aside. */
  async from(place, coming = null) {
    const asked = ++this.asked;
    this.set({ place, problem: null, isTapping: false, answer: null, code: null });
    try {
      const answer = await (coming ?? ask(this.district.code, place, this.service));
      if (asked === this.asked) this.set({ answer }, "answer");
    } catch (problem) {
      if (asked === this.asked) this.set({ problem }, "answer");
    }
  }

  /** The same question anew, after a condition has changed. */
  again() {
    if (this.place) this.from(this.place);
  }

  /** No position: it is told why, and one may tap. */
  lost(problem) {
    this.asked += 1;
    this.set({ problem, place: null, answer: null, isTapping: true }, "answer");
  }

  tap(isTapping) {
    this.set({ isTapping }, "change");
  }
}
