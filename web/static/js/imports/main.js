/** The page of imports and exports: wires the panel, the keys and the map to one model. */

import { carried, el, render } from "../dom.js";
import { keys } from "../keys.js";
import { sheet } from "../panel/sheet.js";
import { search } from "../search.js";
import { shell } from "../shell.js";
import { setWords, t } from "../words.js";
import { mapOf } from "./map.js";
import { Model } from "./model.js";
import { panel } from "./panel.js";
import { past } from "./storing.js";

setWords(carried("words"));
const model = new Model(carried("page"));
const at = (id) => document.getElementById(id);
let map = null;

shell();
render(at("crumbs"), el("span.crumb-home", {}, model.district.name), el("span.sep", { "aria-hidden": true }, "›"), el("b.crumb", {}, t("nav.imports")));
panel(model);
const bottom = sheet(at("panel"), at("handle"), () => map?.pad());
const find = search(at("search"), model.district.code, (result) => map?.show(result));
at("foot").textContent = t("imports.foot", { date: model.district.data_date });

keys([
  { keys: ["/"], label: "keys.search", run: () => find.focus() },
  { keys: ["Escape"], label: "keys.back", run: back },
  { keys: ["F"], label: "keys.fit", run: () => map?.fit() },
  { keys: ["+", "="], label: "keys.closer", run: () => map?.zoom(1) },
  { keys: ["-"], label: "keys.farther", run: () => map?.zoom(-1) },
  { keys: ["1", "2", "3", "4"], label: "keys.tabs", run: ({ key }) => document.querySelectorAll(".tabs a")[Number(key) - 1]?.click() },
]);
at("closer").addEventListener("click", () => map?.zoom(1));
at("farther").addEventListener("click", () => map?.zoom(-1));
model.addEventListener("seen", () => bottom.rise());
addEventListener("dragover", (event) => event.preventDefault()); // a file beside the field does not replace the page
addEventListener("drop", (event) => event.preventDefault());

const asked = new URLSearchParams(location.search).get("upload");
if (asked) model.reload(asked);
past(model);
model.waiting();
map = await mapOf(model, () => bottom.rise());

/** One step back: the row, what is under way, the filter, the preview. */
function back() {
  if (model.chosen) model.pick(null);
  else if (model.busy?.stop) model.busy.stop.abort();
  else if (model.state) model.filter(model.state);
  else if (model.view !== "start" && !model.busy) model.back();
  else return false;
  return true;
}
