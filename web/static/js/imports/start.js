/** The beginning: what the file holds, of which datum its places are, and the file itself. */

import { el } from "../dom.js";
import { moment, now } from "../format.js";
import { trouble } from "../tell.js";
import { has, t } from "../words.js";
import { said } from "./values.js";

const KINDS = ".geojson,.json,.gpkg,.kml,.zip,.csv,.txt,.xlsx,.xls,.ods";

/** What stands in the panel before there is a preview. */
export function start(model) {
  if (!model.facts.kinds.length) return null;
  return el("section.section.bring", { "aria-label": t("imports.in") },
    el("h2", {}, t("imports.what")), model.facts.kinds.length > 1 ? kinds(model) : el("p", {}, t(`imports.kind_${model.order.kind}`)),
    model.kind.placed ? [el("h2", {}, t("imports.datum")), datums(model)] : null,
    el("h2", {}, t("imports.file")), model.busy ? progress(model) : field(model),
    model.problem ? trouble({ ...model.problem, status: model.problem.status, detail: said(model.problem, t, has) }) : null,
    forms(model), waiting(model));
}

function kinds(model) {
  return el("div.choices", { role: "radiogroup", "aria-label": t("imports.what") }, model.facts.kinds.map(({ name }) =>
    el("label", {}, el("input", { type: "radio", name: "kind", value: name, checked: name === model.order.kind, "data-key": `kind:${name}`, on: { change: () => model.choose(name) } }),
      el("span", {}, t(`imports.kind_${name}`)))));
}

/** Each datum with whose data are of it: nobody knows the names, everybody knows the maps. */
function datums(model) {
  const lacks = model.upload && !model.order.datum;
  return el("div.datums", { role: "radiogroup", "aria-label": t("imports.datum") }, lacks ? el("p.hint.gap-text", { role: "alert" }, t("imports.datum_lacks", { file: model.upload.file })) : null,
    model.facts.datums.map((name) => el("label.datum", {},
      el("input", { type: "radio", name: "datum", value: name, checked: name === model.order.datum, "data-key": `datum:${name}`, on: { change: () => model.ask({ datum: name }) } }),
      el("b", {}, t(`imports.datum_${name}`)), el("span.note", {}, t(`imports.datum_of_${name}`)))));
}

/** Where a file is dropped or chosen. */
function field(model) {
  const input = el("input", { type: "file", accept: KINDS, id: "file", "data-key": "file", on: { change: ({ target }) => target.files[0] && model.bring(target.files[0]) } });
  const over = (isOver) => (event) => { event.preventDefault(); place.classList.toggle("over", isOver); };
  const place = el("label.drop", { for: "file", on: { dragenter: over(true), dragover: over(true), dragleave: over(false), drop: dropped } },
    el("b", {}, t("imports.drop")), el("span.note", {}, t("imports.formats", { most: model.facts.most_mb })), input);
  function dropped(event) {
    over(false)(event);
    if (event.dataTransfer.files.length > 1) model.show({ problem: { status: 400, key: "one_file", detail: "" } });
    else if (event.dataTransfer.files[0]) model.bring(event.dataTransfer.files[0]);
  }
  return place;
}

/** What is being done, how far, and a way out. */
export function progress(model) {
  const { what, share = null, file = "", stop = null } = model.busy;
  const percent = share === null ? null : Math.round(share * 100);
  const text = t(`imports.busy_${what}`, { file, percent });
  return el("div.doing", { role: "status" }, el("p", {}, text),
    el("progress", { max: 1, value: share !== null && share < 1 ? share : null, "aria-label": text }),
    stop ? el("button.button", { type: "button", "data-key": "stop", on: { click: () => stop.abort() } }, t("imports.stop")) : null);
}

function forms(model) {
  const { kind } = model.order;
  const link = (suffix) => el("a.link", { href: `/api/forms/${kind}/${suffix}`, download: "" }, suffix === "csv" ? "CSV" : "Excel");
  return el("p.note.forms", {}, t("imports.no_table"), " ", link("xlsx"), " · ", link("csv"));
}

/** Files that were sent and not confirmed: they wait a day. */
function waiting(model) {
  const those = (model.uploads ?? []).filter((one) => one.upload !== model.upload?.upload);
  if (!those.length || model.busy) return null;
  const today = now(model.district.zone);
  return el("div.waiting", {}, el("h2", {}, t("imports.waiting")), el("ul", {}, those.map((one) => el("li", {},
    el("span.grow", {}, el("b", {}, one.file), el("span.note", {}, [moment(now(model.district.zone, new Date(one.at)), today, t), one.counts ? t("imports.counts", one.counts) : null].filter(Boolean).join(" · "))),
    el("button.link", { type: "button", "data-key": `go:${one.upload}`, on: { click: () => model.reload(one.upload) } }, t("imports.go_on")),
    el("button.link.quiet", { type: "button", "data-key": `drop:${one.upload}`, on: { click: () => model.discard(one.upload) } }, t("imports.discard"))))));
}

