/** The one panel: what is asked, the figures, the list; a chosen thing takes the list's place. */

import { bring, bringLink } from "../bring.js";
import { el, render } from "../dom.js";
import { within } from "../figures.js";
import { share } from "../format.js";
import { announce, empty, progress, trouble } from "../tell.js";
import { t } from "../words.js";
import { areaHead } from "./area.js";
import { Filter } from "./filter.js";
import { bands, headline } from "./headline.js";
import { sentence } from "./sentence.js";
import { stationList } from "./stations.js";
import { Thing } from "./thing.js";
import { areaTree } from "./tree.js";

/** Draw the panel and keep it as the model is. Returns its filter and its thing. */
export function panel(model, drawn) {
  const at = (name) => document.getElementById(name);
  const filter = new Filter(model);
  const thing = new Thing(at("thing"), model, drawn);
  let order = "missed";
  const draw = () => {
    sentence(at("ask"), model);
    notes(at("notes"), model);
    const isList = !model.looked;
    at("list").hidden = !isList;
    at("thing").hidden = isList;
    if (isList) list();
    thing.update();
  };
  const list = () => {
    areaHead(at("head"), model);
    headline(at("figures"), model);
    bands(at("bands"), model, filter);
    areaTree(at("tree"), model, order, (next) => { order = next; list(); });
    stationList(at("stations"), model);
  };
  model.addEventListener("change", ({ detail }) => { moved(model, detail.before); draw(); });
  model.addEventListener("figures", () => announce(spoken(model)));
  draw();
  return { filter, thing };
}

/** Another area: from the top of the list, and its figures read out once. */
function moved(model, before) {
  if (before.area === model.state.area && before.minutes === model.state.minutes) return;
  document.getElementById("scroll").scrollTop = 0;
  announce(spoken(model));
}

function spoken(model) {
  const reached = within(model.figures, model.minutes);
  return t("figure.spoken", {
    name: model.area?.name ?? t("shell.all_mine"),
    people: share(reached.people, model.figures.people), buildings: share(reached.buildings, model.figures.buildings),
  });
}

/** What is being worked out, what went wrong, what the address asked for in vain. */
function notes(place, model) {
  const { problem, busy, state } = model;
  const home = { label: t("area.home"), run: () => model.go({ area: null, sel: null }) };
  render(place,
    busy && progress(t("figure.working"), busy.since),
    problem && trouble(problem, { label: t("again"), run: () => model.load() }),
    state.area && !model.area && trouble({ detail: t("area.not_mine") }, home),
    !model.homes.length && empty(t("area.none")),
    model.homes.length && !model.figures.buildings ? empty(t("area.no_buildings"), bring(model, "buildings")) : null,
    model.rows.stations === 0 ? el("p.reason", {}, t(model.stations?.length === 0 ? "figure.no_station_yet" : "figure.no_stations"), " ",
      model.stations?.length === 0 ? bringLink(model, "stations") : null) : null);
}
