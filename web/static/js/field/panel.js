/** The sheet: what is asked, the answer or what went wrong, where one stands. */

import { el, icon, render } from "../dom.js";
import { announce, progress, trouble } from "../tell.js";
import { t } from "../words.js";
import { choice, openingText } from "./choice.js";
import { NoPosition } from "./position.js";
import { standing } from "./standing.js";
import { first, metres, nearer, row } from "./station.js";

export function panel(place, field, deeds) {
  const draw = () => render(place, ...body(field, deeds));
  field.addEventListener("change", draw);
  field.addEventListener("answer", () => { draw(); say(field); });
}

function body(field, deeds) {
  if (field.isTapping) return [lost(field, deeds), tapping(field, deeds)];
  if (field.problem) return [told(field, deeds)];
  if (field.answer) return found(field, deeds);
  return [field.place ? progress(t("field.asking"), Date.now()) : el("p.waiting", {}, t("field.locating"))];
}

function found(field, deeds) {
  const { answer, isOnlyOpen, place, code } = field;
  const those = choice(answer, isOnlyOpen, code);
  const pick = (one) => () => field.set({ code: one.code }, "answer");
  return [
    those.first ? first(those.first, answer.at, deeds) : none(field),
    those.more.length ? el("ul.rows.others", {}, those.more.map((one) => row(one, answer.at, pick(one)))) : null,
    ...those.nearer.map((one) => nearer(one, answer.at, pick(one))),
    standing(answer, place),
  ];
}

/** No station is open, or none offers it: said, with what to do. */
function none(field) {
  const { service, answer } = field;
  const cures = service ? [{ label: t("field.all_services"), run: () => { field.service = null; field.again(); } }] : [];
  if (answer.stations.length) cures.unshift({ label: t("field.show_shut"), run: () => field.set({ isOnlyOpen: false }, "answer") });
  const key = answer.stations.length ? "field.all_shut" : service ? "field.no_service" : "field.no_station";
  return el("div.trouble", {}, icon("warn"), el("p", {}, t(key)),
    el("div.cures", {}, cures.map(({ label, run }) => el("button.button", { type: "button", on: { click: run } }, label))));
}

function told(field, { locate, tap }) {
  const cures = [{ label: t("field.tap"), run: tap }];
  if (field.place?.kind === "phone") cures.push({ label: t("again"), run: locate });
  else if (field.problem.status === 0 || field.problem.status >= 500) cures.unshift({ label: t("again"), run: () => field.again() });
  return trouble(field.problem, ...cures);
}

/** Why the phone gives no position; on plain http no phone does, so there is nothing to try again. */
function lost({ problem }, { locate }) {
  if (!(problem instanceof NoPosition)) return null;
  const text = { detail: t(`field.lost_${problem.why}`) };
  return trouble(text, ...(problem.why === "insecure" ? [] : [{ label: t("again"), run: locate }]));
}

/** The map is at hand: the sheet keeps low, with what needs no finger on the map. */
function tapping({ answer }, { here, back }) {
  return el("div.tapping", {},
    el("button.button.dark", { type: "button", "data-key": "centre", on: { click: here } }, icon("aim", 18), t("field.tap_centre")),
    answer && el("button.button", { type: "button", on: { click: back } }, t("field.tap_back")));
}

/** Said once to who does not see it. */
function say({ answer, isOnlyOpen, code }) {
  const one = answer && choice(answer, isOnlyOpen, code).first;
  if (one) announce(t("field.said", { name: one.name, minutes: one.minutes, m: metres(one.cost_cm), state: openingText(one, answer.at, t) }));
}
