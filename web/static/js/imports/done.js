/** The end: what is confirmed, what has come of it, and how to take it back. */

import { el } from "../dom.js";
import { count, share } from "../format.js";
import { toast, trouble } from "../tell.js";
import { has, t } from "../words.js";
import { progress } from "./start.js";
import { confirm, undo } from "./storing.js";
import { said } from "./values.js";

/** The buttons under a preview. */
export function deeds(model) {
  if (model.view !== "preview" || !model.upload) return null;
  if (model.busy?.what === "store") return progress(model);
  const { preview } = model;
  const n = preview ? preview.counts.new + preview.counts.changed : 0;
  const refused = preview?.counts.refused ?? 0;
  return [
    preview && el("button.button.dark", { type: "button", "data-key": "confirm", disabled: !n || model.busy !== null, on: { click: () => confirm(model) } }, n ? t("imports.confirm", { n: count(n) }) : t("imports.nothing")),
    el("button.button", { type: "button", "data-key": "discard", on: { click: () => model.discard(model.upload.upload) } }, t("imports.discard")),
    refused ? el("span.note.grow", {}, t("imports.stay_out", { n: count(refused) }), " ", ...files(`${model.path}/uploads/${model.upload.upload}/refused`)) : null,
  ];
}

/** The refused rows as files to be mended. */
export function files(path) {
  return ["xlsx", "csv"].flatMap((suffix, i) => [i ? " · " : null, el("a.link", { href: `${path}/${suffix}`, download: "" }, suffix === "csv" ? "CSV" : "Excel")]);
}

export function done(model) {
  const { id, counts, file, kind, before, after } = model.done;
  return el("section.section.done", {}, el("h2", {}, t("imports.done", { file })), el("p", {}, t("imports.counts", counts)),
    kind === "members" ? null : effect(before, after),
    counts.refused ? el("p.mend", {}, t("imports.mend", { n: count(counts.refused) }), " ", ...files(`${model.path}/imports/${id}/refused`)) : null,
    model.problem ? trouble({ status: model.problem.status, detail: said(model.problem, t, has) }) : null,
    el("div.cures", {}, el("button.button.dark", { type: "button", "data-key": "more", on: { click: () => model.back() } }, t("imports.more")),
      el("button.button", { type: "button", "data-key": "undo", on: { click: () => takeBack(model, id) } }, t("imports.undo_all")),
      el("a.button", { href: `/${model.district.code}/coverage` }, t("imports.see"))));
}

/** Take an import back, and say so; what stands in the way is told beside it. */
export async function takeBack(model, id) {
  model.show({ problem: null, busy: { what: "undo", since: Date.now() } });
  try {
    await undo(model, id);
    model.show({ busy: null });
    toast(t("imports.undone"));
  } catch (problem) {
    model.failed(problem);
    model.show({ failedId: id });
  }
}

/** Figures before and after. */
function effect(before, after) {
  if (before === false || after === false) return el("p.note", {}, t("imports.no_figures"));
  if (!after) return el("p.note", { role: "status" }, t("imports.reckoning"));
  const rows = [
    [t("coverage.people_label"), percent(before, "people"), percent(after, "people")], [t("coverage.buildings_label"), percent(before, "buildings"), percent(after, "buildings")],
    [t("imports.households"), before && count(before.households), count(after.households)], [t("imports.kind_buildings"), before && count(before.buildings), count(after.buildings)],
    [t("imports.kind_stations"), before && count(before.stations), count(after.stations)],
  ];
  return el("table.effect", {}, el("thead", {}, el("tr", {}, ["", t("imports.before"), t("imports.after")].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows.map(([label, was, is]) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, was || "–"), el("td", {}, was === is ? is : el("b", {}, is))))));
}

function percent(figures, of) {
  return figures && `${share(figures[`${of}_covered`], figures[of])} %`;
}
