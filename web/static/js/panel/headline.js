/** The two headline figures, and the bar of minutes: legend, filter and result in one. */

import { el, render } from "../dom.js";
import { classes, within } from "../figures.js";
import { count, share } from "../format.js";
import { SHARES } from "../map/minutes.js";
import { t } from "../words.js";

/** Draw 人口覆盖率 and 建筑覆盖率 of what is shown. */
export function headline(place, model) {
  const { figures } = model;
  const reached = within(figures, model.minutes);
  render(place, el("div.figures", {}, ["people", "buildings"].map((name) =>
    figure(name, reached[name], figures[name]))));
}

function figure(name, part, whole) {
  const percent = share(part, whole);
  return el("div.figure", { "data-figure": name },
    el("span.label", {}, t(`coverage.${name}_label`)),
    el("span.value", {}, percent, whole ? el("small", {}, " %") : null),
    el("span.bar", { "aria-hidden": true }, el("i", { style: { width: `${whole ? (100 * part) / whole : 0}%` } })),
    el("span.note", {}, t(`figure.${name}`, { part, whole })));
}

/** Draw the bar and its classes; pressing one shows only what lies in it. */
export function bands(place, model, filter) {
  const { figures } = model;
  const those = classes(figures, model.minutes);
  const shown = those.map((one, i) => ({ ...one, index: i }));
  render(place,
    el("div.minutes", { "aria-hidden": true }, shown.filter((one) => one.households).map((one) =>
      el(`i.${one.tone}`, { style: { flex: String(one.households) }, class: dim(one, filter) }))),
    el("div.legend", { role: "group", "aria-label": t("band.legend") }, shown.map((one) => entry(one, filter))),
    far(),
    figures.estimated.households
      ? el("p.note.estimated", {}, t("coverage.estimated", { part: figures.estimated.households })) : null);
}

/** What the same colours say on the map from afar, where no buildings are drawn; shown only then. */
function far() {
  const ends = SHARES.map((least) => Math.round(100 * least));
  const names = [`≥ ${ends[0]}`, ...ends.slice(1).map((end, i) => `${end}–${ends[i]}`), `< ${ends.at(-1)} %`];
  return el("div.far", {}, el("p.note", {}, t("band.far")),
    el("div.shares", {}, names.map((name, i) => el("span", {}, el(`i.m${i + 1}`), name))));
}

/** The name of a class: ≤ 5, 5–10, > 20, unconnected. */
export function bandName({ kind, low, high }) {
  if (kind === "unconnected") return t("band.unconnected");
  if (kind === "over") return `> ${low}`;
  return low ? `${low}–${high}` : `≤ ${high}`;
}

function dim(one, filter) {
  return filter.has(one.index) || !filter.size ? one.tone : `${one.tone} dim`;
}

function entry(one, filter) {
  const spoken = one.kind === "unconnected" ? bandName(one) : t("band.minutes", { name: bandName(one) });
  return el("button.band", {
    type: "button", "data-key": `band:${one.index}`, "aria-pressed": filter.has(one.index),
    "aria-label": t("band.spoken", { name: spoken, households: one.households }),
    on: { click: () => filter.toggle(one.index) },
  }, el(`i.${one.tone}`), el("span", {}, one.kind === "unconnected" ? t("band.unconnected_short") : bandName(one)), el("b", {}, count(one.households)));
}
