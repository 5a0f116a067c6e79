/** Stations as rows: every one on the map is in a list too. */

import { el, icon, render } from "../dom.js";
import { isInside } from "../geometry.js";
import { stateAt, written } from "../hours.js";
import { t } from "../words.js";
import { stationSign } from "./signs.js";

/** The stations of what is shown, behind one line that opens them. */
export function stationList(place, model) {
  const those = within(model);
  if (!those) return render(place);
  const opened = those.filter((one) => signState(one, model) === "open").length;
  const wasOpen = place.querySelector("details")?.open;
  return render(place, el("details", { open: wasOpen },
    el("summary", { "data-key": "stations" }, el("h2", {}, t("station.list")),
      el("span.note", {}, t("station.count", { stations: those.length, open: opened })), icon("down", 14)),
    el("ul.rows", {}, those.map((one) => el("li", {}, stationRow(one, model))))));
}

function within(model) {
  if (!model.stations) return null;
  const isAll = model.shown.some((code) => model.byCode.get(code)?.level === "district");
  const shapes = isAll ? [] : model.shown.map((code) => model.shapes?.get(code)).filter(Boolean);
  const those = shapes.length ? model.stations.filter((one) => shapes.some((shape) => isInside(one.point, shape))) : model.stations;
  return [...those].sort((a, b) => a.name.localeCompare(b.name, "zh"));
}

/** Open, shut at the asked time, planned or closed for good. */
export function signState(station, model) {
  if (station.state && station.state !== "open") return station.state;
  const found = model.state.at ? stateAt(station.hours, model.moment) : null;
  return (found ? found.isOpen : station.open !== false || !model.state.at) ? "open" : "shut";
}

/** Until when it is open, or since when it is shut, at the moment the page speaks of. */
export function openText(station, model) {
  if (station.state === "planned" || station.state === "closed") return t(`station.state_${station.state}`);
  const found = stateAt(station.hours, model.moment);
  if (!found) return written(station.hours, t);
  const text = stateText(found);
  return model.state.at ? text : t(found.isOpen ? "station.now_open" : "station.now_shut", { text });
}

function stateText(found) {
  if (found.isOpen) return found.until ? t("station.open_until", { time: found.until }) : t("station.open_always");
  if (found.from) return t("station.opens", { time: found.from });
  return found.since ? t("station.closed", { time: found.since }) : t("station.closed_today");
}

/** A row; `walk` adds minutes and metres, `pick` is what a press does. */
export function stationRow(station, model, { walk = null, pick = null, isChosen = false } = {}) {
  const choose = pick ?? (() => model.go({ sel: { kind: "station", id: station.id } }));
  return el("button.row", {
    type: "button", "data-key": `station:${station.id}`, "aria-pressed": pick ? isChosen : null, on: { click: choose },
  }, stationSign(station.kind, signState(station, model)),
  el("span.row-text", {}, el("b", {}, station.name), el("span.note", {}, openText(station, model))), walk);
}
