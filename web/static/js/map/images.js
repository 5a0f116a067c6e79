/** Signs drawn on canvas in the colours of the page: stations, the shut gate, the hatch. */

import { house, paths } from "./shapes.js";

const SIZE = 32; // of a station's image; its seal is 24

/** Colours of the page by token. @param {Element} element */
export function palette(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

/** @param {number} width @param {number} ratio @param {(c: CanvasRenderingContext2D) => void} draw */
export function picture(width, ratio, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(width * ratio);
  const c = canvas.getContext("2d", { willReadFrequently: true });
  c.scale(ratio, ratio);
  draw(c);
  return canvas;
}

/** 1.6 of 4 px at 45°, drawn as one tile that repeats. */
export function hatch(colour, ratio) {
  const side = 8;
  return picture(side, ratio, (c) => {
    c.fillStyle = colour("hatch-ground");
    c.fillRect(0, 0, side, side);
    c.strokeStyle = colour("hatch");
    c.lineWidth = 1.5;
    for (let x = -side; x <= side * 2; x += 4) {
      c.beginPath();
      c.moveTo(x, side + 2);
      c.lineTo(x + side + 4, -2);
      c.stroke();
    }
  });
}

export function shutGate(colour, ratio) {
  return picture(14, ratio, (c) => {
    c.fillStyle = colour("paper");
    c.fillRect(1, 1, 12, 12);
    c.fillStyle = colour("ink");
    c.fillRect(2.5, 2.5, 9, 9);
  });
}

/**
 * A station's sign: the shape says the kind, the filling the state.
 * @param {'centre'|'community'|'post'|'shared'} kind @param {'open'|'closed'|'planned'|'full'} state
 */
export function station(kind, state, colour, ratio) {
  const filled = state === "open" || state === "full";
  const [red, white] = filled ? [colour("station-fill"), "#FFFFFF"] : [colour("station"), colour("paper")];
  return picture(SIZE, ratio, (c) => {
    c.translate(SIZE / 2, SIZE / 2);
    c.save();
    c.shadowColor = "rgb(28 35 38 / .28)";
    c.shadowBlur = 2.5 * ratio;
    c.shadowOffsetY = 0.8 * ratio;
    c.fillStyle = white;
    paths[kind](c, 1.2);
    c.fill();
    c.restore();
    c.fillStyle = filled ? red : white;
    paths[kind](c, 0);
    c.fill();
    c.strokeStyle = red;
    c.lineWidth = 1.8;
    if (state === "planned") c.setLineDash([3, 2.4]);
    if (!filled) {
      paths[kind](c, -0.9);
      c.stroke();
    }
    c.setLineDash([]);
    c.strokeStyle = c.fillStyle = filled ? white : red;
    house[kind](c);
    if (state === "full") bar(c, colour("gap"));
  });
}

function bar(c, colour) {
  c.fillStyle = colour;
  c.fillRect(-10, 13, 20, 3);
}

/** A station far away: a dot of its colour. */
export function dot(state, colour, ratio) {
  return picture(28, ratio, (c) => {
    c.beginPath();
    c.arc(14, 14, 10, 0, 7);
    c.fillStyle = state === "open" || state === "full" ? colour("station-fill") : "#FFFFFF";
    c.strokeStyle = state === "open" || state === "full" ? "#FFFFFF" : colour("station");
    c.lineWidth = 3.4;
    c.fill();
    c.stroke();
  });
}

/** All images of the map by name. @returns {Map<string, HTMLCanvasElement>} */
export function images(colour, ratio) {
  const all = new Map([["hatch", hatch(colour, ratio)], ["gate-shut", shutGate(colour, ratio)]]);
  for (const state of ["open", "closed", "planned", "full"]) {
    for (const kind of Object.keys(paths)) all.set(`${kind}-${state}`, station(kind, state, colour, ratio));
    all.set(`dot-${state}`, dot(state, colour, ratio));
  }
  return all;
}
