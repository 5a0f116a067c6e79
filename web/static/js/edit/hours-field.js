/** Opening hours as rows of days: workdays, weekend, holidays; past midnight too; the text for experts. */

import { el, icon, render } from "../dom.js";
import { t } from "../words.js";
import { clock, DAY, faultOf, LAYOUTS, layoutOf, read, span, write } from "../week.js";

const USUAL = [[540, 1080]];

/** The field; `changed(text, fault)` with every change, the fault as a text or null. */
export function hoursField(text, changed) {
  const place = el("div.hours", { role: "group", "aria-label": t("station.hours") });
  const state = { week: read(text) ?? { days: Array(7).fill([]), holiday: null }, text, layout: null };
  state.layout = layoutOf(state.week);
  const draw = () => render(place, layoutChooser(state, draw), ...rows(state, tell), holiday(state, draw, tell), expert(state, draw, changed));
  const tell = (isNew = true) => {
    const fault = [...state.week.days, state.week.holiday ?? []].map(faultOf).find(Boolean) ?? null;
    if (!fault) state.text = write(state.week);
    if (isNew) draw();
    changed(state.text, fault && t(fault));
  };
  draw();
  return place;
}

function layoutChooser(state, draw) {
  const box = el("select.field", { "aria-label": t("edit.hours.layout"), "data-key": "hours:layout" },
    Object.keys(LAYOUTS).map((name) => el("option", { value: name, selected: name === state.layout }, t(`edit.hours.layout_${name}`))));
  box.addEventListener("change", () => {
    state.layout = box.value;
    for (const row of LAYOUTS[state.layout]) for (const day of row) state.week.days[day] = state.week.days[row[0]];
    draw();
  });
  return box;
}

function rows(state, tell) {
  return LAYOUTS[state.layout].map((days) => row(nameOf(days), state.week.days[days[0]], days.join(""), (spans) => {
    for (const day of days) state.week.days[day] = spans;
    tell();
  }));
}

/** Weekdays, weekend, every day, or one day. */
function nameOf(days) {
  if (days.length === 7) return t("hours.daily");
  if (days.length === 5) return t("edit.hours.workdays");
  return days.length === 2 ? t("edit.hours.weekend") : t(`hours.day${days[0]}`);
}

/** A row of days: its spans, what adds one, what shuts it. */
function row(name, spans, key, set) {
  const fault = faultOf(spans);
  const isAlways = spans.length === 1 && spans[0][0] === 0 && spans[0][1] === DAY;
  const choice = el("select.field", { "aria-label": t("edit.hours.of", { name }), "data-key": `hours:${key}` },
    ["open", "always", "off"].map((one) => el("option", { value: one, selected: one === (isAlways ? "always" : spans.length ? "open" : "off") }, t(`edit.hours.${one}`))));
  choice.addEventListener("change", () => set({ open: USUAL, always: [[0, DAY]], off: [] }[choice.value]));
  return el("div.hours-row", {}, el("span.hours-days", {}, name), choice,
    isAlways || !spans.length ? null : el("div.spans", {}, spans.map((one, i) => spanFields(one, `${key}.${i}`, name, (next) => set(spans.map((was, k) => (k === i ? next : was))), spans.length > 1 ? () => set(spans.filter((_, k) => k !== i)) : null)),
      el("button.link.quiet", { type: "button", "data-key": `hours:${key}:more`, on: { click: () => set([...spans, following(spans)]) } }, t("edit.hours.more"))),
    fault ? el("p.field-fault", { role: "alert" }, icon("warn", 14), t(fault)) : null);
}

/** A span after the others of a day. */
function following(spans) {
  const last = Math.max(...spans.map(([, to]) => to));
  return last <= 1260 ? [last + 60, Math.min(last + 180, DAY)] : [360, 480];
}

function spanFields(one, key, name, set, remove) {
  const [from, to] = one;
  const field = (at, minute, label) => {
    const input = el("input.field", { type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 5, value: clock(minute > DAY ? minute - DAY : minute), "data-key": `hours:${key}:${at}`, "aria-label": t(label, { name }) });
    input.addEventListener("change", () => {
      const minutes = minutesOf(input.value);
      input.setAttribute("aria-invalid", String(minutes === null));
      if (minutes !== null) set(at === "from" ? spanOf(minutes, to > DAY ? to - DAY : to) : spanOf(from, minutes || DAY));
    });
    return input;
  };
  return el("div.span", {}, field("from", from, "edit.hours.from"), "–", field("to", to, "edit.hours.to"),
    to > DAY ? el("span.chip", {}, t("edit.hours.next_day")) : null,
    remove ? el("button.back", { type: "button", "aria-label": t("edit.hours.less"), title: t("edit.hours.less"), on: { click: remove } }, icon("close", 14)) : null);
}

/** A span of two clocks; of one and the same it has no length, which is told. */
function spanOf(from, to) {
  return span(from, to) ?? [from, from];
}

/** Minutes of a clock as people write it: 8:30, 0830, 8；24:00 is the end of the day. Null: it is none. */
export function minutesOf(text) {
  const found = /^(\d{1,2})(?:[:：.]?([0-5]\d))?$/.exec(text.trim().normalize("NFKC"));
  const minutes = found ? Number(found[1]) * 60 + Number(found[2] ?? 0) : NaN;
  return minutes <= DAY ? minutes : null;
}

/** Holidays are as any day, or have hours of their own. */
function holiday(state, draw, tell) {
  const { week } = state;
  const own = el("input", { type: "checkbox", checked: week.holiday !== null, "data-key": "hours:holiday" });
  own.addEventListener("change", () => { week.holiday = own.checked ? [] : null; tell(); });
  return el("div", {}, el("label.check", {}, own, el("span", {}, t("edit.hours.holiday"))),
    week.holiday ? row(t("edit.hours.holidays"), week.holiday, "PH", (spans) => { week.holiday = spans; tell(); }) : null);
}

/** The text as OpenStreetMap writes it, for who knows it. */
function expert(state, draw, changed) {
  const wasOpen = state.isExpert;
  const input = el("input.field", { type: "text", value: state.text, spellcheck: "false", "data-key": "hours:text", "aria-label": t("edit.hours.text"), maxlength: 500 });
  const told = el("p.field-fault", { role: "alert", hidden: true }, icon("warn", 14), t("edit.hours.not_read"));
  input.addEventListener("change", () => {
    const week = read(input.value.trim());
    told.hidden = week !== null;
    if (!week) return changed(state.text, t("edit.hours.not_read"));
    Object.assign(state, { week, text: input.value.trim(), layout: layoutOf(week) });
    draw();
    return changed(state.text, null);
  });
  const box = el("details.expert", { open: wasOpen }, el("summary", { "data-key": "hours:expert" }, el("span.note", {}, t("edit.hours.text")), el("code", {}, state.text), icon("down", 14)), input, told);
  box.addEventListener("toggle", () => { state.isExpert = box.open; });
  return box;
}
