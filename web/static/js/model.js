/** What the page knows and shows. Parts of the page listen; only `go` changes it. */

import { get } from "./api.js";
import { isWithin, roots, totals, together, tree, upward } from "./figures.js";
import { now } from "./format.js";
import { conditions, read, sameConditions, write } from "./state.js";

export class Model extends EventTarget {
  /** @param page what the server put into the page */
  constructor(page) {
    super();
    this.page = page;
    this.district = page.district;
    this.known = { profiles: page.profiles, services: page.services, edits: page.edits ?? [] };
    Object.assign(this, tree(page.areas));
    this.homes = roots(this.byCode, page.homes);
    this.state = read(location.search, location.hash, this.known);
    this.problem = null;
    this.busy = null;
    this.stations = null;
    this.take(page.figures);
    addEventListener("popstate", () => this.follow());
  }

  get profile() {
    return this.known.profiles.find((one) => one.code === this.state.profile);
  }

  get minutes() {
    return this.state.minutes ?? this.profile.minutes;
  }

  /** The moment the page speaks of: the one asked for, or this one. */
  get moment() {
    return this.state.at ?? now(this.district.zone);
  }

  /** The chosen area, if there is one and one may see it. */
  get area() {
    return this.mayShow(this.state.area) ? this.byCode.get(this.state.area) : undefined;
  }

  /** The areas whose sum is shown: the chosen one, or all one's own. */
  get shown() {
    return this.area ? [this.area.code] : this.homes;
  }

  /** The one area below the district that is shown, if it is one: the rest steps back on the map. */
  get lit() {
    const [only, ...more] = this.shown;
    return more.length || this.byCode.get(only)?.level === "district" ? null : only ?? null;
  }

  /** The chosen thing that is shown; while the map is mended it is in the hand instead. */
  get looked() {
    return this.state.edit ? null : this.state.sel;
  }

  get figures() {
    return together(this.sums, this.shown);
  }

  mayShow(code) {
    return this.byCode.has(code) && isWithin(this.byCode, code, this.homes);
  }

  /** From the district down to the area itself, as far as one may see. */
  path(code) {
    return upward(this.byCode, code).filter((one) => this.mayShow(one)).reverse();
  }

  /** One step up from the chosen area; null is all of one's own. */
  above() {
    const up = this.path(this.area?.code).at(-2);
    return !up || (this.homes.length === 1 && this.homes[0] === up) ? null : up;
  }

  /** What lies directly below what is shown; a single home shows what is in it. */
  listed() {
    const only = this.shown.length === 1 ? this.shown[0] : null;
    return only ? this.below.get(only) ?? [] : this.shown;
  }

  /** Change the state; the address follows, as a new step unless it only moved. */
  go(change, { replace = false } = {}) {
    const before = this.state;
    const { bands } = this.profile;
    this.state = { ...before, ...change };
    if (String(this.profile.bands) !== String(bands)) this.state.bands = null;
    const address = location.pathname + write(this.state, this.known);
    history[replace ? "replaceState" : "pushState"](null, "", address);
    this.changed(before);
  }

  /** The map has moved: the address follows, nothing is drawn anew. */
  moved(view) {
    this.state = { ...this.state, view };
    history.replaceState(null, "", location.pathname + write(this.state, this.known));
  }

  follow() {
    const before = this.state;
    this.state = read(location.search, location.hash, this.known);
    this.changed(before);
  }

  changed(before) {
    if (!sameConditions(before, this.state)) this.load();
    this.dispatchEvent(new CustomEvent("change", { detail: { before } }));
  }

  /** Ask for the figures of the conditions; a newer question ends an older one. */
  async load() {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.show({ busy: { since: Date.now() }, problem: null });
    try {
      const asked = { by: "grid", ...conditions(this.state) };
      const figures = await get(`/api/${this.district.code}/coverage`, asked, asking.signal);
      this.take(figures);
      this.show({ busy: null });
      this.dispatchEvent(new Event("figures"));
    } catch (problem) {
      if (problem.name !== "AbortError") this.show({ busy: null, problem });
    }
  }

  take(figures) {
    this.rows = figures;
    this.sums = totals(this.byCode, figures.areas);
  }

  show(those) {
    Object.assign(this, those);
    this.dispatchEvent(new CustomEvent("change", { detail: { before: this.state } }));
  }
}
