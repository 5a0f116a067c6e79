/** The form of the chosen thing: its fields, saving, ending; what went wrong beside it. */

import { el, icon, render } from "../dom.js";
import { count } from "../format.js";
import { trouble } from "../tell.js";
import { t } from "../words.js";
import { conflict } from "./conflict.js";
import { nameOf } from "./deeds.js";
import { control } from "./field.js";
import { KINDS } from "./kinds.js";
import { fault as faultOf } from "./outline.js";
import { area, length } from "./plane.js";

/** Draw the form of a subject into a place; it can be told of another shape by `shaped()`. */
export class Form {
  constructor(place, subject, work) {
    Object.assign(this, { place, subject, work, mend: work.mend, faults: {} });
    this.told = el("div", { "aria-live": "polite" });
    this.size = el("p.facts");
    this.save = el("button.button.dark", { type: "submit", "data-key": "edit:save" }, t("edit.save"));
    render(place, this.head(), subject.may ? this.form() : el("p.reason", {}, t("edit.not_yours")));
    this.shaped();
  }

  head() {
    const { subject, mend } = this;
    const back = el("button.back", { type: "button", "data-key": "edit:back", "aria-label": t("back"), title: `${t("back")} Esc`, on: { click: () => mend.back() } }, icon("back"));
    return el("div.head", {}, el("div.head-line", {}, back, el("span", {}, t(subject.isNew ? "edit.new" : "edit.existing", { kind: t(`edit.kind_${subject.kind}`) }))),
      el("h1", { tabindex: -1 }, nameOf(subject.kind, subject.was.values.name, subject.was.values), subject.isNew ? el("span.chip.gap", {}, t("edit.unsaved")) : null), this.size);
  }

  form() {
    const { subject, mend, work } = this;
    const fields = KINDS[subject.kind].fields.filter((field) => subject.isNew || !field.isNew);
    const form = el("form.edit-form", { novalidate: true, "aria-label": t(`edit.kind_${subject.kind}`) },
      fields.map((field) => this.row(field)), this.told,
      el("div.form-foot", {}, this.save,
        subject.isNew ? el("button.button", { type: "button", on: { click: () => mend.giveUp() } }, t("edit.give_up"))
          : el("button.button.danger", { type: "button", "data-key": "edit:end", on: { click: () => this.run(() => work.end()) } }, t(KINDS[subject.kind].ends))));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    return form;
  }

  row(field) {
    const { subject } = this;
    const told = el("p.field-fault", { role: "alert", hidden: true });
    return el("div", { "data-field": field.name }, control(field, subject.values[field.name], this.mend.known, (value, fault) => {
      subject.values[field.name] = value;
      this.faults[field.name] = fault;
      render(told, fault ? icon("warn", 14) : null, fault ?? "");
      told.hidden = !fault || field.type === "hours";
      this.changed();
    }), told);
  }

  /** The shape has changed. */
  shaped() {
    const { subject } = this;
    this.size.textContent = sizeOf(subject);
    const fault = subject.points && faultOf(subject.shape, subject.points);
    this.faults.shape = fault ? t(fault.key) : null;
    this.mend.sketch.fault(fault?.at ?? null, fault ? t(fault.key) : "");
    this.changed();
  }

  changed() {
    const { subject } = this;
    this.save.disabled = !subject.isChanged || this.isBusy;
    this.work.keep();
  }

  submit() {
    const needed = KINDS[this.subject.kind].fields.find((field) => field.isNeeded && !String(this.subject.values[field.name] ?? "").trim());
    if (needed) this.faults[needed.name] = t("edit.needed");
    const [name, fault] = Object.entries(this.faults).find(([, text]) => text) ?? [];
    if (fault) {
      render(this.told, trouble({ detail: name === "shape" ? fault : t("edit.mend_first", { fault }) }));
      return this.place.querySelector(`[data-field="${name}"] input`)?.focus();
    }
    return this.run(() => this.work.save());
  }

  /** Do it; what went wrong is told here, and marked on the map where it has a place. */
  async run(deed) {
    if (this.isBusy) return;
    Object.assign(this, { isBusy: true, deed });
    this.changed();
    this.place.classList.remove("torn");
    render(this.told);
    try {
      await deed();
    } catch (problem) {
      await this.fail(problem).catch((other) => render(this.told, trouble(other)));
    } finally {
      this.isBusy = false;
      this.changed();
    }
  }

  async fail(problem) {
    const { deed } = this;
    const { lon, lat } = problem.values ?? {};
    if (lon !== undefined) this.mend.sketch.fault([lon, lat], problem.title);
    if (problem.key === "changed_meanwhile") {
      this.place.classList.add("torn");
      return conflict(this.told, problem, this.work);
    }
    return render(this.told, trouble(problem, ...(problem.status === 0 || problem.status >= 500 ? [{ label: t("again"), run: () => this.run(deed) }] : [])));
  }
}

/** What a shape measures: 4 个角 · 1,021 平方米; 86 米. */
function sizeOf({ shape, points }) {
  if (!points) return t("edit.many_parts");
  if (shape === "point") return t("edit.drag_it");
  const corners = t("edit.corners", { n: points.length });
  if (shape === "line") return `${t("edit.metres", { n: count(Math.round(length(points))) })}${t("dot")}${corners}`;
  return `${t("station.square_metres", { n: Math.round(area(points)) })}${t("dot")}${corners}`;
}
