/** The conditions of the answer, each a chip: open now, which service, from where. */

import { el, icon, render } from "../dom.js";
import { openMenu } from "../menu.js";
import { t } from "../words.js";

export function chips(place, field, { locate }) {
  const draw = () => render(place, open(field), service(field), from(field, locate));
  field.addEventListener("change", draw);
  field.addEventListener("answer", draw);
  draw();
}

function open(field) {
  return el("button.chip-button", {
    type: "button", "data-key": "open", "aria-pressed": field.isOnlyOpen, on: { click: () => field.set({ isOnlyOpen: !field.isOnlyOpen, code: null }, "answer") },
  }, field.isOnlyOpen ? icon("check", 16) : null, t("field.open"));
}

function service(field) {
  const items = [{ code: null, name: t("field.all_services") }, ...field.services].map(({ code, name }) => ({
    label: name, value: code, isCurrent: code === field.service,
  }));
  return menu("service", items.find((one) => one.isCurrent).label, t("field.service"), items, (code) => {
    field.service = code;
    field.again();
    if (!field.place) field.tell("change");
  });
}

/** From where; the text is where the answer is from. */
export function fromText(place) {
  return { phone: t("field.from_here"), map: t("field.from_map"), thing: t("field.from_thing", { name: place?.name }) }[place?.kind] ?? t("field.from_where");
}

function from(field, locate) {
  const kind = field.isTapping ? "map" : field.place?.kind;
  const items = [
    { label: t("field.from_here"), value: "phone", isCurrent: kind === "phone" },
    { label: t("field.tap"), value: "map", isCurrent: kind === "map" },
  ];
  return menu("from", field.isTapping ? t("field.tap") : fromText(field.place), t("field.from_where"), items,
    (value) => (value === "phone" ? locate() : field.tap(true)));
}

function menu(key, text, label, items, pick) {
  return el("button.chip-button", {
    type: "button", "data-key": key, "aria-haspopup": "menu", "aria-expanded": false,
    on: { click: ({ currentTarget }) => openMenu(currentTarget, { label, items, pick }) },
  }, el("span", {}, text), icon("down", 14));
}
