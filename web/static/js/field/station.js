/** Stations of an answer: the first large, others in rows, what is nearer but shut in a line. */

import { el, icon } from "../dom.js";
import { stationSign } from "../panel/signs.js";
import { t } from "../words.js";
import { clock, isReady, opening, openingText } from "./choice.js";
import { handover } from "./handover.js";

const SIGN = 40;

export function metres(cm) {
  return String(Math.ceil(cm / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function sign(one, size) {
  return stationSign(one.kind, one.open ? "open" : "shut", size);
}

/** The station one is sent to. */
export function first(one, now, { onMap }) {
  const state = openingText(one, now, t);
  return el("section.nearest", { "data-code": one.code },
    el("div.nearest-head", {}, sign(one, SIGN),
      el("div.row-text", {}, el("h1", { tabindex: -1 }, one.name),
        el("p.facts", {}, one.street ? `${one.street} · ` : "", el(isReady(one) ? "span" : "b.gap", {}, state))),
      el("p.walk", {}, el("b.large", {}, String(one.minutes)), el("span.unit", {}, t("field.minutes")),
        el("span.metres", {}, t("field.walk", { m: metres(one.cost_cm) })))),
    el("div.deeds", {}, handover(one),
      el("button.button", { type: "button", "data-key": "on-map", on: { click: onMap } }, icon("area", 18), t("field.on_map"))));
}

/** Another station: a press shows it first. */
export function row(one, now, pick) {
  return el("li", {}, el("button.row", { type: "button", "data-key": `station:${one.code}`, on: { click: pick } }, sign(one, 28),
    el("span.row-text", {}, el("b", {}, one.name), el("span.note", {}, openingText(one, now, t))),
    el("span.walk", {}, el("b", {}, String(one.minutes)), el("span.unit", {}, t("field.minutes")),
      el("span.metres", {}, t("field.metres", { m: metres(one.cost_cm) })))));
}

/** Nearer, but shut: no reason to be sent past it without a word. */
export function nearer(one, now, pick) {
  const { key, at } = opening(one, now);
  const why = key === "field.too_late" ? t("field.shuts", { time: clock(at, now, t) }) : openingText(one, now, t);
  return el("button.nearer", { type: "button", "data-key": `station:${one.code}`, on: { click: pick } }, icon("clock", 18),
    el("span", {}, t("field.nearer", { name: one.name, minutes: one.minutes, why })));
}
