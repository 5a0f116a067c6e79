/** A better position, or a later one, takes the place of the first. */

import { locate } from "./position.js";
import { ask } from "./question.js";

const GOOD_M = 60;
const OLD_MS = 120_000;

/** The first position of a phone is often a poor one: wait once for one twice as good. */
export async function better(field) {
  const { place } = field;
  if (place?.kind !== "phone" || place.accuracy <= GOOD_M || field.problem) return;
  const next = await locate(null, globalThis, { maximumAge: 0 }).catch(() => null);
  if (!next || next.accuracy > place.accuracy / 2 || field.place !== place) return;
  const answer = await ask(field.district.code, next, field.service).catch(() => null);
  if (answer && field.place === place) await field.from(next, Promise.resolve(answer));
}

/** Out of the pocket again after a while: one is elsewhere by now. */
export function again(field, relocate) {
  let left = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (field.place?.kind === "phone" && Date.now() - left > OLD_MS) relocate();
  });
}
