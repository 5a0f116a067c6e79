/** The four signs of a preview: one shape and one colour a state, on the map and in the panel. */

export const STATES = ["new", "changed", "unchanged", "refused"];

/** Which colour of the page each state has. */
export const COLOUR = { new: "served", changed: "ink", unchanged: "ink-3", refused: "gap" };

/**
 * The outline of a sign round (0, 0) as lists of points, `r` pixels out: a plus in a disc is something
 * new, a triangle something changed, a ring what stays, a cross what is refused.
 * @returns {{disc?: boolean, ring?: boolean, fill?: number[][], lines?: number[][][]}}
 */
export function outline(state, r) {
  const s = r * 0.5;
  if (state === "new") return { disc: true, lines: [[[-s, 0], [s, 0]], [[0, -s], [0, s]]] };
  if (state === "changed") return { fill: [[0, -r * 1.1], [r, r * 0.75], [-r, r * 0.75]] };
  if (state === "unchanged") return { ring: true };
  return { lines: [[[-r * 0.8, -r * 0.8], [r * 0.8, r * 0.8]], [[-r * 0.8, r * 0.8], [r * 0.8, -r * 0.8]]] };
}

/** Draw a sign on a canvas. @param {(name: string) => string} colour a colour of the page by name */
export function draw(ctx, state, x, y, r, colour) {
  const { disc, ring, fill, lines } = outline(state, r);
  const own = colour(COLOUR[state]);
  ctx.save();
  ctx.translate(x, y);
  ctx.lineCap = "round";
  if (disc || ring) circle(ctx, ring ? r * 0.65 : r, ring ? colour("paper") : own, ring ? own : colour("paper"));
  if (fill) polygon(ctx, fill, own, colour("paper"));
  if (lines && !disc) strokes(ctx, lines, colour("paper"), r * 0.85);
  if (lines) strokes(ctx, lines, disc ? colour("paper") : own, disc ? r * 0.26 : r * 0.4);
  ctx.restore();
}

function circle(ctx, r, fill, line) {
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, 2 * Math.PI);
  Object.assign(ctx, { fillStyle: fill, strokeStyle: line, lineWidth: 1.5 });
  ctx.fill();
  ctx.stroke();
}

function polygon(ctx, points, fill, line) {
  ctx.beginPath();
  points.forEach(([x, y], i) => ctx[i ? "lineTo" : "moveTo"](x, y));
  ctx.closePath();
  Object.assign(ctx, { fillStyle: fill, strokeStyle: line, lineWidth: 1.5, lineJoin: "round" });
  ctx.stroke();
  ctx.fill();
}

function strokes(ctx, lines, colour, width) {
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width });
  for (const [[x0, y0], [x1, y1]] of lines) {
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }
}
