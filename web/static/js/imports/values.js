/** The values of a row as people read them. No browser. */

import { count } from "../format.js";

/** Words of a field: {label, before, after} of name, before, after. */
export function change(kind, [name, before, after], t) {
  const label = t(`field.${name}`);
  if (name === "geometry") return { label: t("imports.shape"), before: "", after: moved(after, t) };
  return { label, before: value(kind, name, before, t), after: value(kind, name, after, t) };
}

/** A value in words: a choice by its word, yes and no, nothing as a dash. */
export function value(kind, name, it, t) {
  if (it === null || it === undefined || it === "") return "–";
  if (Array.isArray(it)) return it.map((one) => value(kind, name, one, t)).join("、") || "–";
  if (typeof it === "boolean") return t(it ? "imports.yes" : "imports.no");
  if (name === "doors") return t("imports.doors", { n: it });
  const word = kind.fields.find((field) => field.name === name)?.options.find(([known]) => known === it)?.[1];
  return word ?? (typeof it === "number" ? count(it) : String(it));
}

function moved(metres, t) {
  return metres >= 0.1 ? t("imports.moved", { m: metres < 10 ? metres.toFixed(1) : count(Math.round(metres)) }) : t("imports.redrawn");
}

/** A problem in the words of this page, where the server's speak of the command line. */
export function said(problem, t, has) {
  const key = `imports.error.${problem.key}`;
  if (!has(key)) return problem.detail;
  const values = { ...problem.values };
  if (values.names) values.names = values.names.split("、").map((name) => t(`field.${name}`)).join(t("imports.joint"));
  for (const name of ["likely", "datum", "said"]) if (values[name]) values[name] = has(`imports.datum_${values[name]}`) ? t(`imports.datum_${values[name]}`) : values[name];
  return t(key, values);
}

/** A size in megabytes, with one decimal where it is small. */
export function megabytes(bytes) {
  const mb = bytes / 1024 / 1024;
  return mb < 10 ? mb.toFixed(1) : count(Math.round(mb));
}
