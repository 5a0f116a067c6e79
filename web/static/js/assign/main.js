/** The page of assignments: wires the roles, the panel, the search, the keys and the map to one model. */

import { carried } from "../dom.js";
import { keys } from "../keys.js";
import { layers } from "../layers.js";
import { sheet } from "../panel/sheet.js";
import { search } from "../search.js";
import { crumbs, shell } from "../shell.js";
import { setWords, t } from "../words.js";
import { Deeds } from "./deeds.js";
import { Hand } from "./hand.js";
import { mapOf } from "./map.js";
import { Model } from "./model.js";
import { panel } from "./panel.js";
import { roleChooser } from "./roles.js";

setWords(carried("words"));
const model = new Model(carried("page"));
const at = (id) => document.getElementById(id);
let map = null;

shell();
crumbs(model);
const deeds = new Deeds(model);
const hand = new Hand(model, deeds, () => map);
roleChooser(document.querySelector(".stage"), model);
panel(model, deeds, hand);
const bottom = sheet(at("panel"), at("handle"), () => map?.pad());
const find = search(at("search"), model.district.code, pick);
at("foot").textContent = t("assign.foot");
if (model.state.sel) model.load();

keys([
  { keys: ["/"], label: "keys.search", run: () => find.focus() },
  { keys: ["Escape"], label: "keys.back", run: back },
  { keys: ["N"], label: "assign.keys_next", run: () => step(1) },
  { keys: ["P"], label: "assign.keys_previous", run: () => step(-1) },
  { keys: ["F"], label: "keys.fit", run: () => map?.fit() },
  { keys: ["+", "="], label: "keys.closer", run: () => map?.zoom(1) },
  { keys: ["-"], label: "keys.farther", run: () => map?.zoom(-1) },
  { keys: ["1", "2", "3", "4"], label: "keys.tabs", run: ({ key }) => tab(Number(key)) },
]);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches?.("input, textarea")) {
    if (deeds.undoLast()) event.preventDefault();
  }
});

at("closer")?.addEventListener("click", () => map?.zoom(1));
at("farther")?.addEventListener("click", () => map?.zoom(-1));
map = await mapOf(model, hand, () => bottom.rise());
if (map) layers(map.view, carried("page").basemap);

/** A result of the search: who or what serves it is shown. */
async function pick(result) {
  const kinds = { building: "building", station: "station" };
  if (result.kind === "area") {
    model.go(result.level === "grid" ? { sel: { kind: "grid", key: result.code } } : { area: result.code, sel: null });
  } else if (result.kind in kinds) {
    const key = result.kind === "building" ? String(result.id) : result.code;
    model.go({ sel: { kind: kinds[result.kind], key } });
  }
  map?.show(result);
  bottom.rise();
}

/** One step back: what is in the hand, the thing, then the area. */
function back() {
  if (hand.drop()) return true;
  if (model.state.sel) model.go({ sel: null });
  else if (model.state.area) model.go({ area: null });
  else return false;
  return true;
}

/** The next or previous grid where somebody is missing. */
function step(by) {
  const those = model.grids.filter((one) => one.missing);
  if (!those.length) return false;
  const here = those.findIndex((one) => one.code === model.state.sel?.key);
  const next = those[(here + by + those.length + (here < 0 && by < 0 ? 1 : 0)) % those.length];
  model.go({ sel: { kind: "grid", key: next.code } });
  return true;
}

function tab(number) {
  const link = document.querySelectorAll(".tabs a")[number - 1];
  if (!link) return false;
  link.click();
  return true;
}

