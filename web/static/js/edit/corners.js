/** Corners that can be taken up: by mouse, by finger, and by the arrow keys. */

import { el } from "../dom.js";
import { t } from "../words.js";
import { lattice, moved } from "./plane.js";
import { latLng, place } from "./sketch.js";

const STEP_M = 5;
const LARGE_M = 50;
const MOST = 200;
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** How far an arrow key moves, in metres east and north; null: it is none. */
export function stepOf({ key, shiftKey }) {
  const step = shiftKey ? LARGE_M : STEP_M;
  return ARROWS[key]?.map((one) => one * step) ?? null;
}

/**
 * A thing of one place, in the hand: `moving(place)` while it moves and answers where it is drawn
 * to, `dropped(place)` when it is let go, `givenUp()` with Esc, `left(place)` where the focus goes on.
 */
export function grip(at, html, label, { moving, dropped, givenUp, left = givenUp }) {
  const icon = L.divIcon({ className: "grip-at", iconSize: [44, 44], html });
  const marker = L.marker(latLng(at), { icon, draggable: true, keyboard: true, pane: "edit", autoPan: true, zIndexOffset: 1000 });
  let held = null;
  marker.on("drag", () => { held = moving(lattice(place(marker.getLatLng()))); });
  marker.on("dragend", () => { const to = held; held = null; if (to) { marker.setLatLng(latLng(to)); dropped(to); } });
  marker.on("add", () => {
    const node = marker.getElement();
    node.setAttribute("aria-label", label);
    node.title = label;
    node.addEventListener("blur", () => { if (held) { const to = held; held = null; marker.setLatLng(latLng(at)); left(to); } });
    node.addEventListener("keydown", (event) => {
      const step = stepOf(event);
      if (step) {
        held = moving(moved(held ?? at, ...step));
        marker.setLatLng(latLng(held));
      } else if (event.key === "Enter" && held) {
        const to = held;
        held = null;
        dropped(to);
      } else if (event.key === "Escape" && held) {
        held = null;
        marker.setLatLng(latLng(at));
        givenUp();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
  });
  return marker;
}

/** Handles of all corners, and between them what makes new ones. `change(points)` when let go. */
export function handles(points, isRing, view, { moving, change }) {
  const near = points.length > MOST ? points.map((_, i) => i).filter((i) => view.contains(latLng(points[i]))) : points.map((_, i) => i);
  const replaced = (i, at) => points.map((one, k) => (k === i ? at : one));
  const corners = near.map((i) => {
    const marker = grip(points[i], el("span.corner"), t("edit.corner", { n: i + 1 }), {
      moving: (at) => moving(replaced(i, at), i),
      dropped: (at) => change(replaced(i, at), i),
      givenUp: () => change(points, i),
      left: (at) => change(replaced(i, at), null),
    });
    marker.number = i;
    marker.on("contextmenu", () => change(without(points, i), i));
    marker.on("add", () => marker.getElement().addEventListener("keydown", (event) => {
      if (!["Delete", "Backspace"].includes(event.key)) return;
      event.stopPropagation();
      event.preventDefault();
      change(without(points, i), Math.max(0, i - 1));
    }));
    return marker;
  });
  const middles = sides(points, isRing).filter((i) => near.includes(i)).map((i) => middle(points, i, { moving, change }));
  return L.layerGroup([...middles, ...corners]);
}

/** A new corner in the middle of a side: dragged out, or pressed. */
function middle(points, i, { moving, change }) {
  const [a, b] = [points[i], points[(i + 1) % points.length]];
  const at = lattice([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  const inserted = (to) => [...points.slice(0, i + 1), to, ...points.slice(i + 1)];
  const icon = L.divIcon({ className: "grip-at", iconSize: [26, 26], html: el("span.middle") });
  const marker = L.marker(latLng(at), { icon, draggable: true, keyboard: false, pane: "edit" });
  let held = at;
  marker.on("drag", () => { held = moving(inserted(lattice(place(marker.getLatLng()))), i + 1); });
  marker.on("dragend", () => change(inserted(held), i + 1));
  marker.on("click", () => change(inserted(at), i + 1));
  return marker;
}

function sides(points, isRing) {
  return points.map((_, i) => i).slice(0, isRing ? points.length : -1);
}

function without(points, i) {
  return points.filter((_, k) => k !== i);
}
