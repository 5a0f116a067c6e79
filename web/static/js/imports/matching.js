/** Which column is which field, by hand: a list for each field, with what stands in the column. */

import { el, icon } from "../dom.js";
import { t } from "../words.js";
import { choice, matched, missing } from "./order.js";

const PLACE = ["lon", "lat", "lonlat", "geometry"];

/** The fields of the kind and what stands for each; opened where a needed one has nothing. */
export function matching(model) {
  const { kind, order, outline } = model;
  const recognised = outline.columns ?? outline.fields;
  const lacks = missing(kind, order, recognised);
  const isOpen = lacks.length > 0 || model.problem?.key === "columns_missing" || Boolean(model.isMatching);
  const fields = kind.fields.filter(({ name }) => !(outline.shaped && PLACE.includes(name)));
  return el("details.section.matching", { open: isOpen },
    el("summary", { "data-key": "matching", on: { click: () => { model.isMatching = !isOpen; } } }, icon("next", 14), el("h2", {}, t("imports.matching")), el("span.note", {}, t("imports.matched", { n: fields.filter(({ name }) => choice(order, name, recognised).heading).length, of: fields.length }))),
    el("table.match", {}, el("thead", {}, el("tr", {}, [t("imports.field"), t("imports.column"), t("imports.sample")].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, fields.map((field) => row(model, field, choice(order, field.name, recognised), lacks.includes(field.name))))));
}

function row(model, field, chosen, isLacking) {
  const { outline } = model;
  const id = `match-${field.name}`;
  const pick = (one) => model.ask(matched(model.order, field.name, one), one.value !== ""); // an empty one is still to be typed
  const isSame = chosen.value !== undefined;
  const values = outline.headings.map((heading) => [`=${heading}`, heading]);
  const list = el("select", {
    id, "data-key": id, "aria-invalid": isLacking || null, on: { change: ({ target: { value } }) => taken(value, pick, field) },
  }, [["-", t("imports.not_used")], ...values, ["*", t("imports.same")]].map(([value, text]) =>
    el("option", { value, selected: value === (isSame ? "*" : chosen.heading ? `=${chosen.heading}` : "-") }, text)));
  return el("tr", {}, el("th", { scope: "row" }, el("label", { for: id }, t(`field.${field.name}`)), field.required ? el("span.need", { title: t("imports.hint_required") }, "*") : null),
    el("td", {}, list), el("td.note", {}, isSame ? same(model, field, chosen.value, pick) : (outline.samples[chosen.heading] ?? []).join("、") || (isLacking ? el("span.gap-text", {}, t("imports.lacking")) : "")));
}

function taken(value, pick, field) {
  if (value === "*") pick({ value: field.options[0]?.[0] ?? "" });
  else pick({ heading: value === "-" ? "" : value.slice(1) });
}

/** One value for every row: of a list, or typed. */
function same(model, field, value, pick) {
  const take = ({ target }) => target.value !== model.order.given[field.name] && pick({ value: target.value });
  const named = { "aria-label": t("imports.same_of", { field: t(`field.${field.name}`) }), "data-key": `same-${field.name}`, on: { change: take, blur: take } };
  if (!field.options.length) return el("input", { ...named, value, maxlength: 200 });
  return el("select", named, field.options.map(([one, text]) => el("option", { value: one, selected: one === value }, text)));
}
