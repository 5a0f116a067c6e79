/** Keys of the whole page, and the sheet that lists them. */

import { el } from "./dom.js";
import { t } from "./words.js";

/**
 * Listen; each entry is {keys, label, run}. While a field has the focus, or a list or dialog is
 * open, the keys are theirs.
 */
export function keys(table) {
  const sheet = () => showKeys(table);
  const all = [...table, { keys: ["?"], label: "keys.all", run: sheet }];
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
    const entry = all.find((one) => one.keys.includes(event.key) || one.keys.includes(event.key.toUpperCase()));
    if (!entry || entry.run(event) === false) return;
    event.preventDefault();
  });
  document.getElementById("keys-row")?.addEventListener("click", () => {
    document.getElementById("account").hidePopover();
    sheet();
  });
}

function isTaken({ target }) {
  const isField = target.matches?.("input:not([type=radio]), textarea, select, [contenteditable]");
  return isField || document.querySelector("dialog[open], .menu:popover-open") !== null;
}

function showKeys(table) {
  const rows = [...table, { keys: ["?"], label: "keys.all" }].flatMap(({ keys: names, label }) => [
    el("dt", {}, names.map((name) => el("kbd", {}, t(`key.${name}`) === `key.${name}` ? name : t(`key.${name}`)))), el("dd", {}, t(label)),
  ]);
  const close = el("button.button.dark", { type: "button", on: { click: () => dialog.close() } }, t("close"));
  const dialog = el("dialog.dialog", { "aria-label": t("shell.keys") }, el("h2", {}, t("shell.keys")), el("dl.keys", {}, rows), close);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}
