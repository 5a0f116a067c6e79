/** Search by name, a part of it, or pinyin initials: a field with a list under it. */

import { get } from "./api.js";
import { el, icon, render } from "./dom.js";
import { announce, trouble } from "./tell.js";
import { t, has } from "./words.js";

const WAIT_MS = 120;
const MOST = 12;

/** Make the search; `pick(result)` is told what was chosen. */
export function search(place, district, pick) {
  return new Search(place, district, pick);
}

class Search {
  results = [];
  at = -1;

  constructor(place, district, pick) {
    Object.assign(this, { district, pick });
    this.list = el("div.results", { id: "results", role: "listbox", "aria-label": t("search.results"), hidden: true });
    this.field = el("input", {
      type: "search", role: "combobox", placeholder: t("nav.search"), "aria-label": t("nav.search"), autocomplete: "off",
      spellcheck: "false", enterkeyhint: "search", "aria-expanded": false, "aria-controls": "results", "aria-autocomplete": "list",
      maxlength: 60, on: { input: () => this.typed(), focus: () => this.show(this.results.length > 0 && this.asked !== ""), keydown: (event) => this.key(event) },
    });
    place.append(el("label.search-box", {}, icon("search", 16), this.field, el("kbd", { "aria-hidden": true }, "/")), this.list);
    place.addEventListener("focusout", ({ relatedTarget }) => { if (!place.contains(relatedTarget)) this.show(false); });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get asked() {
    return this.field.value.trim();
  }

  focus() {
    this.field.focus();
    this.field.select();
  }

  typed() {
    this.results = []; // of another question: Enter does not mean them
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  show(isOpen) {
    this.list.hidden = !isOpen;
    this.field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.mark(-1);
  }

  mark(at) {
    this.at = at;
    [...this.list.querySelectorAll(".result")].forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    const marked = this.list.querySelector('[aria-selected="true"]');
    marked?.scrollIntoView({ block: "nearest" });
    if (marked) this.field.setAttribute("aria-activedescendant", marked.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  choose(result) {
    this.show(false);
    this.field.value = "";
    this.field.blur();
    this.pick(result);
  }

  /** Ask; a newer question ends this one. Enter pressed before the answer means its first line. */
  async ask({ isFirstMeant = false } = {}) {
    clearTimeout(this.timer);
    this.asking?.abort();
    const q = this.asked;
    if (!q) return this.show(false);
    const asking = (this.asking = new AbortController());
    try {
      this.draw(q, (await get(`/api/${this.district}/search`, { q, limit: MOST }, asking.signal)).results);
    } catch (problem) {
      if (problem.name === "AbortError") return undefined;
      render(this.list, trouble(problem, { label: t("again"), run: () => this.ask() }));
    }
    if (isFirstMeant && this.results.length) return this.choose(this.results[0]);
    return this.show(true);
  }

  draw(q, results) {
    this.results = results;
    const none = t("search.none", { q });
    render(this.list, results.length ? results.map((one, i) => row(one, i, () => this.choose(one))) : el("p.none", {}, none));
    announce(results.length ? t("search.found", { n: results.length }) : none);
    this.mark(results.length ? 0 : -1);
  }

  key(event) {
    if (event.isComposing) return;
    const n = this.list.hidden ? 0 : this.results.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.leave(event);
    else if (event.key === "Enter" && n) this.choose(this.results[Math.max(0, this.at)]);
    else if (event.key === "Enter") this.ask({ isFirstMeant: true });
    else if (n && step) this.mark((this.at + step + n) % n);
    else return;
    event.preventDefault();
  }

  /** Esc closes the list, and then leaves the field; it means nothing more to the page. */
  leave(event) {
    if (this.list.hidden) this.field.blur();
    this.show(false);
    event.stopPropagation();
  }
}

function row(one, i, run) {
  const [from, to] = one.match ?? [0, 0];
  const kind = one.kind === "area" ? t(`level.${one.level}`) : t(`search.${one.kind}`);
  return el("button.result", { type: "button", role: "option", id: `result-${i}`, "aria-selected": false, tabindex: -1, on: { click: run } },
    icon(has(`search.${one.kind}`) ? one.kind : "area", 18),
    el("span.row-text", {}, el("b", {}, one.name.slice(0, from), el("mark", {}, one.name.slice(from, to)), one.name.slice(to)),
      el("span.note", {}, one.where)), el("span.note.kind", {}, kind));
}
