/** Metres around a place, and degrees again, on the lattice of 1e-9°. No browser. */

const RAD = Math.PI / 180;
const LATTICE = 1e9;

/** Metres east and north of a place; good to a millimetre in a metre over some kilometres. */
export function around([lon, lat]) {
  const phi = lat * RAD;
  const ky = 111132.954 - 559.822 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi);
  const kx = 111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi);
  return {
    to: ([x, y]) => [(x - lon) * kx, (y - lat) * ky],
    from: ([x, y]) => lattice([lon + x / kx, lat + y / ky]),
  };
}

/** A place as it is stored. */
export function lattice([lon, lat]) {
  return [Math.round(lon * LATTICE) / LATTICE, Math.round(lat * LATTICE) / LATTICE];
}

/** A place so many metres east and north of another. */
export function moved(place, east, north) {
  return around(place).from([east, north]);
}

/** Metres between two places. */
export function apart(a, b) {
  return Math.hypot(...around(a).to(b));
}

/** The length of a line in metres. */
export function length(line) {
  return line.slice(1).reduce((sum, point, i) => sum + apart(line[i], point), 0);
}

/** The area of a ring in square metres. */
export function area(ring) {
  const flat = ring.map(around(ring[0]).to);
  const twice = flat.reduce((sum, [x, y], i) => {
    const [px, py] = flat[(i + flat.length - 1) % flat.length];
    return sum + px * y - x * py;
  }, 0);
  return Math.abs(twice) / 2;
}

/** [west, south, east, north] of places. */
export function boxOf(points) {
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
