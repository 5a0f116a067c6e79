/** Suitable people for the chosen thing: by walk and load, each can be appointed or dragged. */

import { el, icon, render } from "../dom.js";
import { count } from "../format.js";
import { empty, trouble } from "../tell.js";
import { t } from "../words.js";
import { holder } from "./deeds.js";
import { bar, surname, verdict } from "./load.js";

const WAIT_MS = 150;
let asking = null; // of whom a reason is asked, as too much would come

export function people(place, model, deeds, hand) {
  const { facts, people: those, peopleProblem } = model;
  const isAsked = facts.may_change && model.fits(model.state.sel);
  if (!isAsked) {
    render(place, facts.may_change ? el("p.note", {}, t("assign.choose_building")) : null);
    return;
  }
  const parts = place.querySelector(".cards") ? null : [el("h2"), field(model), el("ul.cards")];
  if (parts) render(place, parts);
  const [head, input, list] = place.children;
  render(head, el("span", {}, t(model.state.role === "station" ? "assign.suitable_stations" : "assign.suitable")), el("span.note", {}, t("assign.by_walk")));
  if (document.activeElement !== input) input.value = model.q;
  if (list.contains(document.activeElement) && document.activeElement.matches(".reason-field")) return;
  const redraw = () => people(place, model, deeds, hand);
  render(list, peopleProblem && el("li", {}, trouble(peopleProblem, { label: t("again"), run: () => model.suit() })),
    those && !those.length ? el("li", {}, empty(t(model.q ? "assign.none_found" : "assign.none_suitable")))
      : those?.map((one) => card(one, model, deeds, hand, redraw)));
}

/** The field stays while the list under it changes: whoever writes is not interrupted. */
function field(model) {
  const input = el("input.field", {
    type: "search", placeholder: t("assign.search"), "aria-label": t("assign.search"), maxlength: 60, autocomplete: "off",
  });
  let timer = 0;
  const ask = (event) => {
    if (event.isComposing) return;
    model.q = input.value.trim();
    clearTimeout(timer);
    timer = setTimeout(() => model.suit(), WAIT_MS);
  };
  input.addEventListener("input", ask);
  input.addEventListener("compositionend", ask);
  return input;
}

function card(one, model, deeds, hand, redraw) {
  const isChosen = hand.shown === one.id;
  const node = el("li.card", { "data-id": one.id, "data-over": one.over },
    head(one, model.state.sel.kind === "grid"),
    foot(one, asking === one.id ? null : el("button.button", { type: "button", "data-key": `appoint:${one.id}`, on: { click: () => appoint(one, model, deeds, redraw, node) } },
      t(holder(model) ? "assign.replace" : "assign.appoint"))),
    loadBar(one), asking === one.id ? reason(one, model, deeds, redraw) : null);
  node.classList.toggle("chosen", isChosen);
  node.addEventListener("pointerenter", () => hand.show(one));
  node.addEventListener("focusin", () => hand.show(one));
  hand.take(node, one);
  return node;
}

function head(one, canDrag) {
  const isStation = one.kind === "station";
  const what = isStation ? t("assign.station") : t(`role.${one.roles[0]}`);
  return el("div.card-head", {},
    el(isStation ? "span.disc.station" : "span.disc", { "aria-hidden": true }, isStation ? icon("building", 16) : surname(one.name)),
    el("span.row-text", {}, el("span", {}, el("b", {}, one.name), " ", el("span.note", {}, what)), el("span.note", {}, one.why)),
    el("span.minutes-n", {}, one.minutes === null ? el("span.note", {}, t("assign.no_home"))
      : one.minutes === 0 ? el("span.note", {}, t("assign.lives_here")) : [el("b", {}, String(one.minutes)), el("small", {}, t("assign.minutes"))]),
    canDrag && el("span.grip", { "aria-hidden": true, title: t("assign.drag") }, "⠿"));
}

/** The button is always in sight: a card that grew under the pointer would move the others. */
function foot(one, button) {
  return el("div.card-foot", {},
    el("span.chips", {}, one.skills.slice(0, 3).map((skill) => el("span.chip", {}, skill))),
    el(`span.load-text.${verdict(one.load_after, one.limit)}`, {}, loadText(one)), button);
}

/** Ask for a reason in the card of somebody who would have too much. */
export function askReason(one) {
  asking = one.id;
}

/** 0 → 440 户, and how much too much. */
export function loadText(one) {
  const values = { before: count(one.load_before), after: count(one.load_after), max: one.limit?.high };
  return t(one.over ? "assign.load_over" : "assign.load", values);
}

function loadBar(one) {
  const parts = bar({ before: one.load_before, after: one.load_after, limit: one.limit });
  const piece = (name) => el(`i.${name}`, { style: { width: `${parts[name]}%` } });
  return el("span.load", { "aria-hidden": true }, piece("before"), piece("more"), piece("over"),
    parts.low === null ? null : el("em", { style: { left: `${parts.low}%` } }));
}

async function appoint(one, model, deeds, redraw, node, note = "") {
  if (one.over && !note) {
    asking = one.id;
    redraw();
    document.querySelector(".reason-field")?.focus();
    return;
  }
  try {
    await deeds.appoint(model.state.sel, one, model.facts.target.name, { note, replaces: holder(model) });
    asking = null;
  } catch (problem) {
    node.append(trouble(problem, { label: t("assign.look_again"), run: () => model.renew() }));
  }
}

/** Too much: it may be done, with a reason. */
function reason(one, model, deeds, redraw) {
  const input = el("input.field.reason-field", { type: "text", maxlength: 300, required: true, "aria-label": t("assign.reason") });
  const form = el("form.reason-form", {},
    el("p", {}, t("assign.over", { n: count(one.load_after), max: one.limit.high }), " ", t("assign.over_reason")), input,
    el("div.amend-buttons", {}, el("button.button", { type: "submit" }, t("assign.appoint")),
      el("button.link.quiet", { type: "button", on: { click: () => { asking = null; document.activeElement?.blur(); redraw(); } } }, t("close"))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) appoint(one, model, deeds, redraw, form, input.value.trim());
  });
  return form;
}
