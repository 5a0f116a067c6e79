/** The panel of editing while nothing is chosen: what was left, what the last edit did, what was done. */

import { el, icon, render } from "../dom.js";
import { count, day, now } from "../format.js";
import { trouble } from "../tell.js";
import { t, has } from "../words.js";
import { effectText, nameOf } from "./deeds.js";
import { kindOf, KINDS } from "./kinds.js";
import { isServed } from "./served.js";

const MOST = 60;

/** Draw it from what the mode knows: `left`, `effect`, `edits`, what is in view. */
export function home(place, mend) {
  const wasOpen = place.querySelector("details.in-view")?.open;
  render(place, left(mend), effect(mend), edits(mend), inView(mend, wasOpen));
}

/** What was drawn and not saved, offered again. */
function left(mend) {
  const { work } = mend;
  if (!work.left) return null;
  const { kind, points, values } = work.left;
  return el("section.left-over", {}, el("p", {}, t("edit.left_over", { what: nameOf(kind, values?.name, values), n: points?.length ?? 0 })),
    el("div.form-foot", {}, el("button.button.dark", { type: "button", "data-key": "edit:again", on: { click: () => work.takeUp() } }, t("edit.go_on")),
      el("button.button", { type: "button", on: { click: () => work.dropLeft() } }, t("edit.drop"))));
}

/** What the last edit did: households in reach before and after, and the buildings that changed hands. */
function effect(mend) {
  const { effect: one } = mend;
  if (!one) return null;
  const { before, after, crossed = [] } = one.effect;
  return el("section.effect", {}, el("h2", {}, t("edit.just_now")),
    el("p", {}, one.text),
    el("p.effect-figure", {}, el("b", {}, effectText(one.effect)),
      el("span.note", {}, t("edit.from_to", { before: count(before.households_covered), after: count(after.households_covered), minutes: after.minutes }))),
    crossed.length ? el("ul.rows.crossed", {}, crossed.slice(0, MOST).map((building) => el("li", {}, crossedRow(building, after.minutes, mend)))) : null,
    crossed.length > MOST ? el("p.note", {}, t("edit.more_buildings", { n: crossed.length - MOST })) : null);
}

function crossedRow(one, limit, mend) {
  const isGained = isServed(one, limit);
  return el("button.row", { type: "button", "data-key": `crossed:${one.id}`, on: { click: () => mend.showBuilding(one) } },
    el(`i.dot.${isGained ? "gained" : "lost"}`), el("span.row-text", {}, el("b", {}, one.name || t("building.unnamed")),
      el("span.note", {}, t("edit.minutes_from_to", { before: minutesText(one.before), after: minutesText(one.after) }))),
    el(`span.${isGained ? "served-text" : "gap-text"}`, {}, t(isGained ? "edit.gained" : "edit.lost", { n: one.households })));
}

function minutesText(minutes) {
  if (minutes === null) return t("edit.none_there");
  if (minutes === 254) return t("band.unconnected");
  return minutes === 255 ? t("building.out_of_reach") : t("edit.minutes", { n: minutes });
}

/** Who changed what on the map, and when. */
function edits(mend) {
  if (mend.problem) return trouble(mend.problem, { label: t("again"), run: () => mend.listEdits() });
  const those = mend.edits ?? [];
  return el("section.edits", {}, el("h2", {}, t("edit.list")),
    those.length ? el("ol", {}, inRuns(those).map((run) => edit(run, mend))) : el("p.note", {}, t("edit.list_empty")));
}

/** Changes of one thing by one person, one right after the other. */
function inRuns(those) {
  const runs = [];
  for (const one of those) {
    const last = runs.at(-1)?.[0];
    if (last && last.kind === one.kind && last.id === one.id && last.who === one.who) runs.at(-1).push(one);
    else runs.push([one]);
  }
  return runs;
}

/** The last of a run, and behind a line those before. */
function edit([one, ...before], mend) {
  const kind = kindOf(one.kind);
  const what = said(one, kind);
  const told = el("div");
  const undo = async () => {
    try {
      await mend.deeds.undoEdit({ ...one, kind }, what);
    } catch (problem) {
      render(told, trouble(problem));
    }
  };
  const isThere = one.done !== "ended";
  return el("li.change", {},
    el("div.change-head", {}, isThere ? el("button.link.plain", { type: "button", "data-key": `edit:${one.kind}:${one.id}:${one.version}`, on: { click: () => mend.show(kind, one.id) } }, what) : el("b", {}, what),
      one.last ? el("button.link", { type: "button", "aria-label": `${t("undo")} ${what}`, on: { click: undo } }, t("undo")) : null),
    el("p.note", {}, [one.who, when(one.at, mend.model), differs(kind, one.differs)].filter(Boolean).join(t("dot"))), told,
    before.length ? el("details", {}, el("summary", {}, el("span.note", {}, t("edit.before_it", { n: before.length })), icon("down", 14)),
      el("ul", {}, before.map((past) => el("li.note", {}, [said(past, kind), when(past.at, mend.model), differs(kind, past.differs)].filter(Boolean).join(t("dot")))))) : null);
}

function said({ done, name }, kind) {
  return t(`edit.did.${done}`, { what: nameOf(kind, name) });
}

function differs(kind, names) {
  const label = (name) => KINDS[kind].fields.find((field) => field.name === name)?.label ?? (name === "geom" ? "edit.shape" : null);
  return names.map(label).filter((key) => key && has(key)).map((key) => t(key)).join(t("hours.comma"));
}

function when(at, model) {
  const today = now(model.district.zone).slice(0, 10);
  const [date, time] = [at.slice(0, 10), at.slice(11, 16)];
  return date === today ? t("time.today", { time }) : t("time.on", { date: day(date, today, t), time });
}

/** What is in the middle of the map, as rows: for who does not point. */
function inView(mend, wasOpen) {
  const those = mend.inView();
  return el("section", {}, el("details.in-view", { open: wasOpen }, el("summary", { "data-key": "in-view" }, el("h2", {}, t("edit.in_view")),
    el("span.note", {}, mend.isNear ? t("edit.things", { n: those.length }) : t("edit.too_far")), icon("down", 14)),
  el("ul.rows", {}, those.slice(0, MOST).map((one) => el("li", {}, el("button.row", { type: "button", "data-key": `thing:${one.kind}:${one.id}`, on: { click: () => mend.show(one.kind, one.id) } },
    el("span.row-text", {}, el("b", {}, nameOf(one.kind, one.name, one.values)), el("span.note", {}, t(`edit.kind_${one.kind}`)))))))));
}
