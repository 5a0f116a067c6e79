/** The coverage page: wires the panel, the search, the keys and the map to one model. */

import { get } from "./api.js";
import { carried } from "./dom.js";
import { speed } from "./format.js";
import { keys } from "./keys.js";
import { layers } from "./layers.js";
import { mapOf } from "./map-of.js";
import { mending } from "./mending.js";
import { Model } from "./model.js";
import { panel } from "./panel/panel.js";
import { profileName } from "./panel/sentence.js";
import { sheet } from "./panel/sheet.js";
import { search } from "./search.js";
import { crumbs, shell } from "./shell.js";
import { setWords, t } from "./words.js";

setWords(carried("words"));
const model = new Model(carried("page"));
const at = (id) => document.getElementById(id);
const tabs = [...document.querySelectorAll(".tabs a")];
const isLinked = model.state.view !== null;
let map = null;
let shown = [null, null];

shell();
crumbs(model);
const { filter } = panel(model, (...those) => { shown = those; map?.thing(...those); });
const bottom = sheet(at("panel"), at("handle"), () => map?.pad());
const find = search(at("search"), model.district.code, pick);
model.addEventListener("change", foot);
foot();
stations();
const mend = mending(model, { map: () => map, stations, rise: () => bottom.rise(), lower: () => bottom.lower() });

keys([
  { keys: ["/"], label: "keys.search", run: () => find.focus() },
  { keys: ["Escape"], label: "keys.back", run: back },
  { keys: ["F"], label: "keys.fit", run: () => map?.fit() },
  { keys: ["+", "="], label: "keys.closer", run: () => map?.zoom(1) },
  { keys: ["-"], label: "keys.farther", run: () => map?.zoom(-1) },
  ...mend.keys,
  { keys: tabs.map((_, i) => String(i + 1)), label: "keys.tabs", run: ({ key }) => tab(Number(key)) },
]);

at("closer").addEventListener("click", () => map?.zoom(1));
at("farther").addEventListener("click", () => map?.zoom(-1));
map = await mapOf(model, filter, { chosen: () => bottom.rise() });
if (map) layers(map.view, carried("page").basemap, { asked: model.state.layers, chosen: (name) => model.go({ layers: name }) });
if (shown[0]) map?.thing(...shown, isLinked);
mend.ready();

/** A result of the search: a thing is chosen, a place is shown. */
function pick(result) {
  if (result.kind === "building" || result.kind === "station") {
    model.go({ sel: { kind: result.kind, id: result.id } });
    map?.flyTo(result.point);
  } else if (result.kind === "area") {
    model.go({ area: result.code, sel: null });
  } else if (result.kind === "member") {
    location.assign(`/${model.district.code}/assignment?sel=member:${result.id}`);
  } else {
    map?.show(result);
  }
  bottom.rise();
}

/** One step back: the thing, then what is filtered, then the area. */
function back() {
  const { sel, area } = model.state;
  if (mend.back()) return true;
  if (sel) model.go({ sel: null });
  else if (filter.size) filter.clear();
  else if (area) model.go({ area: model.above() });
  else return false;
  return true;
}

function tab(number) {
  tabs[number - 1].click();
}

function foot() {
  const walker = model.profile;
  at("foot").textContent = t("foot", {
    profile: profileName(walker), speed: speed(walker.speed_cm_per_h), date: model.district.data_date,
  });
}

async function stations() {
  const asked = { at: model.state.at };
  try {
    const found = await get(`/api/${model.district.code}/stations`, asked);
    model.show({ stations: found.stations });
    model.dispatchEvent(new Event("stations"));
  } catch (problem) {
    model.show({ problem });
  }
}
