/** The way to the page of imports, where something is missing and the person may bring it in. */

import { el } from "./dom.js";
import { t } from "./words.js";

const BRINGERS = ["planner", "admin"];

/** A cure for an empty list: bring in what it lacks; null for who may not. */
export function bring(model, kind) {
  if (!model.page?.held?.some((role) => BRINGERS.includes(role))) return null;
  return { label: t(`imports.bring_${kind}`), run: () => location.assign(`/${model.district.code}/imports?kind=${kind}`) };
}

/** The same as a link behind a sentence. */
export function bringLink(model, kind) {
  const cure = bring(model, kind);
  return cure && el("a.link", { href: `/${model.district.code}/imports?kind=${kind}` }, cure.label);
}
