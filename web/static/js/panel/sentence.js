/** The conditions as a sentence; each underlined part opens a small list. */

import { el, render } from "../dom.js";
import { moment as inWords, now } from "../format.js";
import { openMenu } from "../menu.js";
import { t, has, parts } from "../words.js";

const EVENING = "19:30";

/** Draw the sentence of the state into its place. */
export function sentence(place, model) {
  const made = { at, profile, minutes, service };
  const key = model.state.at ? "ask.sentence_at" : "ask.sentence";
  render(place, el("p.sentence", {}, parts(key).map((part) =>
    typeof part === "string" ? part : made[part.name](model))));
}

/** The name of a profile in the sentence. */
export function profileName(profile) {
  return has(`ask.profile.${profile.code}`) ? t(`ask.profile.${profile.code}`) : profile.name;
}

function at(model) {
  const today = now(model.district.zone);
  const { at: asked } = model.state;
  const evening = `${today.slice(0, 10)}T${EVENING}`;
  const choices = [
    { label: t("ask.any_time"), note: t("ask.any_time_note"), value: null },
    { label: t("ask.now"), note: today.slice(11), value: today },
    { label: inWords(evening, today, t), value: evening },
  ];
  return part(model, "at", asked ? inWords(asked, today, t) : t("ask.any_time"), t("ask.at"),
    choices.map((one) => ({ ...one, isCurrent: one.value === asked })), (close) => chosenTime(model, close));
}

function chosenTime(model, close) {
  const field = el("input.field", { type: "datetime-local", name: "at", value: model.moment, "aria-label": t("ask.chosen") });
  const take = (event) => {
    event.preventDefault();
    if (!field.value) return;
    close();
    model.go({ at: field.value.slice(0, 16) });
  };
  return el("form.menu-more", { on: { submit: take } }, el("label", {}, t("ask.chosen"), field),
    el("button.button", { type: "submit" }, t("ask.take")));
}

function profile(model) {
  return part(model, "profile", profileName(model.profile), t("ask.who"),
    model.known.profiles.map((one) => ({
      label: profileName(one), value: one.code, isCurrent: one.code === model.state.profile,
      note: `${(one.speed_cm_per_h / 100_000).toFixed(1)} km/h`,
    })));
}

function minutes(model) {
  return part(model, "minutes", t("ask.minutes", { minutes: model.minutes }), t("ask.how_long"),
    model.profile.bands.map((value) => ({
      label: t("ask.minutes", { minutes: value }), value, isCurrent: value === model.minutes,
    })));
}

function service(model) {
  const all = { label: t("ask.any_station"), value: null };
  const named = model.known.services.map((one) => ({ label: one.name, value: one.code }));
  const items = [all, ...named].map((one) => ({ ...one, isCurrent: one.value === model.state.service }));
  const { label } = items.find((one) => one.isCurrent);
  const shown = model.state.service ? t("ask.station_with", { service: label }) : label;
  return part(model, "service", shown, t("ask.what"), items);
}

function part(model, name, shown, label, items, more = null) {
  const change = (value) => model.go({ [name]: value, ...(name === "profile" ? { minutes: null } : {}) });
  const open = ({ currentTarget }) => {
    let close = () => {};
    const tail = more?.(() => close());
    close = openMenu(currentTarget, { label, items, pick: change, more: tail });
  };
  return el("button.ask", {
    type: "button", "data-key": `ask:${name}`, "aria-haspopup": "menu", "aria-expanded": false, on: { click: open },
  }, el("span.unseen", {}, `${label}${t("colon")}`), shown);
}
