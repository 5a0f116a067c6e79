/** A chosen station: what it offers, when it is open, who has it nearest. */

import { el } from "../dom.js";
import { written } from "../hours.js";
import { moment, now } from "../format.js";
import { t } from "../words.js";
import { backButton, facts, pathLine } from "./head.js";
import { stationSign } from "./signs.js";
import { openText, signState } from "./stations.js";

export function station(model, one) {
  return [head(model, one), opening(model, one), load(model, one), more(model, one)];
}

function head(model, one) {
  const codes = (one.areas ?? []).map((area) => area.code).reverse().filter((code) => model.mayShow(code)).slice(-2);
  const state = signState(one, model);
  return el("div.head", {},
    el("div.head-line", {}, backButton(() => model.go({ sel: null })), pathLine(model, codes), el("span.code", {}, one.code)),
    el("h1", { tabindex: -1 }, stationSign(one.kind, state, 26), one.name),
    el("p.facts", {}, t(`station.kind_${one.kind}`)));
}

function opening(model, one) {
  const at = model.state.at ? moment(model.state.at, now(model.district.zone), t) + t("colon") : "";
  const isOpen = signState(one, { moment: model.moment, state: { at: model.moment } }) === "open";
  return el("section", {}, el("h2", {}, t("station.hours")),
    el("p", {}, el(`span.chip.${isOpen ? "served" : "gap"}`, {}, at + openText(one, model))),
    el("p", {}, written(one.hours, t)));
}

function load(model, one) {
  if (!one.nearest) return null;
  const { households, people, buildings } = one.nearest;
  return el("section", {}, el("h2", {}, t("station.nearest_to")),
    el("p.figure-line", {}, t("station.nearest_households", { minutes: one.minutes, households, people, buildings })),
    one.capacity ? el("p.note", {}, t(households > one.capacity ? "station.over" : "station.capacity_of", { capacity: one.capacity, over: households - one.capacity })) : null);
}

function more(model, one) {
  const names = new Map(model.known.services.map((service) => [service.code, service.name]));
  const services = one.services.map((code) => names.get(code) ?? code);
  return el("section", {}, el("h2", {}, t("station.services")),
    services.length ? el("ul.chips", {}, services.map((name) => el("li.chip", {}, name))) : el("p.note", {}, t("station.no_services")),
    facts([
      [t("station.capacity"), one.capacity ? t("facts.households", { n: one.capacity }) : null],
      [t("station.floor_area"), one.floor_area ? t("station.square_metres", { n: one.floor_area }) : null],
      ...(one.areas ?? []).map((area) => [t(`level.${area.level}`), area.name]),
    ]));
}
