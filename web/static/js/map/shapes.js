/** Shapes and signs of stations round the origin, in a square of 24. */

/** @type {Record<string, (c: CanvasRenderingContext2D, more: number) => void>} outlines, wider by `more` */
export const paths = {
  centre: (c, more) => square(c, 13 + more, 5.5),
  community: (c, more) => square(c, 11.5 + more, 5),
  post: (c, more) => circle(c, 10.5 + more),
  shared: (c, more) => diamond(c, 13.5 + more * 1.3),
};

function square(c, half, radius) {
  c.beginPath();
  c.roundRect(-half, -half, 2 * half, 2 * half, radius);
}

function circle(c, radius) {
  c.beginPath();
  c.arc(0, 0, radius, 0, 7);
}

function diamond(c, half) {
  c.beginPath();
  c.moveTo(0, -half);
  c.lineTo(half, 0);
  c.lineTo(0, half);
  c.lineTo(-half, 0);
  c.closePath();
}

/** @type {Record<string, (c: CanvasRenderingContext2D) => void>} signs in the stroke and fill that are set */
export const house = {
  centre(c) {
    c.lineWidth = 1.1;
    square(c, 10.6, 3.8);
    c.stroke();
    home(c, 0.92);
    c.fillRect(-1.3, 1.6, 2.6, 3.6);
  },
  community: (c) => home(c, 1.12),
  post(c) {
    circle(c, 3.6);
    c.fill();
  },
  shared(c) {
    c.lineWidth = 2;
    c.beginPath();
    c.moveTo(-4.2, 0);
    c.lineTo(4.2, 0);
    c.moveTo(0, -4.2);
    c.lineTo(0, 4.2);
    c.stroke();
  },
};

/** A roof and walls in one line. */
function home(c, scale) {
  const at = (x, y) => [x * scale, y * scale];
  c.lineWidth = 1.7;
  c.lineJoin = "round";
  c.beginPath();
  c.moveTo(...at(-5.2, -0.6));
  c.lineTo(...at(0, -5.4));
  c.lineTo(...at(5.2, -0.6));
  c.lineTo(...at(5.2, 5.2));
  c.lineTo(...at(-5.2, 5.2));
  c.closePath();
  c.stroke();
}
