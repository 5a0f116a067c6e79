/** What the heads of things share: the way back, the path, a line of name and value. */

import { el, icon } from "../dom.js";
import { t } from "../words.js";

export function backButton(run) {
  return el("button.back", { type: "button", "data-key": "back", "aria-label": t("back"), title: `${t("back")} Esc`, on: { click: run } }, icon("back"));
}

/** The areas above, each leads there. */
export function pathLine(model, codes) {
  const steps = codes.flatMap((code, i) => [
    i ? el("span.sep", { "aria-hidden": true }, "›") : null,
    el("button.link.step", { type: "button", "data-key": `path:${code}`, on: { click: () => model.go({ area: code, sel: null }) } },
      model.byCode.get(code).name),
  ]);
  return el("nav.path", { "aria-label": t("path") }, steps);
}

/** One line of facts; a fact is not broken over two lines. */
export function factLine(those) {
  const known = those.filter(Boolean);
  return el("p.facts", {}, known.flatMap((text, i) => [i ? t("dot") : null, el("span", {}, text)]));
}

/** A list of names and values; empty values are left out. */
export function facts(pairs) {
  return el("dl.pairs", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
