/** Taking out: a layer, a format, a datum; the file comes as a download. */

import { el } from "../dom.js";
import { t } from "../words.js";

const ENCODED = ["zip", "csv"];
const PLACELESS = ["members", "services", "organisations", "assignments"];

/** The form; it keeps what was chosen while the rest of the panel is drawn anew. */
export function out(model) {
  const { layers, formats, datums } = model.facts;
  const layer = list("layer_out", layers.map((one) => [one, t(`export.${one}`)]), "buildings");
  const format = list("format", formats.map((one) => [one, t(`imports.format_${one}`)]), "xlsx");
  const datum = list("datum_out", datums.map((one) => [one, t(`imports.datum_${one}`)]), "cgcs2000");
  const encoding = list("encoding", [["UTF-8", "UTF-8"], ["GBK", "GBK"]], "UTF-8");
  const link = el("a.button", { download: "" }, t("imports.download"));
  const follow = () => {
    const asked = new URLSearchParams({ datum: datum.lastChild.value, ...(ENCODED.includes(format.lastChild.value) ? { encoding: encoding.lastChild.value } : {}) });
    link.href = `${model.path}/export/${layer.lastChild.value}/${format.lastChild.value}?${asked}`;
    encoding.hidden = !ENCODED.includes(format.lastChild.value);
    datum.hidden = PLACELESS.includes(layer.lastChild.value);
  };
  const form = el("section.section.out", { "aria-label": t("imports.out"), on: { change: follow } }, model.facts.kinds.length ? el("h2", {}, t("imports.out")) : null,
    el("p.note", {}, t("imports.out_note")), el("div.four", {}, layer, format, datum, encoding), link);
  follow();
  return form;
}

function list(name, those, value) {
  return el("label", {}, el("span", {}, t(`imports.${name}`)), el("select.field", {}, those.map(([one, text]) => el("option", { value: one, selected: one === value }, text))));
}
