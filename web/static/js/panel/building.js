/** A chosen building: how far to a station, the way there, what else is in reach, where it lies. */

import { el } from "../dom.js";
import { metres } from "../format.js";
import { t, has } from "../words.js";
import { backButton, facts, pathLine } from "./head.js";
import { stationRow } from "./stations.js";

/** The elements of a building; `follow(station)` draws the way to another station. */
export function building(model, one, followed, follow) {
  return [head(model, one), answer(model, one), others(model, one, followed, follow), where(model, one)];
}

function head(model, one) {
  const codes = one.areas.map((area) => area.code).reverse().filter((code) => model.mayShow(code)).slice(-2);
  return el("div.head", {},
    el("div.head-line", {}, backButton(() => model.go({ sel: null })), pathLine(model, codes), el("span.code", {}, one.code)),
    el("h1", { tabindex: -1 }, one.name || t("building.unnamed"), chip(model, one)),
    el("p.facts", {}, [
      kindName(one.kind), one.floors ? t("building.floors", { n: one.floors }) : null,
      t("facts.households", { n: one.households }), t("facts.people", { n: one.people }),
      one.estimated ? t("building.estimated") : null,
    ].filter(Boolean).join(t("dot"))));
}

function kindName(kind) {
  return has(`building.${kind}`) ? t(`building.${kind}`) : kind;
}

function chip(model, one) {
  if (one.unconnected) return el("span.chip.gap", {}, t("band.unconnected"));
  if (one.minutes === null || one.minutes === undefined) return el("span.chip.gap", {}, t("building.out_of_reach"));
  const isServed = one.minutes <= model.minutes;
  return el(`span.chip.${isServed ? "served" : "gap"}`, {}, t(isServed ? "building.served" : "building.not_served", { minutes: model.minutes }));
}

/** The station that is the answer: the nearest that counts, which at a time is one that is open. */
export function answerOf(model, one) {
  return one.stations.find((station) => !model.state.at || station.open) ?? null;
}

function answer(model, one) {
  const first = answerOf(model, one);
  if (one.unconnected) return el("p.reason", {}, t("building.unconnected"));
  if (!first) return el("p.reason", {}, t("building.none_in_reach"));
  return el("section", {}, el("h2", {}, t("building.nearest")),
    el("ul.rows.first", {}, el("li", {}, stationRow(first, model, { walk: walk(first, true) }))),
    el("p.note", {}, t("building.straight", { walked: metres(first.cost_cm), straight: metres(100 * one.straight_m) })));
}

function others(model, one, followed, follow) {
  const first = answerOf(model, one);
  const rest = one.stations.filter((station) => station !== first);
  if (!rest.length) return null;
  return el("section", {}, el("h2", {}, t("building.others"), el("span.note", {}, t("building.others_count", { n: rest.length }))),
    el("ul.rows", {}, rest.map((station) => el("li", {}, stationRow(station, model, {
      walk: walk(station), pick: () => follow(station), isChosen: followed === station.id,
    })))));
}

function walk(station, isLarge = false) {
  return el(isLarge ? "span.walk.large" : "span.walk", {},
    el("b", {}, station.minutes), el("small", {}, t("minutes_short")),
    el("span.note", {}, t("walked", { metres: metres(station.cost_cm) })));
}

function where(model, one) {
  const lines = one.areas.map((area) => [t(`level.${area.level}`), place(model, area)]);
  return el("section", {}, el("h2", {}, t("building.where")),
    facts([[t("building.compound"), one.compound?.name], ...lines, [t("building.code"), one.code]]));
}

function place(model, area) {
  if (!model.mayShow(area.code)) return area.name;
  return el("button.link", { type: "button", on: { click: () => model.go({ area: area.code, sel: null }) } }, area.name);
}

