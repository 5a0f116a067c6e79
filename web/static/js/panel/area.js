/** The head of a chosen area: path, name, facts. */

import { el, render } from "../dom.js";
import { t } from "../words.js";
import { backButton, factLine, pathLine } from "./head.js";

/** Draw the head; nothing for the whole of one's areas. */
export function areaHead(place, model) {
  const { area } = model;
  if (!area) return render(place);
  const path = model.path(area.code).slice(0, -1);
  return render(place, el("div.head", {},
    el("div.head-line", {}, backButton(() => model.go({ area: model.above() })),
      pathLine(model, path), el("span.code", {}, area.code)),
    el("h1", { tabindex: -1 }, area.name, el("span.chip", {}, t(`level.${area.level}`))),
    facts(area)));
}

function facts(area) {
  const names = ["households", "people", "buildings", "compounds", "stations"];
  return factLine(names.filter((name) => area[name] !== undefined).map((name) => t(`facts.${name}`, { n: area[name] })));
}
