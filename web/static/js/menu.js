/** A small list under a button: one choice, by mouse, touch and keys. */

import { el, icon } from "./dom.js";

/**
 * Open a list under its button. Items: {label, note, value, isCurrent, href}; `more` is an element
 * that comes last. Esc, a press outside and a choice close it; the focus goes back to the button.
 */
export function openMenu(anchor, { label, items, pick, more = null }) {
  const rows = items.map((item) => row(item, () => { close(); pick(item.value); }));
  const menu = el("div.menu", { popover: "auto", role: "menu", "aria-label": label }, rows, more);
  const close = () => menu.hidePopover();
  const button = () => (anchor.isConnected ? anchor : document.querySelector(`[data-key="${CSS.escape(anchor.dataset.key)}"]`)); // drawn anew meanwhile
  menu.addEventListener("keydown", (event) => step(event, rows));
  menu.addEventListener("toggle", (event) => {
    button()?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") menu.remove();
  });
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed" && menu.contains(document.activeElement)) button()?.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, anchor.getBoundingClientRect());
  (rows.find((one) => one.getAttribute("aria-checked") === "true") ?? rows[0])?.focus();
  return close;
}

function row({ label, note, isCurrent, indent = 0 }, run) {
  return el("button.menu-row", {
    type: "button", role: "menuitemradio", "aria-checked": Boolean(isCurrent), tabindex: -1,
    style: { "--indent": indent }, on: { click: run },
  }, isCurrent ? icon("check", 16) : el("span.icon"), el("span.menu-label", {}, label),
  note ? el("span.menu-note", {}, note) : null);
}

function step(event, rows) {
  const at = rows.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || at === -1) return;
  event.preventDefault();
  rows[(to + rows.length) % rows.length].focus();
}

/** Under the button, inside the window; above it where there is no room below. */
function place(menu, box) {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const isRoom = box.bottom + 6 + height < innerHeight - 8;
  const top = isRoom ? box.bottom + 6 : Math.max(8, box.top - height - 6);
  Object.assign(menu.style, { left: `${left}px`, top: `${top}px` });
}
