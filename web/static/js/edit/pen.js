/** The hand that draws: corners by mouse, finger or keys, drawn to what is near. */

import { count } from "../format.js";
import { t } from "../words.js";
import { stepOf } from "./corners.js";
import { nameOfThing } from "./deeds.js";
import { Drawing } from "./drawing.js";
import { KINDS, SNAPS } from "./kinds.js";
import { apart, lattice, length, moved } from "./plane.js";
import { place } from "./sketch.js";

const SAME_PX = 5;
const GATE_M = 5; // a gate this near to a way stands on it

export class Pen {
  /** @param mend tells what is on the map and takes what is drawn */
  constructor(mend) {
    Object.assign(this, { mend, drawing: null, cursor: null });
  }

  get isDrawing() {
    return this.drawing !== null;
  }

  begin(tool, points = []) {
    this.drawing = new Drawing(tool, points);
    this.cursor = null;
    this.draw();
  }

  /** Leave off; what was drawn is gone. */
  leave() {
    this.drawing = null;
    this.mend.sketch.put("line", null);
    this.mend.sketch.joint(null);
    this.mend.sketch.fault(null);
  }

  /** Where a place is drawn to, and to what. */
  drawn(at, isFree = false) {
    const { kind } = this.drawing.tool;
    const hit = isFree ? null : this.mend.snap(at, SNAPS[kind], null, kind === "gate" ? GATE_M : 0);
    return { at: hit?.at ?? lattice(at), hit };
  }

  hover(latlng, event) {
    this.cursor = null;
    this.show(place(latlng), event?.altKey);
  }

  /** Show where the next corner would be. */
  show(at, isFree = false) {
    const { at: next, hit } = this.drawn(at, isFree);
    this.next = next;
    this.mend.sketch.joint(hit, hit ? this.jointText(hit) : "");
    this.draw(next);
  }

  jointText({ thing, isCorner }) {
    const name = nameOfThing(thing);
    const joins = this.drawing.tool.kind === "way" || this.drawing.tool.kind === "gate";
    return t(joins ? "edit.joins" : isCorner ? "edit.at_corner" : "edit.at_line", { name });
  }

  press(latlng, event) {
    const { at, hit } = this.drawn(place(latlng), event?.altKey);
    if (this.isClosing(latlng)) return this.end();
    return this.add(at, hit);
  }

  add(at, hit) {
    const { drawing, mend } = this;
    if (drawing.tool.kind === "gate" && !hit) return this.refuse(at, "edit.fault.off_way");
    if (!drawing.add(at, hit && nameOfThing(hit.thing))) return;
    if (drawing.shape === "point") return this.end();
    mend.work.keepDrawing(drawing);
    this.draw();
  }

  /** A press on the first corner closes a ring. */
  isClosing(latlng) {
    const { shape, points } = this.drawing;
    return shape === "polygon" && points.length >= 3 && this.pixels(points[0], place(latlng)) < 2 * SAME_PX;
  }

  pixels(a, b) {
    return apart(a, b) / this.mend.metresPerPixel;
  }

  /** The second press of a double one has made a corner of its own. */
  pressTwice() {
    const { points } = this.drawing;
    if (points.length > 1 && this.pixels(points.at(-1), points.at(-2)) < SAME_PX) this.drawing.back();
    this.end();
  }

  /** Done: the form opens. Too few corners, or a ring that crosses itself, are told. */
  end() {
    const { drawing, mend } = this;
    const fault = drawing.isEnough ? drawing.fault() : { key: "edit.fault.few", at: drawing.points.at(-1) ?? null };
    if (fault) return this.refuse(fault.at, fault.key);
    this.leave();
    return mend.drawn(drawing);
  }

  /** Say what is wrong, at its place and in the line of the work. */
  refuse(at, key) {
    this.mend.sketch.fault(at, t(key));
    this.mend.line.tell(t(key), true, this.drawing.shape !== "point");
  }

  back() {
    if (!this.drawing.back()) return false;
    this.mend.work.keepDrawing(this.drawing);
    this.mend.sketch.fault(null);
    this.draw();
    return true;
  }

  /** Keys while drawing; tells whether it took one. */
  key(event) {
    const step = stepOf(event);
    if (step) this.step(step);
    else if (event.key === " ") this.put();
    else if (event.key === "Enter") this.enter();
    else if (event.key === "Backspace" || event.key === "Delete") this.back();
    else return false;
    return true;
  }

  /** Arrows move a cursor from the last corner, or from the middle of the map. */
  step([east, north]) {
    const from = this.cursor ?? this.drawing.points.at(-1) ?? this.mend.middle();
    this.cursor = moved(from, east, north);
    this.mend.reveal(this.cursor);
    this.show(this.cursor);
  }

  put() {
    const { at, hit } = this.drawn(this.cursor ?? this.mend.middle());
    this.cursor = at;
    this.add(at, hit);
  }

  enter() {
    if (this.drawing.shape === "point") this.put();
    else this.end();
  }

  draw(next = null) {
    const { drawing, mend } = this;
    const fault = drawing.fault(next);
    mend.sketch.line(drawing.points, drawing.shape, { next, isFault: Boolean(fault) });
    mend.sketch.fault(fault?.at ?? null, fault ? t(fault.key) : "");
    if (next && !drawing.points.length) mend.sketch.put("line", null);
    mend.line.tell(fault ? t(fault.key) : this.text(), Boolean(fault), drawing.shape !== "point");
  }

  /** What to do next, or what is drawn so far. */
  text() {
    const { tool, points, joins } = this.drawing;
    if (!points.length) return t(`edit.hint.${tool.name}`);
    const parts = [t("edit.corners", { n: points.length })];
    if (points.length > 1) parts.unshift(t("edit.metres", { n: count(Math.round(length(points))) }));
    const joined = [...new Set(joins.filter(Boolean))];
    if (joined.length && KINDS[tool.kind].shape === "line") parts.push(t("edit.joins", { name: joined.join(t("hours.comma")) }));
    return parts.join(t("dot"));
  }
}
