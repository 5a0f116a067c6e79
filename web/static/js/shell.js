/** The bar of every page with a map: where one is, language, theme, the tabs by key. */

import { el, icon, render } from "./dom.js";
import { openMenu } from "./menu.js";
import { t } from "./words.js";

const YEAR_S = 31_536_000;

/** Make the account menu, the language switch and the theme work. */
export function shell() {
  for (const id of ["lang", "lang-row"]) keepPlace(document.getElementById(id));
  document.querySelectorAll('input[name="theme"]').forEach((field) =>
    field.addEventListener("change", () => chooseTheme(field.value)));
}

/** The other language shows the same place: the address is taken at the press. */
function keepPlace(link) {
  link.addEventListener("click", () => {
    const asked = new URLSearchParams(location.search);
    asked.set("lang", link.lang);
    link.href = `${location.pathname}?${asked}${location.hash}`.replaceAll("%3A", ":");
  });
}

function chooseTheme(name) {
  document.cookie = `theme=${name}; path=/; max-age=${YEAR_S}; samesite=lax`;
  document.documentElement.dataset.chosen = name;
  dispatchEvent(new Event("theme-chosen"));
}

/** The theme that is shown. */
export function theme() {
  return document.documentElement.dataset.theme;
}

/** District › area ▾: a press lists the areas one may show. */
export function crumbs(model) {
  const place = document.getElementById("crumbs");
  const draw = () => render(place,
    el("span.crumb-home", {}, model.district.name), el("span.sep", { "aria-hidden": true }, "›"),
    el("button.crumb", { type: "button", "data-key": "crumb", "aria-haspopup": "menu", "aria-expanded": false, on: { click: open } },
      shownName(model), icon("down", 14)));
  const open = ({ currentTarget }) => openMenu(currentTarget, {
    label: t("shell.areas"), items: choices(model), pick: (area) => model.go({ area, sel: null }),
  });
  model.addEventListener("change", draw);
  draw();
  document.querySelectorAll(".tabs a").forEach((link) => link.addEventListener("click", () => {
    link.search = model.area ? `area=${encodeURIComponent(model.area.code)}` : ""; // the other page shows the same area
  }));
}

/** The chosen area; without one the whole district, one's only area, or all of them. */
function shownName(model) {
  const only = model.homes.length === 1 ? model.byCode.get(model.homes[0]) : null;
  const shown = model.area ?? only;
  if (!shown) return t("shell.all_mine");
  return shown.level === "district" ? t("shell.whole") : shown.name;
}

/** All of one's own, then the areas on the way to the chosen one and beside it. */
function choices(model) {
  const current = model.area?.code ?? null;
  const opened = new Set(current ? model.path(current) : model.homes);
  const rows = (codes, indent) => codes.flatMap((code) => [
    { label: model.byCode.get(code).name, value: code, isCurrent: code === current, indent },
    ...(opened.has(code) ? rows(model.below.get(code), indent + 1) : []),
  ]);
  const [only] = model.homes;
  const top = model.homes.length === 1 ? model.below.get(only) ?? [] : model.homes;
  return [{ label: t("shell.all_mine"), value: null, isCurrent: !current }, ...rows(top, 0)];
}
