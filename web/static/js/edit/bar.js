/** The bar of tools above the map, and the line that says how the work stands. */

import { el, render } from "../dom.js";
import { t } from "../words.js";

/** The tools; `pick(tool)` when one is pressed, `close()` to leave. */
export function toolBar(stage, tools, pick, close) {
  const bar = el("div.edit-tools", { role: "toolbar", "aria-label": t("edit.tools") });
  stage.append(bar);
  const draw = (current) => render(bar, tools.map((tool) => el("button.tool", {
    type: "button", "aria-pressed": tool.name === current, "data-key": `tool:${tool.name}`, title: `${t(`edit.tool.${tool.name}`)} ${tool.key}`,
    "aria-keyshortcuts": tool.key, on: { click: () => pick(tool) },
  }, sign(tool.name), el("span", {}, t(`edit.tool.${tool.name}`)), el("kbd", { "aria-hidden": true }, tool.key))),
  el("button.tool.done", { type: "button", "data-key": "tool:close", title: `${t("edit.close")} E`, on: { click: close } }, t("edit.close")));
  const show = (current) => { draw(current); bar.querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest", inline: "center" }); };
  bar.addEventListener("keydown", (event) => along(event, bar));
  return { draw: show, remove: () => bar.remove() };
}

function along(event, bar) {
  const buttons = [...bar.children];
  const at = buttons.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  buttons[(to + buttons.length) % buttons.length].focus();
}

/** What is being drawn: a sentence, and one step back, giving up, the end. */
export function workBar(stage, { back, giveUp, end }) {
  const text = el("span.work-text", { role: "status" });
  const button = (look, title, key, run) => el(look, { type: "button", title, on: { click: run } }, t(key));
  const many = [button("button.button", "⌫", "edit.corner_back", back), button("button.button.dark", "Enter", "edit.finish", end)];
  const bar = el("div.work", { hidden: true, role: "group", "aria-label": t("edit.work") }, el("i.work-dot"), text,
    many[0], button("button.button", "Esc", "edit.give_up", giveUp), many[1]);
  stage.append(bar);
  return {
    /** Say it; null: nothing is drawn. `hasMany`: it takes more than one corner. */
    tell(said, isFault = false, hasMany = true) {
      bar.hidden = said === null;
      text.textContent = said ?? "";
      for (const one of many) one.hidden = !hasMany;
      bar.classList.toggle("fault", isFault);
    },
    remove: () => bar.remove(),
  };
}

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = {
  choose: "M5 3l10 7-4.600 1 2.600 5-2 1-2.600-5-3.400 3.200z",
  station: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z|M10 8.400a1.600 1.600 0 1 0 0 3.200 1.600 1.600 0 0 0 0-3.200z",
  building: "M4.500 17V4h7v13|M11.500 8h4v9|M3 17h14|M7 7h2|M7 10h2|M7 13h2",
  compound: "M3.500 4h13v12h-13z|M6.500 7h3v2.500h-3z|M11 11h3v2.500h-3z",
  gate: "M4 17V5|M16 17V5|M4 8h12|M7 17v-6h6v6",
  footpath: "M4 17c0-5 5-3 5-7s5-3 7-7",
  bridge: "M2.500 12h15|M4.500 12v4|M15.500 12v4|M4.500 12c2-5 9-5 11 0",
  crossing: "M4 5v10|M8 5v10|M12 5v10|M16 5v10",
  barrier: "M2.500 7h15v8h-15z|M2.500 11h15|M7 7v4|M13 7v4|M10 11v4",
};

function sign(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: 18, height: 18, class: "icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  for (const d of SIGNS[name].split("|")) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
