/** The chooser of the post above the map: which one is shown, in how many grids, how many are missing. */

import { el, render } from "../dom.js";
import { t } from "../words.js";

export function roleChooser(stage, model) {
  const place = el("div.roles", { role: "radiogroup", "aria-label": t("assign.roles") });
  stage.append(place);
  const draw = () => render(place, ...model.roles.map((role) => button(model, role)), count(model));
  place.addEventListener("keydown", (event) => onKey(event, model, place));
  model.addEventListener("change", draw);
  draw();
}

function button(model, role) {
  const isChosen = role === model.state.role;
  return el("button.role", {
    type: "button", role: "radio", "aria-checked": isChosen, tabindex: isChosen ? 0 : -1, "data-key": `role:${role}`,
    on: { click: () => choose(model, role) },
  }, t(`role.${role}`));
}

/** Another post on the same grid; a building or a station is left where the post does not go with it. */
function choose(model, role) {
  const { sel } = model.state;
  const isGrid = !sel || sel.kind === "grid";
  model.go({ role, sel: isGrid ? sel : null });
}

function count(model) {
  if (!model.isFilled) return el("span.role-count", {}, "…");
  const n = model.grids.length;
  const { missing } = model;
  if (!n) return el("span.role-count", {}, t("assign.grids", { n }));
  return el("span.role-count", {}, t("assign.grids", { n }), el("span", { "aria-hidden": true }, " · "),
    missing ? el("b", {}, t(model.state.role === "building_head" ? "assign.missing_buildings" : "assign.missing_n", { n: missing }))
      : el("span.full", {}, t("assign.full")));
}

function onKey(event, model, place) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const { roles } = model;
  const next = roles[(roles.indexOf(model.state.role) + by + roles.length) % roles.length];
  choose(model, next);
  place.querySelector(`[data-key="role:${next}"]`)?.focus();
}
