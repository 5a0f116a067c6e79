/** What the page tells: in a toast, in a line that counts, beside the thing that went wrong. */

import { el, icon } from "./dom.js";
import { t } from "./words.js";

const STAYS_MS = 10_000;
const QUIET_MS = 300;

/** Say once to a screen reader what has come of it. */
export function announce(text) {
  const live = document.getElementById("live");
  if (live.textContent !== text) live.textContent = text;
}

/** One sentence at the bottom, with what undoes it; it stays while it is pointed at. */
export function toast(text, action = null) {
  const place = document.getElementById("toast");
  const button = action && el("button.link", { type: "button", on: { click: () => { close(); action.run(); } } }, action.label);
  const note = el("div.toast", { role: "status" }, el("span", {}, text), button);
  const close = () => note.remove();
  let timer = setTimeout(close, STAYS_MS);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => { timer = setTimeout(close, STAYS_MS); });
  place.replaceChildren(note);
  return close;
}

/** A line that says what is being done and for how long; nothing for the first moment. */
export function progress(label, since) {
  const line = el("p.progress", { role: "status" });
  const tell = () => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    line.textContent = seconds ? t("progress.count", { label, seconds }) : label;
    line.hidden = Date.now() - since < QUIET_MS;
  };
  tell();
  const timer = setInterval(() => (line.isConnected ? tell() : clearInterval(timer)), 250);
  return line;
}

/** What happened and what to do, beside the thing. Cures: {label, run}. */
export function trouble(problem, ...cures) {
  const text = problem.status === 0 ? t("trouble.offline") : problem.detail || problem.message || t("trouble.ours");
  return el("div.trouble", { role: "alert" }, icon("warn"), el("p", {}, text),
    el("div.cures", {}, cures.map(({ label, run }) =>
      el("button.button", { type: "button", on: { click: run } }, label))));
}

/** What would be here, and why it is not. */
export function empty(text, cure = null) {
  return el("div.empty", {}, el("p", {}, text),
    cure && el("button.button", { type: "button", on: { click: cure.run } }, cure.label));
}
