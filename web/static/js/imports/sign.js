/** A sign as an element of the page, drawn as on the map. */

import { el } from "../dom.js";
import { draw } from "./signs.js";

const SIZE = 18;

/** A small picture of a state; it says nothing to a screen reader: the word stands beside it. */
export function sign(state) {
  const dense = Math.max(2, devicePixelRatio || 1);
  const canvas = el("canvas.sign", { width: SIZE * dense, height: SIZE * dense, "aria-hidden": true, style: { width: `${SIZE}px`, height: `${SIZE}px` } });
  const paint = () => {
    const ctx = canvas.getContext("2d");
    ctx.setTransform(dense, 0, 0, dense, 0, 0);
    ctx.clearRect(0, 0, SIZE, SIZE);
    draw(ctx, state, SIZE / 2, SIZE / 2, 7, colour);
  };
  paint();
  const again = () => (canvas.isConnected ? paint() : removeEventListener("theme", again));
  addEventListener("theme", again);
  return canvas;
}

/** A colour of the page by the name of its token. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
