/** Search by name, a part of it, or pinyin initials: a field with a list under it. */

import { get } from "./api.js";
import { el, icon, render } from "./dom.js";
import { announce, trouble } from "./tell.js";
import { t, has } from "./words.js";

const WAIT_MS = 120;
const MOST = 12;

/** Make the search; `pick(result)` is told what was chosen. */
export function search(place, district, pick) {
  const list = el("div.results", { id: "results", role: "listbox", "aria-label": t("search.results"), hidden: true });
  const field = el("input", {
    type: "search", role: "combobox", placeholder: t("nav.search"), "aria-label": t("nav.search"), autocomplete: "off",
    spellcheck: "false", enterkeyhint: "search", "aria-expanded": false, "aria-controls": "results", "aria-autocomplete": "list",
    maxlength: 60,
  });
  const box = el("label.search-box", {}, icon("search", 16), field, el("kbd", { "aria-hidden": true }, "/"));
  place.append(box, list);
  const state = { results: [], at: -1, timer: 0, asking: null };
  const show = (isOpen) => {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(-1);
  };
  const mark = (at) => {
    state.at = at;
    [...list.querySelectorAll(".result")].forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    const row = list.querySelector('[aria-selected="true"]');
    row?.scrollIntoView({ block: "nearest" });
    if (row) field.setAttribute("aria-activedescendant", row.id); else field.removeAttribute("aria-activedescendant");
  };
  const choose = (result) => {
    if (!result) return;
    show(false);
    field.value = "";
    field.blur();
    pick(result);
  };
  const ask = async () => {
    state.asking?.abort();
    const q = field.value.trim();
    if (!q) return show(false);
    const asking = (state.asking = new AbortController());
    try {
      const { results } = await get(`/api/${district}/search`, { q, limit: MOST }, asking.signal);
      state.results = results;
      render(list, results.length ? results.map((one, i) => row(one, i, () => choose(one))) : el("p.none", {}, t("search.none", { q })));
      announce(results.length ? t("search.found", { n: results.length }) : t("search.none", { q }));
      show(true);
      mark(results.length ? 0 : -1);
    } catch (problem) {
      if (problem.name === "AbortError") return undefined;
      render(list, trouble(problem, { label: t("again"), run: ask }));
      show(true);
    }
    return undefined;
  };
  field.addEventListener("input", () => { clearTimeout(state.timer); state.timer = setTimeout(ask, WAIT_MS); });
  field.addEventListener("focus", () => { if (field.value.trim() && state.results.length) show(true); });
  field.addEventListener("keydown", (event) => onKey(event, state, { list, mark, choose, show, field, ask }));
  place.addEventListener("focusout", ({ relatedTarget }) => { if (!place.contains(relatedTarget)) show(false); });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  return { focus: () => { field.focus(); field.select(); } };
}

function onKey(event, state, { list, mark, choose, show, field, ask }) {
  if (event.isComposing) return;
  const n = list.hidden ? 0 : state.results.length;
  if (event.key === "Escape") {
    if (list.hidden) field.blur();
    show(false);
    event.stopPropagation();
  } else if (event.key === "Enter") {
    if (n) choose(state.results[Math.max(0, state.at)]); else ask();
  } else if (n && event.key === "ArrowDown") mark((state.at + 1) % n);
  else if (n && event.key === "ArrowUp") mark((state.at - 1 + n) % n);
  else return;
  event.preventDefault();
}

function row(one, i, run) {
  const [from, to] = one.match ?? [0, 0];
  const kind = one.kind === "area" ? t(`level.${one.level}`) : t(`search.${one.kind}`);
  return el("button.result", { type: "button", role: "option", id: `result-${i}`, "aria-selected": false, tabindex: -1, on: { click: run } },
    icon(has(`search.${one.kind}`) ? one.kind : "area", 18),
    el("span.row-text", {}, el("b", {}, one.name.slice(0, from), el("mark", {}, one.name.slice(from, to)), one.name.slice(to)),
      el("span.note", {}, one.where)), el("span.note.kind", {}, kind));
}
