/** The rows of a preview, a page at a time: line, name, what would change or why it cannot. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { t } from "../words.js";
import { sign } from "./sign.js";
import { change } from "./values.js";

const PAGE = 100;
const SHOWN = 6;

export function table(model) {
  const { page } = model;
  if (!page.rows.length) return el("section.section", {}, el("p.note", {}, t("imports.no_rows")));
  return el("section.rows4", { "aria-label": t("imports.rows") },
    el("table", {}, el("thead", {}, el("tr", {}, [t("imports.line"), t("imports.name"), t("imports.what_happens")].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", { on: { keydown: step } }, page.rows.map((one) => row(model, one)))), pager(model));
}

function row(model, one) {
  const isChosen = model.chosen?.n === one.n;
  const choose = () => model.pick(isChosen ? null : one.n);
  return el(`tr.${one.state}`, {
    tabindex: 0, "aria-selected": isChosen, "data-key": `row:${one.n}`,
    on: { click: choose, keydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } } },
  }, el("td.line", {}, sign(one.state), el("span.unseen", {}, t(`imports.state_${one.state}`)), one.line ? count(one.line) : "–"),
  el("td.named", {}, el("b", {}, one.name || "–"), one.code ? el("span.note", {}, one.code) : null), el("td", {}, what(model, one)));
}

function what(model, one) {
  if (one.state === "refused") return el("span.gap-text", {}, one.reason);
  if (one.state === "unchanged") return el("span.note", {}, t("imports.stays"));
  const all = one.fields.map((field) => change(model.kind, field, t));
  const rest = all.length - SHOWN;
  return el("dl.changes", {}, all.slice(0, SHOWN).map(({ label, before, after }) => el("div", {}, el("dt", {}, label),
    el("dd", {}, one.state === "changed" && before ? [el("del", {}, before), " → "] : null, el("ins", {}, after)))),
  rest > 0 ? el("div.note", {}, t("imports.more_fields", { n: rest })) : null);
}

/** Arrows move from row to row. */
function step(event) {
  const by = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = by && event.target.closest("tr")?.[by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function pager(model) {
  const { total, start, rows } = model.page;
  if (total <= rows.length) return null;
  const button = (label, to, key) => el("button.button", { type: "button", "data-key": key, disabled: to < 0 || to >= total, on: { click: () => model.turn(to) } }, label);
  return el("nav.pager", { "aria-label": t("imports.pages") }, button("‹", start - PAGE, "before"),
    el("span", {}, t("imports.page", { from: count(start + 1), to: count(start + rows.length), total: count(total) })), button("›", start + PAGE, "after"));
}
