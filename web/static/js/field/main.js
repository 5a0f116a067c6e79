/** The field page: wires position, question, sheet and, once the answer is there, the map. */

import { carried, icon } from "../dom.js";
import { sheet } from "../panel/sheet.js";
import { search } from "../search.js";
import { setWords, t } from "../words.js";
import { chips, fromText } from "./chips.js";
import { panel } from "./panel.js";
import { locate } from "./position.js";
import { early } from "./question.js";
import { Field } from "./state.js";
import { sunlight } from "./sun.js";

const HALF = 0.57; // the nearest, two more and where one stands
const at = (id) => document.getElementById(id);

setWords(carried("words"));
const field = new Field(carried("page"));
let map = null;
let isAiming = false;

const deeds = { locate: relocate, tap: () => field.tap(true), back: () => field.tap(false), onMap: () => { bottom.rest(0); map?.show(); }, here: () => map?.centre() };
chips(at("chips"), field, deeds);
panel(at("answer"), field, deeds);
const bottom = sheet(at("panel"), at("handle"), () => map?.pad(), HALF);
const find = search(at("search"), field.district.code, pick);
find.field.placeholder = t("field.search");
field.addEventListener("change", from);
field.addEventListener("answer", from);
field.addEventListener("answer", () => { drawn().then(mapped); }, { once: true });
field.addEventListener("change", aim);
at("locate").append(icon("aim", 22));
at("locate").addEventListener("click", relocate);
sunlight(at("sun"));
begin();

/** What was asked before this was loaded. */
async function begin() {
  try {
    const { here, reply } = globalThis.early;
    await field.from(await locate(here), early(reply));
  } catch (problem) {
    field.lost(problem);
  }
}

async function relocate() {
  field.set({ isTapping: false, problem: null, answer: null, place: null });
  try {
    await field.from(await locate());
  } catch (problem) {
    field.lost(problem);
  }
}

/** Start from what was searched; a place without a point is none. */
function pick({ point, name }) {
  if (point) field.from({ kind: "thing", point, accuracy: null, name });
  bottom.rise();
}

/** While one is to tap, the map has the room; why there is no position stays to be read. */
function aim() {
  const { isTapping, problem } = field;
  if (isTapping === isAiming) return;
  isAiming = isTapping;
  at("panel").classList.toggle("aiming", isTapping && !problem);
  bottom.rest(isTapping && !problem ? 0 : 1);
}

/** Where the answer is from, and when it was given: always on screen. */
function from() {
  const { place, answer, isTapping } = field;
  const error = place?.accuracy ? ` ±${place.accuracy} ${t("field.m")}` : "";
  at("from").textContent = isTapping ? t("field.tap_where") : place ? [fromText(place) + error, answer?.at.slice(11)].filter(Boolean).join(" · ") : "";
  at("from").hidden = !place && !isTapping;
}

/** The text is on screen: now there is time for the map. */
function drawn() {
  return new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
}

async function mapped() {
  const { mapOf } = await import("./map.js");
  map = await mapOf(field, at("map"), at("panel"));
}
