/** What was brought in before: who, when, what; each can be taken back as a whole. */

import { el } from "../dom.js";
import { count, moment, now } from "../format.js";
import { empty, trouble } from "../tell.js";
import { has, t } from "../words.js";
import { files, takeBack } from "./done.js";
import { said } from "./values.js";

const SHOWN = 12;

export function past(model) {
  const { imports, facts } = model;
  if (!facts.kinds.length || !imports) return null;
  const those = model.isLong ? imports : imports.slice(0, SHOWN);
  return el("section.section.past", {}, el("h2", {}, t("imports.past")),
    imports.length ? el("ul", {}, those.map((one) => row(model, one))) : empty(t("imports.none")),
    imports.length > those.length ? el("button.link", { type: "button", on: { click: () => model.show({ isLong: true }) } }, t("imports.all", { n: imports.length })) : null);
}

function row(model, one) {
  const at = moment(now(model.district.zone, new Date(one.at)), now(model.district.zone), t);
  const problem = model.failedId === one.id && model.view === "start" ? model.problem : null;
  return el("li.import", { "data-id": one.id },
    el("div.grow", {}, el("b", {}, one.file), " ", el("span.chip", {}, t(`imports.kind_${one.kind}`)), one.undone ? el("span.chip", {}, t("imports.was_undone")) : null,
      el("p.note", {}, [at, one.who ?? t("imports.by_command"), has(`imports.datum_${one.datum}`) && one.kind !== "members" ? t(`imports.datum_${one.datum}`) : null].filter(Boolean).join(" · ")),
      el("p.note", {}, t("imports.counts", { new: count(one.added), changed: count(one.changed), unchanged: count(one.unchanged), refused: count(one.refused) }),
        one.refused ? [" ", ...files(`${model.path}/imports/${one.id}/refused`)] : null),
      problem ? trouble({ status: problem.status, detail: said(problem, t, has) }) : null),
    one.undone ? null : el("button.button", { type: "button", "data-key": `undo:${one.id}`, disabled: model.busy !== null, "aria-label": t("imports.undo_of", { file: one.file }), on: { click: () => takeBack(model, one.id) } }, t("undo")));
}
