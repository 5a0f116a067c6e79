/** The map of the page of assignments: holes in ochre, who holds what, somebody's walk. */

import { get } from "../api.js";
import { count } from "../format.js";
import { around, isInside } from "../geometry.js";
import { theme } from "../shell.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { surname } from "./load.js";

const GAP = 12;

/** Make the map and keep it as the model is; null where it cannot be made. */
export async function mapOf(model, hand, chosen) {
  try {
    await framed();
    const { createMap } = await import("../map/view.js");
    const { code } = model.district;
    const view = await createMap(document.getElementById("map"), { district: code, style: `/tiles/${code}/style.json`, theme: theme(), words: t });
    const map = new Bound(view, model, hand);
    map.listen(chosen);
    await map.fill();
    document.getElementById("map").setAttribute("aria-busy", "false");
    return map;
  } catch (problem) {
    toast(t("map.none"));
    console.error(problem);
    return null;
  }
}

/** The frame's own scripts come last in the page. */
function framed() {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((done) => { addEventListener("DOMContentLoaded", done, { once: true }); });
}

class Bound {
  constructor(view, model, hand) {
    Object.assign(this, { view, model, hand, grids: [], drawn: {} });
  }

  listen(chosen) {
    const { view, model } = this;
    view.addEventListener("pick", ({ detail }) => { this.picked(detail); chosen(); });
    view.addEventListener("move", ({ detail }) => model.moved(detail));
    model.addEventListener("change", () => this.draw());
    addEventListener("theme", () => view.setTheme(theme()));
  }

  picked({ kind, id, code, lngLat, feature }) {
    const { model } = this;
    if (kind === "member") return this.hand.show(this.model.people.find((one) => one.id === feature.id));
    if (kind === "station") return model.go({ sel: { kind: "station", key: code } });
    if (kind === "building" && model.state.role === "building_head") return model.go({ sel: { kind: "building", key: String(id) } });
    const grid = kind === "area" && model.grid(code) ? code : this.gridOf(lngLat);
    if (grid) return model.go({ sel: { kind: "grid", key: grid } });
    return model.state.sel ? model.go({ sel: null }) : undefined;
  }

  async fill() {
    this.pad();
    const { view: asked } = this.model.state;
    if (asked) this.view.setView(asked);
    else this.fit();
    const { base } = this.model;
    const [{ geometry }, { stations }] = await Promise.all([get(`${base}/areas`, { geometry: 1 }), get(`${base}/stations`)]);
    this.grids = geometry.features.filter((one) => one.properties.level === "grid");
    this.view.setAreas(geometry, "grid");
    this.view.setStations(stations);
    this.draw();
  }

  /** What has changed since it was drawn. */
  draw() {
    const { model, view } = this;
    const { sel, area } = model.state;
    const key = sel?.kind === "grid" ? sel.key : null;
    if (this.new("chosen", [key, key ? null : area])) {
      view.chooseArea(key ?? model.area?.code ?? null, { veil: !key });
      if (sel || this.drawn.fitted) this.fit();
      this.drawn.fitted = true;
    }
    if (sel && this.new("thing", [sel, model.facts?.target.id])) this.mark();
    if (this.new("assignment", [model.filled, model.people])) this.assignment();
  }

  new(name, value) {
    const text = JSON.stringify(value);
    if (this.drawn[name] === text) return false;
    this.drawn[name] = text;
    return true;
  }

  /** A chosen building or station, ringed and brought into view. */
  mark() {
    const { sel } = this.model.state;
    const target = this.model.facts?.target;
    this.view.choose(sel.kind === "grid" ? null : sel.kind, sel.kind === "grid" ? null : target?.id ?? null);
    if (sel.kind === "grid") this.view.chooseArea(sel.key, { veil: false });
    else if (target) this.view.flyTo(target.point, 17);
  }

  assignment() {
    const { model, view } = this;
    const role = t(`role.${model.filled.role}`);
    const areas = Object.fromEntries(model.filled.grids.map((one) => [one.code, {
      state: one.missing ? "hole" : "ok", label: one.missing ? this.lack(one, role) : `${this.holder(one)} · ${t("facts.households", { n: one.households })}`,
    }]));
    const people = (model.people ?? []).filter((one) => one.kind === "member" && one.point).slice(0, 12).map((one) => ({
      id: one.id, surname: surname(one.name), name: one.name, point: one.point,
      note: one.minutes ? t("assign.minutes_n", { n: one.minutes }) : "",
    }));
    view.setAssignment({ areas, people });
    if (this.hand.shown) view.people?.choose(this.hand.shown);
  }

  lack(one, role) {
    return this.model.filled.role === "building_head" ? t("assign.missing_buildings", { n: one.missing }) : t("assign.lacks", { role });
  }

  holder(one) {
    return one.held > 1 || this.model.filled.role === "building_head" ? t("assign.held_by_n", { n: count(one.held) }) : one.holder;
  }

  person(one) {
    this.view.people?.choose(one.id);
  }

  /** Somebody's walk; none. */
  walk(path, one) {
    const to = path?.coordinates.at(-1);
    this.view.showPath(path, path ? { from: path.coordinates[0], to } : undefined);
    if (!one) this.view.people?.choose(null);
  }

  /** The grid under a place of the window, if the map is what lies there. */
  gridAt(x, y) {
    if (!document.elementsFromPoint(x, y).some((one) => one.id === "map") || this.isCovered(x, y)) return null;
    const box = this.view.map.getContainer().getBoundingClientRect();
    const { lng, lat } = this.view.map.containerPointToLatLng([x - box.left, y - box.top]);
    return this.gridOf([lng, lat]);
  }

  isCovered(x, y) {
    const box = document.getElementById("panel").getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  }

  gridOf(point) {
    return this.grids.find((one) => isInside(point, one.geometry) && this.model.grid(one.properties.code))?.properties.code ?? null;
  }

  /** The grid on which something is held. */
  over(code) {
    this.view.areas.hover(code ? this.grids.find((one) => one.properties.code === code).properties.id : null);
  }

  pad() {
    const box = document.getElementById("panel").getBoundingClientRect();
    const isSheet = innerWidth < 720;
    this.view.setPadding(isSheet
      ? { left: 0, top: 0, right: 0, bottom: innerHeight - box.top } : { left: box.right + GAP, top: 48, right: 0, bottom: 0 });
  }

  /** The chosen grid with its neighbours, or all that is shown. */
  fit() {
    const { model } = this;
    const { sel } = model.state;
    if (sel?.kind === "grid") {
      const box = model.byCode.get(sel.key)?.bbox;
      if (box) this.view.fit(wider(box), GAP);
      return;
    }
    const codes = model.area ? [model.area.code] : model.homes;
    const boxes = codes.map((code) => model.byCode.get(code)?.bbox).filter(Boolean);
    if (boxes.length && !sel) this.view.fit(around(boxes), GAP);
  }

  show({ bbox, point }) {
    if (bbox) this.view.fit(bbox, 60);
    else if (point) this.view.flyTo(point, 17);
  }

  zoom(by) {
    this.view.zoomBy?.(by);
  }
}

/** A box with about 300 m round it: the neighbours, and where people walk from. */
export function wider([west, south, east, north]) {
  return [west - 0.0033, south - 0.0027, east + 0.0033, north + 0.0027];
}
