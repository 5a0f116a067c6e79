/** What is done: appoint, replace, change, end, undo. Each tells of itself and can be undone. */

import { toast } from "../tell.js";
import { t } from "../words.js";

/** The posts of one holder. */
export const ALONE = ["grid_member", "building_head"];

/** Who holds a post of one holder at the chosen thing, and would end; null: nobody. */
export function holder(model) {
  const found = ALONE.includes(model.sought) && model.facts?.serving.find((one) => one.role === model.sought);
  return found ? { id: found.id, version: found.version, name: found.who.name } : null;
}

export class Deeds extends EventTarget {
  constructor(model) {
    super();
    this.model = model;
    this.last = null;
  }

  /** Have somebody serve; who held the post of one holder ends. Throws what went wrong. */
  async appoint(sel, who, place, { note = "", replaces = null } = {}) {
    const role = t(`role.${this.model.sought}`);
    const made = await this.model.assign(sel, who, { ...(note ? { note } : {}), ...(replaces ? { replaces: { id: replaces.id, version: replaces.version } } : {}) });
    const text = replaces ? t("assign.replaced", { who: who.name, before: replaces.name, place, role })
      : t("assign.done", { who: who.name, place, role });
    await this.done(text, made.ended ? [made, made.ended] : [made]);
  }

  /** Appoint by hand: too much asks for a reason in the panel, a holder of the post is replaced. */
  async place(sel, who) {
    const { model } = this;
    const found = (model.people ?? []).find((one) => one.id === who.id && one.kind === who.kind) ?? who;
    if (found.over) return this.dispatchEvent(new CustomEvent("reason", { detail: found }));
    return this.appoint(sel, found, model.facts.target.name, { replaces: holder(model) });
  }

  async end(one) {
    const ended = await this.model.end(one);
    await this.done(t("assign.ended", { who: one.who.name, role: t(`role.${one.role}`) }), [ended], one.version);
  }

  async amend(one, values) {
    const changed = await this.model.amend(one.id, { version: one.version, ...values });
    await this.done(t("assign.changed", { who: one.who.name }), [changed]);
  }

  /** Undo the last change of one assignment, from the history. */
  async undo(change) {
    const done = await this.model.undo(change);
    await this.done(t("assign.undone"), [done], change.version);
  }

  /** Undo what the toast speaks of, in the other order. A row that is gone is known by its last version. */
  async undoAll(those) {
    try {
      for (const one of those) await this.model.undo(one);
      toast(t("assign.undone"));
    } catch (problem) {
      toast(problem.detail || t("trouble.ours"));
    }
    await this.model.renew();
  }

  undoLast() {
    const { last } = this;
    this.last = null;
    last?.();
    return Boolean(last);
  }

  async done(text, those, before = null) {
    const rows = those.map(({ id, version }) => ({ id, version: version ?? before }));
    const run = () => { this.last = null; this.undoAll(rows); };
    this.last = run;
    toast(text, { label: t("undo"), run });
    await this.model.renew();
  }
}
