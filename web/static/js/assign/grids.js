/** The grids of what is shown: where somebody is missing first, the longest empty at the top. */

import { bring } from "../bring.js";
import { el, render } from "../dom.js";
import { count } from "../format.js";
import { empty } from "../tell.js";
import { t } from "../words.js";
import { days, surname } from "./load.js";

export function gridList(place, model) {
  if (!model.isFilled) return render(place);
  const role = t(`role.${model.state.role}`);
  const holes = model.grids.filter((one) => one.missing).sort(emptiest);
  const held = model.grids.filter((one) => !one.missing);
  const isBare = !model.filled.grids.length;
  if (!model.grids.length) return render(place, empty(t(isBare ? "assign.no_grid_yet" : "assign.no_grids"), isBare ? bring(model, "areas") : null));
  return render(place,
    el("section.section.list", {},
      el("div.section-head", {}, el("h2", {}, t("assign.holes", { role })),
        el("span.note", {}, holes.length ? t("assign.holes_n", { n: holes.length }) : t("assign.none_missing"))),
      el("ul.rows", {}, holes.map((one) => el("li", {}, holeRow(model, one))))),
    el("section.section.list", {},
      el("div.section-head", {}, el("h2", {}, t("assign.held")), el("span.note", {}, t("assign.held_n", { n: held.length }))),
      el("ul.rows", {}, held.map((one) => el("li", {}, heldRow(model, one))))));
}

/** By how long nobody has served, then by how many are missing. */
function emptiest(a, b) {
  return (b.days ?? -1) - (a.days ?? -1) || b.missing - a.missing || (a.code < b.code ? -1 : 1);
}

function row(model, one, disc, note, end) {
  return el("button.row", {
    type: "button", "data-key": `grid:${one.code}`, on: { click: () => model.go({ sel: { kind: "grid", key: one.code } }) },
  }, disc, el("span.row-text", {}, el("b", {}, one.name), el("span.note", {}, note)), end);
}

function holeRow(model, one) {
  const n = days(one.days);
  const isMany = model.state.role === "building_head";
  const gap = isMany ? t("assign.missing_buildings", { n: one.missing }) : n ? t("assign.empty_days", { n }) : t("assign.empty_now");
  return row(model, one, el("span.disc.hole", { "aria-hidden": true }, "?"), t("facts.households", { n: one.households }),
    el("span.gap-text", {}, gap));
}

function heldRow(model, one) {
  const many = one.held > 1 || model.state.role === "building_head";
  const name = many ? t("assign.held_by_n", { n: one.held }) : one.holder ?? "";
  const sign = many ? count(one.held) : surname(one.holder ?? "");
  return row(model, one, el("span.disc", { "aria-hidden": true }, sign), name,
    el("span.note", {}, t("facts.households", { n: one.households })));
}
