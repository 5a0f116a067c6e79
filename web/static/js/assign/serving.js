/** Who serves the chosen thing: the empty post first, single posts by name, the rest counted. */

import { el, icon, render } from "../dom.js";
import { day, now } from "../format.js";
import { t } from "../words.js";
import { amendForm } from "./amend.js";
import { lastDay, surname } from "./load.js";

const ORDER = ["grid_member", "building_head", "secretary", "community_worker", "cadre", "volunteer", "party_member", "station"];
const MANY = ["party_member", "cadre", "volunteer"];
const open = new Set();
let editing = null; // {id, form}: the form stays, whatever else is drawn anew

export function serving(place, model, deeds) {
  const { facts } = model;
  const redraw = () => serving(place, model, deeds);
  const groups = ORDER.map((role) => facts.serving.filter((one) => one.role === role));
  const rows = groups.flatMap((those, i) => (MANY.includes(ORDER[i]) && those.length > 1
    ? many(ORDER[i], those, model, deeds, redraw) : those.map((one) => single(one, model, deeds, redraw))));
  const holes = facts.holes.map(({ role }) => hole(role, facts));
  return render(place,
    el("h2", {}, t("assign.who"), el("span.note.today", {}, icon("clock", 14), t("time.day_today"))),
    holes, heads(facts.heads, model, redraw), rows,
    !holes.length && !rows.length && !facts.heads?.needed ? el("p.note", {}, t("assign.nobody")) : null);
}

function hole(role, { may_change: may, target }) {
  const how = target.kind === "area" ? "assign.vacant" : "assign.vacant_building";
  return el("div.hole-card", {}, el("span.disc.hole", { "aria-hidden": true }, "?"),
    el("span.row-text", {}, el("b", {}, t(`role.${role}`)), el("span.note", {}, t(may ? how : "assign.vacant_only"))));
}

/** One who serves: a press opens what can be changed. */
function single(one, model, deeds, redraw) {
  const isOpen = editing?.id === one.id;
  const close = () => { editing = null; redraw(); };
  const toggle = () => { editing = isOpen ? null : { id: one.id, form: amendForm(one, model, deeds, close) }; redraw(); };
  const may = model.facts.may_change;
  const parts = [
    one.who.kind === "station" ? el("span.disc.station", { "aria-hidden": true }, icon("building", 16)) : el("span.disc", { "aria-hidden": true }, surname(one.who.name)),
    el("span.row-text", {}, el("span", {}, el("b", {}, one.who.name), " ", el("span.note", {}, t(`role.${one.role}`))),
      one.until ? el("span.note", {}, t("assign.until", { day: spoken(lastDay(one.until), model) })) : null),
    el("span.note.since", {}, [walked(one.minutes), t("assign.since", { day: spoken(one.since, model) })].filter(Boolean).join(" · ")),
  ];
  if (!may) return el("div.row.still", {}, parts);
  const row = el("button.row", { type: "button", "data-key": `serving:${one.id}`, "aria-expanded": isOpen, on: { click: toggle } }, parts);
  return isOpen ? el("div.opened", {}, row, editing.form) : row;
}

function walked(minutes) {
  if (minutes === null) return null;
  return minutes ? t("assign.walk_n", { n: minutes }) : t("assign.lives_here");
}

function many(role, those, model, deeds, redraw) {
  const isOpen = open.has(role);
  const toggle = () => { if (!open.delete(role)) open.add(role); redraw(); };
  const head = el("button.row", { type: "button", "data-key": `many:${role}`, "aria-expanded": isOpen, on: { click: toggle } },
    el("span.disc", { "aria-hidden": true }, String(those.length)),
    el("span.row-text", {}, el("b", {}, t(`role.${role}`)), el("span.note", {}, names(those))), icon("down", 14));
  return [head, isOpen ? el("div.inner", {}, those.map((one) => single(one, model, deeds, redraw))) : null];
}

function names(those) {
  const shown = those.slice(0, 3).map((one) => one.who.name).join("、");
  return those.length > 3 ? t("assign.and_more", { names: shown, n: those.length }) : shown;
}

/** How many buildings of a grid have a head; those without lead on. */
function heads(found, model, redraw) {
  if (!found?.needed) return null;
  const isOpen = open.has("heads");
  const missing = found.missing.length;
  const toggle = () => { if (!open.delete("heads")) open.add("heads"); redraw(); };
  const row = el("button.row", { type: "button", "data-key": "many:heads", "aria-expanded": missing ? isOpen : null, disabled: !missing, on: { click: toggle } },
    el("span.disc", { "aria-hidden": true }, String(found.held)),
    el("span.row-text", {}, el("b", {}, t("role.building_head")), el("span.note", {}, t("assign.heads", { n: found.needed, held: found.held }))),
    missing ? el("span.gap-text", {}, t("assign.missing_buildings", { n: missing })) : el("span.served-text", {}, t("assign.full")),
    missing ? icon("down", 14) : null);
  return [row, isOpen && missing ? el("ul.inner", {}, found.missing.map((one) => el("li", {}, headless(one, model)))) : null];
}

function headless(one, model) {
  const choose = () => model.go({ role: "building_head", sel: { kind: "building", key: String(one.id) } });
  return el("button.row", { type: "button", "data-key": `headless:${one.id}`, on: { click: choose } },
    el("span.disc.hole", { "aria-hidden": true }, "?"),
    el("span.row-text", {}, el("b", {}, one.name), one.compound ? el("span.note", {}, one.compound) : null),
    el("span.note", {}, t("facts.households", { n: one.households })));
}

function spoken(moment, model) {
  const date = moment.slice(0, 10);
  const today = now(model.district.zone).slice(0, 10);
  return date === today ? t("time.day_today") : day(date, today, t);
}
