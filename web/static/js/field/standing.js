/** Where one stands: the grids, and who answers for each. */

import { el } from "../dom.js";
import { t } from "../words.js";

const POOR_M = 200; // a circle this wide says little

export function standing({ grids, area }, place) {
  const rows = grids.length ? grids.map(gridRow) : [el("p", {}, area ? t("field.no_grid", { area: area.name }) : t("field.beyond"))];
  return el("section.standing", {}, el("h2", {}, heading(grids, place)), rows);
}

/** 您在（误差 ±29 米，靠近边界）; of another place 那里是. */
export function heading(grids, { kind, accuracy }) {
  if (kind !== "phone") return t("field.there");
  const m = accuracy;
  if (m > POOR_M) return t("field.you_are_about", { m });
  return t(grids.length > 1 ? "field.near_edge" : "field.you_are", { m });
}

function gridRow(grid) {
  return el("p.grid", {}, el("b", {}, grid.name), " ", who(grid));
}

/** Who answers; of an empty post who stands in: the community. */
function who({ mine, who: one, community }) {
  if (!mine) return el("span.note", {}, t("field.not_yours"));
  if (!one) return el("span.gap", {}, t("field.nobody", { community: community ?? "" }));
  const role = t(`role.${one.role}`);
  if (one.stands_in) return el("span.gap", {}, t("field.stands_in", { role, name: one.name }));
  return el("span", {}, t("field.holder", { role, name: one.name }));
}
