/** What is in the hand: taken up, changed, saved, put aside; nothing that was drawn is lost. */

import { toast } from "../tell.js";
import { t } from "../words.js";
import { Form } from "./form.js";
import { Hand } from "./hand.js";
import { Kept } from "./kept.js";
import { TOOLS } from "./kinds.js";
import { Subject } from "./subject.js";

export class Work {
  /** @param mend the mode: its tools, sketch, deeds, and what is on the map */
  constructor(mend) {
    Object.assign(this, { mend, subject: null, form: null });
    this.kept = new Kept(`${mend.model.district.code}.${mend.model.page.account.name}`);
    this.left = this.kept.get();
    this.hand = new Hand(this);
  }

  /** Have something in the hand; what was there before and not saved can be had back. */
  take(subject) {
    this.letGo();
    this.subject = subject;
    this.mend.place.classList.remove("torn");
    this.hand.draw(subject);
    document.body.classList.add("one");
    this.form = new Form(this.mend.place, subject, this);
    this.mend.place.querySelector("h1")?.focus({ preventScroll: true });
  }

  /** Nothing is in the hand any more; what is not saved is put aside, unless it is done with. */
  letGo(isDone = false) {
    const { subject } = this;
    if (!subject) return;
    this.subject = this.form = null;
    if (subject.isChanged && subject.may && !isDone) {
      this.left = subject.kept();
      toast(t("edit.put_aside"), { label: t("edit.take_up"), run: () => this.takeUp() });
    }
    this.kept.put(this.left);
    this.hand.draw(null);
    document.body.classList.remove("one");
    this.mend.drawHome();
  }

  /** It is done with: let go, and nothing stays chosen. */
  close() {
    this.letGo(true);
    document.getElementById("scroll").scrollTop = 0;
    if (this.mend.model.state.sel) this.mend.model.go({ sel: null });
  }

  /** What was put aside is in the hand again. */
  takeUp() {
    const { left, mend } = this;
    this.dropLeft();
    if (!left) return;
    mend.bound.flyTo(left.points[0]);
    if (left.isDrawing) return mend.use(mend.tools.find((one) => one.name === left.tool) ?? TOOLS[0], left.points);
    mend.use(TOOLS[0]);
    this.take(Subject.again(left));
    if (left.id !== null) mend.model.go({ sel: { kind: left.kind, id: left.id } }, { replace: true });
    return undefined;
  }

  dropLeft() {
    this.left = null;
    this.kept.put(null);
    this.mend.drawHome();
  }

  keep() {
    if (this.subject?.isChanged) this.kept.put(this.subject.kept());
  }

  keepDrawing({ tool, points }) {
    this.kept.put(points.length ? { isDrawing: true, tool: tool.name, kind: tool.kind, points } : this.left);
  }

  /** A drawing that is left with Esc can be gone on with. */
  putAside({ tool, points }) {
    if (points.length) this.left = { isDrawing: true, tool: tool.name, kind: tool.kind, points };
    this.mend.drawHome();
  }

  /** A station or gate was dropped: what is on the map is changed at once. */
  async moved(points) {
    const { subject, form } = this;
    subject.reshape(points);
    form.shaped();
    if (subject.isNew) return this.hand.draw(subject);
    return form.run(async () => {
      const { version } = await this.mend.deeds.save(subject.onlyShape());
      subject.settle(version, points);
      if (this.subject !== subject) return;
      this.hand.draw(subject);
      this.hand.focus();
    });
  }

  /** Corners were moved, added or taken away; the corner of this number keeps the focus. */
  reshaped(points, focus) {
    this.subject.reshape(points);
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

  save() {
    return this.finish((subject) => this.mend.deeds.save(subject));
  }

  end() {
    return this.finish((subject) => this.mend.deeds.end(subject));
  }

  async finish(deed) {
    const { subject } = this;
    await deed(subject);
    if (this.subject === subject) this.close();
  }

  /** Somebody was faster: what was to be done is done on top of theirs. */
  keepMine(theirs) {
    this.subject.version = theirs.version;
    return this.form.run(this.form.deed);
  }

  takeTheirs(theirs) {
    if (!theirs) return this.close();
    this.letGo(true);
    return this.take(Subject.of(theirs));
  }

  /** What is in the hand was undone or done again elsewhere: it is taken as it is now. */
  async meet(rows) {
    const { subject, form } = this;
    const row = subject && !form.isBusy && rows.find(({ kind, id }) => kind === subject.kind && id === subject.id);
    if (!row || row.version === subject.version) return;
    const fresh = row.version === null ? null : await this.mend.things.one(row.kind, row.id).catch(() => null);
    if (this.subject !== subject) return;
    this.takeTheirs(fresh);
  }
}
