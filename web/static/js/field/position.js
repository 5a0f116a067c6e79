/** Where the phone is. The browser is asked, nothing is kept. */

const DECIMALS = 1e5; // a metre: no more is said than the question needs
const OPTIONS = { enableHighAccuracy: true, timeout: 12_000, maximumAge: 15_000 };
const DENIED = 1;

/** Why there is no position: "insecure", "denied", "missing" or "silent". */
export class NoPosition extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** The phone's position: {kind: "phone", point: [lon, lat], accuracy [m]}. */
export function locate(from = globalThis) {
  const { geolocation } = from.navigator;
  if (!from.isSecureContext) return Promise.reject(new NoPosition("insecure"));
  if (!geolocation) return Promise.reject(new NoPosition("missing"));
  return new Promise((done, failed) => {
    geolocation.getCurrentPosition(({ coords }) => done({
      kind: "phone", point: rounded([coords.longitude, coords.latitude]), accuracy: Math.ceil(coords.accuracy),
    }), ({ code }) => failed(new NoPosition(code === DENIED ? "denied" : "silent")), OPTIONS);
  });
}

/** Degrees to a metre. */
export function rounded(point) {
  return point.map((degrees) => Math.round(degrees * DECIMALS) / DECIMALS);
}
