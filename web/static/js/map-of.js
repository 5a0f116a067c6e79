/** The map of a page: what the model says is drawn, what is pressed on it goes to the model. */

import { get } from "./api.js";
import { within } from "./figures.js";
import { around } from "./geometry.js";
import { decode } from "./map/minutes.js";
import { signState } from "./panel/stations.js";
import { theme } from "./shell.js";
import { conditions, sameConditions } from "./state.js";
import { toast } from "./tell.js";
import { t } from "./words.js";

const GAP = 12;
const BUILDINGS = 14; // the zoom from which they are drawn

/** Make the map and keep it as the model is; null where it cannot be made. */
export async function mapOf(model, filter, { chosen }) {
  let view = null;
  const early = ahead(model);
  try {
    await framed();
    const { createMap } = await import("./map/view.js");
    const { code } = model.district;
    view = await createMap(document.getElementById("map"), { district: code, style: `/tiles/${code}/style.json`, theme: theme(), words: t });
  } catch (problem) {
    toast(t("map.none"));
    console.warn(problem);
    return null;
  }
  const map = new Bound(view, model, filter);
  map.listen(chosen);
  await map.fill(early);
  document.getElementById("map").setAttribute("aria-busy", "false");
  return map;
}

/** What the map is to show is asked for before there is one: its tiles would be asked for first. */
function ahead(model) {
  const path = `/api/${model.district.code}`;
  const asked = conditions(model.state);
  const found = { asked, areas: get(`${path}/areas`, { geometry: 1 }), minutes: get(`${path}/minutes`, asked) };
  for (const one of [found.areas, found.minutes]) one.catch(() => {}); // who waits for it is told
  return found;
}

/** The frame's own scripts come last in the page. */
function framed() {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((done) => { addEventListener("DOMContentLoaded", done, { once: true }); });
}

const LEVELS = ["district", "subdistrict", "community", "grid"];

/** The level of areas that a press on the map means: the one below, or the one that is well seen. */
export function pressed(area, zoom) {
  const below = LEVELS.indexOf(area?.level ?? "district") + 1;
  const seen = zoom < 12.5 ? 1 : zoom < 14.5 ? 2 : 3;
  return LEVELS[Math.min(3, Math.max(below, seen))];
}

class Bound {
  constructor(view, model, filter) {
    Object.assign(this, { view, model, filter });
  }

  listen(chosen) {
    const { view, model, filter } = this;
    view.addEventListener("pick", ({ detail }) => { if (!model.state.edit) { this.picked(detail); chosen(); } });
    view.addEventListener("move", ({ detail }) => { model.moved(detail); this.press(); this.afar(detail.zoom); });
    filter.addEventListener("change", () => view.setFilter(filter.indexes));
    model.addEventListener("stations", () => this.stations());
    model.addEventListener("figures", () => this.shares());
    model.addEventListener("change", ({ detail }) => this.changed(detail.before));
    addEventListener("theme", () => view.setTheme(theme()));
  }

  picked({ kind, id, code }) {
    const { model } = this;
    if (kind === "building" || kind === "station") model.go({ sel: { kind, id } });
    else if (kind === "area" && code !== model.state.area && model.mayShow(code)) model.go({ area: code, sel: null });
    else if (model.state.sel) model.go({ sel: null });
  }

  /** All that is drawn at the start. */
  async fill(early) {
    this.pad();
    const { view: asked } = this.model.state;
    if (asked) this.view.setView(asked);
    else this.fit();
    this.stations();
    this.view.setFilter(this.filter.indexes);
    const isStill = JSON.stringify(early.asked) === JSON.stringify(conditions(this.model.state));
    await Promise.all([this.shapes(early.areas), this.minutes(isStill ? early.minutes : null)].map((one) => one.catch((problem) => this.model.show({ problem }))));
    this.view.chooseArea(this.model.lit);
  }

  changed(before) {
    const { model, view } = this;
    if (!sameConditions(before, model.state)) this.minutes().catch((problem) => model.show({ problem }));
    else if (before.minutes !== model.state.minutes) this.colour();
    if (before.at !== model.state.at) this.stations();
    if (before.area !== model.state.area) {
      view.chooseArea(model.lit);
      this.press();
      this.fit();
    }
  }

  /** Mark a thing and its way; the map moves where they are not well seen, unless it is to stay. */
  thing(thing, path, to, isStill = false) {
    const { view } = this;
    view.choose(thing?.is ?? null, thing?.id ?? null);
    view.showPath(path, thing && to ? { from: thing.point, to: to.point } : undefined);
    const points = path ? path.coordinates : thing ? [thing.point] : [];
    if (points.length && !isStill && !this.isSeen(points)) this.inView(points);
  }

  /** Without a time every station in service counts, so it is drawn open. */
  stations() {
    const { model, view } = this;
    const list = (model.stations ?? []).map((one) => ({ ...one, open: signState(one, model) !== "shut" }));
    view.setTime?.(model.state.at);
    if (model.stations) view.setStations(list);
  }

  async shapes(asked) {
    const { model } = this;
    const { geometry } = await asked;
    model.shapes = new Map(geometry.features.map((one) => [one.properties.code, one.geometry]));
    this.geometry = geometry;
    this.press();
    this.shares();
  }

  press() {
    const level = pressed(this.model.area, this.view.where?.().zoom ?? 15);
    if (!this.geometry || level === this.level) return;
    this.level = level;
    this.view.setAreas(this.geometry, level);
  }

  async minutes(asked = null) {
    const { model } = this;
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    try {
      const found = await (asked ?? get(`/api/${model.district.code}/minutes`, conditions(model.state), signal));
      if (signal.aborted) return; // other conditions have been asked for meanwhile
      this.found = found;
      this.colour();
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    }
  }

  /** Recolour at once what an edit changed, told as {id, after}; new buildings come with the next answer. */
  patch(buildings) {
    if (!this.found) return;
    const places = new Map(decode(this.found.ids).map((id, i) => [id, i]));
    const minutes = [...this.found.minutes];
    for (const { id, after } of buildings) if (places.has(id) && after !== null) minutes[places.get(id)] = after;
    this.found = { ...this.found, minutes };
    this.colour();
  }

  /** Another limit: the same minutes, the colours turn elsewhere. */
  colour() {
    const { model, view } = this;
    if (this.found) view.setMinutes({ ...this.found, bands: model.profile.bands, limit: model.minutes });
    this.shares();
  }

  /** From afar the colours are shares of areas, which the legend then says. */
  afar(zoom) {
    document.body.classList.toggle("afar", zoom < BUILDINGS);
  }

  /** What share of its households each area has in reach, for the zooms without buildings. */
  shares() {
    const { model, view } = this;
    if (!model.shapes) return;
    const of = (one) => (one?.households ? within(one, model.minutes).households / one.households : null);
    view.setShares?.(Object.fromEntries([...model.byCode.keys()].map((code) => [code, of(model.sums.get(code))])));
  }

  pad() {
    const box = document.getElementById("panel").getBoundingClientRect();
    const isSheet = innerWidth < 720;
    const stage = document.getElementById("map").getBoundingClientRect();
    this.padding = isSheet
      ? { left: 0, top: 0, right: 0, bottom: Math.min(stage.bottom - box.top, stage.height / 2) }
      : { left: box.right + GAP, top: 0, right: 0, bottom: 0 };
    this.view.setPadding(this.padding);
  }

  fit() {
    const boxes = this.model.shown.map((code) => this.model.byCode.get(code)?.bbox).filter(Boolean);
    if (boxes.length) this.view.fit(around(boxes), GAP);
  }

  /** Whether these lie in the open part of the map, large enough to be told apart. */
  isSeen(points) {
    const { left, right, bottom } = this.padding;
    const { x: width, y: height } = this.view.map.getSize();
    return this.view.map.getZoom() >= 15.5 && points.every(([lon, lat]) => {
      const { x, y } = this.view.map.latLngToContainerPoint([lat, lon]);
      return x > left + GAP && x < width - right - GAP && y > GAP && y < height - bottom - GAP;
    });
  }

  inView(points) {
    const boxes = points.map(([x, y]) => [x, y, x, y]);
    this.view.fit(around(boxes), 80);
  }

  show({ bbox, point }) {
    if (bbox) this.view.fit(bbox, 60);
    else if (point) this.flyTo(point);
  }

  flyTo(point) {
    if (!this.isSeen([point])) this.view.flyTo(point, 17);
  }

  zoom(by) {
    this.view.zoomBy?.(by);
  }
}
