/** The panel: what stands in it as the model is. */

import { el, render } from "../dom.js";
import { announce } from "../tell.js";
import { t } from "../words.js";
import { deeds, done } from "./done.js";
import { head, preview } from "./preview.js";
import { out } from "./out.js";
import { past } from "./past.js";
import { start } from "./start.js";

/** Draw the panel, and anew whenever the model changes; what one types in stays. */
export function panel(model) {
  const scroll = document.getElementById("scroll");
  const bottom = document.getElementById("deeds");
  const takingOut = out(model);
  let view = null;
  const draw = () => {
    const those = { start: () => start(model), preview: () => preview(model), done: () => done(model) }[model.view]();
    const typed = typing(scroll);
    render(scroll, title(model), those, model.view === "preview" ? null : past(model), model.view === "start" ? takingOut : null);
    render(bottom, deeds(model));
    const again = typed && scroll.querySelector(`[data-key="${CSS.escape(typed.key)}"]`);
    if (again) again.value = typed.text;
    bottom.hidden = !bottom.childElementCount;
    if (model.view !== view) moved(model, scroll);
    view = model.view;
  };
  model.addEventListener("change", draw);
  model.addEventListener("chosen", ({ detail }) => detail.isOnMap && scroll.querySelector('tr[aria-selected="true"]')?.scrollIntoView({ block: "center" }));
  draw();
}

/** What somebody is typing just now: an answer that comes meanwhile must not take it away. */
function typing(place) {
  const field = document.activeElement;
  if (!place.contains(field) || !field.matches("input:not([type])")) return null;
  return { key: field.dataset.key, text: field.value };
}

function title(model) {
  if (model.view === "preview") return head(model);
  return el("header.section.imports-head", {}, el("h1", { tabindex: -1 }, t(model.facts.kinds.length ? "nav.imports" : "imports.out")));
}

/** Another view begins at its top, and says its name once. */
function moved(model, scroll) {
  scroll.scrollTop = 0;
  document.getElementById("panel").dataset.view = model.view;
  announce(scroll.querySelector("h1")?.textContent ?? "");
  model.tell("moved");
}
