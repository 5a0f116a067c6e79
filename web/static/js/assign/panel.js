/** The panel: the grids with those where somebody is missing first, or the chosen thing. */

import { el, render } from "../dom.js";
import { backButton, pathLine } from "../panel/head.js";
import { announce, empty, progress, trouble } from "../tell.js";
import { t } from "../words.js";
import { changes } from "./changes.js";
import { gridList } from "./grids.js";
import { askReason, people } from "./people.js";
import { serving } from "./serving.js";

/** Draw the panel and keep it as the model is. */
export function panel(model, deeds, hand) {
  const at = (name) => document.getElementById(name);
  const parts = { head: el("div"), serving: el("section"), people: el("section.suit"), changes: el("section") };
  at("thing").append(parts.head, parts.serving, parts.people, parts.changes);
  const draw = () => {
    const isList = !model.state.sel;
    notes(at("notes"), model);
    at("list").hidden = !isList;
    at("thing").hidden = isList || (!model.facts && !model.busy);
    if (isList) gridList(at("list"), model);
    else thing(parts, model, deeds, hand);
  };
  let shown = null;
  model.addEventListener("change", () => {
    draw();
    const code = model.facts?.target.code ?? null;
    if (code && code !== shown) announce(spoken(model));
    if (code !== shown) document.getElementById("scroll").scrollTop = 0;
    shown = code;
  });
  deeds.addEventListener("reason", ({ detail }) => {
    askReason(detail);
    draw();
    document.querySelector(".reason-field")?.focus();
  });
  draw();
}

function thing(parts, model, deeds, hand) {
  render(parts.head, head(model));
  if (!model.facts) {
    for (const name of ["serving", "people", "changes"]) render(parts[name]);
    return;
  }
  serving(parts.serving, model, deeds);
  people(parts.people, model, deeds, hand);
  changes(parts.changes, model, deeds);
}

function spoken(model) {
  const { target, holes } = model.facts;
  const missing = holes.map(({ role }) => t("assign.lacks", { role: t(`role.${role}`) })).join("，");
  return [target.name, missing || t("assign.full")].join("，");
}

function head(model) {
  const { facts } = model;
  const back = backButton(() => model.go({ sel: null }));
  if (!facts) return el("div.head", {}, el("div.head-line", {}, back, t("back")));
  const { target } = facts;
  const above = target.areas.map((one) => one.code).reverse().filter((code) => model.mayShow(code)).slice(-1);
  return el("div.head", {},
    el("div.head-line", {}, back, pathLine(model, above), above.length ? el("span.sep", { "aria-hidden": true }, "›") : null,
      t(`level.${target.level}`), el("span.code", {}, target.code)),
    el("h1", { tabindex: -1 }, target.name, chips(facts)),
    el("p.facts", {}, counts(target)));
}

function chips({ holes }) {
  return holes.map(({ role, days }) => el("span.chip.gap", {}, days
    ? t("assign.missing", { role: t(`role.${role}`), n: days }) : t("assign.lacks", { role: t(`role.${role}`) })));
}

function counts(target) {
  if (target.kind === "station") return t("level.station");
  const found = [t("facts.households", { n: target.households }), t("facts.people", { n: target.people })];
  if (target.kind === "area") found.push(t("facts.buildings", { n: target.buildings }), t("facts.compounds", { n: target.compounds }));
  return found.join(" · ");
}

function notes(place, model) {
  const { problem, busy, state } = model;
  const gone = problem?.status === 404 && state.sel;
  const home = { label: t("thing.back"), run: () => { model.problem = null; model.go({ sel: null }); } };
  const again = { label: t("again"), run: () => model.renew() };
  render(place,
    busy && !model.facts && progress(t("thing.loading"), busy.since),
    problem && trouble(gone ? { detail: t("thing.gone") } : problem, ...(gone ? [home] : [again])),
    !model.homes.length && empty(t("area.none")));
}

