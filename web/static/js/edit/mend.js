/** The mode in which the map is mended: its tools, what can be chosen, what an edit did. */

import { get } from "../api.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { toolBar, workBar } from "./bar.js";
import { Deeds } from "./deeds.js";
import { home } from "./home.js";
import { KINDS, TOOLS, toolsOf } from "./kinds.js";
import { Pen } from "./pen.js";
import { Pointing } from "./pointing.js";
import { isServed } from "./served.js";
import { Sketch, place } from "./sketch.js";
import { Subject } from "./subject.js";
import { Things } from "./things.js";
import { Work } from "./work.js";

const NEAR = 15; // the zoom from which single things are told apart
const SHOWN_MS = 8000;

export class Mend {
  /** @param {{model, map, renew: (kinds: string[], effect: object) => Promise, rise: () => void, lower: () => void}} page */
  constructor({ model, map: bound, renew, rise, lower }) {
    const { map } = bound.view;
    Object.assign(this, { model, bound, map, rise, lower, effect: null, edits: null, problem: null, tool: TOOLS[0] });
    this.place = document.getElementById("edit");
    this.things = new Things(model.district.code);
    this.sketch = new Sketch(map);
    this.work = new Work(this);
    this.pen = new Pen(this);
    this.deeds = new Deeds(model, async (...what) => { await renew(...what); await this.renewed(); });
    this.tools = toolsOf(model.known.edits);
    this.pointing = new Pointing(this);
    this.known = { services: model.known.services, compounds: (code) => this.compounds(code) };
    this.deeds.addEventListener("done", ({ detail }) => { this.showEffect(detail); this.work.meet(detail.rows); });
    this.things.addEventListener("change", () => this.drawHome());
  }

  /** Begin; what the address has chosen is taken up. */
  enter() {
    const stage = document.querySelector(".stage");
    document.body.classList.add("mending");
    this.bar = toolBar(stage, this.tools, (tool) => this.use(tool), () => this.model.go({ edit: false, sel: null }));
    this.line = workBar(stage, { back: () => this.pen.back(), giveUp: () => this.giveUp(), end: () => this.pen.end() });
    this.bound.view.setHover(false);
    this.pointing.begin();
    this.use(TOOLS[0]);
    this.listEdits();
    this.look();
    this.follow();
  }

  leave() {
    if (this.pen.isDrawing) this.work.putAside(this.pen.drawing);
    this.pen.leave();
    this.work.letGo();
    this.sketch.clear();
    this.pointing.end();
    this.bound.view.setHover(true);
    this.bar.remove();
    this.line.remove();
    document.body.classList.remove("mending", "drawing");
    this.place.replaceChildren();
  }

  get metresPerPixel() {
    return (40_075_016.7 * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) / 2 ** (this.map.getZoom() + 8);
  }

  get isNear() {
    return this.map.getZoom() >= NEAR;
  }

  /** The middle of the part of the map that no panel covers. */
  middle() {
    const { left = 0, bottom = 0 } = this.bound.padding ?? {};
    const { x, y } = this.map.getSize();
    return place(this.map.containerPointToLatLng([(left + x) / 2, (y - bottom) / 2]));
  }

  reveal([lon, lat]) {
    if (!this.map.getBounds().pad(-0.1).contains([lat, lon])) this.map.panTo([lat, lon], { animate: false });
  }

  /** Know what can be mended in view. */
  async look(isAnew = false) {
    if (!this.isNear) return this.drawHome();
    const bounds = this.map.getBounds();
    return this.tried(() => this.things.around([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], isAnew));
  }

  listEdits() {
    return this.tried(async () => { this.edits = (await get(`/api/${this.model.district.code}/edits`)).edits; });
  }

  async tried(work) {
    try {
      await work();
      this.problem = null;
    } catch (problem) {
      if (problem.name !== "AbortError") this.problem = problem;
    }
    this.drawHome();
  }

  /** Take a tool; one that draws may go on with corners that were drawn before. */
  use(tool, points = []) {
    this.pen.leave();
    this.tool = tool;
    this.bar.draw(tool.name);
    document.body.classList.toggle("drawing", Boolean(tool.kind));
    if (!tool.kind) return this.line.tell(null);
    this.work.letGo();
    if (this.model.state.sel) this.model.go({ sel: null }, { replace: true });
    if (!this.isNear) toast(t("edit.too_far_to_draw"));
    this.lower();
    this.map.getContainer().focus({ preventScroll: true });
    return this.pen.begin(tool, points);
  }

  /** To what a place is drawn; `least` metres at least. */
  snap(at, kinds, except = null, least = 0) {
    return this.things.snap(at, kinds, Math.max(least, this.pointing.reach * this.metresPerPixel), except);
  }

  /** What was drawn becomes something new, with a form. */
  drawn({ tool, points }) {
    const compound = "compound" in KINDS[tool.kind].values ? { compound: this.compoundAt(points[0]) } : {};
    this.use(TOOLS[0]);
    this.work.take(Subject.drawn(tool, points, { ...(tool.named ? { name: t(tool.named) } : {}), ...compound }));
    this.rise();
    this.place.querySelector("input, select")?.focus({ preventScroll: true });
  }

  compoundAt(at) {
    return this.things.at(at, 1).find((one) => one.kind === "compound")?.code ?? null;
  }

  compounds(code) {
    const those = this.things.all.filter((one) => one.kind === "compound").map(({ code: key, name }) => ({ code: key, name }));
    return (code && !those.some((one) => one.code === code) ? [{ code, name: "" }, ...those] : those).sort((a, b) => a.name.localeCompare(b.name, "zh"));
  }

  /** Follow the address: another thing is chosen, or none. */
  async follow() {
    const { sel } = this.model.state;
    const { subject } = this.work;
    if (!sel) return subject && !subject.isNew ? this.work.letGo() : undefined;
    if (subject?.key === `${sel.kind}:${sel.id}`) return undefined;
    try {
      const thing = await this.things.one(sel.kind, sel.id);
      if (this.model.state.edit && this.model.state.sel?.id === sel.id) this.work.take(Subject.of(thing));
    } catch (problem) {
      toast(problem.status === 404 ? t("thing.gone") : problem.detail || t("trouble.offline"));
      this.model.go({ sel: null }, { replace: true });
    }
    return undefined;
  }

  show(kind, id) {
    this.model.go({ sel: { kind, id } });
    const thing = this.things.of(kind, id);
    if (thing && !this.bound.isSeen([thing.lines[0][0]])) this.bound.view.fit(thing.box, 160);
    this.rise();
  }

  showBuilding({ id, point }) {
    if (point) this.bound.flyTo(point);
    this.show("building", id);
  }

  /** The buildings that gained or lost are outlined for a moment. */
  showEffect(done) {
    this.effect = done;
    const { after, crossed = [] } = done.effect;
    const shapes = (isGained) => crossed.filter((one) => isServed(one, after.minutes) === isGained)
      .map((one) => this.things.of("building", one.id)?.geometry ?? (one.point && { type: "Point", coordinates: one.point })).filter(Boolean);
    this.sketch.outlines("gained", shapes(true), "gained");
    this.sketch.outlines("lost", shapes(false), "lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.sketch.put("gained", null); this.sketch.put("lost", null); }, SHOWN_MS);
    this.drawHome();
  }

  /** Everything follows an edit; last what can be mended next. */
  renewed() {
    return Promise.all([this.listEdits(), this.look(true)]);
  }

  drawHome() {
    if (!this.work.subject && this.model.state.edit) home(this.place, this);
  }

  /** What is in view, the nearest to its middle first. */
  inView() {
    if (!this.isNear) return [];
    const bounds = this.map.getBounds();
    const [x, y] = this.middle();
    const far = ({ box }) => Math.hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y);
    return this.things.all.filter(({ box }) => bounds.intersects([[box[1], box[0]], [box[3], box[2]]])).sort((a, b) => far(a) - far(b));
  }

  /** One step back: the drawing, the thing, then the mode. Tells whether there was one. */
  back() {
    if (!this.model.state.edit) return false;
    if (this.pointing.lift.giveUp()) return true;
    if (this.pen.isDrawing) this.leaveOff();
    else if (this.model.state.sel) this.model.go({ sel: null });
    else if (this.work.subject) this.work.letGo();
    else this.model.go({ edit: false });
    return true;
  }

  leaveOff() {
    this.work.putAside(this.pen.drawing);
    this.use(TOOLS[0]);
  }

  giveUp() {
    this.work.kept.put(this.work.left);
    this.work.close();
    this.use(TOOLS[0]);
  }
}
