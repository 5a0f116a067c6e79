/** What was done to the chosen thing: who, when, before → after; the last of each can be undone. */

import { el, icon, render } from "../dom.js";
import { day, now } from "../format.js";
import { trouble } from "../tell.js";
import { t } from "../words.js";
import { dayOf, lastDay } from "./load.js";

let isOpen = true;

export function changes(place, model, deeds) {
  const those = model.changes ?? [];
  if (!model.facts.may_change) return render(place);
  const list = those.map((one, i) => line(one, isLast(those, i), model, deeds));
  const box = el("details.changes", { open: isOpen }, el("summary", { "data-key": "changes" }, el("h2", {}, t("assign.changes")),
    el("span.note", {}, those.length ? t("assign.changes_n", { n: those.length }) : t("assign.no_changes")), icon("down", 14)),
  el("ol", {}, list));
  box.addEventListener("toggle", () => { isOpen = box.open; });
  return render(place, box);
}

/** Whether no later change of the same assignment is in the list, which begins with the last. */
export function isLast(those, i) {
  return !those.slice(0, i).some((one) => one.id === those[i].id);
}

function line(one, last, model, deeds) {
  const told = el("div");
  const undo = async () => {
    try {
      await deeds.undo({ id: one.id, version: one.version });
    } catch (problem) {
      render(told, trouble(problem));
    }
  };
  return el("li.change", {},
    el("div.change-head", {}, el("b", {}, what(one)), last
      ? el("button.link", { type: "button", "data-key": `undo:${one.id}:${one.version}`, "aria-label": `${t("undo")} ${what(one)}`, on: { click: undo } }, t("undo")) : null),
    el("p.note", {}, `${one.who} · ${when(one.at, model)}`),
    el("p.note.states", {}, state(one.before, model), el("span", { "aria-label": t("assign.becomes") }, " → "), state(one.after, model)), told);
}

function what(one) {
  const { name, role } = one.after ?? one.before;
  return t(`assign.was_${one.operation}`, { who: name, role: t(`role.${role}`) });
}

function state(one, model) {
  if (!one) return t("assign.state_none");
  const today = now(model.district.zone).slice(0, 10);
  const from = day(dayOf(one.since), today, t);
  const text = one.until ? t("assign.period", { from, until: day(lastDay(one.until), today, t) }) : t("assign.period_open", { from });
  return one.note ? `${text}（${one.note}）` : text;
}

function when(at, model) {
  const today = now(model.district.zone).slice(0, 10);
  const date = at.slice(0, 10);
  const time = at.slice(11, 16);
  return date === today ? t("time.today", { time }) : t("time.on", { date: day(date, today, t), time });
}
