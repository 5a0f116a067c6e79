/** 户外: ink only, heavier, no tints, for a screen in the sun. The browser keeps the choice. */

import { icon } from "../dom.js";

const YEAR_S = 31_536_000;

export function sunlight(button) {
  const root = document.documentElement;
  button.append(icon("sun", 22));
  button.addEventListener("click", () => {
    const isOn = root.toggleAttribute("data-sun");
    button.setAttribute("aria-pressed", String(isOn));
    document.cookie = `sun=${isOn ? 1 : 0}; path=/; max-age=${YEAR_S}; samesite=lax`;
    themed(root, isOn);
  });
  for (const one of document.querySelectorAll('input[name="theme"]')) one.addEventListener("change", () => {
    document.cookie = `theme=${one.value}; path=/; max-age=${YEAR_S}; samesite=lax`;
    root.dataset.wanted = one.value;
    themed(root, root.hasAttribute("data-sun"));
  });
}

/** In the sun the ground is white, whatever the theme. */
function themed(root, isOn) {
  root.dataset.chosen = isOn ? "light" : root.dataset.wanted;
  dispatchEvent(new Event("theme-chosen"));
}
