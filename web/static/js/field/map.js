/** The map of the field page, loaded after the answer: where one is, the way, the stations. */

import { get } from "../api.js";
import { around } from "../geometry.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { choice } from "./choice.js";
import { frame } from "./frame.js";
import { Marks } from "./marks.js";
import { rounded } from "./position.js";

const ROOM = 36;
const TOP = 104; // the search and what is said under it

/** Make the map and keep it as the answer is; null where it cannot be made. */
export async function mapOf(field, element, panel) {
  try {
    await frame(document.getElementById("frame"), element);
    const { createMap } = await import("../map/view.js");
    const { code } = field.district;
    const view = await createMap(element, { district: code, style: `/tiles/${code}/style.json`, theme: document.documentElement.dataset.theme, words: t });
    return new FieldMap(field, element, panel, view).listen();
  } catch (problem) {
    toast(t("field.no_map"));
    console.warn(problem);
    return null;
  }
}

class FieldMap {
  constructor(field, element, panel, view) {
    Object.assign(this, { field, element, panel, view, marks: new Marks(view.map) });
  }

  listen() {
    const { field, view } = this;
    view.addEventListener("pick", ({ detail }) => this.picked(detail));
    field.addEventListener("answer", () => this.draw());
    field.addEventListener("change", () => this.draw());
    addEventListener("theme", () => view.setTheme(document.documentElement.dataset.theme));
    this.pad();
    if (field.bbox) view.fit(field.bbox, 0);
    this.draw();
    this.stations().finally(() => this.element.setAttribute("aria-busy", "false"));
    return this;
  }

  /** The stations of the district, open or shut now. */
  async stations() {
    const { stations } = await get(`/api/${this.field.district.code}/stations`);
    this.view.setStations(stations.filter((one) => one.state === "open"));
  }

  /** A tap is where one is while that is asked; else a station of the answer is meant. */
  picked({ kind, id, lngLat }) {
    const { field } = this;
    if (field.isTapping) field.from({ kind: "map", point: rounded(lngLat), accuracy: null });
    else if (kind === "station") {
      const one = field.answer?.stations.find((station) => station.id === id);
      if (one) field.set({ code: one.code }, "answer");
    }
  }

  /** The middle of what is seen of the map is where one is. */
  centre() {
    const { x, y } = this.view.map.getSize();
    const { lng, lat } = this.view.map.containerPointToLatLng([(x + this.left) / 2, (y - this.bottom + TOP) / 2]);
    this.picked({ kind: "nothing", lngLat: [lng, lat] });
  }

  draw() {
    const { field, view } = this;
    const { first } = field.answer ? choice(field.answer, field.isOnlyOpen, field.code) : {};
    this.element.classList.toggle("tapping", field.isTapping);
    this.marks.draw(field, first ?? null);
    view.choose("station", first?.id ?? null);
    const seen = `${field.asked} ${first?.code}`;
    if (field.answer && seen !== this.seen) this.show();
    this.seen = seen;
  }

  /** Everything between here and the station in the open part of the map. */
  show() {
    const { field } = this;
    if (!field.place) return;
    const { first } = field.answer ? choice(field.answer, field.isOnlyOpen, field.code) : {};
    const points = [field.place.point, ...(first?.path.coordinates ?? [])];
    this.pad();
    this.view.fit(around(points.map(([x, y]) => [x, y, x, y])), ROOM);
  }

  /** The sheet covers the map from below, even while it is on its way there. */
  pad() {
    const isSheet = innerWidth < 720;
    const covered = Math.min(parseFloat(this.panel.style.getPropertyValue("--sheet")) || 0, this.element.clientHeight - 2 * TOP);
    this.bottom = isSheet ? covered : 0;
    this.left = isSheet ? 0 : this.panel.getBoundingClientRect().right;
    this.element.style.setProperty("--covered", `${this.bottom}px`);
    this.element.style.setProperty("--beside", `${this.left}px`);
    this.view.setPadding({ left: this.left, top: TOP, right: 0, bottom: this.bottom });
  }
}
