/** A file as it would come in: what was understood of it, what would be new, changed, refused. */

import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { trouble } from "../tell.js";
import { has, t } from "../words.js";
import { matching } from "./matching.js";
import { format } from "./order.js";
import { sign } from "./sign.js";
import { STATES } from "./signs.js";
import { progress } from "./start.js";
import { table } from "./table.js";
import { said } from "./values.js";

const ENCODINGS = ["UTF-8", "GB18030"];

/** The head: back, the file, how it is understood. */
export function head(model) {
  const { order, upload } = model;
  return el("header.section.imports-head", {},
    el("button.link.quiet", { type: "button", "data-key": "back", on: { click: () => model.back() } }, icon("back", 14), t("imports.another")),
    el("h1", { tabindex: -1 }, upload.file),
    el("div.understood", {}, kindList(model), model.kind?.placed ? list("datum", order.datum, model.facts.datums.map((one) => [one, t(`imports.datum_${one}`)]), (datum) => model.ask({ datum, trust: false })) : null,
      layers(model), encodings(model)));
}

export function preview(model) {
  const { preview: seen } = model;
  return [
    model.busy?.what === "look" ? el("div.section", {}, progress(model)) : null,
    model.problem ? problem(model) : null,
    seen ? el("section.section.states", {}, states(model), notes(model)) : null,
    model.outline ? matching(model) : null,
    seen ? table(model) : null,
  ];
}

function kindList(model) {
  if (model.facts.kinds.length < 2) return el("span.chip", {}, t(`imports.kind_${model.order.kind}`));
  return list("kind", model.order.kind, model.facts.kinds.map(({ name }) => [name, t(`imports.kind_${name}`)]), (kind) => model.choose(kind));
}

function layers(model) {
  const those = model.outline?.layers ?? [];
  if (those.length < 2) return null;
  return list("layer", model.order.layer ?? "", [["", t("imports.layer_auto")], ...those.map((one) => [one, one])], (layer) => model.ask({ layer: layer || null, columns: {} }));
}

function encodings(model) {
  if (!format(model.upload.file).hasEncoding) return null;
  const found = model.outline?.encoding;
  const auto = found && !model.order.encoding ? t("imports.encoding_found", { name: name(found) }) : t("imports.encoding_auto");
  return list("encoding", model.order.encoding, [["", auto], ...ENCODINGS.map((one) => [one, name(one)])], (encoding) => model.ask({ encoding }));
}

function name(encoding) {
  return encoding === "GB18030" ? "GBK" : encoding;
}

/** A small list with its label before it. */
function list(of, value, those, pick) {
  return el("label.small-list", {}, el("span", {}, t(`imports.${of}`)),
    el("select", { "data-key": of, on: { change: ({ target }) => pick(target.value) } }, those.map(([one, text]) => el("option", { value: one, selected: one === value }, text))));
}

/** The legend, which is the filter too. */
function states(model) {
  const { counts } = model.preview;
  return el("div.legend4", { role: "group", "aria-label": t("imports.states") }, STATES.map((state) =>
    el("button.state", { type: "button", "data-key": `state:${state}`, "aria-pressed": model.state === state, disabled: !counts[state], on: { click: () => model.filter(state) } },
      sign(state), el("b", {}, count(counts[state])), el("span", {}, t(`imports.state_${state}`)))));
}

function notes(model) {
  const { preview: { left, mended, checked, placed, rows }, map, kind } = model;
  const lines = [
    kind.placed && !checked ? t("imports.unchecked", { datum: t(`imports.datum_${model.order.datum}`) }) : null,
    kind.placed && placed < rows ? t("imports.unplaced", { n: rows - placed }) : null,
    map && map.total > map.drawn ? t("imports.drawn", { drawn: count(map.drawn), total: count(map.total) }) : null,
    left.length ? t("imports.left", { names: left.join("、") }) : null,
  ];
  return [
    el("div.notes4", {}, lines.filter(Boolean).map((text) => el("p.note", {}, text))),
    mended.length ? el("details.mended", {}, el("summary", {}, t("imports.mended", { n: mended.length })), el("ul", {}, mended.map((one) =>
      el("li", {}, el("b", {}, one.name), el("span.note", {}, t("imports.mended_by", { gained: metres(one.gained_m2), lost: metres(one.lost_m2) })))))) : null,
  ];
}

function metres(m2) {
  return m2 < 100 ? m2.toFixed(2) : count(Math.round(m2));
}

/** What cannot be used like this, with what cures it here and now. */
function problem(model) {
  const { problem: one } = model;
  const cure = (label, change) => ({ label, run: () => model.ask(change) });
  const cures = {
    datum_shift: () => [cure(t("imports.read_as", { datum: t(`imports.datum_${one.values.likely}`) }), { datum: one.values.likely }), cure(t("imports.trust"), { trust: true })],
    datum_said: () => (has(`imports.datum_${one.values.said}`) ? [cure(t("imports.read_as", { datum: t(`imports.datum_${one.values.said}`) }), { datum: one.values.said })] : []),
    slivers: () => [cure(t("imports.repair"), { repair: true })],
    encoding: () => ENCODINGS.filter((one) => model.order.encoding && one !== model.order.encoding).map((encoding) => cure(t("imports.read_as", { datum: name(encoding) }), { encoding })),
    which_layer: () => (model.outline?.layers ?? one.values.known.split("、")).map((layer) => cure(layer, { layer })),
    import_stale: () => [],
  }[one.key] ?? (() => (one.status === 0 || one.status >= 500 ? [{ label: t("again"), run: () => model.look() }] : []));
  return el("div.section", {}, trouble({ status: one.status, detail: said(one, t, has) }, ...cures()));
}
