/** The map of a page: what the model says is drawn, what is pressed on it goes to the model. */

import { get } from "./api.js";
import { around } from "./geometry.js";
import { theme } from "./shell.js";
import { conditions, sameConditions } from "./state.js";
import { toast } from "./tell.js";
import { t } from "./words.js";

const GAP = 12;

/** Make the map and keep it as the model is; null where it cannot be made. */
export async function mapOf(model, filter, { chosen }) {
  let view = null;
  try {
    const { createMap } = await import("./map/view.js");
    view = await createMap(document.getElementById("map"), {
      district: model.district, style: `/tiles/${model.district.code}/style.json`, theme: theme(), words: t,
    });
  } catch (problem) {
    toast(t("map.none"));
    console.error(problem);
    return null;
  }
  const map = new Bound(view, model, filter);
  map.listen(chosen);
  await map.fill();
  return map;
}

class Bound {
  constructor(view, model, filter) {
    Object.assign(this, { view, model, filter });
  }

  listen(chosen) {
    const { view, model, filter } = this;
    view.addEventListener("pick", ({ detail }) => { this.picked(detail); chosen(); });
    view.addEventListener("move", ({ detail }) => model.moved(detail));
    filter.addEventListener("change", () => view.setFilter(filter.indexes));
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
  async fill() {
    this.pad();
    const { view: asked } = this.model.state;
    if (asked) this.view.flyTo([asked.lon, asked.lat], asked.zoom);
    else this.fit();
    this.stations();
    await Promise.all([this.shapes(), this.minutes()]);
    this.view.chooseArea(this.model.area?.code ?? null);
    const { sel } = this.model.state;
    if (sel) this.view.choose(sel.kind, sel.id);
  }

  changed(before) {
    const { model, view } = this;
    if (!sameConditions(before, model.state) || before.minutes !== model.state.minutes) this.minutes();
    if (before.area !== model.state.area) {
      view.chooseArea(model.area?.code ?? null);
      this.fit();
    }
  }

  thing(thing, path, to) {
    const { view } = this;
    view.choose(thing?.is ?? null, thing?.id ?? null);
    view.showPath(path, thing && to ? { from: thing.point, to: to.point } : null);
    if (path) this.inView(path.coordinates);
  }

  stations() {
    if (this.model.stations) this.view.setStations(this.model.stations);
  }

  async shapes() {
    const { model } = this;
    const { geometry } = await get(`/api/${model.district.code}/areas`, { geometry: 1 });
    model.shapes = new Map(geometry.features.map((one) => [one.properties.code, one.geometry]));
    this.view.setAreas(geometry);
  }

  async minutes() {
    const { model } = this;
    const found = await get(`/api/${model.district.code}/minutes`, { ...conditions(model.state), minutes: model.minutes });
    this.view.setMinutes(found);
  }

  pad() {
    const box = document.getElementById("panel").getBoundingClientRect();
    const isSheet = innerWidth < 720;
    this.view.setPadding(isSheet
      ? { left: 0, top: 0, right: 0, bottom: innerHeight - box.top } : { left: box.right + GAP, top: 0, right: 0, bottom: 0 });
  }

  fit() {
    const boxes = this.model.shown.map((code) => this.model.byCode.get(code)?.bbox).filter(Boolean);
    if (boxes.length) this.view.fit(around(boxes), GAP);
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
    this.view.flyTo(point, 17);
  }

  zoom(by) {
    this.view.zoomBy?.(by);
  }
}
