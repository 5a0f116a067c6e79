/** The map of the page of imports: where the rows of a preview lie, linked with their list both ways. */

import { get } from "../api.js";
import { theme } from "../shell.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { Drawn } from "./drawn.js";

const GAP = 12;
const WAIT_MS = 150;
const NEAR = 17;

/** Make the map and keep it as the model is; null where it cannot be made. */
export async function mapOf(model, raised) {
  try {
    if (document.readyState === "loading") await new Promise((done) => { addEventListener("DOMContentLoaded", done, { once: true }); });
    const { createMap } = await import("../map/view.js");
    const { code } = model.district;
    const view = await createMap(document.getElementById("map"), { district: code, style: `/tiles/${code}/style.json`, theme: theme(), words: t });
    return new PreviewMap(model, view, raised).listen();
  } catch (problem) {
    toast(t("map.none"));
    console.warn(problem);
    return null;
  }
}

class PreviewMap {
  constructor(model, view, raised) {
    Object.assign(this, { model, view, raised });
    this.drawn = new Drawn(view.map, (n) => { model.pick(n, true); raised(); });
  }

  listen() {
    const { model, view } = this;
    model.addEventListener("seen", () => this.seen());
    model.addEventListener("filter", () => { this.drawn.filter(model.state); this.load(); });
    model.addEventListener("chosen", ({ detail }) => this.chosen(detail));
    model.addEventListener("moved", () => this.pad());
    model.addEventListener("undone", () => this.renew());
    view.map.on("moveend", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.load(), WAIT_MS); });
    addEventListener("theme", () => { view.setTheme(theme()); this.drawn.draw(); });
    this.pad();
    this.fit();
    if (model.preview) this.seen();
    document.getElementById("map").setAttribute("aria-busy", "false");
    return this;
  }

  /** Another preview, or none any more. */
  async seen() {
    const { preview, view } = this.model;
    this.drawn.choose(null);
    this.drawn.filter(null);
    this.drawn.set([]);
    if (view === "done") this.renew();
    this.pad();
    if (preview?.bbox || view === "start") this.fit();
    await this.load();
  }

  /** What the ground shows has been changed by an import, or by taking one back. */
  renew() {
    this.view.renew?.(["ground", "town"]);
  }

  /** What lies in view; of very many rows the server shows some, and says so. */
  async load() {
    const { model, view } = this;
    if (!model.preview?.placed) return;
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    const box = view.map.getBounds().pad(0.2);
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((x) => x.toFixed(6)).join();
    try {
      const found = await get(`${model.path}/uploads/${model.upload.upload}/drawn`, { bbox, state: model.state }, signal);
      this.drawn.set(found.shapes);
      this.tally(found);
    } catch (problem) {
      if (problem.name !== "AbortError") toast(problem.detail || t("trouble.offline"));
    }
  }

  /** Say how many of those in view are drawn; only where that has changed. */
  tally({ total, shapes }) {
    const before = this.model.map;
    if (before?.total === total && before.drawn === shapes.length) return;
    this.model.show({ map: { total, drawn: shapes.length } });
  }

  chosen({ isOnMap }) {
    const { chosen } = this.model;
    this.drawn.choose(chosen);
    if (!chosen?.box || isOnMap) return;
    const [west, south, east, north] = chosen.box;
    if (this.view.map.getZoom() >= NEAR - 1.5 && this.isSeen(chosen.box)) return;
    if (east - west > 0.002) this.view.fit(chosen.box, 60);
    else this.view.flyTo([(west + east) / 2, (south + north) / 2], NEAR);
  }

  isSeen([west, south, east, north]) {
    const { left, bottom } = this.padding;
    const { x: width, y: height } = this.view.map.getSize();
    return [[west, south], [east, north]].every(([lon, lat]) => {
      const { x, y } = this.view.map.latLngToContainerPoint([lat, lon]);
      return x > left + GAP && x < width - GAP && y > GAP && y < height - bottom - GAP;
    });
  }

  pad() {
    const box = document.getElementById("panel").getBoundingClientRect();
    const stage = document.getElementById("map").getBoundingClientRect();
    const isSheet = innerWidth < 720;
    const bottom = isSheet ? Math.min(stage.bottom - box.top, stage.height / 2) : 0;
    this.padding = { left: isSheet ? 0 : box.right + GAP, top: 0, right: 0, bottom };
    this.view.setPadding(this.padding);
  }

  fit() {
    this.view.fit(this.model.preview?.bbox ?? this.model.facts.bbox, 24);
  }

  show({ bbox, point }) {
    if (bbox) this.view.fit(bbox, 60);
    else if (point) this.view.flyTo(point, NEAR);
  }

  zoom(by) {
    this.view.zoomBy(by);
  }
}
