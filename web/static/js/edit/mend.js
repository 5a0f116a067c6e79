/** The mode in which the map is mended: tools, what is chosen, what is drawn, what it did. */

import { get } from "../api.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { toolBar, workBar } from "./bar.js";
import { Deeds } from "./deeds.js";
import { Form } from "./form.js";
import { Hand } from "./hand.js";
import { home } from "./home.js";
import { Kept } from "./kept.js";
import { KINDS, TOOLS, toolsOf } from "./kinds.js";
import { Pen } from "./pen.js";
import { Pointing } from "./pointing.js";
import { Sketch, place } from "./sketch.js";
import { Subject } from "./subject.js";
import { Things } from "./things.js";

const NEAR = 15; // the zoom from which single things are told apart
const SHOWN_MS = 8000;

export class Mend {
  /** @param {{model, map, renew: (kinds: string[]) => Promise, rise: () => void}} page */
  constructor({ model, map: bound, renew, rise }) {
    const { map } = bound.view;
    Object.assign(this, { model, bound, map, rise, subject: null, form: null, effect: null, edits: null, problem: null, tool: TOOLS[0] });
    this.place = document.getElementById("edit");
    this.kept = new Kept(`${model.district.code}.${model.page.account.name}`);
    this.left = this.kept.get();
    this.things = new Things(model.district.code);
    this.sketch = new Sketch(map);
    this.hand = new Hand(this);
    this.pen = new Pen(this);
    this.deeds = new Deeds(model, async (kinds) => { await renew(kinds); await this.renewed(); });
    this.deeds.addEventListener("done", ({ detail }) => { this.showEffect(detail); this.meet(detail.rows); });
    this.things.addEventListener("change", () => this.drawHome());
    this.tools = toolsOf(model.known.edits);
    this.pointing = new Pointing(this);
    this.known = { services: model.known.services, compounds: (code) => this.compounds(code) };
  }

  /** Begin; what the address has chosen is taken up. */
  enter() {
    const stage = document.querySelector(".stage");
    document.body.classList.add("mending");
    this.bar = toolBar(stage, this.tools, (tool) => this.use(tool), () => this.model.go({ edit: false, sel: null }));
    this.work = workBar(stage, { back: () => this.pen.back(), giveUp: () => this.giveUp(), end: () => this.pen.end() });
    this.pointing.begin();
    this.use(TOOLS[0]);
    this.listEdits();
    this.look();
    this.follow();
  }

  leave() {
    this.letGo();
    this.pen.leave();
    this.sketch.clear();
    this.pointing.end();
    this.bar.remove();
    this.work.remove();
    document.body.classList.remove("mending", "drawing");
    this.place.replaceChildren();
  }

  get metresPerPixel() {
    return (40_075_016.7 * Math.cos((this.map.getCenter().lat * Math.PI) / 180)) / 2 ** (this.map.getZoom() + 8);
  }

  get isNear() {
    return this.map.getZoom() >= NEAR;
  }

  middle() {
    return place(this.map.getCenter());
  }

  reveal([lon, lat]) {
    if (!this.map.getBounds().pad(-0.1).contains([lat, lon])) this.map.panTo([lat, lon], { animate: false });
  }

  /** Know what can be mended in view. */
  async look(isAnew = false) {
    if (!this.isNear) return this.drawHome();
    const bounds = this.map.getBounds();
    try {
      await this.things.around([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], isAnew);
      this.problem = null;
    } catch (problem) {
      if (problem.name !== "AbortError") this.problem = problem;
    }
    return this.drawHome();
  }

  async listEdits() {
    try {
      this.edits = (await get(`/api/${this.model.district.code}/edits`)).edits;
      this.problem = null;
    } catch (problem) {
      this.problem = problem;
    }
    this.drawHome();
  }

  use(tool) {
    this.pen.leave();
    this.tool = tool;
    this.bar.draw(tool.name);
    document.body.classList.toggle("drawing", Boolean(tool.kind));
    if (!tool.kind) return this.tellBar(null);
    this.letGo();
    if (this.model.state.sel) this.model.go({ sel: null }, { replace: true });
    if (!this.isNear) toast(t("edit.too_far_to_draw"));
    this.map.getContainer().focus({ preventScroll: true });
    return this.pen.begin(tool);
  }

  snap(at, kinds, except = null) {
    return this.things.snap(at, kinds, this.pointing.reach * this.metresPerPixel, except);
  }

  tellBar(text, isFault = false) {
    this.work.tell(text, isFault);
  }

  /** What was drawn becomes something new, with a form. */
  drawn(drawing) {
    const { tool, points } = drawing;
    const compound = "compound" in KINDS[tool.kind].values ? this.compoundAt(points[0]) : undefined;
    const values = { ...(tool.named ? { name: t(tool.named) } : {}), ...(compound === undefined ? {} : { compound }) };
    this.use(TOOLS[0]);
    this.take(Subject.drawn(tool, points, values));
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
    if (!sel) return this.subject && !this.subject.isNew ? this.letGo() : undefined;
    if (this.subject?.key === `${sel.kind}:${sel.id}`) return undefined;
    try {
      const thing = await this.things.one(sel.kind, sel.id);
      if (this.model.state.sel?.id === sel.id) this.take(Subject.of(thing));
    } catch (problem) {
      toast(problem.status === 404 ? t("thing.gone") : problem.detail || t("trouble.offline"));
      this.model.go({ sel: null }, { replace: true });
    }
    return undefined;
  }

  show(kind, id) {
    this.model.go({ sel: { kind, id } });
    const thing = this.things.of(kind, id);
    if (thing) this.bound.isSeen([thing.lines[0][0]]) || this.bound.view.fit(thing.box, 160);
    this.rise();
  }

  showBuilding({ id, point }) {
    if (point) this.bound.flyTo(point);
    this.show("building", id);
  }

  /** Have something in the hand; what was there before and not saved can be had back. */
  take(subject) {
    this.letGo();
    this.subject = subject;
    this.hand.draw(subject);
    document.body.classList.add("one");
    this.form = new Form(this.place, subject, this);
    this.place.querySelector("h1")?.focus({ preventScroll: true });
  }

  letGo() {
    const { subject } = this;
    if (!subject) return;
    this.subject = this.form = null;
    if (subject.isChanged && subject.may) {
      this.left = subject.kept();
      this.kept.put(this.left);
      toast(t("edit.put_aside"), { label: t("edit.take_up"), run: () => this.takeUp() });
    } else this.kept.put(this.left);
    this.hand.draw(null);
    document.body.classList.remove("one");
    this.drawHome();
  }

  /** Nothing of it is kept. */
  giveUp() {
    this.subject = this.subject && Object.assign(this.subject, { may: false });
    this.letGo();
    this.kept.put(this.left);
    this.use(TOOLS[0]);
    if (this.model.state.sel) this.model.go({ sel: null });
  }

  takeUp() {
    const { left } = this;
    this.dropLeft();
    if (!left) return;
    if (left.isDrawing) {
      const tool = this.tools.find((one) => one.name === left.tool) ?? TOOLS[0];
      this.use(tool);
      if (tool.kind) this.pen.begin(tool, left.points);
    } else {
      this.take(Subject.again(left));
      if (left.id !== null) this.model.go({ sel: { kind: left.kind, id: left.id } }, { replace: true });
    }
    const [lon, lat] = left.points[0];
    this.bound.flyTo([lon, lat]);
  }

  dropLeft() {
    this.left = null;
    this.kept.put(null);
    this.drawHome();
  }

  keep() {
    const { subject } = this;
    if (subject?.isChanged) this.kept.put(subject.kept());
  }

  keepDrawing(drawing) {
    this.kept.put(drawing && { isDrawing: true, tool: drawing.tool.name, kind: drawing.tool.kind, points: drawing.points });
  }

  /** A station or gate was dropped: what is on the map is changed at once. */
  async moved(points) {
    const { subject } = this;
    subject.reshape(points);
    this.form.shaped();
    if (subject.isNew) return this.hand.draw(subject);
    const only = Object.assign(Subject.again(subject.kept()), { values: subject.was.values });
    return this.form.run(async () => {
      subject.isBusy = true;
      const { version } = await this.deeds.save(only).finally(() => { subject.isBusy = false; });
      Object.assign(subject, { version, steps: [] });
      subject.was.points = points;
      this.hand.draw(subject);
      this.hand.focus();
    });
  }

  reshaped(points, focus) {
    this.subject.reshape(points);
    this.form.shaped();
    this.hand.draw(this.subject, focus);
    this.form.shaped();
  }

  /** The corners before the last change of them, if they are not saved yet. */
  stepBack() {
    if (!this.subject?.stepBack()) return false;
    this.hand.draw(this.subject);
    this.form.shaped();
    return true;
  }

  async save() {
    const { subject } = this;
    await this.deeds.save(subject);
    this.saved(subject);
  }

  async end() {
    const { subject } = this;
    await this.deeds.end(subject);
    this.saved(subject);
  }

  /** It is on the map: the panel shows what it did. */
  saved(subject) {
    this.left = null;
    if (this.subject !== subject) return;
    Object.assign(subject, { may: false });
    this.letGo();
    this.kept.put(null);
    if (this.model.state.sel) this.model.go({ sel: null });
  }

  keepMine(theirs) {
    const { subject } = this;
    Object.assign(subject, { version: theirs.version });
    return this.form.run(() => this.save());
  }

  takeTheirs(theirs) {
    Object.assign(this.subject, { may: false });
    this.letGo();
    this.kept.put(null);
    if (theirs) this.take(Subject.of(theirs));
    else this.model.go({ sel: null });
  }

  /** The buildings that gained or lost are outlined for a moment. */
  showEffect(done) {
    this.effect = done;
    const { after, crossed = [] } = done.effect;
    const shapes = (isGained) => crossed.filter((one) => (one.after !== null && one.after <= after.minutes) === isGained)
      .map((one) => this.things.of("building", one.id)?.geometry ?? (one.point && { type: "Point", coordinates: one.point })).filter(Boolean);
    this.sketch.outlines("gained", shapes(true), "gained");
    this.sketch.outlines("lost", shapes(false), "lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.sketch.put("gained", null); this.sketch.put("lost", null); }, SHOWN_MS);
    this.drawHome();
  }

  /** What is in the hand was undone or done again: it is taken as it is now. */
  async meet(rows) {
    const { subject } = this;
    const row = subject && rows.find(({ kind, id }) => kind === subject.kind && id === subject.id);
    if (!row || row.version === subject.version || row.before === subject.version && subject.isBusy) return;
    const fresh = row.version === null ? null : await this.things.one(row.kind, row.id).catch(() => null);
    if (this.subject !== subject) return;
    if (fresh) this.take(Subject.of(fresh));
    else this.model.go({ sel: null });
  }

  /** Everything follows an edit; last what can be mended next. */
  async renewed() {
    await Promise.all([this.listEdits(), this.look(true)]);
  }

  drawHome() {
    if (!this.subject && this.model.state.edit) home(this.place, this);
  }

  inView() {
    if (!this.isNear) return [];
    const bounds = this.map.getBounds();
    const [x, y] = this.middle();
    const far = ({ box }) => Math.hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y);
    return this.things.all.filter(({ box }) => bounds.intersects([[box[1], box[0]], [box[3], box[2]]])).sort((a, b) => far(a) - far(b));
  }

  /** One step back: the corner cursor, the drawing, the thing, then the mode. Tells whether there was one. */
  back() {
    if (!this.model.state.edit) return false;
    if (this.pen.isDrawing) this.giveUpDrawing();
    else if (this.subject) this.model.state.sel ? this.model.go({ sel: null }) : this.letGo();
    else this.model.go({ edit: false });
    return true;
  }

  giveUpDrawing() {
    const hadSome = this.pen.drawing.points.length > 0;
    if (hadSome) this.left = { isDrawing: true, tool: this.tool.name, kind: this.tool.kind, points: this.pen.drawing.points };
    this.use(TOOLS[0]);
    if (hadSome) this.drawHome();
  }
}
