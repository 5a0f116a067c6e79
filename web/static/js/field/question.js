/** The question to the server: by POST, so that no address, history or log has the position. */

import { Problem, read, send } from "../api.js";

/** The nearest stations from a place, and who answers for it. */
export function ask(district, { point: [lon, lat], accuracy }, service = null) {
  const body = { lon, lat };
  if (accuracy) body.accuracy = accuracy;
  if (service) body.service = service;
  return send("POST", `/api/${district}/field`, body);
}

/** The answer to what was asked before the page was there. */
export async function early(reply) {
  return read(await reply.catch(() => { throw new Problem(0, "", ""); }));
}
