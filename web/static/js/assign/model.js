/** What the page of assignments knows and shows. Parts of the page listen; only `go` moves it. */

import { get, send } from "../api.js";
import { isWithin, roots, tree, upward } from "../figures.js";
import { asked, read, write } from "./address.js";

export class Model extends EventTarget {
  /** @param page what the server put into the page */
  constructor(page) {
    super();
    this.page = page;
    this.district = page.district;
    this.roles = page.roles;
    this.limits = page.limits;
    Object.assign(this, tree(page.areas));
    this.homes = roots(this.byCode, page.homes);
    this.state = read(location.search, location.hash, this.roles);
    this.filled = { role: page.role, grids: page.grids };
    Object.assign(this, { facts: null, people: null, changes: null, problem: null, peopleProblem: null, busy: null, q: "" });
    addEventListener("popstate", () => this.follow());
  }

  get base() {
    return `/api/${this.district.code}`;
  }

  /** The role whose grids are known; another one is being asked for. */
  get isFilled() {
    return this.filled.role === this.state.role;
  }

  /** The grids of what is shown, each with who holds the post. */
  get grids() {
    if (!this.isFilled) return [];
    const { area } = this;
    return this.filled.grids.filter((one) => !area || isWithin(this.byCode, one.code, [area.code]));
  }

  get missing() {
    return this.grids.reduce((sum, one) => sum + one.missing, 0);
  }

  get area() {
    return this.mayShow(this.state.area) ? this.byCode.get(this.state.area) : undefined;
  }

  mayShow(code) {
    return this.byCode.has(code) && isWithin(this.byCode, code, this.homes);
  }

  path(code) {
    return upward(this.byCode, code).filter((one) => this.mayShow(one)).reverse();
  }

  grid(code) {
    return this.filled.grids.find((one) => one.code === code);
  }

  /** The role that is looked for: in a building it is its head. */
  get sought() {
    return this.state.role;
  }

  /** Change the state; the address follows, as a new step unless it only moved. */
  go(change, { replace = false } = {}) {
    const before = this.state;
    this.state = { ...before, ...change };
    history[replace ? "replaceState" : "pushState"](null, "", location.pathname + write(this.state, this.roles));
    this.changed(before);
  }

  /** The map has moved: the address follows, nothing is drawn anew. */
  moved(view) {
    this.state = { ...this.state, view };
    history.replaceState(null, "", location.pathname + write(this.state, this.roles));
  }

  follow() {
    const before = this.state;
    this.state = read(location.search, location.hash, this.roles);
    this.changed(before);
  }

  changed(before) {
    const { role, sel } = this.state;
    if (role !== before.role) this.fill();
    if (role !== before.role || JSON.stringify(sel) !== JSON.stringify(before.sel)) {
      this.q = "";
      this.load();
    }
    this.tell({ before });
  }

  tell(detail = {}) {
    this.dispatchEvent(new CustomEvent("change", { detail: { before: this.state, ...detail } }));
  }

  show(those) {
    Object.assign(this, those);
    this.tell();
  }

  /** Ask how the post is filled in every grid. */
  async fill() {
    const { role } = this.state;
    try {
      const found = await get(`${this.base}/holes`, { role, all: 1 });
      if (role === this.state.role) this.show({ filled: { role, grids: found.areas }, problem: null });
    } catch (problem) {
      this.show({ problem });
    }
  }

  /** Ask who serves the chosen thing, who would serve well, and what was done. */
  async load({ keep = false } = {}) {
    const { sel } = this.state;
    this.asking?.abort();
    if (!sel) return this.show({ facts: null, people: null, changes: null, busy: null });
    const asking = (this.asking = new AbortController());
    if (!keep) this.show({ facts: null, people: null, changes: null, peopleProblem: null, busy: { since: Date.now() } });
    try {
      const [facts, found] = await Promise.all([
        get(`${this.base}/assignments`, asked(sel), asking.signal),
        get(`${this.base}/history`, { ...asked(sel), limit: 30 }, asking.signal),
      ]);
      this.show({ facts, changes: found.changes, busy: null, problem: null });
      await this.suit();
    } catch (problem) {
      if (problem.name !== "AbortError") this.show({ busy: null, problem });
    }
    return undefined;
  }

  /** Ask who would serve well, by what is written in the field. */
  async suit() {
    const { sel } = this.state;
    if (!sel || !this.fits(sel)) return this.show({ people: [], peopleProblem: null });
    this.suiting?.abort();
    const suiting = (this.suiting = new AbortController());
    try {
      const values = { ...asked(sel), role: this.sought, q: this.q || null, limit: 20 };
      const { people } = await get(`${this.base}/assignments/suitable`, values, suiting.signal);
      this.show({ people, peopleProblem: null });
    } catch (problem) {
      if (problem.name !== "AbortError") this.show({ peopleProblem: problem });
    }
    return undefined;
  }

  /** Whether the chosen role goes with a chosen thing. */
  fits({ kind }) {
    return { building_head: ["building"], station: ["grid", "building"] }[this.sought]?.includes(kind)
      ?? kind === "grid";
  }

  /** One assignment of the chosen thing as it is now; undefined: it has ended. */
  async latest(id) {
    const found = await get(`${this.base}/assignments`, asked(this.state.sel));
    return found.serving.find((one) => one.id === id);
  }

  /** Everything again, as somebody has changed it. */
  async renew() {
    await Promise.all([this.fill(), this.load({ keep: true })]);
  }

  assign(sel, who, more = {}) {
    const named = who.kind === "station" ? { serving_station: who.id } : { member: who.id };
    const target = sel.kind === "building" ? { building: Number(sel.key) } : asked(sel);
    return send("POST", `${this.base}/assignments`, { ...target, role: this.sought, ...named, ...more });
  }

  amend(id, values) {
    return send("PATCH", `${this.base}/assignments/${id}`, values);
  }

  end({ id, version }) {
    return send("DELETE", `${this.base}/assignments/${id}?version=${version}`);
  }

  undo({ id, version }) {
    return send("POST", `${this.base}/assignments/${id}/undo`, { version });
  }

  walk(sel, member) {
    return get(`${this.base}/assignments/walk`, { ...asked(sel), member });
  }
}
