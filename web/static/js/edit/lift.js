/** A station or gate dragged straight from the map, without being chosen first. By mouse: a finger moves the map. */

import { pointSign } from "./hand.js";
import { SNAPS } from "./kinds.js";
import { lattice } from "./plane.js";
import { latLng, place } from "./sketch.js";
import { Subject } from "./subject.js";

const LIFT_PX = 4;

export class Lift {
  constructor(pointing) {
    Object.assign(this, { pointing, mend: pointing.mend, held: null, isDropped: false });
  }

  /** Take up what lies under the mouse, if it is of one place and not in the hand already. */
  down({ latlng, containerPoint, originalEvent }) {
    const { mend, pointing } = this;
    this.isDropped = false;
    if (mend.pen.isDrawing || pointing.touch || originalEvent.button !== 0) return;
    const [thing] = pointing.at(place(latlng));
    if (!["station", "gate"].includes(thing?.kind) || `${thing.kind}:${thing.id}` === mend.work.subject?.key) return;
    mend.map.dragging.disable();
    this.held = { thing, start: containerPoint, to: null };
    addEventListener("mouseup", () => this.up(), { once: true });
  }

  /** Follow the mouse; tells whether something is held. */
  move({ latlng, containerPoint }) {
    const { held, mend } = this;
    if (!held) return false;
    if (!held.to && containerPoint.distanceTo(held.start) < LIFT_PX) return true;
    const { thing } = held;
    const at = place(latlng);
    held.to = mend.snap(at, SNAPS[thing.kind])?.at ?? lattice(at);
    const icon = L.divIcon({ className: "grip-at", iconSize: [44, 44], html: pointSign(thing) });
    mend.sketch.put("lifted", L.marker(latLng(held.to), { icon, interactive: false, pane: "edit" }));
    mend.sketch.ghost(thing.lines[0][0], held.to);
    return true;
  }

  up() {
    const { held, mend } = this;
    this.held = null;
    mend.map.dragging.enable();
    mend.sketch.put("lifted", null);
    if (!held?.to) return;
    this.isDropped = true;
    const { kind, id } = held.thing;
    mend.work.take(Subject.of(held.thing));
    mend.model.go({ sel: { kind, id } });
    mend.work.moved([held.to]);
  }

  /** Put it back; tells whether something was held. */
  giveUp() {
    if (!this.held) return false;
    this.held = { ...this.held, to: null };
    this.mend.sketch.put("lifted", null);
    this.mend.sketch.ghost(null);
    return true;
  }
}
