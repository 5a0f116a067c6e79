/** Elements of the page. Text enters as text nodes only. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element: `el("button.row", {on: {click}, "aria-pressed": true}, "text", child, null)`.
 * Properties that are null or false are left out; true is an empty attribute.
 */
export function el(selector, props = {}, ...children) {
  const [name, ...classes] = selector.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, key, value) {
  if (key === "on") {
    for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
  } else if (key === "style") {
    for (const [name, text] of Object.entries(value)) node.style.setProperty(name, text);
  } else if (value !== null && value !== undefined && (value !== false || key.startsWith("aria-"))) {
    node.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
  }
}

/** Put these in place of what is there; the focus stays on the element of the same data-key. */
export function render(place, ...children) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  place.replaceChildren(...children.flat().filter(Boolean));
  if (key) place.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** The JSON a page carries in a script block. */
export function carried(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** A sign of one line width, drawn for this project; it says nothing to a screen reader. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 20 20", width: size, height: size, class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false",
  })) svg.setAttribute(key, value);
  for (const d of (ICONS[name] ?? "").split("|")) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

const ICONS = {
  layers: "M10 3 17.5 7 10 11 2.5 7z|M3 10.500l7 3.800 7-3.800|M3 13.700l7 3.800 7-3.800",
  back: "M12.5 4.5 7 10l5.5 5.5",
  next: "M7.5 4.5 13 10l-5.5 5.5",
  down: "M5 7.5l5 5 5-5",
  close: "M5 5l10 10|M15 5 5 15",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14z|M10 6v4.2l2.8 1.8",
  walk: "M11 4.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4z|M6 10l1.5-3L10.5 6 12.5 9 15 10|M10.2 6.5 9.5 11.5 12.5 14 13 18|M9.5 11.5 8 14.5 5.5 18",
  warn: "M10 3.5 17.5 16.5h-15z|M10 8.2v4|M10 14.2v.1",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z|M13 13l4 4",
  building: "M4.5 17V4h7v13|M11.5 8h4v9|M3 17h14|M7 7h2|M7 10h2|M7 13h2",
  compound: "M3.5 4h13v12h-13z|M6.5 7h3v2.5h-3z|M11 11h3v2.5h-3z",
  area: "M3.5 5.5 8 3.5l4.5 2 4-1.5v10.5l-4 2-4.5-2-4.5 1.5z",
  member: "M10 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6z|M4 17c.6-3.4 3-5 6-5s5.400 1.600 6 5",
  keys: "M2.500 5.500h15v9h-15z|M5.500 8.500h.1|M8.500 8.500h.1|M11.500 8.500h.1|M14.500 8.500h.1|M6.500 11.800h7",
  go: "M17 3 3 8.500l6 2.500 2.500 6z",
  aim: "M10 5a5 5 0 1 0 0 10 5 5 0 0 0 0-10z|M10 1.500v3.500|M10 15v3.500|M1.500 10h3.500|M15 10h3.500",
  sun: "M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z|M10 1.500v2|M10 16.500v2|M1.500 10h2|M16.500 10h2|M4 4l1.400 1.400|M14.600 14.600 16 16|M16 4l-1.400 1.400|M5.400 14.600 4 16",
  fit: "M4 8V4h4|M12 4h4v4|M16 12v4h-4|M8 16H4v-4",
};
