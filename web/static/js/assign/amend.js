/** Change the period of one who serves, or end it; where somebody else was faster, both are shown. */

import { el, render } from "../dom.js";
import { trouble } from "../tell.js";
import { t } from "../words.js";
import { dayOf, lastDay } from "./load.js";

/** The form under a row; `close` leaves it. */
export function amendForm(one, model, deeds, close) {
  const fields = { from: date("from", dayOf(one.since)), until: date("until", lastDay(one.until)) };
  const told = el("div");
  const form = el("form.amend", { "aria-label": one.who.name },
    el("div.amend-fields", {}, label("assign.from", fields.from), label("assign.to", fields.until)), told,
    el("div.amend-buttons", {},
      el("button.button", { type: "submit" }, t("assign.keep")),
      el("button.button", { type: "button", on: { click: () => run(() => deeds.end(one)) } }, t("assign.end_now")),
      el("button.link.quiet", { type: "button", on: { click: close } }, t("close"))));
  const run = async (deed) => {
    try {
      await deed();
      close();
    } catch (problem) {
      if (problem.key === "changed_meanwhile") await both(told, problem, one, fields, model, deeds, close);
      else render(told, trouble(problem));
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(() => deeds.amend(one, asked(one, fields)));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  return form;
}

/** What differs from what was read. */
function asked(one, { from, until }) {
  const values = {};
  if (from.value && from.value !== dayOf(one.since)) values.from = from.value;
  if (!until.value && one.until) values.open_end = true;
  else if (until.value && until.value !== lastDay(one.until)) values.until = until.value;
  return values;
}

/** Somebody was faster: what stands now beside what was entered here. */
async function both(told, problem, one, fields, model, deeds, close) {
  const found = await model.latest(one.id);
  const mine = period(fields.from.value, fields.until.value);
  const theirs = found ? period(dayOf(found.since), lastDay(found.until)) : t("assign.has_ended");
  const use = async () => {
    try {
      await deeds.amend(found, asked(found, fields));
      close();
    } catch (again) {
      render(told, trouble(again));
    }
  };
  render(told, trouble(problem),
    el("dl.both", {}, el("dt", {}, t("assign.theirs")), el("dd", {}, theirs), el("dt", {}, t("assign.mine")), el("dd", {}, mine)),
    el("div.amend-buttons", {},
      el("button.button", { type: "button", on: { click: () => { close(); model.renew(); } } }, t("assign.use_theirs")),
      found ? el("button.button", { type: "button", on: { click: use } }, t("assign.use_mine")) : null));
}

function period(from, until) {
  return until ? t("assign.period", { from, until }) : t("assign.period_open", { from });
}

function date(name, value) {
  const field = el("input.field", { type: "date", name, "data-key": `amend:${name}` });
  field.value = value ?? "";
  return field;
}

function label(key, field) {
  return el("label", {}, el("span", {}, t(key)), field);
}
