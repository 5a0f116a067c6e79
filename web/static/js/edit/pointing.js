/** Mouse, finger and keys on the map while it is mended. */

import { TOOLS } from "./kinds.js";
import { Lift } from "./lift.js";
import { place } from "./sketch.js";

const MOUSE_PX = 10;
const TOUCH_PX = 22;

export class Pointing {
  constructor(mend) {
    Object.assign(this, { mend, touch: false, frame: 0 });
    this.lift = new Lift(this);
    this.on = {
      click: (event) => this.press(event), dblclick: (event) => this.pressTwice(event),
      mousedown: (event) => this.lift.down(event),
      mousemove: (event) => this.lift.move(event) || this.hover(event), moveend: () => this.mend.look(),
    };
    this.key = (event) => this.keyed(event);
    this.down = (event) => { this.touch = event.pointerType === "touch"; };
  }

  /** Pixels within which something is meant. */
  get reach() {
    return this.touch ? TOUCH_PX : MOUSE_PX;
  }

  begin() {
    const { map } = this.mend;
    map.on(this.on);
    map.doubleClickZoom.disable();
    map.keyboard?.disable();
    map.getContainer().addEventListener("pointerdown", this.down, true);
    addEventListener("keydown", this.key, true);
  }

  end() {
    const { map } = this.mend;
    map.off(this.on);
    map.doubleClickZoom.enable();
    map.keyboard?.enable();
    map.getContainer().removeEventListener("pointerdown", this.down, true);
    removeEventListener("keydown", this.key, true);
  }

  press({ latlng, originalEvent }) {
    const { mend } = this;
    if (this.lift.isDropped) return undefined;
    if (mend.pen.isDrawing) return mend.pen.press(latlng, originalEvent);
    return this.choose(place(latlng));
  }

  pressTwice({ latlng }) {
    const { pen, map } = this.mend;
    if (pen.isDrawing) pen.pressTwice();
    else map.setZoomAround(latlng, map.getZoom() + 1);
  }

  /** What lies there; pressed again, what lies below it. */
  choose(at) {
    const { mend } = this;
    const those = this.at(at);
    if (!those.length) return mend.model.state.sel ? mend.model.go({ sel: null }) : mend.work.letGo();
    const current = those.findIndex((one) => `${one.kind}:${one.id}` === mend.work.subject?.key);
    const { kind, id } = those[(current + 1) % those.length];
    mend.model.go({ sel: { kind, id } });
    return mend.rise();
  }

  at(at) {
    const { mend } = this;
    if (!mend.isNear) return [];
    const paths = mend.tools.map((tool) => tool.kind);
    return mend.things.at(at, (this.reach / 2) * mend.metresPerPixel).filter((one) => one.may && paths.includes(one.kind));
  }

  hover({ latlng, originalEvent }) {
    const { mend } = this;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (mend.pen.isDrawing) return mend.pen.hover(latlng, originalEvent);
      const [first] = this.touch ? [] : this.at(place(latlng));
      mend.map.getContainer().classList.toggle("over", Boolean(first));
      return mend.sketch.outline("hover", first && `${first.kind}:${first.id}` !== mend.work.subject?.key ? first.geometry : null, "hover");
    });
  }

  /** Drawing has the keys that are not for a field or a button; letters choose tools. */
  keyed(event) {
    const { mend } = this;
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && ["z", "y"].includes(event.key.toLowerCase());
    if (event.target.closest?.("input, textarea, select, dialog")) return;
    if (isUndo) return this.undo(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTaken = event.target.closest?.("button, a, summary, .grip-at, [role=slider]") && ["Enter", " "].includes(event.key);
    if (!mend.pen.isDrawing || isTaken || !mend.pen.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  undo(event) {
    const { mend } = this;
    const isRedo = event.shiftKey || event.key.toLowerCase() === "y";
    const took = mend.pen.isDrawing ? mend.pen.back() : isRedo ? mend.deeds.redo() : mend.work.stepBack() || mend.deeds.undo();
    if (took) event.preventDefault();
  }

  /** A letter: the tool of that key. */
  tool(key) {
    const { mend } = this;
    const found = mend.tools.find((one) => one.key === key.toUpperCase()) ?? null;
    if (!found) return false;
    mend.use(found === mend.tool && found.kind ? TOOLS[0] : found);
    return true;
  }
}
