/** The button of layers: what lies under the map. A browser remembers its choice; an address may name one. */

import { el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { theme } from "./shell.js";
import { toast } from "./tell.js";
import { t } from "./words.js";

const KEPT = "yige.layers";
const LABELS = { vec: "cva", img: "cia" };

/** The sets of `/basemap` that a choice means, from below. @param {string} name @param {string[]} sets */
export function setsOf(name, sets) {
  const [kind, plain] = (name ?? "own").split(".");
  const wanted = kind === "own" ? [] : [kind, ...(plain ? [] : [LABELS[kind]])];
  return sets.includes(kind) ? wanted.filter((one) => sets.includes(one)) : [];
}

/**
 * @param {object} view of the map @param {?{kind: string, sets: string[], bounds: number[]}} basemap
 * @param {{asked?: ?string, chosen?: (name: ?string) => void}} [address]
 */
export function layers(view, basemap, { asked = null, chosen = () => {} } = {}) {
  const button = document.getElementById("layers");
  if (!basemap || !button || !view.hasBackground) return;
  const credit = document.getElementById("credit");
  let name = asked ?? localStorage.getItem(KEPT) ?? "own";
  let isTold = false;

  const draw = () => {
    const sets = setsOf(name, basemap.sets);
    isTold = false;
    view.setBackground(sets, basemap, theme());
    credit.textContent = t(`map.credit_${basemap.kind}`);
    credit.hidden = sets.length === 0;
  };
  const choose = (next) => {
    name = next;
    localStorage.setItem(KEPT, name);
    chosen(name === "own" ? null : name);
    draw();
  };
  const open = () => openMenu(button, {
    label: t("map.layers"), more: labelled(name, basemap.sets, choose),
    items: ["own", "vec", "img"].filter((one) => one === "own" || basemap.sets.includes(one)).map((one) => ({
      label: t(one === "own" ? "map.own" : `map.${one}_${basemap.kind}`), value: one, isCurrent: name.split(".")[0] === one,
    })),
    pick: choose,
  });
  view.addEventListener("background", () => {
    if (!isTold) toast(t("map.background_down"));
    isTold = true;
  });
  addEventListener("theme", draw);
  button.append(icon("layers"));
  button.addEventListener("click", open);
  button.hidden = false;
  draw();
}

/** The switch of labels, where the chosen background has some. */
function labelled(name, sets, choose) {
  const [kind, plain] = name.split(".");
  if (!sets.includes(LABELS[kind])) return null;
  const field = el("input", { type: "checkbox", checked: !plain });
  field.addEventListener("change", () => choose(field.checked ? kind : `${kind}.plain`));
  return el("label.menu-check", {}, field, t("map.labels"));
}
