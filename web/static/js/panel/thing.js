/** The chosen building or station: asked for, waited for, drawn; or why it is not there. */

import { get } from "../api.js";
import { render } from "../dom.js";
import { conditions } from "../state.js";
import { announce, progress, trouble } from "../tell.js";
import { t } from "../words.js";
import { answerOf, building } from "./building.js";
import { station } from "./station.js";

const PATHS = { building: "buildings", station: "stations" };

/** Keeps one thing shown in `place`; tells `drawn(thing, path)` what the map is to show of it. */
export class Thing {
  constructor(place, model, drawn) {
    Object.assign(this, { place, model, drawn, shown: null, key: "" });
  }

  /** Follow the state: another thing, other conditions, or none. */
  update() {
    const sel = this.model.looked;
    const key = sel ? JSON.stringify([sel, conditions(this.model.state), this.model.minutes]) : "";
    if (key === this.key) return sel && this.shown ? this.draw() : undefined;
    this.key = key;
    this.asking?.abort();
    if (!sel) return this.leave();
    return this.load(sel, key);
  }

  leave() {
    this.shown = null;
    render(this.place);
    this.drawn(null, null);
  }

  async load(sel, key) {
    const asking = (this.asking = new AbortController());
    if (this.shown?.id !== sel.id) render(this.place, progress(t("thing.loading"), Date.now()));
    try {
      const path = `/api/${this.model.district.code}/${PATHS[sel.kind]}/${sel.id}`;
      const asked = { ...conditions(this.model.state), minutes: this.model.state.minutes };
      const found = await get(path, asked, asking.signal);
      if (this.key === key) this.show({ ...found, is: sel.kind });
    } catch (problem) {
      if (problem.name !== "AbortError" && this.key === key) this.fail(problem, sel);
    }
  }

  show(found) {
    this.shown = found;
    const first = found.is === "building" ? answerOf(this.model, found) : null;
    this.followed = first?.id;
    this.draw();
    this.place.querySelector("h1")?.focus({ preventScroll: true });
    announce(first ? t("thing.spoken", { name: found.name, station: first.name, minutes: first.minutes }) : found.name);
    this.drawn(found, found.path ?? null, first);
  }

  fail(problem, sel) {
    this.shown = null;
    this.drawn(null, null);
    const home = { label: t("thing.back"), run: () => this.model.go({ sel: null }) };
    const again = { label: t("again"), run: () => this.load(sel, this.key) };
    const told = problem.status === 404 ? { detail: t("thing.gone") } : problem;
    render(this.place, trouble(told, ...(problem.status === 404 ? [home] : [again, home])));
  }

  draw() {
    const { model, shown } = this;
    const follow = (to) => this.follow(to);
    render(this.place, ...(shown.is === "building"
      ? building(model, shown, this.followed, follow) : station(model, shown)));
  }

  /** Draw the way to another station in reach. */
  async follow(to) {
    const one = this.shown;
    this.followed = to.id;
    this.draw();
    try {
      const asked = { station: to.code, profile: this.model.state.profile, at: this.model.state.at };
      const { path } = await get(`/api/${this.model.district.code}/buildings/${one.id}/path`, asked);
      if (this.shown === one && this.followed === to.id) this.drawn(one, path, to);
    } catch (problem) {
      this.place.append(trouble(problem, { label: t("again"), run: () => this.follow(to) }));
    }
  }
}
