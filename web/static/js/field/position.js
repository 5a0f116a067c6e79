/** Where the phone is. The browser is asked, nothing is kept. */

const DECIMALS = 1e5; // a metre
const DENIED = 1;

/** Why there is no position: "insecure", "denied", "missing" or "silent". */
export class NoPosition extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** The phone's position: {kind: "phone", point: [lon, lat], accuracy [m]}; `coming` is one asked for. */
export async function locate(coming = null, from = globalThis) {
  if (!from.isSecureContext) throw new NoPosition("insecure");
  if (!from.navigator.geolocation) throw new NoPosition("missing");
  try {
    const { coords } = await (coming ?? asked(from));
    return { kind: "phone", point: rounded([coords.longitude, coords.latitude]), accuracy: Math.ceil(coords.accuracy) };
  } catch (error) {
    throw new NoPosition(error?.code === DENIED ? "denied" : "silent");
  }
}

function asked({ navigator: { geolocation }, early }) {
  return new Promise((done, failed) => { geolocation.getCurrentPosition(done, failed, early?.options); });
}

/** Degrees to a metre. */
export function rounded(point) {
  return point.map((degrees) => Math.round(degrees * DECIMALS) / DECIMALS);
}
