/** A chosen building: how far to a station, the way there, what else is in reach, where it lies. */

import { el, icon } from "../dom.js";
import { metres } from "../format.js";
import { t, has } from "../words.js";
import { backButton, factLine, facts, pathLine } from "./head.js";
import { openText, stationRow } from "./stations.js";

/** The elements of a building; `follow(station)` draws the way to another station. */
export function building(model, one, followed, follow) {
  return [head(model, one), answer(model, one), ...others(model, one, followed, follow), where(model, one)];
}

function head(model, one) {
  const codes = one.areas.map((area) => area.code).reverse().filter((code) => model.mayShow(code)).slice(-2);
  return el("div.head", {},
    el("div.head-line", {}, backButton(() => model.go({ sel: null })), pathLine(model, codes), el("span.code", {}, one.code)),
    el("h1", { tabindex: -1 }, one.name || t("building.unnamed"), chip(model, one)),
    factLine([
      kindName(one.kind), one.floors ? t("building.floors", { n: one.floors }) : null,
      t("facts.households", { n: one.households }), t("facts.people", { n: one.people }),
      one.estimated ? t("building.estimated") : null,
    ]));
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
    el("p.note", {}, t("building.straight", { walked: metres(first.cost_cm), straight: metres(100 * one.straight_m) })),
    nearer(model, one, first));
}

/** The other stations in reach: those that count, and behind one line those that are shut. */
function others(model, one, followed, follow) {
  const first = answerOf(model, one);
  const isShut = (station) => Boolean(model.state.at) && !station.open;
  const rest = one.stations.filter((station) => station !== first && !isShut(station));
  const shut = one.stations.filter(isShut);
  const rows = (those) => el("ul.rows", {}, those.map((station) => el("li", {}, stationRow(station, model, {
    walk: walk(station), pick: () => follow(station), isChosen: followed === station.id,
  }))));
  return [
    rest.length ? el("section", {}, heading("building.others", rest.length), rows(rest)) : null,
    shut.length ? el("section", {}, el("details", { open: shut.some((station) => station.id === followed) },
      el("summary", { "data-key": "shut" }, heading("building.shut", shut.length), icon("down", 14)), rows(shut))) : null,
  ];
}

function heading(key, n) {
  return el("h2", {}, t(key), el("span.note", {}, t("building.others_count", { n })));
}

/** A nearer one that is shut at that time, named so that nobody wonders. */
function nearer(model, one, first) {
  const [station] = one.stations;
  if (!model.state.at || station === first || station.open) return null;
  return el("p.note.nearer", {}, icon("clock", 14),
    t("building.nearer", { station: station.name, minutes: station.minutes, state: openText(station, model) }));
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

