/** On a phone the panel is a sheet at the bottom: peek, half or full, by hand or by keys. */

import { t } from "../words.js";

const NAMES = ["peek", "half", "full"];
const PEEK = 96;

/** Make the panel a sheet; `resized` is told when it has settled; `half` is its share of the stage at first. */
export function sheet(panel, handle, resized, half = 0.5) {
  const phone = matchMedia("(max-width: 719.98px)");
  const heights = () => [PEEK, Math.round(panel.parentElement.clientHeight * half), panel.parentElement.clientHeight - 8];
  const rest = (index) => {
    const at = Math.max(0, Math.min(2, index));
    panel.dataset.sheet = NAMES[at];
    panel.style.setProperty("--sheet", phone.matches ? `${heights()[at]}px` : "auto");
    handle.setAttribute("aria-valuenow", String(at));
    handle.setAttribute("aria-valuetext", t(`sheet.${NAMES[at]}`));
    resized();
  };
  const index = () => NAMES.indexOf(panel.dataset.sheet);
  drag(panel, handle, heights, rest, index);
  handle.addEventListener("keydown", (event) => {
    const to = { ArrowUp: index() + 1, ArrowDown: index() - 1, Home: 0, End: 2, Enter: (index() + 1) % 3, " ": (index() + 1) % 3 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rest(to);
  });
  addEventListener("resize", () => rest(index()));
  rest(1);
  return { rest, rise: () => { if (phone.matches && index() === 0) rest(1); }, lower: () => { if (phone.matches) rest(0); } };
}

function drag(panel, handle, heights, rest, index) {
  let start = null;
  handle.addEventListener("pointerdown", (event) => {
    start = { y: event.clientY, height: panel.getBoundingClientRect().height, moved: false };
    handle.setPointerCapture(event.pointerId);
    panel.classList.add("held");
  });
  handle.addEventListener("pointermove", (event) => {
    if (!start) return;
    start.moved ||= Math.abs(event.clientY - start.y) > 4;
    const [low, , high] = heights();
    panel.style.setProperty("--sheet", `${Math.max(low, Math.min(high, start.height + start.y - event.clientY))}px`);
  });
  const drop = () => {
    if (!start) return;
    const height = panel.getBoundingClientRect().height;
    const distances = heights().map((one) => Math.abs(one - height));
    panel.classList.remove("held");
    const to = start.moved ? distances.indexOf(Math.min(...distances)) : (index() + 1) % 3;
    start = null;
    rest(to);
  };
  handle.addEventListener("pointerup", drop);
  handle.addEventListener("pointercancel", drop);
}
