/** The first question, asked before the page is there: position and answer come meanwhile. */

import { locate } from "./position.js";
import { ask } from "./question.js";

/** Where from, and its answer; each may fail. */
export const here = locate();
export const answer = here.then((place) => ask(document.documentElement.dataset.district, place));

for (const one of [here, answer]) one.catch(() => {}); // the page tells it
