/** One field of a form, by its declaration: `set(value, fault)` with every change. */

import { el, icon } from "../dom.js";
import { t } from "../words.js";
import { hoursField } from "./hours-field.js";

/** @param {{type: string, name: string, label: string}} field @param {any} value @param {object} known services, compounds */
export function control(field, value, known, set) {
  return { text, number, choice, list, yes, services, compound, hours }[field.type](field, value, set, known);
}

function labelled(field, input, ...more) {
  return el("label.form-row", {}, el("span", {}, t(field.label), field.isNeeded ? el("i.needed", { "aria-hidden": true }, "*") : null), input, more);
}

function text(field, value, set) {
  const input = el("input.field", { type: "text", name: field.name, value: value ?? "", maxlength: 120, autocomplete: "off", required: field.isNeeded, "data-key": `edit:${field.name}` });
  input.addEventListener("input", () => set(input.value, field.isNeeded && !input.value.trim() ? t("edit.needed") : null));
  return labelled(field, input);
}

function number(field, value, set) {
  const input = el("input.field", { type: "number", name: field.name, value: value ?? "", min: field.least, step: field.step, inputmode: "numeric", "data-key": `edit:${field.name}` });
  input.addEventListener("input", () => {
    const isEmpty = input.value === "" && !input.validity.badInput;
    const isFine = isEmpty ? field.mayEmpty : input.validity.valid;
    set(isEmpty ? null : Number(input.value), isFine ? null : t("edit.not_a_count"));
  });
  return labelled(field, el("span.with-unit", {}, input, el("span.note", {}, t(field.unit))));
}

function choice(field, value, set) {
  const one = ([option, label]) => {
    const input = el("input", { type: "radio", name: field.name, value: option, checked: option === value, "data-key": `edit:${field.name}:${option}` });
    input.addEventListener("change", () => set(option, null));
    return el("label", {}, input, el("span", {}, t(label)));
  };
  return el("fieldset.form-row.segments", {}, el("legend", {}, t(field.label)), el("div", {}, field.options.map(one)));
}

function list(field, value, set) {
  const known = field.options.some(([option]) => option === value) ? field.options : [...field.options, [value, value]];
  const input = el("select.field", { name: field.name, "data-key": `edit:${field.name}` },
    known.map(([option, label]) => el("option", { value: option, selected: option === value }, t(label))));
  input.addEventListener("change", () => set(input.value, null));
  return labelled(field, input);
}

function yes(field, value, set) {
  const input = el("input", { type: "checkbox", name: field.name, checked: Boolean(value), "data-key": `edit:${field.name}` });
  input.addEventListener("change", () => set(input.checked, null));
  return el("label.form-row.check", {}, input, el("span", {}, t(field.label)));
}

/** Services as chips: pressed ones are offered. */
function services(field, value, set, known) {
  let those = [...value];
  const chip = ({ code, name }) => {
    const button = el("button.chip.press", { type: "button", "aria-pressed": those.includes(code), "data-key": `edit:service:${code}` }, icon("check", 12), name);
    button.addEventListener("click", () => {
      those = those.includes(code) ? those.filter((one) => one !== code) : [...those, code].sort();
      button.setAttribute("aria-pressed", String(those.includes(code)));
      set(those, null);
    });
    return button;
  };
  return el("div.form-row", { role: "group", "aria-label": t(field.label) }, el("span", {}, t(field.label)), el("div.chips", {}, known.services.map(chip)));
}

/** The compounds near by, and the one there is. */
function compound(field, value, set, known) {
  const those = known.compounds(value);
  const input = el("select.field", { name: field.name, "data-key": `edit:${field.name}` },
    el("option", { value: "", selected: !value }, t("edit.no_compound")),
    those.map(({ code, name }) => el("option", { value: code, selected: code === value }, name || code)));
  input.addEventListener("change", () => set(input.value || null, null));
  return labelled(field, input);
}

function hours(field, value, set) {
  return el("div.form-row", {}, el("span", {}, t(field.label)), hoursField(value, set));
}
