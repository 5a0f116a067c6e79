/** The chosen thing on the map: its outline, its corners, the thing itself where it is one place. */

import { el } from "../dom.js";
import { stationSign } from "../panel/signs.js";
import { t } from "../words.js";
import { grip, handles } from "./corners.js";
import { told } from "./drawing.js";
import { nameOfThing } from "./deeds.js";
import { SNAPS } from "./kinds.js";
import { fault } from "./outline.js";

const TYPES = { point: "Point", line: "LineString", polygon: "Polygon" };

export class Hand {
  /** @param work tells of what is moved */
  constructor(work) {
    this.work = work;
    this.mend = work.mend;
  }

  /** Draw the subject; the corner of this number gets the focus. */
  draw(subject, focus = null) {
    const { sketch } = this.mend;
    for (const name of ["chosen", "line", "grip", "ghost", "joint", "fault"]) sketch.put(name, null);
    if (!subject) return;
    if (!subject.points || !subject.may) return sketch.outline("chosen", subject.geometry, "chosen");
    if (subject.shape === "point") return this.point(subject);
    sketch.outline("chosen", geometryOf(subject), "chosen");
    return this.corners(subject, focus);
  }

  /** A station or gate: dragged, it is where it is dropped. */
  point(subject) {
    const { mend } = this;
    const [at] = subject.points;
    const label = t("edit.grip", { name: nameOfThing(subject) });
    const moving = (to) => {
      const hit = mend.snap(to, SNAPS[subject.kind], `${subject.kind}:${subject.id}`);
      mend.sketch.joint(hit, hit ? t("edit.joins", { name: nameOfThing(hit.thing) }) : "");
      mend.sketch.ghost(subject.isNew ? null : at, hit?.at ?? to);
      return hit?.at ?? to;
    };
    const dropped = (to) => { mend.sketch.joint(null); this.work.moved([to]); };
    const givenUp = () => { mend.sketch.joint(null); mend.sketch.ghost(null); };
    this.held = mend.sketch.put("grip", grip(at, pointSign(subject), label, { moving, dropped, givenUp }));
  }

  corners(subject, focus) {
    const { mend } = this;
    const isRing = subject.shape === "polygon";
    const moving = (points, i) => {
      const hit = mend.snap(points[i], SNAPS[subject.kind], subject.key);
      const next = points.map((one, k) => (k === i && hit ? hit.at : one));
      mend.sketch.joint(hit, hit ? nameOfThing(hit.thing) : "");
      const wrong = fault(subject.shape, next);
      mend.sketch.line(next, subject.shape, { isFault: Boolean(wrong), ends: false });
      mend.sketch.fault(wrong?.at ?? null, wrong ? t(wrong.key) : "");
      return next[i];
    };
    const change = (points, i) => { mend.sketch.joint(null); this.work.reshaped(points, i); };
    const group = mend.sketch.put("grip", handles(subject.points, isRing, mend.map.getBounds(), { moving, change }));
    if (focus !== null) group.getLayers().findLast((one) => one.options.keyboard && one.number === focus)?.getElement()?.focus({ preventScroll: true });
  }

  focus() {
    this.held?.getElement()?.focus({ preventScroll: true });
  }
}

/** The GeoJSON of a subject's corners. */
export function geometryOf({ shape, points }) {
  return { type: TYPES[shape], coordinates: told(shape, points) };
}

/** A station by its sign, a gate by its ring. */
export function pointSign(subject) {
  const sign = subject.kind === "station" ? stationSign(subject.values.kind, subject.values.state, 30) : el("i.gate-sign");
  return el("span.grip", {}, sign);
}
