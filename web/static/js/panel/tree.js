/** The areas below what is shown, with figures, as a tree for mouse and keys. */

import { el, icon, render } from "../dom.js";
import { missing, ordered, together, within } from "../figures.js";
import { share } from "../format.js";
import { t } from "../words.js";

const open = new Set();

/** Draw the tree; order is "missed" (most households out of reach first) or "code". */
export function areaTree(place, model, order, setOrder) {
  const rows = flat(model, model.listed(), order, 1);
  if (!rows.length) return render(place);
  const redraw = () => areaTree(place, model, order, setOrder);
  const list = el("div.tree", { role: "tree", "aria-label": t("tree.label") },
    rows.map((row, i) => item(model, row, i === 0, redraw)));
  list.addEventListener("keydown", (event) => onKey(event, list, model, redraw));
  return render(place, head(model, order, setOrder), list, unassigned(model));
}

/** What lies in no area below what is shown: with it the rows add up. */
function unassigned(model) {
  const { figures, minutes } = model;
  const listed = together(model.sums, model.listed());
  const households = figures.households - listed.households;
  const missed = missing(figures, minutes) - missing(listed, minutes);
  return households ? el("p.note.unassigned", {}, t("tree.unassigned", { households, missed })) : null;
}

function head(model, order, setOrder) {
  const next = order === "missed" ? "code" : "missed";
  return el("div.section-head", {},
    el("h2", {}, t("tree.label")), el("span.note", {}, summary(model)),
    el("button.link.quiet", { type: "button", "data-key": "order", on: { click: () => setOrder(next) } },
      t(`tree.by_${order}`), icon("down", 14)));
}

function summary(model) {
  const missed = missing(model.figures, model.minutes);
  return missed ? t("tree.missed", { households: missed }) : t("tree.none_missed");
}

/** The visible rows from the top, each with its depth. */
function flat(model, codes, order, depth) {
  return ordered(codes, model.sums, model.minutes, order).flatMap((code) => {
    const below = model.below.get(code) ?? [];
    const isOpen = open.has(code) && below.length > 0;
    return [{ code, depth, isOpen, hasMore: below.length > 0 }, ...(isOpen ? flat(model, below, order, depth + 1) : [])];
  });
}

function item(model, { code, depth, isOpen, hasMore }, isFirst, redraw) {
  const area = model.byCode.get(code);
  const figures = model.sums.get(code);
  const households = figures?.households ?? 0;
  const reached = figures ? within(figures, model.minutes).households : 0;
  const missed = households - reached;
  const twist = el("span.twist", { on: { click: (event) => { event.stopPropagation(); toggle(code, redraw); } } },
    hasMore ? icon("next", 14) : null);
  return el("div.tree-row", {
    role: "treeitem", tabindex: isFirst ? 0 : -1, "data-key": `area:${code}`, "data-code": code,
    "aria-level": depth, "aria-expanded": hasMore ? isOpen : null, "aria-selected": false,
    style: { "--depth": depth - 1 }, on: { click: () => model.go({ area: code, sel: null }) },
  }, twist, el("span.name", {}, area.name),
  el("span.missed", {}, missed ? t("tree.missed_short", { households: missed }) : ""),
  el("span.share", {}, share(reached, households), households ? el("small", {}, " %") : null),
  el("span.households", {}, t("tree.households", { households })),
  el("span.bar", { "aria-hidden": true }, el("i", { style: { width: `${households ? (100 * reached) / households : 0}%` } })));
}

function toggle(code, redraw) {
  if (!open.delete(code)) open.add(code);
  redraw();
}

function onKey(event, list, model, redraw) {
  const rows = [...list.children];
  const row = event.target.closest(".tree-row");
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to !== undefined) focus(rows, row, rows[to]);
  else if (event.key === "ArrowRight") inward(row, rows, at, redraw);
  else if (event.key === "ArrowLeft") outward(row, rows, at, redraw);
  else if (event.key === "Enter" || event.key === " ") model.go({ area: row.dataset.code, sel: null });
  else return;
  event.preventDefault();
}

function inward(row, rows, at, redraw) {
  const state = row.getAttribute("aria-expanded");
  if (state === "false") toggle(row.dataset.code, redraw);
  else if (state === "true") focus(rows, row, rows[at + 1]);
}

function outward(row, rows, at, redraw) {
  if (row.getAttribute("aria-expanded") === "true") return toggle(row.dataset.code, redraw);
  const depth = Number(row.getAttribute("aria-level"));
  return focus(rows, row, rows.slice(0, at).findLast((one) => Number(one.getAttribute("aria-level")) < depth));
}

function focus(rows, from, to) {
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}
