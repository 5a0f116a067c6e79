/** What is done to the map: each deed tells what it changed, and can be undone and done again. */

import { send } from "../api.js";
import { announce, toast } from "../tell.js";
import { has, t } from "../words.js";
import { KINDS } from "./kinds.js";
import { Stack } from "./stack.js";

/** Dispatches `done` with {text, effect, rows} once the answer is there. */
export class Deeds extends EventTarget {
  constructor(model, renew) {
    super();
    Object.assign(this, { model, renew, stack: new Stack(), busy: false });
  }

  path(kind, id = null) {
    return `/api/${this.model.district.code}/${KINDS[kind].path}${id === null ? "" : `/${id}`}`;
  }

  /** Make or change something. Throws what went wrong. Returns {id, version, effect}. */
  async save(subject) {
    const { kind, id, version } = subject;
    const verb = subject.isNew ? "made" : subject.isMoved ? "moved" : "changed";
    const answers = [await send(subject.isNew ? "POST" : "PATCH", this.path(kind, id), subject.body())];
    const rows = [{ kind, id: answers[0].id, version: answers[0].version, before: version }];
    if (kind === "compound" && subject.isNew && subject.values.wall) {
      const ring = [...subject.points, subject.points[0]];
      const wall = await send("POST", this.path("barrier"), { line: ring, kind: "wall" });
      answers.push(wall);
      rows.push({ kind: "barrier", id: wall.id, version: wall.version, before: null });
    }
    this.done(said(verb, subject), rows, together(answers));
    return answers[0];
  }

  /** End something: it stays in the past. */
  async end(subject) {
    const { kind, id, version } = subject;
    const answer = await send("DELETE", `${this.path(kind, id)}?version=${version}`);
    this.done(said("ended", subject), [{ kind, id, version: answer.version, before: version }], answer.effect);
  }

  /** Undo the last deed; tells whether there was one. */
  undo() {
    return this.again(this.stack.last, "undone");
  }

  redo() {
    return this.again(this.stack.next, "redone");
  }

  /** Undo a change of the list: it is a new deed. */
  async undoEdit({ kind, id, version }, what) {
    const [row, effect] = await this.back({ kind, id, version, before: version });
    this.done(t("edit.undone", { what }), [row], effect);
  }

  again(deed, way) {
    if (!deed || this.busy) return false;
    this.busy = true;
    this.run(deed, way).finally(() => { this.busy = false; });
    return true;
  }

  async run(deed, way) {
    try {
      const rows = [];
      const effects = [];
      for (const one of [...deed.rows].reverse()) {
        const [row, effect] = await this.back(one);
        rows.push(row);
        effects.push({ effect });
      }
      const now = { ...deed, rows };
      this.stack[way](now);
      this.tell(t(`edit.${way}`, { what: deed.what }), together(effects), now);
    } catch (problem) {
      if (problem.status === 409 || problem.status === 404) this.stack.forget(deed);
      toast(problem.status === 0 ? t("trouble.offline") : problem.detail || t("trouble.ours"));
    }
  }

  /** Bring back what a row was; undone twice it is as before. */
  async back({ kind, id, version, before }) {
    const asked = version ?? before;
    const answer = await send("POST", `${this.path(kind, id)}/undo`, { version: asked });
    return [{ kind, id, version: answer.version, before: asked }, answer.effect];
  }

  done(text, rows, effect) {
    const deed = { rows, what: text };
    this.stack.push(deed);
    this.tell(text, effect, deed);
  }

  tell(text, effect, deed) {
    const { rows } = deed;
    const sentence = t("edit.effect", { text, effect: effectText(effect) });
    this.renew(rows.map(({ kind }) => kind), effect);
    const isLast = this.stack.last === deed;
    toast(sentence, { label: t(isLast ? "undo" : "edit.redo"), run: () => (isLast ? this.undo() : this.redo()) });
    announce(sentence);
    this.dispatchEvent(new CustomEvent("done", { detail: { text, effect, rows } }));
  }
}

function said(verb, subject) {
  return t(`edit.did.${verb}`, { what: nameOfThing(subject) });
}

/** The name of a thing, or what it is. */
export function nameOf(kind, name, values = {}) {
  if (name) return name;
  if (kind === "way" && values.bridge) return t("edit.tool.bridge");
  const known = { way: `edit.highway.${values.highway}`, barrier: `edit.barrier.${values.kind}` }[kind];
  return t(known && has(known) ? known : `edit.kind_${kind}`);
}

export function nameOfThing({ kind, values }) {
  return nameOf(kind, values.name, values);
}

/** What an edit did to the households in reach: +312 户，−45 户. */
export function effectText({ gained, lost }) {
  if (!gained && !lost) return t("edit.effect_none");
  const parts = [gained ? t("edit.gained", { n: gained }) : null, lost ? t("edit.lost", { n: lost }) : null];
  return parts.filter(Boolean).join(t("edit.comma"));
}

/** The effect of several changes, one after the other. */
export function together(answers) {
  const effects = answers.map((one) => one.effect);
  const sum = (name) => effects.reduce((all, one) => all + one[name], 0);
  return {
    ...effects.at(-1), before: effects[0].before, gained: sum("gained"), lost: sum("lost"),
    crossed: effects.flatMap((one) => one.crossed ?? []),
  };
}
